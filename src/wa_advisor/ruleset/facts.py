"""Drafts -> facts and services."""

from __future__ import annotations

from fractions import Fraction

from wa_advisor.errors import did_you_mean
from wa_advisor.model import Fact, Service
from wa_advisor.quantity import Number, tidy, unit_scale
from wa_advisor.ruleset.drafts import Book, Entry, check_entry
from wa_advisor.ruleset.shape import PATTERNS, UNIT_NAMES


def build_facts(book: Book) -> dict[str, Fact]:
    """The facts by id; a fact with a fault keeps a value, so that what names it can still be checked."""
    return {e.id: _fact(book, e) for e in book.kind("facts").values() if check_entry(e)}


def _fact(book: Book, entry: Entry) -> Fact:
    basis = entry.text("basis") or "documented"
    if basis == "judgement" and not entry.text("because"):
        entry.problem(f'"{entry.id}" is a judgement and has no `because`: say why this threshold')
    elif basis != "judgement" and not entry.text("source"):
        entry.problem(f'"{entry.id}" has no `source`: name the public page it was read on')
    service = entry.text("service")
    if service and service not in book.kind("services"):
        entry.problem(f'unknown service "{service[:40]}"{did_you_mean(service, book.kind("services"))}', "service")
    unit, value = entry.text("unit"), entry.text("value")
    dimension, magnitude = _magnitude(value, unit)
    gap = "" if unit.startswith("/") else " "
    shown = _commas(value)
    return Fact(
        id=entry.id, name=entry.text("name"), magnitude=magnitude, dimension=dimension, unit=unit,
        text=shown if unit == "count" else f"{shown}{gap}{unit}", source=entry.text("source"), as_of=entry.text("as_of"),
        basis=basis, because=entry.text("because"), note=entry.text("note"), span=entry.span,
        adjustable={"true": True, "false": False}.get(entry.text("adjustable")),
    )  # fmt: skip


def _magnitude(value: str, unit: str) -> tuple[str, Number]:
    import re

    number = Fraction(value.replace(",", "")) if re.fullmatch(PATTERNS["number"][0], value) else Fraction(0)
    if unit == "usd" or unit not in UNIT_NAMES:
        return "count", tidy(number)
    dimension, scale = unit_scale(unit)
    return dimension, tidy(number * scale)


def _commas(value: str) -> str:
    return f"{int(value):,}" if value.isdigit() else value


def build_services(book: Book) -> dict[str, Service]:
    """The services by id, banned ones with the reason."""
    known = book.kind("services")
    for ident, ban in book.bans.items():
        if ident not in known:
            ban.problem(f'no service "{ident[:60]}" to ban{did_you_mean(ident, known)}')
    return {e.id: _service(e, book.bans.get(e.id)) for e in known.values() if check_entry(e)}


def _service(entry: Entry, ban: Entry | None) -> Service:
    if entry.text("availability") == "closed" and not (entry.text("because") and entry.text("source")):
        entry.problem(f'"{entry.id}" is closed to new customers: give `because` and `source`')
    return Service(
        id=entry.id, name=entry.text("name"), family=entry.text("family"), serverless=entry.text("serverless") or "none",
        relational=entry.flag("relational"), availability=entry.text("availability") or "open", because=entry.text("because"),
        source=entry.text("source"), banned=ban.text("because") if ban else "", span=entry.span,
    )  # fmt: skip
