"""The answers at a glance: how far along, each answer with its state and origin, and names of places."""

from __future__ import annotations

from wa_advisor.answers import LINKS
from wa_advisor.engine.flow import SHARPENS
from wa_advisor.model import GROUPS, Answer
from wa_advisor.wizard.pages import answers as answer_page
from wa_advisor.wizard.places import WHOLE, Open
from wa_advisor.wizard.screen import Place
from wa_advisor.wizard.work import GROUP_TITLES, Work, scope_of

ENDING_LABELS = {
    "opening": "the beginning",
    "proposals": "What the team proposes",
    "sign_offs": "Sign-offs",
    "review": "Review of all answers",
    "verdicts": "The verdicts, and the report",
    "jump": "Where to go",
    "more": "Where it stands",
}


def progress_counts(work: Work) -> tuple[int, int]:
    """(answered, still to come at most) over the whole file as it stands, without what only sharpens."""
    answered = most = 0
    places = [("workload", 0), *((s, i) for g, s in GROUPS.items() for i in range(len(work.answers.items(g))))]
    for scope, index in places:
        most += work.outlook.remaining(scope, index)[1]
        for question in work.ruleset.scope_questions(scope):
            answered += work.outlook.state(question, index) == "asked" and work.outlook.answer(question, index) is not None
    open_places = Open(work)
    lens = sum(("lens", q) in open_places for q in work.ruleset.lens)
    return answered + len(work.ruleset.lens) - lens, most + lens


def progress(work: Work, place: Place) -> str:
    """`part 2 of 4, up to 9 to go here`: it never promises less than may come."""
    parts = part_names(work)
    number = parts.index(part_of(place)) + 1 if part_of(place) in parts else 0
    head = f"part {number} of {len(parts)}" if number else ""
    left = _left_here(work, place)
    if left is None:
        return head
    count = "the last one here" if left == 1 else f"up to {left} to go here" if left else "all answered here"
    return f"{head}, {count}" if head else count


def _left_here(work: Work, place: Place) -> int | None:
    """How many answers may still be asked for of what a place is about; None where nothing is counted."""
    wanted = Open(work)
    if place[0] == "lens":
        return sum(("lens", q) in wanted for q in work.ruleset.lens)
    if place[0] not in ("workload", "item") or (place[-1] in ("used_by", "name") and place[0] == "item"):
        return None
    scope, index = scope_of(place)
    start: Place = place[:-1]
    least, most = work.outlook.remaining(scope, index)
    own = [(*start, key) for key in (WHOLE if scope == "workload" else LINKS[str(place[1])]) if key != "used_by"]
    sharpening = sum((*start, q.id) in wanted for q in work.outlook.unanswered(scope, index)) if work.further else least
    return most - least + max(least, sharpening) + sum(p in wanted for p in own)


def part_names(work: Work) -> list[str]:
    """The parts of the interview in order, by the key that `part_of` gives."""
    return ["workload", *work.groups(), *(["lens"] if work.ruleset.lens else []), "ending"]


def part_of(place: Place) -> str:
    if place[0] in ("item", "list", "new", "entry", "remove"):
        return str(place[1])
    if place[0] in ("workload", "lens"):
        return str(place[0])
    return (
        "ending"
        if place[0] in ("proposals", "proposal", "sign_offs", "signable", "signed", "sign", "accept", "review", "verdicts", "fix")
        else ""
    )


def place_label(work: Work, place: Place) -> str:
    """A place in words: `cart by owner: How is the data found?`."""
    head = str(place[0])
    if head in ENDING_LABELS:
        return ENDING_LABELS[head]
    if head == "lens":
        return work.ruleset.lens[str(place[1])].ask
    if head in ("list", "new"):
        return GROUP_TITLES[str(place[1])][0]
    if head == "item":
        return f"{work.item(str(place[1]), int(place[2])).name}: {answer_page.label(work, place)}"
    return answer_page.label(work, place)


def answer_line(answer: Answer | None) -> str:
    """An answer in a few words, with its state and origin."""
    if answer is None:
        return "not answered yet"
    if answer.state == "unknown":
        return "I don't know"
    if answer.state == "not_applicable":
        return f"does not apply: {answer.reason}"
    return f"{answer.text} (from {answer.evidence})" if answer.evidence else answer.text


NOT_ASKED = {
    "together": "they could change a choice only together",
    "open": "no choice hangs on them; limits, figures, risks or advice do",
    "idle": "nothing that is open uses them",
    "waiting": "they hang on an answer that is not there",
    "closed": "another answer rules them out",
    "away": "nothing in this workload is what they are about",
}


def not_asked(work: Work) -> list[tuple[Place, str]]:
    """(place, a key of NOT_ASKED) of every question without an answer that nobody is asked for."""
    found: list[tuple[Place, str]] = []
    wanted = Open(work)
    starts: list[tuple[Place, str, int]] = [(("workload",), "workload", 0)]
    starts += [(("item", g, i), s, i) for g, s in GROUPS.items() for i in range(len(work.answers.items(g)))]
    for start, scope, index in starts:
        for question in work.course.orders[scope]:
            place = (*start, question.id)
            if work.outlook.answer(question, index) is None and place not in wanted:
                state = work.outlook.state(question, index)
                use = wanted.use(place)
                found.append((place, state if state != "asked" else "open" if use == SHARPENS else use))
    lens = work.outlook.lens
    away = [q for q in work.ruleset.lens if not wanted.has(("lens", q)) and lens[q].risk == "NOT_APPLICABLE"]
    return [*found, *((("lens", q), "away") for q in away)]
