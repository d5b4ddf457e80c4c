"""Certainty against a plain reference: every completion of the unknown answers, judged one by one.

On a small rule set of its own, whose every question has few cells, so that all completions can be written out as
answers files and judged from the start.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.small_rules import FILES, compile_texts
from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Verdict, evaluate
from wa_advisor.errors import RulesError
from wa_advisor.model import RuleSet

AWAY = {"not_applicable": "not here"}
# For each question of a pattern one answer in every cell that the rules tell apart, and that it does not apply.
CELLS: dict[str, list[Any]] = {
    "lookup": ["full-key", "range", "any-fields", AWAY],
    "combines": ["yes", "no", AWAY],
    "item_size": ["50 KB", "300 KB", "500 KB", "2 MB", AWAY],
    "average_rate": ["5/s", "100/s", AWAY],
    "records": ["7", "101", AWAY],
    "features": [[], ["joins"], ["streams"], ["joins", "streams"], AWAY],
}
RULES = compile_texts(FILES)


def store(ruleset: RuleSet, answers: dict[str, Any]) -> Verdict:
    text = json.dumps(
        {"answers": 1, "workload": {"name": "w", "region_scope": "single"}, "access_patterns": [{"name": "p"} | answers]}
    )
    return next(v for v in evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset)).verdicts if v.decision == "data_store")


@pytest.mark.property
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    answers=st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}),
    missing=st.sets(st.sampled_from(sorted(CELLS)), max_size=3),
)
def test_decided_means_first_in_every_completion(answers: dict[str, Any], missing: set[str]) -> None:
    known = {name: value for name, value in answers.items() if name not in missing}
    verdict = store(RULES, known)
    names = sorted(missing)
    completions = product(*(CELLS[name] for name in names))
    choices = {store(RULES, known | dict(zip(names, values, strict=True))).choice for values in completions}
    if verdict.choice is not None:
        assert (verdict.certainty == "decided") == (choices == {verdict.choice})


OPEN = "shelf: {name: Shelf, family: key-value store, serverless: operations}"


def _with(availability: str) -> RuleSet:
    shut = f"{OPEN[:-1]}, availability: {availability}, because: See its page., source: https://example.org/s" + "}"
    return compile_texts([text.replace(OPEN, shut) for text in FILES])


@pytest.mark.parametrize(
    ("availability", "why"), [("closed", "It takes no new customers."), ("new", "It is too new to rely on.")]
)
def test_what_is_closed_or_new_is_never_the_first_choice(availability: str, why: str) -> None:
    keyed = {"lookup": "full-key", "item_size": "300 KB"}
    assert store(RULES, keyed).choice == "shelf"
    verdict = store(_with(availability), keyed)
    assert verdict.choice == "pile"
    option = verdict.option("shelf")
    assert option is not None
    assert (option.state, option.barred) == ("eliminated", f"{why} See its page.")
    assert [a.rule.id for a in option.arguments if a.truth] == ["shelf-by-key"]  # the trace still shows what speaks for it


@pytest.mark.parametrize("availability", ["closed", "new"])
def test_what_is_closed_or_new_says_why(availability: str) -> None:
    shut = f"{OPEN[:-1]}, availability: {availability}" + "}"
    with pytest.raises(RulesError, match="give `because` and `source`"):
        compile_texts([text.replace(OPEN, shut) for text in FILES])
