"""What the decisions lean to while answers come in, in one line each; and what an unknown answer leaves open."""

from __future__ import annotations

from wa_advisor.engine.flow import Leaning, Outlook
from wa_advisor.model import GROUPS, SCOPES, Decision, Question, RuleSet
from wa_advisor.wizard.document import Document
from wa_advisor.wizard.screen import Place
from wa_advisor.wizard.work import GROUP_TITLES, Work, scope_of

MAX_LINES = 2
MAX_ITEMS = 12


def status_lines(work: Work, place: Place, question: Question) -> tuple[str, ...]:
    """What the decisions that an answer here touches lean to now: those about the item, or a count over all."""
    found = [d for d in work.course.touched(question) if d.scope == question.scope]
    if found:
        index = scope_of(place)[1]
        return tuple(sentence(work.ruleset, d, work.outlook.leaning(d, index)) for d in found[:MAX_LINES])
    return tuple(_over_all(work, d) for d in work.course.touched(question)[:MAX_LINES])


def sentence(ruleset: RuleSet, decision: Decision, leaning: Leaning) -> str:
    """`Data store: leans to Amazon DynamoDB; up to 3 answers could change it`."""
    count = len(leaning.open_questions)
    more = f"up to {count} answer{'s' if count != 1 else ''} could change it"
    if leaning.choice is None:
        return f"{decision.name}: open; {count or 'no'} answer{'s' if count != 1 else ''} to come"
    name = ruleset.services[leaning.choice].name
    if leaning.settled or not count:
        return f"{decision.name}: {name}; settled by what is known"
    return f"{decision.name}: leans to {name}; {more}"


def _over_all(work: Work, decision: Decision) -> str:
    """A decision about many items, as a workload question touches it."""
    group = next((g for g, s in GROUPS.items() if s == decision.scope), "")
    items = work.answers.items(group)
    if not items:
        return f"{decision.name}: an answer here goes into it"
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
