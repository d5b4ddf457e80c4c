"""The groups as lists: add, edit, duplicate, remove, reorder.

Places: ("list", group), ("new", group), ("entry", group, index), ("one", group, index) for one of its answers, ("remove", group,
index).
"""

from __future__ import annotations

from wa_advisor.answers_file import edit
from wa_advisor.model import GROUPS
from wa_advisor.report.phrases import counted
from wa_advisor.wizard.document import changed
from wa_advisor.wizard.leaning import standing
from wa_advisor.wizard.links import comments_with, linked_from, relinked, signed_about
from wa_advisor.wizard.pages.answers import alike, answer_at, clean, label, taken
from wa_advisor.wizard.places import Open, first_of, item_places, walk, weightiest
from wa_advisor.wizard.screen import Act, Give, Place, Reply, Row, Screen
from wa_advisor.wizard.suggest import Suggestion, suggested_name
from wa_advisor.wizard.summary import answer_line, left_of, questions
from wa_advisor.wizard.work import GROUP_TITLES, Outcome, Removal, Work, path_of, stay

ADD, DONE, NONE, NAMED, UNDO = "+add", "+done", "+none", "+named ", "+undo"
MAX_COMMENTS = 8
ACTIONS = {
    "open": "Answer what is still open",
    "one": "Change one answer",
    "edit": "Go through all its questions again",
    "name": "Rename it",
    "duplicate": "Make a copy and change that",
    "up": "Move it up",
    "down": "Move it down",
    "remove": "Remove it",
    "leave": "Back to the list",
}


def screen(work: Work, place: Place) -> Screen:
    """The Screen of a list, of one entry's actions, of a new name, or of a removal."""
    if place[0] == "list":
        return _list_screen(work, place)
    if place[0] == "new":
        return _new_screen(work, place)
    return {"entry": _entry_screen, "one": _one_screen, "remove": _remove_screen}[str(place[0])](work, place)


def take(work: Work, place: Place, reply: Reply) -> Outcome:
    """What becomes of a choice on one of these pages."""
    group = str(place[1])
    undo = place[0] == "list" and isinstance(reply, Give) and reply.value == UNDO
    if not undo:
        work.removal = None
    if place[0] == "list":
        return _take_list(work, place, reply)
    if not isinstance(reply, Give):
        return stay("that is not possible here")
    if place[0] == "new":
        return _named(work, group, clean(reply.value))
    if place[0] == "remove":
        return _removed(work, group, int(place[2])) if reply.value == "yes" else Outcome(to=("list", group))
    if place[0] == "one":
        return _one_taken(work, group, int(place[2]), reply.value)
    return act(work, group, int(place[2]), reply.value)


def act(work: Work, group: str, index: int, action: str) -> Outcome:
    """One action on one entry of a group."""
    back: Place = ("list", group)
    name: Place = ("item", group, index, "name")
    work.cursors[back] = f"{index}"
    work.leads.pop(name, None)
    if action == "edit":
        places = walk(work, group, index) or [name]
        return Outcome(to=first_of(work, places), open=(*places, back), behind=name)
    if action == "open":
        first = weightiest(work, _still_open(work, group, index))
        return Outcome(to=first or back, open=(back,), behind=name if first else None)
    if action == "one":
        return Outcome(to=("one", group, index))
    if action == "name":
        work.leads[name] = back
        return Outcome(to=name, open=(back,))
    if action == "duplicate":
        return _duplicated(work, group, index)
    if action in ("up", "down"):
        return _moved(work, group, index, index + (1 if action == "down" else -1))
    if action == "remove":
        return Outcome(to=("remove", group, index))
    return Outcome(to=back, open=(back,))


# -- the list ------------------------------------------------------------------------------------------


