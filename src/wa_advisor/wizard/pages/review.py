"""The review: what needs mending first, then every answer with its state and origin; any can be edited.

Places: ("review",), ("jump",), ("fix", index of the trouble).
"""

from __future__ import annotations

from wa_advisor.answers_file import edit
from wa_advisor.engine.feeds import KINDS
from wa_advisor.errors import nearest
from wa_advisor.model import GROUPS
from wa_advisor.report.phrases import counted
from wa_advisor.wizard.document import Trouble, changed, key_order
from wa_advisor.wizard.news import news_lines, news_text
from wa_advisor.wizard.pages import held, sign_offs
from wa_advisor.wizard.pages.held import encode
from wa_advisor.wizard.places import ENDING, MORE, WHOLE, Open, all_places, first_of, walk
from wa_advisor.wizard.screen import Give, Place, Reply, Row, Screen, Text
from wa_advisor.wizard.summary import NOT_ASKED, not_asked, part_names, part_of, place_label
from wa_advisor.wizard.work import GROUP_TITLES, Outcome, Work, scope_of, stay

LENS_LEFT = "Well-Architected lens: not answered"
TOGETHER_LEFT = "Left open: several together could change a choice"
SIGNING = ("sign", "signed", "signable", "accept")
FINISH, SKIPPED, NEWS = "+finish", "+skipped", "+news"
PART_TITLES = {"workload": "The workload", "links": "What uses what", "lens": "Well-Architected lens"}


def screen(work: Work, place: Place) -> Screen:
    """The Screen of the review, of the list of places to go to, or of one thing to mend."""
    if place[0] == "jump":
        return _jump_screen(work, place)
    return _fix_screen(work, place) if place[0] == "fix" else _review_screen(work, place)


def take(work: Work, place: Place, reply: Reply) -> Outcome:
    if not isinstance(reply, Give):
        return stay("choose one of the lines")
    if place[0] == "fix":
        if reply.value not in [row.value for row in _fix_screen(work, place).rows]:
            return stay("choose one of the lines")
        return _fixed(work, int(place[1]), reply.value)
    if reply.value == FINISH:
        work.passed.add(place)
        return Outcome(to=("verdicts",))
    if reply.value == SKIPPED and place[0] == "review":
        return Outcome(stay=True, reading=_skipped_text(work))
    if reply.value == NEWS and place[0] == "review":
        return Outcome(stay=True, reading=news_text(work))
    to = _signed(work, reply.value) if reply.value.startswith(held.SIGNED) else _decode(reply.value)
    if to is None:
        return stay("choose one of the lines")
    if place[0] == "jump" and to[0] == "part":
        return _part(work, str(to[1]))
    if place[0] == "jump" and to[0] == "entry":
        places = walk(work, str(to[1]), int(to[2]))
        return Outcome(to=first_of(work, places) or ("list", to[1]), open=(*places, ("list", to[1])))
    return Outcome(to=to)


def _signed(work: Work, value: str) -> Place | None:
    """The place of a sign-off by its number."""
    number = value.rpartition("/")[2]
    found = sign_offs.given(work)
    return found[int(number)][2] if number.isdigit() and int(number) < len(found) else None


def _decode(value: str) -> Place | None:
    parts = value.split("/")
    if not parts[0]:
        return None
    return tuple(int(p) if p.isdigit() else p for p in parts)


# -- the review ----------------------------------------------------------------------------------------


