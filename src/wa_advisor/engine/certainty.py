"""Whether one option comes first in every completion of the unknown answers.

Depth first through the answers that can still matter. Two options are compared by what the unknown arguments can do
to the difference of their totals, so an argument that speaks for both never keeps them apart; the next answer tried
is the one that can move that difference most, and the completion that looks worst for the choice comes first. Where
several derived values share unknown answers the search visits a superset of what can occur, so `decided` is never
claimed too early.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wa_advisor.engine.assessment import Truth
from wa_advisor.engine.world import Key, World

if TYPE_CHECKING:
    from wa_advisor.engine.choice import Judge, Tally

MAX_COMPLETIONS = 100_000


@dataclass(frozen=True, slots=True)
class _Node:
    """What is known on the way: the truth of each rule, the tallies, and the rivals that may still pass the choice."""

    world: World
    truths: Sequence[Truth]
    tallies: Mapping[str, Tally]
    rivals: Mapping[str, tuple[int, int]]


class Search:
    """One search: does `choice` come first whatever the unknown answers turn out to be?"""

    def __init__(self, judge: Judge, choice: str) -> None:
        self.judge = judge
        self.choice = choice
        self.visited = 0
        self.weights = [
            judge.weights[r.strength] * (1 if r.direction == "for" else -1) if r.kind == "argument" else 0 for r in judge.rules
        ]

    def holds(self) -> bool | None:
        """True or False, None when the budget runs out first."""
        node = self._node(self.judge.world, self.judge.truths(self.judge.world))
        known = self._known(node)
        return known if known is not None else self._below(node)

    def _below(self, node: _Node) -> bool | None:
        key, cells = self._branch(node)
        if key is None:
            ranked = self.judge.first(node.tallies)
            return bool(ranked) and ranked[0] == self.choice and node.tallies[self.choice].state == "viable"
        open_ends: list[_Node] = []
        for mask in cells:
            self.visited += 1
            if self.visited > MAX_COMPLETIONS:
                return None
            world = node.world.child(key, mask)
            if not world.mask(key):
                continue
            child = self._node(world, self._truths(node, key, world))
            known = self._known(child)
            if known is False:
                return False
            if known is None:
                open_ends.append(child)
        for child in sorted(open_ends, key=self._margin):
            same = self._below(child)
            if not same:
                return same
        return True

    def _truths(self, node: _Node, key: Key, world: World) -> list[Truth]:
        """The truths after one name was narrowed: what was settled stays, since worlds only narrow here."""
        name = key[2].partition("#")[0]
        judge = self.judge
        return [
            world.judge(rule.when, judge.scope, judge.index) if truth is None and name in needs else truth
            for rule, truth, needs in zip(judge.rules, node.truths, judge.needs, strict=True)
        ]

    def _node(self, world: World, truths: Sequence[Truth]) -> _Node:
        tallies = self.judge.tally(truths)
        alive = [o for o, t in tallies.items() if t.state != "eliminated" and t.reason is not False and o != self.choice]
        rivals = {}
        for rival in alive:
            low, high = self._difference(truths, tallies, rival)
            if low < 0 or (low == 0 and self._before(rival)):
                rivals[rival] = low, high
        return _Node(world, truths, tallies, rivals)

    def _before(self, rival: str) -> bool:
        return self.judge.order[rival] < self.judge.order[self.choice]

    def _difference(self, truths: Sequence[Truth], tallies: Mapping[str, Tally], rival: str) -> tuple[int, int]:
        """The ends of the choice's total less the rival's."""
        low = high = tallies[self.choice].now - tallies[rival].now
        for index, change in self._moves(truths, rival):
            if truths[index] is None:
                low += min(0, change)
                high += max(0, change)
        return low, high

    def _moves(self, truths: Sequence[Truth], rival: str) -> Iterator[tuple[int, int]]:
        """Arguments not yet settled that part the two, with what each does to their difference."""
        for index, (rule, truth, weight) in enumerate(zip(self.judge.rules, truths, self.weights, strict=True)):
            if truth is None and weight:
                change = weight * ((self.choice in rule.options) - (rival in rule.options))
                if change:
                    yield index, change

    def _known(self, node: _Node) -> Truth:
        """Whether the choice is first in every completion from here (True), or in none (False)."""
        own = node.tallies[self.choice]
        if own.state == "eliminated" or own.reason is False:
            return False
        for rival, (_, high) in node.rivals.items():
            tally = node.tallies[rival]
            ahead = high < 0 or (high == 0 and self._before(rival))
            if ahead and tally.state == "viable" and tally.reason is True:
                return False
        return True if not node.rivals and own.state == "viable" and own.reason is True else None

    def _margin(self, node: _Node) -> int:
        return min((low for low, _ in node.rivals.values()), default=0)

    def _branch(self, node: _Node) -> tuple[Key | None, list[int]]:
        """The next unknown to try; one whose relevance is sure comes before one that may not matter."""
        fallback: tuple[Key | None, list[int]] = (None, [])
        ruleset = node.world.ruleset
        scores = self._scores(node)
        for name in sorted(scores, key=lambda n: (-scores[n], n)):
            for key, cells in self.judge.unknowns(node.world, name):
                if name in ruleset.questions and node.world.relevant((key[0], key[1], name)):
                    return key, cells
                if fallback[0] is None:
                    fallback = key, cells
        return fallback

    def _scores(self, node: _Node) -> dict[str, float]:
        """How much each name can still do to the order of the choice and its rivals."""
        scores: dict[str, float] = {}
        for index, (rule, truth) in enumerate(zip(self.judge.rules, node.truths, strict=True)):
            if truth is not None:
                continue
            weight = self._weight(index, rule.options, node)
            for name in self.judge.needs[index] if weight else ():
                if name in self.judge.atoms:
                    scores[name] = scores.get(name, 0) + weight
        return scores

    def _weight(self, index: int, options: Sequence[str], node: _Node) -> float:
        if not self.weights[index]:
            if self.choice in options:
                return 8
            return 0.25 if any(r in options for r in node.rivals) else 0
        move = max((abs((self.choice in options) - (r in options)) for r in node.rivals), default=0)
        if not move and self.choice in options and node.tallies[self.choice].reason is not True:
            move = 1
        if not move and any(r in options and node.tallies[r].reason is not True for r in node.rivals):
            return 0.25
        return abs(self.weights[index]) * move
