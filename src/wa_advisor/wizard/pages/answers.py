"""Pages that take one answer: questions of the rule set, the workload's name and owner, names, links."""

from __future__ import annotations

from wa_advisor.answers import LINKS
from wa_advisor.answers_file.edit import EditError, remove_value, set_value
from wa_advisor.model import GROUPS, QUANTITY_TYPES, Answer, Question
from wa_advisor.quantity import EXAMPLES, format_magnitude
from wa_advisor.wizard.aside import UNNAMED, Path
from wa_advisor.wizard.document import Refused, changed, with_answer
from wa_advisor.wizard.leaning import left_open, status_lines
from wa_advisor.wizard.links import relinked
from wa_advisor.wizard.places import LAST_LINKS
from wa_advisor.wizard.screen import Away, Give, GiveSeveral, Place, Reply, Row, Screen, Unknown
from wa_advisor.wizard.work import GROUP_TITLES, Outcome, Work, path_of, scope_of, stay

WHOLE_TEXTS = {
    "name": ("What is the workload called?", "The name a reviewer knows it by.", "Shopping cart"),
    "owner": ("Who answers for it?", "A team or a role. Enter alone leaves it out.", "shop team"),
    "stage": ("How far along is it?", "For example idea, design, built or in production. Enter alone leaves it out.", "design"),
    "description": (
        "What does it do, in a sentence or two?",
        "Say what is read, written and passed on: it heads the report, and names are suggested from it. Enter alone leaves it out.",
        "The pages read a customer's cart; each change writes it",
    ),
}
LINK_TEXTS = {
    "used_by": ("Which components use it?", "The component whose requests read or write it."),
    "served_by": ("Which components serve it?", "The component that answers its callers."),
    "from": ("Where does it come from?", "The component, or the name of what passes it on."),
    "to": ("Who receives it?", "Components, or the names of other receivers."),
    "process": (
        "Is it a step of a longer process?",
        "Taking, paying and sending an order are steps of one. A process that you name here is asked about later.",
    ),
}


LINK_OPEN = {
    "used_by": "the connections that its store gets, and an arrow of the picture",
    "served_by": "an arrow of the picture",
    "from": "what a component sends, and an arrow of the picture",
    "to": "what a component receives, and an arrow of the picture",
    "process": "whether steps are run by a workflow service",
}
"""What hangs on knowing a link."""


def screen(work: Work, place: Place) -> Screen:
    """The Screen of a place that takes one answer."""
    question = work.question(place)
    if question is not None:
        return _question_screen(work, place, question)
    if place[0] == "workload":
        return _whole_screen(work, place)
    if place[-1] == "name":
        return _name_screen(work, place)
    return _link_screen(work, place)


def take(work: Work, place: Place, reply: Reply) -> Outcome:
    """What becomes of an answer: a new document, or the same page with what to write instead."""
    question = work.question(place)
    path = path_of(place)
    if isinstance(reply, Unknown):
        if question is None and not is_link(place):
            return _left_out(work, place)
        outcome = _set(work, path, "unknown")
        return outcome if outcome.stay or outcome.document is None else _noted(work, place, question, outcome)
    if isinstance(reply, Away) and (question is not None or is_link(place)):
        if not reply.reason.strip():
            return stay("say in a few words why it does not apply")
        return _set(work, path, {"not_applicable": clean(reply.reason)})
    if isinstance(reply, GiveSeveral):
        if not reply.on and not reply.sure and _keeps(work, place):
            return Outcome()
        if not reply.on and not reply.sure and work.asked_twice != place:
            work.asked_twice = place
            return stay(notice="Nothing is picked. Enter once more says: none of these.")
        return _set(work, path, list(reply.on))
    if isinstance(reply, Give):
        return _given(work, place, question, clean(reply.value))
    return stay("that is not possible here")


def is_link(place: Place) -> bool:
    return place[0] == "item" and place[-1] in LINK_TEXTS


def answer_at(work: Work, place: Place) -> Answer | None:
    """The Answer to a question of the rules, or of a link."""
    question = work.question(place)
    if question is not None:
        return work.outlook.answer(question, scope_of(place)[1])
    return work.item(str(place[1]), int(place[2])).link_answers.get(str(place[3])) if is_link(place) else None


def _keeps(work: Work, place: Place) -> bool:
    """Whether Enter alone keeps what is there: unknown, or does not apply."""
    answer = answer_at(work, place)
    return answer is not None and answer.state != "value"


