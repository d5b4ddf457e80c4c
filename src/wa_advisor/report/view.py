"""Assessment -> the plain values that a template prints.

The names of `ReportView` are what an own template may use. Texts are as people wrote them; printing escapes them.
Values of type `Markdown` are ready to print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from wa_advisor.engine.capacity import capacity_rows
from wa_advisor.engine.evaluate import Assessment, LimitRow, Verdict
from wa_advisor.engine.sign_offs import STANDINGS, standings_of, unused
from wa_advisor.model import RuleSet, SignOff
from wa_advisor.quantity import format_magnitude, format_number
from wa_advisor.report.advice import AdviceTopic, advice_topics
from wa_advisor.report.backgrounds import BackgroundView, background_views
from wa_advisor.report.choices import STRENGTHS, Chosen, chosen_views
from wa_advisor.report.costs import CostView, cost_view
from wa_advisor.report.escape import Markdown
from wa_advisor.report.freshness import FreshRow, fresh_rows
from wa_advisor.report.given import Given, given_view
from wa_advisor.report.lens import LensView, Step, lens_view, open_item_risks, open_lens_risks, plan_steps
from wa_advisor.report.phrases import certainty_meaning, counted, decision_order, listed, magnitude_range, share_range
from wa_advisor.report.pictures import BUDGET, Picture, flowchart, pie
from wa_advisor.report.room import OpenQuestion, Topic, open_questions, room_topics
from wa_advisor.report.sources import Source, Sources
from wa_advisor.report.stores import StoresView, stores_view

Names = tuple[str, ...]
MANY_LIMITS = 8


class WorkloadView(Struct, frozen=True, kw_only=True):
    name: str
    owner: str
    stage: str
    description: str


class SummaryRow(Struct, frozen=True, kw_only=True):
    """One line of the first table: items that share decision, choice, certainty, reason and sign-off."""

    decision: str
    names: Names
    service: str
    proposed: str
    agreed: bool
    certainty: str
    reason: str
    sign_off: str


class ClassRow(Struct, frozen=True, kw_only=True):
    """The patterns of one class for one reason; `outcome` has several words while it is not settled."""

    outcome: str
    settled: bool
    names: Names
    because: str
    source: int


class MixRow(Struct, frozen=True, kw_only=True):
    name: str
    share: str
    history: str
    measured: str


class MixView(Struct, frozen=True, kw_only=True):
    weighted_by: str
    ranges: bool
    rows: tuple[MixRow, ...]
    measured_in: str
    because: str
    source: int
    pie: Markdown | None


class CapacityView(Struct, frozen=True, kw_only=True):
    label: str
    formula: str
    rows: tuple[tuple[str, str], ...]


class LimitView(Struct, frozen=True, kw_only=True):
    name: str
    service: str
    item: str
    value: str
    limit: str
    as_of: str
    room: str
    exceeded: bool
    kind: str
    raise_to: str
    raise_what: str


class SignOffRow(Struct, frozen=True, kw_only=True):
    """`what` is the choice or the risk that is agreed to."""

    item: str
    what: str
    state: str
    approver: str
    date: str
    expires: str
    reason: str


class UnusedSignOff(Struct, frozen=True, kw_only=True):
    """A sign-off that stands in the answers file and does not hold; `what` was agreed to, `why` it does not hold."""

    item: str
    what: str
    approver: str
    date: str
    expires: str
    standing: str
    why: str


class PolicyView(Struct, frozen=True, kw_only=True):
    because: str
    must_name: tuple[str, ...]
    source: int


class Provenance(Struct, frozen=True, kw_only=True):
    """Where a report comes from; digests are shortened."""

    ruleset: str
    version: str
    digest: str
    overlays: tuple[tuple[str, str], ...]
    overridden: tuple[str, ...]
    answers: str
    command: Markdown
    as_of: str


class ReportView(Struct, frozen=True, kw_only=True):
    workload: WorkloadView
    status: str
    summary: tuple[SummaryRow, ...]
    certainties: tuple[tuple[str, str], ...]
    room: tuple[Topic, ...]
    classes: tuple[ClassRow, ...]
    mix: MixView | None
    architecture: Picture | None
    stores: StoresView | None
    strengths: tuple[tuple[str, int], ...]
    decisions: tuple[Chosen, ...]
    advice: tuple[AdviceTopic, ...]
    capacity: tuple[CapacityView, ...]
    limits: tuple[LimitView, ...]
    roomy_limits: int
    backgrounds: tuple[BackgroundView, ...]
    costs: CostView | None
    freshness: tuple[FreshRow, ...]
    lens: LensView | None
    plan: tuple[Step, ...]
    sign_offs: tuple[SignOffRow, ...]
    unused_sign_offs: tuple[UnusedSignOff, ...]
    policies: tuple[PolicyView, ...]
    open_questions: tuple[OpenQuestion, ...]
    given: Given
    provenance: Provenance
    sources: tuple[Source, ...]


def report_view(assessment: Assessment, as_of: str = "") -> ReportView:
    """All that a report says, in the order in which it says it (sources are numbered that way)."""
    sources = Sources()
    mix = _mix(assessment, sources)
    answers = assessment.answers
    questions = open_questions(assessment)
    classes = tuple(_classes(assessment, sources))
    return ReportView(
        workload=WorkloadView(name=answers.name, owner=answers.owner, stage=answers.stage, description=answers.description),
        status=_status(assessment, len(questions), as_of),
        summary=tuple(_summary(assessment)),
        certainties=_certainties(assessment),
        room=room_topics(assessment, as_of),
        classes=classes,
        mix=mix,
        architecture=flowchart(assessment, BUDGET - len(mix.pie if mix and mix.pie else "")),
        stores=stores_view(assessment),
        strengths=tuple((word, assessment.ruleset.strengths[word]) for word in STRENGTHS),
        decisions=chosen_views(assessment, sources),
        advice=advice_topics(assessment, sources),
        capacity=tuple(_capacity(assessment)),
        limits=tuple(_limits(assessment, sources)),
        roomy_limits=len(assessment.limits) - len(_tight(assessment)),
        backgrounds=background_views(assessment, sources),
        costs=cost_view(assessment, sources),
        freshness=fresh_rows(assessment),
        lens=lens_view(assessment, as_of),
        plan=plan_steps(assessment, sources, as_of),
        sign_offs=tuple(_sign_offs(assessment, as_of)),
        unused_sign_offs=tuple(_unused(assessment, as_of)),
        policies=tuple(_policies(assessment, sources)),
        open_questions=questions,
        given=given_view(assessment),
        provenance=_provenance(assessment, as_of),
        sources=sources.listed(),
    )


# -- the first screen --------------------------------------------------------------------------------


def _status(assessment: Assessment, missing: int, as_of: str) -> str:
    """One sentence: how much is settled, and what is in the way."""
    verdicts = assessment.verdicts
    if not verdicts:
        return "nothing to decide yet: the answers name no access pattern, component, interface or hand-over"
    settled = sum(v.certainty == "decided" for v in verdicts)
    high = len(open_lens_risks(assessment, as_of)) + len(open_item_risks(assessment, as_of))
    unsigned = sum(s.state != "signed" for s in assessment.sign_offs)
    ruled_out = sum(o.state == "eliminated" for v in verdicts if (o := v.option(v.proposed)) is not None)
    exceeded = sum(row.is_exceeded and bool(row.formula) for row in assessment.limits)
    parts = [f"{settled} of {counted(len(verdicts), 'decision')} settled"]
    parts += [f"{counted(ruled_out, 'proposal')} ruled out"] if ruled_out else []
    parts += [f"{counted(unsigned, 'sign-off')} missing"] if unsigned else []
    parts += [f"{counted(exceeded, 'limit')} exceeded"] if exceeded else []
    parts += [f"{counted(high, 'high risk')} open"] if high else []
    parts += [f"{counted(missing, 'question')} open"] if missing else []
    return ", ".join(parts)


def _summary(assessment: Assessment) -> Iterator[SummaryRow]:
    ruleset, order = assessment.ruleset, decision_order(assessment.ruleset)
    states = {(s.decision, s.item): s.state for s in assessment.sign_offs}
    rows: dict[tuple[str, str | None, str | None, str, str, str], list[str]] = {}
    for verdict in sorted(assessment.verdicts, key=lambda v: order.index(v.decision)):
        sign_off = states.get((verdict.decision, verdict.item), "") or _if_chosen(assessment, verdict)
        reason = main_reason(assessment, verdict)
        key = (verdict.decision, verdict.choice, verdict.proposed, verdict.certainty, reason, sign_off)
        rows.setdefault(key, []).append(verdict.item)
    for (decision, choice, proposed, certainty, reason, sign_off), items in rows.items():
        yield SummaryRow(
            decision=ruleset.decisions[decision].name, names=tuple(items),
            service=ruleset.services[choice].name if choice else "",
            proposed=ruleset.services[proposed].name if proposed and proposed != choice else "",
            agreed=bool(proposed) and proposed == choice, certainty=certainty, reason=reason, sign_off=sign_off,
        )  # fmt: skip


def _if_chosen(assessment: Assessment, verdict: Verdict) -> str:
    """Whether our choice would need a sign-off where the team's proposal needs none."""
    policies = [p for p in assessment.ruleset.policies.values() if p.decision == verdict.decision]
    return "needed if chosen" if any(verdict.choice in p.services for p in policies) else ""


