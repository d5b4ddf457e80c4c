"""What the decisions lean to while answers come in, in one line each; and what an unknown answer leaves open."""

from __future__ import annotations

from collections import Counter

from wa_advisor.engine.feeds import KINDS
from wa_advisor.engine.flow import IDLE, SHARPENS, Leaning, Outlook
from wa_advisor.model import GROUP_OF, SCOPES, Decision, Question, RuleSet
from wa_advisor.wizard.document import Document
from wa_advisor.wizard.screen import Place
from wa_advisor.wizard.work import Before, Work, scope_of

MAX_LINES = 3
MAX_ITEMS = 12
ONE_LINE = 78
RISKS = {"NONE": "no risk", "MEDIUM": "medium risk", "HIGH": "high risk", "UNANSWERED": "open"}


def status_lines(work: Work, place: Place, question: Question) -> tuple[str, ...]:
    """What the decisions that an answer here touches lean to now: those about the item, or a count over all."""
    index = scope_of(place)[1]
    touched = work.course.reached[question.id]
    if question.scope == "workload":
        lines = _over_lists(work, [d for d in touched if d.kind == "choice"])
    else:
        lines = [line for d in touched if d.scope == question.scope for line in _now(work, d, index)]
    use = work.outlook.use(question, index) if work.outlook.answer(question, index) is None else ""
    if use in (SHARPENS, IDLE):
        fed = work.outlook.feeds(question, index)
        lines.insert(
            0,
            f"No choice depends on it now. It goes into {listed_words([KINDS[k] for k in fed])}."
            if fed
            else "Nothing that is open needs it.",
        )
    return tuple(lines[:MAX_LINES])


def _now(work: Work, decision: Decision, index: int) -> list[str]:
    """One decision about one item now; if it leaned to something else before the last answer, to what, and why no longer."""
    if decision.kind == "table":
        left = work.outlook.candidates(decision, index)
        shown = " or ".join(left[:3]) if len(left) <= 3 else f"{len(left)} kinds are still possible"
        return [f"{decision.name}: {shown}"]
    leaning = work.outlook.leaning(decision, index)
    line = f"{decision.name}: {standing(work.ruleset, leaning)}"
    was = work.before.get((decision.id, index))
    if was is None or was.choice == leaning.choice:
        return [line]
    turn = work.outlook.turn(decision, index, was.truths, was.choice)
    because = [] if turn is None else [_cut(f"{'Because' if turn.holds else 'No longer'}: {turn.rule.because}")]
    return [f"{line} (before: {work.ruleset.services[was.choice].name if was.choice else 'open'})", *because]


def listed_words(words: list[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _cut(text: str) -> str:
    """A text of one line."""
    if len(text) <= ONE_LINE:
        return text
    return text[: text.rindex(" ", 0, ONE_LINE - 3)].rstrip(" ,;:.") + " ..."


def leanings(work: Work, place: Place) -> dict[tuple[str, int], Before]:
    """What the choices about the item of a place lean to, as it stands."""
    scope, index = scope_of(place)
    decisions = [d for d in work.ruleset.decisions.values() if d.kind == "choice" and d.scope == scope]
    return {(d.id, index): Before(work.outlook.leaning(d, index).choice, work.outlook.truths(d, index)) for d in decisions}


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
    """A decision about many items, as a workload question touches it: `Data store: 2 Amazon DynamoDB, 1 open; 2 of 3
    decided, 4 answers could still change the rest`."""
    items = work.answers.items(GROUP_OF[decision.scope])
    shown = range(min(len(items), MAX_ITEMS))
    leanings_now = [work.outlook.leaning(decision, index) for index in shown]
    if len(items) == 1:
        return f"{decision.name} of {items[0].name}: {standing(work.ruleset, leanings_now[0])}"
    choices = Counter(work.ruleset.services[o.choice].name if o.choice else "open" for o in leanings_now)
    listed = ", ".join(f"{n} {name}" for name, n in choices.most_common(3))
    several = f"first {MAX_ITEMS} of {len(items)}" if len(items) > MAX_ITEMS else f"{len(items)}"
    decided = sum(o.settled and o.choice is not None for o in leanings_now)
    if decided == len(shown):
        return f"{decision.name} of {several}: {listed}; all decided"
    keys = frozenset().union(*(work.outlook.stakes(decision, index).hangs_on for index in shown))
    answers = f"{len(keys)} answer{'s' if len(keys) != 1 else ''}"
    return f"{decision.name} of {several}: {listed}; {decided} decided, {answers} could still change the rest"


def lens_standing(work: Work, question: str) -> str:
    """What a lens question comes to as it is answered now: `high risk; 2 not done, 1 not known`."""
    found = work.outlook.lens[question]
    if question not in work.answers.lens and found.risk != "NOT_APPLICABLE":
        return "not answered yet, which leaves it open in the report"
    if found.risk == "NOT_APPLICABLE":
        return f"it does not apply. {found.reason}".strip()
    risk = RISKS[found.risk]
    if found.possible != found.risk:
        risk += f", and {RISKS[found.possible]} if nothing that is not known is done"
    left = [f"{len(n)} {what}" for n, what in ((found.missing, "not done"), (found.unknown, "not known")) if n]
    return "; ".join([risk, ", ".join(left)]) if left else risk


def lens_lines(work: Work, question: str) -> tuple[str, ...]:
    """The same as lines below the question."""
    return (f"Risk as answered: {lens_standing(work, question)}",)


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
        return f'"{question.ask}" is noted as unknown. What is known settles the rest without it.'
    return f'"{question.ask}" is noted as unknown. It leaves open: {", ".join(dict.fromkeys(names))}.'
