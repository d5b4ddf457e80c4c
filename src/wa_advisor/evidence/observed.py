"""What rows per call say of keys, for tables without definitions.

A set of columns that a statement sets to one value each, and that never gave more than a row a call over some calls, is a candidate
key of its table; a statement that binds at least these columns and gives more refutes it. A 1:1 foreign key looks the same, so
the interval keeps what names alone show as its other end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from wa_advisor.evidence.judged import Judged
from wa_advisor.evidence.sql.operations import operation_of, stops_of

MIN_CALLS = 5
_KEYED = {"set-update": "update", "set-delete": "delete", "update": "update", "delete": "delete"}
_ONE_ROW = ("aggregate",)  # one row whatever was read
Columns = frozenset[str]


def observe(judged: Sequence[Judged]) -> list[Judged]:
    """The statements with the classes that rows per call show; those over known tables are left as they are."""
    refuted: dict[str, set[Columns]] = defaultdict(set)
    found: dict[str, set[Columns]] = defaultdict(set)
    for one in judged:
        if _is_guessed(one) and gives_more(one):
            refuted[_table(one)].add(frozenset(one.statement.bound))
        elif _is_candidate(one):
            found[_table(one)].add(frozenset(one.statement.bound))
    keys = {t: [c for c in sets if not any(r >= c for r in refuted.get(t, ()))] for t, sets in found.items()}
    return [_with_rows(j, keys.get(_table(j), [])) if _is_guessed(j) else j for j in judged]


def gives_more(one: Judged) -> bool:
    """Whether a statement gave more than one row a call, so that no key can be bound in it."""
    rows = one.counted.rows_per_call
    return rows is not None and rows > 1 and one.kind not in _ONE_ROW


def _is_guessed(one: Judged) -> bool:
    """Whether a key of a table without definitions could decide the class."""
    return one.statement.could_be_keyed or (one.statement.confidence == "assumed" and one.name == "key-value")


def _table(one: Judged) -> str:
    return one.statement.tables[0] if one.statement.tables else ""


def _is_candidate(one: Judged) -> bool:
    """Whether the columns that a statement binds look like a key in what it gave."""
    rows = one.counted.rows_per_call
    if not _is_guessed(one) or one.kind in _ONE_ROW or "limit" in one.statement.flags or not one.statement.bound:
        return False
    return rows is not None and one.counted.row_calls >= MIN_CALLS and 0 < rows <= 1


def _with_rows(one: Judged, keys: Sequence[Columns]) -> Judged:
    found = one.statement
    if gives_more(one):
        return one if one.name == "single-table" else _as_set(one)
    fitting = [c for c in keys if c <= frozenset(found.bound)]
    if one.name == "key-value":
        return replace(one, statement=replace(found, confidence="observed")) if fitting else one
    if not fitting:
        return one
    columns = min((tuple(sorted(c)) for c in fitting), key=lambda c: (len(c), c))
    kind = _KEYED.get(found.kind, "get")
    why = f"rule 9, by what was seen: {', '.join(columns)} of {_table(one)} never gave more than one row a call"
    return replace(one, statement=replace(
        found, name="key-value", kind=kind, key="primary", key_columns=columns, operation=operation_of(kind, "primary"),
        stops=stops_of(kind, "primary", found.flags), why=why, confidence="observed", could_be_keyed=False,
    ))  # fmt: skip


def _as_set(one: Judged) -> Judged:
    """A key that was assumed from a name, and gave several rows: it is none."""
    found = one.statement
    kind = {"update": "set-update", "delete": "set-delete"}.get(found.kind, "secondary")
    why = f"rule 10: {', '.join(found.key_columns)} of {_table(one)} is named like a key, but gave more than one row a call"
    return replace(one, statement=replace(
        found, name="single-table", kind=kind, key="", key_columns=(), operation=operation_of(kind, ""),
        stops=stops_of(kind, "", found.flags), why=why, confidence="observed",
    ))  # fmt: skip
