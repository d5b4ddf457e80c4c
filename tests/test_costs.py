"""Costs: units are checked, money is exact, what is missing is named, and equal cost is computed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.small_rules import FILES, assess, compile_texts, small
from wa_advisor.engine.assessment import Assessment
from wa_advisor.engine.costs import equal_load
from wa_advisor.engine.priced import CostComparison
from wa_advisor.errors import RulesError
from wa_advisor.report.costs import load_text, money, money_range

MONTH = 2_628_000

PRICES = """\
facts:
  price.shelf.call: {name: Calls, value: 0.5, unit: USD, per: million requests, source: "https://example.org/p", as_of: 2026-01-02, evidence: price-list}
  price.shelf.keep: {name: Keeping, value: 0.1, unit: USD, per: GB-month, source: "https://example.org/p", as_of: 2026, evidence: secondary}
  price.ledger.hour: {name: Instance, value: 0.2, unit: USD, per: hour, source: "https://example.org/p", as_of: 2024-07-01, evidence: price-list}
  price.pile.call: {name: Calls of a pile, value: not-found, unit: USD, per: million requests, source: "https://example.org/p", as_of: unknown, evidence: not-found}
  shelf.step: {name: Step, value: 1, unit: KB, source: "https://example.org/p", as_of: 2026}
"""

COSTS = """\
cost_notes: [Nothing is free.]
loads: {data_store: {average: average_rate}}
costs:
  - id: cost-shelf
    decision: data_store
    options: [shelf]
    name: by call
    lines:
      - {name: Calls, value: "average_rate * ceil(item_size, shelf.step) * price.shelf.call"}
      - {name: Streams, when: features includes streams, value: average_rate * price.shelf.call}
    assumes: [One step for each KB.]
  - id: cost-shelf-reserved
    decision: data_store
    options: [shelf]
    name: reserved
    beside: cost-shelf
    lines: [{name: Reserve, value: 3 * price.ledger.hour}]
  - id: cost-ledger
    decision: data_store
    options: [ledger]
    name: instances
    lines: [{name: Instances, shared: true, value: "max(1, ceil(average_rate, judgement.busy)) * price.ledger.hour"}]
  - {id: cost-pile, decision: data_store, options: [pile], name: by call, unpriced: [price.pile.call], because: It was not found.}
  - {id: cost-runner, decision: compute, options: [runner], name: nothing, free: true, because: It is a gift.}
