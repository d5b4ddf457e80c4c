"""The hand-over: short answers and what they lead to, limits at their edge, every option reachable."""

from __future__ import annotations

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Verdict, evaluate
from wa_advisor.model import RuleSet


def hand_over(ruleset: RuleSet, answers: str, workload: str = "") -> Verdict:
    text = f"answers: 1\nworkload: {{name: w{workload}}}\nhand_overs:\n  - {{name: h, {answers}}}\n"
    verdicts = evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset)).verdicts
    return next(v for v in verdicts if v.decision == "integration")


def reasons(verdict: Verdict) -> set[str]:
    """Ids of the arguments that are true now, of every option left."""
    return {a.rule.id for option in verdict.ranking if option.state != "eliminated" for a in option.arguments if a.truth}


def eliminating(verdict: Verdict, option: str) -> list[str]:
    found = verdict.option(option)
    assert found is not None
    return [c.rule.id for c in found.constraints if c.truth] if found.state == "eliminated" else []


WORK = "purpose: work, started_by: program, consumers: 1"
NEWS = "purpose: news, started_by: program"
FLOW = "purpose: flow, started_by: program"
CHANGE = "started_by: record-change, changed_in: keyed-table"

# answers, the first choice, one reason that has to be among those true
CHOICES = [
    ("purpose: work", "sqs", "queue-for-work"),
    (WORK, "sqs", "queue-for-work"),
    (f"{WORK}, receiver_limited: yes, peak_messages: 20000/s", "sqs", "queue-smooths-the-peak"),
    (f"{WORK}, ordering: unordered, duplicates: harmless, kept_for: 4 days", "sqs", "queue-for-work"),
    (f"{WORK}, average_messages: 5000/s", "sqs", "stream-volume-beats-price-per-message"),
    (f"{WORK}, ordering: per-key", "sqs-fifo", "fifo-queue-keeps-order"),
    (f"{WORK}, ordering: per-key, duplicates: must-not", "sqs-fifo", "fifo-queue-drops-duplicates"),
    (f"{WORK}, ordering: all-in-order, peak_messages: 20/s", "sqs-fifo", "fifo-queue-keeps-order"),
    (f"{WORK}, duplicates: must-not, ordering: unordered", "sqs-fifo", "fifo-queue-drops-duplicates"),
    (f"{WORK}, duplicates: must-not, ordering: unordered, peak_messages: 9000/s", "sqs", "fifo-queue-needs-high-throughput"),
    (f"{NEWS}, consumers: 1, ordering: per-key", "sqs-fifo", "queue-enough-for-one-receiver"),
    (f"{NEWS}, consumers: 1, receiver_limited: yes, picking: by-content", "eventbridge", "bus-rules-over-content"),
    ("purpose: news", "eventbridge", "bus-for-news"),
    (f"{NEWS}, consumers: 3, picking: by-content", "eventbridge", "bus-rules-over-content"),
    ("purpose: news, started_by: outside, consumers: 2, picking: all-messages", "eventbridge", "bus-events-from-outside"),
    ("purpose: work, started_by: outside, consumers: 1", "eventbridge", "outside-event-needs-a-rule"),
    (f"{NEWS}, consumers: 3, picking: all-messages, replay: yes", "eventbridge", "bus-keeps-an-archive"),
    ("purpose: news, started_by: file-arrival, consumers: 3", "eventbridge", "bus-files-for-rules"),
    (f"{NEWS}, consumers: 3, picking: all-messages", "sns", "topic-simple-picking"),
    (f"{NEWS}, consumers: 4, picking: by-attribute, ordering: unordered", "sns", "topic-simple-picking"),
    ("purpose: work, started_by: program, consumers: 3", "sns", "topic-copies-work"),
    ("purpose: work, started_by: program, consumers: 3, payload: 300 KB", "eventbridge", "bus-copies-work"),
    ("purpose: work, started_by: program, consumers: 3, ordering: per-key", "sns-fifo", "topic-copies-work"),
    (f"{NEWS}, consumers: 40", "sns", "topic-many-receivers"),
    (f"{NEWS}, consumers: 3, ordering: per-key", "sns-fifo", "fifo-topic-keeps-order"),
    (f"{NEWS}, consumers: 3, ordering: per-key, duplicates: must-not", "sns-fifo", "fifo-topic-drops-duplicates"),
    (f"{NEWS}, consumers: 3, ordering: per-key, replay: yes, peak_messages: 8000/s", "kinesis", "stream-read-again"),
    ("purpose: timer", "eventbridge-scheduler", "schedule-for-timers"),
    ("purpose: timer, started_by: clock, delivery_time: 5 min", "eventbridge-scheduler", "schedule-by-the-clock"),
    ("purpose: work, started_by: clock", "eventbridge-scheduler", "schedule-by-the-clock"),
    ("purpose: timer, started_by: program, set_ahead: 30 days, delivery_time: 1 min", "eventbridge-scheduler", "schedule-for-timers"),
    ("purpose: timer, started_by: program, set_ahead: 10 min, delivery_time: 1 s", "sqs", "queue-as-short-timer"),
    ("purpose: timer, started_by: program, set_ahead: 2 h, delivery_time: 1 s", "step-functions-standard", "workflow-exact-timer"),
    ("purpose: flow", "kinesis", "stream-for-flows"),
    (f"{FLOW}, consumers: 4, ordering: per-key, replay: yes, kept_for: 7 days", "kinesis", "stream-several-readers"),
    (f"{FLOW}, consumers: 1, average_messages: 20000/s", "kinesis", "stream-volume-beats-price-per-message"),
    ("purpose: flow, started_by: device, ordering: per-key, consumers: 3", "kinesis", "stream-order-of-a-key"),
    ("purpose: loading, started_by: program, consumers: 2", "firehose", "delivery-for-one-destination"),
    ("purpose: loading, started_by: program, consumers: 3", "kinesis", "stream-collects"),
    ("purpose: loading, delivery_time: 5 s", "kinesis", "delivery-gathers-first"),
    ("purpose: loading", "firehose", "delivery-collects-and-stores"),
    ("purpose: loading, started_by: program, consumers: 1, delivery_time: 5 min, payload: 2 KB", "firehose", "delivery-collects-and-stores"),
    ("purpose: loading, started_by: device", "firehose", "delivery-collects-and-stores"),
    (f"{FLOW}, protocol: kafka-protocol", "msk", "kafka-stays-kafka"),
    (f"{NEWS}, protocol: kafka-protocol", "msk", "kafka-stays-kafka"),
    (f"{WORK}, protocol: jms-amqp", "mq", "broker-keeps-its-protocol"),
    (f"{NEWS}, protocol: jms-amqp, ordering: all-in-order", "mq", "broker-keeps-its-protocol"),
    (f"purpose: news, {CHANGE}, consumers: 2", "dynamodb-streams", "change-stream-few-readers"),
    (f"purpose: flow, {CHANGE}, consumers: 1, ordering: per-key", "dynamodb-streams", "change-stream-order-of-a-record"),
    (f"purpose: work, {CHANGE}, consumers: 1", "dynamodb-streams", "change-has-to-be-sent"),
    (f"purpose: loading, {CHANGE}, consumers: 1", "dynamodb-streams", "change-stream-follows-the-table"),
    (f"purpose: news, {CHANGE}, consumers: 6, picking: all-messages", "sns", "topic-many-receivers"),
    (f"purpose: flow, {CHANGE}, consumers: 5, replay: yes, kept_for: 7 days", "kinesis", "stream-read-again"),
    ("purpose: news, started_by: record-change, changed_in: relational-table, consumers: 3, picking: by-content", "eventbridge", "change-has-to-be-sent"),
    ("purpose: work, started_by: file-arrival", "s3-events", "file-event-on-arrival"),
    ("purpose: work, started_by: file-arrival, consumers: 1, receiver_limited: yes", "s3-events", "file-event-straight-to-its-receiver"),
    ("purpose: news, started_by: file-arrival, consumers: 1", "s3-events", "file-event-on-arrival"),
    ("purpose: news, started_by: device, consumers: 2", "iot-core", "device-messages-by-rules"),
    ("purpose: work, started_by: device, protocol: mqtt", "iot-core", "device-messages-over-mqtt"),
    ("purpose: flow, started_by: device, protocol: mqtt, consumers: 3, ordering: per-key", "kinesis", "stream-order-of-a-key"),
    (f"{WORK}, protocol: mqtt, ordering: per-key", "mq", "broker-keeps-its-protocol"),
    (f"{NEWS}, protocol: mqtt", "iot-core", "device-messages-over-mqtt"),
    ("purpose: steps", "step-functions-standard", "workflow-for-steps"),
    ("purpose: steps, started_by: program, duplicates: must-not", "step-functions-standard", "workflow-once-each"),
    ("purpose: steps, started_by: clock", "eventbridge-scheduler", "course-has-to-be-started"),
    ("purpose: steps, started_by: file-arrival", "eventbridge", "bus-files-for-rules"),
    ("purpose: steps, started_by: outside", "eventbridge", "bus-events-from-outside"),
    ("purpose: steps, peak_messages: 2000/s, duplicates: harmless, work_time: 2 s", "step-functions-express", "express-many-runs"),
    ("purpose: steps, payload: 700 KB", "lambda-durable", "durable-steps-in-code"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "choice", "reason"), CHOICES)
