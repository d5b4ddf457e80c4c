"""How old facts are. A date may be known to the day, the month, the half year or the year, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from wa_advisor.model import Fact

_AGE = re.compile(r"([1-9][0-9]{0,4})\s*(d|days?|w|weeks?|months?|y|years?)?")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


class Aged(Struct, frozen=True, kw_only=True):
    """A fact that is older than an age. `surely` is False where its date is too rough to say, or not known."""

    fact: Fact
    surely: bool
    days: int | None


def days_of(as_of: str) -> tuple[date, date] | None:
    """The first and the last day that a date may mean ("2026-H2" is 1 July to 31 December); None if it is not known."""
    if not re.match(r"[0-9]{4}", as_of):
        return None
    year, _, rest = as_of.partition("-")
    number = int(year)
    if rest.startswith("H"):
        first = date(number, 1 if rest == "H1" else 7, 1)
        return first, date(number, 6, 30) if rest == "H1" else date(number, 12, 31)
    if not rest:
        return date(number, 1, 1), date(number, 12, 31)
    month, _, day = rest.partition("-")
    if day:
        return date(number, int(month), int(day)), date(number, int(month), int(day))
    following = date(number + 1, 1, 1) if month == "12" else date(number, int(month) + 1, 1)
    return date(number, int(month), 1), following - timedelta(days=1)


def parse_age(text: str) -> int | None:
    """The days in "180d", "26 weeks", "6 months" (of 30 days) or "1 year"; None if it is no age."""
    match = _AGE.fullmatch(text.strip().lower())
    return int(match[1]) * _DAYS[(match[2] or "d")[0]] if match else None


def older_than(facts: Iterable[Fact], as_of: date, days: int) -> list[Aged]:
    """The facts older than an age on a day, the oldest first; those without a date before all others.

    A fact is surely older if even its last possible day is, and perhaps older if its first possible day is.
    """
    limit = as_of - timedelta(days=days)
    found: list[Aged] = []
    for fact in facts:
        span = days_of(fact.as_of)
        if span is None:
            found.append(Aged(fact=fact, surely=False, days=None))
        elif span[0] < limit:
            found.append(Aged(fact=fact, surely=span[1] < limit, days=(as_of - span[0]).days))
    return sorted(found, key=lambda a: (a.days is not None, -(a.days or 0), a.fact.id))


def oldest(facts: Iterable[Fact]) -> Fact | None:
    """The fact whose date may be the earliest; one without a date is older than all."""
    return min(facts, key=_earliest, default=None)


def _earliest(fact: Fact) -> tuple[date, date, str]:
    span = days_of(fact.as_of) or (date.min, date.min)
    return (*span, fact.id)
