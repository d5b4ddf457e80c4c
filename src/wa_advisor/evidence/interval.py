"""For tables without definitions: between which shares the mix lies.

The lower end of key-value takes inserts, keys that are defined, and what names alone show (`id`, `<table>_id`, ..); the upper end every
statement that sets columns equal to a value and was not seen to return more than one row a call. Relational does not depend on keys.
"""

from __future__ import annotations

from collections.abc import Sequence

from wa_advisor.evidence.judged import COUNTED, Judged
from wa_advisor.evidence.observed import gives_more


def interval_of(judged: Sequence[Judged]) -> dict[str, tuple[float, float]] | None:
    """The lowest and highest share of each class; None without calls. `judged` are classes by names, not by rows."""
    calls = {n: sum(j.calls for j in judged if j.name == n) for n in COUNTED}
    total = sum(calls.values())
    if not total:
        return None
    less = sum(j.calls for j in judged if j.name == "key-value" and j.statement.confidence == "assumed" and gives_more(j))
    more = sum(j.calls for j in judged if could_be_keyed(j))
    low = calls["key-value"] - less
    high = low + more
    relational = calls["relational"]
    return {
        "key-value": (low / total, high / total),
        "single-table": ((total - relational - high) / total, (total - relational - low) / total),
        "relational": (relational / total, relational / total),
    }


def could_be_keyed(one: Judged) -> bool:
    """Whether a single-table statement would be key-value if the columns it binds were a key."""
    return one.name == "single-table" and one.statement.could_be_keyed and not gives_more(one)
