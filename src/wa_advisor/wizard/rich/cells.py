"""Text measured and cut in terminal cells: a wide character takes two."""

from __future__ import annotations

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


def glyphs_for(encoding: str) -> Glyphs:
    """Unicode signs where the output can carry them."""
    try:
        "❯─…↑↓–".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


@lru_cache(maxsize=4096)
def cells(text: str) -> int:
    """How many terminal cells a text takes up."""
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


def padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))
