"""Amounts as people type them: what is read, what is told, and that nothing is read in two ways."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import small

from wa_advisor.amounts import Amount, parse_amount
from wa_advisor.answers import parse_answers
from wa_advisor.answers_file.edit import set_value
from wa_advisor.errors import AnswersError
from wa_advisor.numerals import QuantityError
from wa_advisor.quantity import UNITS, Interval, format_magnitude, parse_quantity

DAY = Fraction(1, 86_400)
MONTH = Fraction(1, 730 * 3_600)

RANGES = {
    "20-50/s": (20, 50), "20–50/s": (20, 50), "20 — 50/s": (20, 50), "20..50/s": (20, 50), "20…50/s": (20, 50),
    "20 to 50/s": (20, 50), "20/s to 50/s": (20, 50), "between 20 and 50/s": (20, 50), "from 20 to 50/s": (20, 50),
    "3-4k/s": (3_000, 4_000), "3k to 4k per second": (3_000, 4_000), "3k-4k/s": (3_000, 4_000), "500-1k/s": (500, 1_000),
    "5 to 6 million per month": (5_000_000 * MONTH, 6_000_000 * MONTH), "100 to 1 million/day": (100 * DAY, 1_000_000 * DAY),
    "up to 50/s": (0, 50), "<50/s": (0, 50), "< 50/s": (0, 50), "≤ 50/s": (0, 50), "at most 50/s": (0, 50), "50/s or less": (0, 50),
    "50/s max": (0, 50), "none": (0, 0), "0": (0, 0),
}  # fmt: skip
ESTIMATES = [
    f"{word} 50/s"
    for word in ("about", "approx", "approx.", "approximately", "ca.", "ca", "circa", "around", "~", "≈", "roughly")
]
RATES = {
    "50 rps": 50, "50 qps": 50, "50 tps": 50, "50 per sec": 50, "50 a second": 50, "50 requests each second": 50, "3000/min": 50,
    "5 million per month": 5_000_000 * MONTH, "5M/month": 5_000_000 * MONTH, "1.5k/s": 1_500, "10k rps": 10_000, "50/sec.": 50,
    "10,000/day": 10_000 * DAY, "10 000/day": 10_000 * DAY, "10'000/day": 10_000 * DAY, "10’000/day": 10_000 * DAY,
    "10_000/day": 10_000 * DAY, "10\u00a0000/day": 10_000 * DAY, "10\u2009000/day": 10_000 * DAY, "10\u202f000/day": 10_000 * DAY,
    "１０/s": 10, "٥٠/s": 50, "५०/s": 50, "50 daily": 50 * DAY, "3 lakh per day": 300_000 * DAY, "-3/s": -3, "\u22123/s": -3,
}  # fmt: skip
DURATIONS = {
    "1h 30min": 5_400, "1 h 30 min": 5_400, "1h30m": 5_400, "1h30": 5_400, "1 hour and 30 minutes": 5_400, "1m30s": 90,
    "2 days, 4 hours": 187_200, "15 µs": Fraction(15, 10**6), "15 μs": Fraction(15, 10**6), "90min": 5_400, "1 month": 730 * 3_600,
    "0.125 s": Fraction(1, 8),
}  # fmt: skip
SIZES = {
    "3G": 3 * 10**9,
    "3 gigs": 3 * 10**9,
    "3gb": 3 * 10**9,
    "512m": 512 * 10**6,
    "512 Mi": 512 * 2**20,
    "5k": 5_000,
    "10 GiB": 10 * 2**30,
}
EXACT = [("rate", RATES), ("duration", DURATIONS), ("size", SIZES), ("data-rate", {"5 MBps": 5 * 10**6, "8 Mbit/s": 10**6})]


@pytest.mark.parametrize("text", RANGES)
def test_a_range_is_read_however_it_is_typed(text: str) -> None:
    read = parse_amount(text, "rate")
    assert (read.low, read.high, read.about) == (*RANGES[text], False)


@pytest.mark.parametrize("text", ESTIMATES)
def test_an_estimate_is_read_however_it_is_typed(text: str) -> None:
    assert parse_amount(text, "rate") == Amount(50, 50, about=True)


@pytest.mark.parametrize(("dimension", "text", "value"), [(d, t, v) for d, found in EXACT for t, v in found.items()])
def test_a_quantity_is_read_however_it_is_typed(dimension: str, text: str, value: Fraction) -> None:
    read = parse_amount(text, dimension)
    assert (read.low, read.high) == (value, value)


TOLD = [
    ("rate", "10.000/day", 'is "10.000/day", which can be read in two ways: write "10000/day" or "10/day"'),
    ("count", "1.000", 'is "1.000", which can be read in two ways: write "1000" or "1"'),
    ("size", "1.024 GB", 'is "1.024 GB", which can be read in two ways: write "1024 GB" or "1.0240 GB"'),
    ("rate", "1.000.000/day", 'is "1.000.000/day", with points between thousands: write "1000000/day"'),
    ("rate", "1.234,5/day", 'is "1.234,5/day", with points between thousands: write "1234.5/day"'),
    ("rate", "1,5k/s", 'is "1,5k/s", with a comma for the decimal point: write "1.5k/s"'),
    ("rate", "10,00,000/day", 'is "10,00,000/day", whose commas do not stand between thousands: write "1000000/day"'),
    ("rate", "1e3/s", 'is "1e3/s", with an exponent: write "1000/s"'),
    ("rate", "1e99/s", 'is "1e99/s", with an exponent: write the number in full, in a larger or smaller unit'),
    ("rate", "9" * 30 + "/s", f'is "{"9" * 30}/s", a number of 30 digits: write it in a larger unit'),
    ("rate", "two per second", 'is "two per second", with a number in letters: write "2 per second"'),
    ("rate", "3kk per second", 'has the unknown unit "kk per second" ("3kk per second"): write for example "50/s"'),
    ("rate", "3000/m", 'is "3000/m", which can be read in two ways: write "3000/min" or "3000/month"'),
    ("rate", "5m/day", 'is "5m/day", which can be read in two ways: write "5M/day" for millions, or "0.005/day"'),
    ("rate", "50k", 'is 50k, but it needs a unit: write "50k/s" or "50k/min"'),
    ("rate", "10/s to 50", 'is "10/s to 50", and its upper end needs a unit: write "10/s to 50/s"'),
    ("rate", "1 to 2 to 3/s", 'is "1 to 2 to 3/s", which is no one range: write for example "50/s to 100/s"'),
    ("rate", "50 to 20/s", 'is "50 to 20/s", a range from high to low: write the lower end first'),
    ("rate", "50+/s", 'is "50+/s", without an upper end: write a range up to what to plan for, such as "50/s to 100/s"'),
    ("rate", "up to about 5/s", 'is "up to about 5/s", a limit of something that is not one quantity: write "50/s to 100/s"'),
    ("rate", "dunno", 'is no rate ("dunno"): if it is not known, write unknown'),
    ("rate", "I don’t know", 'is no rate ("I don’t know"): if it is not known, write unknown'),
    ("rate", "?", 'is no rate ("?"): if it is not known, write unknown'),
    ("rate", "-", 'is no rate ("-"): write unknown if it is not known; if it does not apply, say so and why'),
    ("rate", "n/a", 'is no rate ("n/a"): write unknown if it is not known; if it does not apply, say so and why'),
    ("duration", "2m", 'is "2m", which can be read in two ways: write "2 min" or "2 months"'),
    ("duration", "12:30", 'is "12:30", which can be read in two ways: write "12 h 30 min" or "12 min 30 s"'),
    ("duration", "none", 'is no duration ("none"): write "0 s" for no time; if there is no limit, say that it does not apply, and why'),
    ("size", "500-2 GB", 'is "500-2 GB", a range from high to low: write the lower end first'),
    ("data-rate", "5 Mbps", 'is "5 Mbps", which can be read in two ways: write "5 MB/s" for bytes, or "5 Mbit/s"'),
    ("data-rate", "5M/s", 'is a rate ("5M/s"), but a data rate is needed: write for example "5 MB/s"'),
    ("share", "0.3", 'is 0.3, but it needs a unit: write "0.3 %" or "30 %"'),
    ("rate", "10³/s", 'is no rate ("10³/s"): write for example "50/s"'),
    ("rate", "x" * 100, f'is "{"x" * 39}…", too long for a rate: write for example "50/s"'),
]  # fmt: skip


@pytest.mark.parametrize(("dimension", "text", "message"), TOLD)
def test_what_could_be_two_things_is_told_and_never_guessed(dimension: str, text: str, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_amount(text, dimension)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("dimension", "example", "text", "says"),
    [
        ("duration", "30 min", "200", 'write "200 min", "200 h" or "200 s"'),
        ("duration", "20 ms", "200", 'write "200 ms" or "200 s"'),
        ("size", "200 GB", "1", 'write "1 GB", "1 TB" or "1 MB"'),
        ("duration", "30 min", "fast", 'is no duration ("fast"): write for example "30 min"'),
        ("count", "2", "some", 'is no number ("some"): write for example "2"'),
    ],
)
def test_the_example_of_an_error_is_that_of_the_question(dimension: str, example: str, text: str, says: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_amount(text, dimension, example)
    assert str(caught.value).endswith(says)


@pytest.mark.parametrize(("dimension", "message"), [(d, m) for d, _, m in TOLD])
def test_what_an_error_says_to_write_can_be_read(dimension: str, message: str) -> None:
    for written in re.findall(r'"([^"]+)"', message.partition(": write ")[2]):
        assert parse_amount(written, dimension)


_PIECES = st.sampled_from(
    [*"0123456789.,-+/%~<>?'_:eE kMGhms ", "10", "000", " to ", "..", "about ", "up to ", "at least ", "ms", " s", " min", "KB", "/s", " per ",
     "day", "million", "–", "\u22125", "٥", "１", "\u00a0", "µs", "½", "²", "\u200f", " or more", "between ", " and ", "none", "Mb", "x", "1e", "n/a"]
)  # fmt: skip
_TEXTS = st.one_of(st.lists(_PIECES, max_size=9).map("".join), st.text(max_size=12))


@given(_TEXTS, st.sampled_from(sorted(UNITS)))
@settings(max_examples=600, deadline=None)
def test_no_text_fails_in_another_way(text: str, dimension: str) -> None:
    try:
        read = parse_amount(text, dimension)
    except QuantityError as error:
        assert 0 < len(str(error)) < 400
        assert "\n" not in str(error)
    else:
        assert read.high is None or read.low <= read.high


@given(st.sampled_from(sorted(UNITS)), st.integers(0, 10**15), st.integers(0, 6))
@settings(max_examples=400, deadline=None)
def test_a_formatted_quantity_reads_back(dimension: str, number: int, places: int) -> None:
    value = Fraction(number, 10**places)
    shown = format_magnitude(value, dimension)
    read = parse_quantity(shown, dimension).magnitude
    assert abs(read - value) <= abs(value) / 100
    assert parse_quantity(format_magnitude(read, dimension), dimension).magnitude == read, "a figure as shown stays what it is"


RULES = small()
FIELD = "answers: 1\nworkload: {name: w}\naccess_patterns:\n  - name: p\n"


@given(_TEXTS.filter(lambda t: t.strip() and "\n" not in t))
@settings(max_examples=150, deadline=None)
def test_a_file_reads_what_was_typed_as_the_amount_it_is(typed: str) -> None:
    """The wizard writes what was typed into the file and reads it from there: the two cannot differ."""
    typed = " ".join("".join(c for c in typed if c.isprintable()).split())
    rules = RULES
    if not typed or typed in ("unknown", "n/a"):
        return
    text = set_value(FIELD, ("access_patterns", 0, "average_rate"), typed)
    try:
        wanted = parse_amount(typed, "rate")
    except QuantityError as error:
        with pytest.raises(AnswersError) as caught:
            parse_answers(text, "a.yaml", rules)
        assert str(error) in str(caught.value)
        return
    try:
        answer = parse_answers(text, "a.yaml", rules).items("access_patterns")[0].answers["average_rate"]
    except AnswersError as error:
        assert "out of range" in str(error) or "without an upper end" in str(error)
        return
    assert answer.text == typed
    if not wanted.about:
        assert answer.value == Interval(wanted.low, wanted.high)
