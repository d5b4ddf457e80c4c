"""What is open beside the verdicts and hangs on an answer: limits, computed values, costs, the mix, risks, advice, the lens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wa_advisor.engine.limits import fact_comparisons
from wa_advisor.engine.residue import Residue
from wa_advisor.engine.tables import WEIGHT
from wa_advisor.engine.world import Key, instances_of, processes_of
from wa_advisor.model import QUANTITY_TYPES, Rule

KINDS = {
    "limits": "limits", "values": "computed figures", "costs": "costs", "mix": "the mix of access patterns", "risks": "risks", "advice": "advice",
    "lens": "the lens",
}  # fmt: skip
"""Each kind and what it is called."""


class Feeds:
    """Every open answer by what it feeds, over all items.

    `settled` is the residue of a world in which each choice stands as the report will judge it: limits are those of
    that option, and risks and advice may ask for it.
    """

    def __init__(self, residue: Residue, settled: Residue) -> None:
        self.world = settled.world
        self.residue = residue
        self.settled = settled
        self.found: dict[Key, set[str]] = {}
        answers = self.world.base.answers
        for scope, index, item in instances_of(answers, processes_of(answers)):
            self._limits(scope, index, item.name)
            self._values(scope, index)
            self._costs(scope, index, item.name)
            self._findings(scope, index)
            if scope == "access_pattern" and WEIGHT in self.world.ruleset.questions:
                self._add("mix", residue.value((scope, index, WEIGHT)))

    def of(self, key: Key) -> tuple[str, ...]:
        kinds = self.found.get(key, set())
        return tuple(k for k in KINDS if k in kinds)

    def _add(self, kind: str, keys: Any) -> None:
        for key in keys:
            self.found.setdefault(key, set()).add(kind)

    def _values(self, scope: str, index: int) -> None:
        for derived in self.world.ruleset.derived.values():
            if derived.scope == scope and derived.type in QUANTITY_TYPES:
                self._add("values", self.residue.value((scope, index, derived.id)))

    def _limits(self, scope: str, index: int, item: str) -> None:
        """What the limits of the option that is judged are held against."""
        for rule in self._constraints(scope, item):
            for name, fact in fact_comparisons(rule.when):
                if fact in self.world.ruleset.facts:
                    self._add("limits", self.residue.value(self.world.place(name, scope, index)))

        for quota in self.world.ruleset.quotas.values():
            if quota.scope == scope:
                self._figure("limits", quota.when, quota.value, scope, index)

    def _costs(self, scope: str, index: int, item: str) -> None:
        """What the cost of the option that is judged is worked out of."""
        for cost in self.world.ruleset.costs.values():
            decision = self.world.ruleset.decisions[cost.decision]
            if decision.scope == scope and self.world.subjects.get((decision.id, item)) in cost.options and not cost.beside:
                for line in cost.lines:
                    self._figure("costs", line.when, line.value, scope, index)

    def _figure(self, kind: str, when: Any, value: Any, scope: str, index: int) -> None:
        """What a figure hangs on, unless its condition is false."""
        truth = True if when is None else self.world.judge(when, scope, index)
        if truth is None:
            self._add(kind, self.settled.of(when, scope, index))
        if truth is not False:
            self._add(kind, self.settled.inputs(value, scope, index))

    def _constraints(self, scope: str, item: str) -> Iterator[Rule]:
        for decision in self.world.ruleset.decisions.values():
            subject = self.world.subjects.get((decision.id, item)) if decision.scope == scope else None
            if subject is not None:
                yield from (r for r in decision.rules if r.kind == "constraint" and subject in r.options)

    def _findings(self, scope: str, index: int) -> None:
        for kind, rules in (("risks", self.world.ruleset.risks), ("advice", self.world.ruleset.advice)):
            for rule in rules.values():
                if rule.scope == scope:
                    self._add(kind, self.settled.of(rule.when, scope, index))
        for question in self.world.ruleset.lens.values():
            for practice in question.practices:
                if scope in practice.touches:
                    self._add("lens", self.settled.of(practice.touches[scope], scope, index))
