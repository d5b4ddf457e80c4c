"""The lens questions held against their answers, and the risks that rules raise about items."""

from __future__ import annotations

from collections.abc import Iterator

from wa_advisor.engine.assessment import LensVerdict, RiskFound
from wa_advisor.engine.world import World, instances_of
from wa_advisor.model import Answers, Item, RuleSet


def lens_verdicts(ruleset: RuleSet, answers: Answers) -> Iterator[LensVerdict]:
    order = {"NONE": 0, "MEDIUM": 1, "HIGH": 2}
    for question in ruleset.lens.values():
        answer = answers.lens.get(question.id)
        if answer is not None and answer.reason:
            yield LensVerdict(
                id=question.id, risk="NOT_APPLICABLE", possible="NOT_APPLICABLE", missing=(), unknown=(), reason=answer.reason
            )
            continue
        if answer is None or answer.done is None:
            yield LensVerdict(id=question.id, risk="UNANSWERED", possible="HIGH", missing=(), unknown=(), reason="")
            continue
        missing, unknown = [], []
        sure = possible = "NONE"
        for practice in question.practices:
            if practice.id in answer.done or practice.id in answer.not_applicable:
                continue
            level = ruleset.lens_risk.get(practice.tier, "NONE")
            possible = max(possible, level, key=order.__getitem__)
            if practice.id in answer.unknown:
                unknown.append(practice.id)
            else:
                missing.append(practice.id)
                sure = max(sure, level, key=order.__getitem__)
        risk = "UNANSWERED" if sure == "NONE" and possible != "NONE" else sure
        yield LensVerdict(id=question.id, risk=risk, possible=possible, missing=tuple(missing), unknown=tuple(unknown), reason="")


def risks_found(world: World, answers: Answers, processes: tuple[Item, ...]) -> Iterator[RiskFound]:
    child = World(world.ruleset, world.base)
    child.subjects = world.subjects
    for scope, index, item in instances_of(answers, processes):
        for rule in world.ruleset.risks.values():
            if rule.scope == scope and child.judge(rule.when, scope, index):
                yield RiskFound(
                    id=rule.id, scope=scope, item=item.name, risk=rule.risk, practice=rule.practice, name=rule.name,
                    because=rule.because, improve=rule.improve, source=rule.source, basis=rule.basis,
                )  # fmt: skip
