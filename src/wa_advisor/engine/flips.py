"""Which single answers, changed or given, would bring another option first: each is found by judging again.

A quantity is tried once between and at all places where anything may change: the thresholds that rules compare it
with, and those of derived values, traced back through their arithmetic while the other answers stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from wa_advisor.engine.arithmetic import meet
from wa_advisor.engine.assessment import Flip, Truth
from wa_advisor.engine.cells import bounds
from wa_advisor.engine.world import Key, World
from wa_advisor.model import QUANTITY_TYPES, Question
from wa_advisor.quantity import Interval, Number, describe_interval, tidy
from wa_advisor.ruleset.cells import touched
from wa_advisor.ruleset.trees import is_fact_id, parts_of

if TYPE_CHECKING:
    from wa_advisor.engine.choice import Judge


MAX_SPLITS = 6


class Flips:
    """The flips of one verdict."""

    def __init__(self, judge: Judge, choice: str | None, truths: Sequence[Truth]) -> None:
        self.judge = judge
        self.world = judge.world
        self.ruleset = judge.world.ruleset
        self.choice = choice
        self.truths = truths
        self.leaning: dict[str, list[int]] = {}
        self.first = {tuple(truths): choice}
        """What comes first for the truths that were judged before: many changes lead to the same ones."""

    def all(self) -> Iterator[Flip]:
        """The flips, question by question in the order of the rule set."""
        for question in self.ruleset.questions.values():
            if question.id not in self.judge.atoms or question.type == "text":
                continue
            key = self.world.place(question.id, self.judge.scope, self.judge.index)
            if question.scope in (self.judge.scope, "workload") and self.world.relevant(key) is not False:
                yield from self._of(question, key)

    def _of(self, question: Question, key: Key) -> Iterator[Flip]:
        answer = self.world.base.answer(key)
        settles = answer is None or answer.state == "unknown"
        if question.type in QUANTITY_TYPES:
            for change, to, near in self._quantity(question, key):
                yield Flip(question=question.id, change=change, to=to, settles=settles, near=settles or near)
            return
        for change, to in self._choices(question, key) if question.type == "choices" else self._choice(key):
            yield Flip(question=question.id, change=change, to=to, settles=settles)

    def _winner(self, name: str, world: World) -> str | None:
        """The first choice of a changed world; the present one where the change contradicts an assumption."""
        judge = self.judge
        if any(world.judge(a.never, judge.scope, judge.index) for a in judge.assumptions):
            return self.choice
        truths = tuple(self._truths(name, world))
        if truths not in self.first:
            self.first[truths] = next(iter(judge.first(judge.tally(truths))), None)
        return self.first[truths]

    def _truths(self, name: str, world: World) -> list[Truth]:
        """The truth of every rule in a world where one name has changed."""
        judge = self.judge
        truths = list(self.truths)
        for place in self._leaning(name):
            truths[place] = world.judge(judge.rules[place].when, judge.scope, judge.index)
        return truths

    def _leaning(self, name: str) -> list[int]:
        """The places of the rules that lean on a name."""
        found = self.leaning.get(name)
        if found is None:
            found = self.leaning[name] = [place for place, needs in enumerate(self.judge.needs) if name in needs]
        return found

    # -- choices -----------------------------------------------------------------------------------

    def _choice(self, key: Key) -> Iterator[tuple[str, str | None]]:
        domain, now = self.ruleset.domains[key[2]], self.world.own_mask(key)
        for cell, word in enumerate(domain.choices):
            if now != 1 << cell:
                to = self._winner(key[2], self.world.instead(key, 1 << cell))
                if to != self.choice:
                    yield word, to

    def _choices(self, question: Question, key: Key) -> Iterator[tuple[str, str | None]]:
        """One choice more or less of a list; of a list that is not known, one alone or none."""
        answer = self.world.base.answer(key)
        given = answer.value if answer is not None and isinstance(answer.value, tuple) else None
        lists: list[tuple[str, tuple[str, ...]]] = []
        if given is None:
            lists += [("none of them", ()), *((f"only {c}", (c,)) for c in question.choices)]
        else:
            lists += [(f"with {c}", (*given, c)) for c in question.choices if c not in given]
            lists += [(f"without {c}", tuple(g for g in given if g != c)) for c in given]
        for change, chosen in lists:
            world = self.world
            for choice in question.choices:
                world = world.instead((key[0], key[1], f"{key[2]}#{choice}"), 1 if choice in chosen else 2)
            to = self._winner(key[2], world)
            if to != self.choice:
                yield change, to

    # -- quantities --------------------------------------------------------------------------------

    def _quantity(self, question: Question, key: Key) -> Iterator[tuple[str, str | None, bool]]:
        """What to answer, what it leads to, and whether no other change lies between it and the present answer."""
        limits = bounds(self.ruleset.domains[key[2]])
        answer = self.world.base.answer(key)
        present = answer.value if answer is not None and isinstance(answer.value, Interval) else None
        pieces = [found for piece in self._pieces(key) for found in self._winners(key, piece, MAX_SPLITS)]
        here = [n for n, (piece, _) in enumerate(pieces) if present is not None and share_a_value(piece, present)]
        start = 0
        for to, run in groupby(pieces, key=lambda p: p[1]):
            found = [piece for piece, _ in run]
            end = start + len(found)
            if to != self.choice:
                whole = Interval(found[0].low, found[-1].high, found[0].low_open, found[-1].high_open)
                between = pieces[end : here[0]] if here and end <= here[0] else pieces[here[-1] + 1 : start] if here else []
                change = describe_interval(whole, limits, question.type)
                if change:
                    yield change, to, all(other == self.choice for _, other in between)
            start = end

    def _winners(self, key: Key, piece: Interval, splits: int) -> Iterator[tuple[Interval, str | None]]:
        """What comes first at a value of a piece, if the rules say the same of all of it; else of its parts.

        Thresholds are traced back through a quantity that an expression names once; where it is named again, parts
        close in on the crossing, and what is left of the piece there claims nothing.
        """
        domain = self.ruleset.domains[key[2]]
        value = inner_value(piece, domain.whole)
        point = Interval(value, value)
        at = self.world.instead(key, touched(domain, point), point)
        over = self.world.instead(key, touched(domain, piece), piece)
        if not self._is_computed_with(key[2]) or self._truths(key[2], at) == self._truths(key[2], over):
            yield piece, self._winner(key[2], at)
        elif not splits:
            yield piece, self.choice
        else:
            parts = (replace(piece, high=value, high_open=True), point, replace(piece, low=value, low_open=True))
            for part in parts:
                if has_value(part, domain.whole):
                    yield from self._winners(key, part, splits - 1)

    def _pieces(self, key: Key) -> Iterator[Interval]:
        """The values a quantity may have, from threshold to threshold and at each."""
        domain = self.ruleset.domains[key[2]]
        limits = bounds(domain)
        start = {limits.low} if limits.low is not None else set()  # at nothing a quotient has no value
        cuts = sorted({*domain.cuts, *self._traced_back(key), *start})
        low: Number | None = None
        for cut in (*cuts, None):
            between = Interval(low, cut, low is not None, cut is not None)
            for piece in (between, *([Interval(cut, cut)] if cut is not None else [])):
                found = meet(limits, piece)
                if has_value(found, domain.whole):
                    yield found
            low = cut

    def _is_computed_with(self, name: str) -> bool:
        """Whether a derived value of the decision is made of it; if not, the thresholds alone make the pieces."""
        return any(d in self.judge.atoms and name in self.ruleset.needs[d] for d in self.ruleset.derived)

    def _traced_back(self, key: Key) -> set[Number]:
        """The values of a quantity at which a derived value crosses one of its thresholds."""
        found: set[Number] = set()
        for name in sorted(self.judge.atoms):
            derived = self.ruleset.derived.get(name)
            if derived is not None and key[2] in self.ruleset.needs[name] and self.ruleset.domains[name].cuts:
                place = self.world.place(name, self.judge.scope, self.judge.index)
                found |= self._inverse(derived.value, place, key, set(self.ruleset.domains[name].cuts))
        return found

    def _inverse(self, tree: Any, place: Key, key: Key, targets: set[Number]) -> set[Number]:
        """The values of the key's quantity at which an expression is one of the targets, or may begin to be."""
        kind = tree[0]
        if kind == "name":
            return self._inverse_name(tree[1], place, key, targets)
        if kind == "over":
            return self._inverse_over(tree, place, key, targets)
        if kind in ("min", "max"):
            return set().union(*(self._inverse(part, place, key, targets) for part in parts_of(tree)))
        if kind == "num":
            return set()
        left, right = parts_of(tree)
        if kind == "ceil":  # it steps up right after each multiple
            kind, targets = "/", {t for n in targets for t in (n, n - 1) if t >= 0}
        found: set[Number] = set()
        for end in self._ends(right, place):
            found |= self._inverse(left, place, key, {v for t in targets if (v := _undo_left(kind, t, end)) is not None})
        for end in self._ends(left, place):
            found |= self._inverse(right, place, key, {v for t in targets if (v := _undo_right(kind, t, end)) is not None})
        return found

    def _inverse_name(self, name: str, place: Key, key: Key, targets: set[Number]) -> set[Number]:
        if is_fact_id(name):
            return set()
        where = self.world.place(name, place[0], place[1])
        if where == key:
            return targets
        derived = self.ruleset.derived.get(name)
        return self._inverse(derived.value, where, key, targets) if derived is not None else set()

    def _inverse_over(self, tree: Any, place: Key, key: Key, targets: set[Number]) -> set[Number]:
        """Of a sum, what the others leave; a largest value is the value itself."""
        function, group, name = tree[1:4]
        scope, items = self.world.members(group, place[0], place[1])
        if function not in ("sum", "max") or scope != key[0] or key[1] not in (items or ()):
            return set()
        where = (key[0], key[1], name)
        if function == "sum":
            parts = [self.world.figure((key[0], i, name))[0] for i in items or () if i != key[1]]
            rests = {_added(parts, "low"), _added(parts, "high")} - {None}
            targets = {tidy(t - r) for t in targets for r in rests if r is not None} | targets
        return self._inverse(("name", name, 0), where, key, targets)

    def _ends(self, tree: Any, place: Key) -> list[Number]:
        interval = self.world.compute(tree, place[0], place[1])
        return [] if interval is None else [e for e in (interval.low, interval.high) if e is not None]


