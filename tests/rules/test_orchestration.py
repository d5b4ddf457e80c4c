"""Orchestration of a process: short answers and what they lead to, limits at their edge, every option reachable."""

from __future__ import annotations

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Verdict, evaluate
from wa_advisor.model import RuleSet


def orchestration(ruleset: RuleSet, answers: str) -> Verdict:
    text = f"answers: 1\nworkload: {{name: w}}\nprocesses:\n  - {{name: p, {answers}}}\n"
    verdicts = evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset)).verdicts
    return next(v for v in verdicts if v.decision == "orchestration")


def true_arguments(verdict: Verdict) -> set[str]:
    return {a.rule.id for o in verdict.ranking if o.state != "eliminated" for a in o.arguments if a.truth}


def eliminating(verdict: Verdict, option: str) -> list[str]:
    found = verdict.option(option)
    assert found is not None
    return [c.rule.id for c in found.constraints if c.truth]


CENTRAL = "process_shape: central"
CODE = f"{CENTRAL}, steps_call: own-code, process_team: as-code"
OWN = f"{CENTRAL}, steps_call: own-code, process_team: developers"
SERVICES = f"{CENTRAL}, steps_call: many-services"
PARTS = "process_shape: independent"
PLAIN = "waits_for: none, undo: no, run_visibility: no"
MANY = "steps: 4, average_runs: 500/s"

# the process, the first choice, one argument that is true
CHOICES = [
    (CENTRAL, "step-functions-standard", "course-in-one-place"),
    ("waits_for: people", "step-functions-standard", "run-waits-unpaid"),
    ("waits_for: other-systems", "step-functions-standard", "express-keeps-no-record"),
    ("undo: yes", "step-functions-standard", "run-is-undone"),
    ("run_visibility: yes", "step-functions-standard", "standard-shows-every-run"),
    ("run_twice: exactly-once", "step-functions-standard", "finished-steps-stay-finished"),
    (f"{SERVICES}, steps: 6, waits_for: people, undo: yes", "step-functions-standard", "workflow-calls-services"),
    (f"{SERVICES}, steps: 12, run_time: 3 h, waits_for: other-systems", "step-functions-standard", "durable-foreign-services"),
    (f"{CENTRAL}, process_team: mixed-readers, run_visibility: yes", "step-functions-standard", "workflow-read-by-all"),
    (f"{OWN}, waits_for: other-systems, run_visibility: yes", "step-functions-standard", "standard-shows-every-run"),
    (f"{OWN}, undo: yes, run_visibility: yes", "step-functions-standard", "run-is-undone"),
    (f"{PARTS}, undo: yes, steps: 4", "step-functions-standard", "nobody-undoes"),
    (f"{PARTS}, run_visibility: yes, steps: 4", "step-functions-standard", "nobody-sees-the-run"),
    ("steps: 2, waits_for: people, run_visibility: yes", "step-functions-standard", "nobody-waits"),
    (f"{SERVICES}, steps: 4, run_time: 20 s, run_twice: twice-harmless, run_visibility: yes", "step-functions-standard", "express-keeps-no-record"),
    (f"{SERVICES}, run_time: 1 min, run_twice: exactly-once", "step-functions-standard", "express-keeps-no-record"),
    (CODE, "lambda-durable", "durable-written-as-code"),
    (f"{CODE}, {PLAIN}, run_time: 2 h", "lambda-durable", "drawing-not-wanted"),
    (f"{CODE}, waits_for: other-systems, undo: no, run_visibility: no", "lambda-durable", "run-waits-unpaid"),
    (f"{CODE}, undo: yes, run_visibility: no", "lambda-durable", "run-is-undone"),
    (f"{CODE}, step_data: 1 MB, steps: 20", "lambda-durable", "durable-written-as-code"),
    (f"{CODE}, waits_for: people, undo: yes, run_visibility: yes, run_twice: exactly-once", "lambda-durable", "durable-remembers-its-steps"),
    (MANY, "step-functions-express", "express-many-short-runs"),
    (f"{MANY}, run_time: 10 s", "step-functions-express", "standard-paid-by-the-step"),
    (f"{CODE}, {MANY}, run_time: 10 s, run_twice: twice-harmless", "step-functions-express", "express-short-and-harmless"),
    (f"{SERVICES}, run_time: 10 s, run_twice: twice-harmless, waits_for: none", "step-functions-express", "express-nothing-to-wait-for"),
    (f"{CENTRAL}, {PLAIN}, steps: 3, average_runs: 15000/s, step_data: 500 KB", "ecs-fargate", "one-process-keeps-the-data"),
    (f"{CENTRAL}, {PLAIN}, steps: 3, average_runs: 3000 to 50000/s, step_data: about 500 KB, run_time: 1 s", "ecs-fargate", "one-process-for-a-chatty-course"),
    (f"{CENTRAL}, steps: 3, average_runs: 100/s, step_data: 200 KB, run_twice: twice-harmless, run_time: 1 s", "step-functions-express", "workflow-carries-large-data"),
    (f"{SERVICES}, steps: 7, average_runs: 1200/s, run_time: 4 s, run_twice: twice-harmless, process_team: mixed-readers", "step-functions-express", "workflow-read-by-all"),
    (PARTS, "eventbridge", "events-independent-parts"),
    (f"{PARTS}, {PLAIN}, steps: 4", "eventbridge", "workflow-against-independence"),
    (f"{PARTS}, steps_call: many-services, {PLAIN}", "eventbridge", "events-independent-parts"),
    (f"{PARTS}, run_twice: twice-harmless, steps: 5", "eventbridge", "events-independent-parts"),
    (f"{PARTS}, steps: 4, process_team: mixed-readers", "eventbridge", "queues-in-a-row"),
    ("steps: 2", "sqs", "queue-between-two"),
    (f"steps: 2, {PLAIN}", "sqs", "queue-between-two"),
    (f"{CODE}, steps: 2, {PLAIN}", "sqs", "workflow-for-two-steps"),
    (f"{CENTRAL}, steps: 2, {PLAIN}, run_twice: exactly-once", "sqs", "parts-may-see-it-twice"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "choice", "argument"), CHOICES)
