"""What a price is for: "million requests", "GB-month", "vCPU-hour", as an exact divisor with its unit.

The words are a closed list, so that a slip is an error and not a new unit. A counted thing has no unit of its own: a
price for a million requests times a rate of requests is money in time.
"""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec import Struct

from wa_advisor.errors import did_you_mean
from wa_advisor.quantity import UNITS, Exponents, Number, tidy

COUNTED = (
    "ACU", "DPU", "ECPU", "LCU", "NCU", "OCU", "RPU", "RRU", "WRU", "vCPU", "alarm", "events", "invocations",
    "key", "messages", "metric", "objects", "operations", "requests", "secret", "shard", "stream", "transitions", "units", "user",
)  # fmt: skip
# Capacity for one unit a second: an hour of it is 3,600 units.
RATED = ("RCU", "WCU")
_SCALES = {"thousand": 10**3, "million": 10**6}
_TIMES = {"second": "s", "minute": "min", "minutes": "min", "hour": "h", "day": "day", "month": "month"}
_WORDS = (*_SCALES, *_TIMES, *COUNTED, *RATED, *UNITS["size"])


class Divisor(Struct, frozen=True):
    """Base units in what one price buys, and their exponents of (byte, second, USD)."""

    scale: Number
    exponents: Exponents


class DivisorError(ValueError):
    """The text is no divisor; the message says what to write."""


def parse_divisor(text: str) -> Divisor:
    """The divisor of a price: an optional number, then sizes, times and counted things joined by blanks or hyphens."""
    scale: Number = 1
    bytes_, seconds, times = 0, 0, 0
    words = [word for word in re.split(r"[\s\-]+", text) if word]
    for place, word in enumerate(words):
        if word in UNITS["size"]:
            scale, bytes_ = scale * UNITS["size"][word], bytes_ + 1
        elif word in _TIMES:
            scale, seconds, times = scale * UNITS["duration"][_TIMES[word]], seconds + 1, times + 1
        elif word in RATED:
            seconds -= 1
        elif not place and (word in _SCALES or re.fullmatch(r"[1-9][0-9]{0,8}", word)):
            scale = scale * (_SCALES.get(word) or int(word))
        elif word not in COUNTED:
            raise DivisorError(f'unknown unit "{word[:30]}"{did_you_mean(word, _WORDS)}')
    if not words or bytes_ > 1 or times > 1:
        raise DivisorError("write what one price buys: million requests, GB-month, vCPU-hour")
    return Divisor(tidy(Fraction(scale)), (bytes_, seconds, 0))
