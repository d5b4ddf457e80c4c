"""Drafts -> costs: what an option is paid for, and what its load is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wa_advisor.errors import did_you_mean
from wa_advisor.model import Cost, CostLine, Fact, Load
from wa_advisor.ruleset.drafts import Book, Entry, check_entry


def check_costing(book: Book, facts: Mapping[str, Fact]) -> None:
    """Every fault of costs and loads that needs no types; of each option one cost at most is the one that is compared."""
    for kind in ("costs", "cost_lines", "loads"):
        for entry in book.kind(kind).values():
            check_entry(entry)
    compared: dict[tuple[str, str], Entry] = {}
    for entry in book.kind("costs").values():
        options = _check_options(book, entry)
        _check_price(entry, facts)
        beside = entry.text("beside")
        if not beside:
            for option in options:
                first = compared.setdefault((entry.text("decision"), option), entry)
                if first is not entry:
                    entry.problem(
                        f'"{option}" is priced by "{first.id}" already: write `beside: {first.id}`, or remove one', "options"
                    )
        elif beside not in book.kind("costs"):
            entry.problem(f'unknown cost "{beside[:40]}"{did_you_mean(beside, book.kind("costs"))}', "beside")
    for entry in book.kind("loads").values():
        _check_load(book, entry)


def _check_options(book: Book, entry: Entry) -> tuple[str, ...]:
    decisions = {e.id: e for e in book.kind("decisions").values() if "options" in e.fields}
    found = decisions.get(entry.text("decision"))
    if found is None:
        if entry.text("decision"):
            hint = did_you_mean(entry.text("decision"), decisions, what="decisions")
            entry.problem(f'unknown decision "{entry.text("decision")[:40]}"{hint}', "decision")
        return ()
    known = [key for key, _ in found.fields["options"].pairs] if found.fields["options"].kind == "mapping" else []
    names = [key.text for key in known]
    for node in entry.fields["options"].items if "options" in entry.fields else ():
        if node.text not in names:
            entry.source.add(
                node, f'"{node.text[:40]}" is no option of {found.id}{did_you_mean(node.text, names, what="options")}'
            )
    return entry.words("options")


def _check_price(entry: Entry, facts: Mapping[str, Fact]) -> None:
    """It has lines, or is free, or names the values that were not found; without lines it says why."""
    unpriced = entry.words("unpriced")
    if bool(unpriced) + ("lines" in entry.fields) + entry.flag("free") != 1:
        entry.problem(f'"{entry.id}" has one of `lines`, `free` and `unpriced`: write one of them')
    if "lines" not in entry.fields and not entry.text("because"):
        entry.problem(f'"{entry.id}" has no `because`: say why it cannot be priced, or costs nothing')
    for node in entry.fields["unpriced"].items if unpriced else ():
        fact = facts.get(node.text)
        if fact is None:
            entry.source.add(node, f'unknown fact "{node.text[:60]}"{did_you_mean(node.text, facts, what="facts")}')
        elif fact.known:
            entry.source.add(node, f"{node.text} is known ({fact.text}): work it into `lines`")


def _check_load(book: Book, entry: Entry) -> None:
    decision = book.kind("decisions").get(entry.id)
    if decision is None:
        entry.problem(f'unknown decision "{entry.id[:40]}"{did_you_mean(entry.id, book.kind("decisions"), what="decisions")}')
        return
    questions = {
        e.id for e in book.kind("questions").values() if e.text("type") == "rate" and e.text("scope") == decision.text("scope")
    }
    for name in (entry.text("average"), *entry.words("scales")):
        if name and name not in questions:
            key = "average" if name == entry.text("average") else "scales"
            what = f"rates of a {decision.text('scope')}"
            entry.problem(f'"{name[:40]}" is no rate to be asked there{did_you_mean(name, questions, what=what)}', key)


def build_costs(book: Book) -> dict[str, Cost]:
    lines: dict[str, list[CostLine]] = {}
    for line in book.kind("cost_lines").values():
        lines.setdefault(line.owner[0], []).append(_line(line))
    return {
        e.id: Cost(
            id=e.id, decision=e.text("decision"), options=e.words("options"), name=e.text("name"), beside=e.text("beside"),
            lines=tuple(lines.get(e.id, ())), assumes=e.words("assumes"), leaves_out=e.words("leaves_out"),
            unpriced=e.words("unpriced"), free=e.flag("free"), because=e.text("because"), span=e.span,
        )
        for e in book.kind("costs").values()
    }  # fmt: skip


def _line(entry: Entry) -> CostLine:
    return CostLine(
        name=entry.text("name"), value=entry.trees["value"], text=entry.text("value"), when=entry.trees.get("when"),
        when_text=entry.text("when"), shared=entry.flag("shared"), span=entry.span,
    )  # fmt: skip


def build_loads(book: Book) -> dict[str, Load]:
    return {e.id: Load(decision=e.id, average=e.text("average"), scales=e.words("scales")) for e in book.kind("loads").values()}


def build_cost_notes(book: Book) -> tuple[str, ...]:
    return tuple(_notes(book))


def _notes(book: Book) -> Iterator[str]:
    for node, source in book.notes:
        if node.kind != "scalar" or not node.text.strip():
            source.add(node, "a note is one sentence: write it as text")
        yield " ".join(node.text.split())