def _left_out(work: Work, place: Place) -> Outcome:
    """A text of the workload that is not known yet: it is left out, and asked for again in another run."""
    if place[0] != "workload":
        return stay("a name is missing: write one")
    work.passed.add(place)
    if not getattr(work.answers, str(place[1])) or (place[1], work.answers.name) == ("name", UNNAMED):
        return Outcome(notice=f'"{label(work, place)}" is left out for now. The review has it.')
    if place[1] == "name":
        return _set(work, path_of(place), UNNAMED)
    return Outcome(
        document=changed(work.document, remove_value(work.document.text, path_of(place))),
        notice=f'"{label(work, place)}" is taken out.',
    )


def clean(text: str) -> str:
    """One line without control characters: pasted line feeds and escape codes never reach the file."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _given(work: Work, place: Place, question: Question | None, text: str) -> Outcome:
    if not text:
        if question is None and place[-1] in WHOLE_TEXTS and place[-1] != "name":
            work.passed.add(place)
            return Outcome()
        if _keeps(work, place):
            return Outcome()
        if question is not None:
            return stay("an answer is missing: write one, or say that you don't know")
        return stay("a name is missing: write one")
    if question is not None and text == answer_text(work.outlook.answer(question, scope_of(place)[1])):
        return Outcome()
    if question is None and place[-1] in ("from", "process"):
        return _set(work, path_of(place), text if text != "-" else [])
    if question is not None and text.lower() in ("n/a", "na", "not applicable", "does not apply"):
        return stay("say why it does not apply: choose 'does not apply' and give a reason")
    if place[0] == "item" and place[-1] == "name":
        return _renamed(work, place, text)
    return _set(work, path_of(place), text)


def _renamed(work: Work, place: Place, name: str) -> Outcome:
    group, index = str(place[1]), int(place[2])
    old = work.item(group, index).name
    to = work.leads.get(place)
    if name == old:
        return Outcome(to=to)
    near = alike(name, [i.name for n, i in enumerate(work.answers.items(group)) if n != index])
    if near:
        return stay(taken(name, near))
    text = relinked(work, set_value(work.document.text, path_of(place), name), group, old, name)
    return Outcome(document=changed(work.document, text, path_of(place)), to=to)


def alike(name: str, names: list[str]) -> str:
    """The name among several that is the same but for capitals and blanks; "" for none."""
    wanted = "".join(name.split()).casefold()
    return next((n for n in names if "".join(n.split()).casefold() == wanted), "")


def taken(name: str, near: str) -> str:
    """What is said of a name that is there already, or that nobody could tell from one that is."""
    if name == near:
        return f'"{name}" is in the list already: give another name'
    return f'"{near}" is in the list already, and differs from "{name}" by capitals or blanks alone: give another name'


def _set(work: Work, path: Path, value: object) -> Outcome:
    document = work.document
    try:
        new = changed(document, with_answer(document, path, value), path)
    except (Refused, EditError) as error:
        return stay(_plain(str(error), str(path[-1])))
    return Outcome(document=new)


def _plain(message: str, key: str) -> str:
    """A file's problem as said at the question itself: of this, without its id in front."""
    for start in (f'"{key}" ', f"{key} "):
        if message.startswith(start):
            return f"This {message[len(start) :]}"
    return message


def _noted(work: Work, place: Place, question: Question | None, outcome: Outcome) -> Outcome:
    assert outcome.document is not None
    if question is None:
        return Outcome(
            document=outcome.document,
            notice=f'"{label(work, place)}" is noted as unknown. It leaves open: {LINK_OPEN[str(place[-1])]}.',
        )
    return Outcome(document=outcome.document, notice=left_open(work, place, question, outcome.document))


# -- screens -------------------------------------------------------------------------------------------


def _question_screen(work: Work, place: Place, question: Question) -> Screen:
    answer = work.outlook.answer(question, scope_of(place)[1])
    trouble = work.document.trouble_at(path_of(place))
    kind, rows = "line", tuple[Row, ...]()
    if question.type in ("choice", "yes-no", "choices"):
        kind = "several" if question.type == "choices" else "pick"
        chosen = answer.value if answer is not None and isinstance(answer.value, tuple) else ()
        rows = tuple(
            Row(value=c, label=c, meaning=meaning, state="on" if c in chosen else "") for c, meaning in choices_of(question)
        )
    return Screen(
        place=place, kind=kind, title=title(work, place), group=question.group, ask=question.ask, help=_help(question),
        rows=rows, value=work.drafts.get(place, answer_text(answer)), example=example(question),
        state=answer.state if answer else "", reason=answer.reason if answer else "",
        status=status_lines(work, place, question), notices=_notes(answer),
        problem=f"the file has: {trouble.message}" if trouble else "", can_unknown=True, can_away=True, has_why=True,
    )  # fmt: skip