def _list_screen(work: Work, place: Place) -> Screen:
    group = str(place[1])
    plural, one, meaning = GROUP_TITLES[group]
    items = work.answers.items(group)
    rows = [_entry_row(work, group, i) for i in range(len(items))]
    removal = _to_undo(work, group)
    if removal is not None:
        rows.append(Row(value=UNDO, label=f'Put "{removal.name}" back', meaning="undo: the file is as it was before"))
    rows += [
        Row(value=f"{NAMED}{n}", label=n, meaning="named by a hand-over: choose it to answer about it")
        for n in _named_only(work, group)
    ]
    rows.append(Row(value=ADD, label=f"Add {'another' if items else 'the first'} {one}"))
    if items:
        rows.append(Row(value=DONE, label="Done with this list: go on"))
    else:
        rows.append(Row(value=NONE, label=f"There are no {plural.lower()}"))
        rows.append(Row(value=DONE, label="Not known yet: go on, I come back later"))
    said = "none, as you said" if group in work.answers.groups else "none listed yet"
    return Screen(
        place=place, kind="menu", title=plural, ask=f"{plural}: {f'{len(items)} so far' if items else said}",
        help=meaning, rows=tuple(rows), value=DONE if items else NONE if group in work.answers.groups else ADD,
        cursor=_cursor(work, place, len(items)),
    )  # fmt: skip


def _cursor(work: Work, place: Place, count: int) -> str:
    """The entry that was acted on last, or the one that stands there now."""
    row = work.cursors.get(place, "")
    return f"{min(int(row), count - 1)}" if row.isdigit() and count else ""


def _to_undo(work: Work, group: str) -> Removal | None:
    """What was taken out of a list by the last change of all."""
    last = work.removal
    return last if last is not None and last.group == group and last.change == work.changes else None


def _named_only(work: Work, group: str) -> list[str]:
    """The processes that a hand-over names and that are not listed."""
    listed = {i.name for i in work.answers.items(group)}
    return [p.name for p in work.outlook.processes if p.name not in listed] if group == "processes" else []


def _entry_row(work: Work, group: str, index: int) -> Row:
    item = work.answers.items(group)[index]
    now, most = left_of(work, group, index)
    found = [
        standing(work.ruleset, work.outlook.leaning(d, index))
        for d in work.ruleset.decisions.values()
        if d.kind == "choice" and d.scope == GROUPS[group]
    ]
    if now:  # what could change it is about to be asked
        found = [
            *(text if text.endswith("; decided") else text.partition(";")[0] for text in found),
            f"{questions(now, most)} to go",
        ]
    return Row(value=f"{index}", label=item.name, meaning="; ".join(found) or "nothing more to ask")


def _take_list(work: Work, place: Place, reply: Reply) -> Outcome:
    group = str(place[1])
    items = work.answers.items(group)
    work.cursors.pop(place, None)
    if isinstance(reply, Act):
        if reply.action == "add":
            return Outcome(to=("new", group))
        if reply.row.isdigit() and int(reply.row) < len(items):
            return act(work, group, int(reply.row), reply.action)
        return stay("put the cursor on an entry first")
    if not isinstance(reply, Give):
        return stay("that is not possible here")
    if reply.value == ADD:
        return Outcome(to=("new", group))
    if reply.value == UNDO:
        return _undone(work, group)
    if reply.value.startswith(NAMED) and reply.value.removeprefix(NAMED) in _named_only(work, group):
        return _named(work, group, reply.value.removeprefix(NAMED))
    if reply.value.isdigit() and int(reply.value) < len(items):
        return Outcome(to=("entry", group, int(reply.value)))
    if reply.value not in (DONE, NONE):
        return stay("choose one of the lines")
    none = changed(work.document, edit.set_value(work.document.text, (group,), [])) if reply.value == NONE else None
    work.passed.add(place)
    return Outcome(document=none)


def _changed(work: Work, text: str, to: Place, forget: str) -> Outcome:
    return Outcome(document=changed(work.document, text), to=to, forget=forget, open=(to,))


# -- one entry -----------------------------------------------------------------------------------------


EXAMPLES = {
    "access_patterns": "orders of a customer", "components": "order worker", "interfaces": "partner API", "hand_overs": "order paid",
    "processes": "return of an order",
}  # fmt: skip
"""A name of each kind, as people give them."""