def _review_screen(work: Work, place: Place) -> Screen:
    troubles = [_trouble_row(work, i, t) for i, t in enumerate(work.document.troubles)]
    missing = _missing_rows(work)
    skipped = not_asked(work)
    unknown = held.rows_above(work)
    together = [_open_row(work, p, reason) for p, reason in skipped if reason == "together"]
    rows = [Row(value=FINISH, label="Go on to the verdicts"), *troubles, *missing, *unknown, *together]
    rows += held.rows(work, {r.value for r in rows})
    rows += [_open_row(work, p, reason) for p, reason in skipped if reason == "open"]
    rows += [Row(value=encode(p), label=place_label(work, p), meaning="open", heading=LENS_LEFT) for p in Open(work).lens_left()]
    if skipped:
        label = f"{counted(len(skipped), 'question')} {'was' if len(skipped) == 1 else 'were'} not asked"
        rows.append(Row(value=SKIPPED, label=label, meaning="choose it to read which, and why", heading="Not asked"))
    told = news_lines(work)
    if told:
        rows.append(Row(value=NEWS, label="What is new in the rules", meaning=told[0], heading="Since the file was written"))
    return Screen(
        place=place, kind="menu", title="Review", ask="All answers. Choose one to change it.",
        body=(_state(len(troubles), len(missing), len(held.not_known(work)[0])),), rows=tuple(rows),
        value=troubles[0].value if troubles else FINISH,
    )  # fmt: skip


def _state(troubles: int, missing: int, unknown: int) -> str:
    parts = []
    if troubles:
        parts.append(
            f"{troubles} thing{'s' if troubles != 1 else ''} in the file cannot be read: mend {'them' if troubles != 1 else 'it'} first."
        )
    parts.append(f"{missing} not answered yet." if missing else "No single missing answer changes a choice.")
    if unknown:
        parts.append(f"{unknown} noted as unknown could change one.")
    return " ".join(parts)


def _open_row(work: Work, place: Place, reason: str) -> Row:
    question = work.question(place)
    assert question is not None
    fed = ", ".join(KINDS[k] for k in work.outlook.feeds(question, scope_of(place)[1]))
    meaning = "open: it could change a choice with others" if reason == "together" else f"open: it feeds {fed}"
    heading = TOGETHER_LEFT if reason == "together" else "Left open: no choice hangs on it"
    return Row(value=encode(place), label=place_label(work, place), meaning=meaning, heading=heading)


def _skipped_text(work: Work) -> Text:
    """Every question that was not asked, with the reason."""
    lines: list[str] = []
    skipped = not_asked(work)
    for reason, text in NOT_ASKED.items():
        places = [p for p, r in skipped if r == reason]
        if places:
            lines += [*([""] if lines else []), f"{len(places)}: {text}."]
        about = ""
        for place in places:
            if _about(work, place) != about:
                about = _about(work, place)
                lines.append(f"  {about}:")
            lines.append(f"  - {_named(work, place)}")
    return Text(
        heading=f"{counted(len(skipped), 'question')} {'was' if len(skipped) == 1 else 'were'} not asked", lines=tuple(lines)
    )


def _about(work: Work, place: Place) -> str:
    return work.item(str(place[1]), int(place[2])).name if place[0] == "item" else PART_TITLES[str(place[0])]


def _named(work: Work, place: Place) -> str:
    question = work.question(place)
    return f"{question.ask} (`{question.id}`)" if question else f"{work.ruleset.lens[str(place[1])].ask} ({place[1]})"


def _trouble_row(work: Work, index: int, trouble: Trouble) -> Row:
    return Row(
        value=f"fix/{index}",
        label=f"line {trouble.line}: {trouble.key}",
        meaning=trouble.message,
        heading="To mend",
        state="away",
    )


def _missing_rows(work: Work) -> list[Row]:
    wanted = Open(work)
    places = [p for p in all_places(work) if p[0] in ("workload", "item") and p in wanted and not _optional(p)]
    return [
        Row(value=encode(p), label=place_label(work, p), meaning="not answered yet", heading="Not answered yet") for p in places
    ]


def _optional(place: Place) -> bool:
    return place in [("workload", key) for key in WHOLE[1:]] or place[-1] in (
        "process",
        "used_by",
        "served_by",
        "from",
        "to",
    )


# -- going somewhere -----------------------------------------------------------------------------------


