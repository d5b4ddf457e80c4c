"""Transactions seen in sessions: what changes together, and what share of it fits one DynamoDB transaction.

A transaction is keyed when each of its statements is key-value; up to 100 writes of it are one TransactWriteItems (4 MB, no item twice, not
through an index). One with a statement over a set of rows, or a relational one, does not fit as it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from wa_advisor.evidence.judged import COUNTED, Judged
from wa_advisor.evidence.tally import Tally

MAX_ITEMS = 100
NAMED = 10
_WHY = {
    "set": "a statement over a set of rows", "relational": "a statement over several tables or references",
    "not known": "a statement that could not be read",
}  # fmt: skip


class Form(Struct, frozen=True, kw_only=True):
    """One form of transaction: which statements it has, how often each, and how often it was seen."""

    members: tuple[tuple[Judged, int], ...]
    count: int

    @property
    def kind(self) -> str:
        """single statement, keyed, set, relational, or not known."""
        names = {one.name for one, _ in self.members}
        for name, kind in (("opaque", "not known"), ("relational", "relational"), ("single-table", "set")):
            if name in names:
                return kind
        return "single statement" if self.statements == 1 else "keyed"

    @property
    def statements(self) -> int:
        return sum(times for _, times in self.members)

    @property
    def writes(self) -> int:
        """Statements that change something."""
        return sum(times for one, times in self.members if _changes(one))

    @property
    def tables_changed(self) -> int:
        return len({one.statement.tables[0] for one, _ in self.members if _changes(one) and one.statement.tables})

    @property
    def keys_changed(self) -> int:
        """Items changed by their key, an upper bound: one key may be changed twice."""
        return sum(times for one, times in self.members if _changes(one) and one.name == "key-value")

    @property
    def why_not(self) -> str:
        """Why it does not fit one DynamoDB transaction; empty when it does."""
        if self.kind in _WHY:
            return _WHY[self.kind]
        return f"more than {MAX_ITEMS} writes" if self.writes > MAX_ITEMS else ""


def _changes(one: Judged) -> bool:
    return not one.is_read and one.name in COUNTED


def forms_of(tally: Tally, by_number: Mapping[int, Judged]) -> list[Form]:
    """The forms of transactions that hold a statement that counts, the most frequent first."""
    found: list[Form] = []
    for key, count in tally.transactions.items():
        members = [(by_number[n], times) for n, times in key if n in by_number and by_number[n].name in (*COUNTED, "opaque")]
        if members:
            found.append(Form(members=tuple(members), count=count))
    return sorted(found, key=lambda f: (-f.count, -f.statements, [one.text for one, _ in f.members]))


def measure_transactions(tally: Tally, by_number: Mapping[int, Judged]) -> dict[str, object] | None:
    """Counts by kind of transaction and the sizes; None where sessions cannot be seen."""
    if not any(f.sessions for f in tally.files):
        return None
    forms = forms_of(tally, by_number)
    kinds: Counter[str] = Counter()
    for form in forms:
        kinds[form.kind] += form.count
    writing = [f for f in forms if f.writes]
    total, changing = sum(kinds.values()), sum(f.count for f in writing)
    fitting = sum(f.count for f in writing if not f.why_not)
    return {
        "explicit": total, "rolled_back": tally.rolled_back, "kinds": dict(sorted(kinds.items())),
        "statements": _sizes([(f.statements, f.count) for f in forms]),
        "writes": _sizes([(f.writes, f.count) for f in writing]),
        "tables_changed": _sizes([(f.tables_changed, f.count) for f in writing]),
        "keys_changed": _sizes([(f.keys_changed, f.count) for f in writing]),
        "writing": changing, "fit_dynamodb": fitting, "share_that_fits": round(fitting / changing, 6) if changing else None,
        "not_fitting": _not_fitting(writing),
    }  # fmt: skip


def _sizes(found: list[tuple[int, int]]) -> dict[str, float] | None:
    """{average, most} of (size, count) pairs."""
    count = sum(c for _, c in found)
    if not count:
        return None
    return {"average": round(sum(size * c for size, c in found) / count, 2), "most": max(size for size, _ in found)}


def _not_fitting(writing: list[Form]) -> dict[str, object]:
    """{why: count, and the statements of its most frequent form}."""
    found: dict[str, dict[str, object]] = {}
    counts: Counter[str] = Counter()
    for form in writing:
        if form.why_not:
            counts[form.why_not] += form.count
            cause = [one for one, _ in form.members if one.name != "key-value"] or [one for one, _ in form.members]
            found.setdefault(form.why_not, {"example": [one.counted.shape.fingerprint for one in cause[:NAMED]]})
    return {why: {"transactions": counts[why], **entry} for why, entry in sorted(found.items())}
