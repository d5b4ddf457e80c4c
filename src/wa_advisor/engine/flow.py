"""Which Question is worth asking next, or none; and what the decisions lean to while it is asked.

A question stands after those its relevance needs; of those that are worth asking about an item the weightiest is first. A question is
`asked` where it can matter, `closed` where its relevance is false, and `waiting` where that hangs on an answer
that is not known: its answer would be judged as unknown then, so nobody is troubled with it.

What is asked is told apart once more by what its answer can still do. It `turns` while it could change a choice by
itself, or a class; these are asked first, one after the other. It counts `together` when a choice hangs on it, but
only with other answers. It `sharpens` when no choice does, but a limit, a computed value, the mix, a risk, advice or
the lens. It is `idle` when nothing that is open uses it: no answer to it changes any line of the report but its own.

Leanings come from the bounds of the totals, and where these leave a choice open from the exact search of the report, cut
short: what they call settled the report calls decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from wa_advisor.engine import evaluate as judge
from wa_advisor.engine.assessment import Truth
from wa_advisor.engine.feeds import Feeds
from wa_advisor.engine.lens import lens_verdicts
from wa_advisor.engine.memory import Memory
from wa_advisor.engine.pushes import Push, push_of
from wa_advisor.engine.residue import NOTHING, Keys, Residue
from wa_advisor.engine.stakes import Stakes, stakes_of
from wa_advisor.engine.turn import Turn, turn_of
from wa_advisor.engine.world import Key
from wa_advisor.model import GROUP_OF, GROUPS, SCOPES, Answer, Answers, Decision, Item, Question, RuleSet
from wa_advisor.ruleset.compile import names_in

TURNS, TOGETHER, SHARPENS, IDLE = "turns", "together", "sharpens", "idle"
_CLASS = 1000
_TRIED = 100
"""How many completions are tried at most to find a choice decided, so that the next question is not kept waiting."""


class Leaning(Struct, frozen=True, kw_only=True):
    """What a choice decision leans to for one item. Unless `settled`, `open_questions` could still change it, of which
    `unknown` are answered so; `turning` says whether one of them could alone."""

    decision: str
    item: str
    choice: str | None
    settled: bool
    open_questions: tuple[str, ...]
    unknown: tuple[str, ...]
    turning: bool


class Course:
    """What follows from a rule set alone: the order of asking, and what each decision leans on."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.orders = {scope: asking_order(ruleset, scope) for scope in SCOPES}
        self.position = {q.id: n for order in self.orders.values() for n, q in enumerate(order)}
        self.needs = {d.id: _decision_needs(ruleset, d) for d in ruleset.decisions.values()}
        self.reached: dict[str, list[Decision]] = {q: [] for q in ruleset.questions}
        for decision in ruleset.decisions.values():
            for name in self.needs[decision.id] & self.reached.keys():
                self.reached[name].append(decision)

    def touched(self, question: Question) -> list[Decision]:
        """The choice decisions about the item itself (about any, for the workload) that an answer can reach."""
        scopes = (question.scope,) if question.scope != "workload" else SCOPES
        return [d for d in self.reached[question.id] if d.kind == "choice" and d.scope in scopes]


def asking_order(ruleset: RuleSet, scope: str) -> list[Question]:
    """The questions of a scope, each after those that its relevance needs."""
    waiting = ruleset.scope_questions(scope)
    own = {q.id for q in waiting}
    done: list[Question] = []
    known: set[str] = set()
    while waiting:
        ready = next((q for q in waiting if not (ruleset.needs.get(q.id, frozenset()) & own) - known - {q.id}), waiting[0])
        waiting.remove(ready)
        known.add(ready.id)
        done.append(ready)
    return done


