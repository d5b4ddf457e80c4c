"""Quantities: a number and its unit, exact.

Magnitudes are integers or Fractions in the base unit of their dimension (byte, second, per second,
byte per second, one), so that a comparison never depends on rounding. KB is 1,000 bytes and KiB is
1,024: where AWS prints "KB" and may mean KiB, the smaller reading is kept, which never promises room
that is not there.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import NoReturn

from msgspec import Struct

from wa_advisor.errors import cut
from wa_advisor.numerals import MAX_LENGTH, Numeral, QuantityError, plain_text, read_number

Number = int | Fraction

# Dimension -> exponents of (byte, second, USD). A rate of requests is "per second"; a cost is money in time.
Exponents = tuple[int, int, int]
DIMENSIONS: dict[str, Exponents] = {
    "size": (1, 0, 0),
    "duration": (0, 1, 0),
    "rate": (0, -1, 0),
    "data-rate": (1, -1, 0),
    "count": (0, 0, 0),
    "share": (0, 0, 0),
    "money": (0, 0, 1),
    "cost": (0, -1, 1),
}

_DAY = 86_400
_MONTH = 730 * 3_600
_YEAR = 365 * _DAY
_SIZES: dict[str, int] = {
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "PB": 10**15,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
    "PiB": 2**50,
}
_TIMES: dict[str, Number] = {
    "us": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": 1,
    "min": 60,
    "h": 3600,
    "day": _DAY,
    "week": 7 * _DAY,
    "month": _MONTH,
    "year": _YEAR,
}
_IN_ONE: dict[str, Number] = {
    "s": 1,
    "min": 60,
    "h": 3600,
    "day": _DAY,
    "week": 7 * _DAY,
    "month": _MONTH,
    "year": _YEAR,
}

_BITS: dict[str, int] = {"kbit": 125, "Mbit": 125_000, "Gbit": 125_000_000}
"""Line speeds are told in bits; a byte has eight."""

UNITS: dict[str, dict[str, Number]] = {
    "size": dict(_SIZES),
    "duration": dict(_TIMES),
    "rate": {f"/{name}": Fraction(1, 1) / per for name, per in _IN_ONE.items()},
    "data-rate": {
        f"{size}/{per}": Fraction(n) / _IN_ONE[per] for size, n in (_SIZES | _BITS).items() for per in ("s", "min", "h", "day")
    },
    "count": {"count": 1},
    "share": {"%": Fraction(1, 100)},
}

_LOWER = {dimension: {unit.lower(): unit for unit in units} for dimension, units in UNITS.items()}
_LOWER_BITS = {unit.lower() + end: unit for unit in _BITS for end in ("", "s")}

# What people type besides; compared in lower case.
_ALIASES: dict[str, dict[str, str]] = {
    "size": {
        "byte": "B", "bytes": "B", "b": "B", "kilobyte": "KB", "kilobytes": "KB", "kbyte": "KB", "kbytes": "KB", "megabyte": "MB",
        "megabytes": "MB", "mbyte": "MB", "mbytes": "MB", "gigabyte": "GB", "gigabytes": "GB", "gbyte": "GB", "gbytes": "GB",
        "terabyte": "TB", "terabytes": "TB", "petabyte": "PB", "petabytes": "PB", "kibibytes": "KiB", "mebibytes": "MiB",
        "gibibytes": "GiB", "tebibytes": "TiB", "k": "KB", "m": "MB", "g": "GB", "t": "TB", "p": "PB", "ki": "KiB", "mi": "MiB",
        "gi": "GiB", "ti": "TiB", "pi": "PiB", "meg": "MB", "megs": "MB", "gig": "GB", "gigs": "GB",
    },
    "duration": {
        "usec": "us", "microsecond": "us", "microseconds": "us", "millisecond": "ms",
        "milliseconds": "ms", "millis": "ms", "msec": "ms", "msecs": "ms", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
        "mins": "min", "minute": "min", "minutes": "min", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
        "d": "day", "days": "day", "w": "week", "wk": "week", "weeks": "week", "mo": "month", "months": "month", "y": "year",
        "years": "year", "yr": "year", "yrs": "year",
    },
    "share": {"percent": "%", "per cent": "%", "pct": "%"},
}  # fmt: skip
_PER_ALIASES = {
    "sec": "s", "second": "s", "minute": "min", "hour": "h", "hr": "h", "d": "day",
    "days": "day", "w": "week", "wk": "week", "mo": "month", "y": "year", "yr": "year", "night": "day",
}  # fmt: skip
# What is counted may be named; another word is not passed over, as it may be a number ("lakh") or a slip ("kk").
_COUNTED = (
    r"(?:(?:http|api|sql|user|web|read|write)\s+)?(?:req(?:uest)?s?|calls?|messages?|msgs?|events?|ops|operations?|reads?|writes?|updates?|"
    r"records?|transactions?|trans|tx|times|items?|runs?|jobs?|tasks?|invocations?|executions?|bookings?|files?|photos?|images?|"
    r"documents?|orders?|payments?|quer(?:y|ies)|searches|lookups?|hits|clicks|views|visits|visitors?|users?|customers?|"
    r"sessions?|connections?|devices?|readings?|measurements?|samples?|points?|rows?|inserts?|e?mails?|notifications?|people|"
    r"uploads?|downloads?|pages?|objects?|systems?|parts?|steps?|cores?|cpus?|vcpus?|readers?|receivers?|kinds?|clients?)"
)
_SHORT_RATES = {
    "rps": "/s", "tps": "/s", "qps": "/s", "ops": "/s", "iops": "/s", "hz": "/s", "rpm": "/min", "tpm": "/min", "qpm": "/min",
    "hourly": "/h", "daily": "/day", "weekly": "/week", "monthly": "/month", "yearly": "/year",
}  # fmt: skip
_PER = r"(?:/|\bper\b|\beach\b|\bevery\b|\ban?\b)"
_SCALE: dict[str, int] = {
    "k": 10**3, "thousand": 10**3, "million": 10**6, "millions": 10**6, "mio": 10**6, "mln": 10**6, "mn": 10**6, "bn": 10**9,
    "g": 10**9, "billion": 10**9, "billions": 10**9, "trillion": 10**12, "hundred": 100, "lakh": 10**5, "crore": 10**7,
}  # fmt: skip

EXAMPLES = {
    "size": "400 KB",
    "duration": "200 ms",
    "rate": "50/s",
    "data-rate": "5 MB/s",
    "count": "20",
    "share": "30 %",
}
# Which units are offered for a number that has none.
_OFFERED = {
    "size": ["KB", "MB", "GB", "TB"],
    "duration": ["ms", "s", "min", "h", "days"],
    "rate": ["/s", "/min", "/h", "/day"],
    "data-rate": ["KB/s", "MB/s", "GB/s"],
}


class Quantity(Struct, frozen=True):
    """`magnitude` in the base unit of `dimension`; `text` as it was written."""

    magnitude: Number
    dimension: str
    text: str = ""

    def __str__(self) -> str:
        return self.text or format_magnitude(self.magnitude, self.dimension)


class Interval(Struct, frozen=True):
    """A range of magnitudes; None is an end without a bound. The ends belong to it unless marked open."""

    low: Number | None
    high: Number | None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high


def tidy(value: Number) -> Number:
    """An int where the value is whole, else the Fraction."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def unit_scale(unit: str, dimension: str | None = None) -> tuple[str, Number]:
    """(dimension, base units in one `unit`) of a unit of the closed list; QuantityError if it is none."""
    for name, units in UNITS.items():
        if unit in units and (dimension is None or name == dimension):
            return name, units[unit]
    raise QuantityError(f'unknown unit "{unit}"')


