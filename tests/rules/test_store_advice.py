"""Advice and dangers about stores: each with answers under which it is given, and a change under which it is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.test_data_store import (
    CLUSTERS,
    COPY,
    FILES,
    FLOW,
    HANDS_OFF,
    RANGE,
    RECORD,
    RULES,
    SERIES,
    STEPS,
    SUMS,
    WORDS,
    assess,
)
from wa_advisor.files import load_ruleset
from wa_advisor.model import RuleSet

Answers = dict[str, Any]

FAMILY: Answers = RANGE | {"combines": "one-parent", "kept_apart": [], "item_size": "20 KB"}
POSTGRES: Answers = RULES | {"contention": "yes", "load_shape": "steady"}
EVERYWHERE: Answers = {"regions": "write-everywhere"}
WAREHOUSE: Answers = SUMS | {"existing_engine": "warehouse", "concurrent_queries": "100", "consistency": "relaxed"}
MICRO: Answers = RECORD | {"latency": "1 ms", "consistency": "strong", "write_share": "40 %"}

# (id, pattern, workload, change of the pattern or the workload under which it is not given)
GIVEN: list[tuple[str, Answers, Answers, Answers]] = [
    ("children-inside-the-parent", FAMILY | {"joint_share": "95 %"}, {}, {"joint_share": "80 %"}),
    ("one-item-collection", FAMILY | {"joint_share": "60 %"}, {}, {"joint_share": "49 %"}),
    ("one-item-collection", FAMILY | {"joint_share": "95 %", "kept_apart": ["writers"]}, {}, {"kept_apart": []}),
    ("together-or-apart-is-a-weighing", FAMILY | {"joint_share": "40 %"}, {}, {"joint_share": "29 %"}),
    ("a-table-for-each-kind", FAMILY | {"joint_share": "29 %"}, {}, {"joint_share": "30 %"}),
    ("a-table-for-each-kind", FAMILY | {"joint_share": "95 %", "kept_apart": ["recovery"]}, {}, {"kept_apart": []}),
    ("sort-key-is-the-order", RANGE, {}, {"list_order": "any-order"}),
    ("an-index-for-each-further-lookup", RECORD | {"secondary_lookups": "1"}, {}, {"secondary_lookups": "0"}),
    ("strong-lookup-by-a-second-key", RECORD | {"lookup": "secondary-key", "consistency": "strong"}, {}, {"consistency": "eventual"}),
    ("spread-a-hot-key", RANGE | {"hot_key_rate": "1001/s"}, {}, {"hot_key_rate": "1000/s"}),
    ("large-part-to-object-storage", RECORD | {"item_size": "101 KB"}, {}, {"item_size": "100 KB"}),
    ("pointer-in-a-table", RECORD | {"item_size": "5 MB"}, {}, {"item_size": "50 KB"}),
    ("expiry-by-time-to-live", RECORD | {"expiry": "expires"}, {}, {"expiry": "kept"}),
    ("condition-on-every-change", RECORD, {}, {"atomic_scope": "nothing"}),
    ("several-records-in-one-transaction", RECORD | {"atomic_scope": "several-records"}, {}, {"atomic_scope": "one-record"}),
    ("neighbours-under-each-key", STEPS | {"hops": "1", "query_knowledge": "fixed"}, HANDS_OFF, {"hops": "4"}),
    ("on-demand-for-jumps", RECORD | {"load_shape": "spiky"}, {}, {"load_shape": "steady"}),
    ("provisioned-for-steady", RECORD | {"load_shape": "daily"}, {}, {"load_shape": "spiky"}),
    ("warm-before-the-launch", RECORD | {"peak_rate": "8100/s", "write_share": "50 %"}, {}, {"peak_rate": "8000/s"}),
    ("old-records-cheaper", RANGE | {"expiry": "kept", "old_data": "read-seldom"}, {}, {"old_data": "read-alike"}),
    ("old-objects-colder", FILES | {"expiry": "expires"}, {}, {"expiry": "kept"}),
    ("measurements-in-tiers", SERIES | {"old_data": "read-seldom"}, {}, {"old_data": "read-alike"}),
    ("search-is-fed-from-the-table", RECORD | {"also_used_for": ["text-search"]}, {}, {"also_used_for": []}),
    ("search-beside-the-rows", POSTGRES | {"also_used_for": ["text-search"], "search_quality": "plain-words"}, CLUSTERS, {"search_quality": "relevance"}),
    ("reports-are-fed-from-the-table", RECORD | {"also_used_for": ["late-reports"]}, {}, {"also_used_for": ["text-search"]}),
    ("reports-from-a-copy", POSTGRES | {"also_used_for": ["late-reports"]}, CLUSTERS, {"also_used_for": []}),
    ("search-is-fed-from-rows", POSTGRES | {"also_used_for": ["text-search"], "search_quality": "relevance"}, CLUSTERS, {"search_quality": "plain-words"}),
    ("history-to-a-warehouse", POSTGRES | {"also_used_for": ["late-reports"], "data_volume": "101 GB"}, CLUSTERS, {"data_volume": "100 GB"}),
    ("changes-by-stream", RECORD | {"also_used_for": ["change-feed"]}, {}, {"also_used_for": []}),
    ("changes-by-outbox", POSTGRES | {"also_used_for": ["change-feed"]}, CLUSTERS, {"also_used_for": []}),
    ("cache-in-front-of-rows", POSTGRES | {"peak_rate": "1000/s", "consistency": "eventual"}, CLUSTERS, {"peak_rate": "999/s"}),
    ("index-is-a-copy", WORDS | {"search_quality": "relevance"}, {}, {"search_quality": "plain-words"}),
    ("files-by-column", SUMS | {"average_rate": "5/day"}, {}, {"concurrent_queries": "90"}),
    ("estimates-are-enough", SUMS | {"average_rate": "5/day", "approximate_results": "yes"}, {}, {"approximate_results": "no"}),
    ("pool-connections-of-functions", POSTGRES, CLUSTERS, {"atomic_scope": "one-record", "combines": "none", "lookup": "full-key", "nature": "records", "rebuildable": "no", "query_knowledge": "fixed"}),
    ("data-api-for-few-calls", RULES | {"load_shape": "mostly-idle", "sql_features": "rich"}, {}, {"load_shape": "steady"}),
    ("renew-connections-and-retry", RULES, HANDS_OFF, {"sql_features": "rich"}),
    ("short-transactions-under-contention", POSTGRES, CLUSTERS, {"contention": "no"}),
    ("restore-to-any-second", RECORD, {"data_loss": "seconds"}, {"data_loss": "hours"}),
    ("daily-backups-are-enough", RECORD, {"data_loss": "hours"}, {"data_loss": "none"}),
    ("rehearse-recovery-of-a-cluster", POSTGRES, CLUSTERS, {"contention": "no", "operators": "nothing", "idle_cost": "yes", "load_shape": "spiky"}),
    ("move-without-a-pause", RECORD, {"migration": "without-pause"}, {"migration": "new"}),
    ("move-in-a-pause", RECORD, {"migration": "with-pause"}, {"migration": "new"}),
    ("busiest-parent", RANGE | {"peak_rate": "2002/s", "write_share": "50 %"}, {}, {"peak_rate": "2000/s"}),
    ("lists-made-beforehand", RANGE | {"write_share": "31 %", "consistency": "eventual"}, {}, {"write_share": "30 %"}),
    ("instruction-once", RULES, CLUSTERS, {"atomic_scope": "one-record"}),
    ("warehouse-at-its-busy-hours", WAREHOUSE | {"load_shape": "spiky"}, HANDS_OFF, {"load_shape": "steady"}),
    ("load-apart-from-asking", WAREHOUSE, HANDS_OFF, {"consistency": "strong"}),
    ("licences-of-an-engine", RULES | {"existing_engine": "oracle"}, {}, {"existing_engine": "postgresql"}),
    ("influxdb-is-the-open-timestream", SERIES, {}, {"lookup": "whole-set", "nature": "records"}),
    ("durable-cache-is-new", MICRO, CLUSTERS, {"latency": "20 ms"}),
    ("last-writer-wins", RECORD, EVERYWHERE, {"regions": "read-elsewhere"}),
    ("no-transaction-over-regions", RECORD | {"atomic_scope": "several-records"}, EVERYWHERE, {"atomic_scope": "one-record"}),
    ("index-holds-up-the-table", RECORD | {"secondary_lookups": "1", "peak_rate": "2002/s", "write_share": "50 %"}, {}, {"peak_rate": "2000/s"}),
    ("copy-behind-the-commit", POSTGRES, {"data_loss": "none", "regions": "standby"}, {"data_loss": "seconds"}),
    ("one-cluster-behind-everything", POSTGRES, {"recovery_time": "59 min"}, {"recovery_time": "1 h"}),
    ("paused-when-called", RULES | {"sql_features": "rich", "latency": "14 s"}, HANDS_OFF, {"latency": "15 s"}),
    ("record-in-a-cache", RECORD | {"hot_key_rate": "5000/s"}, {}, {"rebuildable": "yes"}),
    ("index-is-the-only-copy", WORDS | {"search_quality": "relevance"}, {"data_loss": "none"}, {"data_loss": "hours"}),
]  # fmt: skip

WORKLOAD = {q.id for q in load_ruleset().scope_questions("workload")}


def given(ruleset: RuleSet, pattern: Answers, workload: Answers) -> set[str]:
    assessment = assess(ruleset, pattern, workload)
    return {a.id for a in assessment.advice} | {r.id for r in assessment.risks}


@pytest.mark.parametrize(("rule", "pattern", "workload", "change"), GIVEN, ids=[f"{g[0]}-{i}" for i, g in enumerate(GIVEN)])
def test_given_and_not_given(ruleset: RuleSet, rule: str, pattern: Answers, workload: Answers, change: Answers) -> None:
    assert rule in given(ruleset, pattern, workload)
    of_workload = {k: v for k, v in change.items() if k in WORKLOAD}
    of_pattern = {k: v for k, v in change.items() if k not in WORKLOAD}
    assert rule not in given(ruleset, pattern | of_pattern, workload | of_workload)


def test_every_advice_about_a_store_is_tested(ruleset: RuleSet) -> None:
    rules = [*ruleset.advice.values(), *ruleset.risks.values()]
    shipped = {r.id for r in rules if r.scope == "access_pattern" and "advice-stores" in r.span.file}
    assert shipped
    assert {g[0] for g in GIVEN} == shipped


def test_a_query_of_one_table_is_no_advice_for_one_table(ruleset: RuleSet) -> None:
    """The class single-table says how a request reads; only facts about several kinds of record speak of the design."""
    designs = {"children-inside-the-parent", "one-item-collection", "together-or-apart-is-a-weighing", "a-table-for-each-kind"}
    assert not given(ruleset, RANGE | {"joint_share": "95 %"}, {}) & designs
    assert not given(ruleset, COPY, {}) & designs
    assert not given(ruleset, FLOW, {}) & designs


def test_shares_that_meet_leave_no_gap(ruleset: RuleSet) -> None:
    designs = {"children-inside-the-parent", "one-item-collection", "together-or-apart-is-a-weighing", "a-table-for-each-kind"}
    for share in ("0 %", "29 %", "30 %", "49 %", "50 %", "89 %", "90 %", "100 %"):
        for size in ("20 KB", "200 KB"):
            found = given(ruleset, FAMILY | {"joint_share": share, "item_size": size}, {}) & designs
            assert len(found) == 1, (share, size, found)
