"""Each shipped quota: the figure that the answers make, at its limit and beyond it, for what is proposed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.assessment import Assessment, LimitRow
from wa_advisor.engine.capacity import capacity_rows
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.model import RuleSet

KB, MB, GB = 10**3, 10**6, 10**9
FUNCTION = "components: [{name: c, trigger: request, duration: 200 ms, proposed: lambda, %s}]"
TABLE = "access_patterns: [{name: p, lookup: full-key, nature: records, rows_returned: one, usual_size: 1 KB, proposed: dynamodb, %s}]"
STORE = "access_patterns: [{name: p, lookup: %s}]"
RECEIVER = "components: [{name: c, trigger: event, proposed: lambda}]\n"
HAND_OVER = RECEIVER + "hand_overs: [{name: h, to: [c], %s}]"
PROCESS = "processes: [{name: r, %s}]"
FRONT = "interfaces: [{name: i, %s}]"

# quota: (answers with a place for the figure, the figure at the limit, one beyond it, the value beyond it)
FIGURES: dict[str, tuple[str, str, str, int | Fraction]] = {
    "quota-lambda-concurrency": (FUNCTION, "peak_calls: 5000/s", "peak_calls: 5005/s", 1001),
    "quota-lambda-request-rate": (FUNCTION.replace("200 ms", "20 ms"), "peak_calls: 10000/s", "peak_calls: 10001/s", 10001),
    "quota-lambda-growth": (
        FUNCTION, "peak_calls: 5000/s, activity: spiky-load, ramp: 10 s", "peak_calls: 5050/s, activity: spiky-load, ramp: 10 s", 101,
    ),
    "quota-fargate-vcpus": (FUNCTION.replace("proposed: lambda", "proposed: ecs-fargate, waiting: waits"), "peak_calls: 300/s", "peak_calls: 305/s", Fraction(61, 10)),
    "quota-table-writes": (TABLE, "peak_rate: 80000/s, write_share: 50 %", "peak_rate: 80002/s, write_share: 50 %", 40001),
    "quota-new-table-writes": (TABLE, "peak_rate: 8000/s, write_share: 50 %", "peak_rate: 8002/s, write_share: 50 %", 4001),
    "quota-table-reads-strong": (TABLE, "peak_rate: 40000/s, write_share: 0 %, consistency: strong", "peak_rate: 40001/s, write_share: 0 %, consistency: strong", 40001),
    "quota-table-reads-eventual": (TABLE, "peak_rate: 80000/s, write_share: 0 %, consistency: eventual", "peak_rate: 80002/s, write_share: 0 %, consistency: eventual", 40001),
    "quota-dsql-storage": (STORE, "full-key, proposed: aurora-dsql, data_volume: 10 TiB", "full-key, proposed: aurora-dsql, data_volume: 12 TB", 12 * 10**12),
    "quota-athena-queries": (STORE, "whole-set, proposed: athena, concurrent_queries: 200", "whole-set, proposed: athena, concurrent_queries: 201", 201),
    "quota-redshift-slots": (STORE, "whole-set, proposed: redshift, concurrent_queries: 50", "whole-set, proposed: redshift, concurrent_queries: 51", 51),
    "payload-sns": (HAND_OVER, "purpose: news, proposed: sns, payload: 256 KiB", "purpose: news, proposed: sns, payload: 263 KB", 263 * KB),
    "payload-steps": (PROCESS, "proposed: step-functions-standard, step_data: 256 KiB", "proposed: step-functions-standard, step_data: 263 KB", 263 * KB),
    "payload-function-pushed": (HAND_OVER, "purpose: news, proposed: sns, payload: 1 MB", "purpose: news, proposed: sns, payload: 1001 KB", 1001 * KB),
    "payload-function-polled": (HAND_OVER, "purpose: work, proposed: sqs, payload: 6 MB", "purpose: work, proposed: sqs, payload: 6001 KB", 6001 * KB),
    "quota-queue-to-function": (HAND_OVER, "purpose: work, proposed: sqs, peak_messages: 125/s, work_time: 10 s", "purpose: work, proposed: sqs, peak_messages: 126/s, work_time: 10 s", 1260),
    "quota-queue-in-flight": (HAND_OVER, "purpose: work, proposed: sqs, peak_messages: 12000/s, work_time: 10 s", "purpose: work, proposed: sqs, peak_messages: 12001/s, work_time: 10 s", 120010),
    "quota-topic-rate": (HAND_OVER, "purpose: news, proposed: sns, peak_messages: 30000/s", "purpose: news, proposed: sns, peak_messages: 30001/s", 30001),
    "quota-bus-rate": (HAND_OVER, "purpose: news, proposed: eventbridge, peak_messages: 10000/s", "purpose: news, proposed: eventbridge, peak_messages: 10001/s", 10001),
    "quota-bus-deliveries": (HAND_OVER, "purpose: news, proposed: eventbridge, peak_messages: 6250/s, consumers: 3", "purpose: news, proposed: eventbridge, peak_messages: 6251/s, consumers: 3", 18753),
    "quota-stream-rate": (HAND_OVER, "purpose: flow, proposed: kinesis, peak_messages: 10000/s, payload: 1 MB", "purpose: flow, proposed: kinesis, peak_messages: 10001/s, payload: 1 MB", 10001 * MB),
    "quota-api-rate": (FRONT, "interaction: request-response, proposed: apigw-http, peak_requests: 10000/s", "interaction: request-response, proposed: apigw-http, peak_requests: 10001/s", 10001),
    "quota-new-websockets": (FRONT, "interaction: two-way, proposed: apigw-websocket, open_connections: 1800000, connection_time: 1 h", "interaction: two-way, proposed: apigw-websocket, open_connections: 1803600, connection_time: 1 h", 501),
    "quota-graphql-rate": (FRONT, "interaction: graph-query, proposed: appsync, peak_requests: 10000/s", "interaction: graph-query, proposed: appsync, peak_requests: 10001/s", 10001),
    "quota-transitions": (PROCESS, "proposed: step-functions-standard, steps: 10, peak_runs: 500/s", "proposed: step-functions-standard, steps: 10, peak_runs: 501/s", 5010),
    "quota-starts": (PROCESS, "proposed: step-functions-standard, peak_runs: 300/s", "proposed: step-functions-standard, peak_runs: 301/s", 301),
}  # fmt: skip


def judged(ruleset: RuleSet, text: str) -> Assessment:
    return evaluate(ruleset, parse_answers(f"answers: 1\nworkload: {{name: w}}\n{text}\n", "a.yaml", ruleset))


def row_of(ruleset: RuleSet, quota: str, text: str) -> LimitRow | None:
    """The row of a quota; a constraint that compares the same figure with the same fact stands for it."""
    found = judged(ruleset, text).limits
    fact = ruleset.quotas[quota].fact
    return next((r for r in found if r.rule == quota), None) or next((r for r in found if r.fact == fact), None)


@pytest.mark.parametrize("quota", FIGURES)
def test_at_its_limit_and_beyond(ruleset: RuleSet, quota: str) -> None:
    text, at, beyond, value = FIGURES[quota]
    inside, outside = row_of(ruleset, quota, text % at), row_of(ruleset, quota, text % beyond)
    assert inside is not None and inside.headroom == 0
    assert outside is not None and outside.is_exceeded and outside.value == value
    if outside.rule == quota:
        advice = [a for a in judged(ruleset, text % beyond).advice if a.id == quota]
        assert len(advice) == 1 and (outside.raise_to in advice[0].improve) and bool(outside.raise_to) == bool(outside.adjustable)


def test_every_quota_is_tried(ruleset: RuleSet) -> None:
    """The rest compare what a constraint of the service compares as well, or count connections (below)."""
    rest = {
        "quota-hot-key", "quota-dsql-connections", "quota-cache-connections", "payload-sqs", "payload-eventbridge", "payload-kinesis",
        "quota-fifo-rate",
    }  # fmt: skip
    assert set(ruleset.quotas) == set(FIGURES) | rest


SHOP = """\
access_patterns:
  - {name: ledger, lookup: full-key, used_by: [api, worker], proposed: aurora-postgresql}
  - {name: sessions, lookup: full-key, used_by: [api], proposed: aurora-dsql}
  - {name: cart, lookup: full-key, used_by: [api], proposed: elasticache}
