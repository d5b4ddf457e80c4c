"""Where every pattern lives: stores that can be spared, stores that feed others, and what never moves."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from tests.rules.test_data_store import CLUSTERS, COPY, FILES, FIRST_CHOICES, HANDS_OFF, RANGE, RECORD, RULES, SUMS, WORDS
from tests.small_rules import FILES as SMALL
from tests.small_rules import compile_texts
from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, DataArchitecture, evaluate
from wa_advisor.errors import RulesError
from wa_advisor.model import RuleSet
from wa_advisor.report.document import assessment_document
from wa_advisor.report.render import render_report

Answers = dict[str, Any]

ORDERS: Answers = RANGE | {"name": "orders", "item_size": "4 KB", "hot_key_rate": "1/s"}
SESSIONS: Answers = COPY | {"name": "sessions", "item_size": "2 KB", "hot_key_rate": "1/s"}
BOOKINGS: Answers = RULES | {
    "name": "bookings",
    "contention": "yes",
    "load_shape": "spiky",
    "data_volume": "60 GB",
    "item_size": "2 KB",
}
LISTS: Answers = RULES | {
    "name": "lists",
    "atomic_scope": "nothing",
    "load_shape": "spiky",
    "data_volume": "60 GB",
    "item_size": "2 KB",
}
SEARCH: Answers = WORDS | {"name": "search", "search_quality": "relevance"}
SUM: Answers = SUMS | {"name": "sums", "average_rate": "3/day", "consistency": "relaxed"}


def assess(ruleset: RuleSet, patterns: list[Answers], workload: Answers | None = None) -> Assessment:
    text = json.dumps({"answers": 1, "workload": {"name": "w"} | (workload or {}), "access_patterns": patterns})
    return evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset))


def architecture(ruleset: RuleSet, patterns: list[Answers], workload: Answers | None = None) -> DataArchitecture:
    found = assess(ruleset, patterns, workload).data_architecture
    assert found is not None
    return found


def lives(found: DataArchitecture) -> dict[str, str]:
    return {item: kept.store for kept in found.stores for item in kept.items}


def test_lists_of_the_same_kind_of_store_share_it(ruleset: RuleSet) -> None:
    """Asked alone, the lists go to the store without a cluster; a cluster that is there anyway serves them as well."""
    assert lives(architecture(ruleset, [LISTS], HANDS_OFF)) == {"lists": "aurora-dsql"}
    found = architecture(ruleset, [BOOKINGS, LISTS], HANDS_OFF)
    assert lives(found) == {"bookings": "aurora-serverless-v2", "lists": "aurora-serverless-v2"}
    assert [(m.item, m.first, m.store, m.behind) for m in found.moves] == [("lists", "aurora-dsql", "aurora-serverless-v2", 2)]


def test_what_something_strong_speaks_against_never_moves(ruleset: RuleSet) -> None:
    found = architecture(ruleset, [BOOKINGS, LISTS, LISTS | {"name": "more lists"}], HANDS_OFF)
    assert lives(found)["bookings"] == "aurora-serverless-v2"  # though three in the other would be one store fewer


def test_sessions_move_to_the_table_that_is_there(ruleset: RuleSet) -> None:
    assert lives(architecture(ruleset, [SESSIONS], CLUSTERS)) == {"sessions": "elasticache"}
    found = architecture(ruleset, [SESSIONS, ORDERS], CLUSTERS)
    assert lives(found) == {"sessions": "dynamodb", "orders": "dynamodb"}
    assert [(m.item, m.behind) for m in found.moves] == [("sessions", 2)]


def test_a_pattern_beyond_the_margin_stays(ruleset: RuleSet) -> None:
    fast = SESSIONS | {"latency": "1 ms"}
    assert lives(architecture(ruleset, [fast, ORDERS], CLUSTERS)) == {"sessions": "elasticache", "orders": "dynamodb"}


def test_nothing_moves_with_a_margin_of_nothing(ruleset: RuleSet) -> None:
    narrow = replace(ruleset, consolidation=replace(ruleset.consolidation, margin=0, in_family=0))
    assert not architecture(narrow, [SESSIONS, ORDERS], CLUSTERS).moves


def test_no_move_into_a_store_that_an_answer_still_missing_may_rule_out(ruleset: RuleSet) -> None:
    unsure = {key: value for key, value in SESSIONS.items() if key != "item_size"}
    assert not architecture(ruleset, [unsure, ORDERS], CLUSTERS).moves


def test_a_proposal_stays_where_the_team_wants_it(ruleset: RuleSet) -> None:
    found = architecture(ruleset, [SESSIONS | {"proposed": "elasticache"}, ORDERS], CLUSTERS)
    assert lives(found)["sessions"] == "elasticache"


def test_search_and_sums_are_copies_fed_from_the_record(ruleset: RuleSet) -> None:
    found = architecture(ruleset, [SEARCH, ORDERS, SUM, FILES | {"name": "pictures"}], HANDS_OFF)
    roles = {kept.store: kept.role for kept in found.stores}
    assert roles == {"dynamodb": "record", "s3": "record", "opensearch": "copy", "athena": "copy"}
    assert {(f.item, f.sources, f.target) for f in found.feeds} == {
        ("search", ("dynamodb",), "opensearch"),
        ("sums", ("dynamodb",), "athena"),
    }


def test_a_further_use_brings_a_store_to_feed(ruleset: RuleSet) -> None:
    found = architecture(ruleset, [ORDERS | {"also_used_for": ["text-search", "late-reports"]}], HANDS_OFF)
    assert [(k.store, k.role, k.items) for k in found.stores] == [
        ("dynamodb", "record", ("orders",)), ("opensearch", "copy", ()), ("athena", "copy", ()),
    ]  # fmt: skip
    assert [(f.rule, f.sources, f.target) for f in found.feeds] == [
        ("search-is-fed-from-the-table", ("dynamodb",), "opensearch"),
        ("reports-are-fed-from-the-table", ("dynamodb",), "athena"),
    ]


def test_a_further_use_takes_the_store_that_is_there(ruleset: RuleSet) -> None:
    dashboards = SUM | {"concurrent_queries": "60", "latency": "5 s", "average_rate": "500/h"}
    found = architecture(ruleset, [ORDERS | {"also_used_for": ["late-reports"]}, dashboards], CLUSTERS)
    assert {kept.store for kept in found.stores} == {"dynamodb", "redshift"}


def test_what_has_no_store_yet_is_named(ruleset: RuleSet) -> None:
    found = architecture(ruleset, [ORDERS, {"name": "later"}])
    assert (found.open, lives(found)) == (("later",), {"orders": "dynamodb"})


def test_no_pattern_no_architecture(ruleset: RuleSet) -> None:
    answers = parse_answers("answers: 1\nworkload: {name: w}\n", "answers.yaml", ruleset)
    assessment = evaluate(ruleset, answers)
    assert assessment.data_architecture is None
    assert assessment_document(assessment)["data_architecture"] is None


def test_the_report_says_where_everything_lives(ruleset: RuleSet) -> None:
    text = render_report(assess(ruleset, [SESSIONS, ORDERS | {"also_used_for": ["late-reports"]}], CLUSTERS))
    section = text.partition("## Data architecture")[2].partition("\n## ")[0]
    assert "| Amazon DynamoDB | the record | sessions and orders |" in section
    assert "| Amazon Athena on Amazon S3 | a copy, fed from Amazon DynamoDB | further uses of orders |" in section
    assert "sessions lives in Amazon DynamoDB, which is there anyway" in section
    assert "## Data architecture" not in render_report(assess(ruleset, [ORDERS], CLUSTERS))


@pytest.mark.property
@pytest.mark.parametrize("seed", range(25))
def test_order_does_not_matter_and_no_move_breaks_a_rule(ruleset: RuleSet, seed: int) -> None:
    chance = Random(seed)
    cases = chance.sample(FIRST_CHOICES, 5)
    patterns = [pattern | {"name": name} for name, pattern, *_ in cases]
    workload = chance.choice([{}, CLUSTERS, HANDS_OFF])
    assessment = assess(ruleset, patterns, workload)
    found = assessment.data_architecture
    assert found is not None
    assert lives(architecture(ruleset, patterns[::-1], workload)) == lives(found)
    verdicts = {v.item: v for v in assessment.verdicts}
    for move in found.moves:
        option = verdicts[move.item].option(move.store)
        assert option is not None
        assert option.state == "viable"
        assert not [a for a in option.arguments if a.truth and (a.rule.direction, a.rule.strength) == ("against", "strong")]
        assert move.behind <= found.in_family
    assert sum(len(kept.items) for kept in found.stores) == sum(v.subject is not None for v in verdicts.values())


ADVICE = {
    "id": "feed",
    "scope": "access_pattern",
    "topic": "stores",
    "when": "lookup is full-key",
    "name": "Feed",
    "basis": "judgement",
}


def test_a_store_to_feed_is_a_service() -> None:
    advice = ADVICE | {"because": "So.", "improve": "Do.", "feeds": ["shelv"]}
    with pytest.raises(RulesError, match=r'unknown service "shelv"; did you mean shelf\?'):
        compile_texts([*SMALL, json.dumps({"advice": [advice]})])


def test_what_the_consolidation_names_is_checked() -> None:
    wrong = SMALL[0] + "consolidation: {margin: 2, in_family: 4, because: So., once: [look], copies: [keyed]}\n"
    with pytest.raises(RulesError) as error:
        compile_texts([wrong, *SMALL[1:]])
    assert 'unknown class "keyed"' in str(error.value)
    assert 'unknown question "look"' in str(error.value)


def test_record_of_a_keyed_pattern_is_no_copy(ruleset: RuleSet) -> None:
    assert [k.role for k in architecture(ruleset, [RECORD | {"name": "p"}]).stores] == ["record"]
