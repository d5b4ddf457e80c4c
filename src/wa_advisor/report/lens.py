"""The serverless lens and the improvement plan as a report prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from wa_advisor.engine.evaluate import Assessment, LensVerdict, RiskFound
from wa_advisor.engine.sign_offs import accepted_risks, is_accepted
from wa_advisor.model import BestPractice
from wa_advisor.report.phrases import counted
from wa_advisor.report.sources import Sources

LEVELS = ("HIGH", "MEDIUM", "NONE")
_EFFORTS = ("low", "medium", "high", "")


class LensRow(Struct, frozen=True, kw_only=True):
    """One answered lens question; `missing` and `unknown` are names of practices."""

    id: str
    pillar: str
    ask: str
    risk: str
    worst: str
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    accepted: str


class LensView(Struct, frozen=True, kw_only=True):
    """`away` are (ids, reason) of questions and practices that do not apply, `unanswered` the ids of those not answered yet."""

    rows: tuple[LensRow, ...]
    away: tuple[tuple[tuple[str, ...], str], ...]
    unanswered: tuple[str, ...]
    total: int
    counts_text: str
    because: str


class Step(Struct, frozen=True, kw_only=True):
    """Something to do. `id` is the practice or the risk by which it can be looked up and accepted."""

    risk: str
    id: str
    practice: str
    title: str
    improve: str
    because: str
    effort: str
    names: tuple[str, ...]
    accepted: bool
    source: int


def lens_view(assessment: Assessment, as_of: str) -> LensView | None:
    """None for a rule set without a lens."""
    if not assessment.lens:
        return None
    rows = tuple(
        _row(assessment, v, as_of) for v in assessment.lens if v.risk not in ("UNANSWERED", "NOT_APPLICABLE") or v.unknown
    )
    shown = {row.id for row in rows}
    return LensView(
        rows=rows,
        away=_away(assessment),
        unanswered=tuple(v.id for v in assessment.lens if v.risk == "UNANSWERED" and v.id not in shown),
        total=len(assessment.lens),
        counts_text=_counts(assessment),
        because=assessment.ruleset.lens_risk_because,
    )


def _away(assessment: Assessment) -> tuple[tuple[tuple[str, ...], str], ...]:
    """What does not apply, by reason: whole questions, and practices of questions that do apply."""
    found: dict[str, list[str]] = {}
    for verdict in assessment.lens:
        if verdict.risk == "NOT_APPLICABLE":
            found.setdefault(verdict.reason, []).append(verdict.id)
        else:
            for practice, reason in verdict.away.items():
                found.setdefault(reason, []).append(practice)
    return tuple((tuple(ids), reason) for reason, ids in found.items())


def _counts(assessment: Assessment) -> str:
    """ "Of 9 questions, 2 are at high risk, 6 without risk." """
    words = {"HIGH": "at high risk", "MEDIUM": "at medium risk", "NONE": "without risk", "UNANSWERED": "not answered in full"}
    number = {level: sum(v.risk == level for v in assessment.lens) for level in words}
    parts = [f"{number[level]} {word}" for level, word in words.items() if number[level]]
    return f"Of {counted(len(assessment.lens), 'question')}: {', '.join(parts)}."


def _row(assessment: Assessment, verdict: LensVerdict, as_of: str) -> LensRow:
    question = assessment.ruleset.lens[verdict.id]
    names = {p.id: p.name for p in question.practices}
    found = next((s for s in accepted_risks(assessment.answers, as_of) if (s.lens, s.risk) == (verdict.id, verdict.risk)), None)
    return LensRow(
        id=verdict.id, pillar=question.pillar_name, ask=question.ask, risk=verdict.risk,
        worst=verdict.possible,
        missing=tuple(names[i] for i in verdict.missing), unknown=tuple(names[i] for i in verdict.unknown),
        accepted=found.approver if found else "",
    )  # fmt: skip


def open_lens_risks(assessment: Assessment, as_of: str) -> list[LensVerdict]:
    """The lens questions at high risk that nobody has accepted."""
    accepted = {s.lens for s in accepted_risks(assessment.answers, as_of) if s.risk == "HIGH"}
    return [v for v in assessment.lens if v.risk == "HIGH" and v.id not in accepted]


def open_item_risks(assessment: Assessment, as_of: str) -> list[RiskFound]:
    """The high risks that rules raise about items and that nobody has accepted."""
    return [r for r in assessment.risks if r.risk == "HIGH" and not is_accepted(assessment.answers, r, as_of)]


def risks_by_id(risks: Iterable[RiskFound]) -> dict[str, list[RiskFound]]:
    """{risk: where it was found}, in the order of the file."""
    found: dict[str, list[RiskFound]] = {}
    for risk in risks:
        found.setdefault(risk.id, []).append(risk)
    return found


def plan_steps(assessment: Assessment, sources: Sources, as_of: str) -> tuple[Step, ...]:
    """What to do about every risk, the highest first, among equals what takes least effort."""
    steps = [*_item_steps(assessment, as_of), *_lens_steps(assessment, as_of)]
    steps.sort(key=lambda step: (LEVELS.index(step[0].risk), _EFFORTS.index(step[0].effort)))
    return tuple(_cited(step, sources.cite(url)) for step, url in steps)


def _cited(step: Step, source: int) -> Step:
    return replace(step, source=source)


def _item_steps(assessment: Assessment, as_of: str) -> Iterator[tuple[Step, str]]:
    for found in risks_by_id(assessment.risks).values():
        risk = found[0]
        names = () if risk.scope == "workload" else tuple(r.item for r in found)
        step = Step(
            risk=risk.risk, id=risk.id, practice=risk.practice, title=risk.name, improve=risk.improve, because=risk.because,
            effort="", names=names, accepted=all(is_accepted(assessment.answers, r, as_of) for r in found), source=0,
        )  # fmt: skip
        yield step, risk.source


def _lens_steps(assessment: Assessment, as_of: str) -> Iterator[tuple[Step, str]]:
    levels = assessment.ruleset.lens_risk
    accepted = {(s.lens, s.risk) for s in accepted_risks(assessment.answers, as_of)}
    for verdict in assessment.lens:
        for practice in assessment.ruleset.lens[verdict.id].practices:
            if practice.id in verdict.missing:
                risk = levels.get(practice.tier, "NONE")
                names = verdict.touched.get(practice.id, ())
                yield _practice_step(practice, risk, names, (verdict.id, risk) in accepted), practice.source


def _practice_step(practice: BestPractice, risk: str, names: tuple[str, ...], accepted: bool) -> Step:
    return Step(
        risk=risk, id=practice.id, practice=practice.id, title=practice.name, improve=practice.improve,
        because=practice.because, effort=practice.effort, names=names, accepted=accepted, source=0,
    )  # fmt: skip
