"""What needs a sign-off, and whether it has one that is valid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wa_advisor.engine.assessment import SignOffState, Verdict
from wa_advisor.model import Answers, RuleSet


def sign_off_states(ruleset: RuleSet, answers: Answers, verdicts: Sequence[Verdict], as_of: str) -> Iterator[SignOffState]:
    for verdict in verdicts:
        for policy in ruleset.policies.values():
            if policy.decision != verdict.decision or verdict.subject not in policy.services:
                continue
            found = next(
                (
                    s
                    for s in answers.sign_offs
                    if (s.decision, s.item, s.choice) == (verdict.decision, verdict.item, verdict.subject)
                ),
                None,
            )
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
