"""What the advice makes of the calibration cases: agreement, rules that rest on more than one case, and what is raised.

`tests/test_case_briefs.py` looks at the material; here its answers are judged.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from msgspec.structs import replace

from wa_advisor.answers import parse_answers
from wa_advisor.commands.rules_cases import judge_case, read_expectation, rules_cases
from wa_advisor.engine.agreement import Agreement, agreements
from wa_advisor.engine.assessment import Assessment, Verdict
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.files import load_ruleset, read_answers_text
from wa_advisor.model import Answers, Item, RuleSet

ROOT = Path(__file__).resolve().parent / "cases"
CASES = sorted(path for path in ROOT.iterdir() if path.is_dir())
STANDARD = [path for path in CASES if int(path.name.split("-")[0]) <= 12]
FLAGS: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load((ROOT / "lens_flags.yaml").read_text("utf-8"))

# Limits that no published workload comes near; each is met and missed by a row of its own in tests/rules.
LIMITS_WITHOUT_A_CASE = {
    "lambda-edge-memory-too-small": "nobody asks for more than ten gigabytes at the edge",
    "s3-object-too-large": "files are cut long before one has fifty terabytes",
}


RULESET = load_ruleset()


@cache
def answers_of(case: Path) -> Answers:
    path = str(case / "answers.yaml")
    return parse_answers(read_answers_text(path), path, RULESET)


@cache
def judged(case: Path) -> Assessment:
    """The verdicts over the answers of a case; an error in the answers fails whoever asks."""
    return evaluate(RULESET, answers_of(case))


def true_for(verdict: Verdict) -> set[str]:
    """The constraints and arguments that hold for the item of a verdict, whichever the option."""
    traces = [trace for option in verdict.ranking for trace in (*option.constraints, *option.arguments)]
    return {trace.rule.id for trace in traces if trace.truth}


@cache
def contributing() -> Mapping[str, set[str]]:
    """{rule: the cases with an item for which it holds}"""
    found: dict[str, set[str]] = defaultdict(set)
    for case in CASES:
        for verdict in judged(case).verdicts:
            for rule in true_for(verdict):
                found[rule].add(case.name)
    return found


def silent() -> set[str]:
    """The rules that do not hold for some item that their decision is about."""
    found: set[str] = set()
    for case in CASES:
        for verdict in judged(case).verdicts:
            found |= {rule.id for rule in RULESET.decisions[verdict.decision].rules} - true_for(verdict)
    return found


def arguments(ruleset: RuleSet) -> set[str]:
    return {r.id for d in ruleset.decisions.values() if d.kind == "choice" for r in d.rules if r.direction}


def constraints(ruleset: RuleSet) -> set[str]:
    return {r.id for d in ruleset.decisions.values() if d.kind == "choice" for r in d.rules if not r.direction}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_case_is_answered(case: Path) -> None:
    """Its answers parse, and answer for the items of the brief, in its title's name."""
    brief: dict[str, Any] = yaml.safe_load((case / "brief.yaml").read_text("utf-8"))
    answers: dict[str, Any] = yaml.safe_load((case / "answers.yaml").read_text("utf-8"))
    assert judged(case).verdicts
    assert answers["workload"]["name"] == brief["title"]
    for group, items in brief["items"].items():
        assert [item["name"] for item in answers[group]] == [item["name"] for item in items], group
    assert "proposed" not in str(answers)


def test_the_cases_agree() -> None:
    """At least 95 % of what is strong, nothing that is called wrong: the exit code of the command says so."""
    result = CliRunner().invoke(rules_cases, [str(ROOT), "--format", "json"])
    assert result.exit_code == 0, result.stdout
    rows = json.loads(result.stdout)
    assert {row["case"] for row in rows} == {case.name for case in CASES}
    for field in {row["field"] for row in rows}:
        strong = [row["outcome"] == "right" for row in rows if row["field"] == field and row["strength"] == "strong"]
        assert sum(strong) >= 0.95 * len(strong), field


def with_gaps(item: Item, phase: int) -> Item:
    """Every third answer left out, except those that say what the item is."""
    kept = {
        question: answer
        for place, (question, answer) in enumerate(sorted(item.answers.items()))
        if place % 3 != phase or RULESET.questions[question].identity
    }
    return replace(item, answers=kept)


@pytest.mark.slow
@pytest.mark.parametrize("phase", [0, 1, 2])
def test_a_third_of_the_answers_may_be_missing(phase: int) -> None:
    """The choices still agree in nine of ten strong expectations; a class may stay open until more is answered."""
    rows: list[Agreement] = []
    for case in CASES:
        answers = answers_of(case)
        groups = {group: tuple(with_gaps(item, phase) for item in items) for group, items in answers.groups.items()}
        assessment = evaluate(RULESET, replace(answers, groups=groups))
        rows += [r for r in agreements(read_expectation(case / "expected.yaml"), assessment) if r.strength == "strong"]
    choices = [row.outcome == "right" for row in rows if row.field != "class"]
    assert len(choices) > 100
    assert sum(choices) >= 0.9 * len(choices)
    assert {row.outcome for row in rows if row.field == "class"} <= {"right", "open"}


@pytest.mark.parametrize("case", STANDARD, ids=lambda path: path.name)
def test_a_standard_case_is_met_in_whole(case: Path, ruleset: RuleSet) -> None:
    rows = judge_case(case, ruleset)
    assert rows
    assert [row for row in rows if row.outcome != "right"] == []


def test_every_argument_contributes_in_two_cases(ruleset: RuleSet) -> None:
    """No argument may exist for one case."""
    assert len(arguments(ruleset)) > 200
    assert {rule: found for rule in arguments(ruleset) if len(found := contributing().get(rule, set())) < 2} == {}


def test_every_constraint_rules_out_in_a_case(ruleset: RuleSet) -> None:
    assert len(constraints(ruleset)) > 100
    assert constraints(ruleset) - contributing().keys() == set(LIMITS_WITHOUT_A_CASE)


def test_every_rule_is_silent_in_a_case(ruleset: RuleSet) -> None:
    assert (arguments(ruleset) | constraints(ruleset)) - silent() == set()


def test_every_class_is_the_outcome_of_a_case(ruleset: RuleSet) -> None:
    rows = {r.id for d in ruleset.decisions.values() if d.kind == "table" for r in d.rules}
    fired = {verdict.rule for case in CASES for verdict in judged(case).classes.values()}
    assert rows
    assert rows - fired == set()


def test_the_flags_of_the_standard_cases_are_listed() -> None:
    assert [case.name for case in STANDARD] == list(FLAGS)
    for case in STANDARD:
        expected: dict[str, Any] = yaml.safe_load((case / "expected.yaml").read_text("utf-8"))
        assert [flag.split(":")[0] for flag in expected["lens_flags"]] == list(FLAGS[case.name]), case.name


@pytest.mark.parametrize(("case", "flag"), [(case, flag) for case in FLAGS for flag in FLAGS[case]])
def test_a_flag_is_raised(case: str, flag: str) -> None:
    """By the advice or risk of the table, about the item of the table."""
    assessment = judged(ROOT / case)
    raised = {(found.id, found.item) for found in (*assessment.advice, *assessment.risks)}
    wanted = FLAGS[case][flag]
    assert (wanted["rule"], wanted["item"]) in raised
