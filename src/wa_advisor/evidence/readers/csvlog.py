"""PostgreSQL's csvlog, of every version: one regular expression reads a whole block."""

from __future__ import annotations

import re

from wa_advisor.evidence.readers.batch import Batch, Collector
from wa_advisor.evidence.readers.postgres import MISFIT, LineCounter, Row, collect

_Q = rb'(?:[^",\n]++|(?:"[^"]*+")++)?+'
_BODY = rb'[^"]*+(?:""[^"]*+)*+'
_HEAD = (
    rb"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)[^,\n]*+," + _Q + b"," + _Q + rb",\d*+," + _Q + rb",([^,\n]*+),\d*+,"
    + _Q + rb",[^,\n]*+,[^,\n]*+,\d*+,"
)  # fmt: skip
_RECORD = re.compile(
    _HEAD
    + rb'(?:LOG,00000,"(?:duration: ([0-9.]++) ms  )?+(?:statement: |execute (?!fetch from )[^":\n]*+: )(' + _BODY + rb')",'
    + rb'(?:"prepare: (' + _BODY + rb')")?+'
    + rb"|(ERROR|FATAL|PANIC)," + _Q + b"," + _Q + b"," + _Q + b"," + _Q + b"," + _Q + b"," + _Q + b"," + _Q
    + rb',(?:"(' + _BODY + rb')"|[^",\n]*+),'
    + rb"|[A-Z]++\d?,(?:" + _Q + rb",){10})"
    + rb'[^\n"]*+(?:"[^"]*+"[^\n"]*+)*+(?:\n|\Z)'
    + rb"|([^\n]*+\n|[^\n]++\Z)"
)  # fmt: skip
_START = re.compile(rb"\n(?=\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[^,\n]*+," + _Q + b"," + _Q + rb",\d*+," + _Q + rb",[^,\n]*+,\d*+,)")
HEAD = re.compile(_HEAD + rb"[A-Z]++\d?,")


class CsvLog:
    """Reads blocks of csvlog."""

    name = "PostgreSQL csvlog"
    parallel = True

    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    def cut(self, data: bytes) -> int:
        """Where the last record of the block begins; 0 when no place is sure."""
        at = len(data)
        while (at := data.rfind(b"\n", 0, at)) > 0:
            if _START.match(data, at):
                if data.count(b'"', 0, at) % 2 == 0:
                    return at + 1
                if len(data) - at > 1_000_000:
                    break
        at = data.rfind(b"\n", 0, len(data) - 1)
        return at + 1 if len(data) > 64_000_000 else 0

    def extract(self, block: bytes, line: int) -> Batch:
        rows: list[Row] = _RECORD.findall(block)
        if rows and rows[0][MISFIT].startswith(b"log_time,"):
            del rows[0]  # a header
        return collect(self._collector, rows, _unescape, LineCounter(block, line))


def _unescape(data: bytes) -> bytes:
    return data.replace(b'""', b'"')