class Outlook:
    """Answers seen through a rule set: which questions matter now, and what the decisions lean to."""

    def __init__(self, course: Course, answers: Answers, memory: Memory | None = None) -> None:
        """`memory` keeps what was judged from one Outlook to the next; what is seen is the same without it."""
        self.course = course
        self.memory = memory or Memory(course.ruleset)
        self.ruleset = ruleset = course.ruleset
        self.answers = answers
        self.processes = judge.processes_of(answers)
        self.world = judge.World(ruleset, judge.Base(ruleset, answers, self.processes))
        self.residue = Residue(self.world)
        self._judges: dict[tuple[str, int], judge.Judge] = {}
        self._stakes: dict[tuple[str, int], Stakes] = {}

    def state(self, question: Question, index: int = 0) -> str:
        """`asked`, `waiting` or `closed` (see the module's first lines)."""
        truth = self.world.relevant((question.scope, index, question.id))
        return "waiting" if truth is None else "asked" if truth else "closed"

    def answer(self, question: Question, index: int = 0) -> Answer | None:
        return self.world.base.answer((question.scope, index, question.id))

    # -- what an answer can still do ---------------------------------------------------------------

    def use(self, question: Question, index: int = 0) -> str:
        """What an answer could still do: `turns`, `together`, `sharpens` or `idle`."""
        key = (question.scope, index, question.id)
        if self.turns(key):
            return TURNS
        if self.hangs_on(key):
            return TOGETHER
        return SHARPENS if self.feeds(question, index) else IDLE

    def feeds(self, question: Question, index: int = 0) -> tuple[str, ...]:
        """What is open and hangs on an answer beside the verdicts: one or more of `feeds.KINDS`."""
        return self._feeds.of((question.scope, index, question.id))

    @cached_property
    def _feeds(self) -> Feeds:
        return Feeds(self.residue, Residue(self._settled))

    @cached_property
    def _settled(self) -> judge.World:
        """The same answers with each choice as it stands: what the team proposes, else what it leans to."""
        world = judge.World(self.ruleset, self.world.base)
        world.subjects = self._subjects()
        return world

    @cached_property
    def lens(self) -> dict[str, judge.LensVerdict]:
        """Each lens question as it would be judged now, with what its practices touch."""
        return {v.id: v for v in lens_verdicts(self._settled, self.answers, self.processes)}

    def turns(self, key: Key) -> bool:
        """Whether an answer could change a choice or a class by itself."""
        return self._in_stakes(key, lambda stakes: stakes.turns)

    def hangs_on(self, key: Key) -> bool:
        """Whether a choice or a class hangs on an answer, by itself or with others."""
        return self._in_stakes(key, lambda stakes: stakes.hangs_on)

    def weight(self, key: Key) -> float:
        """How much of what is open about an item lies with an answer; the weightiest is worth asking first.

        What the rule set asks later weighs less: people are led from the plain to the particular, and over chance answers
        no more questions are needed so.
        """
        decisions = [d for d in self.course.reached[key[2]] if d.scope == key[0]]
        return sum(self.stakes(d, key[1]).weight.get(key, 0) for d in decisions) / (1 + self.course.position[key[2]] / 5)

    def _in_stakes(self, key: Key, part: Callable[[Stakes], Keys]) -> bool:
        """Whether a verdict has an answer at stake. A group that is not listed yet may have any entry."""
        for decision in self.course.reached[key[2]]:
            if decision.scope == key[0]:
                if key in part(self.stakes(decision, key[1])):
                    return True
                continue
            count = self._count(decision.scope)
            if count is None or any(key in part(self.stakes(decision, i)) for i in range(count)):
                return True
        return False

    def _count(self, scope: str) -> int | None:
        """How many entries a scope has; None where its group is not listed yet."""
        if scope == "workload":
            return 1
        if scope == "process":
            return len(self.processes) or (0 if "hand_overs" in self.answers.groups else None)
        group = self.answers.groups.get(GROUP_OF[scope])
        return None if group is None else len(group)

    def stakes(self, decision: Decision, index: int) -> Stakes:
        """What the verdict of one decision about one item still hangs on."""
        key = (decision.id, index)
        if key not in self._stakes:
            if decision.kind == "table":
                keys = self.residue.value((decision.scope, index, decision.id))
                # a class is asked for before all that hangs on it, in the order of the rule set
                last = len(self.course.orders[decision.scope])
                order = {q.id: _CLASS + last - n for n, q in enumerate(self.course.orders[decision.scope])}
                self._stakes[key] = Stakes(choice=None, hangs_on=keys, turns=keys, weight={k: order.get(k[2], 0) for k in keys})
            else:
                self._stakes[key] = self._choice_stakes(self._judge(decision, index))
        return self._stakes[key]

    def _choice_stakes(self, made: judge.Judge) -> Stakes:
        """What a choice still hangs on: nothing, where the search finds it decided."""
        found = stakes_of(made, self.residue)
        if found.choice and found.hangs_on and self.memory.is_decided(made, self.answers, _TRIED):
            return Stakes(choice=found.choice, hangs_on=NOTHING, turns=NOTHING, weight={})
        return found

    # -- what is left to ask -----------------------------------------------------------------------

    def unanswered(self, scope: str, index: int = 0) -> list[Question]:
        """The questions of an item that can matter and have no answer yet, in asking order."""
        return [q for q in self.course.orders[scope] if self.state(q, index) == "asked" and self.answer(q, index) is None]

    def worth_asking(self, scope: str, index: int = 0) -> list[Question]:
        """Those of them whose answer could change a choice or a class by itself, the weightiest first."""
        found = [q for q in self.unanswered(scope, index) if self.turns((scope, index, q.id))]
        return sorted(found, key=lambda q: -self.weight((scope, index, q.id)))

    def may_be_asked(self, scope: str, index: int = 0, *, sharpening: bool = False) -> list[Question]:
        """The questions of an item without an answer that are asked now, or may come to be asked: whatever else is answered
        about the item, no other one ever turns a choice or a class. With `sharpening` also what may feed something else."""
        found = []
        for question in self.course.orders[scope]:
            if self.answer(question, index) is None and self.state(question, index) != "closed":
                if sharpening or self.hangs_on((scope, index, question.id)):
                    found.append(question)
        return found

    def next_question(self, scope: str, index: int = 0) -> Question | None:
        """The Question worth asking next about an item, or None."""
        return next(iter(self.worth_asking(scope, index)), None)

    # -- leanings ----------------------------------------------------------------------------------

    def leaning(self, decision: Decision, index: int) -> Leaning:
        """What one decision leans to for one item, from the bounds of the totals."""
        stakes = self.stakes(decision, index)
        names = {key[2] for key in stakes.hangs_on}
        unasked = {key[2] for key in stakes.hangs_on if self.world.base.answer(key) is None}
        ordered = [q for q in self.ruleset.questions if q in names]
        return Leaning(
            decision=decision.id, item=self.item(decision.scope, index).name, choice=stakes.choice, settled=not names,
            open_questions=tuple(ordered), unknown=tuple(q for q in ordered if q not in unasked), turning=bool(stakes.turns),
        )  # fmt: skip

    def truths(self, decision: Decision, index: int) -> tuple[Truth, ...]:
        """The truth of each rule of a choice for one item."""
        return tuple(self._judge(decision, index).truths(self.world))

    def turn(self, decision: Decision, index: int, before: Sequence[Truth], was: str | None) -> Turn | None:
        """What has made one choice of another, whose rules had other truths before."""
        now = self.leaning(decision, index).choice
        return turn_of(self._judge(decision, index), before, self.truths(decision, index), was, now)

    def push(self, decision: Decision, index: int, question: Question, place: int) -> Push:
        """Which way the answers to a question about the item at a place push one choice about one item."""
        return push_of(self._judge(decision, index), question, (question.scope, place, question.id))

    def classed(self, decision: Decision, index: int, question: Question) -> dict[str, tuple[str, ...]]:
        """The outcomes of a table decision that each answer to a question of choices leaves possible."""
        names = self.ruleset.domains[decision.id].choices
        key = (question.scope, index, question.id)
        found = {}
        for n, word in enumerate(self.ruleset.domains[question.id].choices):
            mask = self.world.instead(key, 1 << n).mask((decision.scope, index, decision.id))
            found[word] = tuple(name for i, name in enumerate(names) if mask >> i & 1)
        return found

    def _subjects(self) -> dict[tuple[str, str], str | None]:
        found: dict[tuple[str, str], str | None] = {}
        for decision in self.ruleset.decisions.values():
            for index in range(self._count(decision.scope) or 0) if decision.kind == "choice" else ():
                item = self.item(decision.scope, index)
                found[decision.id, item.name] = item.proposed or self.leaning(decision, index).choice
        return found

    def candidates(self, decision: Decision, index: int) -> tuple[str, ...]:
        """The outcomes of a table decision that are still possible for one item."""
        domain = self.ruleset.domains[decision.id]
        mask = self.world.mask((decision.scope, index, decision.id))
        return tuple(c for i, c in enumerate(domain.choices) if mask >> i & 1)

    def _judge(self, decision: Decision, index: int) -> judge.Judge:
        key = (decision.id, index)
        if key not in self._judges:
            self._judges[key] = judge.Judge(self.world, decision, decision.scope, index, self.item(decision.scope, index))
        return self._judges[key]

    def item(self, scope: str, index: int) -> Item:
        if scope == "workload":
            return Item(name=self.answers.name, answers=self.answers.workload)
        items = self.processes if scope == "process" else self.answers.items(GROUP_OF[scope])
        return items[index]


def _decision_needs(ruleset: RuleSet, decision: Decision) -> frozenset[str]:
    """Every name that the rules of a decision lean on, directly or through others."""
    found: set[str] = set()
    for rule in decision.rules:
        for name in names_in(rule.when):
            found |= {name} | ruleset.needs.get(name, frozenset())
    return frozenset(found)


def unanswered_everywhere(outlook: Outlook) -> Iterator[tuple[str, int, Question]]:
    """(scope, index, Question) of all that can matter and is not answered, in the order of asking."""
    for question in outlook.unanswered("workload"):
        yield "workload", 0, question
    for group, scope in GROUPS.items():
        items = outlook.processes if group == "processes" else outlook.answers.items(group)
        for index in range(len(items)):
            for question in outlook.unanswered(scope, index):
                yield scope, index, question
