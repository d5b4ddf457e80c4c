"""A second evaluator, plain and slow, written from the semantics alone: it shares no code with the product.

It takes rule sets and answers as plain records, judges in three values, and finds out how sure a first choice is by
trying every completion of the unknown answers over a grid of values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

INFINITE = math.inf
Truth = bool | None
SCOPES = ("workload", "access_pattern", "component")


@dataclass
class Question:
    id: str
    scope: str
    type: str  # choice, choices, yes-no, duration, count
    choices: tuple[str, ...] = ()
    when: Any = None
    most: int = 0  # the upper bound of a quantity; the lower one is 0


@dataclass
class Derived:
    id: str
    scope: str
    type: str
    value: Any


@dataclass
class Rule:
    id: str
    kind: str  # constraint, argument, row
    when: Any
    options: tuple[str, ...] = ()
    direction: str = ""
    strength: str = ""
    outcome: str = ""


@dataclass
class Decision:
    id: str
    scope: str
    options: tuple[str, ...]
    rules: list[Rule]
    preference: tuple[str, ...] = ()
    otherwise: str = ""  # of a table; "" for a choice


@dataclass
class Rules:
    questions: dict[str, Question] = field(default_factory=dict)
    conditions: dict[str, tuple[str, Any]] = field(default_factory=dict)  # id: (scope, condition)
    derived: dict[str, Derived] = field(default_factory=dict)
    tables: dict[str, Decision] = field(default_factory=dict)
    choices: dict[str, Decision] = field(default_factory=dict)
    assumed: dict[str, tuple[str, Any]] = field(default_factory=dict)  # id: (scope, what never occurs)
    facts: dict[str, int] = field(default_factory=dict)
    banned: tuple[str, ...] = ()


# An answer is ("unknown",), ("na",), ("is", choice), ("list", choices) or ("range", low, high).
Answers = dict[str, list[dict[str, tuple[Any, ...]]] | None]
Place = tuple[str, int]


@dataclass
class Amount:
    """What a quantity may be. `applies` is False where it has no value, None where that is not known."""

    low: Any
    high: Any
    applies: Truth = True


class Reference:
    def __init__(self, rules: Rules, answers: Answers, fixed: dict[tuple[str, int, str], Any] | None = None) -> None:
        self.rules = rules
        self.answers = answers
        self.fixed = fixed or {}  # derived values over groups that are not given, as one completion has them

    # -- three values ------------------------------------------------------------------------------

    def truth(self, tree: Any, place: Place) -> Truth:
        kind = tree[0]
        if kind == "not":
            return invert(self.truth(tree[1], place))
        if kind == "and":
            return conjunction([self.truth(part, place) for part in tree[1]])
        if kind == "or":
            return invert(conjunction([invert(self.truth(part, place)) for part in tree[1]]))
        if kind == "named":
            scope, condition = self.rules.conditions[tree[1]]
            return self.truth(condition, self.home(scope, place))
        return self.comparison(tree, place)

    def home(self, scope: str, place: Place) -> Place:
        return ("workload", 0) if scope == "workload" else place

    def comparison(self, tree: Any, place: Place) -> Truth:
        kind, name = tree[0], tree[1]
        if name in self.rules.questions:
            question = self.rules.questions[name]
            place = self.home(question.scope, place)
            relevant = self.relevant(question, place)
            if not relevant:
                return relevant
            answer = self.answer(place, name)
            if answer[0] == "unknown":
                return None
            if answer[0] == "na":
                return False
            if kind == "is":
                return answer[1] in tree[2]
            if kind == "has":
                return tree[2] in answer[1]
            return self.holds(self.amount_of(question, place), tree)
        if name in self.rules.derived:
            derived = self.rules.derived[name]
            place = self.home(derived.scope, place)
            if derived.type == "yes-no":
                return self.quantified(derived, place)
            return self.holds(self.computed(derived, place), tree)
        outcomes = self.outcomes(self.rules.tables[name], place)
        if outcomes <= set(tree[2]):
            return True
        return None if outcomes & set(tree[2]) else False

    def relevant(self, question: Question, place: Place) -> Truth:
        return True if question.when is None else self.truth(question.when, place)

    def answer(self, place: Place, name: str) -> tuple[Any, ...]:
        items = self.answers[place[0]]
        assert items is not None
        return items[place[1]].get(name, ("unknown",))

    def holds(self, amount: Amount, tree: Any) -> Truth:
        """Whether a comparison with a number holds for all that an amount may be, for none, or neither."""
        if amount.applies is False:
            return False
        limit = self.rules.facts.get(tree[3], tree[3])
        compare: dict[str, Callable[[Any], bool]] = {
            ">": lambda v: v > limit, ">=": lambda v: v >= limit, "<": lambda v: v < limit, "<=": lambda v: v <= limit,
        }  # fmt: skip
        ends = [compare[tree[2]](amount.low), compare[tree[2]](amount.high)]
        if not any(ends):
            return False
        return True if all(ends) and amount.applies else None

    def outcomes(self, table: Decision, place: Place) -> set[str]:
        found = set()
        for rule in table.rules:
            truth = self.truth(rule.when, place)
            if truth is not False:
                found.add(rule.outcome)
            if truth:
                return found
        return found | {table.otherwise}

    # -- amounts -----------------------------------------------------------------------------------

    def amount_of(self, question: Question, place: Place) -> Amount:
        relevant = self.relevant(question, place)
        answer = self.answer(place, question.id)
        if relevant is False or answer[0] == "na":
            return Amount(0, 0, False)
        if answer[0] == "unknown":
            return Amount(0, question.most, None)
        low, high = answer[1:3]
        if question.type == "count":
            low, high = math.ceil(low), math.floor(high)
        return Amount(low, high, relevant)

    def computed(self, derived: Derived, place: Place) -> Amount:
        if (*place, derived.id) in self.fixed:
            value = self.fixed[*place, derived.id]
            return Amount(value, value)
        return self.compute(derived.value, place)

    def compute(self, tree: Any, place: Place) -> Amount:
        kind = tree[0]
        if kind == "num":
            return Amount(tree[1], tree[1])
        if kind == "name":
            if tree[1] in self.rules.questions:
                question = self.rules.questions[tree[1]]
                return self.amount_of(question, self.home(question.scope, place))
            derived = self.rules.derived[tree[1]]
            return self.computed(derived, self.home(derived.scope, place))
        if kind == "over":
            return self.gathered(tree)
        one, other = self.compute(tree[1], place), self.compute(tree[2], place)
        if one.applies is False or other.applies is False:
            return Amount(0, 0, False)
        applies = True if one.applies and other.applies else None
        if kind == "/":
            if other.low == 0 == other.high:
                return Amount(0, 0, False)
            if other.low == 0:
                applies = None
            other = Amount(inverse(other.high), inverse(other.low))
        corners = [reckon(kind, a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
        if kind in ("min", "max"):
            pick = min if kind == "min" else max
            return Amount(pick(one.low, other.low), pick(one.high, other.high), applies)
        return Amount(min(corners), max(corners), applies)

    def members(self, tree: Any) -> list[tuple[Truth, Amount]] | None:
        """For each entry of a group whether the filter takes it, and its amount."""
        _, _, scope, name, condition = tree
        items = self.answers[scope]
        if items is None:
            return None
        found = []
        for index in range(len(items)):
            taken = True if condition is None else self.truth(condition, (scope, index))
            found.append((taken, self.compute(("name", name), (scope, index)) if name else Amount(1, 1)))
        return found

    def quantified(self, derived: Derived, place: Place) -> Truth:
        if (*place, derived.id) in self.fixed:
            return bool(self.fixed[*place, derived.id])
        members = self.members(derived.value)
        if members is None:
            return None
        truths = [taken for taken, _ in members]
        return conjunction(truths) if derived.value[1] == "all" else invert(conjunction([invert(t) for t in truths]))

    def gathered(self, tree: Any) -> Amount:
        members = self.members(tree)
        if members is None:
            return Amount(0, INFINITE)
        sure = [a for taken, a in members if taken is True and a.applies is True]
        perhaps = [a for taken, a in members if taken is not False and a.applies is not False]
        if tree[1] == "max":
            low = max((a.low for a in sure), default=0)
            return Amount(low, max((a.high for a in perhaps), default=0))
        return Amount(sum(a.low for a in sure), sum(a.high for a in perhaps))

    # -- choices -----------------------------------------------------------------------------------

    def tallies(self, decision: Decision, place: Place) -> dict[str, dict[str, Any]]:
        found = {o: {"state": "viable", "now": 0, "low": 0, "high": 0, "spoken": False} for o in decision.options}
        for option in decision.options:
            if option in self.rules.banned:
                found[option]["state"] = "eliminated"
        for rule in decision.rules:
            truth = self.truth(rule.when, place)
            for option in rule.options:
                self.count(found[option], rule, truth)
        return found

    def count(self, tally: dict[str, Any], rule: Rule, truth: Truth) -> None:
        if truth is False:
            return
        if rule.kind == "constraint":
            if truth:
                tally["state"] = "eliminated"
            elif tally["state"] == "viable":
                tally["state"] = "conditional"
            return
        points = {"strong": 4, "moderate": 2, "slight": 1}[rule.strength] * (1 if rule.direction == "for" else -1)
        if truth:
            tally["now"] += points
            tally["spoken"] = tally["spoken"] or points > 0
        if truth or points < 0:
            tally["low"] += points
        if truth or points > 0:
            tally["high"] += points

    def ranked(self, decision: Decision, place: Place) -> list[str]:
        tallies = self.tallies(decision, place)
        fit = [o for o in decision.options if tallies[o]["state"] != "eliminated" and tallies[o]["spoken"]]
        return sorted(fit, key=lambda o: (-tallies[o]["now"], decision.preference.index(o)))

    def first(self, decision: Decision, place: Place) -> str | None:
        return next(iter(self.ranked(decision, place)), None)

    def occurs(self, place: Place) -> bool:
        """Whether no assumption is contradicted."""
        return not any(
            self.truth(tree, self.home(scope, place))
            for scope, tree in self.rules.assumed.values()
            if scope in ("workload", place[0])
        )


def invert(truth: Truth) -> Truth:
    return None if truth is None else not truth


def conjunction(truths: list[Truth]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def inverse(value: Any) -> Any:
    return INFINITE if value == 0 else 0 if value == INFINITE else Fraction(1) / value


def reckon(kind: str, one: Any, other: Any) -> Any:
    if kind == "+":
        return one + other
    if kind == "-":
        return max(0, one - other)  # what is left is at least none
    return 0 if one == 0 or other == 0 else one * other


# -- certainty by trying everything ------------------------------------------------------------------


def grid(question: Question, low: Any = 0, high: Any = None) -> list[Any]:
    """Values that stand for all: whole numbers, or every quarter."""
    high = question.most if high is None else high
    step = 1 if question.type == "count" else Fraction(1, 4)
    found = [Fraction(step) * i for i in range(int(question.most / step) + 1)]
    if question.type != "count":
        found += [Fraction(low), Fraction(high)]
    return sorted({v for v in found if low <= v <= high})


def possible(question: Question, answer: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Every answer that an unknown or partly known one may turn out to be."""
    if answer[0] == "range":
        return [("range", v, v) for v in grid(question, answer[1], answer[2])] if answer[1] != answer[2] else [answer]
    if answer[0] != "unknown":
        return [answer]
    if question.type == "choices":
        lists = product((False, True), repeat=len(question.choices))
        return [("na",), *(("list", tuple(c for c, on in zip(question.choices, one, strict=True) if on)) for one in lists)]
    if question.type in ("choice", "yes-no"):
        return [("na",), *(("is", c) for c in question.choices)]
    return [("na",), *(("range", v, v) for v in grid(question))]


