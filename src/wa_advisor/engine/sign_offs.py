"""What needs a sign-off, whether it has one that is valid, and how each one that the file has stands.

A sign-off is for one exact choice or one exact risk. When the answers change, it may be for something that is no
longer chosen, or no longer a risk; it is then told apart and never passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from wa_advisor.engine.assessment import Assessment, LensVerdict, RiskFound, SignOffStanding, SignOffState, Verdict
from wa_advisor.model import GROUP_OF, Answers, RuleSet, SignOff

Subjects = Mapping[tuple[str, str], str | None]
"""{(decision, item): what is chosen for it}: the proposal if there is one, else our choice."""

STANDINGS = {
    "signed": "holds",
    "expired": "has expired",
    "not-begun": "has not begun",
    "not-needed": "is not needed",
    "no-longer-fits": "no longer fits",
    "undecided": "is about something undecided",
    "about-nothing": "is about nothing in the file",
}
_LEVELS = ("NONE", "MEDIUM", "HIGH")


def sign_off_states(ruleset: RuleSet, answers: Answers, verdicts: Sequence[Verdict], as_of: str) -> Iterator[SignOffState]:
    for verdict in verdicts:
        for policy in ruleset.policies.values():
            if policy.decision != verdict.decision or verdict.subject not in policy.services:
                continue
            subject = verdict.subject or ""
            found = next((s for s in answers.sign_offs if covers(s, verdict.decision, verdict.item, subject)), None)
            state = "needed"
            if found is not None:
                state = "signed"
                if as_of and as_of < found.date:
                    state = "needed"
                elif as_of and found.expires and as_of >= found.expires:
                    state = "expired"
            yield SignOffState(
                policy=policy.id, decision=verdict.decision, item=verdict.item, choice=verdict.subject or "", state=state,
                approver=found.approver if found else policy.approver, date=found.date if found else "",
                expires=found.expires if found else "", reason=found.reason if found else "",
            )  # fmt: skip


def covers(sign_off: SignOff, decision: str, item: str, choice: str) -> bool:
    """Whether a sign-off is about exactly this choice of this item."""
    return (sign_off.decision, sign_off.item, sign_off.choice) == (decision, item, choice)


def accepted_risks(answers: Answers, as_of: str) -> Iterator[SignOff]:
    """The risks that somebody has accepted and that stay accepted on a day (ISO date; "" asks for no day)."""
    for sign_off in answers.sign_offs:
        begun = not as_of or sign_off.date <= as_of
        over = bool(as_of and sign_off.expires and as_of >= sign_off.expires)
        if sign_off.lens and begun and not over:
            yield sign_off


def is_accepted(answers: Answers, risk: RiskFound, as_of: str) -> bool:
    """Whether somebody has accepted the risk that a rule raised about an item, for this item or for all."""
    found = accepted_risks(answers, as_of)
    return any((s.lens, s.risk) == (risk.id, risk.risk) and s.item in ("", risk.item) for s in found)


# -- how each sign-off of the file stands ------------------------------------------------------------------


def standings_of(assessment: Assessment, as_of: str) -> tuple[SignOffStanding, ...]:
    """How every sign-off of the file stands on a day (ISO date; "" asks for no day), in the order of the file."""
    subjects = {(v.decision, v.item): v.subject for v in assessment.verdicts}
    lens = {v.id: v for v in assessment.lens}
    return sign_off_standings(assessment.ruleset, assessment.answers, subjects, lens, assessment.risks, as_of)


def unused(standings: Iterable[SignOffStanding]) -> tuple[SignOffStanding, ...]:
    """Those that stand in the file and do not hold."""
    return tuple(s for s in standings if s.standing != "signed")


def sign_off_standings(
    ruleset: RuleSet,
    answers: Answers,
    subjects: Subjects,
    lens: Mapping[str, LensVerdict],
    risks: Iterable[RiskFound],
    as_of: str,
) -> tuple[SignOffStanding, ...]:
    found = tuple(risks)
    return tuple(
        _of_risk(ruleset, s, lens, found, as_of) if s.lens else _of_choice(ruleset, answers, s, subjects, as_of)
        for s in answers.sign_offs
    )


def told(ruleset: RuleSet, standing: SignOffStanding) -> str:
    """`the sign-off of ann for Amazon S3 at cart no longer fits: the choice is Amazon DynamoDB now`"""
    return f"{subject_text(ruleset, standing.sign_off)} {STANDINGS[standing.standing]}: {standing.why}"


def subject_text(ruleset: RuleSet, sign_off: SignOff) -> str:
    """Whose sign-off it is, and for what."""
    if sign_off.lens:
        at = f" at {sign_off.item}" if sign_off.item else ""
        return f"the acceptance by {sign_off.approver} of the {sign_off.risk.lower()} risk {sign_off.lens}{at}"
    return f"the sign-off of {sign_off.approver} for {_service(ruleset, sign_off.choice)} at {sign_off.item}"


def _service(ruleset: RuleSet, option: str) -> str:
    found = ruleset.services.get(option)
    return found.name if found else option


def _of_choice(ruleset: RuleSet, answers: Answers, one: SignOff, subjects: Subjects, as_of: str) -> SignOffStanding:
    key = (one.decision, one.item)
    if key not in subjects:
        return _standing(one, "about-nothing", f"{one.item} is not there, or nothing is chosen for it")
    subject = subjects[key]
    if subject is None:
        return _standing(one, "undecided", f"there is no choice for {one.item} now")
    if subject != one.choice:
        return _standing(one, "no-longer-fits", _other_choice(ruleset, answers, one, subject))
    if not any(p.decision == one.decision and one.choice in p.services for p in ruleset.policies.values()):
        return _standing(one, "not-needed", f"{_service(ruleset, one.choice)} needs no sign-off")
    return _in_time(one, as_of)


def _other_choice(ruleset: RuleSet, answers: Answers, one: SignOff, subject: str) -> str:
    group = GROUP_OF.get(ruleset.decisions[one.decision].scope, "")
    proposed = any(i.name == one.item and i.proposed == subject for i in answers.items(group))
    who = "the team proposes" if proposed else "the choice is"
    return f"{who} {_service(ruleset, subject)} now"


def _of_risk(
    ruleset: RuleSet, one: SignOff, lens: Mapping[str, LensVerdict], risks: tuple[RiskFound, ...], as_of: str
) -> SignOffStanding:
    if one.lens in lens:
        now = lens[one.lens].risk
        if now == "UNANSWERED":
            return _standing(one, "undecided", f"{one.lens} is not answered in full now")
    else:
        levels = [r.risk for r in risks if r.id == one.lens and one.item in ("", r.item)]
        now = max(levels, key=_level, default="NONE")
    if now == one.risk:
        return _in_time(one, as_of)
    if _level(now) > _level(one.risk):
        return _standing(one, "no-longer-fits", f"the risk is {now.lower()} now")
    why = {"NOT_APPLICABLE": "the question does not apply now", "NONE": "the risk is not there now"}
    return _standing(one, "not-needed", why.get(now, f"the risk is {now.lower()} now"))


def _level(risk: str) -> int:
    return _LEVELS.index(risk) if risk in _LEVELS else 0


def _in_time(one: SignOff, as_of: str) -> SignOffStanding:
    if as_of and as_of < one.date:
        return _standing(one, "not-begun", f"it begins on {one.date}")
    if as_of and one.expires and as_of >= one.expires:
        return _standing(one, "expired", f"it ended on {one.expires}")
    return _standing(one, "signed", "")


def _standing(one: SignOff, standing: str, why: str) -> SignOffStanding:
    return SignOffStanding(sign_off=one, standing=standing, why=why)
