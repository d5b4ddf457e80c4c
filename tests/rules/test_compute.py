"""Compute for a component: short answers and what they lead to, limits at their edge, every option reachable."""

from __future__ import annotations

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Verdict, evaluate
from wa_advisor.model import RuleSet


def compute(ruleset: RuleSet, answers: str, workload: str = "") -> Verdict:
    head = f"{{name: w{', ' + workload if workload else ''}}}"
    text = f"answers: 1\nworkload: {head}\ncomponents:\n  - {{name: c, {answers}}}\n"
    verdicts = evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset)).verdicts
    return next(v for v in verdicts if v.decision == "compute")


def true_arguments(verdict: Verdict) -> set[str]:
    """Ids of the arguments that are true now, of every option left."""
    return {a.rule.id for o in verdict.ranking if o.state != "eliminated" for a in o.arguments if a.truth}


def eliminating(verdict: Verdict, option: str) -> list[str]:
    """Ids of the constraints that rule an option out."""
    found = verdict.option(option)
    assert found is not None
    return [c.rule.id for c in found.constraints if c.truth]


API = "trigger: request, work_kind: application"
STEADY_API = f"{API}, activity: steady-load, average_calls: 1500/s, usual_duration: 120 ms, duration: 2 s"
IMAGE = "trigger: request, existing_form: container-image"
JOB = "trigger: schedule, work_kind: long-jobs"
DATA = "trigger: schedule, work_kind: data-reshaping"
EDGE = "trigger: edge, work_kind: edge-rewriting"
FRAMES = "trigger: stream, state_kept: large-between-steps, activity: steady-load"
ALWAYS = "trigger: always, existing_form: container-image, work_kind: application"
OUTGROWN = "trigger: event, existing_form: function-code, memory: 20 GB, duration: 20 min"
TRAINING = "trigger: schedule, work_kind: model-training, gpu: yes"
SERVING = "trigger: request, work_kind: model-serving, gpu: yes"

HANDLERS = f"{API}, existing_form: function-code, activity: steady-load"
SCORING = (
    "trigger: request, work_kind: model-serving, gpu: no, existing_form: function-code, activity: steady-load, "
    "average_calls: 1000/s, usual_duration: 200 ms, duration: 350 ms, start_speed: slow-start, waiting: waits"
)
GROUPS = "trigger: stream, state_kept: none, existing_form: function-code, activity: steady-load, average_calls: 1500/s, usual_duration: 120 ms"

