"""Which Question is worth asking next, or none; and what the decisions lean to while it is asked.

The order is the rule set's own, except that a question stands after those its relevance needs. A question is
`asked` where it can matter, `closed` where its relevance is false, and `waiting` where that hangs on an answer
that is not known: its answer would be judged as unknown then, so nobody is troubled with it.

Leanings come from the bounds of the totals alone. They never claim more than the report will: what the bounds
settle is settled, and where they do not, the report's exact search may still find the verdict decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wa_advisor.engine import evaluate as judge
from wa_advisor.model import GROUP_OF, GROUPS, SCOPES, Answer, Answers, Decision, Item, Question, RuleSet
from wa_advisor.ruleset.compile import names_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """What a choice decision leans to for one item; `open_questions` could still change it if not `settled`."""

    decision: str
    item: str
    choice: str | None
    settled: bool
    open_questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What an answer goes into: rules by decision, and derived values, risks."""

    rules: Mapping[str, tuple[str, ...]]
    derived: tuple[str, ...]
    risks: tuple[str, ...]


class Course:
    """What follows from a rule set alone: the order of asking, and what each decision leans on."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.orders = {scope: asking_order(ruleset, scope) for scope in SCOPES}
        self.needs = {d.id: _decision_needs(ruleset, d) for d in ruleset.decisions.values()}

    def touched(self, question: Question) -> list[Decision]:
        """The choice decisions about the item itself (about any, for the workload) that an answer can reach."""
        scopes = (question.scope,) if question.scope != "workload" else SCOPES
        decisions = self.ruleset.decisions.values()
        return [d for d in decisions if d.kind == "choice" and d.scope in scopes and question.id in self.needs[d.id]]


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

    def __init__(self, course: Course, answers: Answers) -> None:
        self.course = course
        self.ruleset = ruleset = course.ruleset
        self.answers = answers
        self.processes = judge.processes_of(answers)
        self.world = judge.World(ruleset, judge.Base(ruleset, answers, self.processes))
        self._judges: dict[tuple[str, str, int], judge.Judge] = {}

    def state(self, question: Question, index: int = 0) -> str:
        """`asked`, `waiting` or `closed` (see the module's first lines)."""
        truth = self.world.relevant((question.scope, index, question.id))
        return "waiting" if truth is None else "asked" if truth else "closed"

    def answer(self, question: Question, index: int = 0) -> Answer | None:
        return self.world.base.answer((question.scope, index, question.id))

    def unanswered(self, scope: str, index: int = 0) -> list[Question]:
        """The questions of an item that are worth asking and have no answer yet, in asking order."""
        return [q for q in self.course.orders[scope] if self.state(q, index) == "asked" and self.answer(q, index) is None]

    def next_question(self, scope: str, index: int = 0) -> Question | None:
        """The Question worth asking next about an item, or None."""
        return next(iter(self.unanswered(scope, index)), None)

    def remaining(self, scope: str, index: int = 0) -> tuple[int, int]:
        """How many answers are still to be asked for: at least, and at most if every branch opens."""
        least = most = 0
        for question in self.ruleset.scope_questions(scope):
            if self.answer(question, index) is None and (state := self.state(question, index)) != "closed":
                least += state == "asked"
                most += 1
        return least, most

    def leaning(self, decision: Decision, index: int) -> Leaning:
        """What one decision leans to for one item, from the bounds of the totals."""
        found = self._judge(decision, index)
        tallies = found.tally(found.truths(self.world))
        ranked = found.first(tallies)
        settled, winner = found.settled(tallies)
        names = {key[2].partition("#")[0] for key, _ in found.unknowns(self.world)}
        choice = ranked[0] if ranked else None
        return Leaning(
            decision=decision.id, item=found.item.name, choice=choice, settled=settled and winner == choice,
            open_questions=() if settled else tuple(q for q in self.ruleset.questions if q in names),
        )  # fmt: skip

    def candidates(self, decision: Decision, index: int) -> tuple[str, ...]:
        """The outcomes of a table decision that are still possible for one item."""
        domain = self.ruleset.domains[decision.id]
        mask = self.world.mask((decision.scope, index, decision.id))
        return tuple(c for i, c in enumerate(domain.choices) if mask >> i & 1)

    def _judge(self, decision: Decision, index: int) -> judge.Judge:
        key = (decision.scope, decision.id, index)
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


def uses(ruleset: RuleSet, question: str) -> Uses:
    """The rules, derived values and risks that an answer to the question goes into."""
    rules: dict[str, tuple[str, ...]] = {}
    for decision in ruleset.decisions.values():
        found = tuple(r.id for r in decision.rules if _leans(ruleset, r.when, question))
        if found:
            rules[decision.id] = found
    return Uses(
        rules=rules,
        derived=tuple(d for d in ruleset.derived if question in ruleset.needs.get(d, ())),
        risks=tuple(r.id for r in ruleset.risks.values() if _leans(ruleset, r.when, question)),
    )


def _leans(ruleset: RuleSet, tree: Any, question: str) -> bool:
    names = names_in(tree)
    return question in names or any(question in ruleset.needs.get(n, ()) for n in names if n not in ruleset.decisions)


def unanswered_everywhere(outlook: Outlook) -> Iterator[tuple[str, int, Question]]:
    """(scope, index, Question) of all that is worth asking and not answered, in the order of asking."""
    for question in outlook.unanswered("workload"):
        yield "workload", 0, question
    for group, scope in GROUPS.items():
        items = outlook.processes if group == "processes" else outlook.answers.items(group)
        for index in range(len(items)):
            for question in outlook.unanswered(scope, index):
                yield scope, index, question
