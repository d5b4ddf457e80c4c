"""Assessment -> the Markdown report, through a sandboxed template with undefined names as errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wa_advisor.engine.evaluate import Assessment, OptionTrace, Verdict
from wa_advisor.model import GROUPS
from wa_advisor.quantity import format_magnitude, format_number
from wa_advisor.report.document import fact_ids, open_questions
from wa_advisor.report.escape import escape_markdown, mermaid_label

_TEMPLATE = Path(__file__).parent / "templates" / "report.md.j2"


def render_report(assessment: Assessment, template: str | None = None) -> str:
    """The report's text; jinja2.TemplateError if a template of the user's own cannot be rendered."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
    )
    environment.filters["md"] = lambda value: escape_markdown(str(value))
    environment.filters["mermaid"] = lambda value: mermaid_label(str(value))
    text = environment.from_string(template if template is not None else _TEMPLATE.read_text("utf-8")).render(
        report_view(assessment)
    )
    return text.rstrip() + "\n"


def report_view(assessment: Assessment) -> dict[str, Any]:
    """The plain values that the template prints; texts of people are escaped by the template's `md` filter."""
    ruleset, answers = assessment.ruleset, assessment.answers
    verdicts = [_verdict_view(assessment, v) for v in assessment.verdicts]
    return {
        "workload": {"name": answers.name, "owner": answers.owner, "stage": answers.stage},
        "ruleset": ruleset,
        "answers_digest": answers.digest,
        "answers_file": answers.file,
        "verdicts": verdicts,
        "sign_offs": assessment.sign_offs,
        "service": {s.id: s.name for s in ruleset.services.values()},
        "policies": [p for p in ruleset.policies.values() if any(s.policy == p.id for s in assessment.sign_offs)],
        "patterns": [
            {"name": c.item, "outcome": c.outcome or " or ".join(c.candidates), "settled": c.outcome is not None, "because": c.because}
            for c in assessment.classes.values()
        ],
        "mix": None if assessment.mix is None else {
            "weighted_by": assessment.mix.weighted_by,
            "rows": [
                {"name": n, "share": _percent(low, high), "history": format_number(ruleset.history[n] * 100) + " %" if n in ruleset.history else "-",
                 "middle": float((low + high) / 2)}
                for n, (low, high) in assessment.mix.shares.items()
            ],
        },
        "limits": [
            {"item": r.item, "option": r.option, "name": ruleset.facts[r.fact].name, "value": format_magnitude(r.value, r.dimension),
             "limit": ruleset.facts[r.fact].text, "as_of": ruleset.facts[r.fact].as_of, "room": f"{r.headroom:.0%}" if r.headroom >= 0 else "exceeded"}
            for r in assessment.limits
        ],
        "risks": sorted(assessment.risks, key=lambda r: ("HIGH", "MEDIUM", "NONE").index(r.risk)),
        "lens": [
            {"id": v.id, "ask": ruleset.lens[v.id].ask, "pillar": ruleset.lens[v.id].pillar_name, "risk": v.risk, "reason": v.reason,
             "missing": [p for p in ruleset.lens[v.id].practices if p.id in v.missing]}
            for v in assessment.lens
        ],
        "open_questions": [q | {"ask": ruleset.questions[q["question"]].ask} for q in open_questions(assessment)],
        "all_answers": _all_answers(assessment),
        "sources": _sources(assessment),
    }  # fmt: skip


def _verdict_view(assessment: Assessment, verdict: Verdict) -> dict[str, Any]:
    ruleset = assessment.ruleset
    chosen = verdict.option(verdict.choice)
    second = verdict.option(verdict.runner_up)
    state = next((s.state for s in assessment.sign_offs if (s.decision, s.item) == (verdict.decision, verdict.item)), "no")
    reasons = _reasons(chosen, "for")
    return {
        "decision": ruleset.decisions[verdict.decision].name, "item": verdict.item, "choice": verdict.choice,
        "choice_name": ruleset.services[verdict.choice].name if verdict.choice else "Not enough known yet",
        "certainty": verdict.certainty, "why": verdict.why, "proposed": verdict.proposed, "tied": verdict.tied_with,
        "sign_off": state, "main": reasons[0]["because"] if reasons else verdict.why, "for": reasons,
        "against": _reasons(chosen, "against"),
        "conditions": [c.rule.because for c in chosen.constraints if c.truth is None] if chosen else [],
        "runner_up": verdict.runner_up, "runner_name": ruleset.services[verdict.runner_up].name if verdict.runner_up else "",
        "runner_now": second.now if second else 0, "now": chosen.now if chosen else 0,
        "runner_against": _reasons(second, "against"),
        "eliminated": [
            {"name": ruleset.services[o.option].name,
             "because": o.banned or next((c.rule.because for c in o.constraints if c.truth), ""),
             "facts": [ruleset.facts[f].text for c in o.constraints[:1] if c.truth for f in fact_ids(c.rule.when) if f in ruleset.facts]}
            for o in verdict.ranking if o.state == "eliminated"
        ],
        "flips": [{"question": ruleset.questions[f.question].ask, "change": f.change,
                   "to": ruleset.services[f.to].name if f.to else "no choice yet"} for f in verdict.flips if not f.settles][:8],
    }  # fmt: skip


def _reasons(option: OptionTrace | None, direction: str) -> list[dict[str, str]]:
    if option is None:
        return []
    order = ("strong", "moderate", "slight")
    found = [a.rule for a in option.arguments if a.truth and a.rule.direction == direction]
    found.sort(key=lambda r: order.index(r.strength))
    return [{"strength": r.strength, "because": r.because, "basis": r.basis, "source": r.source} for r in found]


def _percent(low: Any, high: Any) -> str:
    first, last = f"{float(low):.0%}", f"{float(high):.0%}"
    return first if first == last else f"{first} to {last}"


def _all_answers(assessment: Assessment) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    ruleset, answers = assessment.ruleset, assessment.answers
    instances: list[tuple[str, str, Any]] = [("workload", "workload", answers.workload)]
    for group, scope in GROUPS.items():
        instances += [(scope, item.name, item.answers) for item in answers.items(group)]
    for scope, name, given in instances:
        for question in ruleset.scope_questions(scope):
            answer = given.get(question.id)
            if answer is None:
                continue
            text = {"unknown": "unknown", "not_applicable": f"does not apply: {answer.reason}"}.get(answer.state, answer.text)
            origin = f"evidence: {answer.evidence}" if answer.evidence else "stated"
            rows.append({"item": name, "question": question.id, "answer": text, "origin": origin})
    return rows


def _sources(assessment: Assessment) -> list[str]:
    found: dict[str, None] = {}
    for verdict in assessment.verdicts:
        for option in verdict.ranking:
            for trace in (*option.constraints, *option.arguments):
                if trace.truth:
                    if trace.rule.source:
                        found[trace.rule.source] = None
                    for fact in fact_ids(trace.rule.when):
                        known = assessment.ruleset.facts.get(fact)
                        if known and known.source:
                            found[f"{known.source} (read {known.as_of})"] = None
    for risk in assessment.risks:
        if risk.source:
            found[risk.source] = None
    return sorted(found)
