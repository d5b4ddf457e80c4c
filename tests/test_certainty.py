"""Certainty against a plain reference: every completion of the unknown answers, judged one by one.

On a small rule set of its own, whose every question has few cells, so that all completions can be written out as
answers files and judged from the start.
"""

from __future__ import annotations

import json
from itertools import product
from random import Random
from typing import Any

import pytest

from tests.small_rules import FILES, STORE, compile_texts
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
SENTENCES = [
    "lookup is full-key", "lookup in [full-key, range]", "keyed", "class is single-table", "class is relational", "combines",
    "item_size > 100 KB", "item_size > shelf.item.max_size", "item_size <= 100 KB", "average_rate >= judgement.busy",
    "average_rate < judgement.busy", "records > 100", "records <= 100", "features includes joins", "not features includes joins",
    "features includes streams",
]  # fmt: skip
OPTIONS = ["shelf", "ledger", "pile"]


def sentence(chance: Random) -> str:
    return chance.choice([" and ", " or "]).join(chance.sample(SENTENCES, chance.choice([1, 1, 2])))


def decision(chance: Random) -> str:
    """A decision over the three services of the small set, as a rule file."""
    why = {"because": "So.", "basis": "judgement"}
    arguments = [
        {
            "id": f"argument-{i}", "options": chance.sample(OPTIONS, chance.choice([1, 1, 2])), "when": sentence(chance),
            chance.choice(["for", "for", "against"]): chance.choice(["strong", "moderate", "slight"]), **why,
        }
        for i in range(chance.randint(3, 9))
    ]  # fmt: skip
    constraints = [
        {"id": f"constraint-{i}", "options": [chance.choice(OPTIONS)], "out": sentence(chance), **why}
        for i in range(chance.randint(1, 3))
    ]
    return json.dumps(
        {
            "decision": "data_store", "name": "Data store", "scope": "access_pattern", "preference": ["shelf", "pile", "ledger"],
            "options": dict.fromkeys(OPTIONS), "constraints": constraints, "arguments": arguments,
        }
    )  # fmt: skip


def ruleset_of(text: str) -> RuleSet:
    return compile_texts([text if file is STORE else file for file in FILES])


def store(ruleset: RuleSet, answers: dict[str, Any]) -> Verdict:
    text = json.dumps(
        {"answers": 1, "workload": {"name": "w", "region_scope": "single"}, "access_patterns": [{"name": "p"} | answers]}
    )
    return next(v for v in evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset)).verdicts if v.decision == "data_store")


@pytest.mark.property
@pytest.mark.parametrize("seed", range(40))
def test_decided_means_first_in_every_completion(seed: int) -> None:
    chance = Random(seed)
    ruleset = ruleset_of(decision(chance))
    for _ in range(8):
        answers = {name: chance.choice(cells) for name, cells in CELLS.items()}
        names = chance.sample(sorted(CELLS), chance.choice([1, 2, 2, 3]))
        known = {name: value for name, value in answers.items() if name not in names}
        verdict = store(ruleset, known)
        completions = product(*(CELLS[name] for name in names))
        choices = {store(ruleset, known | dict(zip(names, values, strict=True))).choice for values in completions}
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
    assert store(compile_texts(FILES), keyed).choice == "shelf"
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
