"""What a truth that is not settled still hangs on: the answers without which it stays open.

Of a condition only the parts that are unknown count: in `a and b` with `a` true it is what `b` hangs on, and a
part that is settled already never becomes open again, since further answers only narrow what is possible. So
what is not in a residue cannot change the truth, whatever it turns out to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wa_advisor.engine.world import Key, World
from wa_advisor.quantity import Interval
from wa_advisor.ruleset.trees import is_fact_id, parts_of

Keys = frozenset[Key]
NOTHING: Keys = frozenset()


class Residue:
    """The residues in one World, each computed once; a key is (scope, index of the item, question)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._values: dict[Key, Keys] = {}

    def of(self, tree: Any, scope: str, index: int) -> Keys:
        """What the truth of a condition hangs on; nothing if it is settled."""
        if self.world.judge(tree, scope, index) is not None:
            return NOTHING
        kind = tree[0]
        if kind == "not":
            return self.of(tree[1], scope, index)
        if kind in ("and", "or"):
            return NOTHING.union(*(self.of(part, scope, index) for part in tree[1]))
        named = self.world.ruleset.conditions.get(tree[1])
        if kind == "ref" and named is not None:
            return self.of(named.when, *(("workload", 0) if named.scope == "workload" else (scope, index)))
        return self.value(self.world.place(tree[1], scope, index))

    def value(self, key: Key) -> Keys:
        """What the value of a question, a derived value or a decision hangs on."""
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = NOTHING.union(self._value(key))
        return found

    def _value(self, key: Key) -> Iterator[Key]:
        scope, index, name = key
        ruleset = self.world.ruleset
        if name in ruleset.questions:
            relevant = self.world.relevant(key)
            if relevant is not False and self.is_open(key):
                yield key
            if relevant is None:
                yield from self.of(ruleset.questions[name].when, scope, index)
        elif name in ruleset.derived:
            yield from self._inputs(ruleset.derived[name].value, scope, index)
        elif ruleset.decisions[name].kind == "table":
            for rule in ruleset.decisions[name].rules:
                truth = self.world.judge(rule.when, scope, index)
                if truth:
                    return
                yield from self.of(rule.when, scope, index)

    def is_open(self, key: Key) -> bool:
        """Whether a question has no answer, is answered with unknown, or with a range that could be narrower."""
        answer = self.world.base.answer(key)
        if answer is None or answer.state == "unknown":
            return True
        return isinstance(answer.value, Interval) and answer.value.low != answer.value.high

    def inputs(self, tree: Any, scope: str, index: int) -> Keys:
        """What the value of an expression hangs on."""
        return NOTHING.union(self._inputs(tree, scope, index))

    def _inputs(self, tree: Any, scope: str, index: int) -> Iterator[Key]:
        kind = tree[0]
        if kind == "name" and not is_fact_id(tree[1]):
            yield from self.value(self.world.place(tree[1], scope, index))
        elif kind == "over":
            yield from self._entries(tree, scope, index)
        else:
            for part in parts_of(tree):
                yield from self._inputs(part, scope, index)

    def _entries(self, tree: Any, scope: str, index: int) -> Iterator[Key]:
        """What a value over a group, or over what an item is tied to, hangs on in each of its entries."""
        _, _, group, name, condition = tree[:5]
        inner, places = self.world.members(group, scope, index)
        for place in places or ():
            truth = True if condition is None else self.world.judge(condition, inner, place)
            if truth is None:
                yield from self.of(condition, inner, place)
            if truth is not False and name:
                yield from self.value(self.world.place(name, inner, place))