def parse_quantity(text: str, dimension: str, example: str = "") -> Quantity:
    """The quantity written in `text`, e.g. "1.5k/s", "400 KB", "1 h 30 min".

    QuantityError says what to write: by `example`, which is one of what the question asks for, where nothing is nearer.
    """
    said = plain_text(text)
    example = example or EXAMPLES[dimension]
    number = read_number(said) if len(text) <= MAX_LENGTH else None
    if number is None:
        raise QuantityError(f'is no {named(dimension)} ("{cut(text)}"): write for example "{example}"')
    if dimension == "duration" and (magnitude := _several_units(said)) is not None:
        return Quantity(magnitude, dimension, text.strip())
    factor, unit_text = take_scale(number.rest, dimension)
    unit = find_unit(unit_text, dimension)
    if unit is None:
        if not number.rest.strip() and not number.value:
            return Quantity(0, dimension, text)  # nothing is nothing in any unit
        _refuse_unit(text, number, dimension, example)
    return Quantity(tidy(number.value * factor * UNITS[dimension][unit]), dimension, text.strip())


def named(dimension: str) -> str:
    """What a dimension is called in a sentence."""
    return {"data-rate": "data rate", "count": "number"}.get(dimension, dimension)


def _refuse_unit(text: str, number: Numeral, dimension: str, example: str) -> NoReturn:
    """Says what is wrong with what follows a number, and what to write."""
    said, rest = cut(text), number.rest.strip()
    if not take_scale(rest, dimension)[1]:
        raise QuantityError(f"is {said}, but it needs a unit: write {_in_units(number, rest, dimension, example)}")
    if readings := _readings(number, dimension):
        raise QuantityError(f'is "{said}", which can be read in two ways: write {readings}')
    if re.match(r"\+\s*[a-zA-Z/%]", rest):
        raise QuantityError(f'is "{said}", {NO_UPPER_END}, such as {range_of(number.shown + rest[1:])}')
    if not re.match(r"[a-zA-Z%/]", rest) or (any(c.isdigit() for c in rest) and not find_other(number.rest)):
        raise QuantityError(f'is no {named(dimension)} ("{said}"): write for example "{example}"')
    other = find_other(number.rest)
    if other:
        raise QuantityError(f'is a {named(other)} ("{said}"), but a {named(dimension)} is needed: write for example "{example}"')
    raise QuantityError(f'has the unknown unit "{cut(rest, 24)}" ("{said}"): write for example "{example}"')


