"""PostgreSQL through syslog: messages in numbered pieces, `[12-1]`, `[12-2]`, mixed between processes.

A piece that begins with a blank or a tab (written #011) goes on where the text was broken; one that does not
was broken inside a word. Pieces are joined per process, then read as the stderr log is. What journald caught from stderr
has no numbers: there a line without a level goes on.
"""

from __future__ import annotations

import re

from wa_advisor.evidence.readers.batch import Batch, Collector
from wa_advisor.evidence.readers.postgres import STATEMENT_MESSAGE, Row, collect
from wa_advisor.evidence.readers.prefix import LEVELS

_LINE = re.compile(
    rb"(?:<\d+>)?+(?:\d )?+(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)[^\s]*+ +(?:\S+ +)?"
    rb"[\w./-]+\[(?P<pid>\d+)\]:? (?: *\[\d+-(?P<piece>\d+)\] )?(?P<text>.*)",
    re.DOTALL,
)
HEAD = re.compile(
    rb"^(?:(?:<\d+>)?[^\n]{10,80}?[\w./-]\[\d+\]:? +\[\d+-\d+\] |[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w./-]+\[\d+\]: )[^\n]*"
    + LEVELS
    + rb": ",
    re.MULTILINE,
)
_LEVEL = re.compile(rb"^.{0,200}?\b(" + LEVELS + rb"): +", re.DOTALL)
_STATEMENT = re.compile(STATEMENT_MESSAGE)
_MONTHS = {m: b"%02d" % n for n, m in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
MAX_OPEN = 2_000


class SysLog:
    """Reads blocks of a syslog file; open messages wait for their further pieces in the next block."""

    name = "PostgreSQL log through syslog"
    parallel = False

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._open: dict[bytes, tuple[bytes, list[bytes], int]] = {}

    def cut(self, data: bytes) -> int:
        return data.rfind(b"\n", 0, len(data) - 1) + 1

    def extract(self, block: bytes, line: int) -> Batch:
        rows: list[Row] = []
        places: dict[bytes, int] = {}
        for number, raw in enumerate(block.split(b"\n"), line):
            if raw:
                self._take(raw, number, rows, places)
        while len(self._open) > MAX_OPEN:
            self._close(next(iter(self._open)), rows, places)
        return collect(self._collector, rows, lambda data: data, lambda text: places.get(text, line))

    def finish(self) -> Batch:
        """What is still open at the end of the file."""
        rows: list[Row] = []
        places: dict[bytes, int] = {}
        for pid in list(self._open):
            self._close(pid, rows, places)
        return collect(self._collector, rows, lambda data: data, lambda text: places.get(text, 1))

    def _take(self, raw: bytes, number: int, rows: list[Row], places: dict[bytes, int]) -> None:
        match = _LINE.match(raw)
        if match is None:
            places[raw] = number
            rows.append((b"", b"", b"", b"", b"", b"", b"", raw))
            return
        pid, text = match["pid"], match["text"].replace(b"#011", b"\t").replace(b"#012", b"\n")
        begins = match["piece"] == b"1" if match["piece"] else _LEVEL.match(text) is not None
        if begins or pid not in self._open:
            self._close(pid, rows, places)
            self._open[pid] = (_second(match["time"]), [text], number)
        else:
            self._open[pid][1].append(b"\n" + text[1:] if text.startswith(b"\t") else text)

    def _close(self, pid: bytes, rows: list[Row], places: dict[bytes, int]) -> None:
        opened = self._open.pop(pid, None)
        if opened is None:
            return
        time, pieces, number = opened
        message = b"".join(pieces)
        level = _LEVEL.match(message)
        body = message[level.end() :] if level else message
        match = _STATEMENT.match(body) if level and level[1] == b"LOG" else None
        name = level[1] if level else b""
        if match:
            rows.append((time, pid, match[1] or b"", body[match.end() :], b"", b"", b"", b""))
            places.setdefault(body[match.end() :], number)
        elif name == b"DETAIL" and body.startswith(b"prepare: "):
            rows.append((time, pid, b"", b"", body[9:], b"", b"", b""))
        elif name in (b"ERROR", b"FATAL", b"PANIC", b"WARNING", b"STATEMENT"):
            rows.append((time, pid, b"", b"", b"", name, body if name == b"STATEMENT" else b"", b""))
        elif level:
            rows.append((time, pid, b"", b"", b"", b"", b"", b""))
        else:
            places[message] = number
            rows.append((time, pid, b"", b"", b"", b"", b"", message))


def _second(time: bytes) -> bytes:
    """`Nov 24 13:08:01` has no year: the month as a number sorts, and spans are all that is read from it."""
    month = _MONTHS.get(time[:3])
    return b"2000-" + month + b"-" + time[4:6].replace(b" ", b"0") + b" " + time[7:15] if month else time[:19].replace(b"T", b" ")
