"""What PostgreSQL's log forms share: which messages are statements that ran, and which of them failed.

Extended protocol with durations writes parse, bind and execute lines: only execute counts. With log_statement the
text comes before it runs, so an ERROR that repeats it takes it back. `EXECUTE p(5)` has its text in DETAIL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from wa_advisor.evidence.readers.batch import MAX_NAMED, Batch, Collector, Columns, name_misfits

# time, session, duration, statement, text of a prepared statement, level of a line that is none, failed query, misfit
Row = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]
TIME, SESSION, DURATION, TEXT, PREPARED, LEVEL, QUERY, MISFIT = range(8)
FAILED = (b"ERROR", b"FATAL", b"PANIC")
STATEMENT_MESSAGE = rb"(?:duration: ([0-9.]++) ms  )?+(?:statement: |execute (?!fetch from )[^\n:]*+: )"
_PREPARE = re.compile(rb"\s*PREPARE\s+(?:\"[^\"]*\"|[^\s(]+)\s*(?:\([^)]*\)\s*)?AS\s+", re.IGNORECASE)
_EXECUTE = re.compile(rb"\s*EXECUTE\b", re.IGNORECASE)


def prepared_text(text: bytes) -> bytes:
    """The statement that a PREPARE names; the whole text when it is no PREPARE."""
    match = _PREPARE.match(text)
    return text[match.end() :] if match else text


def collect(collector: Collector, rows: Sequence[Row], unescape: Callable[[bytes], bytes], line_of: LineOf) -> Batch:
    """The Batch of a block's rows."""
    columns = tuple(zip(*rows, strict=True)) if rows else ((),) * 8
    is_special = any(columns[PREPARED]) or any(columns[LEVEL]) or any(columns[MISFIT])
    special = [i for i, r in enumerate(rows) if r[PREPARED] or r[LEVEL] or r[MISFIT]] if is_special else []
    dropped, texts_of, orphans = _specials(rows, special, unescape) if special else (frozenset[int](), {}, [])
    chosen: Sequence[Row] = rows
    if dropped or texts_of or b"" in columns[TEXT]:
        places = [i for i, r in enumerate(rows) if r[TEXT] and i not in dropped]
        chosen = [_with_text(rows[i], texts_of[i]) if i in texts_of else rows[i] for i in places]
        columns = tuple(zip(*chosen, strict=True)) if chosen else ((),) * 8
    batch, numbers = collector.batch(
        Columns(
            texts=columns[TEXT], seconds=columns[TIME], sessions=columns[SESSION], unescape=unescape,
            line_of=lambda order: line_of(columns[TEXT][order]),
        )
    )  # fmt: skip
    _add_durations(batch, columns[DURATION], columns[SESSION], numbers)
    batch.orphans = orphans
    batch.skipped["lines without a statement"] = len(rows) - len(chosen) - len(dropped)
    batch.skipped["failed statements"] = len(dropped)
    _add_misfits(batch, [rows[i][MISFIT] for i in special if rows[i][MISFIT].strip()], line_of)
    return batch


def _with_text(row: Row, text: bytes) -> Row:
    time, session, duration, _, prepared, level, query, misfit = row
    return time, session, duration, text, prepared, level, query, misfit


def _add_misfits(batch: Batch, misfits: Sequence[bytes], line_of: LineOf) -> None:
    where = line_of.following if isinstance(line_of, LineCounter) else line_of
    name_misfits(batch, [(where(m), m) for m in misfits[:MAX_NAMED]])
    batch.misfit_count += max(0, len(misfits) - MAX_NAMED)
    batch.skipped["lines without a statement"] -= batch.misfit_count


LineOf = Callable[[bytes], int]


def _add_durations(batch: Batch, durations: Sequence[bytes], sessions: Sequence[bytes], numbers: Sequence[int]) -> None:
    """The fastest statement, and those that were logged before they ran: they may still fail."""
    untimed = durations.count(b"")
    batch.timed = len(durations) - untimed
    batch.fastest = min(map(float, filter(None, durations))) / 1000 if batch.timed else None
    if untimed:
        batch.last = {s: n for s, n, d in zip(sessions, numbers, durations, strict=True) if not d}


def _specials(
    rows: Sequence[Row], special: Sequence[int], unescape: Callable[[bytes], bytes]
) -> tuple[frozenset[int], dict[int, bytes], list[tuple[bytes, bytes]]]:
    """Statements to drop since they failed, texts that stand elsewhere, failures of earlier blocks."""
    dropped: set[int] = set()
    texts: dict[int, bytes] = {}
    orphans: list[tuple[bytes, bytes]] = []
    last: dict[bytes, int] = {}
    failing: dict[bytes, bool] = {}
    marks = set(special)
    for place, row in enumerate(rows):
        if row[TEXT]:
            last[row[SESSION]] = place
            failing[row[SESSION]] = False
        if place not in marks:
            continue
        if row[PREPARED] and _EXECUTE.match(rows[last.get(row[SESSION], place)][TEXT]):
            texts[last[row[SESSION]]] = prepared_text(row[PREPARED])
        if row[LEVEL] in FAILED:
            failing[row[SESSION]] = True
        elif row[LEVEL] and row[LEVEL] != b"STATEMENT":
            failing[row[SESSION]] = False
        if row[QUERY] and failing.get(row[SESSION]):
            _drop(rows, row, last, dropped, orphans, unescape)
            failing[row[SESSION]] = False
    return frozenset(dropped), texts, orphans


def _drop(
    rows: Sequence[Row], failed: Row, last: dict[bytes, int], dropped: set[int],
    orphans: list[tuple[bytes, bytes]], unescape: Callable[[bytes], bytes],
) -> None:  # fmt: skip
    place = last.get(failed[SESSION])
    if place is None:
        orphans.append((failed[SESSION], unescape(failed[QUERY])))
    elif not rows[place][DURATION] and place not in dropped and rows[place][TEXT].strip() == failed[QUERY].strip():
        dropped.add(place)


class LineCounter:
    """Tells the line of the file in which a text of the block stands: first, or next after the last one asked for."""

    def __init__(self, block: bytes, line: int) -> None:
        self._block = block
        self._line = line
        self._at = 0

    def __call__(self, text: bytes) -> int:
        return self._line + self._block.count(b"\n", 0, max(0, self._block.find(text)))

    def following(self, text: bytes) -> int:
        """For whole lines, asked for in their order."""
        at = (
            self._at
            if self._at == 0 and self._block.startswith(text)
            else self._block.find(b"\n" + text, max(0, self._at - 1)) + 1
        )
        self._at = at + len(text)
        return self._line + self._block.count(b"\n", 0, at)
