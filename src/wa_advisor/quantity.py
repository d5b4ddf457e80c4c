"""Quantities: a number and its unit, exact.

Magnitudes are integers or Fractions in the base unit of their dimension (byte, second, per second,
byte per second, one), so that a comparison never depends on rounding. KB is 1,000 bytes and KiB is
1,024: where AWS prints "KB" and may mean KiB, the smaller reading is kept, which never promises room
that is not there.
"""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec import Struct

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
_PER: dict[str, Number] = {
    "s": 1,
    "min": 60,
    "h": 3600,
    "day": _DAY,
    "week": 7 * _DAY,
    "month": _MONTH,
    "year": _YEAR,
}

UNITS: dict[str, dict[str, Number]] = {
    "size": dict(_SIZES),
    "duration": dict(_TIMES),
    "rate": {f"/{name}": Fraction(1, 1) / per for name, per in _PER.items()},
    "data-rate": {f"{size}/{per}": Fraction(n) / _PER[per] for size, n in _SIZES.items() for per in ("s", "h", "day")},
    "count": {"count": 1},
    "share": {"%": Fraction(1, 100)},
}

# What people type besides; compared in lower case where that is not ambiguous.
_ALIASES: dict[str, dict[str, str]] = {
    "size": {
        "byte": "B", "bytes": "B", "b": "B", "kb": "KB", "kilobyte": "KB", "kilobytes": "KB", "mb": "MB",
        "megabyte": "MB", "megabytes": "MB", "gb": "GB", "gigabyte": "GB", "gigabytes": "GB", "tb": "TB",
        "terabyte": "TB", "terabytes": "TB", "pb": "PB", "petabyte": "PB", "petabytes": "PB", "kib": "KiB",
        "mib": "MiB", "gib": "GiB", "tib": "TiB", "pib": "PiB",
    },
    "duration": {
        "µs": "us", "μs": "us", "microsecond": "us", "microseconds": "us", "millisecond": "ms",
        "milliseconds": "ms", "msec": "ms", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
        "mins": "min", "minute": "min", "minutes": "min", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
        "d": "day", "days": "day", "w": "week", "weeks": "week", "months": "month", "y": "year",
        "years": "year", "yr": "year",
    },
    "count": {"": "count", "items": "count", "x": "count", "rows": "count", "connections": "count"},
    "share": {"percent": "%", "pct": "%"},
}  # fmt: skip
_PER_ALIASES = {
    "sec": "s", "second": "s", "minute": "min", "m": "min", "hour": "h", "hr": "h", "d": "day",
    "days": "day", "w": "week", "mo": "month", "y": "year", "yr": "year", "night": "day",
}  # fmt: skip
_COUNTED = r"(?:req(?:uests?)?|calls?|messages?|msgs?|events?|ops|operations|reads?|writes?|records?|transactions?|tx|times|items|runs?|jobs?|invocations?|bookings?|files?|photos?|orders?)"
_SHORT_RATES = {"rps": "/s", "tps": "/s", "qps": "/s", "rpm": "/min", "hz": "/s"}
_SCALE: dict[str, int] = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "mio": 10**6, "bn": 10**9, "g": 10**9,
    "billion": 10**9, "trillion": 10**12,
}  # fmt: skip

_NUMBER = re.compile(r"\s*([+-]?)(\d{1,3}(?:[ ,_]\d{3})+(?![\d])|\d{1,18})(\.\d{1,12})?(.*)", re.DOTALL)

EXAMPLES = {
    "size": "400 KB",
    "duration": "200 ms",
    "rate": "50/s",
    "data-rate": "5 MB/s",
    "count": "20",
    "share": "30 %",
}
_BARE_SUGGESTION = {"size": "KB", "duration": "ms", "rate": "/s", "data-rate": "MB/s", "share": "%"}


class QuantityError(ValueError):
    """The text is no quantity of the dimension asked for; the message says what to write."""


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


