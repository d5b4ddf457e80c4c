"""Advice and dangers about components and processes: each shows where it should and nowhere near."""

from __future__ import annotations

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.model import RuleSet

EVENT = "trigger: event, work_kind: application, duration: 1 s, memory: 1 GB"
REQUEST = "trigger: request, work_kind: application, duration: 1 s, memory: 1 GB"
CONTAINER = "trigger: request, work_kind: application, existing_form: container-image"
SMALL_JOB = "trigger: event, work_kind: long-jobs, duration: 5 min, memory: 1 GB, activity: spiky-load"
JOB = "trigger: schedule, work_kind: long-jobs, duration: 4 h"
SPARK = "trigger: schedule, existing_form: spark-job, work_kind: data-reshaping, interruptible: yes"
MODEL = "trigger: request, work_kind: model-serving, gpu: yes"
WORKFLOW = "process_shape: central, undo: yes, run_visibility: yes"
CODE = "process_shape: central, steps_call: own-code, process_team: as-code"

# the id, an item where it shows, one that differs a little and where it does not
COMPONENTS = [
    ("ramp-faster-than-functions-grow", f"{REQUEST}, activity: spiky-load, peak_calls: 1001/s, ramp: 10 s", f"{REQUEST}, activity: spiky-load, peak_calls: 1000/s, ramp: 10 s"),
    ("functions-flood-what-they-call", f"{EVENT}, activity: spiky-load, fragile_downstream: rate-limited", f"{EVENT}, activity: spiky-load, fragile_downstream: none"),
    ("functions-use-up-connections", f"{REQUEST}, fragile_downstream: connection-limited", f"{REQUEST}, fragile_downstream: rate-limited"),
    ("run-that-never-starts", JOB, EVENT),
    ("state-dies-with-its-task", "trigger: session, state_kept: session-state", "trigger: session, state_kept: none"),
    ("raise-the-concurrency-quota", f"{REQUEST}, peak_calls: 1001/s", f"{REQUEST}, peak_calls: 1000/s"),
    ("raise-the-quota-for-the-rate", "trigger: request, duration: 10 ms, peak_calls: 10001/s", "trigger: request, duration: 10 ms, peak_calls: 10000/s"),
    ("growth-takes-its-time", f"{REQUEST}, activity: spiky-load, peak_calls: 1001/s", f"{REQUEST}, activity: spiky-load, peak_calls: 1000/s"),
    ("keep-room-for-others", f"{EVENT}, activity: spiky-load", f"{EVENT}, activity: daily-load"),
    ("ramp-of-a-queue", f"{EVENT}, peak_calls: 1251/s", f"{EVENT}, peak_calls: 1250/s"),
    ("prepared-starts", f"{REQUEST}, activity: spiky-load, start_speed: slow-start", f"{REQUEST}, activity: spiky-load, start_speed: fast-start"),
    ("provisioned-for-late-answers", f"{REQUEST}, activity: spiky-load, start_budget: 1 s", f"{REQUEST}, activity: spiky-load, start_budget: 2 s"),
    ("package-as-an-image", f"{SMALL_JOB}, package_size: 251 MB", f"{SMALL_JOB}, package_size: 250 MB"),
    ("one-purpose-for-each-function", f"{REQUEST}, activity: spiky-load, existing_form: container-image", f"{REQUEST}, activity: spiky-load, existing_form: not-yet"),
    ("answer-first-work-later", "trigger: request, duration: 30 s", "trigger: request, duration: 29 s"),
    ("never-feed-yourself", EVENT, REQUEST),
    ("set-failures-aside", "trigger: stream, state_kept: none, activity: daily-load", "trigger: stream, state_kept: large-between-steps"),
    ("do-not-pay-for-waiting", f"{EVENT}, waiting: waits, usual_duration: 11 s", f"{EVENT}, waiting: waits, usual_duration: 10 s"),
    ("measure-the-memory", f"{EVENT}, waiting: computes", f"{EVENT}, waiting: waits"),
    ("several-requests-in-one-environment", f"{REQUEST}, existing_form: function-code, activity: steady-load, average_calls: 1500/s", f"{REQUEST}, existing_form: function-code, activity: steady-load, average_calls: 15/s"),
    ("spare-capacity-with-checkpoints", f"{JOB}, interruptible: yes", f"{JOB}, interruptible: no"),
    ("two-tasks-in-two-zones", CONTAINER, REQUEST),
    ("express-mode-for-a-web-service", CONTAINER, "trigger: always, existing_form: container-image"),
    ("hosts-that-aws-runs", "trigger: always, existing_form: container-image, host_needs: [privileged]", "trigger: always, existing_form: container-image, host_needs: []"),
    ("follow-kubernetes-versions", "trigger: always, existing_form: kubernetes-setup", CONTAINER),
    ("sessions-in-small-machines", "trigger: session, host_needs: [own-port]", "trigger: session, host_needs: [windows], state_kept: none"),
    ("jobs-with-an-end", JOB, "trigger: always, work_kind: application"),
    ("spark-without-clusters", f"{SPARK}, operators: managed-clusters", f"{SPARK}, operators: own-hosts"),
    ("only-new-data", "trigger: schedule, work_kind: data-reshaping", JOB),
    ("endpoints-that-may-sleep", f"{MODEL}, activity: spiky-load", f"{MODEL}, activity: daily-load"),
    ("graphics-processors-in-time", "trigger: schedule, work_kind: model-training, gpu: yes", "trigger: schedule, work_kind: model-training, gpu: no"),
    ("servers-that-can-be-replaced", "trigger: always, existing_form: installed", "trigger: always, existing_form: container-image"),
    ("licences-with-proof", "trigger: always, host_needs: [host-licence]", "trigger: always, host_needs: [windows]"),
    ("one-function-in-all-places", "trigger: edge, work_kind: edge-rewriting", REQUEST),
    ("stay-outside-the-vpc", f"{EVENT}, private_network: no", f"{EVENT}, private_network: yes"),
    ("into-the-vpc-with-endpoints", f"{EVENT}, private_network: yes", f"{EVENT}, private_network: no"),
    ("connections-of-functions", f"{REQUEST}, fragile_downstream: connection-limited", f"{CONTAINER}, fragile_downstream: connection-limited"),
]  # fmt: skip