# component, workload, the first choice, one argument that is true
CHOICES = [
    ("trigger: request", "", "lambda", "lambda-answers-requests"),
    (f"{API}, activity: daily-load", "operators: nothing", "lambda", "nothing-to-operate"),
    (f"{API}, activity: spiky-load, ramp: 30 s", "operators: nothing", "lambda", "containers-start-late"),
    (f"{API}, activity: rare-load", "idle_cost: yes", "lambda", "stands-by-all-night"),
    (f"{API}, activity: daily-load", "operators: own-hosts", "lambda", "lambda-follows-the-day"),
    ("trigger: event, duration: 4 s, activity: spiky-load", "", "lambda", "lambda-starts-on-events"),
    ("trigger: event, activity: daily-load, existing_form: function-code", "", "lambda", "function-code-exists"),
    ("trigger: schedule, work_kind: application, duration: 5 min", "", "lambda", "lambda-starts-on-events"),
    ("trigger: stream, state_kept: none, activity: daily-load", "", "lambda", "lambda-takes-batches-and-messages"),
    ("trigger: session, state_kept: none, activity: daily-load", "", "lambda", "lambda-takes-batches-and-messages"),
    ("trigger: event, work_kind: long-jobs, duration: 8 min, activity: spiky-load", "", "lambda", "batch-queue-of-jobs"),
    (f"{API}, start_speed: slow-start, start_budget: 5 s, activity: daily-load", "", "lambda", "lambda-answers-requests"),
    (f"{API}, start_speed: very-slow-start, activity: daily-load", "", "ecs-fargate", "lambda-very-slow-start"),
    (f"{API}, existing_form: container-image", "operators: nothing", "ecs-fargate", "fargate-runs-the-image"),
    (f"{API}, activity: daily-load", "portability: open-interfaces", "ecs-fargate", "containers-go-elsewhere"),
    (f"{STEADY_API}, existing_form: not-yet", "operators: nothing", "ecs-fargate", "lambda-busy-all-day"),
    (f"{STEADY_API}, waiting: waits", "", "ecs-fargate", "containers-overlap-waiting"),
    (f"{API}, existing_form: kubernetes-setup", "operators: nothing", "ecs-fargate", "hosts-to-operate"),
    ("trigger: always, work_kind: application", "", "ecs-fargate", "fargate-always-on"),
    ("trigger: session, state_kept: session-state, host_needs: [own-port]", "", "ecs-fargate", "process-keeps-sessions"),
    ("trigger: schedule, work_kind: application, duration: 40 min", "operators: nothing", "ecs-fargate", "fargate-long-work"),
    ("trigger: always, work_kind: product, existing_form: container-image, gpu: no", "", "ecs-fargate", "ec2-finished-product"),
    (FRAMES, "", "ecs-fargate", "one-process-for-one-flow"),
    (f"{FRAMES}, existing_form: container-image", "operators: own-hosts", "ecs-fargate", "one-process-for-one-flow"),
    ("trigger: session, state_kept: session-state, activity: daily-load", "operators: nothing, idle_cost: yes", "lambda", "lambda-forgets-sessions"),
    (f"{API}, host_needs: [certain-hardware]", "operators: own-hosts", "ecs-ec2", "hosts-of-choice"),
    (f"{FRAMES}, existing_form: function-code", "operators: nothing", "ecs-fargate", "functions-pass-everything-on"),
    (f"{STEADY_API}, existing_form: function-code", "operators: nothing", "lambda-managed-instances", "lmi-functions-busy-all-day"),
    (f"{OUTGROWN}, activity: steady-load", "", "lambda-managed-instances", "lmi-code-stays"),
    (f"{OUTGROWN}, activity: rare-load", "", "ecs-fargate", "lmi-never-at-zero"),
    (f"{JOB}, duration: 4 h, interruptible: yes, gpu: no", "operators: nothing", "batch", "batch-spare-capacity"),
    (f"{JOB}, duration: 4 h, existing_form: container-image, memory: 90 GB", "", "batch", "batch-image"),
    ("trigger: event, work_kind: long-jobs, gpu: yes, duration: 2 h", "operators: own-hosts", "batch", "batch-queue-of-jobs"),
    (DATA, "", "glue", "glue-no-cluster"),
    (f"{DATA}, duration: 40 min, activity: rare-load", "operators: nothing", "glue", "glue-nothing-to-operate"),
    (f"{DATA}, existing_form: spark-job", "operators: nothing", "glue", "glue-takes-spark"),
    (f"{DATA}, existing_form: spark-job, duration: 5 h", "operators: own-hosts", "emr", "emr-tuned-runs"),
    (f"{DATA}, existing_form: spark-job, interruptible: yes", "", "emr", "emr-spare-capacity"),
    (f"{TRAINING}, duration: 6 h", "operators: nothing", "sagemaker", "sagemaker-trains"),
    (SERVING, "operators: managed-clusters", "sagemaker", "sagemaker-serves"),
    (SERVING, "operators: own-hosts", "ec2-gpu", "ec2-gpu-own-hosts"),
    ("trigger: session, work_kind: product, gpu: yes, existing_form: installed", "", "ec2-gpu", "ec2-gpu-own-machines"),
    (EDGE, "", "cloudfront-functions", "cloudfront-function-rewrites"),
    (f"{EDGE}, edge_needs: [network], duration: 50 ms", "", "lambda-edge", "lambda-edge-calls-and-bodies"),
    ("trigger: request, work_kind: edge-rewriting, edge_needs: [body]", "", "lambda-edge", "lambda-edge-calls-and-bodies"),
    (f"{API}, existing_form: kubernetes-setup", "operators: managed-clusters", "eks", "eks-set-up-carries-over"),
    ("trigger: always, existing_form: kubernetes-setup", "operators: own-hosts", "eks", "eks-keeps-its-operators"),
    (f"{TRAINING}, existing_form: kubernetes-setup", "operators: own-hosts", "eks", "gpu-for-containers"),
    (f"{STEADY_API}, existing_form: container-image", "operators: own-hosts", "ecs-ec2", "ecs-ec2-hosts-kept-full"),
    (f"{ALWAYS}, host_needs: [privileged]", "", "ecs-ec2", "hosts-of-choice"),
    (f"{ALWAYS}, memory: 400 GB", "", "ecs-ec2", "larger-than-any-task"),
    (f"{SCORING}, start_budget: 50 ms", "operators: nothing, idle_cost: no", "lambda-managed-instances", "hosts-that-aws-cares-for"),
    (f"{GROUPS}, waiting: waits", "operators: nothing, idle_cost: no", "lambda-managed-instances", "functions-are-paid-for-waiting"),
    (f"{HANDLERS}, average_calls: 450/s, usual_duration: 150 ms", "", "lambda", "function-code-exists"),
    (f"{API}, state_kept: session-state, average_calls: 8000/s, activity: daily-load", "portability: open-interfaces", "ecs-fargate", "requests-share-a-process"),
    ("trigger: event, work_kind: application, existing_form: container-image, duration: 30 min", "team_skills: [containers]", "ecs-fargate", "containers-known-to-the-team"),
    ("trigger: session, state_kept: session-state, host_needs: [own-port, certain-hardware]", "operators: own-hosts", "ecs-ec2", "listens-on-its-port"),
    (f"{API}, activity: daily-load", "portability: open-interfaces, operators: managed-clusters, team_skills: [kubernetes]", "eks", "eks-one-platform-everywhere"),
    (f"{API}, activity: daily-load, existing_form: not-yet", "portability: no-need, team_skills: [functions]", "lambda", "eks-a-cluster-for-this"),
    (f"{API}, activity: daily-load, fragile_downstream: connection-limited", "", "lambda", "lambda-connections-add-up"),
    ("trigger: schedule, work_kind: data-reshaping, duration: 3 min, memory: 2 GB, activity: rare-load", "operators: nothing", "lambda", "lambda-small-set-of-data"),
    ("trigger: edge, work_kind: application, edge_needs: [network], duration: 2 s, memory: 700 MB, package_size: 35 MB", "", "lambda-edge", "lambda-edge-near-the-caller"),
    (f"{API}, activity: spiky-load, existing_form: container-image", "idle_cost: yes", "lambda", "lambda-takes-images-too"),
    (f"{API}, existing_form: installed", "operators: managed-clusters", "ec2", "installed-is-no-image"),
    ("trigger: request, work_kind: long-jobs, duration: 40 s, gpu: no", "", "lambda", "batch-jobs-too-short"),
    ("trigger: always, work_kind: product, existing_form: installed, gpu: no", "", "ec2", "ec2-installed-product"),
    ("trigger: request, work_kind: product, host_needs: [host-licence], gpu: no", "", "ec2", "ec2-finished-product"),
    ("trigger: request, work_kind: application, existing_form: installed, host_needs: [windows]", "", "ec2", "ec2-finished-product"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "workload", "choice", "argument"), CHOICES)
