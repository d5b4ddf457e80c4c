"""The costs of an Assessment as plain values; money is USD a month, to the cent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from wa_advisor.engine.costs import facts_of
from wa_advisor.engine.evaluate import Assessment
from wa_advisor.engine.priced import BreakEven, CostComparison, CostFigure
from wa_advisor.model import RuleSet
from wa_advisor.quantity import Number


def costs_document(assessment: Assessment) -> dict[str, Any] | None:
    """The costs; None where nothing is priced."""
    report, ruleset = assessment.costs, assessment.ruleset
    if not report.comparisons:
        return None
    total = report.total
    return {
        "currency": "USD",
        "month_hours": 730,
        "notes": list(ruleset.cost_notes),
        "items": [_comparison(ruleset, c) for c in report.comparisons],
        "total": None if total is None else {
            "low": cents(total.low), "high": cents(total.high),
            "without": [{"decision": decision, "item": item} for decision, item in total.left],
        },
    }  # fmt: skip


def _comparison(ruleset: RuleSet, comparison: CostComparison) -> dict[str, Any]:
    return {
        "decision": comparison.decision, "item": comparison.item,
        "options": [_figure(ruleset, f) | _even(comparison.evens.get(f.option, "")) for f in comparison.figures],
        "beside": [_figure(ruleset, f) for f in comparison.beside],
    }  # fmt: skip


def _figure(ruleset: RuleSet, figure: CostFigure) -> dict[str, Any]:
    known, cost = figure.state == "known", figure.cost
    return {
        "option": figure.option, "role": figure.role, "rule": cost.id if cost else None, "plan": figure.plan, "state": figure.state,
        "low": cents(figure.low) if known else None, "high": cents(figure.high) if known else None,
        "lines": [
            {"name": line.name, "low": cents(line.low), "high": cents(line.high), "shared": line.shared} for line in figure.lines
        ],
        "missing": [{"question": lack.question, "item": lack.item} for lack in figure.lacks],
        "unpriced": list(cost.unpriced) if cost and figure.state == "unpriced" else [],
        "assumes": list(cost.assumes) if cost else [], "leaves_out": list(cost.leaves_out) if cost else [],
        "facts": list(facts_of(ruleset, figure)),
    }  # fmt: skip


def _even(even: BreakEven | str) -> dict[str, Any]:
    """The load at which an option costs what the first one does, or why there is none."""
    if isinstance(even, str):
        return {"break_even": None, "why_no_break_even": even or None}
    told = {
        "question": even.question, "per_second": round(float(even.load), 6), "per_month": round(float(Fraction(even.load) * 2_628_000)),
        "cheaper_below": even.below, "cheaper_above": even.above,
    }  # fmt: skip
    return {"break_even": told, "why_no_break_even": None}


def cents(value: Number) -> float:
    return float(Fraction(int(Fraction(value) * 100 + Fraction(1, 2)), 100))
