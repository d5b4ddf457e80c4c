"""Amounts as people type them: one quantity, a range ("20 to 50/s"), an estimate ("about 50/s") or a limit ("up to 50/s")."""

from __future__ import annotations

import re

from msgspec import Struct

from wa_advisor.errors import cut
from wa_advisor.numerals import MAX_LENGTH, QuantityError, plain_text, read_number
from wa_advisor.quantity import EXAMPLES, Number, find_unit, named, parse_quantity, range_of, take_scale

_ABOUT = re.compile(r"(?:(?:about|around|approximately|approx|roughly|circa|ca|some)\b\.?|~)\s*(?=\S)", re.IGNORECASE)
_UP_TO = re.compile(
    r"(?:(?:up to|at most|no more than|not more than|less than|fewer than|below|under|maximum|max)\b\.?|<=?)\s*(?=\S)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:(?:at least|no less than|not less than|more than|over|above|minimum)\b|min\b\.?(?=\s*\d)|>=?)\s*(?=\S)", re.IGNORECASE
)
_BETWEEN = re.compile(r"(?:between|from)\s+(.+?)\s+(?:and|to)\s+(.+)", re.IGNORECASE | re.DOTALL)
# A hyphen between numbers is a range; not the sign of a power of ten.
_TO = re.compile(r"\s+to\s+|\s*\.{2,3}\s*|(?<=[\w%.])(?<!\d[eE])\s*-\s*(?=[\d.])", re.IGNORECASE)

_NOT_KNOWN = re.compile(
    r"\?+|(?:i\s+)?(?:do\s?n['o]?t|don't|do not)\s+know(?:\s+yet)?|dunno|idk|no idea|not known(?: yet)?|not sure|unclear|unsure|tbd|tba|tbc|unknown",
    re.IGNORECASE,
)
_NOT_APPLICABLE = re.compile(r"n\s*/\s*a\.?|na|-+|not applicable|does not apply", re.IGNORECASE)
_NOTHING = ("nothing", "zero", "nil")
_NONE = ("none", "no")  # of a time it may be no time or no limit
_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

# The same limits written behind the quantity.
_OR_LESS = re.compile(r"(.*\w.*?)\s*(?:\bor (?:less|fewer|below|lower)|\bmaximum|\bmax\.?|\bat most)", re.IGNORECASE | re.DOTALL)
_OR_MORE = re.compile(
    r"(.*\w.*?)\s*(?:\bor (?:more|above|higher)|\band (?:more|above|up)|\bminimum|\bat least|\+)", re.IGNORECASE | re.DOTALL
)


class Amount(Struct, frozen=True):
    """The ends of what was written, both of them parts of it; `high` is None without an upper end. A limit has one end."""

    low: Number
    high: Number | None
    about: bool = False
    is_limit: bool = False
    written: str = ""
    """What a limit was put on."""


def parse_amount(text: str, dimension: str, example: str = "") -> Amount:
    """The Amount written in `text`; QuantityError says what to write, by the question's own `example`."""
    example = example or EXAMPLES[dimension]
    said = plain_text(text)
    _refuse_no_answer(text, said, dimension)
    if said.lower() in _NOTHING + _NONE:
        return Amount(0, 0)
    if len(text) > MAX_LENGTH:
        raise QuantityError(f'is "{cut(text)}", too long for a {named(dimension)}: write for example "{example}"')
    about = _ABOUT.match(said)
    rest = said[about.end() :] if about else said
    limited, is_top = _limited(rest)
    if limited is None:
        low, high = _ends(text, rest, dimension, example)
        return Amount(low, high, about is not None)
    if about or _ABOUT.match(limited) or len(_TO.split(limited)) > 1 or _limited(limited)[0] is not None:
        raise QuantityError(f'is "{cut(text)}", a limit of something that is not one quantity: write {range_of(example)}')
    value = parse_quantity(limited, dimension, example).magnitude
    return Amount(0 if is_top else value, value if is_top else None, is_limit=True, written=limited)


