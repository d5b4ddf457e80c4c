"""Drafts -> decisions with their constraints, arguments and rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wa_advisor.errors import did_you_mean
from wa_advisor.model import Decision, Fact, Rule
from wa_advisor.ruleset.drafts import Book, Entry, check_entry, check_id, check_mapping
from wa_advisor.ruleset.shape import SHAPES
from wa_advisor.ruleset.source import Node
from wa_advisor.ruleset.trees import comparisons, facts_in, names_in


def check_decisions(book: Book) -> None:
    """Every fault of a decision or a rule that needs no types; extensions are joined to what they extend."""
    rules = rules_by_decision(book)
    for entry in book.kind("decisions").values():
        check_entry(entry, closed=False)
        _join_extensions(entry, book.extensions.get(entry.id, ()))
        outcomes, options = entry.fields.get("outcomes"), entry.fields.get("options")
        if (outcomes is None) == (options is None):
            entry.problem("a decision has `options`, or, if it is a table, `outcomes`: write one of them")
        elif options is not None:
            _check_options(book, entry, options)
        elif outcomes is not None:
            _check_table(entry, outcomes)
        for rule in rules.get(entry.id, ()):
            _check_rule(entry, rule)


def rules_by_decision(book: Book) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in book.kind("rules").values():
        found.setdefault(entry.owner[0], []).append(entry)
    return found


def option_names(entry: Entry) -> list[str]:
    """The options of a choice, or the outcomes of a table."""
    for key in ("outcomes", "options"):
        node = entry.fields.get(key)
        if node is not None and node.kind == "mapping":
            return list(dict.fromkeys(node.keys()))
    return []


def _join_extensions(entry: Entry, extensions: Iterable[Entry]) -> None:
    """An extension may bring options if it also says where they stand in the preference."""
    for extension in extensions:
        more = extension.fields.get("options")
        known = option_names(entry)
        new = [(k, v) for k, v in more.pairs if k.text not in known] if more is not None else []
        preference = extension.fields.get("preference")
        options = entry.fields.get("options")
        if new and preference is None:
            where = new[0][0]
            hint = did_you_mean(where.text, known, what="options here")
            extension.source.add(
                where, f'"{where.text[:60]}" is no option of {entry.id}{hint}; a new one needs `preference:` with all'
            )
        elif options is not None:
            joined = Node(options.kind, options.line, options.column, options.end, pairs=[*options.pairs, *new])
            entry.fields["options"] = joined
            if preference is not None:
                entry.fields["preference"] = preference
        allowed = ("decision", "options", "constraints", "arguments", "rows", "preference")
        for key in extension.fields:
            if key in SHAPES["decisions"] and key not in allowed:
                extension.problem(f"an extension has no `{key}`: override the decision whole to change it", key)


def _check_options(book: Book, entry: Entry, node: Node) -> None:
    services = book.kind("services")
    for key, _ in node.pairs:
        if key.text not in services:
            hint = book.gone(key.text) or did_you_mean(key.text, services)
            entry.source.add(key, f'unknown service "{key.text[:60]}"{hint}')
    for key_text in ("rows", "else"):
        if key_text in entry.fields:
            entry.problem(f"a choice has no `{key_text}`: that is for tables", key_text)
    names, given = option_names(entry), entry.words("preference")
    where = "preference" if "preference" in entry.fields else "options"
    for name in given:
        if name not in names:
            hint = did_you_mean(name, names, what="options here")
            entry.problem(f'preference names "{name[:60]}", which is no option here{hint}', where)
    missing = [n for n in names if n not in given]
    if missing:
        entry.problem(f"preference lists every option once, the best first; missing: {', '.join(missing)}", where)
    twice = sorted({n for n in given if given.count(n) > 1})
    if twice:
        entry.problem(f"preference names {', '.join(twice)} twice: keep one", where)


def _check_table(entry: Entry, node: Node) -> None:
    for key, _ in node.pairs:
        check_id(key, key.text, "outcomes", entry.source)
    for key_text in ("preference", "options", "constraints", "arguments"):
        if key_text in entry.fields:
            entry.problem(f"a table has no `{key_text}`: that is for choices", key_text)
    other = entry.fields.get("else")
    if other is None or other.kind != "mapping":
        entry.problem("a table ends in `else: {then: OUTCOME, because: ..}`: write it", "else")
        return
    check_mapping(other, other, "else", SHAPES["else"], entry.source)
    then = other.get("then")
    if then is not None and then.text not in node.keys():
        entry.source.add(then, f'unknown outcome "{then.text[:60]}"{did_you_mean(then.text, node.keys(), what="outcomes")}')


def _check_rule(decision: Entry, entry: Entry) -> None:
    if not check_entry(entry):
        return
    names = option_names(decision)
    is_table = "outcomes" in decision.fields
    if is_table != (entry.kind == "rows"):
        here, there = ("table", "choice") if is_table else ("choice", "table")
        entry.problem(f'"{entry.id}" does not belong into a {here}, which {decision.id} is: move it to a {there}')
    elif entry.kind == "rows":
        then = entry.text("then")
        if then and then not in names:
            entry.problem(f'unknown outcome "{then[:60]}"{did_you_mean(then, names, what="outcomes")}', "then")
    else:
        _check_rule_options(decision, entry, names)
    if entry.kind == "arguments":
        given = [key for key in ("for", "against") if key in entry.fields]
        if len(given) != 1:
            entry.problem(f'"{entry.id}" has {"both" if given else "none"} of `for` and `against`: write one of them')


def _check_rule_options(decision: Entry, entry: Entry, names: list[str]) -> None:
    inside = entry.owner[1]
    if inside and "options" in entry.fields:
        entry.problem(f'"{entry.id}" stands inside {inside}: remove `options`, or move it out', "options")
    elif not inside and not entry.words("options"):
        entry.problem(f'"{entry.id}" names no option: add `options: [..]`')
    node = entry.fields.get("options")
    for one in node.items if node is not None and not inside else ():
        if one.text not in names:
            hint = did_you_mean(one.text, names, what="options here")
            entry.source.add(one, f'unknown option "{one.text[:60]}" of {decision.id}{hint}')


def check_fixed(book: Book, facts: Mapping[str, Fact]) -> None:
    """Only a limit that nobody can raise may rule an option out."""
    for entry in book.kind("rules").values():
        if entry.kind != "constraints" or "out" not in entry.trees:
            continue
        through = [n for n in names_in(entry.trees["out"]) if n in book.kind("conditions")]
        trees = [entry.trees["out"], *(t for n in through if (t := book.kind("conditions")[n].trees.get("when")))]
        for ident in sorted({f for tree in trees for f in facts_in(tree)}):
            fact = facts.get(ident)
            if fact is not None and fact.adjustable is not False:
                state = "can be raised" if fact.adjustable else "is not known to be fixed"
                at = next((a for c in comparisons(entry.trees["out"]) if c[0] == "cmp" for t, a in c[3] if t == ident), 0)
                message = f"{ident} {state} (`adjustable`), so it rules nothing out: make it an argument or a risk"
                entry.source.add(entry.fields["out"], message, at=at, length=len(ident))


def build_decisions(book: Book) -> dict[str, Decision]:
    rules = rules_by_decision(book)
    return {e.id: _decision(e, rules.get(e.id, [])) for e in book.kind("decisions").values()}


def _decision(entry: Entry, rules: list[Entry]) -> Decision:
    outcomes, other = entry.fields.get("outcomes"), entry.fields.get("else")
    then = other.get("then") if other is not None else None
    because = other.get("because") if other is not None else None
    return Decision(
        id=entry.id, kind="choice" if outcomes is None else "table", name=entry.text("name"), scope=entry.text("scope"),
        options=tuple(option_names(entry)), preference=entry.words("preference"), rules=tuple(_rule(r) for r in rules),
        meanings={k.text: " ".join(v.text.split()) for k, v in outcomes.pairs} if outcomes is not None else {},
        otherwise=then.text if then is not None else "",
        otherwise_because=" ".join(because.text.split()) if because is not None else "", span=entry.span,
    )  # fmt: skip


def _rule(entry: Entry) -> Rule:
    key = "out" if entry.kind == "constraints" else "when"
    direction = next((d for d in ("for", "against") if d in entry.fields), "") if entry.kind == "arguments" else ""
    return Rule(
        id=entry.id, kind=entry.kind[:-1], when=entry.trees[key], text=entry.text(key), because=entry.text("because"),
        source=entry.text("source"), basis=entry.text("basis"),
        options=(entry.owner[1],) if entry.owner[1] else entry.words("options"), direction=direction,
        strength=entry.text(direction) if direction else "", outcome=entry.text("then"), before=entry.words("before"),
        facts=tuple(sorted(facts_in(entry.trees[key]))), span=entry.span,
    )  # fmt: skip
