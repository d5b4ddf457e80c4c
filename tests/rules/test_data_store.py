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
    ("orders of a customer, newest first", RANGE | {"secondary_lookups": "2", "also_used_for": ["late-reports"]}, {}, "dynamodb", "dynamodb-known-queries"),
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
    ("analysis now and then", SUMS | {"concurrent_queries": "3", "consistency": "relaxed", "average_rate": "20/day"}, HANDS_OFF, "athena", "athena-now-and-then"),
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
    ("documents whose readers sort as they like", RANGE | {"list_order": "chosen-order", "secondary_lookups": "8", "query_knowledge": "some-new"}, CLUSTERS | {"team_skills": ["sql"]}, "aurora-postgresql", "relational-order-chosen-by-reader"),
    ("tickets filtered by many known fields", RANGE | {"lookup": "secondary-key", "list_order": "chosen-order", "secondary_lookups": "9"}, CLUSTERS, "aurora-postgresql", "relational-order-chosen-by-reader"),
    ("prototype of a shop", RECORD | {"query_knowledge": "still-changing"}, CLUSTERS | {"team_skills": ["sql"]}, "aurora-postgresql", "relational-open-questions"),
    ("cases with free questions of this moment", RANGE | {"also_used_for": ["live-questions"], "query_knowledge": "some-new"}, HANDS_OFF, "aurora-dsql", "relational-live-questions"),
    ("movements written by thousands a second", RULES | {"peak_rate": "30000/s", "write_share": "50 %"}, {"recovery_time": "30 s"}, "aurora-dsql", "dsql-plain-sql"),
    ("booking that may stop for seconds only", RULES | {"contention": "yes", "load_shape": "daily"}, {"recovery_time": "30 s", "regions": "standby", "data_loss": "seconds"}, "aurora-postgresql", "aurora-copies-to-regions"),
    ("register copied to a second Region at once", RULES, {"regions": "standby", "data_loss": "none"}, "aurora-dsql", "dsql-nothing-lost"),
    ("readers elsewhere, nothing to be lost", RULES | {"combines": "joins"}, {"regions": "read-elsewhere", "data_loss": "none", "operators": "nothing"}, "aurora-dsql", "dsql-nothing-lost"),
    ("planning written on two continents", RULES | {"query_knowledge": "fixed"}, {"regions": "write-everywhere", "operators": "nothing"}, "aurora-dsql", "dsql-writes-in-every-region"),
    ("rich SQL, called now and then", RULES | {"sql_features": "rich", "load_shape": "mostly-idle", "latency": "300 ms"}, {"operators": "nothing"}, "aurora-serverless-v2", "aurora-wakes-up-slowly"),
    ("intranet form that idles", RULES | {"sql_features": "rich", "load_shape": "mostly-idle", "latency": "2 s"}, HANDS_OFF, "aurora-serverless-v2", "aurora-wakes-up-slowly"),
    ("PostgreSQL with settings of its own", RULES | {"sql_features": "engine-access", "existing_engine": "postgresql"}, CLUSTERS, "rds-postgresql", "rds-engine-as-it-is"),
    ("places of drivers by filters", {"lookup": "nearby", "consistency": "eventual"}, {"operators": "nothing"}, "aurora-serverless-v2", "postgresql-places"),
    ("notes found by likeness", {"lookup": "similarity", "data_volume": "1 GB", "peak_rate": "2/s"}, HANDS_OFF, "aurora-serverless-v2", "postgresql-vectors"),
    ("archive of vectors", {"lookup": "similarity", "data_volume": "90 TB", "consistency": "relaxed"}, {}, "s3", "s3-vectors-kept-cheaply"),
    ("building sensors", SERIES | {"peak_rate": "50/s", "data_volume": "20 GB"}, {"operators": "nothing"}, "aurora-serverless-v2", "postgresql-modest-measurements"),
    ("plant sensors", SERIES | {"peak_rate": "20000/s", "existing_engine": "influxdb"}, CLUSTERS, "timestream", "timestream-many-measurements"),
    ("live totals of a small office", SUMS | {"consistency": "strong", "data_volume": "5 GB", "average_rate": "30/day"}, {"operators": "own-hosts"}, "aurora-postgresql", "postgresql-small-sums"),
    ("sums of this moment over much data", SUMS | {"consistency": "strong", "data_volume": "3 TB", "average_rate": "90/h", "concurrent_queries": "40"}, {}, "redshift", "redshift-many-users"),
    ("scans all day long", SUMS | {"average_rate": "20/h", "scan_size": "100 GB", "latency": "8 s", "data_volume": "3 TB"}, CLUSTERS, "redshift", "redshift-scans-much"),
    ("a hundred scans an hour", SUMS | {"average_rate": "100/h", "scan_size": "50 GB", "data_volume": "9 TB", "existing_engine": "warehouse"}, CLUSTERS, "redshift", "redshift-warehouse-code"),
    ("sessions kept by Redis code", COPY | {"existing_engine": "redis"}, CLUSTERS, "elasticache", "redis-code"),
    ("counters of Redis code, not to be lost", RECORD | {"existing_engine": "redis"}, {"data_loss": "none"}, "memorydb", "memorydb-record-in-memory"),
    ("baskets cached on two continents", COPY | {"expiry": "expires"}, {"regions": "write-everywhere", "operators": "managed-clusters"}, "memorydb", "memorydb-several-writing-regions"),
    ("prices cached without clusters", COPY, {"operators": "nothing"}, "elasticache", "elasticache-sizes-itself"),
    ("rates of exchange in a millisecond", RECORD | {"latency": "1 ms", "consistency": "strong", "write_share": "50 %"}, {"data_loss": "none"}, "memorydb", "memorydb-strong-in-memory"),
    ("articles read in microseconds", RECORD | {"latency": "800 us", "consistency": "relaxed", "write_share": "1 %", "peak_rate": "50000/s"}, {"operators": "managed-clusters"}, "dax", "dax-many-reads"),
    ("votes on one topic", RECORD | {"hot_key_rate": "3000/s"}, {}, "elasticache", "elasticache-hot-counter"),
    ("profiles in two Regions", RANGE, {"regions": "write-everywhere", "operators": "nothing", "team_skills": ["key-design"]}, "dynamodb", "dynamodb-writes-in-every-region"),
    ("devices of a house", RANGE | {"rows_returned": "many"}, {"team_skills": ["key-design"]}, "dynamodb", "dynamodb-team-knows-keys"),
    ("log lines of a job", RANGE | {"rows_returned": "many"}, HANDS_OFF, "dynamodb", "dynamodb-found-by-key"),
    ("account by mail address, always the latest", RECORD | {"lookup": "secondary-key", "consistency": "strong"}, {}, "dynamodb", "dynamodb-keyed-records"),
    ("voucher by its code, always the latest", RECORD | {"lookup": "secondary-key", "consistency": "strong"}, HANDS_OFF, "dynamodb", "dynamodb-nothing-to-operate"),
    ("friends of a member", STEPS | {"hops": "2", "query_knowledge": "fixed"}, HANDS_OFF, "dynamodb", "dynamodb-few-steps"),
    ("keyed and movable, modest", RECORD | {"data_volume": "5 GB"}, CLUSTERS | {"portability": "open-interfaces"}, "aurora-postgresql", "open-interface-of-sql"),
    ("meters that must be movable", RANGE | {"data_volume": "50 TB", "peak_rate": "25000/s"}, {"portability": "open-interfaces", "operators": "nothing"}, "keyspaces", "keyspaces-much-and-portable"),
    ("events of Cassandra code", RANGE | {"existing_engine": "cassandra"}, CLUSTERS, "keyspaces", "keyspaces-cassandra-code"),
    ("documents of MongoDB code", RULES | {"existing_engine": "mongodb"}, {"operators": "managed-clusters"}, "documentdb", "documentdb-mongodb-code"),
    ("a bought product on SQL Server", RECORD | {"existing_engine": "sql-server"}, {}, "rds-sqlserver", "sqlserver-stays"),
    ("a bought product on Oracle", RULES | {"existing_engine": "oracle", "sql_features": "rich"}, {}, "rds-oracle", "oracle-stays"),
    ("scans of a megabyte archive", RECORD | {"item_size": "20 MB"}, {"idle_cost": "yes"}, "s3", "s3-large-records-without-servers"),
    ("small pictures at once", FILES | {"latency": "50 ms"}, {}, "s3", "s3-whole-files"),
    ("thumbnails at once", FILES | {"latency": "20 ms"}, HANDS_OFF, "s3", "s3-whole-files"),
    ("home directories", FILES | {"nature": "shared-files", "existing_engine": "file-system"}, {}, "efs", "efs-shared-in-place"),
    ("search in a large archive", WORDS | {"search_quality": "relevance", "data_volume": "2 TB"}, {}, "opensearch", "opensearch-much-to-search"),
    ("log search of existing dashboards", WORDS | {"existing_engine": "elasticsearch"}, {}, "opensearch", "opensearch-engine-code"),
    ("shop search of Elasticsearch code", WORDS | {"existing_engine": "elasticsearch", "search_quality": "relevance"}, HANDS_OFF, "opensearch", "opensearch-engine-code"),
    ("graph of existing Gremlin code", STEPS | {"existing_engine": "graph", "hops": "3"}, {}, "neptune", "neptune-graph-code"),
    ("knowledge graph", STEPS | {"existing_engine": "graph", "query_knowledge": "still-changing"}, CLUSTERS, "neptune", "neptune-graph-code"),
    ("flow that thirty teams read", FLOW | {"followers": "30"}, CLUSTERS | {"team_skills": ["kafka"]}, "msk", "msk-many-readers"),
    ("clicks that forty readers follow", FLOW | {"followers": "40"}, {"team_skills": ["kafka"], "portability": "open-interfaces"}, "msk", "msk-open-interface"),
    ("audit trail of Kafka code for years", FLOW | {"existing_engine": "kafka", "retention": "7 years"}, CLUSTERS, "msk", "msk-kept-for-years"),
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


def test_every_argument_counts_in_two_cases(ruleset: RuleSet) -> None:
    counts: dict[str, int] = {}
    for _, pattern, workload, _, _ in FIRST_CHOICES:
        verdict = store(ruleset, pattern, workload)
        for rule in {a.rule.id for o in verdict.ranking for a in o.arguments if a.truth}:
            counts[rule] = counts.get(rule, 0) + 1
    shipped = [r.id for r in ruleset.decisions["data_store"].rules if r.kind == "argument"]
    assert [rule for rule in shipped if counts.get(rule, 0) < 2] == []


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
    ("rds-volume-full", "rds-postgresql", RULES | {"data_volume": "64 TiB"}, RULES | {"data_volume": "65 TiB"}),
    ("rds-volumes-full", "rds-oracle", RULES | {"data_volume": "256 TiB"}, RULES | {"data_volume": "257 TiB"}),
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
