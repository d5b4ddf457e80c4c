"""Costs and dates in a report: what is printed of them, what is said where something is missing."""

from __future__ import annotations

import re

from tests.small_rules import FILES, assess, compile_texts
from tests.test_costs import BY_KEY, RULES, judged
from wa_advisor.report.costs import cost_view
from wa_advisor.report.freshness import fresh_rows
from wa_advisor.report.render import render_report
from wa_advisor.report.sources import Sources


def test_the_cost_section_in_full() -> None:
    text = render_report(
        judged(f"{BY_KEY}, item_size: 2 KB, average_rate: 60/s, proposed: ledger", f"{BY_KEY}, average_rate: 1/s")
    )
    section = text[text.index("## Cost") : text.index("## Cost") + 3000]
    assert "USD a month at the average load, at prices of 2024-07-01 to 2026-01-02." in section
    assert re.search(r"^\| p0 .*Shelf: 158 USD .*Ledger: 146 USD.* −11\.68 USD .* 55\.6/s \(146 million a month\)", section, re.M)
    assert re.search(r"^\| p1 .*Shelf: not known, answer `item_size`", section, re.M)
    assert "Together **146 USD** a month" in section and "not known, and not in it: Data store: p1" in section
    assert "Nothing is free." in section and "One step for each KB." in section
    assert "Otherwise reserved: 438 USD." in section


def test_what_is_not_priced_is_said_once() -> None:
    view = cost_view(
        judged(*["lookup: full-key, item_size: 300 KB, average_rate: 1/s, features: [], proposed: pile"] * 3), Sources()
    )
    assert view is not None
    assert view.unpriced == (("Pile", "It was not found. Missing: Calls of a pile."),)
    assert {row.other.why for row in view.rows if row.other} == {"not priced"}


def test_prices_that_are_not_from_aws_or_of_another_region_are_told() -> None:
    text = (
        "facts:\n  price.ledger.call: {name: Calls of a ledger, value: 1, unit: USD, per: million requests, region: eu-west-2,"
        " source: 'https://example.org/p', as_of: unknown, evidence: secondary}\n"
        "costs:\n  - {id: c, decision: data_store, options: [ledger], name: by call, lines: [{name: Calls, value: average_rate * price.ledger.call}]}\n"
    )
    found = assess(compile_texts([*FILES, text]), "access_patterns: [{name: p, lookup: any-fields, average_rate: 1/s}]")
    view = cost_view(found, Sources())
    assert view is not None
    assert (view.secondary, view.elsewhere, view.dates) == (
        ("Calls of a ledger",),
        (("Calls of a ledger", "eu-west-2"),),
        "1 without a date",
    )


def test_many_items_are_cut_to_the_dearest() -> None:
    patterns = [f"lookup: full-key, item_size: 1 KB, features: [], average_rate: {n + 1}/s" for n in range(25)]
    view = cost_view(judged(*patterns), Sources())
    assert view is not None
    assert (len({row.item for row in view.rows}), view.more_rows) == (20, 5)
    assert view.rows[0].item == "p24"


def test_verdicts_of_one_date_stand_together() -> None:
    text = f"{BY_KEY}, item_size: 1 KB, average_rate: 5/s"
    rows = fresh_rows(judged(text, text, "lookup: any-fields, item_size: 1 KB, average_rate: 1/s"))
    assert [(r.what, r.names, r.fact, r.as_of) for r in rows] == [
        ("Data store", ("p0", "p1"), "Largest item of a shelf", "2026-H2"), ("Cost", (), "Instance", "2024-07-01"),
    ]  # fmt: skip


def test_thresholds_of_our_own_are_not_called_old() -> None:
    rows = fresh_rows(assess(RULES, "access_patterns: [{name: p, lookup: any-fields, average_rate: 500/s}]"))
    assert "Busy from here" not in [r.fact for r in rows]


def test_a_difference_below_a_cent_has_no_sign() -> None:
    """A shelf of 1 KB costs 146.00 USD at 111.1/s, a ledger twice that; within a cent of each other neither is dearer."""
    text = f"{BY_KEY}, item_size: 2 KB, average_rate: %s, proposed: ledger"
    for rate, more in (("55.5550/s", "0.00 USD"), ("55/s", "+1.46 USD"), ("56/s", "−1.17 USD")):
        view = cost_view(judged(text % rate), Sources())
        assert view is not None and view.rows[0].more == more