NO_UPPER_END = "without an upper end: write a range up to what to plan for"


def range_of(example: str) -> str:
    """A range written out of one quantity: "50/s to 100/s"."""
    number = read_number(example)
    return f'"{example} to {format_number(2 * number.value)}{number.rest}"' if number else f'"{example}"'


def _in_units(number: Numeral, scale: str, dimension: str, example: str) -> str:
    """A bare number with the units it may be meant in, that of the example first."""
    if dimension == "share":
        as_part = f' or "{format_number(number.value * 100)} %"' if 0 < number.value < 1 else ""
        return f'"{number.shown} %"{as_part}'
    offered = _OFFERED[dimension]
    shown = read_number(plain_text(example))
    first = shown.rest.strip() if shown else ""
    at = offered.index(first) if first in offered else 0
    units = [offered[at], *offered[at + 1 : at + 2], *offered[max(0, at - 1) : at]]
    written = [f'"{number.shown}{scale}{"" if u.startswith("/") else " "}{u}"' for u in units]
    return f"{', '.join(written[:-1])} or {written[-1]}"


def _readings(number: Numeral, dimension: str) -> str:
    """What to write instead of a unit that can be read in two ways; "" for all others."""
    rest, shown = number.rest.strip(), number.shown
    low = rest.lower()
    if dimension == "duration" and low == "m":
        return f'"{shown} min" or "{shown} months"'
    if dimension == "duration" and re.fullmatch(r":\d{2}", rest):
        return f'"{shown} h {rest[1:]} min" or "{shown} min {rest[1:]} s"'
    per_m = re.fullmatch(rf"(.*?){_PER}\s*m", low)
    if dimension == "rate" and per_m:
        counted = rest[: len(per_m[1])].rstrip()
        return f'"{shown}{counted}/min" or "{shown}{counted}/month"'
    if dimension == "rate" and re.match(rf"m\s*(?:{_COUNTED}\s*)?{_PER}", low):
        thousandth = Fraction(number.value) / 1000
        return f'"{shown}M{rest[1:]}" for millions, or "{format_number(thousandth)}{rest[1:]}"'
    bits = re.fullmatch(r"([kKmMgGtT])b(?:/|\s*per\s+|p)(?:s|sec|second)", rest)
    if dimension == "data-rate" and bits:
        prefix = bits[1].upper()
        return f'"{shown} {prefix}B/s" for bytes, or "{shown} {prefix}bit/s"'
    return ""


def _several_units(said: str) -> Number | None:
    """The sum of a duration in several units, from large to small ("1 h 30 min"); None where the text is not one."""
    if re.fullmatch(r"\d+\s*h\s*\d{1,2}", said):
        said += "min"  # 1h30
    parts = re.findall(r"(\d[\d.]*)\s*([a-zA-Z]+)\.?", said)
    if len(parts) < 2 or not re.fullmatch(r"\d[\d.]*\s*[a-zA-Z]+\.?(?:\s*(?:,|and\b)?\s*\d[\d.]*\s*[a-zA-Z]+\.?)+", said):
        return None
    total: Number = 0
    before: Number | None = None
    for written, unit_text in parts:
        number = read_number(written)
        unit = find_unit("min" if unit_text == "m" else unit_text, "duration")  # beside hours or seconds m is no month
        one = UNITS["duration"][unit] if unit else None
        if (
            number is None
            or number.rest
            or one is None
            or (before is not None and (one >= before or number.value * one >= before))
        ):
            return None
        total, before = total + number.value * one, one
    return tidy(Fraction(total))


