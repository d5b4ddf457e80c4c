"""Drafts -> facts and services."""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec import Struct

from wa_advisor.errors import did_you_mean
from wa_advisor.model import Fact, Service
from wa_advisor.quantity import DIMENSIONS, Exponents, Number, tidy, unit_scale
from wa_advisor.ruleset.drafts import Book, Entry, check_entry
from wa_advisor.ruleset.prices import Divisor, DivisorError, parse_divisor
from wa_advisor.ruleset.shape import PATTERNS, STATEMENTS, UNIT_NAMES

REGION = "us-east-1"
_NONE: Exponents = (0, 0, 0)


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
    value = _value(entry)
    return Fact(
        id=entry.id, name=entry.text("name"), magnitude=value.magnitude, dimension=value.dimension, exponents=value.exponents,
        unit=entry.text("unit"), text=value.text, known=value.known, service=service, region=entry.text("region") or REGION,
        evidence=entry.text("evidence"), source=entry.text("source"), as_of=entry.text("as_of"),
        basis=basis, because=entry.text("because"), note=entry.text("note"), span=entry.span,
        adjustable={"true": True, "false": False}.get(entry.text("adjustable")),
    )  # fmt: skip


class _Value(Struct, frozen=True):
    text: str
    dimension: str
    exponents: Exponents
    magnitude: Number = 0
    known: bool = True


def _value(entry: Entry) -> _Value:
    """What the keys `value`, `unit` and `per` say; a fault among them is noted, and the value is then a zero."""
    unit, text, per = entry.text("unit"), entry.text("value"), entry.text("per")
    if per and unit != "USD":
        entry.problem("`per` belongs to a price: write `unit: USD`, or remove it", "per")
    if unit in STATEMENTS:
        return _Value(_statement(entry, unit, text), "statement", _NONE)
    known = text != "not-found"
    number = _number(entry, text) if known else 0
    if unit == "USD":
        divisor = _divisor(entry, per)
        exponents = (-divisor.exponents[0], -divisor.exponents[1], 1)
        shown = f"{_commas(text)} USD per {per}" if known else "not found"
        return _Value(shown, "price", exponents, tidy(Fraction(number) / divisor.scale), known)
    dimension, scale = unit_scale(unit) if unit in UNIT_NAMES else ("count", 1)
    gap = "" if unit.startswith("/") else " "
    several = "s" if unit in ("day", "week", "month", "year") and text != "1" else ""
    shown = _commas(text) if unit == "count" else f"{_commas(text)}{gap}{unit}{several}"
    return _Value(shown if known else "not found", dimension, DIMENSIONS[dimension], tidy(number * scale), known)


def _statement(entry: Entry, unit: str, text: str) -> str:
    if unit == "yes-no":
        if text not in ("true", "false"):
            entry.problem(
                f'`value` is "{text[:40]}", but true or false is needed for the unit yes-no: write one of them', "value"
            )
        return "yes" if text == "true" else "no"
    if unit == "date" and not re.fullmatch(PATTERNS["as_of"][0], text):
        entry.problem(f'`value` is "{text[:40]}", but a date is needed: write 2026-08-20', "value")
    return text


def _number(entry: Entry, text: str) -> Fraction:
    if text and not re.fullmatch(PATTERNS["number"][0], text):
        entry.problem(f'`value` is "{text[:60]}": {PATTERNS["number"][1]}', "value")
        return Fraction(0)
    return Fraction(text.replace(",", "") or 0)


def _divisor(entry: Entry, per: str) -> Divisor:
    if not per:
        entry.problem(f'"{entry.id}" is a price and has no `per`: write what it buys, as million requests or GB-month', "unit")
        return Divisor(1, _NONE)
    try:
        return parse_divisor(per)
    except DivisorError as error:
        entry.problem(f"`per`: {error}", "per")
        return Divisor(1, _NONE)


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
    availability = entry.text("availability")
    if availability in ("closed", "new") and not (entry.text("because") and entry.text("source")):
        word = "closed to new customers" if availability == "closed" else "too new to rely on"
        entry.problem(f'"{entry.id}" is {word}: give `because` and `source`')
    return Service(
        id=entry.id, name=entry.text("name"), family=entry.text("family"), serverless=entry.text("serverless") or "none",
        relational=entry.flag("relational"), availability=entry.text("availability") or "open", because=entry.text("because"),
        source=entry.text("source"), banned=ban.text("because") if ban else "", span=entry.span,
    )  # fmt: skip