def test_choice(ruleset: RuleSet, answers: str, workload: str, choice: str, argument: str) -> None:
    verdict = compute(ruleset, answers, workload)
    assert verdict.choice == choice
    assert argument in true_arguments(verdict)


def test_every_option_can_come_first(ruleset: RuleSet) -> None:
    assert {choice for _, _, choice, _ in CHOICES} == set(ruleset.decisions["compute"].options)


def test_every_argument_is_true_somewhere(ruleset: RuleSet) -> None:
    seen: set[str] = set()
    for answers, workload, _, _ in CHOICES:
        seen |= true_arguments(compute(ruleset, answers, workload))
    assert {r.id for r in ruleset.decisions["compute"].rules if r.kind == "argument"} == seen


# answers at the limit, answers just above, the option, the constraint that then rules it out
LIMITS = [
    ("trigger: event, duration: 15 min", "trigger: event, duration: 901 s", "lambda", "lambda-work-too-long"),
    ("memory: 10240 MB", "memory: 10241 MB", "lambda", "lambda-memory-too-small"),
    (f"{JOB}, disk: 10240 MB", f"{JOB}, disk: 10241 MB", "lambda", "lambda-disk-too-small"),
    (f"{IMAGE}, package_size: 10 GB", f"{IMAGE}, package_size: 10001 MB", "lambda", "lambda-package-too-large"),
    (f"{IMAGE}, package_size: 10 GB", f"{IMAGE}, package_size: 10001 MB", "lambda-managed-instances", "lmi-package-too-large"),
    (f"{JOB}, cpus: 5", f"{JOB}, cpus: 6", "lambda", "lambda-too-few-cores"),
    ("trigger: request, duration: 15 min", "trigger: request, duration: 16 min", "lambda-managed-instances", "lmi-answer-too-slow"),
    ("trigger: event, duration: 90 min", "trigger: event, duration: 91 min", "lambda-managed-instances", "lmi-work-too-long"),
    ("memory: 32768 MB", "memory: 32769 MB", "lambda-managed-instances", "lmi-memory-too-small"),
    (f"{EDGE}, duration: 30 s", f"{EDGE}, duration: 31 s", "lambda-edge", "lambda-edge-work-too-long"),
    (f"{EDGE}, memory: 10240 MB", f"{EDGE}, memory: 10241 MB", "lambda-edge", "lambda-edge-memory-too-small"),
    (f"{EDGE}, package_size: 50 MB", f"{EDGE}, package_size: 51 MB", "lambda-edge", "lambda-edge-package-too-large"),
    (f"{EDGE}, private_network: no", f"{EDGE}, private_network: yes", "lambda-edge", "lambda-edge-outside-the-network"),
    (f"{EDGE}, duration: 1 ms", f"{EDGE}, duration: 2 ms", "cloudfront-functions", "cloudfront-function-too-slow"),
    (f"{EDGE}, memory: 2 MB", f"{EDGE}, memory: 3 MB", "cloudfront-functions", "cloudfront-function-memory"),
    (f"{EDGE}, package_size: 10 KB", f"{EDGE}, package_size: 11 KB", "cloudfront-functions", "cloudfront-function-code"),
    (f"{EDGE}, edge_needs: []", f"{EDGE}, edge_needs: [body]", "cloudfront-functions", "cloudfront-function-alone"),
    ("memory: 244 GB", "memory: 245 GB", "ecs-fargate", "fargate-memory-too-small"),
    (f"{JOB}, cpus: 32", f"{JOB}, cpus: 33", "ecs-fargate", "fargate-too-few-cores"),
    (f"{JOB}, disk: 200 GiB", f"{JOB}, disk: 201 GiB", "ecs-fargate", "fargate-disk-too-small"),
    (f"{API}, host_needs: [own-port]", f"{API}, host_needs: [privileged]", "ecs-fargate", "fargate-no-privileges"),
    (f"{API}, host_needs: [windows]", f"{API}, host_needs: [host-licence]", "ecs-fargate", "fargate-no-privileges"),
    (f"{JOB}, gpu: no", f"{JOB}, gpu: yes", "ecs-fargate", "no-gpu-in-tasks"),
    (f"{JOB}, gpu: no", f"{JOB}, gpu: yes", "lambda", "no-gpu-here"),
    (f"{JOB}, gpu: no", f"{JOB}, gpu: yes", "ec2", "ec2-plain-has-no-gpu"),
    ("trigger: request", "trigger: always", "lambda", "functions-run-when-called"),
    (f"{API}, host_needs: []", f"{API}, host_needs: [own-port]", "lambda", "no-port-of-its-own"),
    (f"{API}, host_needs: [own-port]", f"{API}, host_needs: [windows]", "glue", "no-host-to-reach"),
    ("trigger: edge", "trigger: request, work_kind: application", "lambda-edge", "only-at-the-edge"),
    ("trigger: request", "trigger: edge", "ecs-fargate", "not-at-the-edge"),
    (f"{API}, host_needs: [own-port]", f"{API}, host_needs: [certain-hardware]", "ecs-fargate", "no-choice-of-hardware"),
    ("trigger: schedule", "trigger: session", "batch", "batch-jobs-end"),
]  # fmt: skip