def _new_screen(work: Work, place: Place) -> Screen:
    group = str(place[1])
    plural, one, meaning = GROUP_TITLES[group]
    items = work.answers.items(group)
    found = None if items else suggested_name(group, work.answers.name, work.answers.description)
    return Screen(
        place=place, kind="line", title=plural, ask=f"What is the {'next' if items else 'first'} {one} called?",
        help=f"{meaning} {_whence(found)}", suggestion=found.name if found else "", value=work.drafts.get(place, ""),
        example="" if found else EXAMPLES[group],
    )  # fmt: skip


def _whence(found: Suggestion | None) -> str:
    if found is None:
        return "Its name stands in the report."
    return (
        f"The name is a suggestion from {'your description' if found.of_description else 'the name of the workload'}: change it."
    )


def _named(work: Work, group: str, name: str) -> Outcome:
    if not name:
        return stay("a name is missing: write one")
    near = alike(name, [i.name for i in work.answers.items(group)])
    if near:
        return stay(taken(name, near))
    return _added(work, group, {"name": name}, len(work.answers.items(group)))


def _added(work: Work, group: str, values: dict[str, object], index: int) -> Outcome:
    text = edit.add_item(work.document.text, (group,), values, index if work.answers.items(group) else None)
    document = changed(work.document, text)
    work.drafts.pop(("new", group), None)
    after = Work(document, work.course, work.memory)
    places = walk(after, group, index)
    answered = [p for p in places if Open(after).has(path_of(p))]
    forget = group if index < len(work.answers.items(group)) else ""
    first = answered[0] if answered else weightiest(after, places) or ("list", group)
    return Outcome(
        document=document, to=first, open=(*answered, ("list", group)), forget=forget,
        behind=("item", group, index, "name") if first[0] == "item" else None,
    )  # fmt: skip


def _duplicated(work: Work, group: str, index: int) -> Outcome:
    said = edit.tree(work.document.text)[group][index]
    names = [i.name for i in work.answers.items(group)]
    name = next(
        n
        for i in range(1, len(names) + 2)
        if (n := f"{work.item(group, index).name} copy{'' if i == 1 else f' {i}'}") not in names
    )
    unread = {t.key for t in work.document.troubles if t.path[:2] == (group, index)}
    values = {k: _plain(v) for k, v in said.items() if k != "proposed" and k not in unread}
    outcome = _added(work, group, {**values, "name": name}, index + 1)
    if outcome.document is None:
        return outcome
    first: Place = ("item", group, index + 1, "name")
    work.cursors["list", group] = f"{index + 1}"
    return Outcome(
        document=outcome.document, to=first, open=outcome.open, forget=group, notice="Copied. Give the copy its own name."
    )


def _plain(said: object) -> object:
    if isinstance(said, tuple):
        return said[1]
    if isinstance(said, dict):
        return {k: _plain(v) for k, v in said.items()}
    return [_plain(v) for v in said] if isinstance(said, list) else ""


def _moved(work: Work, group: str, index: int, to: int) -> Outcome:
    if not 0 <= to < len(work.answers.items(group)):
        return Outcome(to=("list", group), open=(("list", group),), notice="It stands at that end already.")
    work.cursors["list", group] = f"{to}"
    return _changed(work, edit.move_item(work.document.text, (group, index), to), ("list", group), group)


def _entry_screen(work: Work, place: Place) -> Screen:
    group, index = str(place[1]), int(place[2])
    left = len(_still_open(work, group, index))
    rows = tuple(
        Row(value=action, label=f"{text} ({left})" if action == "open" else text)
        for action, text in ACTIONS.items()
        if left or action != "open"
    )
    return Screen(
        place=place, kind="menu", title=GROUP_TITLES[group][0], ask=f'What about "{work.item(group, index).name}"?', rows=rows,
        value=rows[0].value,
    )  # fmt: skip


def _still_open(work: Work, group: str, index: int) -> list[Place]:
    """The questions about an entry that want an answer."""
    wanted = Open(work)
    return [p for p in item_places(work, group, index) if p in wanted]


