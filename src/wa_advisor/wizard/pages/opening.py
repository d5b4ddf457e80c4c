"""The first page: what is asked, how long it takes, where it is kept; and on taking it up again, where one was."""

from __future__ import annotations

from wa_advisor.wizard.first import first_page, next_page
from wa_advisor.wizard.news import has_news, news_lines, news_text
from wa_advisor.wizard.places import taken_up_at
from wa_advisor.wizard.screen import Give, Place, Reply, Row, Screen
from wa_advisor.wizard.summary import place_label, progress_counts, questions
from wa_advisor.wizard.work import GROUP_TITLES, Outcome, Work, stay

SECONDS_AN_ANSWER = 15
NEWS = "+news"


def screen(work: Work, place: Place) -> Screen:
    """The opening Screen: of a first run, or of one that is taken up again."""
    return _again(work, place) if work.resumed else _first(work, place)


def take(work: Work, place: Place, reply: Reply) -> Outcome:
    if isinstance(reply, Give) and reply.value == NEWS and has_news(work):
        return Outcome(stay=True, reading=news_text(work))
    if not isinstance(reply, Give) or reply.value not in ("go", "review", "jump"):
        return stay("choose one of the lines")
    work.passed.add(place)
    go = taken_up_at(work) if work.resumed else None
    return Outcome(to={"go": go, "review": ("review",), "jump": ("jump",)}[reply.value])


def _first(work: Work, place: Place) -> Screen:
    return first_page(place, work.document.file, _size(work))


def _size(work: Work) -> str:
    """How much there is to ask: for one entry of each list, and for three, at most."""
    ruleset = work.ruleset
    whole = len(ruleset.scope_questions("workload")) + 4
    items = len(ruleset.questions) - len(ruleset.scope_questions("workload"))
    low, high = (round((whole + items * share) * SECONDS_AN_ANSWER / 300) * 5 for share in (0.3, 0.9))
    groups = [GROUP_TITLES[g][0].lower() for g in work.groups()]
    return (
        f"- It asks about the workload, {_listed(groups)}: {max(5, low)} to {max(10, high)} minutes. "
        "What changes no choice any more is left to the end."
    )


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0] if names else "and nothing else"


def _again(work: Work, place: Place) -> Screen:
    answered, now, most = progress_counts(work)
    body = [
        f"{work.document.file} has {answered or 'no'} answer{'' if answered == 1 else 's'} so far; {questions(now, most, ' to come') if now else 'no question that is left changes a choice alone'}."
    ]
    body += news_lines(work)
    for trouble in work.document.troubles[:4]:
        body.append(f"Line {trouble.line} is kept, but not read: {trouble.message}")
    if len(work.document.troubles) > 4:
        body.append(f"... and {len(work.document.troubles) - 4} more; the review lists them all.")
    more = (Row(value=NEWS, label="Read what is new in the rules"),) if has_news(work) else ()
    return next_page(place, work.answers.name, tuple(body), place_label(work, taken_up_at(work)), more)
