"""The costs of an Assessment -> what a report says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from wa_advisor.engine.evaluate import Assessment
from wa_advisor.engine.priced import BreakEven, CostComparison, CostFigure
from wa_advisor.model import Fact, RuleSet
from wa_advisor.quantity import Number
from wa_advisor.report.sources import Sources
from wa_advisor.ruleset.freshness import days_of

MONTH_SECONDS = 730 * 3600
MANY_ROWS = 20


class CostCell(Struct, frozen=True, kw_only=True):
    """What one option costs, or why that is not known: `text` is money, `why` a sentence, `questions` the ids to answer."""

    service: str
    text: str
    why: str
    questions: tuple[str, ...]


class CostRow(Struct, frozen=True, kw_only=True):
    decision: str
    item: str
    first: CostCell
    other: CostCell | None
    proposed: bool
    more: str
    even: str


class CostBasis(Struct, frozen=True, kw_only=True):
    """How one way to pay was worked out, for the items that were priced by it."""

    service: str
    plan: str
    because: str
    lines: tuple[str, ...]
    assumes: tuple[str, ...]
    leaves_out: tuple[str, ...]
    beside: tuple[str, ...]


class CostView(Struct, frozen=True, kw_only=True):
    notes: tuple[str, ...]
    rows: tuple[CostRow, ...]
    more_rows: int
    proposals: bool
    bases: tuple[CostBasis, ...]
    total: str
    left: tuple[str, ...]
    dates: str
    secondary: tuple[str, ...]
    elsewhere: tuple[tuple[str, str], ...]
    unpriced: tuple[tuple[str, str], ...]


class Cheaper(Struct, frozen=True, kw_only=True):
    """An option that costs less a month than the first choice, with both figures as text."""

    service: str
    text: str
    first: str


def cheaper_than(assessment: Assessment, decision: str, item: str) -> Iterator[Cheaper]:
    """The runner-up and the proposal where they cost less than the first choice by the estimate, whatever the unknown answers are.

    Costs are no arguments: the decision has to say so where they point elsewhere. Less than a dollar is no difference.
    """
    for comparison in assessment.costs.comparisons:
        if (comparison.decision, comparison.item) != (decision, item):
            continue
        first = comparison.figures[0]
        for other in comparison.figures[1:]:
            if (first.state, other.state) == ("known", "known") and Fraction(first.low) - Fraction(other.high) >= 1:
                yield Cheaper(
                    service=assessment.ruleset.services[other.option].name, text=money_range(other.low, other.high),
                    first=money_range(first.low, first.high),
                )  # fmt: skip


def cost_view(assessment: Assessment, sources: Sources) -> CostView | None:
    """The costs; None where nothing is priced."""
    report, ruleset = assessment.costs, assessment.ruleset
    if not report.comparisons:
        return None
    facts = [ruleset.facts[f] for f in report.facts]
    prices = [f for f in facts if f.dimension == "price"]
    for fact in prices:
        sources.cite(fact.source, fact.as_of)
    total, found = report.total, list(report.comparisons)
    if len(found) > MANY_ROWS:
        found.sort(key=lambda c: -max(f.high for f in c.figures))
    rows = [row for c in found[:MANY_ROWS] for row in _rows(ruleset, c)]
    return CostView(
        notes=ruleset.cost_notes,
        rows=tuple(rows),
        more_rows=len(found[MANY_ROWS:]),
        proposals=any(r.proposed for r in rows),
        bases=tuple(_bases(ruleset, report.comparisons)),
        total=money_range(total.low, total.high) if total and len(total.left) < len(report.comparisons) else "",
        left=tuple(f"{ruleset.decisions[decision].name}: {item}" for decision, item in total.left) if total else (),
        dates=_dates(prices),
        secondary=tuple(f.name for f in prices if f.evidence == "secondary"),
        unpriced=tuple(dict.fromkeys(_unpriced(ruleset, report.comparisons))),
        elsewhere=tuple((f.name, f.region) for f in prices if f.region != "us-east-1"),
    )


def _rows(ruleset: RuleSet, comparison: CostComparison) -> Iterator[CostRow]:
    """The first choice beside each other option."""
    first, others = comparison.figures[0], comparison.figures[1:]
    for other in others or (None,):
        yield CostRow(
            decision=ruleset.decisions[comparison.decision].name, item=comparison.item, first=_cell(ruleset, first),
            other=_cell(ruleset, other) if other else None, proposed=other is not None and other.role == "proposed",
            more=_difference(first, other), even=_even(ruleset, comparison.evens.get(other.option, "")) if other else "",
        )  # fmt: skip


def _cell(ruleset: RuleSet, figure: CostFigure) -> CostCell:
    service, why = ruleset.services[figure.option].name, ""
    questions: tuple[str, ...] = ()
    if figure.state == "unpriced" and figure.cost:
        why = "not priced"
    elif figure.state == "missing":
        questions = tuple(dict.fromkeys(lack.question for lack in figure.lacks))
    elif figure.state == "none":
        why = "not priced: there is no rule for it" if figure.cost is None else "not priced: what is asked does not apply to it"
    return CostCell(
        service=service,
        text=money_range(figure.low, figure.high) if figure.state == "known" else "",
        why=why,
        questions=questions,
    )


def _difference(first: CostFigure, other: CostFigure | None) -> str:
    """How much more the second costs a month, with a sign."""
    if other is None or first.state != "known" or other.state != "known":
        return ""
    low, high = Fraction(other.low) - Fraction(first.high), Fraction(other.high) - Fraction(first.low)
    return _signed(low) if low == high else f"{_signed(low)} to {_signed(high)}"


def _signed(value: Fraction) -> str:
    cents = Fraction(_round(abs(value) * 100), 100)
    return f"{'' if not cents else '+' if value > 0 else '−'}{money(cents)}"


def _even(ruleset: RuleSet, even: BreakEven | str) -> str:
    if isinstance(even, str):
        return even
    return f"{load_text(even.load)}; below it {ruleset.services[even.below].name} is cheaper"


def _bases(ruleset: RuleSet, comparisons: Sequence[CostComparison]) -> Iterator[CostBasis]:
    seen: set[str] = set()
    for comparison in comparisons:
        for figure in comparison.figures:
            cost = figure.cost
            if cost is None or figure.state != "known" or cost.id in seen:
                continue
            seen.add(cost.id)
            beside = [f for f in comparison.beside if f.option == figure.option]
            yield CostBasis(
                service=ruleset.services[figure.option].name, plan=figure.plan, because=cost.because,
                lines=tuple(f"{line.name} {money_range(line.low, line.high)}" for line in figure.lines if line.high),
                assumes=cost.assumes, leaves_out=cost.leaves_out,
                beside=tuple(f"{f.plan}: {money_range(f.low, f.high)}" for f in beside),
            )  # fmt: skip


def _unpriced(ruleset: RuleSet, comparisons: Sequence[CostComparison]) -> Iterator[tuple[str, str]]:
    """The services without a price and why; the facts that are missing are named."""
    for figure in (f for c in comparisons for f in c.figures):
        if figure.state == "unpriced" and figure.cost:
            names = "; ".join(ruleset.facts[f].name for f in figure.cost.unpriced)
            yield ruleset.services[figure.option].name, f"{figure.cost.because} Missing: {names}."


def _dates(prices: Sequence[Fact]) -> str:
    """From the oldest to the newest date of the prices."""
    spans = sorted(((span, f.as_of) for f in prices if (span := days_of(f.as_of))), key=lambda pair: pair[0])
    unknown = sum(1 for f in prices if days_of(f.as_of) is None)
    dated = "" if not spans else spans[0][1] if spans[0][1] == spans[-1][1] else f"{spans[0][1]} to {spans[-1][1]}"
    undated = f"{unknown} without a date" if unknown else ""
    return " and ".join(part for part in (dated, undated) if part)


# -- figures as text ---------------------------------------------------------------------------------


def money(value: Number) -> str:
    """USD with cents below a hundred, whole above: "0.42 USD", "1,240 USD"."""
    amount = Fraction(value)
    if 0 < amount < Fraction(1, 100):
        return "below 0.01 USD"
    return f"{_round(amount * 100) / 100:,.2f} USD" if amount < 100 else f"{_round(amount):,} USD"


def money_range(low: Number, high: Number) -> str:
    first, last = money(low), money(high)
    return first if first == last else f"{first.removesuffix(' USD')} to {last}"


def load_text(load: Number) -> str:
    """A rate to three digits, a second and a month: "629/s (1.65 billion a month)"."""
    monthly = _words(Fraction(load) * MONTH_SECONDS)
    return f"{_digits(Fraction(load))}/s ({monthly} a month)" if load >= 1 else f"{monthly} a month"


def _words(value: Fraction) -> str:
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if value >= size:
            return f"{_digits(value / size)} {word}"
    return _digits(value)


def _digits(value: Fraction) -> str:
    """Three digits of a positive number."""
    places = 2 if value < 10 else 1 if value < 100 else 0
    text = f"{_round(value * 10**places) / 10**places:,.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def _round(value: Fraction) -> int:
    return int(value + Fraction(1, 2))