def _limited(said: str) -> tuple[str | None, bool]:
    """What an upper (True) or lower limit is put on; None where there is no limit."""
    for before, behind, is_top in ((_UP_TO, _OR_LESS, True), (_FROM, _OR_MORE, False)):
        if match := before.match(said):
            return said[match.end() :], is_top
        if match := behind.fullmatch(said):
            return match[1], is_top
    return None, False


def _refuse_no_answer(text: str, said: str, dimension: str) -> None:
    """Tells how to say that something is not known, does not apply, or is nothing."""
    what = f'is no {named(dimension)} ("{cut(text)}")'
    if _NOT_KNOWN.fullmatch(said):
        raise QuantityError(f"{what}: if it is not known, write unknown")
    if _NOT_APPLICABLE.fullmatch(said):
        raise QuantityError(f"{what}: write unknown if it is not known; if it does not apply, say so and why")
    if said.lower() in _NONE and dimension == "duration":
        raise QuantityError(f'{what}: write "0 s" for no time; if there is no limit, say that it does not apply, and why')
    word, _, rest = said.partition(" ")
    if word.lower() in (*_NUMBER_WORDS, "a", "an") and said.lower() not in _NOTHING:
        number = _NUMBER_WORDS.index(word.lower()) if word.lower() in _NUMBER_WORDS else 1
        shown = f"{number} {rest}".strip()
        if _is_quantity(shown, dimension):
            raise QuantityError(f'is "{cut(text)}", with a number in letters: write "{cut(shown)}"')


def _is_quantity(text: str, dimension: str) -> bool:
    try:
        parse_quantity(text, dimension)
    except QuantityError:
        return False
    return True


def _ends(text: str, said: str, dimension: str, example: str) -> tuple[Number, Number]:
    between = _BETWEEN.fullmatch(said)
    parts = list(between.groups()) if between else _TO.split(said)
    if len(parts) > 2 or (len(parts) == 2 and not parts[0]):
        raise QuantityError(f'is "{cut(text)}", which is no one range: write for example {range_of(example)}')
    last = parse_quantity(parts[-1], dimension, example).magnitude if len(parts) == 1 or _has_unit(parts) else None
    if last is None:
        raise QuantityError(f'is "{cut(text)}", and its upper end needs a unit: write "{cut(f"{said}{_unit_of(parts[0])}")}"')
    if len(parts) == 1:
        return last, last
    first = _lower_end(parts[0], parts[1], last, dimension, example)
    if first > last:
        raise QuantityError(f'is "{cut(text)}", a range from high to low: write the lower end first')
    return first, last


def _unit_of(part: str) -> str:
    number = read_number(part)
    return number.rest.rstrip() if number else ""


def _has_unit(parts: list[str]) -> bool:
    """Whether the upper end has a unit of its own, or neither end has one."""
    return bool(_unit_of(parts[1])) or not _unit_of(parts[0])


def _lower_end(low: str, high: str, last: Number, dimension: str, example: str) -> Number:
    """The lower end of a range; without a unit it takes that of the upper end, without k or M too if it would be above it."""
    first, second = read_number(low), read_number(high)
    if first is None or second is None or not second.rest.strip():
        return parse_quantity(low, dimension, example).magnitude
    unit = take_scale(second.rest, dimension)[1]
    scale, left = take_scale(first.rest, dimension)
    if scale > 1 and not left.strip() and unit.strip():
        return parse_quantity(f"{first.shown}{first.rest}{_gap(unit)}{unit.lstrip()}", dimension, example).magnitude
    if first.rest.strip() or find_unit(unit, dimension) is None:
        return parse_quantity(low, dimension, example).magnitude
    scaled = parse_quantity(f"{first.shown}{second.rest}", dimension, example).magnitude
    return scaled if scaled <= last else parse_quantity(f"{first.shown}{_gap(unit)}{unit.lstrip()}", dimension, example).magnitude


def _gap(unit: str) -> str:
    return "" if unit.lstrip().startswith("/") else " "
