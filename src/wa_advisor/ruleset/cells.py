"""The finite cells that rules can tell apart in one name; a set of cells is a bit mask.

A quantity with the thresholds t1 < t2 has the cells (..t1), [t1], (t1, t2), [t2], (t2..). Two answers in one
cell are the same to every rule, which is what makes verdicts over unknown answers exact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from fractions import Fraction
from functools import lru_cache

from msgspec.structs import replace

from wa_advisor.model import Domain
from wa_advisor.quantity import Interval, Number


def choice_domain(choices: tuple[str, ...]) -> Domain:
    return Domain(kind="choice", choices=choices, size=len(choices), full=(1 << len(choices)) - 1)


def quantity_domain(cuts: tuple[Number, ...], low: Number, high: Number | None, whole: bool) -> Domain:
    """The cells that sorted thresholds make; `full` are those within the bounds."""
    domain = Domain(kind="quantity", cuts=cuts, low=low, high=high, whole=whole, size=2 * len(cuts) + 1)
    return replace(domain, full=interval_mask(domain, low, high))


def cell_range(domain: Domain, cell: int) -> tuple[Number | None, Number | None, bool]:
    """(low, high, whether the ends are open) of one cell."""
    if cell % 2:
        cut = domain.cuts[cell // 2]
        return cut, cut, False
    index = cell // 2
    low = domain.cuts[index - 1] if index else None
    high = domain.cuts[index] if index < len(domain.cuts) else None
    return low, high, True


def interval_mask(domain: Domain, low: Number | None, high: Number | None) -> int:
    """The cells of a quantity that the closed range [low, high] touches; None is an open end."""
    return touched(domain, Interval(low, high))


def touched(domain: Domain, interval: Interval) -> int:
    """The cells of a quantity that an interval touches; cells without a whole number hold no count."""
    cuts, low, high = domain.cuts, interval.low, interval.high
    first, last = 0, domain.size - 1
    if low is not None:
        first = 2 * bisect_left(cuts, low)
        if first < last and cuts[first // 2] == low:
            first += 2 if interval.low_open else 1
    if high is not None:
        place = bisect_left(cuts, high)
        last = 2 * place + (place < len(cuts) and cuts[place] == high and not interval.high_open)
    mask = (1 << (last + 1)) - (1 << first) if last >= first else 0
    return mask & ~_empty_cells(cuts) if domain.whole else mask


@lru_cache(maxsize=4096)
def _empty_cells(cuts: tuple[Number, ...]) -> int:
    """The cells between or at cuts that hold no whole number."""
    domain = Domain(kind="quantity", cuts=cuts, size=2 * len(cuts) + 1)
    return sum(1 << cell for cell in range(domain.size) if _no_whole(*cell_range(domain, cell)))


def _no_whole(low: Number | None, high: Number | None, open_ends: bool) -> bool:
    """Whether no whole number lies in a cell."""
    if not open_ends:
        return low is not None and Fraction(low).denominator != 1
    return low is not None and high is not None and Fraction(low).__floor__() + 1 >= high


def comparison_mask(domain: Domain, op: str, values: Collection[str | Number]) -> int:
    """The cells in which a comparison is true."""
    if domain.kind == "choice":
        return sum(1 << i for i, c in enumerate(domain.choices) if c in values)
    if op == "in":
        return sum(1 << (2 * i + 1) for i, cut in enumerate(domain.cuts) if cut in values)
    (value,) = values
    assert not isinstance(value, str)
    index = domain.cuts.index(value)
    at = 1 << (2 * index + 1)
    below = at - 1
    above = (1 << domain.size) - 1 - below - at
    return {">": above, ">=": above | at, "<": below, "<=": below | at}[op]
