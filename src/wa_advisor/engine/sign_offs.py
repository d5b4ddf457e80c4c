"""What needs a sign-off, and whether it has one that is valid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wa_advisor.engine.assessment import RiskFound, SignOffState, Verdict
from wa_advisor.model import Answers, RuleSet, SignOff


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
