"""What one verdict still hangs on: the open answers that could change it, and those that could alone.

Both come from the bounds of the totals, rule by rule, and neither is too small: an answer outside `hangs_on` cannot
change the choice whatever else is answered, and one outside `turns` cannot while all else stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from wa_advisor.engine.assessment import Truth
from wa_advisor.engine.choice import Judge, Tally
from wa_advisor.engine.residue import NOTHING, Keys, Residue
from wa_advisor.engine.world import Key
from wa_advisor.model import Rule


class Stakes(Struct, frozen=True, kw_only=True):
    """`choice` comes first now; `hangs_on` could change that, `turns` alone could. `weight` is how much of the open
    totals lies with each answer."""

    choice: str | None
    hangs_on: Keys
    turns: Keys
    weight: Mapping[Key, float]


def stakes_of(judge: Judge, residue: Residue) -> Stakes:
    """The Stakes of a choice decision for one item."""
    truths = judge.truths(residue.world)
    tallies = judge.tally(truths)
    contenders = judge.contenders(tallies)
    live = [(r, residue.of(r.when, judge.scope, judge.index)) for r in _live_rules(judge.rules, contenders, truths)]
    ranked = judge.first(tallies)
    hangs_on = NOTHING.union(*(keys for _, keys in live))
    turns = _turning(judge, tallies, ranked[0], contenders, live) if ranked else hangs_on
    return Stakes(choice=ranked[0] if ranked else None, hangs_on=hangs_on, turns=turns, weight=_weights(judge, contenders, live))


def _weights(judge: Judge, contenders: frozenset[str], live: Sequence[tuple[Rule, Keys]]) -> dict[Key, float]:
    """What the open rules weigh over all contenders, shared among the answers that each hangs on; a constraint weighs
    more than any argument. Asking the weightiest first settles a choice with the fewest answers, near enough."""
    ruled_out = 1.5 * max(judge.weights.values())
    found: dict[Key, float] = {}
    for rule, keys in live:
        weight = ruled_out if rule.kind == "constraint" else judge.weights[rule.strength]
        for key in keys:
            found[key] = found.get(key, 0) + weight * len(contenders & set(rule.options)) / len(keys)
    return found


def _live_rules(rules: Sequence[Rule], contenders: frozenset[str], truths: Sequence[Truth]) -> list[Rule]:
    """The rules that are open and can still change the first choice: of several contenders all, of one that is left
    those that may rule it out, or without which nothing speaks for it."""
    mine = [(r, t) for r, t in zip(rules, truths, strict=True) if contenders & set(r.options)]
    live = [r for r, t in mine if t is None]
    if len(contenders) > 1:
        return live
    spoken = any(t and r.direction == "for" for r, t in mine)
    return [r for r in live if r.kind == "constraint" or (not spoken and r.direction == "for")]


def _turning(
    judge: Judge, tallies: Mapping[str, Tally], leader: str, contenders: frozenset[str], live: Sequence[tuple[Rule, Keys]]
) -> Keys:
    """The answers that may rule the leader out, or move enough weight for another to pass it."""
    found: set[Key] = set()
    for rule, keys in live:
        if rule.kind == "constraint" and leader in rule.options:
            found |= keys
    for other in contenders - {leader}:
        needed = tallies[leader].now - tallies[other].now + (judge.order[leader] < judge.order[other])
        moved: dict[Key, int] = {}
        spoken: set[Key] = set()
        for rule, keys in live:
            weight = _moves(judge, rule, leader, other)
            for key in keys if weight > 0 else ():
                moved[key] = moved.get(key, 0) + weight
            if rule.direction == "for" and other in rule.options:
                spoken |= keys
        reason = tallies[other].reason is True
        found |= {key for key, weight in moved.items() if weight >= needed and (reason or key in spoken)}
    return frozenset(found)


def _moves(judge: Judge, rule: Rule, leader: str, other: str) -> int:
    """How far an argument that comes true brings another option towards the leader."""
    if rule.kind == "constraint":
        return 0
    weight = judge.weights[rule.strength] * (1 if rule.direction == "for" else -1)
    return weight * ((other in rule.options) - (leader in rule.options))
