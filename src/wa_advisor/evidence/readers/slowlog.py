"""The slow log of MySQL, MariaDB, Percona Server, Aurora and RDS: entries of `# ` lines and a statement.

Entries of one second share one `# Time`, so the time is that of `SET timestamp`. A body may hold lines that look
like headers: an entry only ends where a line that ends in a semicolon is followed by a header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wa_advisor.evidence.fingerprint import shapes_of
from wa_advisor.evidence.readers.batch import MAX_NAMED, Batch, Collector, Columns, name_misfits
from wa_advisor.evidence.readers.feed import text_of
from wa_advisor.evidence.readers.postgres import LineCounter

_BANNER = rb"(?:[^\n]*, Version: [^\n]*\n(?:Tcp port: [^\n]*\n)?+(?:Time +\t* *Id +Command[^\n]*\n|Time\t[^\n]*\n)?+)"
_HEADER = rb"# (?:Time: |User@Host: |Thread_id: |Query_time: )"
_ENTRY = re.compile(
    rb"(?:# Time: [^\n]*+\n)?+# User@Host: (?:[^\n\]]*+\][^\n\]]*+\](?: +Id: *(\d++))?+)?+[^\n]*+\n"
    rb"(?:# Thread_id: *(\d++)[^\n]*+\n)?+"
    rb"((?:#(?! administrator| Query_time:)[^\n]*+\n)*+)"
    rb"(?:# Query_time: *([0-9.]++) +Lock_time: *[0-9.]++ +Rows_sent: *(\d++) +Rows_examined: *\d++(?: +Rows_affected: *(\d++))?+([^\n]*+)\n)?+"
    rb"(?:# Rows_affected: *(\d++)[^\n]*+\n)?+"
    rb"((?:#(?! administrator)[^\n]*+\n)*+)"
    rb"(?:use [^\n;]*+;\n)?+(?:SET timestamp=(\d++)[.\d]*;\n)?+"
    rb"((?!" + _HEADER + rb")[^\n]*+(?:\n(?!(?<=;\n)(?:" + _HEADER + rb"|[^\n]*, Version: ))[^\n]*+)*+)(?:\n|\Z)"
    rb"|(?:" + _BANNER + rb")|(?:# Time: [^\n]*+\n(?=# Time: |\Z))|([^\n]*+\n|[^\n]++\Z)"
)  # fmt: skip
_ID, _THREAD, _BEFORE, _SECONDS, _SENT, _AFFECTED, _EXTRA, _AFFECTED_BELOW, _AFTER, _STAMP, _BODY, _MISFIT = range(12)
_FAILED = re.compile(rb"rrno: *[1-9]")
_RATE = re.compile(rb"Log_slow_rate_type: *(\w+) +Log_slow_rate_limit: *([2-9]|\d\d+)")
HEAD = re.compile(rb"^# User@Host: ", re.MULTILINE)
_FULL_HEADER = re.compile(
    rb"(?:# Time: [^\n]*\n)?# User@Host: [^\n]*\n(?:# (?!Time: |User@Host: )[^\n]*\n)*?# Query_time: *[0-9.]+"
)


class SlowLog:
    """Reads blocks of a slow log."""

    name = "MySQL slow log"
    parallel = True

    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    def cut(self, data: bytes) -> int:
        """Where the last entry of the block begins; 0 when no place is sure."""
        at = max(data.rfind(b";\n# Time: "), data.rfind(b";\n# User@Host: "))
        if at >= 0:
            return at + 2
        at = data.rfind(b"\n# Time: ")
        return at + 1 if at > 0 and len(data) > 16_000_000 else 0

    def extract(self, block: bytes, line: int) -> Batch:
        found = _ENTRY.findall(block)
        if any(e[_BODY].count(b"'") % 2 for e in found):
            block = _join_cut_bodies(block)
            found = _ENTRY.findall(block)
        line_of = LineCounter(block, line)
        entries = [e for e in found if e[_BODY]]
        failed = 0
        if _FAILED.search(block):
            kept = [e for e in entries if not (_FAILED.search(e[_BEFORE]) or _FAILED.search(e[_EXTRA]))]
            failed, entries = len(entries) - len(kept), kept
        columns = tuple(zip(*entries, strict=True)) if entries else ((),) * 12
        bodies: Sequence[bytes] = columns[_BODY]
        batch, _ = self._collector.batch(
            Columns(
                texts=[b[2:] if b.startswith(b"# admin") else b for b in bodies], seconds=columns[_STAMP], sessions=_sessions(columns),
                rows=_rows(columns), line_of=lambda place: line_of(bodies[place]),
            )
        )  # fmt: skip
        _add_durations(batch, columns, entries)
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


def _sessions(columns: Sequence[Sequence[bytes]]) -> Sequence[bytes]:
    """The connection of each entry: behind the user, or (MariaDB) on a line of its own."""
    return columns[_THREAD] if any(columns[_THREAD]) else columns[_ID]


def _rows(columns: Sequence[Sequence[bytes]]) -> list[int]:
    """Rows returned and changed; -1 where the entry does not say."""
    if not any(columns[_AFFECTED]) and not any(columns[_AFFECTED_BELOW]):
        return [int(s) if s else -1 for s in columns[_SENT]]
    changed = zip(columns[_SENT], columns[_AFFECTED], columns[_AFFECTED_BELOW], strict=True)
    return [int(s or 0) + int(a or b or 0) if s or a or b else -1 for s, a, b in changed]


def _add_durations(batch: Batch, columns: Sequence[Sequence[bytes]], entries: Sequence[tuple[bytes, ...]]) -> None:
    """The fastest statement; commands of the protocol say nothing about long_query_time."""
    times = [float(t) for t, body in zip(columns[_SECONDS], columns[_BODY], strict=True) if t and not body.startswith(b"# admin")]
    batch.timed = len(times)
    batch.fastest = min(times) if times else None
    rate = _RATE.search(b"\n".join([entries[0][_BEFORE], entries[0][_AFTER]])) if entries else None
    if rate:
        batch.notes.append(f"a sample: one {rate[1].decode()} in {rate[2].decode()} was logged, shares hold, rates do not")
