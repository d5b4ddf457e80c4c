"""Assessment -> the JSON document `wa-advisor/assessment/1`; `assessment.schema.json` beside it is its contract."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from wa_advisor.conditions import Tree
from wa_advisor.engine.behind import facts_behind
from wa_advisor.engine.capacity import capacity_rows
from wa_advisor.engine.evaluate import (
    AdviceFound,
    Assessment,
    DataArchitecture,
    LensVerdict,
    LimitRow,
    OptionTrace,
    RiskFound,
    SignOffStanding,
    SignOffState,
    Verdict,
)
from wa_advisor.engine.sign_offs import standings_of, unused
from wa_advisor.model import GROUPS, RuleSet
from wa_advisor.quantity import UNITS, Number, unit_scale
from wa_advisor.report.content import answers_content
from wa_advisor.report.costs_document import costs_document
from wa_advisor.ruleset.freshness import oldest
from wa_advisor.ruleset.trees import comparisons, is_fact_id

SCHEMA = "wa-advisor/assessment/1"
_RISKS = ("UNANSWERED", "HIGH", "MEDIUM", "NONE", "NOT_APPLICABLE")


def assessment_document(assessment: Assessment, *, as_of: str = "") -> dict[str, Any]:
    """Plain values only; the same Assessment gives the same document."""
    ruleset, answers = assessment.ruleset, assessment.answers
    whole: dict[str, Any] = {"name": answers.name, "owner": answers.owner, "stage": answers.stage}
    if answers.description:
        whole["description"] = answers.description
    return {
        "schema": SCHEMA,
        "as_of": as_of or None,
        "ruleset": {
            "name": ruleset.name, "version": ruleset.version, "digest": ruleset.digest,
            "overlays": [{"name": name, "digest": digest} for name, digest in ruleset.overlays],
            "overridden": list(ruleset.overridden),
        },
        "answers": {"digest": answers.digest, "content": answers_content(answers)},
        "workload": whole | _verdicts(assessment, "workload", answers.name),
        **{group: list(_items(assessment, group)) for group in GROUPS},
        "mix": _mix(assessment),
        "data_architecture": _data_architecture(assessment.data_architecture),
        "capacity": list(_capacity(assessment)),
        "limits": [_limit(row) for row in assessment.limits],
        "costs": costs_document(assessment),
        "lens": _lens(assessment),
        "risks": [_risk(found) for found in assessment.risks],
        "advice": [_advice(found) for found in assessment.advice],
        "sign_offs": [_sign_off(state) for state in assessment.sign_offs],
        "sign_offs_unused": [_unused(standing) for standing in unused(standings_of(assessment, as_of))],
        "open_questions": open_questions(assessment),
    }  # fmt: skip


def _items(assessment: Assessment, group: str) -> Iterator[dict[str, Any]]:
    items = assessment.processes if group == "processes" else assessment.answers.items(group)
    for item in items:
        entry: dict[str, Any] = {"name": item.name}
        if group == "access_patterns":
            found = assessment.classes.get(item.name)
            entry["class"] = found.outcome if found else None
            entry["class_candidates"] = list(found.candidates) if found else []
        yield entry | _verdicts(assessment, GROUPS[group], item.name)


def _verdicts(assessment: Assessment, scope: str, name: str) -> dict[str, Any]:
    decisions = assessment.ruleset.decisions
    found = [v for v in assessment.verdicts if v.item == name and decisions[v.decision].scope == scope]
    return {v.decision: verdict_document(v, assessment.ruleset) for v in sorted(found, key=lambda v: v.decision)}


def verdict_document(verdict: Verdict, ruleset: RuleSet) -> dict[str, Any]:
    old = oldest(facts_behind(ruleset, verdict))
    return {
        "choice": verdict.choice, "certainty": verdict.certainty, "why": verdict.why, "runner_up": verdict.runner_up,
        "tied_with": list(verdict.tied_with), "proposed": verdict.proposed,
        "ranking": [_option(o) for o in verdict.ranking],
        "flips": [{"change": {f.question: f.change}, "to": f.to} for f in verdict.flips], "cites": list(verdict.cites),
        "assumes": list(verdict.assumes),
        "oldest_fact": {"fact": old.id, "as_of": old.as_of} if old else None,
    }  # fmt: skip


def _option(option: OptionTrace) -> dict[str, Any]:
    return {
        "option": option.option, "total": [option.low, option.high], "state": option.state, "banned": option.barred or None,
        "constraints": [
            {"rule": c.rule.id, "outcome": _outcome(c.truth), "because": c.rule.because, "facts": fact_ids(c.rule.when)}
            for c in option.constraints
        ],
        "arguments": [
            {
                "rule": a.rule.id, "outcome": _outcome(a.truth), "direction": a.rule.direction,
                "strength": a.rule.strength, "because": a.rule.because, "answers": list(a.answers),
            }
            for a in option.arguments
        ],
    }  # fmt: skip


def _outcome(truth: bool | None) -> str:
    return "true" if truth else "unknown"


def fact_ids(tree: Tree) -> list[str]:
    """The facts that a condition names."""
    return [value for c in comparisons(tree) if c[0] == "cmp" for value, _ in c[3] if is_fact_id(value)]


def _mix(assessment: Assessment) -> dict[str, Any] | None:
    mix = assessment.mix
    if mix is None:
        return None
    shares = {
        name: _share(low) if low == high else [_share(low), _share(high)] for name, (low, high) in mix.shares.items()
    }  # fmt: skip
    return {"weighted_by": mix.weighted_by, **shares}


def _data_architecture(found: DataArchitecture | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "margin": found.margin,
        "margin_in_family": found.in_family,
        "stores": [{"store": kept.store, "role": kept.role, "access_patterns": list(kept.items)} for kept in found.stores],
        "feeds": [
            {"access_pattern": f.item, "from": list(f.sources), "to": f.target, "rule": f.rule or None} for f in found.feeds
        ],
        "kept_together": [
            {"access_pattern": m.item, "first_choice": m.first, "store": m.store, "behind": m.behind} for m in found.moves
        ],
        "open": list(found.open),
    }


def _share(value: Fraction) -> float:
    return round(float(value), 4)


def _capacity(assessment: Assessment) -> Iterator[dict[str, Any]]:
    for row in capacity_rows(assessment):
        unit = next(u for u, size in UNITS[row.dimension].items() if size == 1 or row.dimension == "share")
        ends = [in_unit(row.low, unit), in_unit(row.high, unit)]
        yield {"item": row.item, "value": row.name, "low": ends[0], "high": ends[1], "unit": unit}


def _limit(row: LimitRow) -> dict[str, Any]:
    return {
        "item": row.item, "option": row.option or None, "fact": row.fact, "question": None if row.formula else row.name,
        "value": in_unit(row.value, row.unit), "limit": in_unit(row.limit, row.unit), "unit": row.unit,
        "headroom": row.headroom, "adjustable": row.adjustable, "rule": row.rule, "raise_to": row.raise_to or None,
    }  # fmt: skip


def _lens(assessment: Assessment) -> dict[str, Any]:
    counts = {risk: sum(v.risk == risk for v in assessment.lens) for risk in _RISKS}
    return {"questions": [_lens_question(v) for v in assessment.lens], "counts": counts}


def _lens_question(verdict: LensVerdict) -> dict[str, Any]:
    return {
        "id": verdict.id, "risk": verdict.risk, "possible": verdict.possible, "missing": list(verdict.missing),
        "unknown": list(verdict.unknown), "reason": verdict.reason or None, "not_applicable": dict(verdict.away),
        "touches": {practice: list(names) for practice, names in verdict.touched.items() if names},
    }  # fmt: skip


def _risk(found: RiskFound) -> dict[str, Any]:
    return {
        "id": found.id, "item": found.item, "risk": found.risk, "practice": found.practice, "name": found.name,
        "because": found.because, "improve": found.improve,
    }  # fmt: skip


def _advice(found: AdviceFound) -> dict[str, Any]:
    return {
        "id": found.id, "item": found.item, "topic": found.topic, "name": found.name, "because": found.because,
        "improve": found.improve,
    }  # fmt: skip


def _sign_off(state: SignOffState) -> dict[str, Any]:
    return {
        "policy": state.policy, "decision": state.decision, "item": state.item, "choice": state.choice, "state": state.state,
        "approver": state.approver, "date": state.date or None, "expires": state.expires or None,
    }  # fmt: skip


def _unused(standing: SignOffStanding) -> dict[str, Any]:
    """A sign-off that stands in the answers and does not hold."""
    one = standing.sign_off
    subject = {"decision": one.decision, "item": one.item, "choice": one.choice, "lens": one.lens, "risk": one.risk}
    return {k: v or None for k, v in subject.items()} | {
        "standing": standing.standing, "why": standing.why, "approver": one.approver, "date": one.date, "expires": one.expires or None,
    }  # fmt: skip


def open_questions(assessment: Assessment) -> list[dict[str, Any]]:
    """Unknown answers, those that could change most verdicts first."""
    found: dict[tuple[str, str], list[str]] = {}
    ruleset = assessment.ruleset
    for verdict in assessment.verdicts:
        if verdict.certainty == "decided":
            continue
        for name in verdict.open_questions:
            item = "" if ruleset.questions[name].scope == "workload" else verdict.item
            found.setdefault((name, item), []).append(f"{verdict.decision}: {verdict.item}")
    order = sorted(found.items(), key=lambda kv: -len(kv[1]))
    return [{"question": name, "item": item, "could_change": changes} for (name, item), changes in order]


def in_unit(value: Number, unit: str) -> float | int:
    scaled = Fraction(value) / Fraction(unit_scale(unit)[1])
    return scaled.numerator if scaled.denominator == 1 else round(float(scaled), 6)