def take_scale(rest: str, dimension: str) -> tuple[int, str]:
    """A counting word (k, million) split off the unit text: (factor, what is left)."""
    match = re.match(r"\s*([a-zA-Z]+)\.?(?=$|[\s/])\s*(.*)", rest, re.DOTALL)
    if not match or dimension not in ("rate", "count"):
        return 1, rest
    word, left = match.groups()
    if word in ("M", "G", "T"):
        return {"M": 10**6, "G": 10**9, "T": 10**12}[word], left
    factor = 10**6 if word == "m" and dimension == "count" else _SCALE.get(word.lower())
    return (factor, left) if factor else (1, rest)


def find_unit(text: str, dimension: str) -> str | None:
    """The unit of the closed list that `text` means in this dimension, or None."""
    unit = text.strip().rstrip(".").rstrip()
    if unit in UNITS[dimension]:
        return unit
    low = " ".join(unit.lower().split())
    if dimension == "rate":
        return _find_rate(low)
    if dimension == "data-rate":
        return _find_data_rate(unit)
    if dimension == "count":
        return "count" if not low or low == "x" or re.fullmatch(_COUNTED, low) else None
    if dimension == "duration" and low == "m":
        return None  # minutes or months
    return _ALIASES[dimension].get(low) or _LOWER[dimension].get(low)


def _find_rate(low: str) -> str | None:
    if low in _SHORT_RATES:
        return _SHORT_RATES[low]
    match = re.fullmatch(rf"(?:{_COUNTED})?\s*{_PER}\s*([a-z]+)", low)
    per = _PER_ALIASES.get(match[1], match[1]) if match else ""
    return f"/{per}" if per in _IN_ONE else None


def _find_data_rate(unit: str) -> str | None:
    match = re.fullmatch(rf"([A-Za-z]+?)\s*(?:{_PER}|(?<=B)p)\s*([A-Za-z]+)", unit)
    if not match or re.fullmatch(r"[kKmMgGtT]b?", match[1]):
        return None  # a small b may be bits
    low = match[1].lower()
    size = _LOWER_BITS.get(low) or _ALIASES["size"].get(low) or _LOWER["size"].get(low)
    name = f"{size}/{_PER_ALIASES.get(match[2].lower(), match[2].lower())}"
    return name if name in UNITS["data-rate"] else None


def find_other(rest: str) -> str | None:
    """The dimension in which the text after a number is a unit."""
    for dimension in UNITS:
        if dimension != "count" and find_unit(take_scale(rest, dimension)[1], dimension):
            return dimension
    return None


def format_magnitude(value: Number, dimension: str) -> str:
    """A short text of a magnitude that reads back to the same value where it can: "400 KB", "15 min"."""
    if dimension == "count":
        return format_number(value)
    units = UNITS[dimension]
    best = _best_unit(value, dimension)
    number = format_number(tidy(Fraction(value) / units[best]))
    gap = "" if best.startswith("/") else " "
    plural = "s" if best == "day" and number != "1" else ""
    return f"{number}{gap}{best}{plural}"


