"""Versions of a rule set as people write them: numbers with dots between, 0.2.0."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"[0-9]+(\.[0-9]+)*")


def order_of(version: str) -> tuple[int, ...] | None:
    """What versions are compared by, 1.2 and 1.2.0 alike; None where it is no row of numbers."""
    if len(version) > 60 or not _NUMBERS.fullmatch(version):
        return None
    numbers = [int(n) for n in version.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def is_same(version: str, other: str) -> bool:
    """Whether two versions are one: 1.2 is 1.2.0."""
    return version == other or (order_of(version) is not None and order_of(version) == order_of(other))


def is_later(version: str, than: str) -> bool:
    """Whether the first version came after the second; not, where one cannot be told.

    >>> is_later("0.10.0", "0.9"), is_later("1.0", "1"), is_later("next", "1")
    (True, False, False)
    """
    first, second = order_of(version), order_of(than)
    return first is not None and second is not None and first > second
