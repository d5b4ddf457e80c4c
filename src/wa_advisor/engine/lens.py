"""The lens questions held against their answers, and the risks and advice that rules raise about items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wa_advisor.engine.assessment import AdviceFound, LensVerdict, RiskFound, Truth
from wa_advisor.engine.world import World, instances_of
from wa_advisor.model import GROUP_OF, Answers, BestPractice, Item, LensAnswer, LensQuestion, RuleSet

_ORDER = {"NONE": 0, "MEDIUM": 1, "HIGH": 2}


def lens_verdicts(world: World, answers: Answers, processes: tuple[Item, ...]) -> Iterator[LensVerdict]:
    """Each question with its risk by the rule set's mapping; practices that touch nothing in the workload do not count."""
    for question in world.ruleset.lens.values():
        touched, away = _reach(world, question, answers, processes)
        answer = answers.lens.get(question.id)
        if answer is not None and answer.reason:
            yield _apart(question, "NOT_APPLICABLE", answer.reason, touched, away)
        elif len(away) == len(question.practices) and not (answer is not None and answer.done):
            yield _apart(question, "NOT_APPLICABLE", " ".join(dict.fromkeys(away.values())), touched, away)
        elif answer is None or (answer.done is None and not answer.is_unknown):
            yield _apart(question, "UNANSWERED", "", touched, away)
        else:
            yield _judged(world.ruleset, question, answer, touched, away)


def _apart(
    question: LensQuestion, risk: str, reason: str, touched: Mapping[str, tuple[str, ...]], away: Mapping[str, str]
) -> LensVerdict:
    """A question whose practices are not weighed: not answered, or not of this workload."""
    possible = "HIGH" if risk == "UNANSWERED" else risk
    return LensVerdict(
        id=question.id, risk=risk, possible=possible, missing=(), unknown=(), reason=reason, touched=touched, away=away
    )


def _judged(
    ruleset: RuleSet,
    question: LensQuestion,
    answer: LensAnswer,
    touched: Mapping[str, tuple[str, ...]],
    away: Mapping[str, str],
) -> LensVerdict:
    missing, unknown = [], []
    sure = possible = "NONE"
    for practice in question.practices:
        if practice.id in (answer.done or ()) or practice.id in answer.not_applicable or practice.id in away:
            continue
        level = ruleset.lens_risk.get(practice.tier, "NONE")
        possible = max(possible, level, key=_ORDER.__getitem__)
        if answer.is_unknown or practice.id in answer.unknown:
            unknown.append(practice.id)
        else:
            missing.append(practice.id)
            sure = max(sure, level, key=_ORDER.__getitem__)
    risk = "UNANSWERED" if answer.is_unknown or (sure == "NONE" and possible != "NONE") else sure
    return LensVerdict(
        id=question.id, risk=risk, possible=possible, missing=tuple(missing), unknown=tuple(unknown), reason="",
        touched=touched, away=away,
    )  # fmt: skip


def _reach(
    world: World, question: LensQuestion, answers: Answers, processes: tuple[Item, ...]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """What each practice touches, and why those that can touch nothing are away."""
    touched: dict[str, tuple[str, ...]] = {}
    away: dict[str, str] = {}
    for practice in question.practices:
        names, open_end = _touches(world, practice, answers, processes)
        touched[practice.id] = names
        if practice.touches and not names and not open_end:
            away[practice.id] = practice.away
    return touched, away


def _touches(world: World, practice: BestPractice, answers: Answers, processes: tuple[Item, ...]) -> tuple[tuple[str, ...], bool]:
    """The items that a practice is about, and whether there may be more: a group is not given, or an answer is missing."""
    names: list[str] = []
    open_end = any(s != "workload" and s != "process" and GROUP_OF[s] not in answers.groups for s in practice.touches)
    for scope, index, item in instances_of(answers, processes):
        if scope in practice.touches:
            truth: Truth = world.judge(practice.touches[scope], scope, index)
            names += [item.name] if truth else []
            open_end = open_end or truth is None
    return tuple(dict.fromkeys(names)), open_end


def with_subjects(world: World) -> World:
    """The same answers seen again now that the choices are known."""
    child = World(world.ruleset, world.base)
    child.subjects = world.subjects
    return child


def risks_found(world: World, answers: Answers, processes: tuple[Item, ...]) -> Iterator[RiskFound]:
    for scope, index, item in instances_of(answers, processes):
        for rule in world.ruleset.risks.values():
            if rule.scope == scope and world.judge(rule.when, scope, index):
                yield RiskFound(
                    id=rule.id, scope=scope, item=item.name, risk=rule.risk, practice=rule.practice, name=rule.name,
                    because=rule.because, improve=rule.improve, source=rule.source, basis=rule.basis,
                )  # fmt: skip


def advice_found(world: World, answers: Answers, processes: tuple[Item, ...]) -> Iterator[AdviceFound]:
    for scope, index, item in instances_of(answers, processes):
        for rule in world.ruleset.advice.values():
            if rule.scope == scope and world.judge(rule.when, scope, index):
                yield AdviceFound(
                    id=rule.id, scope=scope, item=item.name, topic=rule.topic, name=rule.name, because=rule.because,
                    improve=rule.improve, source=rule.source, basis=rule.basis, feeds=rule.feeds,
                )  # fmt: skip
