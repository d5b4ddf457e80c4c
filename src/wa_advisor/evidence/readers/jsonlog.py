"""PostgreSQL's jsonlog (15 and later): one object a line."""

from __future__ import annotations

import json
import re

from wa_advisor.evidence.readers.batch import Batch, Collector
from wa_advisor.evidence.readers.postgres import MISFIT, STATEMENT_MESSAGE, TEXT, LineCounter, Row, collect

_MESSAGE = re.compile(STATEMENT_MESSAGE)
HEAD = re.compile(rb'^\{"timestamp":[^\n]*"error_severity":', re.MULTILINE)


class JsonLog:
    """Reads blocks of jsonlog."""

    name = "PostgreSQL jsonlog"
    parallel = True

    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    def cut(self, data: bytes) -> int:
        """Where the last line begins, and an error is kept with what it is about."""
        return data.rfind(b"\n", 0, len(data) - 1) + 1

    def extract(self, block: bytes, line: int) -> Batch:
        rows: list[Row] = []
        places: dict[bytes, int] = {}
        for number, one in enumerate(block.split(b"\n"), line):
            if one:
                rows.append(row := _row(one))
                places.setdefault(row[TEXT] or row[MISFIT], number)
        count = LineCounter(block, line)
        return collect(self._collector, rows, lambda data: data, lambda text: places.get(text) or count(text))


def _row(line: bytes) -> Row:
    nothing = b""
    try:
        record = json.loads(line)
        message = record["message"].encode("utf-8", "replace")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return (nothing, nothing, nothing, nothing, nothing, nothing, nothing, line)
    time = str(record.get("timestamp", ""))[:19].encode()
    session = str(record.get("session_id") or record.get("pid") or "").encode()
    level = str(record.get("error_severity", ""))
    match = _MESSAGE.match(message) if level == "LOG" else None
    if match:
        detail = str(record.get("detail", ""))
        prepared = detail[9:].encode("utf-8", "replace") if detail.startswith("prepare: ") else nothing
        return (time, session, match[1] or nothing, message[match.end() :], prepared, nothing, nothing, nothing)
    failed = level in ("ERROR", "FATAL", "PANIC")
    query = str(record.get("statement", "")).encode("utf-8", "replace") if failed else nothing
    return (time, session, nothing, nothing, nothing, level.encode() if failed else nothing, query, nothing)
