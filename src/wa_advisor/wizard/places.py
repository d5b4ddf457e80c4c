"""The places of an interview in their order, and which of them still want an answer.

The order follows from the document alone, so that a run can be left and taken up anywhere: nothing about
where a person was has to be stored beside the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wa_advisor.answers import LINKS
from wa_advisor.engine.flow import SHARPENS, TOGETHER, TURNS
from wa_advisor.model import GROUPS
from wa_advisor.wizard.aside import UNNAMED
from wa_advisor.wizard.screen import Place
from wa_advisor.wizard.work import Work, path_of, scope_of

LAST_LINKS = ("used_by",)
"""Links that are asked when all groups are listed: what they name comes later in the order."""
WHOLE = ("name", "owner", "stage", "description")
MORE: Place = ("more",)
"""Between what decides and what else can go into the report."""
REVIEW: Place = ("review",)
ENDING: tuple[Place, ...] = (("proposals",), ("sign_offs",), ("review",), ("verdicts",))


def all_places(work: Work) -> list[Place]:
    """Every place that can be asked now, in the order of asking."""
    return [
        ("opening",),
        *_workload_places(work),
        *(p for group in work.groups() for p in _group(work, group)),
        *_last_links(work),
        MORE,
        *(("lens", q) for q in work.ruleset.lens),
        *(p for p in ENDING if p != ("sign_offs",) or work.ruleset.policies or work.ruleset.lens),
    ]


def _workload_places(work: Work) -> list[Place]:
    return [*(("workload", key) for key in WHOLE), *_questions(work, ("workload",), "workload", 0)]


def item_places(work: Work, group: str, index: int) -> list[Place]:
    """The places about one entry of a group, without those asked at the end."""
    start: Place = ("item", group, index)
    links: list[Place] = [(*start, key) for key in LINKS[group] if key not in LAST_LINKS and can_link(work, group, key)]
    return [*links, *_questions(work, start, GROUPS[group], index)]


def _group(work: Work, group: str) -> Iterator[Place]:
    for index in range(len(work.answers.items(group))):
        yield from item_places(work, group, index)
    yield ("list", group)


def _questions(work: Work, start: Place, scope: str, index: int) -> list[Place]:
    order = work.course.orders[scope]
    return [(*start, q.id) for q in order if work.outlook.state(q, index) == "asked"]


def _last_links(work: Work) -> Iterator[Place]:
    for group in work.groups():
        for key in LINKS[group]:
            if key in LAST_LINKS and can_link(work, group, key):
                for index in range(len(work.answers.items(group))):
                    yield ("item", group, index, key)


def can_link(work: Work, group: str, key: str) -> bool:
    """Whether there is anything to link to; sources, receivers and processes may also be named freely."""
    target = LINKS[group][key]
    return not target or bool(work.answers.items(target))


def subject_of(place: Place) -> Place:
    """What a place asks about: the workload, or one entry; () for all other places, and for links that are asked last."""
    if place[0] == "workload":
        return ("workload",)
    return place[:3] if place[0] == "item" and place[-1] not in LAST_LINKS else ()


def same_subject(work: Work, place: Place) -> list[Place]:
    """All places that ask about the same thing, in the order of asking."""
    about = subject_of(place)
    if not about:
        return []
    if about == ("workload",):
        return _workload_places(work)
    exists = int(about[2]) < len(work.answers.items(str(about[1])))
    return item_places(work, str(about[1]), int(about[2])) if exists else []


def weightiest(work: Work, places: list[Place]) -> Place | None:
    """Which of several places about one thing to go to first: links, then the question with the most at stake."""
    plain = next((p for p in places if work.question(p) is None), None)
    if plain is not None or not places:
        return plain
    return max(places, key=lambda p: work.outlook.weight((*scope_of(p), str(p[-1]))))


def taken_up_at(work: Work) -> Place:
    """Where to go on with a file: what is open beside the last answer in the order of asking, else what comes after it."""
    order = all_places(work)
    wanted = Open(work)
    done = [p for p in order if is_answered(work, p) or (p[0] == "list" and p[1] in work.said and p not in wanted)]
    last = done[-1] if done else ("opening",)
    beside = weightiest(work, [p for p in same_subject(work, last) if p in wanted])
    return beside or next_open(work, wanted, last)


def next_open(work: Work, wanted: Open, after: Place, also: Callable[[Place], bool] = lambda _: False) -> Place:
    """The first place after another that wants an answer, or of which `also` is true; the review, if there is none."""
    order = all_places(work)
    start = order.index(after) + 1 if after in order else 0
    found = next((p for p in order[start:] if p in wanted or also(p)), REVIEW)
    if found == MORE:  # it says that no single answer is missing: what was jumped over comes first
        found = next((p for p in order if p[0] in ("workload", "item") and p in wanted), found)
    return weightiest(work, [p for p in same_subject(work, found) if p in wanted]) or found


def first_of(work: Work, places: list[Place]) -> Place | None:
    """Where to begin with going through places: what is answered is seen first, then what has the most at stake."""
    return next((p for p in places if is_answered(work, p)), None) or weightiest(work, places)


def walk(work: Work, group: str, index: int) -> list[Place]:
    """The places of one entry that are gone through with it: what is answered, and what wants an answer."""
    wanted = Open(work)
    return [p for p in item_places(work, group, index) if p in wanted or wanted.has(path_of(p))]


def is_answered(work: Work, place: Place) -> bool:
    """Whether the file says anything at a place that can be answered: a value, unknown, or that it does not apply."""
    if place[0] not in ("workload", "item", "lens") or (place, work.answers.name) == (("workload", "name"), UNNAMED):
        return False
    return Open(work).has(path_of(place)) and work.document.trouble_at(path_of(place)) is None


class Open:
    """Which places still want an answer in a document."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.said = work.said

    def __contains__(self, place: Place) -> bool:
        if place in self.work.passed:
            return False
        if place[0] in ("workload", "item"):
            return self._wants_answer(place)
        if place[0] == "lens":
            return (
                place[1] not in (self.said.get("lens") or {}) and self.work.outlook.lens[str(place[1])].risk != "NOT_APPLICABLE"
            )
        if place[0] == "list":
            return self.said.get(str(place[1])) != [] and not self._goes_on_after(str(place[1]))
        return (
            place != MORE
            or bool(self.together() or self.sharpening())
            or any(("lens", q) in self for q in self.work.ruleset.lens)
        )

    def lens_left(self) -> list[Place]:
        """The lens questions without an answer, those that were passed over too."""
        lens = self.work.outlook.lens
        return [("lens", q) for q in self.work.ruleset.lens if not self.has(("lens", q)) and lens[q].risk != "NOT_APPLICABLE"]

    def sharpening(self) -> list[Place]:
        """The questions without an answer that no choice hangs on, but something else in the report."""
        return [p for p in all_places(self.work) if p[0] in ("workload", "item") and self.use(p) == SHARPENS]

    def together(self) -> list[Place]:
        """Those that could change a choice with others, and not alone."""
        return [p for p in all_places(self.work) if p[0] in ("workload", "item") and self.use(p) == TOGETHER]

    def turning(self) -> list[Place]:
        """Those that could change a choice or a class by themselves."""
        return [p for p in all_places(self.work) if p[0] in ("workload", "item") and self.use(p) == TURNS]

    def use(self, place: Place) -> str:
        """What an answer could still do at a place: `turns`, `together`, `sharpens` or `idle`; "" where nothing is open."""
        question = self.work.question(place)
        index = scope_of(place)[1]
        if question is None or self.work.outlook.answer(question, index) is not None:
            return ""
        return self.work.outlook.use(question, index)

    def _wants_answer(self, place: Place) -> bool:
        work = self.work
        question = work.question(place)
        if question is not None:
            scope, index = scope_of(place)
            if work.outlook.answer(question, index) is not None:
                return False
            return work.outlook.turns((scope, index, question.id)) or (bool(work.further) and self.use(place) in work.further)
        if place == ("workload", "name"):
            return work.answers.name == UNNAMED
        if place[0] == "workload":
            return not self.has(path_of(place)) and not self._gone_past(str(place[1]))
        return not self.has(path_of(place))

    def has(self, path: Place) -> bool:
        """Whether the file says anything at a path."""
        below: Any = self.said
        for part in path:
            if isinstance(below, dict):
                below = below.get(part)
            elif isinstance(below, list) and isinstance(part, int) and part < len(below):
                below = below[part]
            else:
                return False
        return below is not None

    def _gone_past(self, key: str) -> bool:
        """Whether something after one of the optional texts has an answer: then it was left out on purpose."""
        after = set(WHOLE[WHOLE.index(key) + 1 :]) | {q.id for q in self.work.ruleset.scope_questions("workload")}
        return bool(after & set(self.said.get("workload") or {}) or self.work.answers.groups)

    def _goes_on_after(self, group: str) -> bool:
        """Whether a later part of the file has something in it: then this list was left as complete."""
        later = [*self.work.groups()[self.work.groups().index(group) + 1 :], "lens", "sign_offs"]
        return group in self.said and any(self.said.get(part) not in (None, {}, []) or part in self.said for part in later)