def _jump_screen(work: Work, place: Place) -> Screen:
    rows: list[Row] = []
    wanted = Open(work)
    every = all_places(work)
    for number, part in enumerate(part_names(work), start=1):
        if part == "ending":
            rows.append(Row(value=encode(MORE), label=place_label(work, MORE)))
            rows += [Row(value=encode(p), label=place_label(work, p), meaning=f"part {number}") for p in every if p in ENDING]
            continue
        left = sum(part_of(p) == part and p in wanted for p in every if p[0] in ("workload", "item"))
        left += len(wanted.lens_left()) if part == "lens" else 0
        meaning = f"part {number}; {left} to answer" if left else f"part {number}"
        rows.append(Row(value=f"part/{part}", label=_part_title(part), meaning=meaning))
        for index, item in enumerate(work.answers.items(part) if part in GROUPS else ()):
            rows.append(Row(value=f"entry/{part}/{index}", label=f"  {item.name}"))
    return Screen(
        place=place, kind="menu", title="Where to go", ask="Go to which part?", rows=tuple(rows), value=_row_here(work, rows),
        can_jump=False,
    )  # fmt: skip


def _part_title(part: str) -> str:
    return PART_TITLES.get(part) or GROUP_TITLES[part][0]


def _row_here(work: Work, rows: list[Row]) -> str:
    """The row of the place where one was: its entry, its page, or its part."""
    here = work.here
    values = [
        f"entry/{here[1]}/{here[2]}" if here[0] in ("item", "entry", "one") and part_of(here) != "links" else "",
        encode(here),
    ]
    values += [
        f"part/{part_of(here)}",
        "proposals" if here[0] == "proposal" else "sign_offs" if here[0] in SIGNING else "",
    ]
    known = {r.value for r in rows}
    return next((v for v in values if v in known), rows[0].value)


def _part(work: Work, part: str) -> Outcome:
    wanted = Open(work)
    places = [p for p in all_places(work) if part_of(p) == part]
    if part in GROUPS:
        return Outcome(to=("list", part), open=(("list", part),))
    if not places:
        return stay("there is nothing to ask there")
    return Outcome(to=next((p for p in places if p in wanted), places[0]))


# -- what in the file cannot be read -------------------------------------------------------------------


def _fix_screen(work: Work, place: Place) -> Screen:
    trouble = work.document.troubles[int(place[1])]
    rows = []
    near = _near(work, trouble)
    if near:
        rows.append(Row(value="rename", label=f"Call it {near}", meaning="keep what it says"))
    if not trouble.unknown_key and trouble.path[0] in ("workload", "lens", *GROUPS):
        rows.append(Row(value="answer", label="Answer it anew"))
    if trouble.key != "name":
        rows.append(Row(value="comment", label="Turn it into a comment", meaning="it stays in the file, word for word"))
    rows.append(Row(value="leave", label="Leave it as it is", meaning="`report` will not read the file until it is mended"))
    return Screen(
        place=place, kind="menu", title="Review", ask=f"Line {trouble.line}: what about {trouble.key}?", help=trouble.message,
        rows=tuple(rows), value=rows[0].value,
    )  # fmt: skip


def _near(work: Work, trouble: Trouble) -> str:
    """A key that this one may have meant and that has no answer yet."""
    if not trouble.unknown_key or trouble.path[0] not in ("workload", *GROUPS):
        return ""
    said = edit.tree(work.document.text)
    for part in trouble.path[:-1]:
        said = said[part]
    order = [k for k in key_order(work.ruleset, trouble.path) if k not in said]
    renamed = next((q.id for q in work.ruleset.questions.values() if trouble.key in q.was and q.id in order), "")
    return renamed or nearest(trouble.key, order) or ""


def _fixed(work: Work, index: int, action: str) -> Outcome:
    trouble = work.document.troubles[index]
    review: Place = ("review",)
    if action == "answer":
        return Outcome(to=trouble.path if trouble.path[0] not in GROUPS else ("item", *trouble.path))
    if action == "rename":
        text = edit.rename_key(work.document.text, trouble.path, _near(work, trouble))
    elif action == "comment":
        text = edit.comment_out(work.document.text, trouble.path)
    else:
        return Outcome(to=review)
    return Outcome(document=changed(work.document, text), to=review)
