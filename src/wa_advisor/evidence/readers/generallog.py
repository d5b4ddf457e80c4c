"""The general log of MySQL and MariaDB: time, connection, command, argument; further lines belong to the argument."""

from __future__ import annotations

import re

from wa_advisor.evidence.readers.batch import Batch, Collector, Columns, name_misfits
from wa_advisor.evidence.readers.postgres import LineCounter

_WHEN = rb"(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[.\d]*+(?:Z|[+-]\d\d:\d\d)|(\d{6} [ \d]\d:\d\d:\d\d)|(?=\t))"
_COMMANDS = (
    rb"Query|Execute|Prepare|Close stmt|Connect|Quit|Init DB|Field List|Reset stmt|Long Data|Statistics|Ping|Change user|"
    rb"Binlog Dump|Binlog Dump GTID|Register Slave|Register Replica|Shutdown|Refresh|Kill|Debug|Sleep|Fetch|Set option|Daemon|"
    rb"Table Dump|Connect Out|Delayed insert|Processlist|Create DB|Drop DB|Time|Error|Reset Connection|clone|Bulk_execute"
)
_LINE = _WHEN + rb"[\t ]+(\d+) (" + _COMMANDS + rb")(?:\t|(?=\n|\Z)| (?=\n))"
_RECORD = re.compile(
    _LINE
    + rb"([^\n]*+(?:\n(?!"
    + _LINE.replace(b"(\\d", b"(?:\\d").replace(b"(Query", b"(?:Query")
    + rb"|[^\n]*, Version: )[^\n]*+)*+)(?:\n|\Z)|(?:[^\n]*, Version: [^\n]*\n(?:Tcp port: [^\n]*\n)?+(?:Time[^\n]*\n)?+)|([^\n]*+\n|[^\n]++\Z)"
)
HEAD = re.compile(rb"^" + _LINE, re.MULTILINE)
_START = re.compile(rb"\n(?=" + _LINE + rb")")
_TIME, _OLD_TIME, _SESSION, _COMMAND, _TEXT, _MISFIT = range(6)
_RUNS = (b"Query", b"Execute")
_EXECUTE = re.compile(rb"\s*EXECUTE\s+(?!IMMEDIATE)", re.IGNORECASE)


class GeneralLog:
    """Reads blocks of a general log; keeps the time from one block to the next, since a line may have none."""

    name = "MySQL general log"
    parallel = False

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._second = b""

    def cut(self, data: bytes) -> int:
        """Where the last line with a command begins; 0 when no place is sure."""
        at = len(data)
        while (at := data.rfind(b"\n", 0, at)) > 0:
            if _START.match(data, at):
                return at + 1
        return 0

    def extract(self, block: bytes, line: int) -> Batch:
        found = _RECORD.findall(block)
        line_of = LineCounter(block, line)
        seconds: list[bytes] = []
        for record in found:
            self._second = record[_TIME] or record[_OLD_TIME] or self._second
            seconds.append(self._second)
        places = _executions(found)
        columns = Columns(
            texts=[found[i][_TEXT] for i in places], seconds=[seconds[i] for i in places],
            sessions=[found[i][_SESSION] for i in places], line_of=lambda order: line_of(found[places[order]][_TEXT]),
        )  # fmt: skip
        batch, _ = self._collector.batch(columns)
        batch.skipped["commands without a statement"] = sum(1 for r in found if r[_COMMAND]) - len(places)
        name_misfits(batch, [(line_of(r[_MISFIT]), r[_MISFIT]) for r in found if r[_MISFIT].strip()])
        return batch


def _executions(found: list[tuple[bytes, ...]]) -> list[int]:
    """The places of what ran: a text EXECUTE is left out when the log gives its statement in the next line."""
    places: list[int] = []
    waiting: dict[bytes, int] = {}
    for place, record in enumerate(found):
        if record[_COMMAND] not in _RUNS or not record[_TEXT].strip():
            continue
        if record[_COMMAND] == b"Execute":
            named = waiting.pop(record[_SESSION], None)
            if named is not None:
                places.remove(named)
        elif _EXECUTE.match(record[_TEXT]):
            waiting[record[_SESSION]] = place
        else:
            waiting.pop(record[_SESSION], None)
        places.append(place)
    return places
