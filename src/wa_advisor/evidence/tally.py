"""Batches and rows -> counted statements: calls, rows, times, repetitions and transactions, in bounded memory.

The order of blocks is the order of the file, whoever read them, so the result does not depend on the number of processes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct, field

from wa_advisor.evidence.fingerprint import Shape, shapes_of
from wa_advisor.evidence.readers.batch import Batch
from wa_advisor.evidence.readers.feed import text_of
from wa_advisor.evidence.readers.statistics import StatementRow
from wa_advisor.evidence.rough import RoughKeys
from wa_advisor.evidence.sessions import BEGIN, COMMIT, MAX_SESSIONS, NOTHING, ROLLBACK, SessionTally

CUT_LENGTHS = frozenset((200, 255, 256, 500, 512, 1000, 1023, 1024, 2000, 2047, 2048, 4000, 4095, 4096))
MAX_STATEMENTS = 20_000
_BEGIN = re.compile(r"(?:BEGIN|START TRANSACTION)\b(?! NOT ATOMIC)", re.IGNORECASE)
_COMMIT = re.compile(r"(?:COMMIT|END)\b(?! PREPARED)", re.IGNORECASE)
_ROLLBACK = re.compile(r"(?:ROLLBACK|ABORT)\b(?!.*\bTO\b)(?! PREPARED)", re.IGNORECASE)
HIDDEN = ("<insufficient privilege>", "<command string not enabled>", "<backend information not available>", "<IDLE>")
OVERFLOW = Shape("<statements beyond the server's table of digests>", "", "the server kept no text for these calls")
Bucket = tuple[str, str, bool]  # class, kind, whether it reads


class Counted(Struct, eq=False):
    """One shape and what was seen of it. `rows` is over the `row_calls` of its calls for which it was known.

    A `bucket` holds the calls of all further statements of one class and kind, when there are too many to keep each.
    `repeated` calls stood in `runs` of three or more in a row in one session, most often behind the statement `after`.
    """

    number: int
    shape: Shape
    family: str
    file: str
    line: int
    control: int
    calls: int = 0
    nested: int = 0
    rows: int = 0
    row_calls: int = 0
    peak: int = 0
    repeated: int = 0
    runs: int = 0
    after: Counter[int] = field(default_factory=Counter)
    bucket: Bucket | None = None

    @property
    def rows_per_call(self) -> float | None:
        return self.rows / self.row_calls if self.row_calls else None


class FileTally(Struct):
    """What is known of one file besides its statements."""

    name: str
    form: str
    entries: int = 0
    lines: int = 0
    misfits: int = 0
    misfits_named: list[tuple[int, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    first: str = ""
    last: str = ""
    fastest: float | None = None
    timed: int = 0
    notes: list[str] = field(default_factory=list)
    sessions: bool = False
    log: bool = False
    longest: int = 0
    at_longest: set[int] = field(default_factory=set)

    @property
    def cut(self) -> frozenset[int]:
        """Statements whose texts are the longest, if their length is one at which servers and exports cut."""
        return frozenset(self.at_longest) if self.longest in CUT_LENGTHS else frozenset()


Transaction = tuple[tuple[int, int], ...]


class Tally:
    """Counts statements over all files of one run."""

    def __init__(self, keep: frozenset[str] = frozenset(), sort: Callable[[Shape, str], Bucket] | None = None) -> None:
        self.keep = keep
        self.summed = 0
        self._sort = sort
        self.statements: list[Counted] = []
        self.files: list[FileTally] = []
        self.transactions: Counter[Transaction] = Counter()
        self.rolled_back = 0
        self.overflowed = 0
        self.busiest = 0
        self._by_shape: dict[tuple[str, str, tuple[str, ...]], Counted] = {}

    def counted(self, shape: Shape, family: str, file: str, line: int) -> Counted:
        """The counter of a shape, made when it is new."""
        key = (family, shape.text + shape.cut, shape.kept)
        found = self._by_shape.get(key)
        if found is None and self._sort is not None and len(self.statements) >= MAX_STATEMENTS:
            return self._bucket(self._sort(shape, family), family, file, line)
        if found is None:
            found = Counted(len(self.statements), shape, family, file, line, _control(shape.text))
            self._by_shape[key] = found
            self.statements.append(found)
        return found

    def _bucket(self, sorted_as: Bucket, family: str, file: str, line: int) -> Counted:
        """The counter of all further statements of one class and kind."""
        self.summed += 1
        name, kind, is_read = sorted_as
        key = (family, f"\x00{name} {kind} {is_read}", ())
        found = self._by_shape.get(key)
        if found is None:
            shape = Shape(f"<further statements: {name}, {kind}{'' if is_read else ', writing'}>", "")
            found = Counted(len(self.statements), shape, family, file, line, NOTHING, bucket=sorted_as)
            self._by_shape[key] = found
            self.statements.append(found)
        return found

    def of_text(self, text: bytes, family: str, file: str, line: int) -> list[Counted]:
        """The counters of the statements in one text."""
        return [self.counted(s, family, file, line) for s in shapes_of(text_of(text), family, self.keep)]


def _control(text: str) -> int:
    for number, pattern in ((BEGIN, _BEGIN), (COMMIT, _COMMIT), (ROLLBACK, _ROLLBACK)):
        if pattern.match(text):
            return number
    return NOTHING


class LogTally:
    """Adds the Batches of one log, in order."""

    def __init__(self, tally: Tally, file: FileTally, family: str) -> None:
        self._tally = tally
        self._file = file
        self._family = family
        self._rough = RoughKeys(family, tally.keep)
        self._numbers: dict[int, dict[int, list[Counted]]] = {}
        self._sessions = SessionTally(tally)
        self._last: dict[bytes, Counted] = {}
        self._tail: tuple[str, dict[int, int]] = ("", {})
        file.log = True

    def add(self, batch: Batch, reader: int = 0) -> None:
        """Counts one block; `reader` tells whose local numbers it uses."""
        known = self._numbers.setdefault(reader, {})
        if batch.forget:
            known.clear()
        for number, text, line in batch.new:
            known[number] = self._tally.of_text(text, self._family, self._file.name, line)
        for number, calls in batch.calls.items():
            for one in known[number]:
                one.calls += calls
                self._file.entries += calls
        self._add_rows(batch, known)
        self._add_seconds(batch, known)
        self._take_back(batch, known)
        self._file.sessions |= self._sessions.add(batch.sessions, known)
        self._add_file(batch)

    def _add_rows(self, batch: Batch, known: dict[int, list[Counted]]) -> None:
        for number, (rows, calls) in batch.rows.items():
            if len(known[number]) == 1:
                known[number][0].rows += rows
                known[number][0].row_calls += calls

    def _add_seconds(self, batch: Batch, known: dict[int, list[Counted]]) -> None:
        if not batch.seconds:
            return
        merged: dict[tuple[str, int], int] = {}
        for (raw, number), calls in batch.seconds.items():
            second = raw.decode("ascii", "replace")
            for one in known[number]:
                merged[second, one.number] = merged.get((second, one.number), 0) + calls
        tail, carried = self._tail  # the block before may have ended inside a second
        for number, calls in carried.items() if any(second == tail for second, _ in merged) else ():
            merged[tail, number] = merged.get((tail, number), 0) + calls
        totals: Counter[str] = Counter()
        for (second, number), calls in merged.items():
            totals[second] += calls
            one = self._tally.statements[number]
            one.peak = max(one.peak, calls)
        newest = max(totals, default="")
        if newest >= tail:
            self._tail = (newest, {n: c for (second, n), c in merged.items() if second == newest})
        self._tally.busiest = max(self._tally.busiest, *totals.values()) if totals else self._tally.busiest
        known_times = [s for s in totals if s]
        if known_times:
            self._file.first = min([*known_times, *([self._file.first] if self._file.first else [])])
            self._file.last = max([*known_times, self._file.last])

    def _take_back(self, batch: Batch, known: dict[int, list[Counted]]) -> None:
        """Failures whose statement stood in an earlier block: the last one of that session did not complete."""
        for session, text in batch.orphans:
            failed = self._tally.of_text(text, self._family, self._file.name, 0)
            last = self._last.pop(session, None)
            if last is not None and failed and failed[0] is last and last.calls:
                last.calls -= 1
                self._file.entries -= 1
                self._file.skipped["failed statements"] += 1
        if batch.last or self._last:
            for session, number in batch.last.items():
                if known[number]:
                    self._last.pop(session, None)
                    self._last[session] = known[number][-1]
            while len(self._last) > MAX_SESSIONS:
                self._last.pop(next(iter(self._last)))

    def _add_file(self, batch: Batch) -> None:
        file = self._file
        file.misfits += batch.misfit_count
        file.misfits_named = (file.misfits_named + batch.misfits)[:20]
        file.skipped.update({k: v for k, v in batch.skipped.items() if v})
        file.timed += batch.timed
        if batch.fastest is not None:
            file.fastest = batch.fastest if file.fastest is None else min(file.fastest, batch.fastest)
        file.notes += [n for n in batch.notes if n not in file.notes]


# -- rows of statistics ----------------------------------------------------------------------------------


def add_rows(tally: Tally, file: FileTally, family: str, rows: Iterable[StatementRow]) -> None:
    """Counts exported rows; texts that are alike are taken apart once."""
    rough = RoughKeys(family, tally.keep)
    known: dict[bytes, list[Counted]] = {}
    for group in _groups(rows, 2000):
        texts = [(r.text or "").encode("utf-8", "replace") for r in group]
        for row, text, key in zip(group, texts, rough.keys(texts), strict=True):
            found = known.get(key)
            if found is None or row.text is None:
                found = _of_row(tally, row, text, family, file)
                if len(known) > MAX_STATEMENTS:
                    known.clear()
                known[key] = found
            _add_row(file, found, row)


def _groups(rows: Iterable[StatementRow], size: int) -> Iterator[list[StatementRow]]:
    group: list[StatementRow] = []
    for row in rows:
        group.append(row)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _of_row(tally: Tally, row: StatementRow, text: bytes, family: str, file: FileTally) -> list[Counted]:
    if row.text is None:
        return [tally.counted(OVERFLOW, family, file.name, row.line)]
    if row.text.strip().startswith("<") and row.text.strip().endswith(">"):
        text_shown = row.text.strip() if row.text.strip() in HIDDEN else "<hidden>"
        shape = Shape(text_shown, text_shown, "the text is hidden from the user who exported it")
        return [tally.counted(shape, family, file.name, row.line)]
    found = tally.of_text(text, family, file.name, row.line)
    return found or [
        tally.counted(Shape("<no statement in the text>", "", "there is no statement in the text"), family, file.name, row.line)
    ]


def _add_row(file: FileTally, found: list[Counted], row: StatementRow) -> None:
    file.entries += row.calls
    file.lines += 1
    length = len(row.text or "")
    if length >= file.longest:
        file.at_longest = {o.number for o in found} | (file.at_longest if length == file.longest else set())
        file.longest = length
    file.first = min(x for x in (file.first, row.first) if x) if file.first or row.first else ""
    file.last = max(file.last, row.last)
    for one in found:
        one.calls += row.calls
        one.nested += row.calls if row.nested else 0
        if row.rows >= 0 and len(found) == 1:
            one.rows += row.rows
            one.row_calls += row.calls
