"""Advice and risks of interfaces and hand-overs: each one speaks in one case and is silent in another."""

from __future__ import annotations

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.model import RuleSet

PLAIN = "interaction: request-response, answered_by: functions, routes: 8"
WORK = "purpose: work, started_by: program, consumers: 1"
NEWS = "purpose: news, started_by: program, consumers: 3, picking: all-messages"
ORDERED = f"{WORK}, ordering: per-key"
FLOW = "purpose: flow, started_by: program, consumers: 3"


def said(ruleset: RuleSet, group: str, answers: str, workload: str = "") -> set[str]:
    """Ids of the advice and risks about one item."""
    text = f"answers: 1\nworkload: {{name: w{workload}}}\n{group}:\n  - {{name: i, {answers}}}\n"
    assessment = evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset))
    return {one.id for one in assessment.advice if one.item} | {one.id for one in assessment.risks if one.item}


# id, answers with which it speaks, answers with which it is silent
OF_INTERFACES = [
    ("consumer-keys-without-login", f"{PLAIN}, front_needs: [consumer-keys]", f"{PLAIN}, front_needs: [consumer-keys, token-login]"),
    (
        "function-url-open-to-all",
        "interaction: request-response, answered_by: functions, routes: 1, callers: partners, answer_time: 40 s",
        "interaction: request-response, answered_by: functions, routes: 1, callers: own-services",
    ),
    ("devices-share-an-identity", "interaction: device-messages", f"{PLAIN}, callers: browsers"),
    ("answer-now-work-later", f"{PLAIN}, answer_time: 30 s", f"{PLAIN}, answer_time: 29 s"),
    ("large-bodies-past-the-front", f"{PLAIN}, body_size: 7 MB", f"{PLAIN}, body_size: 6 MB"),
    ("cache-in-front-of-the-front", f"{PLAIN}, callers: browsers, cacheable: 30 %", f"{PLAIN}, callers: browsers, cacheable: 29 %"),
    ("edge-for-far-callers", f"{PLAIN}, callers: browsers, far_callers: yes", f"{PLAIN}, callers: browsers, far_callers: no"),
    ("throttle-the-public-face", f"{PLAIN}, callers: browsers", f"{PLAIN}, callers: own-services"),
    ("raise-the-request-quota", f"{PLAIN}, peak_requests: 10001/s", f"{PLAIN}, peak_requests: 10000/s"),
    ("spread-the-reconnecting", "interaction: two-way, open_connections: 20000", "interaction: two-way, open_connections: 19999"),
    ("keep-and-renew-connections", "interaction: two-way, answered_by: functions", "interaction: two-way, answered_by: containers"),
    ("bound-what-a-query-may-cost", "interaction: graph-query", PLAIN),
    ("subscribers-get-their-own-news", "interaction: server-push, callers: browsers", f"{PLAIN}, callers: browsers"),
    ("one-way-in", f"{PLAIN}, front_needs: [client-certificates]", f"{PLAIN}, front_needs: []"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "speaks", "silent"), OF_INTERFACES)
def test_of_interfaces(ruleset: RuleSet, rule: str, speaks: str, silent: str) -> None:
    assert rule in said(ruleset, "interfaces", speaks)
    assert rule not in said(ruleset, "interfaces", silent)


OF_HAND_OVERS = [
    ("message-handled-twice", f"{NEWS}, duplicates: must-not", f"{NEWS}, duplicates: harmless"),
    ("message-lost-without-dead-letters", f"{WORK}, loss: never-lost", f"{WORK}, loss: some-lost"),
    ("broken-record-stops-its-shard", FLOW, WORK),
    ("file-event-calls-itself", "purpose: work, started_by: file-arrival", WORK),
    ("scheduled-run-missing-unseen", "purpose: timer", WORK),
    ("scheduled-rules-left-out", "purpose: work, started_by: clock", WORK),
    ("late-device-messages", "purpose: flow, started_by: device", FLOW),
    ("saved-but-not-sent", f"{NEWS}, loss: never-lost", f"{NEWS}, loss: some-lost"),
    ("bulk-load-crowds-out-others", f"{WORK}, peak_messages: 301/s, work_time: 1 s", f"{WORK}, peak_messages: 300/s, work_time: 1 s"),
    ("hide-messages-long-enough", WORK, NEWS),
    ("report-the-failed-ones-only", ORDERED, NEWS),
    ("pass-a-pointer", f"{WORK}, payload: 257 KiB", f"{WORK}, payload: 256 KiB"),
    ("queue-for-each-receiver", f"{NEWS}, receiver_limited: yes", f"{NEWS}, receiver_limited: no, loss: some-lost"),
    (
        "queue-behind-the-file-store",
        "purpose: work, started_by: file-arrival, consumers: 1, receiver_limited: yes",
        "purpose: work, started_by: file-arrival, receiver_limited: no, loss: some-lost, duplicates: harmless",
    ),
    ("hold-the-pace-of-the-receiver", f"{WORK}, receiver_limited: yes", f"{WORK}, receiver_limited: no"),
    (
        "queue-ramps-in-steps",
        f"{WORK}, peak_messages: 6/s, work_time: 1 s, delivery_time: 59 s",
        f"{WORK}, peak_messages: 6/s, work_time: 1 s, delivery_time: 60 s",
    ),
    ("queue-readers-at-their-limit", f"{WORK}, peak_messages: 1251/s, work_time: 1 s", f"{WORK}, peak_messages: 1250/s, work_time: 1 s"),
    ("watch-the-age-of-the-oldest", FLOW, NEWS),
    ("spread-the-keys", ORDERED, f"{WORK}, ordering: unordered"),
    ("order-and-retries", ORDERED, f"{WORK}, ordering: unordered"),
    ("shards-for-the-rate", f"{FLOW}, peak_messages: 1001/s", f"{FLOW}, peak_messages: 1000/s, payload: 1 KB"),
    ("shards-for-the-rate", f"{FLOW}, peak_messages: 101/s, payload: 10 KB", f"{FLOW}, peak_messages: 100/s, payload: 10 KB"),
    ("describe-and-version-events", NEWS, WORK),
    ("few-large-files", "purpose: loading", FLOW),
    ("young-ordered-bus-left-out", f"{NEWS}, replay: yes", f"{NEWS}, replay: no, ordering: unordered"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "speaks", "silent"), OF_HAND_OVERS)
def test_of_hand_overs(ruleset: RuleSet, rule: str, speaks: str, silent: str) -> None:
    assert rule in said(ruleset, "hand_overs", speaks)
    assert rule not in said(ruleset, "hand_overs", silent)


def test_of_a_workload_in_two_regions(ruleset: RuleSet) -> None:
    for regions, expected in (("standby", True), ("one", False)):
        front = said(ruleset, "interfaces", PLAIN, f", regions: {regions}")
        work = said(ruleset, "hand_overs", f"{WORK}, loss: never-lost", f", regions: {regions}")
        assert ("face-in-two-regions" in front, "hand-over-stays-in-its-region" in work) == (expected, expected)


def test_every_one_is_tried(ruleset: RuleSet) -> None:
    tried = {rule for rule, _, _ in OF_INTERFACES + OF_HAND_OVERS} | {"face-in-two-regions", "hand-over-stays-in-its-region"}
    own = {one.id for one in (*ruleset.risks.values(), *ruleset.advice.values()) if one.scope in ("interface", "hand_over")}
    assert own <= tried
