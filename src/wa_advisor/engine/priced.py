"""What pricing brings forth: figures of options, the load at equal cost, and the sum; all money is USD a month."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from wa_advisor.model import Cost
from wa_advisor.quantity import Number, tidy


class Lack(Struct, frozen=True, kw_only=True):
    """A question whose answer is missing for an item ("" is the workload), or a link that nothing is said of."""

    scope: str
    item: str
    question: str


class LineFigure(Struct, frozen=True, kw_only=True):
    """USD a month that one line comes to."""

    name: str
    text: str
    low: Number
    high: Number
    shared: bool


class CostFigure(Struct, frozen=True, kw_only=True):
    """One option of one item, paid for in one way. `state` is known, missing (answers), unpriced, or none (no rule)."""

    option: str
    role: str
    plan: str
    cost: Cost | None
    state: str
    lines: tuple[LineFigure, ...] = ()
    lacks: tuple[Lack, ...] = ()

    @property
    def low(self) -> Number:
        return tidy(Fraction(sum(line.low for line in self.lines)))

    @property
    def high(self) -> Number:
        return tidy(Fraction(sum(line.high for line in self.lines)))


class BreakEven(Struct, frozen=True, kw_only=True):
    """The average load (a second) at which the two cost the same, and the cheaper below it."""

    question: str
    load: Number
    now: Number | None
    below: str
    above: str


class CostComparison(Struct, frozen=True, kw_only=True):
    """The costs of one verdict: first choice, runner-up, proposal, each once; `beside` are other ways to pay for them.

    `evens` says for each option after the first at which load it costs what the first does, or why there is no such load.
    """

    decision: str
    item: str
    figures: tuple[CostFigure, ...]
    beside: tuple[CostFigure, ...]
    evens: Mapping[str, BreakEven | str]

    def figure(self, role: str) -> CostFigure | None:
        return next((f for f in self.figures if f.role == role), None)


class TotalCost(Struct, frozen=True, kw_only=True):
    """The sum over all judged options; what is shared is counted once. `left` are the (decision, item) without a figure."""

    low: Number
    high: Number
    left: tuple[tuple[str, str], ...]


class CostReport(Struct, frozen=True, kw_only=True):
    comparisons: tuple[CostComparison, ...]
    total: TotalCost | None
    facts: tuple[str, ...]