def rounded_text(value: Number, dimension: str, *, up: bool) -> str:
    """A short text of a magnitude that reads back to the same value, or to the next short one above or below it."""
    text = format_magnitude(value, dimension)
    if parse_quantity(text, dimension).magnitude == value:
        return text
    exact = _short_in_some_unit(value, dimension)
    if exact:
        return exact
    unit = _best_unit(value, dimension) if dimension != "count" else "count"
    scaled = Fraction(value) / UNITS[dimension][unit]
    places = 2 - (len(str(int(abs(scaled)))) - 1) if abs(scaled) >= 1 else 2 + len(str(int(1 / abs(scaled))))
    step = Fraction(1, 10) ** places
    number = tidy((-((-scaled) // step) if up else scaled // step) * step)
    shown = f"{number:,}" if isinstance(number, int) else f"{float(number):,.{max(0, places)}f}".rstrip("0")
    gap = "" if unit.startswith("/") or dimension == "count" else " "
    return shown if dimension == "count" else f"{shown}{gap}{unit}"


def _short_in_some_unit(value: Number, dimension: str) -> str:
    """The shortest text that is exact, with at most two decimals in any unit of the dimension; "" if there is none."""
    found: list[tuple[int, str]] = []
    for unit, one in UNITS[dimension].items() if dimension != "count" else ():
        scaled = Fraction(value) / one
        if 100 % scaled.denominator == 0 and 0 < scaled < 10**6:
            number = f"{int(scaled):,}" if scaled.denominator == 1 else f"{float(scaled):,.2f}".rstrip("0")
            found.append((len(number), f"{number}{'' if unit.startswith('/') else ' '}{unit}"))
    return min(found)[1] if found else ""


def describe_interval(interval: Interval, limits: Interval, dimension: str) -> str:
    """An interval in words, within the limits of its quantity; "" where no short text means a value in it.

    Ends that have no short text are moved inwards, so that every value the words allow lies in the interval.
    """
    low = interval.low if interval.low is not None and (interval.low, interval.low_open) != (limits.low, False) else None
    high = interval.high if interval.high is not None and (interval.high, interval.high_open) != (limits.high, False) else None
    first = rounded_text(low, dimension, up=True) if low is not None else ""
    last = rounded_text(high, dimension, up=False) if high is not None else ""
    if first and last and parse_quantity(first, dimension).magnitude > parse_quantity(last, dimension).magnitude:
        return ""
    if first and first == last:
        return "" if interval.low_open or interval.high_open else f"exactly {first}"
    if first and last and interval.low_open == interval.high_open:
        return f"between {first} and {last}" if interval.low_open else f"from {first} to {last}"
    above = f"{'above' if interval.low_open else 'at least'} {first}" if first else ""
    below = f"{'below' if interval.high_open else 'at most'} {last}" if last else ""
    return ", ".join(t for t in (above, below) if t) or "any value"


def _best_unit(value: Number, dimension: str) -> str:
    """The largest unit in which the value is at least one and short to write."""
    candidates = {
        "size": ["B", "KB", "MB", "GB", "TB", "PB"],
        "duration": ["us", "ms", "s", "min", "h", "day"],
        "rate": ["/month", "/day", "/h", "/min", "/s"],
        "data-rate": ["B/s", "KB/s", "MB/s", "GB/s"],
        "share": ["%"],
    }[dimension]
    units = UNITS[dimension]
    size = abs(Fraction(value))
    if dimension == "size" and value >= 1024:
        for binary in ("PiB", "TiB", "GiB", "MiB", "KiB"):
            tenths = 10 * Fraction(value) / _SIZES[binary]  # limits such as 48.8 TiB are meant in binary units
            if tenths >= 10 and tenths.denominator == 1 and value % 1000:
                return binary
    if dimension == "rate":
        if size == 0:
            return "/s"
        exact = [u for u in reversed(candidates) if _is_short(size / units[u])]
        return exact[0] if exact else next((u for u in reversed(candidates) if size / units[u] >= 1), "/month")
    chosen = candidates[0]
    for unit in candidates:
        if size >= units[unit]:
            chosen = unit
    # 90 min reads better than 1.5 h; 36 h better than 1.5 day
    if chosen in candidates[1:]:
        scaled = size / units[chosen]
        lower = candidates[candidates.index(chosen) - 1]
        whole = scaled.denominator == 1 or ((scaled * 100).denominator == 1 and (size / units[lower]).denominator != 1)
        if not whole and _is_short(size / units[lower]) and size / units[lower] < 1000:
            return lower
    return chosen


def _is_short(number: Fraction) -> bool:
    """Whether the number is whole, or above one with few decimals: 81.6/s reads better than 4,896/min."""
    places = 100 if number < 100 else 10
    return number.denominator == 1 or (1 <= number < 1000 and (number * places).denominator == 1)


def format_number(value: Number) -> str:
    """Whole numbers with thousands separated by commas; others with up to three significant decimals."""
    value = tidy(value)
    if isinstance(value, int):
        return f"{value:,}"
    number = float(value)
    if abs(number) >= 100:
        return f"{number:,.1f}" if abs(number) < 1000 and (Fraction(value) * 10).denominator == 1 else f"{number:,.0f}"
    if abs(number) >= 1:
        return f"{number:,.2f}".rstrip("0").rstrip(".")
    return format(Decimal(f"{number:.3g}"), "f")  # never as 1e-05, which nobody types