def leans_on(rules: Rules, tree: Any) -> set[str]:
    """Every name that a condition or expression leans on."""
    kind = tree[0]
    if kind in ("and", "or"):
        return set().union(*(leans_on(rules, part) for part in tree[1]))
    if kind == "not":
        return leans_on(rules, tree[1])
    if kind == "num":
        return set()
    if kind in ("+", "-", "*", "/", "min", "max"):
        return leans_on(rules, tree[1]) | leans_on(rules, tree[2])
    if kind == "over":
        found = name_leans_on(rules, tree[3]) if tree[3] else set()
        return found | (leans_on(rules, tree[4]) if tree[4] is not None else set())
    return name_leans_on(rules, tree[1])


def name_leans_on(rules: Rules, name: str) -> set[str]:
    found = {name}
    if name in rules.conditions:
        found |= leans_on(rules, rules.conditions[name][1])
    elif name in rules.derived:
        found |= leans_on(rules, rules.derived[name].value)
    elif name in rules.tables:
        for rule in rules.tables[name].rules:
            found |= leans_on(rules, rule.when)
    elif rules.questions[name].when is not None:
        found |= leans_on(rules, rules.questions[name].when)
    return found


class TooLargeError(Exception):
    """More completions than a test should try."""


def completions(rules: Rules, answers: Answers, names: set[str], place: Place, most: int) -> Iterator[Reference]:
    """Every way the unknown answers among some names may turn out."""
    spots: list[tuple[str, int, str, list[tuple[Any, ...]]]] = []
    for scope in SCOPES:
        for index in range(len(answers[scope] or ())):
            for name in sorted(names & rules.questions.keys()):
                question = rules.questions[name]
                if question.scope == scope and (
                    scope in ("workload",) or (scope, index) == place or gathers(rules, names, scope)
                ):
                    ways = possible(question, (answers[scope] or [])[index].get(name, ("unknown",)))
                    if len(ways) > 1:
                        spots.append((scope, index, name, ways))
    free = list(open_groups(rules, answers, names, place))
    if math.prod([len(s[3]) for s in spots] + [len(f[1]) for f in free]) > most:
        raise TooLargeError
    for combination in product(*(s[3] for s in spots)):
        whole: Answers = {s: None if items is None else [dict(i) for i in items] for s, items in answers.items()}
        for (scope, index, name, _), answer in zip(spots, combination, strict=True):
            (whole[scope] or [])[index][name] = answer
        for values in product(*(f[1] for f in free)):
            yield Reference(rules, whole, dict(zip((f[0] for f in free), values, strict=True)))