def _one_screen(work: Work, place: Place) -> Screen:
    """Every question about an entry with what is answered, to change one."""
    group, index = str(place[1]), int(place[2])
    rows = [Row(value=str(p[-1]), label=label(work, p), meaning=_answered(work, p)) for p in item_places(work, group, index)]
    rows.append(Row(value=DONE, label="None of them"))
    return Screen(
        place=place, kind="menu", title=GROUP_TITLES[group][0], ask=f'Which answer about "{work.item(group, index).name}"?',
        rows=tuple(rows), value=rows[0].value,
    )  # fmt: skip


def _answered(work: Work, place: Place) -> str:
    answer = answer_at(work, place)
    return answer_line(answer) if answer is not None else "not answered"


def _one_taken(work: Work, group: str, index: int, value: str) -> Outcome:
    back: Place = ("list", group)
    place: Place = ("item", group, index, value)
    work.cursors[back] = f"{index}"
    if place in item_places(work, group, index):
        return Outcome(to=place)
    return Outcome(to=back, open=(back,))


def _remove_screen(work: Work, place: Place) -> Screen:
    group, index = str(place[1]), int(place[2])
    name = work.item(group, index).name
    return Screen(
        place=place, kind="pick", title=GROUP_TITLES[group][0], ask=f'Remove "{name}"?', help=_goes(work, group, index),
        body=_quoted(comments_with(work, group, index)),
        rows=(Row(value="no", label="no", meaning="keep it"), Row(value="yes", label="yes", meaning="remove it")), value="no",
    )  # fmt: skip


def _quoted(comments: list[str]) -> tuple[str, ...]:
    """The comments that would go, so that nobody loses one unseen."""
    if not comments:
        return ()
    more = len(comments) - MAX_COMMENTS
    return ("These comments of the file would go:", *comments[:MAX_COMMENTS], *([f"... and {more} more."] if more > 0 else []))


def _goes(work: Work, group: str, index: int) -> str:
    """What goes with an entry, and what of others stays."""
    item = work.item(group, index)
    answers = len(item.answers) + len(item.link_answers)
    comments = len(comments_with(work, group, index))
    beside = f"{counted(comments, 'comment')} of the file beside it" if comments else ""
    parts = [p for p in (counted(answers, "answer") if answers else "", beside) if p]
    goes = f"Its {' and '.join(parts)} go{'' if answers + comments > 1 else 'es'} with it." if parts else "It has no answers."
    signed = len(signed_about(work, group, item.name))
    linking = linked_from(work, group, item.name)
    said = [goes]
    if linking:
        entries = "that entry stays" if len(linking) == 1 else "those entries stay"
        mention = "The mention of it in" if len(linking) == 1 else "The mentions of it in"
        said.append(f"{mention} {', '.join(linking)} go{'es' if len(linking) == 1 else ''} too; {entries}.")
    if signed:
        said.append(f"Its {counted(signed, 'sign-off') if signed > 1 else 'sign-off'} go{'' if signed > 1 else 'es'} too.")
    return " ".join([*said, "It can be put back right after."])


def _removed(work: Work, group: str, index: int) -> Outcome:
    name = work.item(group, index).name
    text = work.document.text
    after = edit.remove_item(relinked(work, text, group, name), (group, index))
    if len(work.answers.items(group)) == 1 and _is_bare(after, group):
        after = edit.remove_value(after, (group,))  # an empty list would say that there are none
    outcome = _changed(work, after, ("list", group), group)
    work.cursors["list", group] = f"{index}"
    work.removal = Removal(group=group, index=index, name=name, before=text, change=work.changes + 1)
    return outcome


def _is_bare(text: str, group: str) -> bool:
    """Whether an emptied list stands alone: no comment or anchor would go with it."""
    return any(line.rstrip() == f"{group}: []" for line in text.split("\n"))


def _undone(work: Work, group: str) -> Outcome:
    last = _to_undo(work, group)
    if last is None:
        return stay("there is nothing to put back")
    work.cursors["list", group] = f"{last.index}"
    return _changed(work, last.before, ("list", group), group)