def main_reason(assessment: Assessment, verdict: Verdict) -> str:
    """The strongest reason for the choice, or what it waits for."""
    if verdict.choice is None and verdict.open_questions:
        return f"Not known yet: {assessment.ruleset.questions[verdict.open_questions[0]].ask}"
    chosen = verdict.option(verdict.choice)
    rules = [a.rule for a in chosen.arguments if a.truth and a.rule.direction == "for"] if chosen else []
    rules.sort(key=lambda r: STRENGTHS.index(r.strength))
    return rules[0].because if rules else verdict.why


def _certainties(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    used = {v.certainty for v in assessment.verdicts}
    return tuple((word, certainty_meaning(word)) for word in ("decided", "leaning", "open") if word in used)


# -- access patterns -----------------------------------------------------------------------------------


def _classes(assessment: Assessment, sources: Sources) -> Iterator[ClassRow]:
    rows: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
    for found in assessment.classes.values():
        rows.setdefault((found.candidates, found.because, found.source), []).append(found.item)
    for (candidates, because, source), items in rows.items():
        yield ClassRow(
            outcome=listed(candidates, "or"), settled=len(candidates) == 1, names=tuple(items), because=because,
            source=sources.cite(source),
        )  # fmt: skip


def _mix(assessment: Assessment, sources: Sources) -> MixView | None:
    mix, ruleset = assessment.mix, assessment.ruleset
    if mix is None:
        return None
    observed = assessment.answers.observed
    rows = tuple(
        MixRow(
            name=name, share=share_range(low, high), measured=observed.get(name, ""),
            history=f"{format_number(ruleset.history[name] * 100)} %" if name in ruleset.history else "",
        )
        for name, (low, high) in mix.shares.items()
    )  # fmt: skip
    return MixView(
        weighted_by=mix.weighted_by, rows=rows, ranges=any(" to " in r.share for r in rows),
        measured_in=observed.get("evidence", "") if any(r.measured for r in rows) else "",
        because=ruleset.history_because, source=sources.cite(ruleset.history_source), pie=pie(mix),
    )  # fmt: skip


# -- figures -------------------------------------------------------------------------------------------


def _capacity(assessment: Assessment) -> Iterator[CapacityView]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in capacity_rows(assessment):
        figure = magnitude_range(row.low, row.high, row.dimension)
        found.setdefault((row.label, row.formula), []).append((row.item, figure))
    for (label, formula), rows in found.items():
        yield CapacityView(label=label, formula=_formula(assessment.ruleset, formula), rows=tuple(rows))


def _formula(ruleset: RuleSet, formula: str) -> str:
    """A formula as it is read: facts by their value, names in words."""
    told = re.sub(
        r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+", lambda m: ruleset.facts[m[0]].text if m[0] in ruleset.facts else m[0], formula
    )
    return told.replace("*", "×").replace("_", " ")


def _limits(assessment: Assessment, sources: Sources) -> Iterator[LimitView]:
    """The figures beside their limits, the tightest first; of many only those that use half of a limit or more."""
    ruleset = assessment.ruleset
    for row in _tight(assessment):
        fact = ruleset.facts[row.fact]
        sources.cite(fact.source, fact.as_of)
        yield LimitView(
            name=row.name if row.formula else fact.name,
            service=ruleset.services[row.option].name if row.option else "",
            item="the workload" if row.scope == "workload" else row.item,
            value=format_magnitude(row.value, row.dimension), limit=row.limit_text, as_of=fact.as_of,
            room=f"{row.headroom * 100:.0f} %", exceeded=row.headroom < 0, raise_to=row.raise_to,
            raise_what=fact.name if row.limit_text != fact.text else "",
            kind={True: "adjustable", False: "hard", None: "not known to be fixed"}[row.adjustable],
        )  # fmt: skip


def _tight(assessment: Assessment) -> list[LimitRow]:
    rows = sorted(assessment.limits, key=lambda r: r.headroom)
    return rows if len(rows) <= MANY_LIMITS else [r for r in rows if r.headroom <= 0.5]


# -- sign-offs and origin ------------------------------------------------------------------------------


def _sign_offs(assessment: Assessment, as_of: str) -> Iterator[SignOffRow]:
    services = assessment.ruleset.services
    for state in assessment.sign_offs:
        yield SignOffRow(
            item=state.item, what=services[state.choice].name, state=state.state, approver=state.approver, date=state.date,
            expires=state.expires, reason=state.reason,
        )  # fmt: skip
    held = [s.sign_off for s in standings_of(assessment, as_of) if s.standing == "signed"]
    for accepted in (s for s in held if s.lens):
        yield SignOffRow(
            item=accepted.item or accepted.lens, what=_risk_of(accepted), state="signed", approver=accepted.approver,
            date=accepted.date, expires=accepted.expires, reason=accepted.reason,
        )  # fmt: skip
    for verdict in open_lens_risks(assessment, as_of):
        yield SignOffRow(item=verdict.id, what="high risk", state="mend or accept", approver="", date="", expires="", reason="")


def _risk_of(accepted: SignOff) -> str:
    """`high risk`; of a rule's risk that was accepted for one item also which it is."""
    return f"{accepted.risk.lower()} risk{f' {accepted.lens}' if accepted.item else ''}"


def _unused(assessment: Assessment, as_of: str) -> Iterator[UnusedSignOff]:
    """What the file has and what does not hold; a choice whose sign-off has run out is told with those that are needed."""
    services = assessment.ruleset.services
    for found in unused(standings_of(assessment, as_of)):
        one = found.sign_off
        if not one.lens and found.standing == "expired":
            continue
        yield UnusedSignOff(
            item=one.item or one.lens, what=_risk_of(one) if one.lens else services[one.choice].name, approver=one.approver,
            date=one.date, expires=one.expires, standing=STANDINGS[found.standing], why=found.why,
        )  # fmt: skip


def _policies(assessment: Assessment, sources: Sources) -> Iterator[PolicyView]:
    used = {s.policy for s in assessment.sign_offs}
    for policy in assessment.ruleset.policies.values():
        if policy.id in used:
            yield PolicyView(because=policy.because, must_name=policy.must_name, source=sources.cite(policy.source))


def _provenance(assessment: Assessment, as_of: str) -> Provenance:
    ruleset = assessment.ruleset
    return Provenance(
        ruleset=ruleset.name, version=ruleset.version, digest=_short(ruleset.digest), answers=_short(assessment.answers.digest),
        overlays=tuple((name, _short(digest)) for name, digest in ruleset.overlays), overridden=ruleset.overridden,
        command=_command(assessment, as_of), as_of=as_of,
    )  # fmt: skip


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


def _command(assessment: Assessment, as_of: str) -> Markdown:
    """What makes this report again, in a code span; names that a shell would read are left for the reader to fill in."""
    words = ["wa-advisor report", _word(re.split(r"[/\\]", assessment.answers.file)[-1], "ANSWERS")]
    words += [f"--rules {_word(name, 'DIR')}" for name, _ in assessment.ruleset.overlays]
    words += [f"--as-of {as_of}"] if as_of else []
    return Markdown(f"`{' '.join(words)}`")


def _word(text: str, otherwise: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}", text) else otherwise