def leads(judge: Judge, question: Question, key: Key) -> Iterator[tuple[str, str | None]]:
    """What each answer to a question would bring first while all else stays as it is; no answer that an assumption excludes."""
    flips = Flips(judge, "", judge.truths(judge.world))  # "" is no option, so that each answer counts as a change
    flips.first.clear()
    if question.type in QUANTITY_TYPES:
        yield from ((change, to) for change, to, _ in flips._quantity(question, key))
    elif question.type == "choices":
        yield from flips._choices(question, key)
    else:
        yield from flips._choice(key)


def _added(parts: Sequence[Interval | None], end: str) -> Number | None:
    values = [getattr(p, end) for p in parts if p is not None]
    return None if None in values else sum(values)


def _undo_left(op: str, target: Number, right: Number) -> Number | None:
    """x in `x op right = target`."""
    if op == "+":
        return tidy(target - right)
    if op == "-":
        return tidy(target + right)
    if op == "*":
        return tidy(Fraction(target) / right) if right else None
    return tidy(Fraction(target) * right)


def _undo_right(op: str, target: Number, left: Number) -> Number | None:
    """x in `left op x = target`."""
    if op in ("+", "*"):
        return _undo_left(op, target, left)
    if op == "-":
        return tidy(left - target)
    return tidy(Fraction(left) / target) if target else None


def share_a_value(one: Interval, other: Interval) -> bool:
    return has_value(meet(one, other), False)


def has_value(interval: Interval, whole: bool) -> bool:
    low, high = interval.low, interval.high
    if whole:
        first = _first_whole(interval)
        return first is not None and (high is None or first < high or (first == high and not interval.high_open))
    if low is None or high is None:
        return True
    return low < high or (low == high and not interval.low_open and not interval.high_open)


def _first_whole(interval: Interval) -> int | None:
    if interval.low is None:
        return None
    floor = Fraction(interval.low).__floor__()
    return floor if floor == interval.low and not interval.low_open else floor + 1


def inner_value(interval: Interval, whole: bool) -> Number:
    """A value of an interval, away from its ends where it can be."""
    if whole:
        first = _first_whole(interval)
        assert first is not None
        return first
    low, high = interval.low or 0, interval.high
    if high is None:
        return tidy(Fraction(low) * 2 + 1)
    return tidy((Fraction(low) + Fraction(high)) / 2)
