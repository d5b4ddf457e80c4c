"""Without the tables' definitions: between which shares the mix lies.

The lower end of key-value takes what names alone show (`id`, `<table>_id`, ..), the upper end every statement that binds columns
by equality and was not seen to return more than one row a call. Relational does not depend on keys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wa_advisor.evidence.workload import COUNTED, Judged

_WHERE = re.compile(r"\bWHERE\b(.*)", re.IGNORECASE | re.DOTALL)
_EQUAL = re.compile(r"[\w\"`]\s*(?:=|<=>)\s*[?(]|\bIN\s*\(\s*\?\s*\)|\?\s*=\s*[\w\"`]", re.IGNORECASE)
_NOT_ONE = re.compile(r"\bGROUP BY\b|\bDISTINCT(?:ROW)?\b", re.IGNORECASE)
MIN_CALLS = 5


def interval_of(judged: Sequence[Judged]) -> dict[str, tuple[float, float]] | None:
    """The lowest and highest share of each class; None without calls."""
    calls = {n: sum(j.calls for j in judged if j.name == n) for n in COUNTED}
    total = sum(calls.values())
    if not total:
        return None
    more = sum(j.calls for j in judged if could_be_keyed(j))
    low, high = calls["key-value"], calls["key-value"] + more
    relational = calls["relational"] / total
    return {
        "key-value": (low / total, high / total),
        "single-table": ((calls["single-table"] - more) / total, calls["single-table"] / total),
        "relational": (relational, relational),
    }


def could_be_keyed(one: Judged) -> bool:
    """Whether a single-table statement could be key-value if the columns it binds were a key."""
    if one.name != "single-table" or one.kind == "aggregate" or _NOT_ONE.search(one.text):
        return False
    where = _WHERE.search(one.text)
    if where is None or re.search(r"\bOR\b", where[1], re.IGNORECASE) or not _EQUAL.search(where[1]):
        return False
    rows = one.counted.rows_per_call
    return rows is None or one.counted.row_calls < MIN_CALLS or rows <= 1
