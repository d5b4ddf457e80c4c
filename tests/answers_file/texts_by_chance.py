"""Answers files by chance, in every form that YAML lets a hand write: blocks, flows, quotes, comments, anchors, CRLF.

The forms are made beside what they say, so that a test need not trust the reader it tests.
"""

from __future__ import annotations

from random import Random
from typing import Any

WORDS = (
    "cart",
    "full-key",
    "12 KB",
    "about 3 MB",
    "a: b",
    "x # y",
    "it's",
    'say "so"',
    "- dash",
    "[a",
    "yes",
    "1.10",
    "日本",
    "a, b",
    "null",
    "#no",
)
KEYS = ("lookup", "item_size", "peak_rate", "combines", "note", "waiting", "colour", "trigger")
GROUPS = ("access_patterns", "components", "interfaces", "hand_overs")


def said_by_chance(rng: Random) -> dict[str, Any]:
    """What a file says: scalars are text, as it is before anyone guesses types."""
    said: dict[str, Any] = {"answers": "1", "workload": {"name": "Shop", **_pairs(rng, 3)}}
    for group in GROUPS:
        if rng.random() < 0.6:
            said[group] = [{"name": f"n{i}", **_pairs(rng, 4)} for i in range(rng.randrange(4))]
    if rng.random() < 0.5:
        said["lens"] = {f"REL0{i}": rng.choice(["unknown", {"practices": ["a", "b"]}]) for i in range(rng.randrange(1, 3))}
    if rng.random() < 0.5:
        said["sign_offs"] = [{"item": f"n{i}", "approver": rng.choice(WORDS)} for i in range(rng.randrange(1, 3))]
    return said


def _pairs(rng: Random, most: int) -> dict[str, Any]:
    return {key: value_by_chance(rng) for key in rng.sample(KEYS, rng.randrange(most + 1))}


def value_by_chance(rng: Random) -> Any:
    kind = rng.random()
    if kind < 0.6:
        return rng.choice(WORDS)
    if kind < 0.8:
        return [rng.choice(WORDS) for _ in range(rng.randrange(3))]
    return {"value": rng.choice(WORDS), "note": rng.choice(WORDS)}


class Hand:
    """Writes what a file says as a hand might; every comment is another one."""

    def __init__(self, rng: Random, *, anchors: bool) -> None:
        self.rng = rng
        self.count = 0
        self.flow = rng.choice((0.0, 0.2, 1.0))
        self.remarks = rng.choice((0.0, 0.3, 0.7))
        self.tied: list[str] = []
        self.anchors = anchors
        self.in_text = False

    def text(self, said: dict[str, Any]) -> str:
        lines = "".join(self.own_lines(0) + self.pair(key, value, 0) for key, value in said.items()) + self.own_lines(0)
        if self.rng.random() < 0.2:
            lines = lines.rstrip("\n")
        return lines.replace("\n", "\r\n") if self.rng.random() < 0.3 else lines

    def comment(self) -> str:
        self.count += 1
        return f"# {self.count} {self.rng.choice(('', 'a: b', '- x', 'it is [so', ', }'))}".rstrip()

    def own_lines(self, indent: int) -> str:
        """Comments on lines of their own, and empty lines."""
        found = ""
        while self.rng.random() < self.remarks / 2:
            deeper = 0 if self.in_text else 2  # below a text on lines of its own it would be part of it
            pad = " " * max(0, indent + self.rng.choice((0, 0, 0, -2, deeper)))
            found += self.rng.choice(("\n", f"{pad}{self.comment()}\n", f"{pad}{self.comment()}\n"))
        return found

    def end(self) -> str:
        """The end of a line, with a comment behind it or not."""
        return f"{' ' * self.rng.randrange(1, 3)}{self.comment()}\n" if self.rng.random() < self.remarks / 2 else "\n"

    def pair(self, key: str, value: Any, indent: int) -> str:
        key = self.rng.choice((key, key, key, f'"{key}"'))
        if not isinstance(value, str) and value and indent <= 4 and self.rng.random() >= self.flow and value != [[]]:
            if isinstance(value, dict):
                inner = "".join(self.own_lines(indent + 2) + self.pair(k, v, indent + 2) for k, v in value.items())
                return f"{' ' * indent}{key}:{self.end()}{inner}"
            dash = indent + self.rng.choice((0, 2)) if indent == 0 else indent + 2
            return f"{' ' * indent}{key}:{self.end()}" + "".join(self.own_lines(dash) + self.entry(v, dash) for v in value)
        if isinstance(value, str) and self.rng.random() < 0.1 and value.isascii() and value.strip("#") == value:
            self.in_text = True
            return f"{' ' * indent}{key}: {self.rng.choice('|>')}-{self.end()}{' ' * (indent + 2)}{value}\n"
        self.in_text = False
        return f"{' ' * indent}{key}: {self.inline(value, indent + 2)}{self.end()}"

    def entry(self, value: Any, dash: int) -> str:
        if not isinstance(value, dict) or self.rng.random() < self.flow:
            self.in_text = False
            return f"{' ' * dash}- {self.inline(value, dash + 2)}{self.end()}"
        lines = ""
        for number, (key, inner) in enumerate(value.items()):
            lines += (self.own_lines(dash + 2) if number else "") + self.pair(key, inner, dash + 2)
        return f"{' ' * dash}- {lines[dash + 2 :]}"

    def inline(self, value: Any, indent: int) -> str:
        """A value on one line, or on several between brackets, with comments there too."""
        if isinstance(value, str):
            return self.scalar(value)
        pieces = (
            [f"{k}: {self.inline(v, indent + 1)}" for k, v in value.items()]
            if isinstance(value, dict)
            else [self.inline(v, indent + 1) for v in value]
        )
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        if not pieces or self.rng.random() < 0.5:
            return f"{opening}{', '.join(pieces)}{closing}"
        pad = " " * (indent + 1)
        found = opening + (self.end() + pad if self.rng.random() < 0.4 else "")
        for number, piece in enumerate(pieces):
            comma = "," if number + 1 < len(pieces) or self.rng.random() < 0.2 else ""
            found += piece + comma + self.end() + self.own_lines(indent + 1).lstrip(" ") + pad
        return found + closing

    def scalar(self, value: str) -> str:
        quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        plain = value if value.replace(" ", "").isalnum() and value != "null" else "'" + value.replace("'", "''") + "'"
        written = self.rng.choice((plain, plain, quoted))
        if not self.anchors or self.rng.random() < 0.7:
            return written
        if value in self.tied:
            return f"*t{WORDS.index(value)}" if value in WORDS else written
        if value in WORDS:
            self.tied.append(value)
            return f"&t{WORDS.index(value)} {written}"
        return written
