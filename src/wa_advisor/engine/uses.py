"""What an answer goes into, by the rule set alone: rules by decision, computed values, costs, quotas, risks, advice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from wa_advisor.model import BACKWARDS, RuleSet
from wa_advisor.ruleset.compile import names_in
from wa_advisor.ruleset.trees import parts_of


class Uses(Struct, frozen=True, kw_only=True):
    """Rule ids by decision; derived values, costs, quotas, risks and advice by id."""

    rules: Mapping[str, tuple[str, ...]]
    derived: tuple[str, ...]
    costs: tuple[str, ...]
    quotas: tuple[str, ...]
    risks: tuple[str, ...]
    advice: tuple[str, ...]


def uses(ruleset: RuleSet, question: str) -> Uses:
    """The rules, derived values, risks and advice that an answer to the question goes into."""
    rules: dict[str, tuple[str, ...]] = {}
    for decision in ruleset.decisions.values():
        found = tuple(r.id for r in decision.rules if _leans(ruleset, r.when, question))
        if found:
            rules[decision.id] = found
    return Uses(
        rules=rules,
        derived=tuple(d for d in ruleset.derived if question in ruleset.needs.get(d, ())),
        costs=tuple(
            c.id
            for c in ruleset.costs.values()
            if any(_leans(ruleset, tree, question) for line in c.lines for tree in (line.value, line.when) if tree is not None)
        ),
        quotas=tuple(q.id for q in ruleset.quotas.values() if _leans(ruleset, q.value, question)),
        risks=tuple(r.id for r in ruleset.risks.values() if _leans(ruleset, r.when, question)),
        advice=tuple(a.id for a in ruleset.advice.values() if _leans(ruleset, a.when, question)),
    )


def link_uses(ruleset: RuleSet, link: str) -> tuple[str, ...]:
    """The ids of derived values and quotas that go over a link, from either end of it."""
    ends = {link, *(name for name, forward in BACKWARDS.items() if forward == link)}
    values = {**{d.id: d.value for d in ruleset.derived.values()}, **{q.id: q.value for q in ruleset.quotas.values()}}
    return tuple(name for name, value in values.items() if _goes_over(value, ends))


def _goes_over(tree: Any, links: set[str]) -> bool:
    return (tree[0] == "over" and tree[2] in links) or any(_goes_over(part, links) for part in parts_of(tree))


def _leans(ruleset: RuleSet, tree: Any, question: str) -> bool:
    names = names_in(tree)
    return question in names or any(question in ruleset.needs.get(n, ()) for n in names if n not in ruleset.decisions)
