"""Texts that arrive at once: the lines of a paste joined into one, also where the terminal does not mark a paste.

A terminal that knows bracketed paste says where a pasted text begins and ends. From one that does not, the text comes
as if typed, and each of its line breaks would be an Enter that answers another question. But no person types ten
characters between two reads of the keyboard: what comes like that while a line is being typed is taken as a paste.
Keys that waited while the program was busy come together as well; they are taken as a paste only if there are more
characters than anyone types ahead, or line breaks with text on both sides.
"""

from __future__ import annotations

import re
import select
import time
from collections.abc import Callable
from typing import Any

from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys

AT_ONCE = 16
"""Characters in one read that no person has typed."""
SECONDS = 0.05
"""A text that follows a paste so soon belongs to it."""
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
        self.last = 0.0
        self.lines = False

    def read_keys(self) -> list[KeyPress]:
        keys = self.read()
        soon = time.monotonic() - self.last < SECONDS
        if not self.typing() or not _is_burst(keys, soon):
            return keys
        while not self.source.closed and select.select([self.source.fileno()], [], [], 0)[0]:
            keys += self.read()
        length = next((n for n, key in enumerate(keys) if not _is_text(key)), len(keys))
        found = self._as_paste(_text(keys[:length]), soon)
        self.last = time.monotonic()
        return [*found, *keys[length:]]

    def _as_paste(self, text: str, soon: bool) -> list[KeyPress]:
        """The paste; one line with a break at its end keeps the break, which is an Enter."""
        self.lines = "\n" in text.strip() or (soon and (self.lines or text.startswith("\n")))
        paste = KeyPress(Keys.BracketedPaste, text)
        if self.lines or not text.endswith("\n"):
            return [paste]
        return [KeyPress(Keys.BracketedPaste, text.rstrip("\n")), KeyPress(Keys.ControlM, "\r")]


def _is_text(key: KeyPress) -> bool:
    """A character, or what stands between characters in a text."""
    return len(key.key) == 1 or key.key in (Keys.ControlM, Keys.ControlJ, Keys.ControlI)


def _text(keys: list[KeyPress]) -> str:
    return "".join("\n" if key.key in (Keys.ControlM, Keys.ControlJ) else key.data for key in keys)


def _is_burst(keys: list[KeyPress], soon: bool) -> bool:
    """Nothing but text: many characters, a line break with text before and after it, or what follows such a text."""
    if not all(map(_is_text, keys)):
        return False
    text = _text(keys).strip()
    return len(text) >= AT_ONCE or "\n" in text or (soon and len(text) > 1)
