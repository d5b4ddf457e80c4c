"""What a truth that is not settled still hangs on, as names whose cells can be tried one group after the other.

A derived value is tried itself only when none of its answers can be narrowed further: its own thresholds then make
the cells. Where two derived values share such an answer, more combinations are tried than can occur.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wa_advisor.engine.cells import groups_of
from wa_advisor.engine.world import Key, World
from wa_advisor.ruleset.trees import is_fact_id, parts_of

Variable = tuple[Key, tuple[int, ...]]


class Unsettled:
    """Finds variables of one World; `atoms` are the masks by which rules tell the cells of a name apart."""

    def __init__(self, world: World, atoms: Mapping[str, Iterable[int]]) -> None:
        self.world = world
        self.atoms = atoms

    def of(self, tree: Any, scope: str, index: int) -> Iterator[Variable]:
        """The names that a condition hangs on, with their groups of cells; nothing if it is settled."""
        if self.world.judge(tree, scope, index) is not None:
            return
        kind = tree[0]
        if kind in ("not", "and", "or"):
            for part in parts_of(tree):
                yield from self.of(part, scope, index)
        elif kind == "ref":
            named = self.world.ruleset.conditions[tree[1]]
            yield from self.of(named.when, *(("workload", 0) if named.scope == "workload" else (scope, index)))
        else:
            flag = tree[3][0][0] if tree[2] == "includes" else ""
            yield from self._name(self.world.place(tree[1], scope, index), flag)

    def _name(self, key: Key, flag: str = "") -> Iterator[Variable]:
        ruleset = self.world.ruleset
        if key[2] in ruleset.questions:
            yield from self._question(key, flag)
        elif key[2] in ruleset.derived:
            inputs = tuple(self._inputs(ruleset.derived[key[2]].value, key[0], key[1]))
            yield from inputs or self._groups(key, self.world.mask(key))
        elif ruleset.decisions[key[2]].kind == "table":
            for rule in ruleset.decisions[key[2]].rules:
                yield from self.of(rule.when, key[0], key[1])
                if self.world.judge(rule.when, key[0], key[1]):
                    return

    def _question(self, key: Key, flag: str = "") -> Iterator[Variable]:
        relevant = self.world.relevant(key)
        if relevant is False:
            return
        if relevant is None:
            yield from self.of(self.world.ruleset.questions[key[2]].when, key[0], key[1])
        if flag:
            cell = (key[0], key[1], f"{key[2]}#{flag}")
            if self.world.mask(cell) & 3 == 3:
                yield cell, (1, 2)
        else:
            yield from self._groups(key, self.world.own_mask(key))

    def _groups(self, key: Key, possible: int) -> Iterator[Variable]:
        groups = groups_of(self.world.ruleset.domains[key[2]], possible, self.atoms.get(key[2], ()))
        if len(groups) > 1:
            yield key, tuple(groups)

    def _inputs(self, tree: Any, scope: str, index: int) -> Iterator[Variable]:
        """What the answers to an expression hang on; entries of a group are not looked into."""
        if tree[0] == "name" and not is_fact_id(tree[1]):
            key = self.world.place(tree[1], scope, index)
            if key[2] in self.world.ruleset.questions:
                yield from self._question(key)
            else:
                yield from self._inputs(self.world.ruleset.derived[key[2]].value, key[0], key[1])
        elif tree[0] != "over":
            for part in parts_of(tree):
                yield from self._inputs(part, scope, index)
