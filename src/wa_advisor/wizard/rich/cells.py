"""Text measured and cut in terminal cells: a wide character takes two.

Terminals do not agree on how many cells a joined or varied sign takes (an emoji and the selector that asks for its
picture, a family of three joined into one). What is drawn is therefore taken apart first: each sign stands for
itself, as wide as every terminal has it, and nothing after it shifts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

Piece = tuple[str, str]
"""(style, text)"""
Line = list[Piece]


class Glyphs(Struct, frozen=True):
    pointer: str
    rule: str
    more: str
    up: str
    down: str
    dash: str


UNICODE = Glyphs("❯", "─", "…", "↑", "↓", "–")
_NARROW = dict.fromkeys([*range(128), *map(ord, "❯─…↑↓–")])
"""What is known to take one cell each, so that the table of widths is loaded only when it is needed."""
ASCII = Glyphs(">", "-", "...", "^", "v", "-")
_C_LOCALES = ("C", "POSIX")


def glyphs_for(encoding: str, environment: Mapping[str, str] | None = None) -> Glyphs:
    """Unicode signs where the output can carry them and the locale, if one is given, does not say C."""
    if environment is not None and _says_c(environment):
        return ASCII
    try:
        "❯─…↑↓–".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


def _says_c(environment: Mapping[str, str]) -> bool:
    """Whether the locale of characters is C or POSIX, by name or because none is set."""
    said = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or "C"
    return said in _C_LOCALES


def locale_as_started() -> Mapping[str, str] | None:
    """What the process was started with; None where the system has no locale in the environment.

    Python answers a C locale by putting C.UTF-8 into its own environment, so that os.environ no longer tells; the
    kernel keeps what was given at the start.
    """
    if os.name != "posix":
        return None
    try:
        with open("/proc/self/environ", "rb") as file:
            given = file.read().split(b"\0")
    except OSError:
        return os.environ
    pairs = (os.fsdecode(pair).partition("=") for pair in given if pair)
    return {name: value for name, _, value in pairs}


@lru_cache(maxsize=4096)
def drawable(text: str) -> str:
    """The text with joined signs taken apart (a flag is its two letters), without what turns or breaks the line."""
    if text.isascii():
        return text if text.isprintable() else "".join(c for c in text if c.isprintable())
    from unicodedata import category

    kept = (c for c in text if c not in _VARIED and category(c) not in ("Cc", "Cf", "Zl", "Zp"))
    return "".join(chr(ord(c) - 0x1F1E6 + ord("A")) if "\U0001f1e6" <= c <= "\U0001f1ff" else c for c in kept)


_VARIED = frozenset([*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0x1F3FB, 0x1F400))])
"""Variation selectors, and the skin tones that a terminal draws into the sign before them or beside it."""


@lru_cache(maxsize=4096)
def cells(text: str) -> int:
    """How many terminal cells a text takes up, drawn as `drawable` has it."""
    text = drawable(text)
    if text.isascii() or not text.translate(_NARROW).strip():
        return len(text)
    from wcwidth import wcwidth

    return sum(max(0, wcwidth(c)) for c in text)


def cut(text: str, width: int, more: str) -> str:
    """The text, or its beginning and a sign that more follows, in at most `width` cells."""
    if cells(text) <= width:
        return text
    room = width - cells(more)
    return _head(text, room) + more if room > 0 else _head(text, max(0, width))


def _head(text: str, width: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += cells(char)
        if taken > width:
            return text[:index]
    return text


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken between words, or within one that is longer."""
    width = max(width, 2)
    lines: list[str] = []
    line = ""
    for word in text.split():
        while cells(word) > width:
            if line:
                lines.append(line)
                line = ""
            head = _head(word, width) or word[0]
            lines.append(head)
            word = word[len(head) :]
        joined = f"{line} {word}" if line else word
        if cells(joined) > width:
            lines.append(line)
            line = word
        else:
            line = joined
    return [*lines, line] if line or not lines else lines


def hung(text: str, width: int, lead: str = "") -> list[str]:
    """The text in lines of at most `width` cells behind a lead, the further lines below the first one's words."""
    indent = " " * (len(text) - len(text.lstrip(" ")))
    parts = wrapped(text, width - cells(lead) - len(indent)) if text.strip() else [""]
    return [f"{lead if not number else ' ' * cells(lead)}{indent}{part}" for number, part in enumerate(parts)]


def typed_rows(text: str, width: int) -> list[str]:
    """What is being typed, in rows of at most `width` cells with a cell left for the cursor; joined they are the text.

    Rows end behind the blank between two words, so that no character is lost and the cursor finds its place.
    """
    rows: list[str] = []
    start, room = 0, max(width, 3) - 1
    while (end := _reach(text, start, room)) < len(text):
        if text[end] == " ":
            end += 1  # the blank itself may stand in the cursor's cell
        else:
            end = text.rfind(" ", start, end) + 1 or end
        rows.append(text[start:end])
        start = end
    return [*rows, text[start:]]


def _reach(text: str, start: int, room: int) -> int:
    """How far a row of so many cells reaches, at least over one character."""
    if text[start : start + room + 1].isascii():
        return min(len(text), start + room)
    end = start
    while end < len(text) and (room := room - cells(text[end])) >= 0:
        end += 1
    return min(len(text), max(end, start + 1))


def padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))