"""

RULES = compile_texts([*FILES, PRICES, COSTS])


def judged(*patterns: str) -> Assessment:
    lines = "\n".join(f"  - {{name: p{n}, {text}}}" for n, text in enumerate(patterns))
    return assess(RULES, f"access_patterns:\n{lines}\n")


def compared(pattern: str) -> CostComparison:
    return judged(pattern).costs.comparisons[0]


BY_KEY = "lookup: full-key, combines: no, features: [joins], records: 5"


def test_money_is_exact() -> None:
    """300 calls a second of 3 KB (three steps) at 0.50 USD a million."""
    figure = compared(f"{BY_KEY}, item_size: 2500 B, average_rate: 300/s").figures[0]
    assert (figure.option, figure.role, figure.state) == ("shelf", "choice", "known")
    assert figure.low == figure.high == Fraction(300 * 3 * MONTH) * Fraction(5, 10**7)
    assert [line.name for line in figure.lines] == ["Calls"]


def test_conditional_lines_and_other_ways_to_pay() -> None:
    found = compared("lookup: full-key, features: [streams, joins], item_size: 1 KB, average_rate: 1/s")
    assert [line.name for line in found.figures[0].lines] == ["Calls", "Streams"]
    assert [(f.plan, f.low) for f in found.beside] == [("reserved", 438)]


def test_a_range_stays_a_range() -> None:
    figure = compared(f"{BY_KEY}, item_size: 1 KB to 3 KB, average_rate: about 10/s").figures[0]
    ends = (figure.low, figure.high)
    assert ends == (Fraction(5 * MONTH * 5, 10**7), Fraction(20 * 3 * MONTH * 5, 10**7))
    assert money_range(*ends) == "6.57 to 78.84 USD"


def test_what_is_missing_is_named() -> None:
    found = compared(f"{BY_KEY}, item_size: 3 KB").figures
    assert [(f.option, f.state, [(k.question, k.item) for k in f.lacks]) for f in found] == [
        ("shelf", "missing", [("average_rate", "p0")]), ("ledger", "missing", [("average_rate", "p0")]),
    ]  # fmt: skip
    unknown = compared("lookup: full-key, item_size: 3 KB, average_rate: 1/s, features: unknown").figures[0]
    assert [k.question for k in unknown.lacks] == ["features"]


def test_a_price_that_was_not_found_leaves_no_cost() -> None:
    found = compared("lookup: full-key, item_size: 300 KB, average_rate: 1/s, features: [], proposed: pile")
    assert [(f.option, f.role, f.state, f.low) for f in found.figures if f.option == "pile"] == [
        ("pile", "runner-up", "unpriced", 0)
    ]
    assert found.evens == {"pile": ""}


def test_equal_cost_is_found_behind_steps() -> None:
    """A ledger costs 146 USD a month for each 100/s begun, the shelf 2.628 USD for each 1/s of 2 KB."""
    even = compared(f"{BY_KEY}, item_size: 2 KB, average_rate: 1/s").evens["ledger"]
    assert even is not None
    assert (even.question, even.below, even.above) == ("average_rate", "shelf", "ledger")
    assert even.load == Fraction(146 * 10**6, MONTH)
    assert load_text(even.load) == "55.6/s (146 million a month)"
    dear = compared(f"{BY_KEY}, item_size: 1 KB, average_rate: 1/s")
    assert dear.evens == {"ledger": "Shelf is cheaper at every load"}


def test_what_is_shared_is_counted_once() -> None:
    two = judged("lookup: any-fields, average_rate: 20/s", "lookup: any-fields, average_rate: 150/s")
    assert [c.figures[0].low for c in two.costs.comparisons] == [146, 292]
    assert two.costs.total is not None
    assert (two.costs.total.low, two.costs.total.left) == (292, ())
    part = judged("lookup: any-fields, average_rate: 20/s", f"{BY_KEY}, item_size: 3 KB")
    assert part.costs.total is not None
    assert part.costs.total.left == (("data_store", "p1"),)


def test_the_proposal_is_priced_and_summed() -> None:
    found = judged(f"{BY_KEY}, item_size: 1 KB, average_rate: 1/s, proposed: ledger")
    assert [f.role for f in found.costs.comparisons[0].figures] == ["choice", "runner-up"]
    assert found.costs.total is not None and found.costs.total.low == 146


def test_facts_of_costs_are_told() -> None:
    found = judged(f"{BY_KEY}, item_size: 1 KB, average_rate: 1/s")
    assert found.costs.facts == ("price.shelf.call", "shelf.step", "judgement.busy", "price.ledger.hour")


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**6), st.integers(0, 10**5), st.integers(1, 10**6), st.integers(0, 10**5), st.integers(1, 10**5))
def test_lines_cross_where_they_cross(slope: int, base: int, other: int, floor: int, near: int) -> None:
    """Two straight lines: the load found is the exact crossing, and the sign below it is that of the difference."""

    def difference(load: Fraction) -> Fraction:
        return Fraction(slope, 1000) * load + base - Fraction(other, 1000) * load - floor

    found = equal_load(difference, Fraction(near))
    exact = Fraction(1000 * (floor - base), slope - other) if slope != other else None
    if exact is not None and Fraction(1, MONTH) < exact < 10**6:
        assert found is not None and found[0] == exact
        assert (difference(exact / 2) > 0) - (difference(exact / 2) < 0) == found[1]
    else:
        assert found is None


def test_a_step_is_found_to_a_part_in_a_million() -> None:
    found = equal_load(lambda load: Fraction(-1 if load <= 37 else 1), Fraction(1))
    assert found is not None and 37 < found[0] < Fraction(37) * Fraction(1_000_002, 1_000_000)


BROKEN = {
    "value: average_rate * item_size": "this makes a data-rate, but a cost is money in time, as a rate times a price: correct it",
    "value: average_rate * price.shelf.keep": "this makes a price of no use here, but a cost is money in time",
    "value: price.shelf.call": "this makes money, but a cost is money in time",
    "value: average_rate * price.pile.call": "the value of price.pile.call was not found: name it under `unpriced`",
    'value: "average_rate * price.shelf.call + price.shelf.call"': "`+` joins money in time and money: both sides need the same unit",
    'value: "average_rate * ceil(item_size, 1 s) * price.shelf.call"': "`ceil` joins a size and a duration: both sides need the same unit",
    'value: "average_rate * ceil(item_size) * price.shelf.call"': "`ceil` takes a value and a step: write for example ceil(item_size, 1 KB)",
    "value: average_rate * price.shelf.cal": 'unknown fact "price.shelf.cal"; did you mean price.shelf.call?',
    "value: duration * price.ledger.hour / 1 s": '"duration" belongs to a component, this is about an access pattern: use an aggregate',
}


@pytest.mark.parametrize("line", BROKEN)
def test_a_line_with_a_fault_is_a_problem(line: str) -> None:
    text = (
        f"costs:\n  - id: broken\n    decision: data_store\n    options: [pile]\n    name: x\n    lines: [{{name: It, {line}}}]\n"
    )
    with pytest.raises(RulesError) as caught:
        compile_texts([*FILES, PRICES, text])
    (problem,) = caught.value.problems
    assert problem.message.startswith(BROKEN[line])
    assert problem.span.line == 6


WRONG = {
    "{id: a, decision: data_stor, options: [shelf], name: x, free: true, because: Gift.}": 'unknown decision "data_stor"; did you mean data_store?',
    "{id: a, decision: data_store, options: [shelve], name: x, free: true, because: Gift.}": '"shelve" is no option of data_store',
    "{id: a, decision: data_store, options: [shelf], name: x, free: true}": '"a" has no `because`: say why it cannot be priced, or costs nothing',
    "{id: a, decision: data_store, options: [shelf], name: x}": '"a" has one of `lines`, `free` and `unpriced`: write one of them',
    "{id: a, decision: data_store, options: [shelf], name: x, unpriced: [price.shelf.call], because: No.}": "price.shelf.call is known (0.5 USD per million requests): work it into `lines`",
    "{id: a, decision: data_store, options: [shelf], name: x, beside: b, free: true, because: No.}": 'unknown cost "b"; known: a',
}  # fmt: skip


@pytest.mark.parametrize("entry", WRONG)
def test_a_cost_with_a_fault_is_a_problem(entry: str) -> None:
    with pytest.raises(RulesError) as caught:
        compile_texts([*FILES, PRICES, f"costs:\n  - {entry}\n"])
    assert [p for p in caught.value.problems if p.message.startswith(WRONG[entry].partition("; known")[0])]


def test_an_option_is_priced_once() -> None:
    entry = "{{id: {0}, decision: data_store, options: [shelf], name: x, free: true, because: Gift.}}"
    with pytest.raises(RulesError, match='"shelf" is priced by "a" already: write `beside: a`, or remove one'):
        compile_texts([*FILES, f"costs:\n  - {entry.format('a')}\n  - {entry.format('b')}\n"])


def test_loads_name_rates_of_the_decision() -> None:
    with pytest.raises(RulesError, match='"item_size" is no rate to be asked there'):
        compile_texts([*FILES, "loads: {data_store: {average: item_size}}\n"])


def test_without_costs_nothing_is_priced() -> None:
    found = assess(small(), "access_patterns: [{name: p, lookup: full-key, average_rate: 1/s}]")
    assert (found.costs.comparisons, found.costs.total) == ((), None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.00 USD"),
        (Fraction(1, 500), "below 0.01 USD"),
        (Fraction(9999, 100), "99.99 USD"),
        (Fraction(123456, 100), "1,235 USD"),
    ],
)
def test_money_as_text(value: Fraction, text: str) -> None:
    assert money(value) == text


@pytest.mark.parametrize(
    ("load", "text"),
    [
        (Fraction(164, 26280), "16.4 thousand a month"),
        (Fraction(1), "1/s (2.63 million a month)"),
        (Fraction(1, 10**6), "2.63 a month"),
    ],
)
def test_loads_as_text(load: Fraction, text: str) -> None:
    assert load_text(load) == text


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 900),
    st.integers(0, 900),
    st.integers(0, 900),
    st.integers(1, 5000),
    st.integers(0, 5000),
    st.integers(0, 5000),
)
def test_an_answer_within_its_range_costs_within_the_range(
    size: int, more: int, inside: int, rate: int, up: int, at: int
) -> None:
    """What is known more exactly never costs more or less than was said before."""
    sizes, rates = f"{size} KB to {size + more} KB", f"{rate}/h to {rate + up}/h"
    wide = {f.option: f for f in judged(f"{BY_KEY}, item_size: {sizes}, average_rate: {rates}").costs.comparisons[0].figures}
    one = f"{BY_KEY}, item_size: {size + min(inside, more)} KB, average_rate: {rate + min(at, up)}/h"
    for found in judged(one).costs.comparisons[0].figures:
        before = wide.get(found.option)
        if before is not None and before.state == "known":
            assert found.state == "known" and before.low <= found.low == found.high <= before.high
