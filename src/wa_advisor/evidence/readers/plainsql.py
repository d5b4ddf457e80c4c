"""Plain .sql: statements between semicolons, each counted once.

A body between BEGIN and END, a dollar-quoted function and the data lines of COPY are not split; the DELIMITER
lines of mysql and the backslash commands of psql are understood and left out.
"""

from __future__ import annotations

import re

from wa_advisor.evidence.readers.batch import Batch, Collector, Columns

_COMMENT = rb"--[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_STRINGS = {
    "mysql": rb"'(?:[^'\\]++|\\.|'')*+'|\"(?:[^\"\\]++|\\.|\"\")*+\"|`[^`]*+`|#[^\n]*+",
    "postgres": rb"\b[eE]'(?:[^'\\]++|\\.|'')*+'|'(?:[^']++|'')*+'|\"[^\"]*+\"|\$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$",
}
_STRINGS["other"] = rb"'(?:[^']++|'')*+'|\"[^\"]*+\"|`[^`]*+`"
_LINES = rb"(?P<line>^(?:\\[^\n]*+|(?i:DELIMITER)[ \t]+(?P<mark>\S+)[^\n]*+)(?:\n|\Z))"
_ROUTINE = re.compile(rb"\s*CREATE\b[^;(]{0,200}?\b(?:PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE)\b", re.IGNORECASE)
_BLOCKS = re.compile(rb"\bEND\s+(?:IF|LOOP|WHILE|REPEAT|FOR)\b|\b(BEGIN|CASE)\b|\b(END)\b(?:\s+CASE\b)?", re.IGNORECASE)
_COPY = re.compile(rb"\s*COPY\b.*\bFROM\s+stdin\b", re.IGNORECASE | re.DOTALL)


class PlainSql:
    """Reads blocks of statements; what is not ended yet waits for the next block."""

    name = "SQL statements"
    parallel = False

    def __init__(self, collector: Collector, family: str) -> None:
        self._collector = collector
        self._mark = b";"
        strings = _STRINGS[family]
        self._tokens = re.compile(_LINES + b"|" + strings + b"|" + _COMMENT + rb"|(?P<end>;|//|\$\$)", re.DOTALL | re.MULTILINE)
        self._seen = 0
        self._statements: list[tuple[bytes, int]] = []

    def cut(self, data: bytes) -> int:
        """Where the text behind the last whole statement begins; keeps the statements for `extract`."""
        self._statements, at = self._split(data)
        self._seen = at
        return at

    def extract(self, block: bytes, line: int) -> Batch:
        if len(block) != self._seen:
            self._statements, at = self._split(block)
            if block[at:].strip():
                self._statements.append((block[at:], at))
        self._seen = -1
        texts = [(text, at) for text, at in self._statements if text.strip()]
        columns = Columns(
            texts=[text for text, _ in texts],
            line_of=lambda place: line + block.count(b"\n", 0, texts[place][1] + _blank(texts[place][0])),
        )
        return self._collector.batch(columns)[0]

    def _split(self, data: bytes) -> tuple[list[tuple[bytes, int]], int]:
        found: list[tuple[bytes, int]] = []
        start = 0
        at = 0
        while (match := self._tokens.search(data, at)) is not None:
            at = match.end()
            if match["line"] is not None:
                if not data[start : match.start()].strip():
                    start = match.end()
                    self._mark = match["mark"] or self._mark
            elif match["end"] == self._mark:
                text = data[start : match.start()]
                if _is_open(text):
                    continue
                found.append((text, start))
                start = at = self._after_copy(data, text, match.end())
        return found, start

    def _after_copy(self, data: bytes, text: bytes, at: int) -> int:
        """Behind the data lines when the statement was a COPY from stdin."""
        if not _COPY.match(text, _blank(text)):
            return at
        end = data.find(b"\n\\.", at - 1)
        return at if end < 0 else end + 3


def _is_open(text: bytes) -> bool:
    """Whether a routine's body has more BEGIN than END."""
    if not _ROUTINE.match(text, _blank(text)):
        return False
    return sum(bool(m[1]) - bool(m[2]) for m in _BLOCKS.finditer(text)) > 0


def _blank(text: bytes) -> int:
    """How far into a text its first word stands, behind blanks and comments."""
    match = re.match(rb"(?:\s++|--[^\n]*+\n|/\*(?!!).*?\*/)*+", text, re.DOTALL)
    return match.end() if match else 0