def test_choice(ruleset: RuleSet, answers: str, choice: str, argument: str) -> None:
    verdict = orchestration(ruleset, answers)
    assert verdict.choice == choice
    assert argument in true_arguments(verdict)


def test_every_option_can_come_first(ruleset: RuleSet) -> None:
    assert {choice for _, choice, _ in CHOICES} == set(ruleset.decisions["orchestration"].options)


def test_every_argument_is_true_somewhere(ruleset: RuleSet) -> None:
    seen: set[str] = set()
    for answers, _, _ in CHOICES:
        seen |= true_arguments(orchestration(ruleset, answers))
    assert {r.id for r in ruleset.decisions["orchestration"].rules if r.kind == "argument"} == seen


# at the limit, just above, the option, the constraint that then rules it out
LIMITS = [
    ("run_time: 365 days", "run_time: 366 days", "step-functions-standard", "standard-run-too-long"),
    ("run_time: 365 days", "run_time: 366 days", "lambda-durable", "durable-run-too-long"),
    ("run_time: 5 min", "run_time: 301 s", "step-functions-express", "express-run-too-long"),
    ("waits_for: other-systems", "waits_for: people", "step-functions-express", "express-waits-for-nobody"),
    ("step_data: 256 KiB", "step_data: 257 KiB", "step-functions-standard", "standard-data-too-large"),
    ("step_data: 256 KiB", "step_data: 257 KiB", "step-functions-express", "express-data-too-large"),
    ("steps: 5000", "steps: 5001", "step-functions-standard", "standard-history-too-long"),
    ("steps: 3000", "steps: 3001", "lambda-durable", "durable-too-many-steps"),
    ("steps: 10, step_data: 10 MB", "steps: 11, step_data: 10 MB", "lambda-durable", "durable-data-too-large"),
    ("step_data: 1 MB", "step_data: 1001 KB", "eventbridge", "events-too-large"),
    ("step_data: 1 MiB", "step_data: 1025 KiB", "sqs", "message-too-large"),
]


@pytest.mark.parametrize(("within", "beyond", "option", "constraint"), LIMITS)
def test_limit(ruleset: RuleSet, within: str, beyond: str, option: str, constraint: str) -> None:
    assert constraint not in eliminating(orchestration(ruleset, within), option)
    assert constraint in eliminating(orchestration(ruleset, beyond), option)


def test_every_constraint_has_its_limit_tested(ruleset: RuleSet) -> None:
    assert {r.id for r in ruleset.decisions["orchestration"].rules if r.kind == "constraint"} == {limit[3] for limit in LIMITS}


def test_all_answers_decide(ruleset: RuleSet) -> None:
    verdict = orchestration(
        ruleset,
        f"{SERVICES}, steps: 6, run_time: 2 days, waits_for: people, undo: yes, run_visibility: yes, run_twice: exactly-once, "
        "step_data: 20 KB, average_runs: 5/min, peak_runs: 2/s, process_team: mixed-readers",
    )
    assert (verdict.choice, verdict.certainty) == ("step-functions-standard", "decided")


def test_nothing_answered_is_open(ruleset: RuleSet) -> None:
    assert orchestration(ruleset, "note: nothing").choice is None