def test_choice(ruleset: RuleSet, answers: str, choice: str, reason: str) -> None:
    verdict = hand_over(ruleset, answers)
    assert verdict.choice == choice, [(o.option, o.total) for o in verdict.ranking]
    assert reason in reasons(verdict)


def test_every_option_is_a_first_choice_somewhere(ruleset: RuleSet) -> None:
    assert {choice for _, choice, _ in CHOICES} == set(ruleset.decisions["integration"].options)


def test_nothing_answered_is_open(ruleset: RuleSet) -> None:
    verdict = hand_over(ruleset, "loss: never-lost")
    assert (verdict.choice, verdict.certainty) == (None, "open")


# option, its constraint, answers with {} for the value, the largest value that is allowed, one beyond
LIMITS = [
    ("sqs", "queue-message-too-large", WORK + ", payload: {}", "1 MiB", "1048577 B"),
    ("sqs-fifo", "queue-message-too-large", WORK + ", payload: {}", "1 MiB", "1048577 B"),
    ("sqs", "queue-kept-too-long", WORK + ", kept_for: {}", "14 days", "15 days"),
    ("sqs", "queue-work-too-long", WORK + ", work_time: {}", "12 h", "721 min"),
    ("sqs", "queue-one-receiver", "purpose: work, consumers: {}", "1", "2"),
    ("sqs-fifo", "fifo-queue-one-line-too-slow", WORK + ", ordering: all-in-order, peak_messages: {}", "3000/s", "3001/s"),
    ("sns", "topic-message-too-large", NEWS + ", payload: {}", "256 KiB", "262145 B"),
    ("sns-fifo", "topic-message-too-large", NEWS + ", payload: {}", "256 KiB", "262145 B"),
    ("sns-fifo", "fifo-topic-one-line-too-slow", NEWS + ", ordering: all-in-order, peak_messages: {}", "300/s", "301/s"),
    ("eventbridge", "bus-event-too-large", NEWS + ", payload: {}", "1 MB", "1001 KB"),
    ("kinesis", "stream-one-line-too-slow", FLOW + ", ordering: all-in-order, peak_messages: {}", "1000/s", "1001/s"),
    ("kinesis", "stream-kept-too-long", FLOW + ", kept_for: {}", "365 days", "366 days"),
    ("kinesis", "stream-record-too-large", FLOW + ", payload: {}", "10 MiB", "10485761 B"),
    ("firehose", "delivery-record-too-large", "purpose: loading, payload: {}", "1000 KiB", "1024001 B"),
    ("firehose", "delivery-one-destination", "purpose: loading, consumers: {}", "2", "3"),
    ("dynamodb-streams", "change-stream-too-many-readers", f"purpose: news, {CHANGE}, consumers: {{}}", "2", "3"),
    ("dynamodb-streams", "change-stream-kept-too-short", f"purpose: flow, {CHANGE}, kept_for: {{}}", "24 h", "25 h"),
    ("s3-events", "file-event-one-receiver", "purpose: news, started_by: file-arrival, consumers: {}", "1", "2"),
    ("iot-core", "device-message-too-large", "purpose: news, started_by: device, payload: {}", "128 KB", "129 KB"),
    ("step-functions-standard", "workflow-payload-too-large", "purpose: steps, payload: {}", "256 KiB", "262145 B"),
    ("step-functions-express", "express-step-too-long", "purpose: steps, work_time: {}", "5 min", "301 s"),
    ("lambda-durable", "durable-event-too-large", "purpose: steps, payload: {}", "1 MB", "1001 KB"),
    ("eventbridge-scheduler", "schedule-too-coarse", "purpose: timer, delivery_time: {}", "60 s", "59 s"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "rule", "answers", "at", "beyond"), LIMITS)
