"""RuleSet + Answers -> Assessment, with its trace.

A name's value is a bit mask over the cells of its domain: the cells that are still possible. Judging a
comparison is one AND; three-valued logic follows from it. Certainty is exact: first the bounds of the
totals, then a search through the completions of the unknown answers that stops at the first one with
another winner. Where several derived values share unknown answers the search visits a superset of what
can occur, so `decided` is never claimed too early.
"""

from __future__ import annotations

from wa_advisor.engine.architecture import data_architecture
from wa_advisor.engine.assessment import (
    AdviceFound,
    Assessment,
    ClassVerdict,
    DataArchitecture,
    FeedFound,
    Flip,
    LensVerdict,
    LimitRow,
    Mix,
    OptionTrace,
    RiskFound,
    RuleTrace,
    SignOffStanding,
    SignOffState,
    StoreKept,
    StoreMove,
    Truth,
    Verdict,
)
from wa_advisor.engine.backgrounds import backgrounds_found
from wa_advisor.engine.certainty import MAX_COMPLETIONS
from wa_advisor.engine.choice import Judge
from wa_advisor.engine.costs import cost_report
from wa_advisor.engine.lens import advice_found, lens_verdicts, risks_found, with_subjects
from wa_advisor.engine.limits import limit_rows, quota_advice
from wa_advisor.engine.memory import Memory
from wa_advisor.engine.sign_offs import sign_off_states
from wa_advisor.engine.tables import classify, mix_of
from wa_advisor.engine.world import Base, World, instances_of, processes_of
from wa_advisor.model import Answers, RuleSet

__all__ = [
    "MAX_COMPLETIONS",
    "AdviceFound",
    "Assessment",
    "Base",
    "ClassVerdict",
    "DataArchitecture",
    "FeedFound",
    "Flip",
    "Judge",
    "LensVerdict",
    "LimitRow",
    "Memory",
    "Mix",
    "OptionTrace",
    "RiskFound",
    "RuleTrace",
    "SignOffStanding",
    "SignOffState",
    "StoreKept",
    "StoreMove",
    "Truth",
    "Verdict",
    "World",
    "evaluate",
    "instances_of",
    "judged",
    "processes_of",
]


def evaluate(ruleset: RuleSet, answers: Answers, *, as_of: str = "", memory: Memory | None = None) -> Assessment:
    """The Assessment of the answers; `as_of` (ISO date) decides whether a sign-off has expired, "" leaves it signed.

    `memory` keeps verdicts from one call to the next; the Assessment is the same without it.
    """
    processes = processes_of(answers)
    world = World(ruleset, Base(ruleset, answers, processes))
    classes = {
        item.name: classify(world, decision, scope, index, item)
        for scope, index, item in instances_of(answers, processes)
        for decision in ruleset.decisions.values()
        if decision.scope == scope and decision.kind == "table"
    }
    verdicts = judged(world, memory)
    world.subjects = {(v.decision, v.item): v.subject for v in verdicts}
    settled = with_subjects(world)
    limits = tuple(limit_rows(settled, verdicts))
    advice = (*advice_found(settled, answers, processes), *quota_advice(settled, limits))
    return Assessment(
        ruleset=ruleset, answers=answers, classes=classes, verdicts=tuple(verdicts), mix=mix_of(world, answers, classes),
        lens=tuple(lens_verdicts(settled, answers, processes)), risks=tuple(risks_found(settled, answers, processes)),
        advice=advice,
        limits=limits, costs=cost_report(settled, verdicts),
        backgrounds=tuple(backgrounds_found(settled, answers, processes)),
        sign_offs=tuple(sign_off_states(ruleset, answers, verdicts, as_of)),
        processes=processes, data_architecture=data_architecture(ruleset, verdicts, classes, advice),
    )  # fmt: skip


def judged(world: World, memory: Memory | None = None) -> list[Verdict]:
    """The verdict of each choice about each item, in the order of the file."""
    answers, found = world.base.answers, []
    for scope, index, item in instances_of(answers, processes_of(answers)):
        for decision in world.ruleset.decisions.values():
            if decision.scope == scope and decision.kind == "choice":
                judge = Judge(world, decision, scope, index, item)
                found.append(judge.verdict() if memory is None else memory.verdict(judge, answers))
    return found


_Base = Base  # until every reader uses the public name
