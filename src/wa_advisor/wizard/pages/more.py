"""Where it stands once no single answer changes a choice any more, and what else can go into the report.

Place: ("more",). What could change a choice only together, and what no choice hangs on, is offered here: it can be
answered now, or be left, and then the review and the report name it as open.
"""

from __future__ import annotations

from wa_advisor.engine.feeds import KINDS
from wa_advisor.engine.flow import SHARPENS, TOGETHER
from wa_advisor.model import GROUP_OF, GROUPS
from wa_advisor.report.phrases import counted
from wa_advisor.wizard.leaning import standing
from wa_advisor.wizard.places import MORE, Open, all_places
from wa_advisor.wizard.screen import Give, Place, Reply, Row, Screen
from wa_advisor.wizard.work import Outcome, Work, scope_of, stay

LEFT, CERTAIN, SHARPEN, LENS, END = "+left", "+certain", "+sharpen", "+lens", "+end"


def screen(work: Work, place: Place) -> Screen:
    """The Screen that offers the rest, above what the decisions lean to."""
    wanted = Open(work)
    together, sharpening = wanted.together(), wanted.sharpening()
    lens = sum(("lens", q) in wanted for q in work.ruleset.lens)
    left = wanted.turning()
    rows = [Row(value=LEFT, label=f"Answer {_more(left)}", meaning="each could change a choice by itself")] if left else []
    if together:
        rows.append(
            Row(value=CERTAIN, label=f"Answer {_more(together)}", meaning="alone none of them changes a choice, several could")
        )
    if sharpening:
        rows.append(Row(value=SHARPEN, label=f"Answer {_more(sharpening)}", meaning=_fed(work, sharpening)))
    if lens:
        practices = sum(len(q.practices) for q in work.ruleset.lens.values() if ("lens", q.id) in wanted)
        rows.append(
            Row(
                value=LENS,
                label="Go through the Well-Architected lens",
                meaning=f"{counted(lens, 'question')}, {counted(practices, 'practice')} to tick",
            )
        )
    rows.append(Row(value=END, label="Go on to the verdicts", meaning="the rest stays open; the review names it"))
    rows += _standing(work)
    return Screen(
        place=place, kind="menu", title="Where it stands", ask=_ask(len(left)),
        help="Below: what each choice leans to. Choose a line to look at its entry again.", body=_unknown(work), rows=tuple(rows),
        value=rows[0].value,
    )  # fmt: skip


def _ask(left: int) -> str:
    if not left:
        return "No single question that is left changes a choice. What next?"
    return f"{left} question{'s' if left != 1 else ''} could still change a choice. What next?"


def _unknown(work: Work) -> tuple[str, ...]:
    """How many answers are noted as unknown that could change a choice by themselves."""
    places = [p for p in all_places(work) if work.question(p) is not None]
    count = 0
    for place in places:
        question = work.question(place)
        scope, index = scope_of(place)
        answer = work.outlook.answer(question, index) if question else None
        count += answer is not None and answer.state == "unknown" and work.outlook.turns((scope, index, str(place[-1])))
    if not count:
        return ()
    return (
        f"{count} answer{'s' if count != 1 else ''} noted as unknown could: the review lists {'them' if count != 1 else 'it'}.",
    )


def _more(places: list[Place]) -> str:
    return f"{len(places)} more question{'s' if len(places) != 1 else ''}"


def _fed(work: Work, places: list[Place]) -> str:
    """`for limits, risks; they change no choice`"""
    kinds: dict[str, None] = {}
    for place in places:
        question = work.question(place)
        assert question is not None
        kinds.update(dict.fromkeys(work.outlook.feeds(question, int(place[2]) if place[0] == "item" else 0)))
    return f"they feed {', '.join(KINDS[k] for k in KINDS if k in kinds)} and change no choice"


def _standing(work: Work) -> list[Row]:
    """Where each choice stands, by decision; a row leads to its entry."""
    rows = []
    for verdict in work.verdicts:
        decision = work.ruleset.decisions[verdict.decision]
        group = GROUP_OF.get(decision.scope, "")
        names = [i.name for i in work.answers.items(group)] if group else []
        if verdict.item not in names:
            continue
        index = names.index(verdict.item)
        text = standing(work.ruleset, work.outlook.leaning(decision, index))
        rows.append(Row(value=f"entry/{group}/{index}", label=verdict.item, meaning=text, heading=decision.name))
    order = list(work.ruleset.decisions)
    return sorted(rows, key=lambda r: [work.ruleset.decisions[d].name for d in order].index(r.heading))


def take(work: Work, place: Place, reply: Reply) -> Outcome:
    if not isinstance(reply, Give):
        return stay("choose one of the lines")
    if reply.value == LEFT:
        left = Open(work).turning()
        return Outcome(to=left[0], open=(MORE,)) if left else stay("there is nothing left to answer")
    if reply.value in (CERTAIN, SHARPEN):
        work.further |= {TOGETHER} if reply.value == CERTAIN else {SHARPENS}
        wanted = Open(work)
        first = next((p for p in all_places(work) if p[0] in ("workload", "item") and p in wanted), None)
        return Outcome(to=first) if first else stay("there is nothing left to answer")
    if reply.value == LENS:
        work.passed.add(MORE)
        return Outcome()
    if reply.value == END:
        work.passed.update([MORE, *(("lens", q) for q in work.ruleset.lens)])
        return Outcome()
    parts = reply.value.split("/")
    if parts[0] == "entry" and parts[1] in GROUPS and int(parts[2]) < len(work.answers.items(parts[1])):
        return Outcome(to=("entry", parts[1], int(parts[2])), open=(MORE,))
    return stay("choose one of the lines")
