"""Whether a first choice stays first whatever the unknown answers turn out to be.

It does unless a rival can come before it. So each rival is taken alone: only the rules that speak of the two matter,
and the search is for one completion in which the rival is not ruled out, has something for it, and is not behind.
Unknown answers are tried by the cells that thresholds make of them; a branch ends as soon as the bounds of the
difference settle it, or where a declared assumption says that it cannot occur.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from wa_advisor.engine.assessment import Truth
from wa_advisor.engine.unsettled import Unsettled, Variable
from wa_advisor.engine.world import World
from wa_advisor.model import Assumption, Rule, RuleSet

MAX_COMPLETIONS = 100_000


class TooManyError(Exception):
    """More completions than are tried."""


class Place(Struct, frozen=True):
    """Where conditions are judged: the item's scope and index."""

    scope: str
    index: int


class Contest(Struct, frozen=True):
    """What is left open between a rival and the first choice. `ahead` is the rival's lead, `spoken` whether something is for it."""

    ahead: int
    spoken: bool
    constraints: tuple[Any, ...]
    arguments: tuple[tuple[Any, int, bool], ...]  # condition, what it adds to the lead, whether it is for the rival

    @property
    def most(self) -> int:
        return self.ahead + sum(w for _, w, _ in self.arguments if w > 0)

    @property
    def least(self) -> int:
        return self.ahead + sum(w for _, w, _ in self.arguments if w < 0)

    def lost(self, needed: int) -> bool:
        """Whether the rival cannot come first any more."""
        return self.most < needed or not (self.spoken or any(speaks for _, _, speaks in self.arguments))

    def won(self, needed: int) -> bool:
        return self.least >= needed and self.spoken and not self.constraints

    def trees(self) -> Iterator[Any]:
        yield from self.constraints
        yield from (tree for tree, _, _ in self.arguments)


class Search:
    """Looks for completions in which another option comes first; counts what it tries over all of them."""

    def __init__(
        self, place: Place, atoms: Mapping[str, set[int]], assumptions: Sequence[Assumption], most: int = MAX_COMPLETIONS
    ) -> None:
        self.place = place
        self.most = most
        self.atoms = atoms
        self.assumptions = assumptions
        self.tried = 0
        self.leaned_on: set[str] = set()

    def can_come_first(self, world: World, contest: Contest, needed: int) -> bool:
        """Whether some completion gives the rival a lead of `needed`; TooManyError when the budget runs out."""
        found = self._narrow(world, contest)
        return found is not None and self._search(world, found, needed)

    def _search(self, world: World, contest: Contest, needed: int) -> bool:
        if contest.lost(needed):
            return self._leaf(False)
        open_ends, contradicts = self._assumed(world)
        if contradicts:
            return self._leaf(False)
        won = contest.won(needed)
        if won and not open_ends:
            return self._leaf(True)
        variable = self._variable(world, open_ends if won else [*contest.trees(), *open_ends])
        if variable is None:
            return self._leaf(True)
        key, groups = variable
        children: list[tuple[World, Contest]] = []
        for mask in groups:
            child = world.narrowed(key, mask)
            left = self._narrow(child, contest) if child.mask(key) else None
            if left is None:
                self._leaf(False)
            else:
                children.append((child, left))
        children.sort(key=lambda c: -c[1].most)
        return any(self._search(child, left, needed) for child, left in children)

    def _leaf(self, found: bool) -> bool:
        self.tried += 1
        if self.tried > self.most:
            raise TooManyError
        return found

    def _narrow(self, world: World, contest: Contest) -> Contest | None:
        """What is left open in a world where less is possible; None when the rival is ruled out there."""
        constraints = []
        for tree in contest.constraints:
            truth = self._judge(world, tree)
            if truth:
                return None
            if truth is None:
                constraints.append(tree)
        ahead, spoken, arguments = contest.ahead, contest.spoken, []
        for argument in contest.arguments:
            tree, weight, speaks = argument
            truth = self._judge(world, tree)
            if truth:
                ahead, spoken = ahead + weight, spoken or speaks
            elif truth is None:
                arguments.append(argument)
        return Contest(ahead, spoken, tuple(constraints), tuple(arguments))

    def _judge(self, world: World, tree: Any) -> Truth:
        return world.judge(tree, self.place.scope, self.place.index)

    def _assumed(self, world: World) -> tuple[list[Any], bool]:
        """The assumptions that are still open in a world, and whether it contradicts one."""
        open_ends = []
        for one in self.assumptions:
            truth = self._judge(world, one.never)
            if truth:
                self.leaned_on.add(one.id)
                return [], True
            if truth is None:
                open_ends.append(one.never)
        return open_ends, False

    def _variable(self, world: World, trees: Sequence[Any]) -> Variable | None:
        """The name that most of the open conditions hang on."""
        unsettled = Unsettled(world, self.atoms)
        groups: dict[Any, tuple[int, ...]] = {}
        counts: Counter[Any] = Counter()
        for tree in trees:
            found = dict(unsettled.of(tree, self.place.scope, self.place.index))
            groups |= found
            counts.update(found.keys())
        if not counts:
            return None
        key = min(counts, key=lambda k: (-counts[k], k))
        return key, groups[key]


def contest_between(rules: Sequence[Rule], weights: Mapping[str, int], rival: str, choice: str) -> Contest:
    """All that rules say of two options, before anything is judged."""
    constraints = tuple(r.when for r in rules if r.kind == "constraint" and rival in r.options)
    arguments = []
    for rule in rules:
        if rule.kind == "argument":
            weight = weights[rule.strength] * (1 if rule.direction == "for" else -1)
            speaks = rival in rule.options and weight > 0
            lead = weight * ((rival in rule.options) - (choice in rule.options))
            if lead or speaks:
                arguments.append((rule.when, lead, speaks))
    return Contest(0, False, constraints, tuple(arguments))


def ruling_out(rules: Sequence[Rule], choice: str) -> Contest:
    """The contest that is won, by one, where a constraint rules an option out."""
    trees = tuple(r.when for r in rules if r.kind == "constraint" and choice in r.options)
    return Contest(0, False, (), ((("or", trees), 1, True),))


def assumptions_near(ruleset: RuleSet, scope: str, names: set[str]) -> list[Assumption]:
    """The assumptions that say something of some names, or of names that another such assumption ties to them."""
    left = [a for a in ruleset.assumptions.values() if a.scope in (scope, "workload")]
    found: list[Assumption] = []
    known = set(names)
    while near := [a for a in left if known & a.needs]:
        found += near
        left = [a for a in left if a not in near]
        known |= set().union(*(a.needs for a in near))
    return found
