"""Assessment -> the JSON document `wa-advisor/assessment/1`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from wa_advisor.engine.evaluate import Assessment, OptionTrace, Verdict
from wa_advisor.model import GROUPS
from wa_advisor.quantity import Number, unit_scale

SCHEMA = "wa-advisor/assessment/1"


def assessment_document(assessment: Assessment) -> dict[str, Any]:
    """Plain values only; the same Assessment gives the same document."""
    ruleset, answers = assessment.ruleset, assessment.answers
    by_item: dict[tuple[str, str], dict[str, Any]] = {}
    for verdict in assessment.verdicts:
        scope = ruleset.decisions[verdict.decision].scope
        by_item.setdefault((scope, verdict.item), {})[verdict.decision] = verdict_document(verdict)
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "ruleset": {
            "name": ruleset.name, "version": ruleset.version, "digest": ruleset.digest,
            "overlays": [{"name": n, "digest": d} for n, d in ruleset.overlays], "overridden": list(ruleset.overridden),
        },
        "answers": {"digest": answers.digest},
        "workload": {"name": answers.name, "owner": answers.owner, "stage": answers.stage},
    }  # fmt: skip
    for group, scope in GROUPS.items():
        items = assessment.processes if group == "processes" else answers.items(group)
        entries = []
        for item in items:
            entry: dict[str, Any] = {"name": item.name}
            if scope == "access_pattern":
                found = assessment.classes.get(item.name)
                entry["class"] = found.outcome if found else None
                entry["class_candidates"] = list(found.candidates) if found else []
            entries.append(entry | by_item.get((scope, item.name), {}))
        document[group] = entries
    mix = assessment.mix
    document["mix"] = None if mix is None else {"weighted_by": mix.weighted_by} | {
        name: _share(low) if low == high else [_share(low), _share(high)] for name, (low, high) in mix.shares.items()
    }  # fmt: skip
    document["limits"] = [
        {
            "item": r.item, "option": r.option, "fact": r.fact, "question": r.name, "value": in_unit(r.value, r.unit),
            "limit": in_unit(r.limit, r.unit), "unit": r.unit, "headroom": r.headroom,
        }
        for r in assessment.limits
    ]  # fmt: skip
    questions = [{"id": v.id, "risk": v.risk, "missing": list(v.missing), "unknown": list(v.unknown)} for v in assessment.lens]
    counts = dict.fromkeys(("UNANSWERED", "HIGH", "MEDIUM", "NONE", "NOT_APPLICABLE"), 0)
    for found_lens in assessment.lens:
        counts[found_lens.risk] += 1
    document["lens"] = {"questions": questions, "counts": counts}
    document["risks"] = [
        {
            "id": r.id,
            "item": r.item,
            "risk": r.risk,
            "practice": r.practice,
            "name": r.name,
            "because": r.because,
            "improve": r.improve,
        }
        for r in assessment.risks
    ]
    document["sign_offs"] = [
        {
            "policy": s.policy,
            "decision": s.decision,
            "item": s.item,
            "choice": s.choice,
            "state": s.state,
            "expires": s.expires or None,
        }
        for s in assessment.sign_offs
    ]
    document["open_questions"] = open_questions(assessment)
    return document


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    return {
        "choice": verdict.choice, "certainty": verdict.certainty, "why": verdict.why, "runner_up": verdict.runner_up,
        "tied_with": list(verdict.tied_with), "proposed": verdict.proposed,
        "ranking": [_option(o) for o in verdict.ranking],
        "flips": [{"change": {f.question: f.change}, "to": f.to} for f in verdict.flips], "cites": list(verdict.cites),
    }  # fmt: skip


def _option(option: OptionTrace) -> dict[str, Any]:
    return {
        "option": option.option, "total": [option.low, option.high], "state": option.state,
        "constraints": [
            {"rule": c.rule.id, "outcome": "true" if c.truth else "unknown", "because": c.rule.because, "facts": fact_ids(c.rule.when)}
            for c in option.constraints
        ],
        "arguments": [
            {
                "rule": a.rule.id, "outcome": "true" if a.truth else "unknown", "direction": a.rule.direction,
                "strength": a.rule.strength, "because": a.rule.because, "answers": list(a.answers),
            }
            for a in option.arguments
        ],
    }  # fmt: skip


def fact_ids(tree: Any) -> list[str]:
    """The facts that a condition names."""
    if tree[0] == "cmp":
        return [value for value, _ in tree[3] if "." in value and value[0].isalpha()]
    if tree[0] == "not":
        return fact_ids(tree[1])
    if tree[0] in ("and", "or"):
        return [f for part in tree[1] for f in fact_ids(part)]
    return []


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


def _share(value: Fraction) -> float:
    return round(float(value), 4)


def in_unit(value: Number, unit: str) -> float | int:
    scaled = Fraction(value) / Fraction(unit_scale(unit)[1])
    return scaled.numerator if scaled.denominator == 1 else round(float(scaled), 6)
