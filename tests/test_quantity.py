"""Quantities as people write them, exact."""

from __future__ import annotations

from fractions import Fraction

import pytest

from wa_advisor.quantity import QuantityError, format_magnitude, parse_quantity

SAME = [
    ("200 ms", "duration", Fraction(1, 5)),
    ("15 min", "duration", 900),
    ("400 KB", "size", 400_000),
    ("400 KiB", "size", 409_600),
    ("3gb", "size", 3 * 10**9),
    ("50/s", "rate", 50),
    ("1.5k/s", "rate", 1500),
    ("4,500 requests per second", "rate", 4500),
    ("80000 a day", "rate", Fraction(80_000, 86_400)),
    ("3 million", "count", 3_000_000),
    ("30 %", "share", Fraction(3, 10)),
    ("5 MB/s", "data-rate", 5_000_000),
]


@pytest.mark.parametrize(("text", "dimension", "magnitude"), SAME)
def test_parse(text: str, dimension: str, magnitude: Fraction) -> None:
    assert parse_quantity(text, dimension).magnitude == magnitude


WRONG = [
    ("400", "duration", 'is 400, but it needs a unit: write "400 ms"'),
    ("12", "rate", 'is 12, but it needs a unit: write "12/s"'),
    ("5 KB", "rate", 'is a size ("5 KB"), but a rate is needed: write for example "50/s"'),
    ("fast", "duration", 'is "fast", but a duration is needed: write for example "200 ms"'),
    ("12:30", "duration", 'has the unknown unit ":30" ("12:30"), but a duration is needed: write for example "200 ms"'),
]


@pytest.mark.parametrize(("text", "dimension", "message"), WRONG)
def test_wrong(text: str, dimension: str, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, dimension)
    assert str(caught.value) == message


@pytest.mark.parametrize(("text", "dimension", "magnitude"), SAME)
def test_formatted_text_reads_back(text: str, dimension: str, magnitude: Fraction) -> None:
    shown = format_magnitude(magnitude, dimension)
    assert abs(parse_quantity(shown, dimension).magnitude - magnitude) <= abs(magnitude) / 100
