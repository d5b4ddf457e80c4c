"""Verdicts of the shipped rules over short answers, and the laws that hold for any answers."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, Verdict, evaluate
from wa_advisor.model import RuleSet

CART = {
    "lookup": "full-key", "rows_returned": "one", "nature": "records", "combines": "none", "rebuildable": "no",
    "query_knowledge": "fixed", "atomic_scope": "one-record", "contention": "no", "average_rate": "340/s",
    "hot_key_rate": "5/s", "item_size": "12 KB", "existing_engine": "none", "latency": "20 ms", "also_used_for": "[]",
    "peak_rate": "5100/s", "load_shape": "spiky", "data_volume": "40 GB",
}  # fmt: skip


def assess(ruleset: RuleSet, *patterns: dict[str, str], head: str = "") -> Assessment:
    lines = [
        "answers: 1",
        "workload: {name: w, portability: no-need, regions: one, operators: managed-clusters}",
        head,
        "access_patterns:",
    ]
    for number, pattern in enumerate(patterns):
        lines.append(f"  - name: p{number}")
        lines += [f"    {key}: {value}" for key, value in pattern.items()]
    return evaluate(ruleset, parse_answers("\n".join(lines) + "\n", "answers.yaml", ruleset))


def store(ruleset: RuleSet, pattern: dict[str, str]) -> Verdict:
    return assess(ruleset, pattern).verdicts[0]


CHOICES = [
    ({}, "dynamodb", "decided"),
    ({"lookup": "partition-and-range", "list_order": "fixed-order", "secondary_lookups": "1"}, "dynamodb", "decided"),
    ({"lookup": "any-fields", "query_knowledge": "still-changing", "load_shape": "steady"}, "aurora-postgresql", "leaning"),
    ({"lookup": "text", "search_quality": "relevance"}, "opensearch", "decided"),
    ({"nature": "files", "item_size": "10 MB"}, "s3", "decided"),
    ({"item_size": "unknown"}, "dynamodb", "leaning"),
    ({"item_size": "20 to 500 KB"}, "dynamodb", "leaning"),
    ({"atomic_scope": "rules-across-records", "records_per_change": "5", "contention": "yes"}, "aurora-serverless-v2", "leaning"),
]


@pytest.mark.parametrize(("change", "choice", "certainty"), CHOICES)
def test_choice(ruleset: RuleSet, change: dict[str, str], choice: str, certainty: str) -> None:
    verdict = store(ruleset, CART | change)
    assert verdict.choice == choice
    if certainty == "decided":
        assert verdict.certainty == "decided"


def test_item_over_the_limit_is_ruled_out(ruleset: RuleSet) -> None:
    assert store(ruleset, CART | {"item_size": "400 KB"}).choice == "dynamodb"
    option = store(ruleset, CART | {"item_size": "401 KB"}).option("dynamodb")
    assert option is not None
    assert option.state == "eliminated"
    assert [c.rule.id for c in option.constraints] == ["dynamodb-item-too-large"]


def test_nothing_answered_is_open(ruleset: RuleSet) -> None:
    verdict = store(ruleset, {})
    assert (verdict.choice, verdict.certainty) == (None, "open")


def test_relational_store_needs_a_sign_off(ruleset: RuleSet) -> None:
    pattern = CART | {"atomic_scope": "rules-across-records", "records_per_change": "5", "contention": "yes"}
    assert [s.state for s in assess(ruleset, pattern).sign_offs] == ["needed"]


def test_each_flip_flips(ruleset: RuleSet) -> None:
    verdict = store(ruleset, CART)
    choices = [
        f
        for f in verdict.flips
        if ruleset.questions[f.question].type in ("choice", "yes-no") and ruleset.questions[f.question].scope != "workload"
    ]
    assert choices
    for flip in choices:
        assert store(ruleset, CART | {flip.question: flip.change}).choice == flip.to


def answers_for(ruleset: RuleSet) -> st.SearchStrategy[dict[str, str]]:
    fields: dict[str, st.SearchStrategy[str]] = {}
    for question in ruleset.scope_questions("access_pattern"):
        if question.choices:
            fields[question.id] = st.sampled_from([*question.choices, "unknown"])
        elif question.type == "yes-no":
            fields[question.id] = st.sampled_from(["yes", "no", "unknown"])
    sizes = st.sampled_from(["1 KB", "399 KB", "401 KB", "unknown", "1 to 900 KB"])
    counts = st.sampled_from(["1", "99", "101", "3001", "unknown", "about 80"])
    rates = st.sampled_from(["1/day", "999/s", "1001/s", "unknown", "about 700/s"])
    more = {"item_size": sizes, "records_per_change": counts, "hot_key_rate": rates, "average_rate": rates}
    return st.fixed_dictionaries({}, optional=fields | more)


@pytest.mark.property
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_answering_an_unknown_keeps_a_decided_verdict(ruleset: RuleSet, data: st.DataObject) -> None:
    strategy = answers_for(ruleset)
    partial = data.draw(strategy)
    before = store(ruleset, partial)
    full = data.draw(strategy)
    more = {**full, **{k: v for k, v in partial.items() if v != "unknown" and " to " not in v and "about" not in v}}
    more |= {k: v for k, v in partial.items() if " to " in v or "about" in v}
    after = store(ruleset, more)
    if before.certainty == "decided":
        assert (after.choice, after.certainty) == (before.choice, "decided")
    ends = {o.option: (o.low, o.high) for o in before.ranking}
    for option in after.ranking:
        assert ends[option.option][0] <= option.low <= option.high <= ends[option.option][1]


@pytest.mark.property
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_order_of_patterns_and_answers_changes_no_verdict(ruleset: RuleSet, data: st.DataObject) -> None:
    first, second = data.draw(answers_for(ruleset)), data.draw(answers_for(ruleset))
    one = assess(ruleset, first, second).verdicts
    two = assess(ruleset, dict(reversed(second.items())), dict(reversed(first.items()))).verdicts
    assert [(v.choice, v.certainty, v.runner_up) for v in one] == [(v.choice, v.certainty, v.runner_up) for v in reversed(two)]
