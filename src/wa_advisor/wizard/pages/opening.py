"""The first page: what is asked, how long it takes, where it is kept; and on taking it up again, where one was."""

from __future__ import annotations

from wa_advisor.answers_file.edit import tree
from wa_advisor.wizard.places import Open, all_places
from wa_advisor.wizard.screen import Give, Place, Reply, Row, Screen
from wa_advisor.wizard.summary import place_label, progress_counts
from wa_advisor.wizard.work import GROUP_TITLES, Outcome, Work, stay

SECONDS_AN_ANSWER = 20


def screen(work: Work, place: Place) -> Screen:
    """The opening Screen: of a first run, or of one that is taken up again."""
    return _again(work, place) if work.resumed else _first(work, place)


def take(work: Work, place: Place, reply: Reply) -> Outcome:
    if not isinstance(reply, Give) or reply.value not in ("go", "review", "jump"):
        return stay("choose one of the lines")
    work.passed.add(place)
    return Outcome(to={"go": None, "review": ("review",), "jump": ("jump",)}[reply.value])


def _first(work: Work, place: Place) -> Screen:
    groups = [GROUP_TITLES[g][0].lower() for g in work.groups()]
    parts = ["the workload", *groups, *(["what is done of the Well-Architected lens"] if work.ruleset.lens else [])]
    listed = ", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else parts[0]
    body = (
        f"It asks about {listed}.",
        f"A first run takes about {_minutes(work)} minutes. You can stop at any time: each answer is saved in "
        f"{work.document.file} as you give it, and `wa-advisor ask` goes on from there.",
        "Nothing leaves this machine. I don't know is a good answer: the report says what hangs on it.",
    )
    return Screen(
        place=place, kind="menu", title="wa-advisor", ask="Which AWS building blocks fit your workload?", body=body,
        rows=(Row(value="go", label="Begin"),), value="go", can_back=False, can_jump=False,
    )  # fmt: skip


def _minutes(work: Work) -> str:
    """A range: three entries a group and no closed branch at most, one entry and half the branches at least."""
    whole = len(work.ruleset.scope_questions("workload")) + len(work.ruleset.lens) + 6
    items = len(work.ruleset.questions) - len(work.ruleset.scope_questions("workload"))
    low = (whole + items * 0.5) * SECONDS_AN_ANSWER / 60
    high = (whole + items * 3) * SECONDS_AN_ANSWER / 60
    return f"{max(2, round(low / 5) * 5)} to {max(5, round(high / 5) * 5)}"


def _again(work: Work, place: Place) -> Screen:
    said = tree(work.document.text)
    written = said.get("ruleset_version")
    answered, most = progress_counts(work)
    body = [
        f"{work.document.file} has {answered} answers so far; {f'up to {most} more to come' if most else 'all that decides is there'}."
    ]
    if isinstance(written, tuple) and written[1] != work.ruleset.version:
        body.append(
            f"It was written for rule set {written[1]}, and this is {work.ruleset.version}: questions may have come or gone."
        )
    for trouble in work.document.troubles[:4]:
        body.append(f"Line {trouble.line} is kept, but not read: {trouble.message}")
    if len(work.document.troubles) > 4:
        body.append(f"... and {len(work.document.troubles) - 4} more; the review lists them all.")
    open_places = Open(work)
    first = next((p for p in all_places(work) if p != place and p in open_places), ("review",))
    rows = (
        Row(value="go", label="Go on where I was", meaning=place_label(work, first)),
        Row(value="review", label="See and edit all answers"),
        Row(value="jump", label="Go to a part of it"),
    )
    return Screen(
        place=place, kind="menu", title="wa-advisor", ask=f"Going on with {work.answers.name}", body=tuple(body), rows=rows,
        value="go", can_back=False, can_jump=False,
    )  # fmt: skip
