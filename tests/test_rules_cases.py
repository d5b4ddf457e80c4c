"""`rules cases`: verdicts held against what owners chose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from wa_advisor.commands.rules_cases import rules_cases
from wa_advisor.engine.agreement import matches
from wa_advisor.errors import AnswersError

ANSWERS = """
answers: 1
workload: {name: w}
access_patterns:
  - {name: cart, lookup: full-key, nature: records, combines: none, rebuildable: no, atomic_scope: one-record, query_knowledge: fixed}
  - {name: words, lookup: text}
processes: [{name: untold}]
"""


def case(folder: Path, expected: str, name: str = "01-cart") -> None:
    (folder / name).mkdir()
    (folder / name / "answers.yaml").write_text(ANSWERS)
    (folder / name / "expected.yaml").write_text(expected)


def run(folder: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(rules_cases, [str(folder), *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


OUTCOMES = [
    ("expected: {data_store: {cart: [dynamodb, elasticache]}}", 0, "right"),
    ("expected: {data_store: {cart: [aurora]}}", 1, "other"),
    ("not: {data_store: {cart: [{choice: dynamodb, why: small}]}}", 1, "forbidden"),
    ("not: {data_store: {cart: [redshift]}}", 0, "right"),
    ("class: {cart: key-value}", 0, "right"),
    ("class: {cart: relational}", 1, "other"),
    ("expected: {orchestration: {untold: [sqs]}}", 1, "open"),
    ("not: {orchestration: {untold: [sqs]}}", 0, "right"),
]


@pytest.mark.parametrize(("expected", "code", "outcome"), OUTCOMES)
def test_outcome(tmp_path: Path, expected: str, code: int, outcome: str) -> None:
    case(tmp_path, f"strength: strong\n{expected}\n")
    found, text = run(tmp_path, "--format", "json")
    assert (found, [row["outcome"] for row in json.loads(text)]) == (code, [outcome])


def test_only_strong_cases_can_fail_by_their_share(tmp_path: Path) -> None:
    case(tmp_path, "strength: weak\nexpected: {data_store: {cart: [aurora]}}\n")
    assert run(tmp_path)[0] == 0


def test_the_table_counts_by_field_and_class(tmp_path: Path) -> None:
    case(tmp_path, "strength: strong\nexpected: {data_store: {cart: [dynamodb], words: [neptune]}}\n")
    lines = [line.split() for line in run(tmp_path)[1].splitlines()]
    assert ["data_store", "1/2", "-", "-", "1/2", "0"] in lines
    assert ["data_store:", "search", "0/1", "-", "-", "0/1", "0"] in lines
    assert any(line[:3] == ["other", "01-cart", "(strong)"] for line in lines)


def test_an_item_that_the_answers_lack_is_told(tmp_path: Path) -> None:
    case(tmp_path, "strength: strong\nexpected: {data_store: {basket: [dynamodb]}}\n")
    with pytest.raises(AnswersError) as caught:
        run(tmp_path)
    assert "data_store: basket: the answers have no such item" in str(caught.value.problems[0])


@pytest.mark.parametrize(
    ("option", "token", "same"),
    [("aurora-dsql", "aurora", True), ("ecs-fargate", "ecs", True), ("ec2", "ecs", False), ("ec2-gpu", "ec2", False)],
)
def test_families(option: str, token: str, same: bool) -> None:
    assert matches(option, [token]) is same
