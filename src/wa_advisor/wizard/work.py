"""What every page of the interview works on: the document, what follows from it, and what was seen so far."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, Generic, TypeVar

from msgspec import Struct

from wa_advisor.answers_file.edit import tree
from wa_advisor.engine.assessment import Truth
from wa_advisor.engine.evaluate import (
    Assessment,
    Base,
    Memory,
    SignOffState,
    Verdict,
    World,
    evaluate,
    judged,
    processes_of,
)
from wa_advisor.engine.flow import Course, Outlook
from wa_advisor.engine.sign_offs import sign_off_states
from wa_advisor.model import GROUPS, Answers, Item, Question, RuleSet
from wa_advisor.wizard.aside import Path
from wa_advisor.wizard.document import Document
from wa_advisor.wizard.screen import Place, Reply, Text

GROUP_TITLES = {
    "access_patterns": (
        "Access patterns",
        "access pattern",
        "One way the data is read or written: load a cart by its owner. Each gets its own verdict.",
    ),
    "components": ("Components", "component", "One unit that computes: the API handlers, a nightly export."),
    "interfaces": ("Interfaces", "interface", "One face to callers: a public API, live updates to browsers."),
    "hand_overs": ("Hand-overs", "hand-over", "Work or events passed on: an order placed, from the shop to billing."),
    "processes": ("Processes", "process", "Several steps that belong together and end together: a booking."),
}


Made = TypeVar("Made")


class Ahead(Generic[Made]):
    """A value that is made when it is wanted, or aside before."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: list[Made] = []
        self._thread: Thread | None = None

    def begin(self) -> None:
        if self._thread is None and not self._made:
            self._thread = Thread(target=self._aside, daemon=True)
            self._thread.start()

    def _aside(self) -> None:
        with suppress(Exception):  # what fails aside fails again where it is wanted, and is seen there
            self._made.append(self._make())

    def get(self) -> Made:
        if self._thread is not None and not self._made:
            self._thread.join()
        if not self._made:
            self._made.append(self._make())
        return self._made[0]


class Outcome(Struct, frozen=True, kw_only=True):
    """What a page makes of a reply: stay (with a problem or a notice) or go on, perhaps with a new document.

    `to` is where to go, None the next place in order. `open` are places to be walked through although they
    are answered. `forget` names a group whose entries have moved. `behind` is where back leads from `to`. `reading` is to be read first. `over` ends the interview.
    """

    document: Document | None = None
    to: Place | None = None
    stay: bool = False
    problem: str = ""
    notice: str = ""
    open: tuple[Place, ...] = ()
    forget: str = ""
    reading: Text | None = None
    over: bool = False
    behind: Place | None = None


class Before(Struct, frozen=True):
    """What a choice leaned to, and the truths of its rules."""

    choice: str | None
    truths: tuple[Truth, ...]


def stay(problem: str = "", notice: str = "") -> Outcome:
    return Outcome(stay=True, problem=problem, notice=notice)


class Removal(Struct, frozen=True, kw_only=True):
    """An entry that was taken out, the text before, and the number of the change, so that it can be undone right after."""

    group: str
    index: int
    name: str
    before: str
    change: int


class Work:
    """The document and what follows from it, computed once for each text."""

    def __init__(self, document: Document, course: Course | None = None, memory: Memory | None = None) -> None:
        self.course = course or Course(document.ruleset)
        self.memory = memory or Memory(document.ruleset)
        self.passed: set[Place] = set()
        self.drafts: dict[Place, str] = {}
        self.halves: dict[Place, Reply] = {}  # forms, picks and reasons that were given and could not be taken
        self.asked_twice: Place | None = None
        self.resumed = False
        self.written = ""  # the version of the rules that the file named when this run began
        self.today = ""
        self.here: Place = ("opening",)  # where one was when the list of parts was asked for
        self.cursors: dict[Place, str] = {}  # the row that was acted on last, where a list is come back to
        self.leads: dict[Place, Place] = {}  # where to go on from a place that was gone to for itself alone
        self.removal: Removal | None = None
        self.changes = 0
        self.before: dict[tuple[str, int], Before] = {}  # what an item's choices leaned to before the last answer
        self.further: frozenset[str] = frozenset()  # which uses are asked too, beside those that turn a choice
        self.set_document(document)

    def set_document(self, document: Document) -> None:
        self.changes += 1
        self.document = document
        self.outlook = Outlook(self.course, document.answers, self.memory)
        self._said: dict[str, Any] | None = None
        self._verdicts = Ahead(lambda: _judged(document, self.memory))
        self._assessment = Ahead(lambda: _assessed(document, self.memory))

    @property
    def said(self) -> dict[str, Any]:
        """What the text says, as `answers_file.edit.tree` gives it; to be read only."""
        if self._said is None:
            self._said = tree(self.document.text)
        return self._said

    @property
    def ruleset(self) -> RuleSet:
        return self.document.ruleset

    @property
    def answers(self) -> Answers:
        return self.document.answers

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts of the report, with their exact certainty; `outlook` has leanings at once."""
        return self._verdicts.get()

    @property
    def sign_offs(self) -> tuple[SignOffState, ...]:
        """What needs a sign-off, and whether it has one that is valid today."""
        return tuple(sign_off_states(self.ruleset, self.answers, self.verdicts, self.today))

    @property
    def assessment(self) -> Assessment:
        """The whole Assessment, with limits, costs and all: only the last pages need it."""
        return self._assessment.get()

    def look_ahead(self, *, whole: bool) -> None:
        """Begins to judge while the person reads and types, so that the pages with verdicts come up at once."""
        self._verdicts.begin()
        if whole:
            self._assessment.begin()

    def groups(self) -> list[str]:
        """The groups to ask about: those the rule set has questions for or decides on, and those in the file."""
        decided = {d.scope for d in self.ruleset.decisions.values()} | {q.scope for q in self.ruleset.questions.values()}
        return [g for g, scope in GROUPS.items() if scope in decided or self.answers.items(g)]

    def item(self, group: str, index: int) -> Item:
        return self.answers.items(group)[index]

    def question(self, place: Place) -> Question | None:
        """The question of the rule set that is asked at a place."""
        key = str(place[-1])
        found = self.ruleset.questions.get(key)
        if place[0] == "workload" and found is not None and found.scope == "workload":
            return found
        if place[0] == "item" and found is not None and found.scope == GROUPS[str(place[1])]:
            return found
        return None


def path_of(place: Place) -> Path:
    """Where in the file the answer of a place stands."""
    return place[1:] if place[0] == "item" else place


def scope_of(place: Place) -> tuple[str, int]:
    """The scope and index of the item that a place is about."""
    if place[0] == "item":
        return GROUPS[str(place[1])], int(place[2])
    return "workload", 0


def _judged(document: Document, memory: Memory) -> tuple[Verdict, ...]:
    answers = document.answers
    world = World(document.ruleset, Base(document.ruleset, answers, processes_of(answers)))
    return tuple(judged(world, memory))


def _assessed(document: Document, memory: Memory) -> Assessment:
    return evaluate(document.ruleset, document.answers, memory=memory)
