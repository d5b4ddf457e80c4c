"""What the decisions lean to while answers come in, in one line each; and what an unknown answer leaves open."""

from __future__ import annotations

from wa_advisor.engine.feeds import KINDS
from wa_advisor.engine.flow import IDLE, SHARPENS, Leaning, Outlook
from wa_advisor.model import GROUP_OF, SCOPES, Decision, Question, RuleSet
from wa_advisor.wizard.document import Document
from wa_advisor.wizard.screen import Place
from wa_advisor.wizard.work import GROUP_TITLES, Work, scope_of

MAX_LINES = 3
MAX_ITEMS = 12


def status_lines(work: Work, place: Place, question: Question) -> tuple[str, ...]:
    """What the decisions that an answer here touches lean to now: those about the item, or a count over all."""
    index = scope_of(place)[1]
    touched = work.course.reached[question.id]
    if question.scope == "workload":
        lines = _over_lists(work, [d for d in touched if d.kind == "choice"])
    else:
        lines = [_now(work, d, index) for d in touched if d.scope == question.scope]
    use = work.outlook.use(question, index) if work.outlook.answer(question, index) is None else ""
    if use in (SHARPENS, IDLE):
        fed = work.outlook.feeds(question, index)
        lines.insert(
            0,
            f"No choice hangs on it: it feeds {' and '.join(KINDS[k] for k in fed)}." if fed else "Nothing that is open uses it.",
        )
    return tuple(lines[:MAX_LINES])


def _now(work: Work, decision: Decision, index: int) -> str:
    """One decision about one item now; what it leaned to before the last answer, if that was something else."""
    if decision.kind == "table":
        left = work.outlook.candidates(decision, index)
        shown = " or ".join(left[:3]) if len(left) <= 3 else f"one of {len(left)}"
        return f"{decision.name}: {shown}"
    leaning = work.outlook.leaning(decision, index)
    was = work.before.get((decision.id, index), leaning.choice)
    before = "" if was == leaning.choice else f" (before: {work.ruleset.services[was].name if was else 'open'})"
    return f"{decision.name}: {standing(work.ruleset, leaning)}{before}"


def leanings(work: Work, place: Place) -> dict[tuple[str, int], str | None]:
    """What the choices about the item of a place lean to, as it stands."""
    scope, index = scope_of(place)
    decisions = [d for d in work.ruleset.decisions.values() if d.kind == "choice" and d.scope == scope]
    return {(d.id, index): work.outlook.leaning(d, index).choice for d in decisions}


def standing(ruleset: RuleSet, leaning: Leaning) -> str:
    """`leans to Amazon DynamoDB; 3 answers could still change it, 1 of them noted as unknown`: the same words everywhere."""
    count = len(leaning.open_questions)
    if not count:
        return (
            f"{ruleset.services[leaning.choice].name}; decided" if leaning.choice else "open; nothing known speaks for an option"
        )
    answers = f"{count} answer{'s' if count != 1 else ''}"
    if leaning.choice is None:
        return f"open; {answers} could still decide it{_unknown(leaning)}"
    name = ruleset.services[leaning.choice].name
    if not leaning.turning:
        return f"leans to {name}; only several of {answers} together could still change it{_unknown(leaning)}"
    return f"leans to {name}; {answers} could still change it{_unknown(leaning)}"


def _unknown(leaning: Leaning) -> str:
    """How many of the answers were asked for and are not known."""
    count = len(leaning.unknown)
    if not count:
        return ""
    if count == len(leaning.open_questions):
        return ", noted as unknown"
    return f", {count} of them noted as unknown"


def _over_lists(work: Work, decisions: list[Decision]) -> list[str]:
    """Each decision about entries that are listed, and in one line those about lists with nothing in them yet."""
    empty = [d.name for d in decisions if not work.answers.items(GROUP_OF.get(d.scope, ""))]
    lines = [_over_all(work, d) for d in decisions if d.name not in empty]
    return [*lines, f"It goes into: {', '.join(empty)}."] if empty else lines


def _over_all(work: Work, decision: Decision) -> str:
    """A decision about many items, as a workload question touches it."""
    group = GROUP_OF[decision.scope]
    items = work.answers.items(group)
    choices: dict[str, int] = {}
    for index in range(min(len(items), MAX_ITEMS)):
        choice = work.outlook.leaning(decision, index).choice
        name = work.ruleset.services[choice].name if choice else "open"
        choices[name] = choices.get(name, 0) + 1
    listed = ", ".join(f"{n} {name}" for name, n in sorted(choices.items(), key=lambda c: -c[1])[:3])
    return f"{decision.name} now: {listed} (of {len(items)} {GROUP_TITLES[group][0].lower()})"


def left_open(work: Work, place: Place, question: Question, document: Document) -> str:
    """What stays open when this question is answered with unknown."""
    outlook = Outlook(work.course, document.answers)
    scope, index = scope_of(place)
    names = []
    for decision in work.course.touched(question):
        if decision.scope == scope and not outlook.leaning(decision, index).settled:
            names.append(decision.name)
        elif decision.scope != scope:
            names.append(decision.name)
    for decision in work.ruleset.decisions.values():
        if decision.kind == "table" and decision.scope == scope and scope in SCOPES:
            if question.id in work.course.needs[decision.id] and len(outlook.candidates(decision, index)) > 1:
                names.insert(0, decision.name)
    if not names:
        return "Noted as unknown. What is known settles the rest without it."
    return f"Noted as unknown. It leaves open: {', '.join(dict.fromkeys(names))}."
