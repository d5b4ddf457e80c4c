"""The slow log of MySQL, MariaDB, Percona Server, Aurora and RDS: entries of `# ` lines and a statement.

Entries of one second share one `# Time`, so the time is that of `SET timestamp`. A body may hold lines that look
like headers: an entry only ends where a line that ends in a semicolon is followed by a header.
"""

from __future__ import annotations

import re

from wa_advisor.evidence.fingerprint import shapes_of
from wa_advisor.evidence.readers.batch import MAX_NAMED, Batch, Collector, Columns, name_misfits
from wa_advisor.evidence.readers.feed import text_of
from wa_advisor.evidence.readers.postgres import LineCounter

_BANNER = rb"(?:[^\n]*, Version: [^\n]*\n(?:Tcp port: [^\n]*\n)?+(?:Time +\t* *Id +Command[^\n]*\n|Time\t[^\n]*\n)?+)"
_HEADER = rb"# (?:Time: |User@Host: |Thread_id: |Query_time: )"
_ENTRY = re.compile(
    rb"(?:# Time: ([^\n]*+)\n)?+# User@Host: ([^\n]*+)\n((?:#(?! administrator)[^\n]*+\n)*+)"
    rb"(?:use [^\n;]*+;\n)?+(?:SET timestamp=(\d+)[.\d]*;\n)?+"
    rb"((?!" + _HEADER + rb")[^\n]*+(?:\n(?!(?<=;\n)(?:" + _HEADER + rb"|[^\n]*, Version: ))[^\n]*+)*+)(?:\n|\Z)"
    rb"|(?:" + _BANNER + rb")|(?:# Time: [^\n]*+\n(?=# Time: |\Z))|([^\n]*+\n|[^\n]++\Z)"
)  # fmt: skip
_TIME, _USER, _FIELDS, _STAMP, _BODY, _MISFIT = range(6)
_THREAD = re.compile(rb"\b(?:Thread_id|Id): *(\d+)")
_QUERY_TIME = re.compile(rb"Query_time: *([0-9.]+)")
_SENT = re.compile(rb"Rows_sent: *(\d+)")
_AFFECTED = re.compile(rb"Rows_affected: *(\d+)")
_FAILED = re.compile(rb"(?:Last_errno|Errno): *([1-9]\d*)")
_RATE = re.compile(rb"Log_slow_rate_type: *(\w+) +Log_slow_rate_limit: *([2-9]|\d\d+)")
_FULL_HEADER = re.compile(
    rb"(?:# Time: [^\n]*\n)?# User@Host: [^\n]*\n(?:# (?!Time: |User@Host: )[^\n]*\n)*?# Query_time: *[0-9.]+"
)
HEAD = re.compile(rb"^# User@Host: ", re.MULTILINE)
_START = re.compile(rb"(?<=\n)(?:# Time: |# User@Host: )")


class SlowLog:
    """Reads blocks of a slow log."""

    name = "MySQL slow log"
    parallel = True

    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    def cut(self, data: bytes) -> int:
        """Where the last entry of the block begins; 0 when no place is sure."""
        at = len(data)
        while True:
            at = max(data.rfind(b";\n# Time: ", 0, at), data.rfind(b";\n# User@Host: ", 0, at))
            if at < 0:
                break
            return at + 2
        at = data.rfind(b"\n# Time: ")
        return at + 1 if at > 0 and len(data) > 16_000_000 else 0

    def extract(self, block: bytes, line: int) -> Batch:
        found = _ENTRY.findall(block)
        if any(e[_BODY].count(b"'") % 2 for e in found):
            block = _join_cut_bodies(block)
            found = _ENTRY.findall(block)
        line_of = LineCounter(block, line)
        entries = [e for e in found if e[_BODY] and not _FAILED.search(e[_FIELDS])]
        failed = sum(1 for e in found if e[_BODY]) - len(entries)
        columns = Columns(
            texts=[_statement(e[_BODY]) for e in entries], seconds=[e[_STAMP] for e in entries],
            sessions=[_session(e) for e in entries], rows=[_rows(e[_FIELDS]) for e in entries],
            line_of=lambda place: line_of(entries[place][_BODY]),
        )  # fmt: skip
        batch, _ = self._collector.batch(columns)
        _durations(batch, entries)
        batch.skipped["failed statements"] = failed
        misfits = [e[_MISFIT] for e in found if e[_MISFIT].strip()]
        name_misfits(batch, [(line_of.following(m), m) for m in misfits[:MAX_NAMED]])
        batch.misfit_count += max(0, len(misfits) - MAX_NAMED)
        return batch


def _join_cut_bodies(block: bytes) -> bytes:
    """The block with headers that stand inside a string made unlike headers, one character of each changed."""
    at = 0
    while (match := _ENTRY.search(block, at)) is not None and match.end() < len(block):
        at = match.end()
        body = match[_BODY + 1] or b""
        if (
            body.count(b"'") % 2
            and not _FULL_HEADER.match(block, at)
            and block.startswith(b"# ", at)
            and shapes_of(text_of(body), "mysql")[-1].cut
        ):
            block = block[:at] + b"\x02" + block[at + 1 :]
            at = match.start()
    return block


def _statement(body: bytes) -> bytes:
    return body[2:] if body.startswith(b"# administrator") else body


def _session(entry: tuple[bytes, ...]) -> bytes:
    match = _THREAD.search(entry[_USER]) or _THREAD.search(entry[_FIELDS])
    return match[1] if match else b""


def _rows(fields: bytes) -> int:
    """Rows returned and changed; -1 when the entry does not say."""
    sent = _SENT.search(fields)
    affected = _AFFECTED.search(fields)
    return (int(sent[1]) if sent else 0) + (int(affected[1]) if affected else 0) if sent or affected else -1


def _durations(batch: Batch, entries: list[tuple[bytes, ...]]) -> None:
    """The fastest statement; commands of the protocol say nothing about long_query_time."""
    times = [float(m[1]) for e in entries if not e[_BODY].startswith(b"# admin") and (m := _QUERY_TIME.search(e[_FIELDS]))]
    batch.timed = len(times)
    batch.fastest = min(times) if times else None
    rate = _RATE.search(entries[0][_FIELDS]) if entries else None
    if rate:
        batch.notes.append(f"a sample: one {rate[1].decode()} in {rate[2].decode()} was logged, shares hold, rates do not")
