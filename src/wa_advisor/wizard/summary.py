"""The answers at a glance: how far along, each answer with its state and origin, and names of places."""

from __future__ import annotations

from collections.abc import Collection

from wa_advisor.answers import LINKS
from wa_advisor.engine.flow import SHARPENS
from wa_advisor.model import GROUPS, Answer
from wa_advisor.wizard.pages import answers as answer_page
from wa_advisor.wizard.places import LAST_LINKS, Open, all_places, is_answered, item_places, same_subject, subject_of
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


def progress_counts(work: Work) -> tuple[int, int, int]:
    """(answered, to come as it stands, to come at most) over the file as it is: entries not listed yet are not counted."""
    wanted = Open(work)
    places = [p for p in all_places(work) if p[0] in ("workload", "item", "lens")]
    answered = sum(is_answered(work, p) for p in places)
    now = {p for p in places if p in wanted}
    return answered, len(now), len(now | _may_come(work, ("workload",)).union(*(_may_come(work, e) for e in _entries(work))))


def _entries(work: Work) -> list[Place]:
    return [("item", group, index) for group in work.groups() for index in range(len(work.answers.items(group)))]


def progress(work: Work, place: Place, again: Collection[Place] = ()) -> str:
    """`part 2 of 9, about 5 questions here, at most 14`: what comes here is never more than it says.

    `again` are the answered places that are gone through once more.
    """
    parts = part_names(work)
    number = parts.index(part_of(place)) + 1 if part_of(place) in parts else 0
    head = f"part {number} of {len(parts)}" if number else ""
    left = left_here(work, place, again)
    if left is None:
        return head
    count = "the last one here" if left[1] == 1 else questions(*left, " here")
    return f"{head}, {count}" if head else count


def questions(now: int, most: int, where: str = "") -> str:
    """`about 5 questions here, at most 14`, or how many where that is sure."""
    count = f"{now} question{'s' if now != 1 else ''}{where}"
    return count if now == most else f"about {count}, at most {most}"


def left_here(work: Work, place: Place, again: Collection[Place] = ()) -> tuple[int, int] | None:
    """How many questions of what a place is about are still asked, itself with them: as it stands, and at most.

    What is counted as most holds whatever is answered. None where nothing is counted.
    """
    wanted = Open(work)
    if place[0] == "lens" or place[-1] in LAST_LINKS:
        alike = [p for p in all_places(work) if part_of(p) == part_of(place)]
        now = {place, *(p for p in alike if p in wanted)}
        return len(now), len(now)
    if place[0] not in ("workload", "item") or (place[0], place[-1]) == ("item", "name"):
        return None
    now = {place, *(p for p in same_subject(work, place) if p in wanted or (p in again and is_answered(work, p)))}
    return len(now), len(now | _may_come(work, subject_of(place)))


def left_of(work: Work, group: str, index: int) -> tuple[int, int]:
    """How many questions of an entry are asked when one goes on with it: as it stands, and at most."""
    wanted = Open(work)
    now = {p for p in item_places(work, group, index) if p in wanted}
    return len(now), len(now | _may_come(work, ("item", group, index))) if now else 0


def _may_come(work: Work, subject: Place) -> set[Place]:
    """The questions about one thing that may come to be asked."""
    scope, index = scope_of(subject)
    return {(*subject, q.id) for q in work.outlook.may_be_asked(scope, index, sharpening=SHARPENS in work.further)}


def part_names(work: Work) -> list[str]:
    """The parts of the interview in order, by the key that `part_of` gives."""
    linked = any(key in LAST_LINKS for group in work.groups() for key in LINKS[group])
    return ["workload", *work.groups(), *(["links"] if linked else []), *(["lens"] if work.ruleset.lens else []), "ending"]


def part_of(place: Place) -> str:
    if place[0] == "item" and place[-1] in LAST_LINKS:
        return "links"
    if place[0] in ("item", "list", "new", "entry", "one", "remove"):
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
    "open": "no choice depends on them now; limits, figures, risks or advice do",
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
