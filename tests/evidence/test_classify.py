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
