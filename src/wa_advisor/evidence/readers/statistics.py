"""Rows of counted statements, whatever they were exported as: which column is the text, which the calls.

The columns of pg_stat_statements (12 on), of events_statements_summary_by_digest and of plain lists of
statements are known by name. A row that does not fit is counted and named, never dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from wa_advisor.errors import AdvisorError, Problem, Span

TEXTS = ("query", "digest_text", "sql", "statement", "query_text", "sql_text", "normalized_query", "sqltext", "stmt")
CALLS = ("calls", "count_star", "executions", "exec_count", "total_calls", "num_calls", "count")
ROWS = ("rows", "total_rows", "rows_total")
SENT, AFFECTED = ("sum_rows_sent", "rows_sent"), ("sum_rows_affected", "rows_affected")
NESTED, FIRST, LAST = ("toplevel",), ("first_seen",), ("last_seen",)
KNOWN = frozenset((*TEXTS, *CALLS, *ROWS, *SENT, *AFFECTED, *NESTED, *FIRST, *LAST, "schema_name", "digest", "queryid", "userid",
                   "dbid", "total_time", "total_exec_time", "mean_time", "mean_exec_time", "sum_timer_wait", "plans"))  # fmt: skip
STATISTICS = KNOWN - {*TEXTS, "count", "rows", "digest"}
FALSE = frozenset(("f", "false", "0", "no"))
_WHOLE = re.compile(r"\d{1,18}(?:\.0*)?|\d{1,3}(?:,\d{3})+")


class StatementRow(Struct, frozen=True, kw_only=True):
    """One row: `text` is None where the server kept none; `rows` is -1 when not known."""

    text: str | None
    calls: int
    rows: int
    line: int
    nested: bool = False
    first: str = ""
    last: str = ""


class RowErrors(Struct):
    """Rows that could not be read: how many, and the first of them with a reason."""

    count: int = 0
    named: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        self.count += 1
        if len(self.named) < 20:
            self.named.append((line, reason))


def column_of(names: Sequence[str], wanted: Iterable[str]) -> int:
    """The place of the first wanted name; -1 when there is none."""
    return next((names.index(w) for w in wanted if w in names), -1)


def clean_names(names: Iterable[str]) -> list[str]:
    return [n.strip().strip('"`').strip().rsplit(".", 1)[-1].lower() for n in names]


def needs_columns(names: Sequence[str], file: str, line: int) -> None:
    """Raises when there is no text or no calls column; the message names what was found."""
    listed = [n if re.fullmatch(r"\w{1,30}", n) else ".." for n in names]
    found = ", ".join(listed[:8]) + (", .." if len(names) > 8 else "")
    for wanted, name in ((TEXTS, "query"), (CALLS, "calls")):
        if column_of(names, wanted) < 0:
            digest = "digest_text" in names or "schema_name" in names
            shown = {"query": "DIGEST_TEXT", "calls": "COUNT_STAR"}[name] if digest else name
            raise AdvisorError(Problem(Span(file, line), f'no column "{shown}" (found: {found}): export it with {shown}'))


class RowReader:
    """Turns the cells of one table into StatementRows."""

    def __init__(self, names: Sequence[str], errors: RowErrors) -> None:
        self._errors = errors
        places = [column_of(names, w) for w in (TEXTS, CALLS, ROWS, SENT, AFFECTED, NESTED, FIRST, LAST)]
        self.text, self.calls, self._rows, self._sent, self._affected, self._nested, self._first, self._last = places

    def row(self, cells: Sequence[str | None], line: int) -> StatementRow | None:
        """The row, or None when its calls are no number (which is counted)."""
        calls = _number(cells[self.calls])
        if calls is None:
            self._errors.add(line, "its calls are no number")
            return None
        text = cells[self.text]
        return StatementRow(
            text=None if text is None or text in ("NULL", "\\N", "") else text, calls=calls, rows=self._count(cells),
            line=line, nested=self._cell(cells, self._nested).lower() in FALSE and self._nested >= 0,
            first=self._cell(cells, self._first), last=self._cell(cells, self._last),
        )  # fmt: skip

    def _cell(self, cells: Sequence[str | None], place: int) -> str:
        return (cells[place] or "") if place >= 0 else ""

    def _count(self, cells: Sequence[str | None]) -> int:
        if self._rows >= 0:
            return _or_unknown(_number(cells[self._rows]))
        counts = [_number(cells[p]) for p in (self._sent, self._affected) if p >= 0]
        return sum(c or 0 for c in counts) if counts else -1


def _or_unknown(count: int | None) -> int:
    return -1 if count is None else count


def _number(cell: str | None) -> int | None:
    text = (cell or "").strip()
    if not _WHOLE.fullmatch(text):
        return None
    return int(text.replace(",", "").split(".")[0])


# -- objects ---------------------------------------------------------------------------------------------


def rows_of_objects(objects: Iterable[tuple[Mapping[str, object], int]], file: str, errors: RowErrors) -> Iterator[StatementRow]:
    """The rows of JSON objects; an object of a log without a count is one call."""
    for record, line in objects:
        names = clean_names(record)
        text, calls = column_of(names, TEXTS), column_of(names, CALLS)
        if calls < 0 and not STATISTICS.isdisjoint(names):
            needs_columns(names, file, line)
        if text < 0:
            errors.add(line, "it has no text of a statement")
            continue
        cells = [_as_text(v) for v in record.values()]
        if calls < 0:
            names, cells = [*names, "calls"], [*cells, "1"]
        row = RowReader(names, errors).row(cells, line)
        if row is not None:
            yield row


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    return {True: "t", False: "f"}[value] if isinstance(value, bool) else str(value)
