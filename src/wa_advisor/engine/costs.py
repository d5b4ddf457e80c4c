"""What the choices cost in a month at the average load, and the load at which two of them cost the same.

Only what is known is priced: where an answer or a price is missing there is no figure, and it is said which. The load
at equal cost is looked for with everything else as answered; rates that the rules say grow with the load grow with it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from math import isqrt
from typing import Any

from wa_advisor.engine.assessment import Verdict
from wa_advisor.engine.inputs import truth_lacks, value_of
from wa_advisor.engine.priced import BreakEven, CostComparison, CostFigure, CostReport, Lack, LineFigure, TotalCost
from wa_advisor.engine.world import Figure, Key, World
from wa_advisor.model import GROUP_OF, Cost, CostLine, Load, RuleSet
from wa_advisor.quantity import UNITS, Interval, Number, tidy
from wa_advisor.ruleset.trees import facts_in, names_in

ROLES = ("choice", "runner-up", "proposed")
MONTH = UNITS["duration"]["month"]
# The loads between which equal cost is looked for: once a month, and a million a second.
_LOWEST, _HIGHEST = Fraction(1, 2_628_000), Fraction(10**6)
_STEPS = 160
_FINE = 60


def cost_report(world: World, verdicts: Sequence[Verdict]) -> CostReport:
    """The costs of all verdicts that the rule set has prices for."""
    ruleset = world.ruleset
    priced = {decision for cost in ruleset.costs.values() for decision in [cost.decision]}
    found = [_Pricing(world, v).comparison() for v in verdicts if v.decision in priced and (v.choice or v.proposed)]
    facts = [f for c in found for figure in (*c.figures, *c.beside) for f in facts_of(ruleset, figure)]
    return CostReport(comparisons=tuple(found), total=_total(found, verdicts), facts=tuple(dict.fromkeys(facts)))


def facts_of(ruleset: RuleSet, figure: CostFigure) -> tuple[str, ...]:
    """The facts that a known cost was worked out of, those of derived values included."""
    if figure.cost is None or figure.state != "known":
        return ()
    told = {line.name for line in figure.lines}
    trees = [line.value for line in figure.cost.lines if line.name in told]
    found: dict[str, None] = {}
    for tree in trees:
        found |= dict.fromkeys(sorted(facts_in(tree)))
        for name in sorted(names_in(tree)):
            for inner in sorted({name, *ruleset.needs.get(name, ())} & set(ruleset.derived)):
                found |= dict.fromkeys(sorted(facts_in(ruleset.derived[inner].value)))
    return tuple(found)


class _Pricing:
    """The costs of one verdict."""

    def __init__(self, world: World, verdict: Verdict) -> None:
        self.world = world
        self.verdict = verdict
        self.scope = world.ruleset.decisions[verdict.decision].scope
        self.index = place_of(world, self.scope, verdict.item)

    def comparison(self) -> CostComparison:
        options: dict[str, str] = {}
        for role, option in zip(ROLES, (self.verdict.choice, self.verdict.runner_up, self.verdict.proposed), strict=True):
            if option:
                options.setdefault(option, role)
        figures = [self._figure(option, role) for option, role in options.items()]
        beside = [
            _figure(self.world, cost, option, role, self.scope, self.index)
            for option, role in options.items()
            for cost in self._costs(option)
            if cost.beside
        ]
        return CostComparison(
            decision=self.verdict.decision, item=self.verdict.item, figures=tuple(figures),
            beside=tuple(f for f in beside if f.state == "known"),
            evens={other.option: self._even(figures[0], other) for other in figures[1:]},
        )  # fmt: skip

    def _costs(self, option: str) -> Iterator[Cost]:
        for cost in self.world.ruleset.costs.values():
            if cost.decision == self.verdict.decision and option in cost.options:
                yield cost

    def _figure(self, option: str, role: str) -> CostFigure:
        cost = next((c for c in self._costs(option) if not c.beside), None)
        if cost is None:
            return CostFigure(option=option, role=role, plan="", cost=None, state="none")
        return _figure(self.world, cost, option, role, self.scope, self.index)

    # -- the load at equal cost --------------------------------------------------------------------

    def _even(self, first: CostFigure, other: CostFigure) -> BreakEven | str:
        """The load at which two options cost the same, or why there is none ("" where one of them has no cost)."""
        load = self.world.ruleset.loads.get(self.verdict.decision)
        if load is None or first.state != "known" or other.state != "known":
            return ""
        now = self._now(load)
        fixed = Fraction(now) if now else Fraction(1)
        if any(low != high for low, high in self._ends((first, other), self._at(load, now, fixed))):
            return "an answer besides the load is a range"

        def difference(rate: Fraction) -> Fraction:
            ends = self._ends((first, other), self._at(load, now, rate))
            return Fraction(ends[0][0]) - Fraction(ends[1][0])

        found = equal_load(difference, fixed)
        if found is None:
            gap = difference(fixed)
            cheaper = self.world.ruleset.services[(first if gap < 0 else other).option].name
            return f"{cheaper} is cheaper at every load" if gap else "they cost the same"
        rate, sign = found
        below, above = (first, other) if sign < 0 else (other, first)
        return BreakEven(question=load.average, load=rate, now=now, below=below.option, above=above.option)

    def _ends(self, figures: Sequence[CostFigure], world: World) -> list[tuple[Number, Number]]:
        again = [_figure(world, f.cost, f.option, f.role, self.scope, self.index) for f in figures if f.cost]
        return [(f.low, f.high) for f in again]

    def _now(self, load: Load) -> Number | None:
        """The average load as it is answered, at its lower end."""
        answer = self.world.base.answer((self.scope, self.index, load.average))
        value = answer.value if answer is not None else None
        return value.low if isinstance(value, Interval) and value.low else None

    def _at(self, load: Load, now: Number | None, rate: Fraction) -> World:
        """The answers with another average load."""
        given = {(self.scope, self.index, load.average): Interval(rate, rate)}
        for name in load.scales:
            answer = self.world.base.answer((self.scope, self.index, name))
            value = answer.value if answer is not None else None
            if now and isinstance(value, Interval) and value.low:
                grown = tidy(Fraction(value.low) * rate / Fraction(now))
                given[self.scope, self.index, name] = Interval(grown, grown)
        return Supposed(self.world, given)


class Supposed(World):
    """A world in which some quantities are something else than answered; conditions still see the answers."""

    def __init__(self, world: World, given: Mapping[Key, Interval]) -> None:
        super().__init__(world.ruleset, world.base)
        self.subjects = world.subjects
        self.given = given

    def figure(self, key: Key) -> Figure:
        given = self.given.get(key)
        return super().figure(key) if given is None else (given, False)


def equal_load(difference: Any, near: Fraction) -> tuple[Number, int] | None:
    """The load nearest to `near` at which the difference changes its sign, and the sign below it; None if there is none.

    The difference is made of pieces of lines, with steps: a piece without a step is solved exactly, else the load is
    the first one beyond the step, to a part in a million. Where steps make it change sign several times in a row, it
    is the first of them.
    """
    grid = [_LOWEST * Fraction(10) ** n for n in range(13) if _LOWEST * Fraction(10) ** n < _HIGHEST] + [_HIGHEST]
    difference = cache(difference)
    signs = [(load, sign) for load in grid if (sign := _sign(difference(load)))]
    spans = [(a, b) for a, b in itertools.pairwise(signs) if a[1] != b[1]]
    if not spans:
        return None
    span = min(spans, key=lambda span: 0 if span[0][0] <= near <= span[1][0] else 1 + _distance(span, near))
    whole = _crossing(difference, span[0][0], span[1][0])
    if whole is not None:
        return tidy(whole), span[0][1]
    fine = [span[0][0] + (span[1][0] - span[0][0]) * n / _FINE for n in range(_FINE)] + [span[1][0]]
    below = span[0][1]
    low, high = next((a, b) for a, b in itertools.pairwise(fine) if _sign(difference(b)) == -below)
    for _ in range(_STEPS):
        exact = _crossing(difference, low, high)
        if exact is not None:
            return tidy(exact), below
        if high - low <= low / 10**6:
            return tidy(high), below
        middle = _round_middle(low, high)
        sign = _sign(difference(middle))
        if not sign:
            return tidy(middle), below
        low, high = (middle, high) if sign == below else (low, middle)
    return tidy(high), below


def _distance(span: Any, near: Fraction) -> float:
    (low, _), (high, _) = span
    return float(max(low / near, near / high))


def _crossing(difference: Any, low: Fraction, high: Fraction) -> Fraction | None:
    """Where the line through both ends is zero, if the difference is zero there."""
    start, end = difference(low), difference(high)
    found = low + (high - low) * start / (start - end)
    return found if not difference(found) else None


def _round_middle(low: Fraction, high: Fraction) -> Fraction:
    """A number between both that is short to write, so that fractions do not grow without bound."""
    middle = (low + high) / 2 if high < 4 * low else Fraction(isqrt(int(low * high * 10**24)) or 1, 10**12)
    return min(max(middle.limit_denominator(10**12), low), high)


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _figure(world: World, cost: Cost, option: str, role: str, scope: str, index: int) -> CostFigure:
    if cost.unpriced:
        return CostFigure(option=option, role=role, plan=cost.name, cost=cost, state="unpriced")
    lines: list[LineFigure] = []
    lacks: list[Lack] = []
    for line in cost.lines:
        found = _line(world, line, scope, index)
        if isinstance(found, LineFigure):
            lines.append(found)
        else:
            lacks += found
    state = "missing" if lacks else "known" if lines or cost.free else "none"
    return CostFigure(
        option=option, role=role, plan=cost.name, cost=cost, state=state, lines=() if lacks else tuple(lines),
        lacks=tuple(dict.fromkeys(lacks)),
    )  # fmt: skip


def _line(world: World, line: CostLine, scope: str, index: int) -> LineFigure | tuple[Lack, ...]:
    """What a line comes to, or what it lacks; nothing of either where it does not apply."""
    truth = True if line.when is None else world.judge(line.when, scope, index)
    if truth is None:
        return truth_lacks(world, line.when, scope, index)
    found = value_of(world, line.value, scope, index) if truth else None
    if found is None or not found.applies:
        return ()
    interval = found.interval
    if interval is None or interval.low is None or interval.high is None:
        return found.lacks
    low, high = (tidy(Fraction(end) * MONTH) for end in (interval.low, interval.high))
    return LineFigure(name=line.name, text=line.text, low=low, high=high, shared=line.shared)


def _total(found: Sequence[CostComparison], verdicts: Sequence[Verdict]) -> TotalCost | None:
    """The sum over the judged options: a proposal if there is one, else our choice."""
    low, high = Fraction(0), Fraction(0)
    left: list[tuple[str, str]] = []
    shared: dict[tuple[str, str], tuple[Fraction, Fraction]] = {}
    for comparison in found:
        figure = comparison.figure("proposed") or comparison.figures[0]
        subject = next(v.subject for v in verdicts if (v.decision, v.item) == (comparison.decision, comparison.item))
        figure = next((f for f in comparison.figures if f.option == subject), figure)
        if figure.state != "known":
            left.append((comparison.decision, comparison.item))
        for line in figure.lines:
            if line.shared:
                key = (figure.option, line.name)
                old = shared.get(key, (Fraction(0), Fraction(0)))
                shared[key] = (max(old[0], Fraction(line.low)), max(old[1], Fraction(line.high)))
            else:
                low, high = low + Fraction(line.low), high + Fraction(line.high)
    if not found:
        return None
    low += sum((ends[0] for ends in shared.values()), Fraction(0))
    high += sum((ends[1] for ends in shared.values()), Fraction(0))
    return TotalCost(low=tidy(low), high=tidy(high), left=tuple(left))


def place_of(world: World, scope: str, name: str) -> int:
    """The place of an item among those of its scope."""
    if scope == "workload":
        return 0
    items = world.base.groups[GROUP_OF[scope]] or ()
    return next(i for i, item in enumerate(items) if item.name == name)
