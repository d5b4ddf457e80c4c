"""The JSON Schema of rule files and `rules check` agree: what the schema refuses, the check refuses."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from small_rules import FILES, compile_texts

from wa_advisor.errors import RulesError
from wa_advisor.files import rules_directory
from wa_advisor.ruleset.schema import rules_schema

MORE = """\
questions:
  season: {scope: workload, ask: Which?, type: choice, choices: {summer: hot, winter: cold}, since: "0.5", choices_since: {winter: 0.6.1}}
assume:
  no-large-ranges: {scope: access_pattern, never: lookup is range and item_size > 1 GB, because: Nobody reads so much.}
advice:
  - {id: keep-it-small, scope: access_pattern, topic: modelling, when: item_size > 4 KB, name: Keep it small, because: It costs.,
     improve: Split it., basis: judgement}
"""
GOOD = (*FILES, MORE)
VALUES = (
    None,
    "",
    "x y",
    "UPPER",
    "no",
    "-",
    5,
    -1,
    1.5,
    True,
    False,
    [],
    {},
    ["a"],
    [None],
    [[]],
    {"a": 1},
    {"a": "b"},
    "2026-11-01",
    "lookup is range",
)
VALIDATOR = Draft202012Validator(rules_schema())


def read(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def plain(value: Any) -> Any:
    """What an editor sees: dates are text."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in entries:
        found += places(below, (*path, key))
    return found


def changed(content: Any, chance: Random) -> Any:
    """The content with one thing taken out, replaced, renamed, added or doubled."""
    content = json.loads(json.dumps(content))
    path = chance.choice(places(content))
    parent = content
    for step in path[:-1]:
        parent = parent[step]
    key = path[-1]
    kind = chance.choice(["remove", "replace", "replace", "rename", "add"])
    if kind == "remove":
        del parent[key]
    elif kind == "replace":
        parent[key] = chance.choice(VALUES)
    elif isinstance(parent, dict):
        parent[f"{key}x" if kind == "rename" else "extra_key"] = parent.pop(key) if kind == "rename" else chance.choice(VALUES)
    else:
        parent.append(chance.choice(VALUES))
    return content


@pytest.mark.property
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 10**9))
def test_what_the_schema_refuses_the_check_refuses(seed: int) -> None:
    chance = Random(seed)
    index = chance.randrange(len(GOOD))
    content = changed(plain(read(GOOD[index])), chance)
    errors = [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in VALIDATOR.iter_errors(content)]
    if errors:
        text = json.dumps(content, ensure_ascii=False)
        try:
            compile_texts([*GOOD[:index], text, *GOOD[index + 1 :]])
        except RulesError:
            return
        pytest.fail(f"{seed}: the check takes what the schema refuses: {errors[:3]}\n{text}")


def test_most_changes_are_refused_by_both() -> None:
    """The law above says little if the schema hardly refuses anything."""
    refused = 0
    for seed in range(400):
        chance = Random(seed)
        content = changed(plain(read(GOOD[chance.randrange(len(GOOD))])), chance)
        refused += not VALIDATOR.is_valid(content)
    assert refused > 200


@pytest.mark.parametrize("path", sorted(rules_directory().rglob("*.yaml")), ids=lambda p: p.name)
def test_shipped_files_are_valid(path: Path) -> None:
    content = plain(read(path.read_text("utf-8")))
    assert [e.message for e in VALIDATOR.iter_errors(content)] == []


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(rules_schema())
    for text in GOOD:
        assert [e.message for e in VALIDATOR.iter_errors(plain(read(text)))] == []
