"""PostgreSQL's stderr log: lines with a prefix, further lines of a message begin with a tab."""

from __future__ import annotations

import re

from wa_advisor.evidence.readers.batch import Batch, Collector
from wa_advisor.evidence.readers.postgres import LineCounter, Row, collect
from wa_advisor.evidence.readers.prefix import LEVELS, compile_prefix

_GO_ON = rb"(?:\t|[ ]{2,}|(?i:(?:FROM|WHERE|AND|OR|JOIN|LEFT|INNER|ORDER|GROUP|HAVING|LIMIT|SET|VALUES|ON|UNION|RETURNING)\b))"
_TEXT = rb"[^\n]*+(?:\n" + _GO_ON + rb"[^\n]*+)*+"


class StderrLog:
    """Reads blocks of a log with this prefix."""

    name = "PostgreSQL log"
    parallel = True

    def __init__(self, collector: Collector, prefix: str) -> None:
        self._collector = collector
        head = b"(?:" + compile_prefix(prefix) + b")"
        self._record = re.compile(
            head
            + rb"(?:LOG:  ?(?:duration: (?P<duration>[0-9.]++) ms  )?+(?:statement: |execute (?!fetch from )[^\n:]*+: )(?P<text>"
            + _TEXT + rb")|DETAIL:  ?prepare: (?P<prepared>" + _TEXT + rb")"
            + rb"|(?P<level>ERROR|FATAL|PANIC|WARNING|NOTICE|STATEMENT): *+(?:(?:(?<=T: )|(?<=T:  ))(?P<failed>" + _TEXT + b")|"
            + _TEXT + b")|" + LEVELS + b":" + _TEXT + rb")(?:\n|\Z)|(?P<misfit>[^\n]*+\n|[^\n]++\Z)"
        )  # fmt: skip
        self._start = re.compile(rb"\n(?=" + head + rb"(?:LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG[1-5]?):)")
        index = self._record.groupindex
        self._width = index["duration"] - 1
        self._time = index.get("time", index.get("epoch", 0)) - 1
        self._session = index.get("id", index.get("session", 0)) - 1

    def cut(self, data: bytes) -> int:
        """Where the last message of the block begins; 0 when no place is sure."""
        at = len(data)
        while (at := data.rfind(b"\n", 0, at)) > 0:
            if self._start.match(data, at):
                return at + 1
        at = data.rfind(b"\n", 0, len(data) - 1)
        return at + 1 if len(data) > 64_000_000 else 0

    def extract(self, block: bytes, line: int) -> Batch:
        rows = self._record.findall(block)
        if self._time != 0 or self._session != 1 or self._width != 2:
            rows = [self._row(found) for found in rows]
        return collect(self._collector, rows, _unescape, LineCounter(block, line))

    def _row(self, found: tuple[bytes, ...]) -> Row:
        """The groups in the order that all forms share; what the prefix lacks is empty."""
        time = found[self._time] if self._time >= 0 else b""
        session = found[self._session] if self._session >= 0 else b""
        return (time, session, *found[self._width :])  # type: ignore[return-value]  # six groups follow those of the prefix


def _unescape(data: bytes) -> bytes:
    return data.replace(b"\n\t", b"\n")