PROCESSES = [
    ("transitions-cost-more-than-work", f"{WORKFLOW}, waits_for: people, steps: 11, average_runs: 1/s", f"{WORKFLOW}, waits_for: people, steps: 10, average_runs: 1/s"),
    ("chatty-steps", "process_shape: independent, steps: 10, average_runs: 501/s", "process_shape: independent, steps: 10, average_runs: 500/s"),
    ("step-done-twice", f"{CODE}, run_twice: exactly-once", f"{CODE}, run_twice: twice-harmless"),
    ("run-waits-for-ever", f"{WORKFLOW}, waits_for: people", f"{WORKFLOW}, waits_for: none"),
    ("raise-the-transition-quota", f"{WORKFLOW}, steps: 10, peak_runs: 501/s", f"{WORKFLOW}, steps: 10, peak_runs: 500/s"),
    ("raise-the-start-quota", f"{WORKFLOW}, peak_runs: 301/s", f"{WORKFLOW}, peak_runs: 300/s"),
    ("raise-the-start-quota", f"{CODE}, peak_runs: 301/s", f"{CODE}, peak_runs: 300/s"),
    ("pass-names-not-data", "process_shape: central, step_data: 101 KB", "process_shape: central, step_data: 100 KB"),
    ("undo-in-reverse", "undo: yes", "undo: no"),
    ("name-the-run", WORKFLOW, CODE),
    ("code-that-can-be-replayed", CODE, WORKFLOW),
    ("follow-an-event-through", "process_shape: independent", WORKFLOW),
]  # fmt: skip


def shown(ruleset: RuleSet, group: str, answers: str) -> set[str]:
    """Ids of the advice and the dangers that one item shows."""
    item, _, operators = answers.partition(", operators: ")
    head = f"{{name: w{', operators: ' + operators if operators else ''}}}"
    text = f"answers: 1\nworkload: {head}\n{group}:\n  - {{name: i, {item}}}\n"
    assessment = evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset))
    return {a.id for a in assessment.advice} | {r.id for r in assessment.risks}


@pytest.mark.parametrize(("ident", "where", "beside"), COMPONENTS)
def test_of_a_component(ruleset: RuleSet, ident: str, where: str, beside: str) -> None:
    assert ident in shown(ruleset, "components", where)
    assert ident not in shown(ruleset, "components", beside)


@pytest.mark.parametrize(("ident", "where", "beside"), PROCESSES)
def test_of_a_process(ruleset: RuleSet, ident: str, where: str, beside: str) -> None:
    assert ident in shown(ruleset, "processes", where)
    assert ident not in shown(ruleset, "processes", beside)


def test_none_is_missing(ruleset: RuleSet) -> None:
    tested = {row[0] for row in [*COMPONENTS, *PROCESSES]}
    file = next(a.span.file for a in ruleset.advice.values() if a.id == "stay-outside-the-vpc")
    assert {e.id for e in [*ruleset.advice.values(), *ruleset.risks.values()] if e.span.file == file} == tested