def test_limit_rules_out_beyond_it_and_not_at_it(
    ruleset: RuleSet, option: str, rule: str, answers: str, at: str, beyond: str
) -> None:
    assert rule not in eliminating(hand_over(ruleset, answers.format(at)), option)
    assert rule in eliminating(hand_over(ruleset, answers.format(beyond)), option)


# an answer, the options that cannot meet it
NEEDS = [
    ("purpose: news, ordering: per-key", {"sqs", "sns", "eventbridge", "iot-core"}),
    ("purpose: news, ordering: all-in-order", {"sqs", "sns", "eventbridge", "iot-core", "s3-events", "dynamodb-streams"}),
    ("purpose: news, ordering: unordered", set()),
    ("purpose: work, replay: yes", {"sqs", "sqs-fifo", "sns", "s3-events", "iot-core", "mq"}),
    ("purpose: work, replay: no", set()),
    ("purpose: news, started_by: program", {"s3-events"}),
    ("purpose: news, started_by: file-arrival", {"dynamodb-streams", "sqs-fifo"}),
    ("purpose: news, started_by: record-change, changed_in: relational-table", {"dynamodb-streams", "s3-events"}),
    ("purpose: work, started_by: clock", {
        "sqs", "sqs-fifo", "sns", "sns-fifo", "kinesis", "firehose", "msk", "iot-core", "mq", "dynamodb-streams", "s3-events",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "without"), NEEDS)
def test_need_rules_out_what_cannot_meet_it(ruleset: RuleSet, answers: str, without: set[str]) -> None:
    assert {o.option for o in hand_over(ruleset, answers).ranking if o.state == "eliminated"} == without


@pytest.mark.parametrize(("protocol", "left"), [("kafka-protocol", {"msk"}), ("jms-amqp", {"mq"}), ("mqtt", {"iot-core", "mq"})])
def test_only_what_speaks_the_protocol_is_left(ruleset: RuleSet, protocol: str, left: set[str]) -> None:
    verdict = hand_over(ruleset, f"purpose: work, started_by: program, protocol: {protocol}")
    assert {o.option for o in verdict.ranking if o.state != "eliminated"} == left


def test_portability_moves_a_flow_to_kafka(ruleset: RuleSet) -> None:
    verdict = hand_over(ruleset, f"{FLOW}, consumers: 1", ", portability: open-interfaces")
    assert verdict.choice == "msk"
    assert hand_over(ruleset, f"{FLOW}, consumers: 1", ", portability: no-need").choice == "kinesis"


def test_unknown_store_of_the_changes_leaves_their_stream_conditional(ruleset: RuleSet) -> None:
    verdict = hand_over(ruleset, "purpose: news, started_by: record-change, consumers: 1")
    option = verdict.option("dynamodb-streams")
    assert option is not None
    assert (verdict.choice, verdict.certainty, option.state) == ("dynamodb-streams", "leaning", "conditional")


@pytest.mark.parametrize("skill", ["functions", "kafka"])
def test_skills_alone_never_decide(ruleset: RuleSet, skill: str) -> None:
    for purpose in ("work", "news", "flow", "loading", "steps", "timer"):
        plain = hand_over(ruleset, f"purpose: {purpose}", ", team_skills: []")
        assert hand_over(ruleset, f"purpose: {purpose}", f", team_skills: [{skill}]").choice == plain.choice


def test_limit_of_a_need_that_is_not_there_is_not_shown(ruleset: RuleSet) -> None:
    """A thousand records a second bound a single line only; a flow in order of its keys has many shards."""
    for ordering, expected in (("per-key", False), ("all-in-order", True)):
        text = f"answers: 1\nworkload: {{name: w}}\nhand_overs:\n  - {{name: h, {FLOW}, peak_messages: 900/s, ordering: {ordering}}}\n"
        assessment = evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset))
        assert ("kinesis.shard.write_records" in {row.fact for row in assessment.limits}) == expected
