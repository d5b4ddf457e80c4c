"""The limits that the judged option has, each with the room that the answers leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from wa_advisor.engine.assessment import LimitRow, Verdict
from wa_advisor.engine.world import World
from wa_advisor.model import GROUP_OF
from wa_advisor.quantity import tidy


def limit_rows(world: World, verdicts: Sequence[Verdict]) -> Iterator[LimitRow]:
    """Each limit that a constraint of the judged option compares an answer with: the figure, the limit, the room."""
    ruleset = world.ruleset
    for verdict in verdicts:
        decision = ruleset.decisions[verdict.decision]
        index = _index_of(world, decision.scope, verdict.item)
        seen: set[tuple[str, str]] = set()
        for rule in decision.rules:
            if rule.kind != "constraint" or verdict.subject not in rule.options:
                continue
            for name, fact_id in _at_stake(world, rule.when, decision.scope, index):
                fact = ruleset.facts.get(fact_id)
                if fact is None or (name, fact_id) in seen or not fact.magnitude:
                    continue
                seen.add((name, fact_id))
                key = world.place(name, decision.scope, index)
                answer = world.base.answer(key)
                if name in ruleset.questions and (answer is None or answer.state != "value"):
                    continue
                value = world.interval(key, name)
                if value is None or value.high is None:
                    continue
                room = 1 - Fraction(value.high) / Fraction(fact.magnitude)
                yield LimitRow(
                    item=verdict.item, option=verdict.subject or "", fact=fact_id, name=name, value=tidy(Fraction(value.high)),
                    limit=fact.magnitude, unit=fact.unit, dimension=fact.dimension, headroom=round(float(room), 4),
                )  # fmt: skip


def _index_of(world: World, scope: str, name: str) -> int:
    if scope == "workload":
        return 0
    items = world.base.groups[GROUP_OF[scope]] or ()
    return next(i for i, item in enumerate(items) if item.name == name)


def _at_stake(world: World, tree: Any, scope: str, index: int) -> Iterator[tuple[str, str]]:
    """The comparisons with facts that can still rule the option out: not those beside a need that the item does not have."""
    if tree[0] != "and":
        yield from fact_comparisons(tree)
        return
    limits = {id(part): tuple(fact_comparisons(part)) for part in tree[1]}
    if all(limits[id(part)] or world.judge(part, scope, index) is not False for part in tree[1]):
        for part in tree[1]:
            yield from limits[id(part)]


def fact_comparisons(tree: Any) -> Iterator[tuple[str, str]]:
    if tree[0] == "cmp" and tree[2] in (">", ">="):
        yield tree[1], tree[3][0][0]
    elif tree[0] in ("and", "or"):
        for part in tree[1]:
            yield from fact_comparisons(part)