def choices_of(question: Question) -> list[tuple[str, str]]:
    return list(question.choices.items()) if question.choices else [("yes", ""), ("no", "")]


def answer_text(answer: Answer | None) -> str:
    return answer.text if answer is not None and answer.state == "value" else ""


def example(question: Question) -> str:
    return question.example or EXAMPLES.get(question.type, "") if question.type in (*QUANTITY_TYPES, "text") else ""


def _help(question: Question) -> str:
    if question.type not in QUANTITY_TYPES or not (question.low or question.high):
        return question.help
    low = format_magnitude(question.low.magnitude, question.type) if question.low else "0"
    high = f" to {format_magnitude(question.high.magnitude, question.type)}" if question.high else " or more"
    return f"{question.help} ({low}{high})".strip()


def _notes(answer: Answer | None) -> tuple[str, ...]:
    if answer is None:
        return ()
    found = []
    if answer.evidence:
        found.append(f"Read from {answer.evidence}. Enter keeps it.")
    if answer.note:
        found.append(f"Note: {answer.note}")
    return tuple(found)


def _whole_screen(work: Work, place: Place) -> Screen:
    key = str(place[1])
    ask, help_text, example_text = WHOLE_TEXTS[key]
    value = str(getattr(work.answers, key))
    if (key, value) == ("name", UNNAMED):
        value = ""
    return Screen(
        place=place, kind="line", title="The workload", ask=ask, help=help_text, example=example_text,
        value=work.drafts.get(place, value), state="value" if value else "", can_unknown=True, has_why=True,
    )  # fmt: skip


def _name_screen(work: Work, place: Place) -> Screen:
    group, index = str(place[1]), int(place[2])
    name = work.item(group, index).name
    return Screen(
        place=place, kind="line", title=title(work, place), ask=f"What is this {GROUP_TITLES[group][1]} called?",
        help="Each name stands once in its list.", value=work.drafts.get(place, name), state="value", has_why=True,
    )  # fmt: skip


def _link_screen(work: Work, place: Place) -> Screen:
    group, index, key = str(place[1]), int(place[2]), str(place[3])
    ask, help_text = LINK_TEXTS[key]
    item = work.item(group, index)
    chosen = item.links.get(key, ())
    target = LINKS[group][key]
    names = [i.name for i in work.answers.items(target or "components")]
    if key == "process":
        names = [p.name for p in work.outlook.processes]
    names += [c for c in chosen if c not in names]
    single = key in ("from", "process")
    rows = tuple(Row(value=n, label=n, state="on" if n in chosen and not single else "") for n in names)
    if key == "process":
        rows = (Row(value="-", label="no", meaning="it stands alone"), *rows)
    other = "" if target else ("another process" if names else "the name of a process") if key == "process" else "another name"
    answer = answer_at(work, place)
    return Screen(
        place=place, kind="pick" if single else "several", title=title(work, place), ask=ask, help=help_text, rows=rows,
        value=chosen[0] if chosen and single else "", state=answer.state if answer else "", reason=answer.reason if answer else "",
        notices=_notes(answer), other=other, can_unknown=True, can_away=True, has_why=True,
    )  # fmt: skip


def title(work: Work, place: Place) -> str:
    """What a place is about: the workload, or which entry of which list."""
    if place[0] != "item":
        return "The workload"
    group, index = str(place[1]), int(place[2])
    items = work.answers.items(group)
    which = f"{GROUP_TITLES[group][1]} {index + 1} of {len(items)}: {items[index].name}"
    return f"What uses what, {which}" if place[-1] in LAST_LINKS else which[0].upper() + which[1:]


def label(work: Work, place: Place) -> str:
    """A short name of a place for lists: what is asked, and about what."""
    question = work.question(place)
    if question is not None:
        return question.ask
    key = str(place[-1])
    if place[0] == "workload":
        return WHOLE_TEXTS[key][0]
    return LINK_TEXTS[key][0] if key in LINK_TEXTS else f"The name of the {GROUPS[str(place[1])].replace('_', ' ')}"
