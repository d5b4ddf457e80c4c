"""The JSON document, its schema, and the answers inside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from generated import generated_answers
from test_report import SHOP, assert_no_empty_section

from wa_advisor.answers import parse_answers
from wa_advisor.commands.report import report as report_command
from wa_advisor.engine.evaluate import Assessment, evaluate
from wa_advisor.errors import CommandError
from wa_advisor.model import Answers, RuleSet
from wa_advisor.report.content import answers_content
from wa_advisor.report.document import assessment_document
from wa_advisor.report.pictures import BUDGET
from wa_advisor.report.render import render_report
from wa_advisor.report.schema import assessment_schema_text

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = sorted(ROOT.glob("reports/*/assessment.json"))
SCHEMA = json.loads(assessment_schema_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
Assess = Callable[..., Assessment]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_object_of_the_schema_says_what_further_keys_may_be() -> None:
    def objects(node: Any) -> list[dict[str, Any]]:
        below = [found for child in (node.values() if isinstance(node, dict) else node) for found in objects(child)] if node and (
            isinstance(node, dict | list)) else []  # fmt: skip
        return [node, *below] if isinstance(node, dict) and node.get("type") == "object" else below

    free = [n for n in objects(SCHEMA) if "additionalProperties" not in n]
    assert [n.get("description", "") for n in free] == [
        "The answers as an answers file holds them; its keys depend on the rule set."
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.parent.name)
def test_every_sample_is_valid(path: Path) -> None:
    VALIDATOR.validate(json.loads(path.read_text("utf-8")))


def test_every_decision_has_the_same_shape(assess: Assess) -> None:
    document = assessment_document(assess(SHOP))
    VALIDATOR.validate(document)
    shapes = {
        frozenset(document[group][0][decision])
        for group, decision in (
            ("access_patterns", "data_store"), ("components", "compute"), ("interfaces", "api"),
            ("hand_overs", "integration"), ("processes", "orchestration"),
        )
    }  # fmt: skip
    assert len(shapes) == 1
    assert document["access_patterns"][0]["class"] == "key-value"
    assert document["limits"][0] == {
        "item": "cart", "option": "dynamodb", "fact": "small.item.max", "question": "item_size", "value": 12, "limit": 400,
        "unit": "KB", "headroom": 0.97, "adjustable": False, "rule": "dynamodb-too-large", "raise_to": None,
    }  # fmt: skip
    assert document["capacity"] == [{"item": "cart API", "value": "copies_at_peak", "low": 180, "high": 180, "unit": "count"}]


WRONG: dict[str, Callable[[dict[str, Any]], object]] = {
    "another key": lambda d: d.update(extra=1),
    "another key of a verdict": lambda d: d["access_patterns"][0]["data_store"].update(extra=1),
    "another key of an item that is no verdict": lambda d: d["components"][0].update(extra=1),
    "a missing key": lambda d: d.pop("limits"),
    "a certainty of its own": lambda d: d["access_patterns"][0]["data_store"].update(certainty="sure"),
    "another version": lambda d: d.update(schema="wa-advisor/assessment/2"),
    "a digest cut short": lambda d: d["answers"].update(digest="sha256:12"),
    "another class in the mix": lambda d: d["mix"].update(graph=0.1),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_the_schema_refuses(assess: Assess, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(json.dumps(assessment_document(assess(SHOP))))
    VALIDATOR.validate(document)
    change(document)
    assert not VALIDATOR.is_valid(document)


def test_no_document_without_patterns_has_a_mix(assess: Assess) -> None:
    document = assessment_document(assess("answers: 1\nworkload: {name: w}\n"))
    VALIDATOR.validate(document)
    assert document["mix"] is None


def test_the_day_asked_for_is_in_the_document(assess: Assess) -> None:
    assert assessment_document(assess(SHOP, as_of="2026-03-01"), as_of="2026-03-01")["as_of"] == "2026-03-01"


def test_the_answers_in_a_document_read_back_the_same(assess: Assess, small: RuleSet) -> None:
    read = assess(SHOP).answers
    assert plain(parse_answers(json.dumps(answers_content(read), ensure_ascii=False), "again", small)) == plain(read)


def plain(answers: Answers) -> str:
    """All that answers say, without where they stood."""
    return json.dumps(answers_content(answers), sort_keys=True, default=str)


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_answered_gives_a_valid_document_and_report(small: RuleSet, seed: int) -> None:
    check_everything(small, generated_answers(small, seed))


@pytest.mark.property
@pytest.mark.parametrize("seed", range(6))
def test_the_same_for_the_shipped_rules(ruleset: RuleSet, seed: int) -> None:
    check_everything(ruleset, generated_answers(ruleset, seed, most=2))


def check_everything(ruleset: RuleSet, text: str) -> None:
    answers = parse_answers(text, "answers.yaml", ruleset)
    assessment = evaluate(ruleset, answers)
    document = assessment_document(assessment)
    VALIDATOR.validate(document)
    again = parse_answers(json.dumps(document["answers"]["content"], ensure_ascii=False), "again", ruleset)
    assert plain(again) == plain(answers)
    report = render_report(assessment)
    assert_no_empty_section(report)
    assert sum(len(f"```mermaid{part.split('```')[0]}```") for part in report.split("```mermaid")[1:]) <= BUDGET
    assert "None" not in report.replace("None of its", "")


def test_the_command_prints_the_schema(tmp_path: Path) -> None:
    result = CliRunner().invoke(report_command, ["--schema"])
    assert result.exit_code == 0
    assert json.loads(result.output) == SCHEMA
    assert CliRunner().invoke(report_command, ["--schema", "-o", str(tmp_path / "s.json")]).output == ""
    assert json.loads((tmp_path / "s.json").read_text()) == SCHEMA


def test_a_report_needs_an_answers_file() -> None:
    result = CliRunner().invoke(report_command, [])
    assert isinstance(result.exception, CommandError)
    assert "which answers file?" in str(result.exception)


def test_html_is_not_offered() -> None:
    result = CliRunner().invoke(report_command, ["a.yaml", "--format", "html"])
    assert result.exit_code == 2
    assert "'html' is not one of 'md', 'json'" in result.output
