"""What judging answers brings forth: verdicts with their trace, and the Assessment that holds them all."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct, field

from wa_advisor.engine.priced import CostReport
from wa_advisor.model import Answers, Background, Item, Rule, RuleSet, SignOff
from wa_advisor.quantity import Number

Truth = bool | None


class RuleTrace(Struct, frozen=True, kw_only=True):
    rule: Rule
    truth: Truth
    answers: tuple[str, ...]


class OptionTrace(Struct, frozen=True, kw_only=True):
    """One option: its totals now and at the ends, and the rules that spoke for it, against it or out."""

    option: str
    state: str
    now: int
    low: int
    high: int
    constraints: tuple[RuleTrace, ...]
    arguments: tuple[RuleTrace, ...]
    barred: str = ""

    @property
    def has_reason(self) -> bool:
        return any(a.truth and a.rule.direction == "for" for a in self.arguments)


class Flip(Struct, frozen=True, kw_only=True):
    """A single other answer and what it leads to. `near` is False for a figure beyond another that flips before it."""

    question: str
    change: str
    to: str | None
    settles: bool
    near: bool = True


class Verdict(Struct, frozen=True, kw_only=True):
    decision: str
    item: str
    choice: str | None
    certainty: str
    why: str
    runner_up: str | None
    tied_with: tuple[str, ...]
    proposed: str | None
    ranking: tuple[OptionTrace, ...]
    flips: tuple[Flip, ...]
    open_questions: tuple[str, ...]
    cites: tuple[str, ...]
    assumes: tuple[str, ...] = ()

    @property
    def subject(self) -> str | None:
        """What sign-offs, limits and the gate judge: the proposal if there is one, else our choice."""
        return self.proposed or self.choice

    def option(self, name: str | None) -> OptionTrace | None:
        return next((o for o in self.ranking if o.option == name), None)


class ClassVerdict(Struct, frozen=True, kw_only=True):
    """The outcome of a table decision; `row` is the rule that fired, None for the last line or no outcome yet."""

    decision: str
    item: str
    outcome: str | None
    candidates: tuple[str, ...]
    because: str
    rule: str
    source: str
    open_questions: tuple[str, ...]


class RiskFound(Struct, frozen=True, kw_only=True):
    id: str
    scope: str
    item: str
    risk: str
    practice: str
    name: str
    because: str
    improve: str
    source: str
    basis: str


class AdviceFound(Struct, frozen=True, kw_only=True):
    """Advice whose condition holds for an item."""

    id: str
    scope: str
    item: str
    topic: str
    name: str
    because: str
    improve: str
    source: str
    basis: str
    feeds: tuple[str, ...] = ()


class LimitRow(Struct, frozen=True, kw_only=True):
    """A figure beside its limit; `rule` is the constraint or quota that holds one against the other.

    `adjustable` is that of the fact, `raise_to` what to ask for where more is needed than a raisable quota allows.
    """

    item: str
    option: str
    fact: str
    name: str
    value: Number
    limit: Number
    limit_text: str
    unit: str
    dimension: str
    headroom: float
    adjustable: bool | None
    rule: str
    because: str
    scope: str = ""
    improve: str = ""
    raise_to: str = ""
    formula: str = ""

    @property
    def is_exceeded(self) -> bool:
        return self.headroom < 0


class BackgroundFound(Struct, frozen=True, kw_only=True):
    """A background that the choices call for, with the items it is about."""

    background: Background
    items: tuple[str, ...]


class LensVerdict(Struct, frozen=True, kw_only=True):
    """One lens question. `away` is {practice: why it cannot apply}, `touched` {practice: the items it is about}."""

    id: str
    risk: str
    possible: str
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    reason: str
    away: Mapping[str, str] = field(default_factory=dict)
    touched: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class SignOffState(Struct, frozen=True, kw_only=True):
    policy: str
    decision: str
    item: str
    choice: str
    state: str
    approver: str
    date: str
    expires: str
    reason: str


class SignOffStanding(Struct, frozen=True, kw_only=True):
    """How a sign-off of the file stands now: `standing` is a key of `sign_offs.STANDINGS`, `why` says why it does not hold."""

    sign_off: SignOff
    standing: str
    why: str


class Mix(Struct, frozen=True, kw_only=True):
    """Shares as (low, high) by class name; the rest is `other`."""

    weighted_by: str
    shares: Mapping[str, tuple[Fraction, Fraction]]


class StoreKept(Struct, frozen=True, kw_only=True):
    """One store of the workload. `role` is record, or copy if it is fed from the stores of record."""

    store: str
    role: str
    items: tuple[str, ...]


class FeedFound(Struct, frozen=True, kw_only=True):
    """A store fed from others. `rule` is the advice that asks for it, "" where the pattern's own class does."""

    rule: str
    item: str
    sources: tuple[str, ...]
    target: str


class StoreMove(Struct, frozen=True, kw_only=True):
    """A pattern that lives in a store which is there anyway, `behind` points after its own first choice."""

    item: str
    first: str
    store: str
    behind: int


class DataArchitecture(Struct, frozen=True, kw_only=True):
    """Where every pattern lives; `open` names those that have no store yet."""

    margin: int
    in_family: int
    stores: tuple[StoreKept, ...]
    feeds: tuple[FeedFound, ...]
    moves: tuple[StoreMove, ...]
    open: tuple[str, ...]


class Assessment(Struct, frozen=True, kw_only=True):
    ruleset: RuleSet
    answers: Answers
    classes: Mapping[str, ClassVerdict]
    verdicts: tuple[Verdict, ...]
    mix: Mix | None
    lens: tuple[LensVerdict, ...]
    risks: tuple[RiskFound, ...]
    advice: tuple[AdviceFound, ...]
    limits: tuple[LimitRow, ...]
    costs: CostReport
    backgrounds: tuple[BackgroundFound, ...]
    sign_offs: tuple[SignOffState, ...]
    processes: tuple[Item, ...]
    data_architecture: DataArchitecture | None = None
