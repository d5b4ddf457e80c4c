"""The gate: what of an Assessment keeps a change from passing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wa_advisor.engine.evaluate import Assessment
from wa_advisor.quantity import format_magnitude
from wa_advisor.ruleset.compile import GATE_CHECKS

__all__ = ["GATE_CHECKS", "gate_findings"]


def gate_findings(
    assessment: Assessment, *, as_of: str, ignore: Iterable[str] = (), fail_on: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Findings as {check, item, message, line}; none means passed."""
    active = {c for c, v in assessment.ruleset.gate.items() if v == "fail"} | set(fail_on)
    active -= set(ignore)
    return [f for f in _all(assessment, as_of) if f["check"] in active]


def _all(assessment: Assessment, as_of: str) -> Iterable[dict[str, Any]]:
    services = assessment.ruleset.services
    for state in assessment.sign_offs:
        if state.state == "needed":
            yield _finding(
                "unsigned-store",
                state.item,
                f"{services[state.choice].name} for {state.item} needs a sign-off by the {state.approver}",
            )
        elif state.state == "expired":
            yield _finding(
                "expired-sign-off", state.item, f"the sign-off for {services[state.choice].name} expired on {state.expires}"
            )
    accepted = {
        (s.lens, s.risk)
        for s in assessment.answers.sign_offs
        if s.lens and s.date <= as_of and (not s.expires or as_of < s.expires)
    }
    for lens in assessment.lens:
        if lens.risk == "HIGH" and (lens.id, "HIGH") not in accepted:
            yield _finding("open-high-risk", lens.id, f"{lens.id} is at high risk: {', '.join(lens.missing)} not done")
        elif lens.risk == "UNANSWERED":
            yield _finding("unanswered", lens.id, f"{lens.id} is not answered")
    for risk in assessment.risks:
        if risk.risk == "HIGH":
            yield _finding("open-high-risk", risk.item, f"{risk.id}: {risk.name}")
    for row in assessment.limits:
        if row.is_exceeded and row.formula and row.adjustable is False:
            needed = format_magnitude(row.value, row.dimension)
            yield _finding("limit-exceeded", row.item, f"{row.name}: {needed} needed, {row.limit_text} allowed ({row.rule})")
    for verdict in assessment.verdicts:
        option = verdict.option(verdict.subject)
        for trace in option.constraints if option else ():
            if trace.truth:
                yield _finding(
                    "limit-exceeded",
                    verdict.item,
                    f"{services[verdict.subject or ''].name} is ruled out ({trace.rule.id}): {trace.rule.because}",
                )
        if verdict.certainty != "decided":
            yield _finding("undecided", verdict.item, f"{verdict.decision} is {verdict.certainty}")
        for name in verdict.open_questions:
            yield _finding("unanswered", verdict.item, f"{name} is not answered")


def _finding(check: str, item: str, message: str) -> dict[str, Any]:
    return {"check": check, "item": item, "message": message, "line": 0}
