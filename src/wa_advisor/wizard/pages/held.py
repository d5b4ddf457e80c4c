"""All that a file holds, as rows of the review: answers with state and origin, what is not used, proposals, sign-offs, notes."""

from __future__ import annotations

from collections.abc import Collection

from wa_advisor.model import GROUPS, Answer, Item
from wa_advisor.wizard.pages import answers as answer_page
from wa_advisor.wizard.pages import sign_offs
from wa_advisor.wizard.pages.verdicts import service
from wa_advisor.wizard.places import Open, all_places
from wa_advisor.wizard.screen import Place, Row
from wa_advisor.wizard.summary import answer_line, place_label
from wa_advisor.wizard.work import GROUP_TITLES, Work, scope_of

SIGNED = "+signed"
LENS = "Well-Architected lens"
UNUSED = {"closed": "not used, given the other answers", "waiting": "not used while an answer that it hangs on is missing"}


def encode(place: Place) -> str:
    """A place as the value of a row."""
    return "/".join(str(p) for p in place)


def not_known(work: Work) -> tuple[list[Place], list[Place]]:
    """The answers noted as unknown that could change a choice: by themselves, and only together with others."""
    alone: list[Place] = []
    together: list[Place] = []
    for place in all_places(work):
        question = work.question(place)
        answer = answer_page.answer_at(work, place) if question is not None else None
        if answer is not None and answer.state == "unknown":
            key = (*scope_of(place), str(place[-1]))
            if work.outlook.turns(key):
                alone.append(place)
            elif work.outlook.hangs_on(key):
                together.append(place)
    return alone, together


def unused(work: Work) -> dict[Place, str]:
    """The answers of the file that count for nothing now, each with the reason as a key of UNUSED."""
    found: dict[Place, str] = {}
    starts: list[tuple[Place, str, int]] = [(("workload",), "workload", 0)]
    starts += [(("item", g, i), GROUPS[g], i) for g in work.groups() for i in range(len(work.answers.items(g)))]
    for start, scope, index in starts:
        for question in work.course.orders[scope]:
            if work.outlook.answer(question, index) is not None and work.outlook.state(question, index) != "asked":
                found[*start, question.id] = work.outlook.state(question, index)
    return found


def unused_by_name(work: Work) -> dict[tuple[str, ...], str]:
    """The same as questions, by their entries' names: entries may move."""
    found = {}
    for place in unused(work):
        entry = (str(place[1]), work.item(str(place[1]), int(place[2])).name) if place[0] == "item" else ()
        found[*entry, str(place[-1])] = answer_page.label(work, place)
    return found


def told_unused(work: Work, before: Collection[tuple[str, ...]]) -> str:
    """Which answers are not used any more that were before, in a sentence; "" if there are none."""
    new = [f'"{label}"' for key, label in unused_by_name(work).items() if key not in before]
    if not new:
        return ""
    named = ", ".join(new[:2]) + (f" and {len(new) - 2} more" if len(new) > 2 else "")
    return f"{len(new)} answer{'s are' if len(new) != 1 else ' is'} kept but not used now: {named}."


def rows_above(work: Work) -> list[Row]:
    """The answers noted as unknown that a choice hangs on."""
    alone, together = not_known(work)
    heads = ((alone, "Not known, and a choice hangs on it"), (together, "Not known; several together could change a choice"))
    return [
        Row(value=encode(p), label=place_label(work, p), meaning="I don't know", heading=h) for places, h in heads for p in places
    ]


def rows(work: Work, shown: Collection[str]) -> list[Row]:
    """Every answer by group in the order of asking, without what is `shown` already; then the lens and the sign-offs."""
    wanted = Open(work)
    idle = unused(work)
    order = [p for p in all_places(work) if p not in wanted]
    found = [_said_row(work, p, "The workload") for p in order if p[0] == "workload"]
    found += [_idle_row(work, p, why, "The workload") for p, why in idle.items() if p[0] == "workload"]
    for group in work.groups():
        items = work.answers.items(group)
        if not items:
            label = "none" if work.said.get(group) == [] else "not listed"
            found.append(Row(value=encode(("list", group)), label=label, heading=GROUP_TITLES[group][0]))
        for index, item in enumerate(items):
            here: Place = ("item", group, index)
            heading = f"{GROUP_TITLES[group][0]}: {item.name}"
            found += [_said_row(work, p, heading) for p in order if p[:3] == here]
            found += [_idle_row(work, p, why, heading) for p, why in idle.items() if p[:3] == here]
            found += _of_entry(work, here, item, heading)
    found += [_lens_row(work, p) for p in order if p[0] == "lens" and wanted.has(p)]
    found = [r for r in found if (r.meaning or r.value.startswith("list/")) and r.value not in shown]
    return [*found, *_signed_rows(work)]


def _said_row(work: Work, place: Place, heading: str) -> Row:
    return Row(value=encode(place), label=answer_page.label(work, place), meaning=answer_text(work, place), heading=heading)


def _idle_row(work: Work, place: Place, why: str, heading: str) -> Row:
    row = _said_row(work, place, heading)
    return Row(value=row.value, label=row.label, meaning=f"{row.meaning}; {UNUSED[why]}", heading=heading)


def _of_entry(work: Work, here: Place, item: Item, heading: str) -> list[Row]:
    """What an entry has beside its answers."""
    found = []
    if item.proposed:
        meaning = service(work, item.proposed)
        found.append(Row(value=encode(("proposal", *here[1:])), label="What the team proposes", meaning=meaning, heading=heading))
    if item.note:
        found.append(Row(value=encode(("entry", *here[1:])), label="Note", meaning=item.note, heading=heading))
    return found


def _lens_row(work: Work, place: Place) -> Row:
    question = work.ruleset.lens[str(place[1])]
    answer = work.answers.lens.get(question.id)
    meaning = _lens_text(work, question.id) + (f"; note: {answer.note}" if answer is not None and answer.note else "")
    return Row(value=encode(place), label=question.ask, meaning=meaning, heading=LENS)


def _lens_text(work: Work, name: str) -> str:
    answer = work.answers.lens.get(name)
    if answer is None or (answer.done is None and not answer.reason):
        return "I don't know"
    if answer.reason:
        return f"does not apply: {answer.reason}"
    return f"{len(answer.done or ())} of {len(work.ruleset.lens[name].practices)} practices done"


def _signed_rows(work: Work) -> list[Row]:
    return [
        Row(value=f"{SIGNED}/{n}", label=label, meaning=text, heading="Sign-offs")
        for n, (label, text, _) in enumerate(sign_offs.given(work))
    ]


def answer_text(work: Work, place: Place) -> str:
    """The answer at a place in a few words, with its note."""
    if work.question(place) is None and place[0] == "workload":
        return str(getattr(work.answers, str(place[1])))
    answer: Answer | None = answer_page.answer_at(work, place)
    if answer is None:
        return ""
    return answer_line(answer) + (f"; note: {answer.note}" if answer.note else "")
