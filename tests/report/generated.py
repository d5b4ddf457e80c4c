"""Answers made by chance over any rule set: every state of an answer, links, proposals, sign-offs, the lens."""

from __future__ import annotations

import json
import random
from typing import Any

from wa_advisor.answers import LINKS, PROPOSED
from wa_advisor.model import GROUPS, QUANTITY_TYPES, Question, RuleSet

_FIGURES = {
    "size": ("3 KB", "300 KB", "5 MB", "about 1 MB", "20 GB"),
    "duration": ("5 ms", "2 s", "1 to 20 s", "10 min", "3 h"),
    "rate": ("0/s", "5/s", "2k/s", "about 50/s", "3/day"),
    "data-rate": ("5 MB/s", "1 KB/s"),
    "count": ("0", "1", "7", "500", "2 to 90"),
    "share": ("0 %", "30 %", "100 %"),
}


def generated_answers(ruleset: RuleSet, seed: int, *, most: int = 3) -> str:
    """The text of an answers file; the same for the same seed. Figures out of a question's bounds are left out."""
    chance = random.Random(seed)
    workload = {"name": f"workload {seed}", **_given(ruleset, "workload", chance)}
    content: dict[str, Any] = {"answers": 1, "workload": workload}
    for group, scope in GROUPS.items():
        if chance.random() < 0.8:
            content[group] = [
                {"name": f"{scope} {i}", **_given(ruleset, scope, chance), **_proposed(ruleset, group, chance)}
                for i in range(chance.randint(0, most))
            ]
    _link(content, chance)
    content["lens"] = {q: a for q in ruleset.lens if (a := _lens(ruleset, q, chance)) is not None}
    return json.dumps(content, ensure_ascii=False, indent=1)


def _given(ruleset: RuleSet, scope: str, chance: random.Random) -> dict[str, Any]:
    return {q.id: a for q in ruleset.scope_questions(scope) if (a := _answer(q, chance)) is not None}


def _answer(question: Question, chance: random.Random) -> Any:
    state = chance.random()
    if state < 0.2:
        return None
    if state < 0.3:
        return chance.choice(["unknown", {"unknown": True, "note": "asked twice"}])
    if state < 0.35:
        return {"not_applicable": "not here"}
    value = _value(question, chance)
    return {"value": value, "evidence": "x.sql:3"} if value is not None and state > 0.95 else value


def _value(question: Question, chance: random.Random) -> Any:
    if question.type == "choice":
        return chance.choice(list(question.choices))
    if question.type == "choices":
        return chance.sample(list(question.choices), chance.randint(0, min(2, len(question.choices))))
    if question.type == "yes-no":
        return chance.choice(["yes", "no"])
    if question.type in QUANTITY_TYPES:
        return None if question.low or question.high else chance.choice(_FIGURES[question.type])
    return "as said"


def _proposed(ruleset: RuleSet, group: str, chance: random.Random) -> dict[str, str]:
    decision = ruleset.decisions.get(PROPOSED[group])
    return {"proposed": chance.choice(decision.options)} if decision is not None and chance.random() < 0.4 else {}


def _link(content: dict[str, Any], chance: random.Random) -> None:
    for group, links in LINKS.items():
        for item in content.get(group, ()):
            for key, target in links.items():
                names = [c["name"] for c in content.get(target or "components", ())]
                if names and chance.random() < 0.7:
                    item[key] = chance.choice(names)


def _lens(ruleset: RuleSet, question: str, chance: random.Random) -> Any:
    ids = [p.id for p in ruleset.lens[question].practices]
    state = chance.random()
    if state < 0.2:
        return None
    if state < 0.3:
        return {"not_applicable": "no such part"}
    done = [i for i in ids if chance.random() < 0.5]
    unknown = [i for i in ids if i not in done and chance.random() < 0.2]
    return {"practices": done} | ({"unknown": unknown} if unknown else {})