def parse_quantity(text: str, dimension: str) -> Quantity:
    """The quantity written in `text`, e.g. "1.5k/s", "400 KB", "15 min"; QuantityError says what to write."""
    match = _NUMBER.fullmatch(text)
    example = EXAMPLES[dimension]
    if not match or len(text) > 80:
        raise QuantityError(f'is "{text[:60]}", but a {dimension} is needed: write for example "{example}"')
    sign, whole, fraction, rest = match.groups()
    number = Fraction(re.sub(r"[ ,_]", "", whole) + (fraction or ""))
    if sign == "-":
        number = -number
    factor, unit_text = _take_scale(rest, dimension)
    unit = _find_unit(unit_text, dimension)
    if unit is None:
        shown = f"{sign}{whole}{fraction or ''}"
        if not rest.strip() and not number:
            return Quantity(tidy(number), dimension, text)  # nothing is nothing in any unit
        if not rest.strip():
            hint = _BARE_SUGGESTION[dimension]
            gap = "" if hint.startswith("/") else " "
            raise QuantityError(f'is {shown}, but it needs a unit: write "{shown}{gap}{hint}"')
        if rest.lstrip()[:1].isdigit() or not re.match(r"[\s%/]*[a-zA-Z\u00b5\u03bc%]", rest) or re.match(r"[eE][-+]?\d", rest):
            raise QuantityError(f'is "{text.strip()[:40]}", but a {dimension} is needed: write for example "{example}"')
        other = _dimension_of(rest)
        what = f"is a {other}" if other else f'has the unknown unit "{rest.strip()[:20]}"'
        raise QuantityError(f'{what} ("{text.strip()[:40]}"), but a {dimension} is needed: write for example "{example}"')
    magnitude = tidy(number * factor * UNITS[dimension][unit])
    return Quantity(magnitude, dimension, text.strip())


def _take_scale(rest: str, dimension: str) -> tuple[int, str]:
    """A counting word (k, million) split off the unit text: (factor, what is left)."""
    match = re.match(r"\s*([a-zA-Z]+)(?=$|[\s/])\s*(.*)", rest, re.DOTALL)
    if not match or dimension not in ("rate", "count", "data-rate"):
        return 1, rest
    word, left = match.groups()
    if word in ("M", "G", "T"):
        return {"M": 10**6, "G": 10**9, "T": 10**12}[word], left
    factor = _SCALE.get(word.lower()) if word.lower() != "m" or dimension == "count" else None
    return (factor, left) if factor else (1, rest)


def _find_unit(text: str, dimension: str) -> str | None:
    """The unit of the closed list that `text` means in this dimension, or None."""
    unit = text.strip()
    if unit in UNITS[dimension]:
        return unit
    low = unit.lower()
    aliases = _ALIASES.get(dimension, {})
    if low in aliases:
        return aliases[low]
    if dimension == "rate":
        return _find_rate(low)
    if dimension == "data-rate":
        match = re.fullmatch(r"([a-z]+)\s*(?:/|\bper\b|\ba\b)\s*([a-z]+)", low)
        if match:
            size = _ALIASES["size"].get(match[1])
            per = _PER_ALIASES.get(match[2], match[2])
            name = f"{size}/{per}"
            return name if name in UNITS["data-rate"] else None
    return None


def _find_rate(low: str) -> str | None:
    if low in _SHORT_RATES:
        return _SHORT_RATES[low]
    match = re.fullmatch(rf"(?:{_COUNTED})?\s*(?:/|\bper\b|\ban?\b)\s*([a-z]+)", low)
    if not match:
        return None
    per = _PER_ALIASES.get(match[1], match[1])
    return f"/{per}" if per in _PER else None


def _dimension_of(rest: str) -> str | None:
    for dimension in UNITS:
        if dimension != "count" and _find_unit(rest, dimension):
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
    return f"{number:.3g}"
