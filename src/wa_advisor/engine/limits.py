"""The limits that the judged options have, each with the room that the answers leave, and what to ask for beyond them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from wa_advisor.engine.assessment import AdviceFound, LimitRow, Verdict
from wa_advisor.engine.inputs import value_of
from wa_advisor.engine.world import World
from wa_advisor.model import GROUP_OF, Fact, Quota
from wa_advisor.quantity import Number, format_magnitude, tidy, unit_scale

# The unit in which a figure is told where its limit is worked out of several facts.
BASE_UNITS = {"count": "count", "share": "%", "size": "B", "duration": "s", "rate": "/s", "data-rate": "B/s"}


def limit_rows(world: World, verdicts: Sequence[Verdict]) -> Iterator[LimitRow]:
    """The limits of constraints first, then the quotas of the rules that do not repeat one of them."""
    told: set[tuple[str, str]] = set()
    for row in _constraint_rows(world, verdicts):
        told.add((row.item, row.fact))
        yield row
    for row in _quota_rows(world):
        if (row.item, row.fact) not in told:
            yield row


def _constraint_rows(world: World, verdicts: Sequence[Verdict]) -> Iterator[LimitRow]:
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
                yield LimitRow(
                    item=verdict.item, option=verdict.subject or "", fact=fact_id, name=name, value=tidy(Fraction(value.high)),
                    limit=fact.magnitude, limit_text=fact.text, unit=fact.unit, dimension=fact.dimension,
                    headroom=_room(value.high, fact.magnitude), adjustable=fact.adjustable, rule=rule.id, because=rule.because,
                )  # fmt: skip


def _quota_rows(world: World) -> Iterator[LimitRow]:
    for quota in world.ruleset.quotas.values():
        for index, item in enumerate(_items_of(world, quota.scope)):
            truth = True if quota.when is None else world.judge(quota.when, quota.scope, index)
            found = value_of(world, quota.value, quota.scope, index).interval if truth else None
            most = world.compute(quota.limit, quota.scope, index)
            limit = most.low if most is not None else None
            if found is not None and found.high and limit:
                yield _quota_row(world, quota, item, found.high, limit)


def _quota_row(world: World, quota: Quota, item: str, value: Number, limit: Number) -> LimitRow:
    fact = world.ruleset.facts[quota.fact]
    raised = _raised(fact, Fraction(value) / Fraction(limit)) if fact.adjustable and value > limit else ""
    whole = limit == fact.magnitude and quota.dimension == fact.dimension
    return LimitRow(
        item=item, option=fact.service, fact=fact.id, name=quota.name, value=tidy(Fraction(value)), limit=limit,
        limit_text=fact.text if whole else format_magnitude(limit, quota.dimension),
        unit=fact.unit if quota.dimension == fact.dimension else BASE_UNITS[quota.dimension], dimension=quota.dimension, headroom=_room(value, limit),
        adjustable=fact.adjustable, rule=quota.id, because=quota.because, improve=quota.improve, raise_to=raised,
        formula=quota.value_text, scope=quota.scope,
    )  # fmt: skip


def quota_advice(world: World, rows: Sequence[LimitRow]) -> Iterator[AdviceFound]:
    """What to do about each quota of the rules that is not enough: the figure to ask for where it can be raised."""
    for row in rows:
        quota = world.ruleset.quotas.get(row.rule)
        if quota is None or not row.is_exceeded:
            continue
        fact = world.ruleset.facts[row.fact]
        ask = f"Ask AWS to raise “{fact.name}” from {fact.text} to {row.raise_to}. " if row.raise_to else ""
        yield AdviceFound(
            id=quota.id, scope=quota.scope, item=row.item, topic="capacity", source=quota.source or fact.source, basis=fact.basis,
            name=f"{row.name}: {format_magnitude(row.value, row.dimension)} needed, {row.limit_text} allowed",
            because=row.because, improve=ask + row.improve,
        )  # fmt: skip


def _raised(fact: Fact, share: Fraction) -> str:
    """The figure to ask for, in the unit of the fact: what is needed, rounded up to two digits."""
    scale = unit_scale(fact.unit)[1]
    needed = ceil(Fraction(fact.magnitude) * share / scale)
    step = 10 ** max(0, len(str(needed)) - 2)
    return format_magnitude(tidy(Fraction(-(-needed // step) * step) * scale), fact.dimension)


def _room(value: Number, limit: Number) -> float:
    """The share of the limit that is left, rounded down, so that the least excess is below zero."""
    return floor((1 - Fraction(value) / Fraction(limit)) * 10_000) / 10_000


def _items_of(world: World, scope: str) -> list[str]:
    if scope == "workload":
        return [world.base.answers.name]
    return [item.name for item in world.base.groups[GROUP_OF[scope]] or ()]


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
