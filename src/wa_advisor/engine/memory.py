"""Verdicts that were judged before: while answers come in, one entry changes and the others stay as they are."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping

from wa_advisor.engine.assessment import Verdict
from wa_advisor.engine.choice import Judge
from wa_advisor.model import GROUPS, Answer, Answers, Decision, Item, RuleSet
from wa_advisor.ruleset.trees import parts_of


class Memory:
    """Every Verdict of one rule set by all that it was judged from: the answers that its decision leans on, about the item
    and the workload, and about all other entries where it leans on a value over a group."""

    def __init__(self, ruleset: RuleSet) -> None:
        self._known: dict[Hashable, Verdict] = {}
        self._decided: dict[Hashable, bool] = {}
        assumed: frozenset[str] = frozenset().union(*(a.needs for a in ruleset.assumptions.values()))
        self._needs = {name: needs | assumed for name, needs in ruleset.needs.items()}
        self._wide = {d.id for d in ruleset.decisions.values() if _leans_on_groups(ruleset, d)}

    def verdict(self, judge: Judge, answers: Answers) -> Verdict:
        key = self._key(judge, answers)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = judge.verdict()
        return found

    def is_decided(self, judge: Judge, answers: Answers, most: int) -> bool:
        """Whether a choice is decided, as far as `most` completions tell."""
        key = self._key(judge, answers)
        verdict = self._known.get(key)
        if verdict is not None:
            return verdict.certainty == "decided"
        if key not in self._decided:
            self._decided[key] = judge.is_decided(most)
        return self._decided[key]

    def _key(self, judge: Judge, answers: Answers) -> Hashable:
        decision, item = judge.decision, judge.item
        needs = self._needs[decision.id]
        everything = tuple(_entries(answers, group, needs) for group in GROUPS) if decision.id in self._wide else ()
        return (decision.id, item.name, item.proposed, _given(item.answers, needs), _given(answers.workload, needs), everything)


def _leans_on_groups(ruleset: RuleSet, decision: Decision) -> bool:
    names = ruleset.needs[decision.id].union(*(a.needs for a in ruleset.assumptions.values()))
    return any(_is_over(d.value) for d in ruleset.derived.values() if d.id in names)


def _is_over(tree: tuple[object, ...]) -> bool:
    return tree[0] == "over" or any(_is_over(part) for part in parts_of(tree))


def _given(answers: Mapping[str, Answer], needs: Collection[str]) -> Hashable:
    return tuple(sorted((name, answer.state, _value(answer)) for name, answer in answers.items() if name in needs))


def _value(answer: Answer) -> str:
    """What an answer says, however it is written in the file."""
    return repr(answer.value)


def _entries(answers: Answers, group: str, needs: Collection[str]) -> Hashable:
    items: tuple[Item, ...] | None = answers.groups.get(group)
    return None if items is None else tuple((i.name, tuple(sorted(i.links.items())), _given(i.answers, needs)) for i in items)
