"""Quotas and the figures they hold: links of items are followed, steps counted, and an adjustable quota says what to ask for."""

from __future__ import annotations

import pytest

from tests.small_rules import FILES, assess, compile_texts
from wa_advisor.engine.assessment import Assessment, LimitRow
from wa_advisor.engine.capacity import capacity_rows
from wa_advisor.engine.gate import gate_findings
from wa_advisor.errors import RulesError

QUOTAS = """\
facts:
  runner.rate.each: {name: Rate for each copy, value: 10, unit: /s, adjustable: false, source: "https://example.org/runner", as_of: 2026-08}
  ledger.connections: {name: Connections of a ledger, value: 50, unit: count, adjustable: false, service: ledger, source: "https://example.org/ledger", as_of: 2026-08}
derived:
  pattern_copies: {scope: access_pattern, type: count, name: Copies that read it, value: "sum(used_by, copies)", shown: data_store is ledger}
  reads_ledger: {scope: component, type: yes-no, value: any(uses where data_store is ledger)}
  ledger_copies: {scope: workload, type: count, name: Copies on ledgers, value: "sum(components, copies where reads_ledger)"}
  spare: {scope: component, type: count, name: Copies to spare, value: 100 - copies}
  boxes: {scope: access_pattern, type: count, name: Boxes, value: "ceil(item_size, 4 KB)"}
quotas:
  - {id: all-copies, scope: workload, name: All copies, value: "sum(components, copies where compute is runner)", limit: runner.copies.quota, because: They share it., improve: Say so early.}
  - {id: all-rates, scope: workload, name: All calls, value: "sum(components, peak_rate where compute is runner)", limit: runner.rate.each * runner.copies.quota, because: It follows., improve: Ask.}
  - {id: connections, scope: access_pattern, when: data_store is ledger, name: Connections, value: pattern_copies, limit: ledger.connections, because: Each holds one., improve: Pool them.}
"""

RULES = compile_texts([*FILES, QUOTAS])

SHOP = """\
access_patterns:
  - {name: books, lookup: any-fields, item_size: 9 KB, used_by: [api, report]}
  - {name: cart, lookup: full-key, item_size: 1 B, used_by: [api]}
components:
  - {name: api, duration: 500 ms, peak_rate: 3000/s, steady: no}
  - {name: report, duration: 60 s, peak_rate: 1/s, steady: no}
  - {name: mailer, duration: 1 s, peak_rate: 7/s, steady: no}
"""


def row_of(found: Assessment, rule: str, item: str = "w") -> LimitRow:
    return next(row for row in found.limits if row.rule == rule and row.item == item)


def test_links_are_followed_both_ways() -> None:
    rows = {(r.name, r.item): r.low for r in capacity_rows(assess(RULES, SHOP))}
    assert rows["pattern_copies", "books"] == 1560
    assert ("pattern_copies", "cart") not in rows, "it is shown for ledgers only"
    assert rows["ledger_copies", "w"] == 1560, "each component counts once, however many patterns it uses"


def test_steps_and_differences() -> None:
    rows = {(r.name, r.item): r.low for r in capacity_rows(assess(RULES, SHOP))}
    assert (rows["boxes", "books"], rows["boxes", "cart"]) == (3, 1)
    assert (rows["spare", "mailer"], rows["spare", "report"], rows["spare", "api"]) == (93, 40, 0)


def test_an_adjustable_quota_says_what_to_ask_for() -> None:
    found = assess(RULES, SHOP)
    row = row_of(found, "all-copies")
    assert (row.value, row.limit, row.headroom, row.adjustable, row.raise_to) == (1567, 1000, -0.567, True, "1,600")
    advice = next(a for a in found.advice if a.id == "all-copies")
    assert advice.improve == "Ask AWS to raise “Copies at once” from 1,000 to 1,600. Say so early."
    assert (advice.topic, advice.source) == ("capacity", "https://example.org/runner")


def test_a_limit_of_several_facts_raises_the_one_that_can_be_raised() -> None:
    row = row_of(assess(RULES, SHOP.replace("3000/s", "30000/s")), "all-rates")
    assert (row.fact, row.limit, row.limit_text, row.unit, row.raise_to) == (
        "runner.copies.quota",
        10_000,
        "10,000/s",
        "/s",
        "3,100",
    )


def test_enough_is_neither_raised_nor_advised() -> None:
    found = assess(RULES, SHOP.replace("3000/s", "30/s"))
    assert (row_of(found, "all-copies").headroom, row_of(found, "all-copies").raise_to) == (0.918, "")
    assert "all-copies" not in [a.id for a in found.advice]


def test_only_a_hard_limit_fails_the_gate() -> None:
    found = gate_findings(assess(RULES, SHOP), as_of="2026-11-25")
    assert [f.message for f in found if f.check == "limit-exceeded"] == ["Connections: 1,560 needed, 50 allowed (connections)"]


@pytest.mark.parametrize("missing", ["duration: 500 ms, ", "peak_rate: 3000/s, "])
def test_a_figure_with_a_missing_input_is_not_shown(missing: str) -> None:
    assert not [row for row in assess(RULES, SHOP.replace(missing, "")).limits if row.rule == "all-copies"]


def test_links_that_nothing_is_said_of_are_not_known() -> None:
    text = SHOP.replace(", used_by: [api, report]", "")
    assert "pattern_copies" not in [r.name for r in capacity_rows(assess(RULES, text))]
    assert "ledger_copies" not in [r.name for r in capacity_rows(assess(RULES, text))]


BROKEN = {
    "value: copies, limit: copies": "a limit is made of facts: name one, and put what is asked or derived into `value`",
    "value: copies, limit: 5": "a limit is made of facts: name one, and put what is asked or derived into `value`",
    "value: duration, limit: runner.copies.quota": "`value` and `limit` are a duration and a count: both sides need the same unit",
    "value: 'sum(used_by, copies)', limit: runner.copies.quota": "a component has no link `used_by`; links here: receives, sends, serves, uses",
}


@pytest.mark.parametrize("sides", BROKEN)
def test_a_quota_with_a_fault_is_a_problem(sides: str) -> None:
    text = f"quotas:\n  - {{id: q, scope: component, name: Q, {sides}, because: B., improve: I.}}\n"
    with pytest.raises(RulesError) as caught:
        compile_texts([*FILES, text])
    assert [p.message for p in caught.value.problems] == [BROKEN[sides]]


def test_a_background_names_what_is_there() -> None:
    text = "backgrounds:\n  - {id: b, scope: component, when: compute is runner, name: B, text: T., facts: [runner.no], figures: [copie]}\n"
    with pytest.raises(RulesError) as caught:
        compile_texts([*FILES, text])
    assert ['unknown name "runner.no"', 'unknown name "copie"'] == [p.message.split(";")[0] for p in caught.value.problems]


def test_a_background_is_told_of_the_items_that_call_for_it() -> None:
    text = "backgrounds:\n  - {id: b, scope: component, when: compute is runner, name: B, text: T., facts: [runner.copies.quota], figures: [copies]}\n"
    found = assess(compile_texts([*FILES, text]), SHOP + "  - {name: crew, duration: 20 min, steady: yes}\n")
    assert [(b.background.id, b.items) for b in found.backgrounds] == [("b", ("api", "report", "mailer"))]
