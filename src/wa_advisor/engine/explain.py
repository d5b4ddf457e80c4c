"""The explanation of a verdict as text, read from its trace and never rebuilt."""

from __future__ import annotations

from collections.abc import Iterator

from wa_advisor.engine.evaluate import Assessment, OptionTrace, Verdict
from wa_advisor.engine.sign_offs import standings_of, told, unused
from wa_advisor.engine.wording import choice_phrase


def explain_text(assessment: Assessment, decision: str | None = None, item: str | None = None) -> str:
    """Why this, why not that, what is unknown, and what would flip it."""
    wanted = [v for v in assessment.verdicts if (not decision or v.decision == decision) and (not item or v.item == item)]
    parts = ["\n".join(_lines(assessment, v)) for v in wanted]
    return "\n\n".join([*parts, *(_elsewhere(assessment) if not (decision or item) else [])]) + "\n"


def _lines(assessment: Assessment, verdict: Verdict) -> Iterator[str]:
    services = assessment.ruleset.services
    name = services[verdict.choice].name if verdict.choice else "no choice yet"
    yield f"{assessment.ruleset.decisions[verdict.decision].name} for {_clean(verdict.item)}: {name} ({verdict.certainty})"
    if verdict.why:
        yield f"  {verdict.why}"
    if verdict.proposed:
        yield f"  the team proposes: {services[verdict.proposed].name}"
    for name in verdict.assumes:
        assumption = assessment.ruleset.assumptions[name]
        yield f"  assumed: never {assumption.text}. {assumption.because}"
    yield from _sign_offs(assessment, verdict)
    if verdict.tied_with:
        tied = ", ".join(services[o].name for o in verdict.tied_with)
        yield f"  as many points as {tied}; the order of preference that the rules declare decided"
    for option in verdict.ranking:
        if option.option in (verdict.choice, verdict.runner_up, verdict.proposed):
            yield from _option(services[option.option].name, option)
    out = [o for o in verdict.ranking if o.state == "eliminated"]
    if out:
        yield "  ruled out:"
        for option in out:
            why = option.barred or next(c.rule.because for c in option.constraints if c.truth)
            yield f"    {services[option.option].name}: {why}"
    if verdict.open_questions and verdict.certainty != "decided":
        yield "  answers not known yet that could change it:"
        for name in verdict.open_questions:
            yield f"    {assessment.ruleset.questions[name].ask} ({name})"
    if verdict.flips:
        yield "  what would change it:"
        yield from _flips(assessment, verdict)


def _flips(assessment: Assessment, verdict: Verdict) -> Iterator[str]:
    """Each other answer with what it leads to, under its question."""
    asked = ""
    for flip in verdict.flips:
        question = assessment.ruleset.questions[flip.question]
        if flip.question != asked:
            asked = flip.question
            yield f"    {question.ask} ({asked})"
        to = assessment.ruleset.services[flip.to].name if flip.to else "no choice"
        yield f"      {choice_phrase(question, flip.change)}: {to}"


def _sign_offs(assessment: Assessment, verdict: Verdict) -> Iterator[str]:
    """Whether what is chosen has the sign-off that it needs, and those of the item that do not hold."""
    about = (verdict.decision, verdict.item)
    for state in assessment.sign_offs:
        if (state.decision, state.item) == about:
            until = f", until {state.expires}" if state.expires else ""
            who = (
                f"signed by {state.approver} on {state.date}{until}"
                if state.state == "signed"
                else f"{state.state}, by the {state.approver}"
            )
            yield f"  sign-off of {assessment.ruleset.services[state.choice].name}: {_clean(who)}"
    for standing in unused(standings_of(assessment, "")):
        if (standing.sign_off.decision, standing.sign_off.item) == about:
            yield f"  {_clean(told(assessment.ruleset, standing))}"


def _elsewhere(assessment: Assessment) -> list[str]:
    """The sign-offs that do not hold and are of no verdict: those of risks, and of what is not there."""
    shown = {(v.decision, v.item) for v in assessment.verdicts}
    found = [s for s in unused(standings_of(assessment, "")) if (s.sign_off.decision, s.sign_off.item) not in shown]
    lines = [f"  {_clean(told(assessment.ruleset, standing))}" for standing in found]
    return ["\n".join(["sign-offs that do not hold", *lines])] if lines else []


def _option(name: str, option: OptionTrace) -> Iterator[str]:
    yield f"  {name}: {_points(option)}{_STATES[option.state]}"
    for trace in option.constraints:
        word = "is ruled out" if trace.truth else "may be ruled out"
        yield f"    {word}: {trace.rule.because} [{trace.rule.id}]"
    for trace in option.arguments:
        maybe = "" if trace.truth else ", not known yet"
        yield f"    {trace.rule.direction} ({trace.rule.strength}{maybe}): {trace.rule.because} [{trace.rule.id}]"


_STATES = {"viable": "", "conditional": "; an answer not known yet may rule it out", "eliminated": "; it is ruled out"}


def _points(option: OptionTrace) -> str:
    """ "6 points", or what they may come to once everything is known."""
    now = f"{option.now} point{'' if abs(option.now) == 1 else 's'}"
    return now if option.low == option.high else f"{now} now, between {option.low} and {option.high} when all is known"


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
