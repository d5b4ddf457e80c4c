"""Interval arithmetic of derived values; a None end has no bound."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

from wa_advisor.quantity import Interval, Number, parse_quantity, tidy


def literal_interval(text: str) -> Interval:
    for dimension in ("count", "share", "duration", "size", "rate", "data-rate"):
        try:
            value = parse_quantity(text, dimension).magnitude
        except ValueError:
            continue
        return Interval(value, value)
    raise AssertionError(text)


def pick_end(pick: Any, values: list[Number | None]) -> Number | None:
    return None if None in values else pick(values)


def arithmetic(op: str, left: Interval, right: Interval) -> Interval:
    """Interval arithmetic; quantities are not negative, and what is left of a subtraction is at least none."""
    if op == "+":
        low = None if left.low is None or right.low is None else left.low + right.low
        high = None if left.high is None or right.high is None else left.high + right.high
        return Interval(low, high)
    if op == "-":
        low = 0 if left.low is None or right.high is None else max(left.low - right.high, 0)
        high = None if left.high is None else max(left.high - (right.low or 0), 0)
        return Interval(low, high)
    if op == "/":
        low_right = None if right.high is None else (Fraction(1) / right.high if right.high else None)
        high_right = None if not right.low else Fraction(1) / right.low
        right = Interval(low_right if low_right is not None else 0, high_right)
    ends = [(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    if any(a is None or b is None for a, b in ends):
        low = 0 if left.low is None or right.low is None else left.low * right.low
        return Interval(low, None)
    products = [tidy(Fraction(a) * Fraction(b)) for a, b in ends if a is not None and b is not None]
    return Interval(min(products), max(products))


def whole_steps(value: Interval, step: Interval) -> Interval:
    """How many whole steps cover a value; a step of no size covers nothing, so that there is no bound."""
    low = 0 if value.low is None or not step.high else ceil(Fraction(value.low) / step.high)
    return Interval(low, None if value.high is None or not step.low else ceil(Fraction(value.high) / step.low))
