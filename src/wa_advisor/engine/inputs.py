"""What an expression still lacks under given answers, and its value where it lacks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from wa_advisor.engine.priced import Lack
from wa_advisor.engine.world import World
from wa_advisor.model import GROUP_OF
from wa_advisor.quantity import Interval


class Value(Struct, frozen=True):
    """What an expression comes to: `interval` is None while something is lacking, or where it does not apply."""

    interval: Interval | None
    lacks: tuple[Lack, ...] = ()

    @property
    def applies(self) -> bool:
        return self.interval is not None or bool(self.lacks)


def value_of(world: World, tree: Any, scope: str, index: int) -> Value:
    """The value of an expression for one item, or what is lacking for it."""
    lacks = tuple(dict.fromkeys(_lacks(world, tree, scope, index)))
    if lacks:
        return Value(None, lacks)
    found = world.compute(tree, scope, index)
    return Value(found if isinstance(found, Interval) else None)


def truth_lacks(world: World, tree: Any, scope: str, index: int) -> tuple[Lack, ...]:
    """What a condition lacks whose truth is not known."""
    return tuple(dict.fromkeys(_condition_lacks(world, tree, scope, index)))


def _lacks(world: World, tree: Any, scope: str, index: int) -> Iterator[Lack]:
    kind = tree[0]
    if kind == "name":
        if tree[1] not in world.ruleset.facts:
            yield from _name_lacks(world, tree[1], scope, index)
    elif kind == "over":
        yield from _group_lacks(world, tree, scope, index)
    elif kind in ("min", "max"):
        for part in tree[1]:
            yield from _lacks(world, part, scope, index)
    elif kind != "num":
        for part in tree[1:3]:
            yield from _lacks(world, part, scope, index)


def _name_lacks(world: World, name: str, scope: str, index: int) -> Iterator[Lack]:
    ruleset = world.ruleset
    key = world.place(name, scope, index)
    if name in ruleset.derived:
        yield from _lacks(world, ruleset.derived[name].value, key[0], key[1])
    elif name in ruleset.questions:
        answer = world.base.answer(key)
        if world.relevant(key) is not False and (answer is None or answer.state == "unknown"):
            yield Lack(scope=key[0], item=item_name(world, key[0], key[1]), question=name)


def _group_lacks(world: World, tree: Any, scope: str, index: int) -> Iterator[Lack]:
    _, _, group, name, condition = tree[:5]
    inner, places = world.members(group, scope, index)
    if places is None:
        yield Lack(scope=scope, item=item_name(world, scope, index), question=group)
        return
    for place in places:
        if condition is not None:
            truth = world.judge(condition, inner, place)
            if truth is None:
                yield from _condition_lacks(world, condition, inner, place)
            if truth is False:
                continue
        if name:
            yield from _name_lacks(world, name, inner, place)


def _condition_lacks(world: World, tree: Any, scope: str, index: int) -> Iterator[Lack]:
    """The questions, direct or behind a derived value, that keep a condition from being true or false."""
    if tree[0] in ("and", "or", "not"):
        for part in tree[1] if tree[0] != "not" else (tree[1],):
            if world.judge(part, scope, index) is None:
                yield from _condition_lacks(world, part, scope, index)
        return
    ruleset, name = world.ruleset, tree[1]
    if name in ruleset.conditions:
        key = world.place(name, scope, index)
        yield from _condition_lacks(world, ruleset.conditions[name].when, key[0], key[1])
        return
    key = world.place(name, scope, index)
    for needed in (name, *sorted(ruleset.needs.get(name, ()))):
        if needed in ruleset.questions and ruleset.questions[needed].scope in (key[0], "workload"):
            yield from _name_lacks(world, needed, key[0], key[1])


def item_name(world: World, scope: str, index: int) -> str:
    """The name of an item, "" of the workload."""
    if scope == "workload":
        return ""
    items = world.base.groups[GROUP_OF[scope]]
    return items[index].name if items else ""
