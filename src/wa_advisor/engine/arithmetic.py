"""Interval arithmetic of derived values: what a sum, product or quotient may be, exact to whether an end belongs to it.

An end of None has no bound. A quotient by nothing has no value at all: "for each of none" does not apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from wa_advisor.quantity import Interval, Number, tidy

EVERYTHING = Interval(None, None)
_ZERO = Interval(0, 0)
_End = tuple[float | Number, bool]  # a value, infinite where there is no bound, and whether it is open
_INFINITE = float("inf")


def arithmetic(op: str, left: Interval, right: Interval) -> Interval | None:
    """What `left op right` may be; None where it is a quotient by exactly nothing."""
    if op == "+":
        return _joined(left, right)
    if op == "-":
        return greatest([_joined(left, _negated(right)), _ZERO])  # what is left is at least none
    if op == "ceil":
        return whole_steps(left, right)
    if op == "*":
        return _product(left, right)
    if right.low == 0 == right.high:
        return None
    return _product(left, _inverted(right))


def whole_steps(value: Interval, step: Interval) -> Interval:
    """How many whole steps cover a value; a step of no size covers nothing, so that there is no bound."""
    low = 0 if value.low is None or not step.high else _steps(value.low, step.high, value.low_open or step.high_open)
    high = None if value.high is None or not step.low else _steps(value.high, step.low, False)
    return Interval(low, high)


def _steps(value: Number, step: Number, beyond: bool) -> int:
    """The steps that cover a value, or the first more than it."""
    steps = Fraction(value) / step
    return steps.__floor__() + 1 if beyond else steps.__ceil__()


def may_divide_by_nothing(op: str, right: Interval) -> bool:
    """Whether a quotient's divisor may be zero."""
    return op == "/" and contains(right, 0)


def contains(interval: Interval, value: Number) -> bool:
    above = interval.low is None or interval.low < value or (interval.low == value and not interval.low_open)
    below = interval.high is None or interval.high > value or (interval.high == value and not interval.high_open)
    return above and below


def meet(one: Interval, other: Interval) -> Interval:
    """What both allow; they are known to share a value."""
    low, low_open = max(_low(one), _low(other), key=lambda e: (e[0], e[1]))
    high, high_open = min(_high(one), _high(other), key=lambda e: (e[0], not e[1]))
    return _interval((low, low_open), (high, high_open))


def least(parts: Sequence[Interval]) -> Interval:
    """What the smallest of several values may be."""
    return _interval(_lowest(_low(p) for p in parts), min((_high(p) for p in parts), key=lambda e: (e[0], not e[1])))


def greatest(parts: Sequence[Interval]) -> Interval:
    """What the largest of several values may be."""
    return _interval(max((_low(p) for p in parts), key=lambda e: (e[0], e[1])), _highest(_high(p) for p in parts))


def total_of(sure: Iterable[Interval], perhaps: Iterable[Interval]) -> Interval:
    """The sum of what counts for sure and of what may count; of nothing it is zero."""
    found = _ZERO
    for part in (*sure, *(_hull([_ZERO, p]) for p in perhaps)):
        found = _joined(found, part)
    return found


def greatest_of(sure: Sequence[Interval], perhaps: Sequence[Interval]) -> Interval:
    """The largest of what counts for sure and of what may count; of nothing it is zero."""
    if not sure:
        return _hull([_ZERO, *perhaps])
    return greatest([*sure, *(Interval(None, p.high, False, p.high_open) for p in perhaps)])


def _hull(parts: Sequence[Interval]) -> Interval:
    return _interval(_lowest(_low(p) for p in parts), _highest(_high(p) for p in parts))


def whole_numbers(interval: Interval) -> Interval:
    """The interval from its first whole number to its last."""
    low, high = interval.low, interval.high
    if low is not None:
        floor = Fraction(low).__floor__()
        low = floor if floor == low and not interval.low_open else floor + 1
    if high is not None:
        ceiling = Fraction(high).__ceil__()
        high = ceiling if ceiling == high and not interval.high_open else ceiling - 1
    return Interval(low, high)


# -- ends --------------------------------------------------------------------------------------------


def _low(interval: Interval) -> _End:
    return (-_INFINITE, True) if interval.low is None else (interval.low, interval.low_open)


def _high(interval: Interval) -> _End:
    return (_INFINITE, True) if interval.high is None else (interval.high, interval.high_open)


def _lowest(ends: Iterable[_End]) -> _End:
    return min(ends, key=lambda e: (e[0], e[1]))


def _highest(ends: Iterable[_End]) -> _End:
    return max(ends, key=lambda e: (e[0], not e[1]))


def _interval(low: _End, high: _End) -> Interval:
    return Interval(
        None if isinstance(low[0], float) else tidy(low[0]),  # only the infinite ends are floats
        None if isinstance(high[0], float) else tidy(high[0]),
        low[0] != -_INFINITE and low[1], high[0] != _INFINITE and high[1],
    )  # fmt: skip


def _joined(left: Interval, right: Interval) -> Interval:
    low = None if left.low is None or right.low is None else tidy(left.low + right.low)
    high = None if left.high is None or right.high is None else tidy(left.high + right.high)
    return Interval(
        low, high, low is not None and (left.low_open or right.low_open), high is not None and (left.high_open or right.high_open)
    )


def _negated(interval: Interval) -> Interval:
    low = None if interval.high is None else -interval.high
    high = None if interval.low is None else -interval.low
    return Interval(low, high, interval.high_open, interval.low_open)


def _inverted(interval: Interval) -> Interval:
    """1 / interval, its zero left out."""
    low, high = _low(interval), _high(interval)
    if low[0] < 0 < high[0]:
        return EVERYTHING
    return _interval(_inverted_end(high, -_INFINITE), _inverted_end(low, _INFINITE))


def _inverted_end(end: _End, at_zero: float) -> _End:
    if end[0] == 0:
        return at_zero, True
    if end[0] in (_INFINITE, -_INFINITE):
        return 0, True
    return Fraction(1) / Fraction(end[0]), end[1]


def _product(left: Interval, right: Interval) -> Interval:
    if left.low is not None and left.low == left.high and right.low is not None and right.low == right.high:
        value = tidy(left.low * right.low)  # two plain numbers, which is the usual case
        return Interval(value, value)
    ends = [_times(a, b) for a in (_low(left), _high(left)) for b in (_low(right), _high(right))]
    return _interval(_lowest(ends), _highest(ends))


def _times(one: _End, other: _End) -> _End:
    """A corner of a product; a zero that belongs to its side makes zero of all that the other side may be."""
    for zero, beside in ((one, other), (other, one)):
        if zero[0] == 0 and (not zero[1] or beside[0] in (_INFINITE, -_INFINITE)):
            return 0, zero[1] and not (beside[0] == 0 and not beside[1])
    sides = [e[0] for e in (one, other)]
    if any(s in (_INFINITE, -_INFINITE) for s in sides):
        return (_INFINITE if (sides[0] > 0) == (sides[1] > 0) else -_INFINITE), True
    return Fraction(one[0]) * Fraction(other[0]), one[1] or other[1]
