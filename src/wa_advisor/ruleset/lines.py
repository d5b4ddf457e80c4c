"""Where the lines of a text end, as YAML counts them.

YAML breaks a line at a line feed, a carriage return with or without one, and at U+0085, U+2028 and U+2029. An
editor may show them otherwise; but a comment ends there and a key may begin, so every count of lines goes by it.
"""

from __future__ import annotations

import re

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ODD = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
BREAKS = "\n\r\x85\u2028\u2029"


def lines_of(text: str) -> list[str]:
    """The lines without what ends them; the last is what follows the last break."""
    if _ODD.search(text) is None:  # nearly every text, and much faster
        return text.replace("\r\n", "\n").split("\n")
    return _BREAK.split(text)


def line_number(text: str, offset: int) -> int:
    """The line, from 1, of the character at an offset."""
    return sum(1 for _ in _BREAK.finditer(text, 0, line_start(text, offset))) + 1


def line_start(text: str, offset: int) -> int:
    """The offset of the first character of the line."""
    if offset and text[offset - 1 : offset + 1] == "\r\n":  # between the two the line is not over yet
        offset -= 1
    return max(text.rfind(sign, 0, offset) for sign in BREAKS) + 1


def line_end(text: str, offset: int) -> int:
    """The offset of what ends the line, or of the end of the text."""
    if offset and text[offset - 1 : offset + 1] == "\r\n":
        return offset - 1
    found = _BREAK.search(text, offset)
    return found.start() if found else len(text)


def next_line(text: str, offset: int) -> int:
    """Where the line after this one begins; the end of the text if there is none."""
    found = _BREAK.search(text, line_end(text, offset))
    return found.end() if found else len(text)
