"""What is open beside the verdicts and hangs on an answer: limits, computed values, risks, advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wa_advisor.engine.limits import fact_comparisons
from wa_advisor.engine.residue import Residue
from wa_advisor.engine.world import Key, World, instances_of, processes_of
from wa_advisor.model import QUANTITY_TYPES, Rule

KINDS = ("limits", "values", "risks", "advice")


class Feeds:
    """Every open answer by what it feeds, over all items, worked out once for an Outlook.

    `subjects` says by which option each choice is judged, as the report does.
    """

    def __init__(self, residue: Residue, subjects: Mapping[tuple[str, str], str | None]) -> None:
        self.world = residue.world
        self.residue = residue
        self.subjects = subjects
        self.found: dict[Key, set[str]] = {}
        answers = self.world.base.answers
        self.instances = list(instances_of(answers, processes_of(answers)))
        for scope, index, item in self.instances:
            self._limits(scope, index, item.name)
            self._values(scope, index)
        self._risks()

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

    def _constraints(self, scope: str, item: str) -> Iterator[Rule]:
        for decision in self.world.ruleset.decisions.values():
            subject = self.subjects.get((decision.id, item)) if decision.scope == scope else None
            if subject is not None:
                yield from (r for r in decision.rules if r.kind == "constraint" and subject in r.options)

    def _risks(self) -> None:
        """Risks and advice may ask for the choices: they are judged in a world of their own that knows them."""
        world = World(self.world.ruleset, self.world.base)
        world.subjects = dict(self.subjects)
        residue = Residue(world)
        for scope, index, _ in self.instances:
            for rule in world.ruleset.risks.values():
                if rule.scope == scope:
                    self._add("risks", residue.of(rule.when, scope, index))
            for advice in world.ruleset.advice.values():
                if advice.scope == scope:
                    self._add("advice", residue.of(advice.when, scope, index))
