"""Numbers as people type them, exact.

Digits of any script, thousands set apart by a comma, a space, an apostrophe or an underscore, and a decimal point. What
could be read in two ways ("10.000", "1,5") is not read: the error shows what to write for each reading.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from msgspec import Struct

from wa_advisor.errors import cut

MAX_LENGTH = 80
"""A longer text is no quantity."""
MAX_DIGITS = 18

_HYPHENS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-")
_OTHERS = {
    "\u2019": "'",
    "\u02bc": "'",
    "\u066a": "%",
    "\u066b": ".",
    "\u066c": ",",
    "\u2026": "..",
    "\u2264": "<=",
    "\u2265": ">=",
}
_OTHERS |= {"\u2248": "~", "\u223c": "~", "\u00b5": "u", "\u03bc": "u"}

_GROUPED = re.compile(r"\d{1,3}(?P<by>[ ,_'])\d{3}(?:(?P=by)\d{3})*(?!\d)")
_NUMBER = re.compile(rf"(?P<sign>[+-]?)\s*(?P<whole>{_GROUPED.pattern}|\d*)(?P<fraction>\.\d+)?(?P<rest>.*)", re.DOTALL)
_POINTS = re.compile(r"(?P<first>[1-9]\d{0,2})(?P<more>(?:\.\d{3})+)(?![\d.]|,\d{3})(?:,(?P<part>\d+))?(?P<rest>.*)", re.DOTALL)
_COMMA = re.compile(r"(?P<whole>\d+),(?P<part>\d+)(?P<rest>.*)", re.DOTALL)
_POWER = re.compile(r"(?P<number>\d+(?:\.\d+)?)[eE](?P<power>[+-]?\d{1,3})(?![\d])(?P<rest>.*)", re.DOTALL)


class QuantityError(ValueError):
    """The text is no quantity of the dimension asked for. The message goes on from a subject ("this", a question's id)
    and says what to write."""


class Numeral(Struct, frozen=True):
    """A number at the start of a text: its value, how it was typed, and what follows it."""

    value: Fraction
    shown: str
    rest: str


def plain_text(text: str) -> str:
    """The text with digits, spaces, hyphens and signs of other scripts as ASCII has them."""
    return "".join(_plain(c) for c in text).strip()


def _plain(char: str) -> str:
    if char.isascii():
        return char
    if char in _HYPHENS:
        return "-"
    if char in _OTHERS:
        return _OTHERS[char]
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.decimal(char))
    if unicodedata.category(char) == "Cf":  # marks of the direction of writing, which come along with a paste
        return ""
    if unicodedata.category(char) == "Zs":
        return " "
    return chr(ord(char) - 0xFEE0) if 0xFF01 <= ord(char) <= 0xFF5E else char


def read_number(text: str) -> Numeral | None:
    """The number that a plain text starts with, None if it starts with none; QuantityError where it could be two."""
    _refuse_two_readings(text)
    match = _NUMBER.match(text)
    if match is None or not (match["whole"] or match["fraction"]) or match["rest"][:1].isdigit():
        return None
    whole, fraction = re.sub(r"\D", "", match["whole"]), match["fraction"] or ""
    if len(whole) > MAX_DIGITS:
        raise QuantityError(f'is "{cut(text)}", a number of {len(whole)} digits: write it in a larger unit')
    value = Fraction(f"{whole or 0}{fraction}")
    return Numeral(-value if match["sign"] == "-" else value, match["sign"] + match["whole"] + fraction, match["rest"])


def _refuse_two_readings(text: str) -> None:
    """Tells the readings of a decimal comma, of points between thousands and of an exponent."""
    sign = text[:1] if text[:1] in ("-", "+") else ""
    rest = text[len(sign) :]
    if points := _POINTS.fullmatch(rest):
        groups, unit = points["more"].split(".")[1:], points["rest"]
        whole = points["first"] + "".join(groups)
        if points["part"] or len(groups) > 1:
            number = f"{whole}.{points['part']}" if points["part"] else whole
            raise QuantityError(f'is "{cut(text)}", with points between thousands: write "{sign}{cut(number + unit)}"')
        decimals = groups[0].rstrip("0")
        fraction = f".{decimals}{'0' if len(decimals) == 3 else ''}" if decimals else ""
        raise QuantityError(
            f'is "{cut(text)}", which can be read in two ways: write "{sign}{cut(whole + unit)}"'
            f' or "{sign}{cut(points["first"] + fraction + unit)}"'
        )
    comma = _COMMA.fullmatch(rest)
    if comma and not _GROUPED.match(rest):
        several = re.match(r"\d+(?:,\d+){2,}", rest)
        if several:
            number = several[0].replace(",", "") + rest[several.end() :]
            raise QuantityError(f'is "{cut(text)}", whose commas do not stand between thousands: write "{sign}{cut(number)}"')
        number = f"{comma['whole']}.{comma['part']}{comma['rest']}"
        raise QuantityError(f'is "{cut(text)}", with a comma for the decimal point: write "{sign}{cut(number)}"')
    if power := _POWER.fullmatch(rest):
        raise QuantityError(f'is "{cut(text)}", with an exponent: write {_in_full(sign, power)}')


def _in_full(sign: str, power: re.Match[str]) -> str:
    exponent = int(power["power"])
    if abs(exponent) > 12:
        return "the number in full, in a larger or smaller unit"
    value = Fraction(power["number"]) * Fraction(10) ** exponent
    number = str(value.numerator) if value.denominator == 1 else f"{float(value):.15f}".rstrip("0")
    return f'"{sign}{cut(number + power["rest"])}"'
