"""Which store comes first for short answers: one line a case, as an architect would say it.

A line gives the answers that matter and leaves the rest absent, as people do. Where certainty is not named, an answer
still missing may change the verdict.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, OptionTrace, Verdict, evaluate
from wa_advisor.model import RuleSet

Answers = dict[str, Any]

RECORD: Answers = {
    "lookup": "full-key", "nature": "records", "rows_returned": "one", "combines": "none", "rebuildable": "no",
    "query_knowledge": "fixed", "atomic_scope": "one-record", "contention": "no", "existing_engine": "none",
}  # fmt: skip
RANGE: Answers = RECORD | {
    "lookup": "partition-and-range", "rows_returned": "few", "list_order": "fixed-order", "atomic_scope": "nothing",
}  # fmt: skip
COPY: Answers = RECORD | {"rebuildable": "yes"}
RULES: Answers = {
    "lookup": "any-fields", "combines": "joins", "rows_returned": "few", "query_knowledge": "some-new", "contention": "no",
    "atomic_scope": "rules-across-records", "records_per_change": "10", "existing_engine": "none", "sql_features": "plain",
}  # fmt: skip
SUMS: Answers = {"lookup": "whole-set", "nature": "records", "query_knowledge": "still-changing", "existing_engine": "none"}
FILES: Answers = {"lookup": "full-key", "nature": "files", "existing_engine": "none"}
WORDS: Answers = {"lookup": "text", "consistency": "eventual", "existing_engine": "none"}
FLOW: Answers = {"lookup": "in-order", "followers": "3", "retention": "7 days", "existing_engine": "none"}
SERIES: Answers = {"lookup": "time-window", "existing_engine": "none"}
STEPS: Answers = {"lookup": "traversal", "existing_engine": "none"}
HANDS_OFF: Answers = {"operators": "nothing", "idle_cost": "yes"}
CLUSTERS: Answers = {"operators": "managed-clusters", "idle_cost": "no"}


def assess(ruleset: RuleSet, pattern: Answers, workload: Answers | None = None) -> Assessment:
    text = json.dumps({"answers": 1, "workload": {"name": "w"} | (workload or {}), "access_patterns": [{"name": "p"} | pattern]})
    return evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset))


def store(ruleset: RuleSet, pattern: Answers, workload: Answers | None = None) -> Verdict:
    return next(v for v in assess(ruleset, pattern, workload).verdicts if v.decision == "data_store")


def option(verdict: Verdict, name: str) -> OptionTrace:
    found = verdict.option(name)
    assert found is not None
    return found


def reasons(verdict: Verdict, name: str | None) -> set[str]:
    return {a.rule.id for a in option(verdict, name or "").arguments if a.truth}


# (what it is, pattern, workload, first choice, a reason among its arguments)
FIRST_CHOICES: list[tuple[str, Answers, Answers, str, str]] = [
    ("cart by owner", RECORD | {"item_size": "12 KB", "peak_rate": "5100/s"}, HANDS_OFF, "dynamodb", "dynamodb-any-rate"),
    ("profile by id, nothing else known", RECORD, {}, "dynamodb", "dynamodb-keyed-records"),
    ("chat messages by room and time", RANGE | {"peak_rate": "72000/s", "write_share": "17 %"}, HANDS_OFF, "dynamodb", "dynamodb-found-by-key"),
    ("orders of a customer", RANGE | {"secondary_lookups": "2", "also_used_for": ["late-reports"]}, {}, "dynamodb", "dynamodb-known-queries"),
    ("timeline that expires", RANGE | {"expiry": "expires"}, {}, "dynamodb", "expiry-built-in"),
    ("parent and its children", RANGE | {"lookup": "partition", "combines": "one-parent"}, {}, "dynamodb", "dynamodb-keyed-records"),
    ("device states ranged by key", RANGE | {"peak_rate": "8000/s", "write_share": "90 %"}, CLUSTERS, "dynamodb", "dynamodb-any-rate"),
    ("keyed records in several Regions", RECORD, {"regions": "write-everywhere"}, "dynamodb", "dynamodb-writes-in-every-region"),
    ("neighbours one step away", STEPS | {"hops": "1", "query_knowledge": "fixed"}, HANDS_OFF, "dynamodb", "dynamodb-few-steps"),
    ("sessions, clusters allowed", COPY | {"expiry": "expires", "latency": "5 ms"}, CLUSTERS, "elasticache", "elasticache-lost-copy"),
    ("sessions, nothing to run", COPY | {"expiry": "expires"}, HANDS_OFF, "dynamodb", "dynamodb-nothing-to-operate"),
    ("cached pages in a millisecond", COPY | {"latency": "1 ms"}, {}, "elasticache", "answers-from-memory"),
    ("leaderboard made again at will", RANGE | {"list_order": "live-ranking", "rebuildable": "yes"}, CLUSTERS, "elasticache", "in-memory-live-ranking"),
    ("leaderboard not to be lost", RANGE | {"list_order": "live-ranking"}, CLUSTERS, "memorydb", "memorydb-record-in-memory"),
    ("balances in a millisecond", RECORD | {"latency": "1 ms", "consistency": "strong", "write_share": "40 %"}, CLUSTERS, "memorydb", "memorydb-durable-memory"),
    ("sessions written in every Region", COPY | {"existing_engine": "redis"}, {"regions": "write-everywhere"}, "memorydb", "memorydb-several-writing-regions"),
    ("hot catalogue, read in microseconds", RECORD | {"latency": "500 us", "consistency": "eventual", "write_share": "2 %", "peak_rate": "20000/s"}, CLUSTERS, "dax", "dax-mostly-reads"),
    ("booking with rules and contention", RULES | {"contention": "yes", "load_shape": "steady"}, CLUSTERS, "aurora-postgresql", "relational-waits-for-locks"),
    ("administration with open questions", RULES | {"query_knowledge": "still-changing", "load_shape": "daily", "data_volume": "300 GB"}, CLUSTERS, "aurora-postgresql", "relational-whole-engine"),
    ("sale that comes in jumps", RULES | {"contention": "yes", "load_shape": "spiky"}, CLUSTERS, "aurora-serverless-v2", "capacity-follows-load"),
    ("rich SQL, nothing to run", RULES | {"sql_features": "rich", "load_shape": "mostly-idle"}, HANDS_OFF, "aurora-serverless-v2", "relational-whole-engine"),
    ("plain SQL, nothing to run", RULES | {"load_shape": "spiky"}, HANDS_OFF, "aurora-dsql", "dsql-plain-sql"),
    ("SQL written in several Regions", RULES, {"regions": "write-everywhere"}, "aurora-dsql", "dsql-writes-in-every-region"),
    ("keyed, but questions keep coming", RECORD | {"query_knowledge": "still-changing"}, HANDS_OFF, "aurora-dsql", "relational-open-questions"),
    ("keyed, with free questions of this moment", RECORD | {"also_used_for": ["live-questions"]}, CLUSTERS, "aurora-postgresql", "relational-live-questions"),
    ("small and steady", RULES | {"load_shape": "steady", "data_volume": "20 GB", "peak_rate": "20/s"}, CLUSTERS, "rds-postgresql", "rds-small-and-steady"),
    ("settings of a plain engine", RULES | {"sql_features": "engine-access", "load_shape": "steady"}, CLUSTERS, "rds-postgresql", "rds-engine-as-it-is"),
    ("code for PostgreSQL", RULES | {"existing_engine": "postgresql", "data_volume": "2 TB", "peak_rate": "900/s"}, CLUSTERS, "aurora-postgresql", "postgresql-stays"),
    ("code for MySQL", RULES | {"existing_engine": "mysql", "data_volume": "2 TB", "peak_rate": "900/s"}, CLUSTERS, "aurora-mysql", "mysql-stays"),
    ("small shop on MySQL", RULES | {"existing_engine": "mysql", "load_shape": "steady", "data_volume": "9 GB", "peak_rate": "9/s"}, CLUSTERS, "rds-mysql", "rds-small-and-steady"),
    ("MySQL that idles", RULES | {"existing_engine": "mysql", "load_shape": "mostly-idle"}, HANDS_OFF, "aurora-serverless-v2", "aurora-pauses-when-idle"),
    ("bound to SQL Server", RULES | {"existing_engine": "sql-server"}, CLUSTERS, "rds-sqlserver", "sqlserver-stays"),
    ("bound to Oracle", RULES | {"existing_engine": "oracle"}, CLUSTERS, "rds-oracle", "oracle-stays"),
    ("code for MongoDB", RECORD | {"existing_engine": "mongodb"}, CLUSTERS, "documentdb", "documentdb-mongodb-code"),
    ("code for Cassandra", RANGE | {"existing_engine": "cassandra", "peak_rate": "30000/s"}, HANDS_OFF, "keyspaces", "keyspaces-cassandra-code"),
    ("keyed, large and movable", RECORD | {"data_volume": "5 TB", "peak_rate": "8000/s"}, {"portability": "open-interfaces"}, "keyspaces", "keyspaces-much-and-portable"),
    ("dashboards of many users", SUMS | {"concurrent_queries": "60", "latency": "5 s", "average_rate": "500/h"}, CLUSTERS, "redshift", "redshift-many-users"),
    ("dashboards kept from a warehouse", SUMS | {"existing_engine": "warehouse", "concurrent_queries": "100"}, HANDS_OFF, "redshift", "redshift-warehouse-code"),
    ("analysis now and then", SUMS | {"concurrent_queries": "3", "average_rate": "20/day"}, HANDS_OFF, "athena", "athena-now-and-then"),
    ("scans of old data", SUMS | {"consistency": "relaxed", "average_rate": "5/day", "data_volume": "40 TB"}, {}, "athena", "athena-hours-behind"),
    ("sums over little live data", SUMS | {"consistency": "strong", "data_volume": "20 GB", "average_rate": "200/day"}, {"operators": "managed-clusters"}, "aurora-postgresql", "postgresql-small-sums"),
    ("pictures", FILES | {"item_size": "15 MB"}, HANDS_OFF, "s3", "s3-whole-files"),
    ("counter changed thousands of times a second", RECORD | {"hot_key_rate": "5000/s"}, CLUSTERS, "elasticache", "elasticache-hot-counter"),
    ("records of megabytes, nothing to run", RECORD | {"item_size": "1 MB"}, HANDS_OFF, "s3", "s3-large-records-without-servers"),
    ("records of megabytes", RECORD | {"item_size": "5 MB"}, {}, "s3", "s3-records-too-large-for-items"),
    ("files changed in place", FILES | {"nature": "shared-files"}, {}, "efs", "efs-shared-in-place"),
    ("programs on a file system", FILES | {"existing_engine": "file-system"}, {}, "efs", "efs-file-system-code"),
    ("search by relevance", WORDS | {"search_quality": "relevance"}, HANDS_OFF, "opensearch", "opensearch-relevance"),
    ("plain words in much text", WORDS | {"search_quality": "plain-words", "data_volume": "4 TB"}, {}, "opensearch", "opensearch-much-to-search"),
    ("plain words in a small set", WORDS | {"search_quality": "plain-words", "data_volume": "4 GB"}, CLUSTERS, "aurora-postgresql", "postgresql-plain-words"),
    ("vectors of a shop", {"lookup": "similarity", "data_volume": "4 GB", "peak_rate": "20/s"}, CLUSTERS, "aurora-postgresql", "postgresql-vectors"),
    ("many vectors", {"lookup": "similarity", "data_volume": "400 GB"}, HANDS_OFF, "opensearch", "opensearch-many-vectors"),
    ("vectors searched all the time", {"lookup": "similarity", "data_volume": "20 GB", "peak_rate": "800/s"}, HANDS_OFF, "opensearch", "opensearch-many-vectors"),
    ("very many vectors", {"lookup": "similarity", "data_volume": "40 TB"}, HANDS_OFF, "s3", "s3-vectors-kept-cheaply"),
    ("what is near", {"lookup": "nearby"}, CLUSTERS, "aurora-postgresql", "postgresql-places"),
    ("paths of many steps", STEPS | {"hops": "5"}, {}, "neptune", "neptune-many-steps"),
    ("paths with new questions", STEPS | {"hops": "2", "query_knowledge": "still-changing"}, {}, "neptune", "neptune-open-paths"),
    ("device curves, thousands a second", SERIES | {"peak_rate": "3000/s"}, {}, "timestream", "timestream-many-measurements"),
    ("code for InfluxDB", SERIES | {"existing_engine": "influxdb"}, {}, "timestream", "timestream-influxdb-code"),
    ("device curves, a few hundred a second", SERIES | {"peak_rate": "300/s"}, CLUSTERS, "aurora-postgresql", "postgresql-modest-measurements"),
    ("flow with several readers", FLOW, HANDS_OFF, "kinesis", "kinesis-several-readers"),
    ("flow on Kafka", FLOW | {"existing_engine": "kafka"}, HANDS_OFF, "msk", "msk-kafka-code"),
    ("flow kept for years", FLOW | {"retention": "3 years"}, {}, "msk", "msk-kept-for-years"),
    ("flow that must be movable", FLOW, {"portability": "open-interfaces"}, "msk", "msk-open-interface"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "workload", "choice", "reason"), [c[1:] for c in FIRST_CHOICES], ids=[c[0] for c in FIRST_CHOICES]
)
def test_first_choice(ruleset: RuleSet, pattern: Answers, workload: Answers, choice: str, reason: str) -> None:
    verdict = store(ruleset, pattern, workload)
    assert (verdict.choice, verdict.tied_with) == (choice, ())
    assert reason in reasons(verdict, choice)


def test_every_store_comes_first_somewhere(ruleset: RuleSet) -> None:
    assert {c[3] for c in FIRST_CHOICES} == set(ruleset.decisions["data_store"].options)


# (constraint, option, at the limit, one above)
LIMITS: list[tuple[str, str, Answers, Answers]] = [
    ("dynamodb-item-too-large", "dynamodb", RECORD | {"item_size": "400 KB"}, RECORD | {"item_size": "401 KB"}),
    ("dax-item-too-large", "dax", RECORD | {"item_size": "400 KB"}, RECORD | {"item_size": "401 KB"}),
    ("dynamodb-transaction-too-wide", "dynamodb", RULES | {"records_per_change": "100"}, RULES | {"records_per_change": "101"}),
    ("dynamodb-one-key-too-busy", "dynamodb", RECORD | {"hot_key_rate": "1000/s"}, RECORD | {"hot_key_rate": "1001/s"}),
    ("dsql-transaction-too-wide", "aurora-dsql", RULES | {"records_per_change": "3000"}, RULES | {"records_per_change": "3001"}),
    ("dsql-row-too-large", "aurora-dsql", RULES | {"item_size": "2 MiB"}, RULES | {"item_size": "2.1 MiB"}),
    ("dsql-more-than-plain-sql", "aurora-dsql", RULES, RULES | {"sql_features": "rich"}),
    ("dsql-place-and-likeness", "aurora-dsql", RULES, WORDS),
    ("dsql-volume-full", "aurora-dsql", RULES | {"data_volume": "256 TiB"}, RULES | {"data_volume": "257 TiB"}),
    ("aurora-volume-full", "aurora-postgresql", RULES | {"data_volume": "256 TiB"}, RULES | {"data_volume": "257 TiB"}),
    ("keyspaces-row-too-large", "keyspaces", RECORD | {"item_size": "1 MB"}, RECORD | {"item_size": "1.1 MB"}),
    ("s3-object-too-large", "s3", FILES | {"item_size": "48.8 TiB"}, FILES | {"item_size": "48.9 TiB"}),
    ("s3-no-change-in-place", "s3", FILES, FILES | {"nature": "shared-files"}),
    ("kinesis-kept-too-long", "kinesis", FLOW | {"retention": "365 days"}, FLOW | {"retention": "366 days"}),
    ("not-the-kept-interface-of-its-own", "dynamodb", RECORD, RECORD | {"existing_engine": "mongodb"}),
    ("not-the-kept-interface-postgresql", "aurora-postgresql", RULES, RULES | {"existing_engine": "mysql"}),
    ("not-the-kept-interface-mysql", "aurora-mysql", RULES, RULES | {"existing_engine": "postgresql"}),
    ("not-the-kept-interface-aurora", "aurora-serverless-v2", RULES, RULES | {"existing_engine": "oracle"}),
    ("not-the-kept-interface-in-memory", "elasticache", COPY, COPY | {"existing_engine": "cassandra"}),
    ("not-the-kept-interface-cassandra", "keyspaces", RECORD, RECORD | {"existing_engine": "redis"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "name", "within", "beyond"), LIMITS, ids=[c[0] for c in LIMITS])
def test_constraint_at_its_limit(ruleset: RuleSet, rule: str, name: str, within: Answers, beyond: Answers) -> None:
    inside = option(store(ruleset, within), name)
    assert rule not in {c.rule.id for c in inside.constraints if c.truth}
    outside = option(store(ruleset, beyond), name)
    assert outside.state == "eliminated"
    assert rule in {c.rule.id for c in outside.constraints if c.truth}


def test_every_constraint_has_its_limit_tested(ruleset: RuleSet) -> None:
    shipped = {r.id for r in ruleset.decisions["data_store"].rules if r.kind == "constraint"}
    assert {c[0] for c in LIMITS} == shipped


def test_hot_key_that_is_only_added_to_is_not_ruled_out(ruleset: RuleSet) -> None:
    verdict = store(ruleset, RANGE | {"hot_key_rate": "4000/s", "item_size": "1 KB"})
    assert option(verdict, "dynamodb").state == "viable"


def test_a_few_answers_settle_a_keyed_pattern(ruleset: RuleSet) -> None:
    few = RECORD | {"item_size": "12 KB", "hot_key_rate": "5/s", "latency": "20 ms", "also_used_for": []}
    verdict = store(ruleset, few, {"portability": "no-need"})
    assert (verdict.choice, verdict.certainty) == ("dynamodb", "decided")


UNFIT = [
    ("scans are no work for a keyed store", SUMS, {"dynamodb", "keyspaces", "elasticache"}),
    ("a search index is no record of bookings", RULES, {"opensearch", "athena", "redshift", "s3", "elasticache", "kinesis"}),
    ("records are no work for a warehouse", RECORD, {"redshift", "athena", "opensearch", "neptune", "timestream", "efs"}),
    ("files are no rows", FILES, {"dynamodb", "aurora-postgresql", "aurora-dsql", "documentdb"}),
]


@pytest.mark.parametrize(("pattern", "unfit"), [u[1:] for u in UNFIT], ids=[u[0] for u in UNFIT])
def test_nothing_speaks_for_a_store_of_another_shape(ruleset: RuleSet, pattern: Answers, unfit: set[str]) -> None:
    verdict = store(ruleset, pattern, HANDS_OFF)
    assert not {o.option for o in verdict.ranking if o.has_reason} & unfit
