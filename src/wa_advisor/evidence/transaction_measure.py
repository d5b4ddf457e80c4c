"""Transactions seen in sessions: what changes together, and what share of it fits one DynamoDB transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from wa_advisor.evidence.judged import COUNTED, Judged
from wa_advisor.evidence.tally import Tally

MAX_ITEMS = 100


def measure_transactions(tally: Tally, by_number: Mapping[int, Judged]) -> dict[str, object] | None:
    """Counts by kind of transaction and the sizes; None where sessions cannot be seen."""
    if not any(f.sessions for f in tally.files):
        return None
    kinds: Counter[str] = Counter()
    statements = most_tables = most_writes = fits = writing = large = 0
    for key, count in tally.transactions.items():
        members = [(by_number[n], times) for n, times in key if n in by_number and by_number[n].name in (*COUNTED, "opaque")]
        if not members:
            continue
        kind = _kind(members)
        kinds[kind] += count
        statements += count * sum(times for _, times in members)
        most_tables = max(most_tables, len({t for one, _ in members for t in one.statement.tables}))
        writes = sum(times for one, times in members if not one.is_read)
        most_writes = max(most_writes, writes)
        writing += count if writes else 0
        large += count if writes > MAX_ITEMS else 0
        fits += count if writes and kind in ("single statement", "keyed") and writes <= MAX_ITEMS else 0
    total = sum(kinds.values())
    return {
        "explicit": total, "rolled_back": tally.rolled_back, "kinds": dict(sorted(kinds.items())),
        "statements_per_transaction": round(statements / total, 2) if total else None, "most_tables": most_tables,
        "most_writes": most_writes, "writing": writing, "over_100_writes": large, "fit_dynamodb": fits,
        "share_that_fits": round(fits / writing, 6) if writing else None,
    }  # fmt: skip


def _kind(members: list[tuple[Judged, int]]) -> str:
    """single statement, keyed, set, relational, or not known."""
    names = {one.name for one, _ in members}
    if "opaque" in names:
        return "not known"
    if "relational" in names:
        return "relational"
    if "single-table" in names:
        return "set"
    return "single statement" if len(members) == 1 and members[0][1] == 1 else "keyed"
