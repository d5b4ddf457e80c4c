"""Quantities as people write them, exact."""

from __future__ import annotations

from fractions import Fraction

import pytest

from wa_advisor.numerals import QuantityError
from wa_advisor.quantity import format_magnitude, parse_quantity, rounded_text

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
    ("400", "duration", 'is 400, but it needs a unit: write "400 ms" or "400 s"'),
    ("12", "rate", 'is 12, but it needs a unit: write "12/s" or "12/min"'),
    ("5 KB", "rate", 'is a size ("5 KB"), but a rate is needed: write for example "50/s"'),
    ("fast", "duration", 'is no duration ("fast"): write for example "200 ms"'),
    ("-", "duration", 'is no duration ("-"): write for example "200 ms"'),
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


ROUNDED = [
    (Fraction(7, 3), "duration", "2.33 s", "2.34 s"),
    (Fraction(1, 3000), "duration", "333 us", "334 us"),
    (400_000, "size", "400 KB", "400 KB"),
    (50_000 * 2**30, "size", "50,000 GiB", "50,000 GiB"),
    (Fraction(1000, 7), "count", "142", "143"),
    (Fraction(123_456_789, 7), "count", "17,600,000", "17,700,000"),
    (Fraction(1, 7), "count", "0.142", "0.143"),
    (Fraction(10, 3), "rate", "200/min", "200/min"),
    (Fraction(1, 3) * Fraction(1, 100), "share", "0.333 %", "0.334 %"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "dimension", "down", "up"), ROUNDED)
def test_rounded_text_reads_back_to_the_value_or_beside_it(value: Fraction, dimension: str, down: str, up: str) -> None:
    texts = [rounded_text(value, dimension, up=False), rounded_text(value, dimension, up=True)]
    assert texts == [down, up]
    low, high = (parse_quantity(t, dimension).magnitude for t in texts)
    assert low <= value <= high


@pytest.mark.parametrize(
    ("text", "dimension", "shown"),
    [
        ("48.8 TiB", "size", "48.8 TiB"), ("400 KB", "size", "400 KB"), ("10.24 GB", "size", "10.24 GB"),
        ("81.6/s", "rate", "81.6/s"), ("127.5/s", "rate", "127.5/s"), ("1000/min", "rate", "1,000/min"),
        ("14 days", "duration", "14 days"), ("1 day", "duration", "1 day"), ("82.5 s", "duration", "82.5 s"),
        ("90 min", "duration", "90 min"),
    ],
)  # fmt: skip
def test_figures_keep_the_unit_they_are_meant_in(text: str, dimension: str, shown: str) -> None:
    assert format_magnitude(parse_quantity(text, dimension).magnitude, dimension) == shown
