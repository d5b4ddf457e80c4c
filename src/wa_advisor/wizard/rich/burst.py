"""Texts that arrive at once: a paste in one line, and a long text without marks taken in one piece.

A terminal that knows bracketed paste says where a pasted text begins and ends: its line breaks are no Enter. Without marks
they are: keys that were typed ahead, or sent by a program, come together just like a paste, and each has to do
what it does alone. Only the characters between two line breaks are put in as one text, for they would else be drawn
one by one.
"""

from __future__ import annotations

import re
import select
from collections.abc import Callable
from typing import Any

from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys

AT_ONCE = 16
"""Characters in a row that are put in as one text."""
LINES = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def joined(text: str) -> tuple[str, int]:
    """A pasted text in one line, and how many lines with something in them it had."""
    lines = [" ".join("".join(c if c.isprintable() else " " for c in line).split()) for line in LINES.split(text)]
    filled = [line for line in lines if line]
    if len(lines) == 1:  # a part of a line keeps the blanks at its ends
        return "".join(c if c.isprintable() else " " for c in text), len(filled)
    # a long paste comes in parts: a blank between two of them stays one
    before, after = (" " if end.isspace() else "" for end in (text[0], text[-1]))
    return before + " ".join(filled) + after, len(filled)


def with_pastes(source: Any, typing: Callable[[], bool]) -> Any:
    """An input of prompt_toolkit whose unmarked pastes come as marked ones while a line is `typing`."""
    if hasattr(source, "stdin_reader"):  # else a console that is read in events, not in bytes
        source.read_keys = _Reader(source, typing).read_keys
    return source


class _Reader:
    def __init__(self, source: Any, typing: Callable[[], bool]) -> None:
        self.source = source
        self.read: Callable[[], list[KeyPress]] = source.read_keys
        self.typing = typing

    def read_keys(self) -> list[KeyPress]:
        keys = self.read()
        if not self.typing() or len(keys) < AT_ONCE:
            return keys
        while not self.source.closed and select.select([self.source.fileno()], [], [], 0)[0]:
            keys += self.read()
        length = next((n for n, key in enumerate(keys) if len(key.key) != 1), len(keys))
        if length < AT_ONCE:
            return keys
        return [KeyPress(Keys.BracketedPaste, "".join(key.data for key in keys[:length])), *keys[length:]]
