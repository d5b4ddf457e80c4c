"""Drafts -> quotas, which hold a figure of the answers against a limit, and backgrounds, which tell how something works."""

from __future__ import annotations

from collections.abc import Mapping

from wa_advisor.errors import did_you_mean
from wa_advisor.model import QUANTITY_TYPES, Background, Fact, Quota
from wa_advisor.quantity import DIMENSIONS, Exponents
from wa_advisor.ruleset.drafts import Book, Entry, check_entry
from wa_advisor.ruleset.trees import facts_in, names_in


def check_quotas(book: Book, facts: Mapping[str, Fact]) -> None:
    """Every fault of quotas and backgrounds that can be seen before anything is typed."""
    for kind in ("quotas", "backgrounds"):
        for entry in book.kind(kind).values():
            check_entry(entry)
    for entry in book.kind("backgrounds").values():
        _check_names(entry, "facts", facts, "facts")
        derived = {e.id: e for e in book.kind("derived").values() if e.text("scope") == entry.text("scope")}
        _check_names(entry, "figures", derived, f"derived values of a {entry.text('scope')}")


def _check_names(entry: Entry, key: str, known: Mapping[str, object], what: str) -> None:
    for node in entry.fields[key].items if key in entry.fields else ():
        if node.text not in known:
            entry.source.add(node, f'unknown name "{node.text[:60]}"{did_you_mean(node.text, known, what=what)}')


def check_quota_units(book: Book, facts: Mapping[str, Fact]) -> None:
    """The limit is made of facts alone, and both sides are of one kind."""
    for entry in book.kind("quotas").values():
        limit, units = entry.trees.get("limit"), entry.units
        if limit is None or "limit" not in units or "value" not in units:
            continue
        if names_in(limit) or not facts_in(limit):
            entry.problem("a limit is made of facts: name one, and put what is asked or derived into `value`", "limit")
        elif units["value"] != units["limit"]:
            found = " and ".join(_kind(units[key]) for key in ("value", "limit"))
            entry.problem(f"`value` and `limit` are {found}: both sides need the same unit", "limit")


def _kind(exponents: Exponents) -> str:
    return next((f"a {name}" for name in QUANTITY_TYPES if DIMENSIONS[name] == exponents), "a quantity of no known kind")


def build_quotas(book: Book, facts: Mapping[str, Fact]) -> dict[str, Quota]:
    return {e.id: _quota(e, facts) for e in book.kind("quotas").values()}


def _quota(entry: Entry, facts: Mapping[str, Fact]) -> Quota:
    """The fact that can be raised stands for the limit; the first one, if none can."""
    named = sorted(facts_in(entry.trees["limit"]), key=entry.text("limit").index)
    return Quota(
        id=entry.id, scope=entry.text("scope"), when=entry.trees.get("when"), text=entry.text("when"), name=entry.text("name"),
        value=entry.trees["value"], value_text=entry.text("value"), limit=entry.trees["limit"], limit_text=entry.text("limit"),
        dimension=next(name for name in QUANTITY_TYPES if DIMENSIONS[name] == entry.units["value"]),
        fact=next((f for f in named if facts[f].adjustable), named[0]), because=entry.text("because"),
        improve=entry.text("improve"), source=entry.text("source"), span=entry.span,
    )  # fmt: skip


def build_backgrounds(book: Book) -> dict[str, Background]:
    return {
        e.id: Background(
            id=e.id, scope=e.text("scope"), when=e.trees["when"], text=e.text("when"), name=e.text("name"),
            told=e.text("text"), facts=e.words("facts"), figures=e.words("figures"), source=e.text("source"), span=e.span,
        )
        for e in book.kind("backgrounds").values()
    }  # fmt: skip
