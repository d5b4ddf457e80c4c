"""The answers at a glance: how far along, each answer with its state and origin, and names of places."""

from __future__ import annotations

from wa_advisor.model import GROUPS, Answer
from wa_advisor.wizard.pages import answers as answer_page
from wa_advisor.wizard.places import Open, all_places
from wa_advisor.wizard.screen import Place
from wa_advisor.wizard.work import GROUP_TITLES, Work

ENDING_LABELS = {
    "opening": "the beginning",
    "proposals": "What the team proposes",
    "sign_offs": "Sign-offs",
    "review": "Review of all answers",
    "verdicts": "The verdicts, and the report",
    "jump": "Where to go",
}


def progress_counts(work: Work) -> tuple[int, int, int]:
    """(answered, still to answer at least, at most) over the whole file as it stands."""
    answered = least = most = 0
    places = [("workload", 0), *((s, i) for g, s in GROUPS.items() for i in range(len(work.answers.items(g))))]
    for scope, index in places:
        low, high = work.outlook.remaining(scope, index)
        least, most = least + low, most + high
        for question in work.ruleset.scope_questions(scope):
            answered += work.outlook.state(question, index) == "asked" and work.outlook.answer(question, index) is not None
    open_places = Open(work)
    lens = sum(("lens", q) in open_places for q in work.ruleset.lens)
    return answered + len(work.ruleset.lens) - lens, least + lens, most + lens


def progress(work: Work, place: Place) -> str:
    """`part 2 of 4, 6 to 9 to go here`: it never promises less than may come."""
    parts = part_names(work)
    number = parts.index(part_of(place)) + 1 if part_of(place) in parts else 0
    head = f"part {number} of {len(parts)}" if number else ""
    if place[0] == "item" and place[-1] != "used_by":
        least, most = work.outlook.remaining(GROUPS[str(place[1])], int(place[2]))
    elif place[0] == "workload":
        least, most = work.outlook.remaining("workload", 0)
    elif place[0] == "lens":
        open_places = Open(work)
        least = most = sum(("lens", q) in open_places for q in work.ruleset.lens)
    else:
        return head
    count = f"{least}" if least == most else f"{least} to {most}"
    return f"{head}, {count} to go here" if head else f"{count} to go here"


def part_names(work: Work) -> list[str]:
    """The parts of the interview in order, by the key that `part_of` gives."""
    return ["workload", *work.groups(), *(["lens"] if work.ruleset.lens else []), "ending"]


def part_of(place: Place) -> str:
    if place[0] in ("item", "list", "new", "entry", "remove"):
        return str(place[1])
    if place[0] in ("workload", "lens"):
        return str(place[0])
    return "ending" if place[0] in ("proposals", "proposal", "sign_offs", "sign", "review", "verdicts", "fix") else ""


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


def not_asked(work: Work) -> list[tuple[Place, str]]:
    """(place, why) of questions that cannot matter, or hang on an answer that is not known."""
    found: list[tuple[Place, str]] = []
    asked = set(all_places(work))
    starts: list[tuple[Place, str, int]] = [(("workload",), "workload", 0)]
    starts += [(("item", g, i), s, i) for g, s in GROUPS.items() for i in range(len(work.answers.items(g)))]
    for start, scope, index in starts:
        for question in work.course.orders[scope]:
            if (*start, question.id) not in asked:
                waiting = work.outlook.state(question, index) == "waiting"
                found.append(((*start, question.id), "hangs on an unknown answer" if waiting else "cannot matter"))
    return found