def gathers(rules: Rules, names: set[str], scope: str) -> bool:
    return any(n in rules.derived and rules.derived[n].value[0] == "over" and rules.derived[n].value[2] == scope for n in names)


def open_groups(
    rules: Rules, answers: Answers, names: set[str], place: Place
) -> Iterator[tuple[tuple[str, int, str], list[Any]]]:
    """Derived values over a group that is not given, with what they may turn out to be."""
    for name in sorted(names & rules.derived.keys()):
        derived = rules.derived[name]
        if derived.value[0] == "over" and answers[derived.value[2]] is None:
            home = ("workload", 0) if derived.scope == "workload" else place
            yes_no = derived.type == "yes-no"
            yield (*home, name), [True, False] if yes_no else [Fraction(i, 2) for i in range(18)]


def certainty(rules: Rules, answers: Answers, decision: Decision, place: Place, most: int = 2000) -> str:
    """decided, leaning or open; TooLargeError beyond so many completions."""
    now = Reference(rules, answers)
    choice = now.first(decision, place)
    if choice is None:
        return "open"
    names = set().union(*(leans_on(rules, r.when) for r in decision.rules))
    for _, tree in rules.assumed.values():
        names |= leans_on(rules, tree)
    for world in completions(rules, answers, names, place, most):
        if world.occurs(place) and world.first(decision, place) != choice:
            return "leaning"
    return "decided"
