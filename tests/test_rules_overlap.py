"""Rows of a table that contradict or hide each other, and questions of sense about a whole rule set."""

from __future__ import annotations

import pytest
from small_rules import FILES, compile_texts

from wa_advisor.ruleset.check import check_ruleset

TABLE = """\
decision: extra
name: Extra
scope: access_pattern
outcomes: {{a: A., b: B.}}
rows:
  - {{id: row-a, when: '{0}', then: a, because: So., basis: judgement}}
  - {{id: row-b, when: '{1}', then: {2}, because: So., basis: judgement}}
else: {{then: b, because: So.}}
"""
BOTH = 'the rows "row-a" and "row-b" can both be true ({}): add `before: [row-b]`, or part them'
HIDDEN = 'the row "row-b" can never fire: the rows above cover it'
CASES = [
    ("lookup is range", "lookup is full-key", "b", ""),
    ("lookup is range", "item_size > 1 KB", "b", BOTH.format("item_size between 1 KB and 100 KB, lookup is range")),
    ("item_size > 4 KB", "item_size <= 4 KB", "b", ""),
    (
        "features includes joins",
        "features includes expiry",
        "b",
        BOTH.format("features includes expiry, features includes joins"),
    ),
    ("features includes joins", "not features includes joins", "b", ""),
    ("lookup is range", "lookup is range and combines", "a", HIDDEN),
    ("features includes joins", "features includes joins and combines", "a", HIDDEN),
    ("keyed", "lookup is range", "b", BOTH.format("lookup is range") + "\n" + HIDDEN),
    ("keyed", "not keyed", "b", ""),
]


def told(*more: str) -> list[str]:
    return [p.message for p in check_ruleset(compile_texts((*FILES, *more))) if "row-" in p.message]


@pytest.mark.parametrize(("first", "second", "outcome", "message"), CASES)
def test_rows(first: str, second: str, outcome: str, message: str) -> None:
    assert told(TABLE.format(first, second, outcome)) == message.splitlines()


def test_what_is_assumed_never_to_occur_is_no_contradiction() -> None:
    table = TABLE.format("features includes joins", "features includes expiry", "b")
    never = "{scope: access_pattern, never: features includes joins and features includes expiry, because: So.}"
    assert told(table)
    assert not told(table, f"assume:\n  not-both: {never}\n")
