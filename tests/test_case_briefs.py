"""The calibration briefs: whole, neutral, consistent with what is expected of them, and balanced.

What the advice makes of them is another test; here only the material is looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
CASES = sorted(path for path in (ROOT / "tests" / "cases").iterdir() if path.is_dir())
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "rules" / "services.yaml").read_text("utf-8"))["services"]
CLASSES: dict[str, Any] = yaml.safe_load((ROOT / "rules" / "decisions" / "class.yaml").read_text("utf-8"))["outcomes"]

BRIEF_KEYS = ["id", "title", "domain", "year", "sources", "brief", "inferred", "items"]
EXPECTED_KEYS = {"id", "strength", "origin", "expected", "why_one_line", "source_says"}
OPTIONAL_KEYS = {"not", "class", "wrong_answer", "lens_flags", "note"}
FAMILIES = {"aurora", "rds", "apigw", "ecs", "step-functions"}
GROUP_OF = {
    "data_store": "access_patterns",
    "class": "access_patterns",
    "compute": "components",
    "api": "interfaces",
    "integration": "hand_overs",
    "orchestration": "processes",
}
SERVERLESS = {"lambda", "lambda-edge", "step-functions-standard", "step-functions-express"}

# Words that would give the answer away. Products of others (Kafka, MongoDB, SQL Server) may be named: to keep one is a need.
GIVEAWAYS = re.compile(
    r"\b(amazon|aws|serverless|dynamo\w*|dax|keyspaces|documentdb|aurora|dsql|rds|redshift|athena|s3|efs|opensearch|elasticsearch"
    r"|elasticache|memorydb|neptune|timestream|kinesis|firehose|msk|lambdas?|fargate|ecs|eks|ec2|emr|glue|sagemaker|bedrock"
    r"|api gateway|apigw|appsync|graphql|alb|nlb|cloudfront|iot core|sqs|sns|eventbridge|step functions?|durable functions?"
    r"|load balancers?|graph databases?|time-series databases?|search engines?|key-value|object stor(e|es|age))\b",
    re.IGNORECASE,
)

# The balance: no class or kind of choice may rest on one example.
CLASS_AT_LEAST = 4
COMPUTE_KINDS = {
    "functions": {"lambda"},
    "managed instances": {"lambda-managed-instances"},
    "containers without hosts": {"ecs-fargate"},
    "hosts and clusters": {"ecs-ec2", "eks", "ec2"},
    "graphics processors": {"ec2-gpu", "sagemaker"},
    "batch": {"batch"},
    "data processing": {"emr", "glue"},
    "edge functions": {"lambda-edge", "cloudfront-functions"},
}
API_KINDS = "apigw-rest apigw-http apigw-websocket appsync alb nlb cloudfront lambda-function-url iot-core".split()
HAND_OVER_KINDS = "sqs sqs-fifo sns eventbridge eventbridge-scheduler kinesis firehose msk dynamodb-streams s3-events mq".split()
PROCESS_KINDS = "step-functions-standard step-functions-express lambda-durable".split()


@cache
def load(folder: Path, name: str) -> dict[str, Any]:
    """The parsed file of a case."""
    parsed: dict[str, Any] = yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))
    return parsed


def options(token: str) -> set[str]:
    """The services that an accepted token stands for; none if it is not known."""
    if token in FAMILIES:
        return {service for service in SERVICES if service.startswith(f"{token}-")}
    return {token} & SERVICES.keys()


def names(folder: Path, group: str) -> set[str]:
    return {item["name"] for item in load(folder, "brief")["items"].get(group, [])}


def accepted(decision: str) -> Counter[str]:
    """How many items accept each token in a decision, families taken as written."""
    return Counter(
        token
        for folder in CASES
        for tokens in load(folder, "expected")["expected"].get(decision, {}).values()
        for token in tokens
    )


def forbidden(folder: Path, decision: str) -> set[str]:
    items = load(folder, "expected").get("not", {}).get(decision, {})
    return {bad["choice"] for bads in items.values() for bad in bads}


def test_the_numbers_have_no_gap() -> None:
    assert sorted(int(path.name.split("-")[0]) for path in CASES) == list(range(1, len(CASES) + 1))
    assert len(CASES) >= 68


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_a_case_is_whole(folder: Path) -> None:
    brief, expected = load(folder, "brief"), load(folder, "expected")
    assert list(brief) == BRIEF_KEYS
    assert brief["id"] == expected["id"] == folder.name
    assert EXPECTED_KEYS <= expected.keys() <= EXPECTED_KEYS | OPTIONAL_KEYS
    assert expected["strength"] in ("strong", "medium", "weak")
    assert expected["origin"] in ("owner", "documentation", "article", "textbook")
    assert brief["sources"] and brief["inferred"]
    for source in brief["sources"]:
        assert re.match(r"https?://\S+$", source["url"]) and source["read"]
    assert 120 <= len(brief["brief"].split()) <= 250
    assert brief["items"] and brief["items"].keys() <= set(GROUP_OF.values())
    for group, items in brief["items"].items():
        assert len(names(folder, group)) == len(items)
        assert all(item.keys() == {"name", "description"} and item["description"] for item in items)


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_a_brief_gives_no_answer_away(folder: Path) -> None:
    brief = load(folder, "brief")
    texts = [brief["title"], brief["brief"]]
    texts += [text for items in brief["items"].values() for item in items for text in item.values()]
    assert not [found.group() for text in texts for found in GIVEAWAYS.finditer(text)]


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_what_is_expected_names_items_and_options(folder: Path) -> None:
    expected = load(folder, "expected")
    assert any(expected["expected"].values())
    for decision, items in expected["expected"].items():
        assert items.keys() <= names(folder, GROUP_OF[decision])
        for item, tokens in items.items():
            right = set().union(*map(options, tokens))
            assert all(map(options, tokens)), tokens
            for bad in expected.get("not", {}).get(decision, {}).get(item, []):
                assert not options(bad["choice"]) & right, f"{bad['choice']} is accepted and forbidden"
    for decision, items in expected.get("not", {}).items():
        assert items.keys() <= names(folder, GROUP_OF[decision])
        assert all(options(bad["choice"]) and bad["why"] for bads in items.values() for bad in bads)
    classes = expected.get("class", {})
    assert classes.keys() <= names(folder, "access_patterns")
    assert set(classes.values()) <= CLASSES.keys()


def test_a_wrong_answer_is_forbidden() -> None:
    marked = {folder: set(load(folder, "expected").get("wrong_answer", [])) for folder in CASES}
    for folder, wrong in marked.items():
        assert wrong <= {"serverless", "dynamodb"}
        if "dynamodb" in wrong:
            assert "dynamodb" in forbidden(folder, "data_store"), folder.name
        if "serverless" in wrong:
            assert SERVERLESS & (forbidden(folder, "compute") | forbidden(folder, "orchestration")), folder.name
    assert sum(bool(wrong) for wrong in marked.values()) >= 18
    assert sum("serverless" in wrong for wrong in marked.values()) >= 10


def test_all_classes_are_there() -> None:
    classes = Counter(kind for folder in CASES for kind in load(folder, "expected").get("class", {}).values())
    assert {kind: classes[kind] for kind in CLASSES if classes[kind] < CLASS_AT_LEAST} == {}


def test_all_kinds_of_choice_are_there() -> None:
    compute = accepted("compute")
    kinds = {kind: sum(compute[token] for token in tokens) for kind, tokens in COMPUTE_KINDS.items()}
    kinds |= {token: accepted("api")[token] for token in API_KINDS}
    kinds |= {token: accepted("integration")[token] for token in HAND_OVER_KINDS}
    kinds |= {token: accepted("orchestration")[token] for token in PROCESS_KINDS}
    assert {kind: count for kind, count in kinds.items() if count < 2} == {}


def test_most_sources_are_strong() -> None:
    strengths = Counter(load(folder, "expected")["strength"] for folder in CASES)
    assert strengths["strong"] >= len(CASES) / 2
    assert strengths["weak"] <= 5
