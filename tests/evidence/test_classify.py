"""The classifier over statements of many applications and five dialects; views, partitions, partial indexes, cut texts."""

from __future__ import annotations

import csv
import re
from functools import cache

import pytest
from labels import HERE

import wa_advisor
from wa_advisor.evidence.sql.schema import Schema

CASES = HERE / "cases"
with (CASES / "statements.csv").open(newline="", encoding="utf-8") as stream:
    STATEMENTS = [(r["dialect"], r["statement"], (r["class"], r["kind"], r["key"])) for r in csv.DictReader(stream)]


@cache
def schema(dialect: str) -> Schema:
    return wa_advisor.load_schema((CASES / f"schema_{dialect}.sql").read_text(encoding="utf-8"), dialect)


@pytest.mark.parametrize(("dialect", "statement", "expected"), STATEMENTS, ids=[f"{d}: {s}" for d, s, _ in STATEMENTS])
def test_class_kind_and_key(dialect: str, statement: str, expected: tuple[str, str, str]) -> None:
    found = wa_advisor.classify_statement(statement, schema(dialect), dialect)
    assert (found.name, found.kind, found.key) == expected, found.why


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "tsql", "oracle", "sqlite"])
def test_no_literal_in_a_record(dialect: str) -> None:
    for own, statement, _ in STATEMENTS:
        planted = re.sub(r"'[^']*'", "'S3CR3T'", statement)
        if own == dialect and planted != statement:
            found = wa_advisor.classify_statement(planted, schema(dialect), dialect)
            assert "S3CR3T" not in repr(found)


def test_no_predicate_of_an_index_in_a_record() -> None:
    statement = "SELECT * FROM users WHERE reset_token = 'x' AND status = 'reset'"
    found = wa_advisor.classify_statement(statement, schema("postgres"), "postgres")
    assert found.key == "unique"
    assert "'reset'" not in repr(found)


CUT = [
    "SELECT id, email FROM users WHERE id = $1 AND",
    "SELECT id, email FROM users WHERE id = $1 AND EXISTS",
    "SELECT id FROM users WHERE id = $1 UNION ALL SELECT",
    "SELECT id FROM users WHERE id = $1 UNION ALL SELECT id",
    "SELECT id FROM users WHERE id = $1 UNION SELECT *",
    "SELECT *",
    "SELECT id, email",
    "SELECT u.id AS a, u.email AS",
    "INSERT INTO users (id, email)",
    "INSERT INTO users (id, email) VALUES",
    "INSERT INTO users (id, email) SELECT",
    "INSERT INTO users (id, email) SELECT id, email",
    "UPDATE users",
    "UPDATE users SET",
    "UPDATE users SET status = $1 WHERE",
    "DELETE",
    "SELECT * FROM users u LEFT JOIN",
    "SELECT * FROM users WHERE id IN ($1, ",
    "SELECT * FROM users WHERE (id = $1",
    "SELECT * FROM users WHERE id = 'abc",
    "SELECT * FROM users WHERE id = $1 /* and",
    "SELECT * FROM users WHERE id = $1 ORDER BY",
]


@pytest.mark.parametrize("text", CUT)
def test_what_is_cut_is_opaque(text: str) -> None:
    found = wa_advisor.classify_statement(text, schema("postgres"), "postgres")
    assert (found.name, found.kind) == ("opaque", "unparsed")


def test_no_beginning_of_a_statement_raises() -> None:
    for dialect, statement, _ in STATEMENTS:
        for end in range(0, len(statement), 6):
            assert "could not be judged" not in wa_advisor.classify_statement(statement[:end], schema(dialect), dialect).why


DEEP = {
    "brackets": "SELECT " + "(" * 5000 + "1" + ")" * 5000,
    "CASE": "SELECT " + "CASE WHEN a THEN " * 3000 + "1" + " END" * 3000,
    "NOT": "SELECT " + "NOT " * 20_000 + "true",
    "signs": "SELECT " + "- " * 20_000 + "1",
    "subqueries": "SELECT * FROM " + "(SELECT * FROM " * 3000 + "users" + ") x" * 3000,
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_is_opaque(name: str) -> None:
    found = wa_advisor.classify_statement(DEEP[name], schema("postgres"), "postgres")
    assert (found.name, found.why) == ("opaque", "rule 4: nested deeper than 150 levels")


LONG = {
    "a list": ("SELECT * FROM users WHERE id IN (" + ", ".join(map(str, range(50_000))) + ")", "batch-get"),
    "rows": ("INSERT INTO users (id, email) VALUES " + ", ".join(["(1, 'x')"] * 20_000), "batch-write"),
    "alternatives": ("SELECT * FROM users WHERE " + " OR ".join(f"id = {i}" for i in range(2000)), "batch-get"),
    "conditions": ("SELECT * FROM users WHERE " + " AND ".join(f"email <> 'x{i}'" for i in range(2000)), "filter"),
    "branches": (" UNION ALL ".join(["SELECT id FROM users WHERE status = 'x'"] * 300), "secondary"),
}


@pytest.mark.parametrize("name", LONG)
def test_long_statements(name: str) -> None:
    text, kind = LONG[name]
    assert wa_advisor.classify_statement(text, schema("postgres"), "postgres").kind == kind


def test_a_locked_row_found_by_its_key_is_no_queue() -> None:
    found = wa_advisor.classify_statement(
        "SELECT * FROM users WHERE id = $1 FOR UPDATE SKIP LOCKED", schema("postgres"), "postgres"
    )
    assert (found.name, found.kind) == ("key-value", "get")
    assert "queue" not in found.flags
    assert "ConditionExpression" in found.stops
