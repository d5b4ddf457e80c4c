"""The end of the interview: our verdicts, what the team proposes beside them, and the report.

What the team intends is asked last, when our verdicts are on the screen: asked first it would colour the
answers. Places: ("proposals",), ("proposal", group, index), ("verdicts",).
"""

from __future__ import annotations

from wa_advisor.answers import PROPOSED
from wa_advisor.answers_file import edit
from wa_advisor.engine.evaluate import Verdict
from wa_advisor.engine.explain import explain_text
from wa_advisor.model import GROUP_OF
from wa_advisor.wizard.document import changed, key_order
from wa_advisor.wizard.screen import Give, Place, Reply, Row, Screen, Text
from wa_advisor.wizard.work import Outcome, Work, stay

DONE, NONE, WRITE, REVIEW = "+done", "+none", "+write", "review"
CERTAINTY = {"decided": "decided", "leaning": "leaning", "open": "open"}


def screen(work: Work, place: Place) -> Screen:
    """The Screen of one of the last pages."""
    return _SCREENS[str(place[0])](work, place)


def take(work: Work, place: Place, reply: Reply) -> Outcome:
    head = str(place[0])
    if not isinstance(reply, Give):
        return stay("choose one of the lines")
    if head == "verdicts":
        if reply.value in (WRITE, REVIEW):
            return Outcome(over=reply.value == WRITE and not work.document.troubles, to=("review",))
        return _explained(work, reply.value)
    if head == "proposal":
        return _proposed(work, place, reply.value)
    if reply.value == DONE:
        work.passed.add(place)
        return Outcome()
    return _picked(work, reply.value)


def _picked(work: Work, value: str) -> Outcome:
    number = int(value) if value.isdigit() else -1
    found = _proposable(work)
    if 0 <= number < len(found):
        group, index, _ = found[number]
        return Outcome(to=("proposal", group, index))
    return stay("choose one of the lines")


# -- proposals -----------------------------------------------------------------------------------------


def _proposable(work: Work) -> list[tuple[str, int, Verdict]]:
    """(group, index, Verdict) of the entries that a proposal can be made for."""
    found = []
    for verdict in work.verdicts:
        group = GROUP_OF.get(work.ruleset.decisions[verdict.decision].scope, "")
        if PROPOSED.get(group) == verdict.decision:
            names = [i.name for i in work.answers.items(group)]
            if verdict.item in names:
                found.append((group, names.index(verdict.item), verdict))
    return found


def _proposals_screen(work: Work, place: Place) -> Screen:
    found = _proposable(work)
    rows = [Row(value=DONE, label="Done: go on")]
    for number, (_, _, verdict) in enumerate(found):
        proposed = f"; the team proposes {service(work, verdict.proposed)}" if verdict.proposed else ""
        name = work.ruleset.decisions[verdict.decision].name
        rows.append(Row(value=f"{number}", label=verdict.item, meaning=f"{verdict_text(work, verdict)}{proposed}", heading=name))
    return Screen(
        place=place, kind="menu", title="What the team proposes", ask="Does the team intend something else anywhere?",
        help="These are our verdicts. Where the team has a design of its own, choose the line: the report shows both side by side.",
        rows=tuple(rows), value=DONE,
    )  # fmt: skip


def verdict_text(work: Work, verdict: Verdict) -> str:
    """`Amazon DynamoDB (decided)`, or that it is open."""
    return f"{service(work, verdict.choice)} ({CERTAINTY[verdict.certainty]})" if verdict.choice else "open: not enough is known"


def service(work: Work, ident: str | None) -> str:
    found = work.ruleset.services.get(ident or "")
    return found.name if found else str(ident)


def _proposal_screen(work: Work, place: Place) -> Screen:
    group, index = str(place[1]), int(place[2])
    verdict = next(v for g, i, v in _proposable(work) if (g, i) == (group, index))
    rows = [Row(value=NONE, label="nothing else", meaning=f"our verdict stands: {verdict_text(work, verdict)}")]
    for option in verdict.ranking:
        meaning = service(work, option.option) + (" (ruled out)" if option.state == "eliminated" else "")
        rows.append(Row(value=option.option, label=option.option, meaning=meaning))
    return Screen(
        place=place, kind="pick", title=f"What the team proposes: {verdict.item}", ask="What does the team intend?",
        help="In the order of our ranking. What is ruled out can be proposed too: the report then says what stands against it.",
        rows=tuple(rows), value=verdict.proposed or NONE,
    )  # fmt: skip


def _proposed(work: Work, place: Place, value: str) -> Outcome:
    group, index = str(place[1]), int(place[2])
    path = (group, index, "proposed")
    old = work.item(group, index).proposed
    back: Place = ("proposals",)
    if value == (old or NONE):
        return Outcome(to=back)
    text = work.document.text
    text = edit.remove_value(text, path) if value == NONE else edit.set_value(text, path, value, key_order(work.ruleset, path))
    return Outcome(document=changed(work.document, text, path), to=back)


# -- the verdicts --------------------------------------------------------------------------------------


def _verdicts_screen(work: Work, place: Place) -> Screen:
    rows = []
    if work.document.troubles:
        rows.append(
            Row(value=REVIEW, label="Back to the review", meaning="the report cannot be made: the file has lines to mend")
        )
    else:
        rows.append(Row(value=WRITE, label="Write the report and finish"))
        rows.append(Row(value=REVIEW, label="Back to the review"))
    rows += [_verdict_row(work, number) for number in range(len(work.verdicts))]
    none = "" if work.verdicts else " Nothing is decided: no list has an entry yet."
    return Screen(
        place=place, kind="menu", title="Verdicts", ask="What comes out",
        help=f"Choose a verdict to read why it is so, and what would change it.{none}", rows=tuple(rows), value=rows[0].value,
    )  # fmt: skip


def _verdict_row(work: Work, number: int) -> Row:
    """A verdict in one line: the choice, how sure it is, what the team proposes, and whether it needs a sign-off."""
    verdict = work.verdicts[number]
    needed = {(s.decision, s.item): s.state for s in work.sign_offs if s.state != "signed"}
    text = verdict_text(work, verdict)
    if verdict.proposed not in (None, verdict.choice):
        text = f"the team proposes {service(work, verdict.proposed)}; ours is {text}"
    state = needed.get((verdict.decision, verdict.item))
    sign = {"needed": "; needs a sign-off", "expired": "; its sign-off has expired"}.get(state or "", "")
    name = work.ruleset.decisions[verdict.decision].name
    return Row(value=f"verdict/{number}", label=verdict.item, meaning=f"{text}{sign}", heading=name)


def _explained(work: Work, value: str) -> Outcome:
    """The trace of one verdict to read."""
    head, _, number = value.partition("/")
    if head != "verdict" or not number.isdigit() or int(number) >= len(work.verdicts):
        return stay("choose one of the lines")
    verdict = work.verdicts[int(number)]
    lines = explain_text(work.assessment, verdict.decision, verdict.item).splitlines()
    return Outcome(stay=True, reading=Text(heading=lines[0], lines=tuple(lines[1:])))


_SCREENS = {
    "proposals": _proposals_screen,
    "proposal": _proposal_screen,
    "verdicts": _verdicts_screen,
}
