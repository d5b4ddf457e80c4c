"""Judged statements -> candidate access patterns by table and key, and findings worth a name.

A pattern is one way to one table: the same table, the same columns that find the rows, reading or writing. What a
pattern's class is, is derived from answers later; here are only the facts that were seen.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from wa_advisor.evidence.judged import COUNTED, Judged
from wa_advisor.evidence.workload import Workload

MANY = 100.0
_LOOKUPS = {
    "get": "full-key", "put": "full-key", "upsert": "full-key", "update": "full-key", "delete": "full-key",
    "batch-get": "full-key", "batch-write": "full-key", "item-collection": "partition", "secondary": "secondary-key",
    "multi-lookup": "secondary-key", "filter": "secondary-key", "scan": "whole-set", "search": "text",
    "join-lookup": "full-key", "recursive": "traversal",
}  # fmt: skip


class Pattern(Struct, frozen=True, kw_only=True):
    """One candidate access pattern; `lookup` and `rows_returned` are choices of the questions, empty when not seen."""

    name: str
    table: str
    columns: tuple[str, ...]
    is_read: bool
    class_name: str
    lookup: str
    combines: bool
    statements: tuple[Judged, ...]
    calls: int
    share: float
    rows_per_call: float | None
    peak: int

    @property
    def where(self) -> str:
        """file:line of the heaviest statement."""
        first = self.statements[0].counted
        return f"{first.file}:{first.line}"

    @property
    def rows_returned(self) -> str:
        """one, few or many; empty when the file does not tell."""
        if self.class_name == "key-value":
            return "one" if self.is_read else ""
        if not self.is_read or self.rows_per_call is None or self.statements[0].kind in ("aggregate", "join-aggregate"):
            return ""  # an aggregate returns one row and reads many
        return "few" if self.rows_per_call <= MANY else "many"  # one on average is not at most one


class Finding(Struct, frozen=True, kw_only=True):
    """Something in the statements that a reviewer should hear of."""

    id: str
    title: str
    advice: str
    statements: tuple[Judged, ...]
    calls: int
    share: float


def columns_of(one: Judged) -> tuple[str, ...]:
    """The columns that find the rows: those of the key, or all that the conditions compare."""
    found = one.statement
    return found.key_columns or (*found.bound, *found.listed, *found.ranged)


def patterns_of(workload: Workload) -> list[Pattern]:
    """The candidate patterns, the heaviest first; their names are unique."""
    groups: dict[tuple[object, ...], list[Judged]] = {}
    for one in workload.statements:
        if one.name in COUNTED:
            groups.setdefault(_group(one), []).append(one)
    found = [_pattern(members, workload.total) for members in groups.values()]
    found.sort(key=lambda p: (-p.calls, p.name))
    return _unique(found)


def _group(one: Judged) -> tuple[object, ...]:
    tables = one.statement.tables
    columns = columns_of(one)
    if one.kind in ("put", "upsert", "batch-write") and not columns:
        return tables[:1], "put", one.name
    lookup = lookup_of(one)
    if one.name == "relational":
        return tables, lookup, one.is_read, one.name
    return tables[:1], columns, lookup, one.is_read, one.name, one.kind == "aggregate", _how(one)


def lookup_of(one: Judged) -> str:
    """The choice of `lookup` that a statement shows; empty when its kind shows none."""
    if one.key == "unique":
        return "secondary-key"
    if one.kind == "item-collection" and (one.statement.ranged or "order" in one.statement.flags):
        return "partition-and-range"
    if one.kind in ("set-update", "set-delete", "join", "self-join", "subquery", "join-write", "aggregate", "join-aggregate"):
        return "secondary-key" if columns_of(one) else "whole-set"
    return _LOOKUPS.get(one.kind, "")


def _pattern(members: list[Judged], total: int) -> Pattern:
    first = members[0]
    tables = first.statement.tables
    calls = sum(m.calls for m in members)
    known = sum(m.counted.row_calls for m in members)
    columns = columns_of(first)
    return Pattern(
        name=_name(first, tables, columns), table=tables[0] if tables else "", columns=columns, is_read=first.is_read,
        class_name=first.name, lookup=lookup_of(first), combines=first.name == "relational" and len(tables) > 1,
        statements=tuple(members), calls=calls, share=calls / total if total else 0.0,
        rows_per_call=sum(m.counted.rows for m in members) / known if known else None,
        peak=sum(m.counted.peak for m in members),
    )  # fmt: skip


def _name(first: Judged, tables: Sequence[str], columns: Sequence[str]) -> str:
    what = _and(tables[:3]) if first.name == "relational" and tables else (tables[0] if tables else "rows")
    if first.kind in ("put", "upsert", "batch-write", "insert-select") and not columns:
        return f"add to {what}"
    if first.name == "relational":
        return f"{what} together" if first.is_read else f"change {what} together"
    how = " counted" if first.kind == "aggregate" else " all" if first.kind == "scan" else ""
    if columns:
        how += f" {_how(first)} {_and(columns[:3])}"
    return f"{what}{how}" if first.is_read else f"change {what}{how}"


def _how(first: Judged) -> str:
    """How the columns find the rows: by one value, by several, by another condition."""
    found = first.statement
    if first.name == "key-value" or found.bound:
        return "by"
    return "by several" if found.listed else "filtered by"


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else list(names))


def _unique(patterns: Iterable[Pattern]) -> list[Pattern]:
    found: dict[str, Pattern] = {}
    for one in patterns:
        name = "".join(c if c.isprintable() else " " for c in one.name)[:80].strip() or "rows"
        number = 2
        base = name
        while name in found:
            name = f"{base} ({number})"
            number += 1
        found[name] = replace(one, name=name)
    return list(found.values())


# -- findings --------------------------------------------------------------------------------------------


_KINDS = (
    ("denormalisable-join", ("join-lookup",), "Joins that could be embedded",
     "Each further table is reached by its full key: read twice, or keep a copy; the price is the fan-out of updates."),
    ("counter-by-aggregate", ("aggregate", "join-aggregate"), "Counters made by aggregates",
     "Keep the count beside the item, changed with it (Streams and a function), or export for analysis."),
    ("full-scan", ("scan", "filter"), "Conditions that no key serves",
     "A Scan reads every item: give the path an index of its own, or keep it out of a key-value store."),
)  # fmt: skip
MIN_SHARE = 0.001


def findings_of(workload: Workload) -> list[Finding]:
    """The findings, with their statements."""
    total = workload.total or 1
    counted = [j for j in workload.statements if j.name in COUNTED]
    found: list[Finding] = []
    repetitions = Repetitions(counted)
    for rule, kinds, title, advice in _KINDS:
        found += _finding(rule, title, advice, [j for j in counted if j.kind in kinds], total)
    found += _finding(
        "queue-polling", "A queue in a table", "Polling with locks has no counterpart in DynamoDB: hand the work over with SQS.",
        [j for j in counted if "queue" in j.statement.flags], total,
    )  # fmt: skip
    found += _finding(
        "repeated-lookup", "One lookup a row (N+1)", "Read the keys in one BatchGetItem, or keep what is needed with the parent.",
        [j for j in counted if repetitions.has(j)], total,
    )  # fmt: skip
    return sorted(found, key=lambda f: (-f.calls, f.id))


class Repetitions:
    """Finds lookups that run once for each row of a set."""

    def __init__(self, counted: Sequence[Judged]) -> None:
        self._sets = {j.counted.number for j in counted if j.is_read and j.name != "key-value"}
        read = (j for j in counted if j.is_read and j.name != "key-value" and j.counted.row_calls)
        self._rows = sorted(j.counted.rows for j in read if j.counted.rows >= 3 * j.calls)

    def has(self, one: Judged) -> bool:
        """Whether a lookup is repeated: seen in a session, or by its calls being as many as a set's rows."""
        if one.name != "key-value" or one.kind != "get" or not one.is_read:
            return False
        seen = one.counted
        if seen.runs >= 2 and seen.repeated >= 0.5 * one.calls and seen.repeated >= 3 * seen.runs:
            return not self._sets.isdisjoint(seen.after)
        if seen.runs or one.calls < 50:
            return False
        place = bisect_left(self._rows, one.calls / 1.05)
        return place < len(self._rows) and self._rows[place] <= one.calls / 0.95


def _finding(rule: str, title: str, advice: str, statements: list[Judged], total: int) -> list[Finding]:
    calls = sum(s.calls for s in statements)
    if not calls or calls < MIN_SHARE * total:
        return []
    return [Finding(id=rule, title=title, advice=advice, statements=tuple(statements), calls=calls, share=calls / total)]
