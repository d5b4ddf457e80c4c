"""Facts: what a value, a unit and a divisor may be, and what the shipped set holds of each kind."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import jsonschema
import pytest
import yaml

from tests.small_rules import FILES, compile_texts
from wa_advisor.errors import RulesError
from wa_advisor.model import Fact, RuleSet
from wa_advisor.ruleset.prices import DivisorError, parse_divisor
from wa_advisor.ruleset.schema import rules_schema

TAIL = "source: 'https://example.org/x', as_of: 2026-08-20"

GOOD = {
    "value: 0.625, unit: USD, per: million WRU": ("0.625 USD per million WRU", Fraction(625, 10**9), (0, 0, 1)),
    "value: 0.25, unit: USD, per: GB-month": ("0.25 USD per GB-month", Fraction(1, 4 * 10**9 * 2_628_000), (-1, -1, 1)),
    "value: 0.04, unit: USD, per: vCPU-hour": ("0.04 USD per vCPU-hour", Fraction(1, 90_000), (0, -1, 1)),
    "value: not-found, unit: USD, per: hour": ("not found", 0, (0, -1, 1)),
    "value: not-found, unit: KB": ("not found", 0, (1, 0, 0)),
    "value: 5000, unit: count": ("5,000", 5000, (0, 0, 0)),
    "value: 90, unit: min": ("90 min", 5400, (0, 1, 0)),
    "value: false, unit: yes-no": ("no", 0, (0, 0, 0)),
    "value: only one Region, unit: text": ("only one Region", 0, (0, 0, 0)),
    "value: 2025-06-20, unit: date": ("2025-06-20", 0, (0, 0, 0)),
}

BAD = {
    "value: much, unit: KB": '`value` is "much": write digits, as 1000 or 0.25',
    "value: 1, unit: USD": '"shelf.x" is a price and has no `per`: write what it buys, as million requests or GB-month',
    "value: 1, unit: KB, per: month": "`per` belongs to a price: write `unit: USD`, or remove it",
    "value: 1, unit: USD, per: GB-mnth": '`per`: unknown unit "mnth"; did you mean month?',
    "value: 1, unit: USD, per: hour-hour": "`per`: write what one price buys: million requests, GB-month, vCPU-hour",
    "value: maybe, unit: yes-no": '`value` is "maybe", but true or false is needed for the unit yes-no: write one of them',
    "value: last year, unit: date": '`value` is "last year", but a date is needed: write 2026-08-20',
    "value: 1, unit: KB, evidence: hearsay": 'unknown evidence "hearsay"; evidence is one of: ',
}


def fact_file(text: str) -> str:
    return f"facts:\n  shelf.x: {{name: It, {text}, {TAIL}}}\n"


def compiled(text: str) -> Fact:
    return compile_texts([*FILES, fact_file(text)]).facts["shelf.x"]


@pytest.mark.parametrize("text", GOOD)
def test_a_fact_is_read_exactly(text: str) -> None:
    fact = compiled(text)
    assert (fact.text, fact.magnitude, fact.exponents) == GOOD[text]
    assert fact.known == ("not-found" not in text)


@pytest.mark.parametrize("text", BAD)
def test_a_fault_is_a_problem(text: str) -> None:
    with pytest.raises(RulesError) as caught:
        compiled(text)
    assert [p.message for p in caught.value.problems if p.message.startswith(BAD[text])]
    assert len(caught.value.problems) == 1


def as_json(text: str) -> Any:
    """The file as a JSON reader sees it: a date is text there."""
    return yaml.load(text, type("Loader", (yaml.SafeLoader,), {"yaml_constructors": {
        **yaml.SafeLoader.yaml_constructors, "tag:yaml.org,2002:timestamp": yaml.SafeLoader.construct_yaml_str}}))  # fmt: skip


def test_the_schema_agrees_on_every_form() -> None:
    validator = jsonschema.Draft202012Validator(rules_schema())
    for text in GOOD:
        assert not list(validator.iter_errors(as_json(fact_file(text)))), text
    for text in [t for t in BAD if "mnth" not in t and "hour-hour" not in t]:
        assert list(validator.iter_errors(as_json(fact_file(text)))), text


@pytest.mark.parametrize("unit", ["text", "USD, per: hour"])
def test_only_quantities_are_compared(unit: str) -> None:
    fact = fact_file(f"value: '1', unit: {unit}")
    rule = "risks:\n  - {id: too-big, scope: component, when: duration > shelf.x, risk: HIGH, name: Big, because: It is., improve: No., basis: judgement}\n"
    kind = "statement" if unit == "text" else "price"
    with pytest.raises(RulesError, match=f"shelf.x is a {kind} and duration a duration: compare like with like"):
        compile_texts([*FILES, fact, rule])


def test_divisors_multiply_up() -> None:
    assert parse_divisor("1024 MB-second").scale == 1024 * 10**6
    assert parse_divisor("million minutes").scale == 60 * 10**6
    assert parse_divisor("thousand objects-month").exponents == (0, 1, 0)
    with pytest.raises(DivisorError):
        parse_divisor("")


def test_the_shipped_facts_say_how_they_were_read(ruleset: RuleSet) -> None:
    """Every fact but our own thresholds names its evidence; what was not found has no value and no date."""
    facts = list(ruleset.facts.values())
    assert len(facts) > 600
    for fact in facts:
        assert bool(fact.evidence) == (fact.basis != "judgement"), fact.id
        assert (fact.evidence == "not-found") == (not fact.known), fact.id
        assert fact.source.startswith("https://") or fact.basis == "judgement", fact.id
    missing = {f.id for f in facts if not f.known}
    assert {"price.keyspaces.ondemand", "price.memorydb.node", "price.msk.serverless", "dsql.dpu.per_query"} <= missing
    assert {f.as_of for f in facts if not f.known} == {"unknown"}


def test_a_secondary_source_never_rules_an_option_out(ruleset: RuleSet) -> None:
    secondary = {f.id for f in ruleset.facts.values() if f.evidence == "secondary" and f.dimension != "price"}
    for decision in ruleset.decisions.values():
        for rule in decision.rules:
            if rule.kind == "constraint":
                assert not [f for f in secondary if f in rule.text], rule.id


def test_a_limit_in_days_reads_as_people_say_it(ruleset: RuleSet) -> None:
    assert ruleset.facts["kinesis.retention.max"].text == "365 days"
    assert ruleset.facts["sfn.standard.max_duration"].text == "1 year"