components:
  - {name: api, trigger: request, duration: 500 ms, peak_calls: 2000/s, proposed: lambda}
  - {name: worker, trigger: event, duration: 10 s, peak_calls: 3/s, proposed: lambda}
  - {name: mailer, trigger: event, duration: 1 s, peak_calls: 7/s, proposed: lambda}
"""


def test_connections_are_those_of_the_components_that_use_a_store(ruleset: RuleSet) -> None:
    found = judged(ruleset, SHOP)
    shown = {(r.name, r.item): r.low for r in capacity_rows(found)}
    assert (shown["store_connections", "ledger"], shown["store_connections", "sessions"]) == (1030, 1000)
    assert ("store_connections", "cart") not in shown
    assert shown["relational_connections", "w"] == 1030, "a component counts once, however many stores it uses"
    rows = {(r.rule, r.item): r.value for r in found.limits}
    assert (rows["quota-dsql-connections", "sessions"], rows["quota-cache-connections", "cart"]) == (1000, 1000)


def test_a_busy_key_counts_the_size_of_its_records(ruleset: RuleSet) -> None:
    text = TABLE.replace("1 KB", "3 KB") % "hot_key_rate: 400/s"
    shown = {(r.name, r.item): r.low for r in capacity_rows(judged(ruleset, text))}
    assert shown["hot_key_units", "p"] == 1200


def test_shards_follow_the_scarcer_of_bytes_and_records(ruleset: RuleSet) -> None:
    text = "hand_overs: [{name: h, purpose: flow, proposed: kinesis, peak_messages: %s, payload: %s}]"
    for rate, payload, shards in (("2500/s", "100 B", 3), ("10/s", "450 KB", 5), ("1000/s", "1 KB", 1)):
        shown = {r.name: r.low for r in capacity_rows(judged(ruleset, text % (rate, payload)))}
        assert shown["shards_needed"] == shards


def test_the_background_is_about_functions_only(ruleset: RuleSet) -> None:
    found = judged(ruleset, SHOP.replace("peak_calls: 7/s, proposed: lambda", "peak_calls: 7/s, proposed: ecs-fargate"))
    assert [(b.background.id, b.items) for b in found.backgrounds] == [("how-lambda-runs-a-request", ("api", "worker"))]
    assert judged(ruleset, "components: [{name: c, proposed: ecs-fargate}]").backgrounds == ()
