"""The gate: what of an Assessment keeps a change from passing. What the team proposes is judged, else our choice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from wa_advisor.engine.assessment import LensVerdict, RiskFound, SignOffStanding, SignOffState, Verdict
from wa_advisor.engine.evaluate import Assessment
from wa_advisor.engine.sign_offs import accepted_risks, covers, is_accepted, standings_of, told, unused
from wa_advisor.errors import Span
from wa_advisor.model import GROUP_OF, GROUPS, RuleSet
from wa_advisor.quantity import format_magnitude
from wa_advisor.ruleset.compile import GATE_CHECKS

__all__ = ["GATE_CHECKS", "Finding", "active_checks", "gate_findings", "gate_warnings"]


class Finding(Struct, frozen=True, kw_only=True):
    """One reason not to pass, or to look again; `span` is where the answers file speaks of the item, without a line where it does not."""

    check: str
    item: str
    message: str
    span: Span


def active_checks(ruleset: RuleSet, *, ignore: Collection[str] = (), fail_on: Collection[str] = ()) -> tuple[str, ...]:
    """The checks that fail: what the rule set says, and what was switched by hand."""
    said = {check for check, what in ruleset.gate.items() if what == "fail"}
    return tuple(c for c in GATE_CHECKS if c in (said | set(fail_on)) - set(ignore))


def gate_findings(
    assessment: Assessment, *, as_of: str, ignore: Collection[str] = (), fail_on: Collection[str] = ()
) -> list[Finding]:
    """What keeps the answers from passing on a day (ISO date), in the order of the checks; empty means passed."""
    return _of_checks(assessment, as_of, active_checks(assessment.ruleset, ignore=ignore, fail_on=fail_on))


def gate_warnings(
    assessment: Assessment, *, as_of: str, ignore: Collection[str] = (), fail_on: Collection[str] = ()
) -> list[Finding]:
    """What is told on a day and keeps nothing from passing, in the order of the checks."""
    warn = {check for check, what in assessment.ruleset.gate.items() if what == "warn"}
    return _of_checks(assessment, as_of, warn - set(ignore) - set(fail_on))


def _of_checks(assessment: Assessment, as_of: str, checks: Collection[str]) -> list[Finding]:
    found = [f for f in _Gate(assessment, as_of).findings() if f.check in checks]
    return sorted(found, key=lambda f: GATE_CHECKS.index(f.check))


class _Gate:
    def __init__(self, assessment: Assessment, as_of: str) -> None:
        self.assessment = assessment
        self.ruleset = assessment.ruleset
        self.as_of = as_of

    def findings(self) -> Iterator[Finding]:
        for state in self.assessment.sign_offs:
            yield from self._sign_off(state)
        for lens in self.assessment.lens:
            yield from self._lens(lens)
        for risk in self.assessment.risks:
            yield from self._risk(risk)
        yield from self._limits()
        for verdict in self.assessment.verdicts:
            yield from self._verdict(verdict)
        yield from self._nothing()
        for standing in unused(standings_of(self.assessment, self.as_of)):
            yield from self._unused(standing)

    # -- where things stand ------------------------------------------------------------------------

    def _item_span(self, scope: str, name: str) -> Span:
        """Where the file names an item; a process may only be named by its hand-over."""
        answers = self.assessment.answers
        items = answers.items(GROUP_OF.get(scope, ""))
        named = next((i.span for i in items if i.name == name), None)
        if named is None and scope == "process":
            named = next((h.span for h in answers.items("hand_overs") if name in h.links.get("process", ())), None)
        return named or Span(answers.file)

    def _decided(self, verdict: Verdict) -> Span:
        return self._item_span(self.ruleset.decisions[verdict.decision].scope, verdict.item)

    # -- the checks --------------------------------------------------------------------------------

    def _sign_off(self, state: SignOffState) -> Iterator[Finding]:
        service = self.ruleset.services[state.choice].name
        scope = self.ruleset.decisions[state.decision].scope
        span = self._item_span(scope, state.item)
        given = (s for s in self.assessment.answers.sign_offs if covers(s, state.decision, state.item, state.choice))
        signed = next((s.span for s in given), span)
        if state.state == "needed":
            late = f" (the one there begins on {state.date})" if state.date else ""
            message = f"{service} for {state.item} needs a sign-off by the {self._approver(state)}{late}"
            yield Finding(check="unsigned-store", item=state.item, message=message, span=span)
        elif state.state == "expired":
            message = f"the sign-off of {service} for {state.item} expired on {state.expires}: have it signed again"
            yield Finding(check="expired-sign-off", item=state.item, message=message, span=signed)

    def _unused(self, standing: SignOffStanding) -> Iterator[Finding]:
        """A sign-off that stands in the file and does not hold, unless the choice it is for is told as not signed already."""
        one = standing.sign_off
        if not one.lens and standing.standing in ("expired", "not-begun"):
            return
        step = "change it, or take it out"
        if standing.standing == "not-needed":
            step = "take it out" if one.lens else "it may stay, or be taken out"
        message = f"{told(self.ruleset, standing)}; {step}"
        yield Finding(check="unused-sign-off", item=one.item or one.lens, message=message, span=one.span)

    def _nothing(self) -> Iterator[Finding]:
        """Answers that list nothing have nothing to be judged by."""
        answers = self.assessment.answers
        if self.assessment.verdicts or self.assessment.processes or any(answers.items(g) for g in GROUPS):
            return
        message = "nothing is listed, so nothing is decided: list an access pattern, a component, an interface or a hand-over"
        yield Finding(check="undecided", item=answers.name, message=message, span=Span(answers.file))

    def _approver(self, state: SignOffState) -> str:
        return self.ruleset.policies[state.policy].approver

    def _lens(self, lens: LensVerdict) -> Iterator[Finding]:
        answers = self.assessment.answers
        answer = answers.lens.get(lens.id)
        span = answer.span if answer is not None else Span(answers.file)
        if lens.risk == "HIGH" and lens.id not in self._accepted():
            missing = ", ".join(lens.missing)
            message = f"{lens.id} is at high risk: {missing} not done; do it, or have the risk accepted under sign_offs"
            yield Finding(check="open-high-risk", item=lens.id, message=message, span=span)
        elif lens.risk == "UNANSWERED":
            how = "not known in full" if lens.unknown else "not answered"
            yield Finding(check="unanswered", item=lens.id, message=f"lens question {lens.id} is {how}", span=span)

    def _risk(self, risk: RiskFound) -> Iterator[Finding]:
        if risk.risk != "HIGH" or is_accepted(self.assessment.answers, risk, self.as_of):
            return
        message = f"{risk.name} ({risk.id}): {risk.improve} Or have the risk accepted under sign_offs"
        yield Finding(check="open-high-risk", item=risk.item, message=message, span=self._item_span(risk.scope, risk.item))

    def _accepted(self) -> set[str]:
        """The lens questions whose high risk somebody has accepted."""
        return {s.lens for s in accepted_risks(self.assessment.answers, self.as_of) if s.risk == "HIGH"}

    def _limits(self) -> Iterator[Finding]:
        """Limits that no option is ruled out by, such as those over several items."""
        for row in self.assessment.limits:
            if row.is_exceeded and row.formula and row.adjustable is False:
                needed = format_magnitude(row.value, row.dimension)
                message = f"{row.name}: {needed} needed, {row.limit_text} allowed ({row.rule})"
                yield Finding(
                    check="limit-exceeded",
                    item=row.item,
                    message=message,
                    span=self._item_span(row.scope or "workload", row.item),
                )

    def _verdict(self, verdict: Verdict) -> Iterator[Finding]:
        span, item = self._decided(verdict), verdict.item
        option = verdict.option(verdict.subject)
        if option is not None:
            service = self.ruleset.services[option.option].name
            for trace in option.constraints:
                if trace.truth:
                    message = f"{service} for {item} is ruled out ({trace.rule.id}): {trace.rule.because}"
                    yield Finding(check="limit-exceeded", item=item, message=message, span=span)
            banned = self.ruleset.services[option.option].banned
            if banned:
                message = f"{service} for {item} is banned: {banned}"
                yield Finding(check="limit-exceeded", item=item, message=message, span=span)
        if verdict.certainty != "decided":
            yield Finding(check="undecided", item=item, message=self._undecided(verdict), span=span)
        for name in verdict.open_questions:
            message = f"{name} is not answered for {item}: {self.ruleset.questions[name].ask}"
            yield Finding(check="unanswered", item=item, message=message, span=span)

    def _undecided(self, verdict: Verdict) -> str:
        decision = self.ruleset.decisions[verdict.decision]
        what = f"{decision.name} for {verdict.item} ({decision.id})"
        lean = f"leans to {self.ruleset.services[verdict.choice].name}" if verdict.choice else "has no choice yet"
        return f"{what} {lean}; {_hangs_on(verdict.open_questions)}"


def _hangs_on(questions: Iterable[str]) -> str:
    names = list(questions)
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"answer {', '.join(names[:4])}{more}" if names else "look at `wa-advisor explain`"