@pytest.mark.parametrize(("within", "beyond", "option", "constraint"), LIMITS)
def test_limit(ruleset: RuleSet, within: str, beyond: str, option: str, constraint: str) -> None:
    assert constraint not in eliminating(compute(ruleset, within), option)
    assert constraint in eliminating(compute(ruleset, beyond), option)


def test_every_constraint_has_its_limit_tested(ruleset: RuleSet) -> None:
    assert {r.id for r in ruleset.decisions["compute"].rules if r.kind == "constraint"} == {limit[3] for limit in LIMITS}


FULL = (
    "trigger: request, work_kind: application, duration: 400 ms, usual_duration: 60 ms, memory: 512 MB, disk: 100 MB, "
    "package_size: 30 MB, waiting: waits, state_kept: none, host_needs: [], average_calls: 20/s, peak_calls: 200/s, "
    "activity: daily-load, start_budget: 2 s, start_speed: fast-start, existing_form: not-yet, private_network: no, "
    "fragile_downstream: none"
)


def test_all_answers_decide(ruleset: RuleSet) -> None:
    verdict = compute(ruleset, FULL, "operators: nothing, idle_cost: yes, portability: no-need, team_skills: [functions]")
    assert (verdict.choice, verdict.certainty, verdict.runner_up) == ("lambda", "decided", "ecs-fargate")


def test_an_unknown_limit_only_leans(ruleset: RuleSet) -> None:
    verdict = compute(ruleset, FULL.replace("memory: 512 MB", "memory: unknown"))
    assert (verdict.choice, verdict.certainty) == ("lambda", "leaning")
    assert "memory" in verdict.open_questions


def test_nothing_answered_is_open(ruleset: RuleSet) -> None:
    verdict = compute(ruleset, "note: nothing")
    assert (verdict.choice, verdict.certainty) == (None, "open")
