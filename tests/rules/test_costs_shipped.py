"""The shipped prices and costs: known break-even figures come out of them, and no option is left without a word."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.engine.priced import BreakEven, CostComparison, CostFigure
from wa_advisor.model import RuleSet

Price = Callable[[str], Fraction]
MONTH = 730 * 3600
MILLION = 10**6


@pytest.fixture
def price(ruleset: RuleSet) -> Price:
    """A price in USD per base unit: per byte and second, per second, per one."""
    return lambda ident: Fraction(ruleset.facts[f"price.{ident}"].magnitude)


def costs(ruleset: RuleSet, text: str) -> dict[str, CostComparison]:
    answers = parse_answers(f"answers: 1\nworkload: {{name: w}}\n{text}", "a.yaml", ruleset)
    return {c.item: c for c in evaluate(ruleset, answers).costs.comparisons}


def figure(found: CostComparison, option: str) -> CostFigure:
    return next(f for f in found.figures if f.option == option)


# -- what the prices alone say -------------------------------------------------------------------------


def test_provisioned_capacity_pays_above_a_share_of_use(price: Price) -> None:
    """A fully used unit-hour against the same requests on demand: 28.9 %, for writes as for reads."""
    for provisioned, on_demand in (("wcu", "wru"), ("rcu", "rru")):
        share = price(f"dynamodb.provisioned.{provisioned}") / price(f"dynamodb.ondemand.{on_demand}")
        assert round(float(share), 4) == 0.2889
    assert round(float(price("dynamodb.provisioned.wcu") * MILLION), 4) == 0.1806


def test_a_busy_vcpu_costs_half_as_much_in_a_task(ruleset: RuleSet, price: Price) -> None:
    """One vCPU of a function (1,769 MB) against a task of 1 vCPU and 2 GB: 0.1037 and 0.0494 USD an hour, equal at 48 %."""
    function = ruleset.facts["lambda.cpu.mb_per_vcpu"].magnitude * price("lambda.duration.x86") * 3600
    task = (price("fargate.vcpu.x86") + 2 * 10**9 * price("fargate.memory.x86")) * 3600
    assert (round(float(function), 4), round(float(task), 4)) == (0.1037, 0.0494)
    assert round(float(task / function), 2) == 0.48
    arm = ruleset.facts["lambda.cpu.mb_per_vcpu"].magnitude * price("lambda.duration.arm") * 3600
    arm_task = (price("fargate.vcpu.arm") + 2 * 10**9 * price("fargate.memory.arm")) * 3600
    assert round(float(arm_task / arm), 2) == 0.48


def test_an_api_of_functions_costs_what_two_tasks_cost(price: Price) -> None:
    """100 ms at 512 MB behind an HTTP API, 2.03 USD a million; two tasks and a load balancer, 88.51 USD: 43 million a month."""
    call = price("lambda.request") + Fraction(1, 10) * 512 * MILLION * price("lambda.duration.x86") + price("apigw.http.tier1")
    fixed = (2 * (price("fargate.vcpu.x86") + 2 * 10**9 * price("fargate.memory.x86")) + price("alb.hour")) * MONTH
    assert (round(float(call * MILLION), 2), round(float(fixed), 2)) == (2.03, 88.51)
    assert int(fixed / call / MILLION) == 43
    assert round(float(fixed / call / MONTH), 1) == 16.6


def test_a_load_balancer_costs_what_requests_cost(price: Price) -> None:
    """16.43 USD a month: 16.4 million requests of an HTTP API, 4.7 million of a REST API."""
    fixed = price("alb.hour") * MONTH
    assert round(float(fixed), 3) == 16.425
    assert round(float(fixed / price("apigw.http.tier1") / MILLION), 1) == 16.4
    assert round(float(fixed / price("apigw.rest.tier1") / MILLION), 1) == 4.7


def test_aurora_serverless_pays_below_two_units(price: Price) -> None:
    """Half a unit is 43.80 USD a month; a large instance, 189.80 USD, is cheaper above 2.2 units on average."""
    assert float(price("aurora.serverless.acu") / 2 * MONTH) == 43.8
    assert float(price("aurora.pg.r6g.large") * MONTH) == 189.8
    assert round(float(price("aurora.pg.r6g.large") / price("aurora.serverless.acu")), 1) == 2.2


def test_other_figures_told_of_prices(price: Price) -> None:
    """Two search units, ten transitions in a million runs, three managed instances, and a published example of calls."""
    assert round(float(2 * price("opensearch.ocu") * MONTH)) == 350
    assert float(10 * MILLION * price("sfn.standard")) == 250
    assert round(float(3 * price("ec2.m7g.xlarge") * MONTH * Fraction(115, 100))) == 411
    calls = 227 * MILLION * (price("lambda.request") + Fraction(1, 5) * 256 * MILLION * price("lambda.duration.x86"))
    assert round(float(calls), 2) == 234.57
    assert round(float(4 * price("redshift.serverless.rpu") * 3600), 2) == 1.5


# -- what the costs make of them -----------------------------------------------------------------------


def test_the_load_balancer_in_the_costs(ruleset: RuleSet) -> None:
    text = "interfaces: [{name: i, interaction: request-response, average_requests: 1/s, proposed: %s}]"
    http = costs(ruleset, text % "alb")["i"]
    even = http.evens["alb"] if http.figures[0].option == "apigw-http" else None
    assert isinstance(even, BreakEven)
    assert (even.load * MONTH, even.below, even.above) == (16_425_000, "apigw-http", "alb")


def test_functions_and_tasks_in_the_costs(ruleset: RuleSet) -> None:
    """Work that computes for 100 ms on a whole core: two tasks at least, each half used, against 3.08 USD a million calls."""
    component = (
        "components: [{name: c, trigger: request, work_kind: application, waiting: computes, memory: 1769 MB, usual_duration: 100 ms,"
        " duration: 200 ms, average_calls: 1/s, peak_calls: 2/s, activity: spiky-load, proposed: ecs-fargate}]"
    )
    found = costs(ruleset, component)["c"]
    assert figure(found, "lambda").low == Fraction(2, 10**7) * MONTH + Fraction(1769, 10240) * Fraction(166667, 10**10) * MONTH
    assert round(float(figure(found, "ecs-fargate").low), 2) == 72.08
    even = found.evens["ecs-fargate"]
    assert isinstance(even, BreakEven) and (even.below, even.above) == ("lambda", "ecs-fargate")
    assert round(float(even.load), 1) == 8.9, "two tasks are 72.08 USD a month, a call each second is 8.09 USD"


def test_units_of_a_table_in_the_costs(ruleset: RuleSet) -> None:
    """Writes of 3 KB take three units, strong reads of 5 KB two, eventual ones one, a page of 20 records of 1 KB five."""
    pattern = "access_patterns: [{name: p, lookup: %s, nature: records, average_rate: 10/s, data_volume: 10 GB, %s}]"
    strong = costs(
        ruleset, pattern % ("full-key", "consistency: strong, usual_size: 5 KB, write_share: 50 %, proposed: dynamodb")
    )
    lines = {line.name: float(line.low) for line in figure(strong["p"], "dynamodb").lines}
    assert lines == {
        "Writes": 5 * 5 * MONTH * 0.625 / MILLION, "Reads of one record, strong": 5 * 2 * MONTH * 0.125 / MILLION, "Storage": 2.5,
    }  # fmt: skip
    page = costs(
        ruleset,
        pattern
        % ("partition", "rows_returned: few, consistency: eventual, usual_size: 1 KB, write_share: 0 %, proposed: dynamodb"),
    )
    assert [float(line.low) for line in figure(page["p"], "dynamodb").lines] == [0, 10 * 2.5 * MONTH * 0.125 / MILLION, 2.5]


def test_every_option_is_priced_or_says_why_not(ruleset: RuleSet) -> None:
    priced = {(c.decision, option) for c in ruleset.costs.values() for option in c.options if not c.beside}
    options = {(d.id, option) for d in ruleset.decisions.values() if d.kind == "choice" for option in d.options}
    assert options - priced == set()
    assert {d.id for d in ruleset.decisions.values() if d.kind == "choice"} == set(ruleset.loads)


def test_every_price_that_was_not_found_is_said_where_it_is_missed(ruleset: RuleSet) -> None:
    """Two are of products that no option stands for: the new custom bus and On-demand Advantage."""
    said = {fact for cost in ruleset.costs.values() for fact in cost.unpriced}
    missing = {f.id for f in ruleset.facts.values() if not f.known}
    assert missing - said == {"price.eventbridge.custom_bus", "price.kinesis.advantage"}


def test_a_store_without_a_price_has_no_cost(ruleset: RuleSet) -> None:
    for option, fact in (
        ("aurora-dsql", "dsql.dpu.per_query"),
        ("keyspaces", "price.keyspaces.ondemand"),
        ("memorydb", "price.memorydb.node"),
    ):
        found = costs(ruleset, f"access_patterns: [{{name: p, lookup: full-key, average_rate: 1/s, proposed: {option}}}]")["p"]
        one = figure(found, option)
        assert (one.state, one.cost.unpriced if one.cost else ()) == ("unpriced", (fact,))


UNITS = {
    "trigger: session, usual_duration: 1 h, average_calls: 5/s": ("Tasks, sessions", 36),
    "trigger: always": ("Tasks that always run, one core", 2),
    "trigger: stream, waiting: computes, usual_duration: 1 s, average_calls: 100/s": ("Tasks, work that computes", 200),
    "trigger: request, waiting: waits, usual_duration: 1 s, average_calls: 100/s": ("Tasks, work that waits", 20),
    "trigger: event, waiting: waits, usual_duration: 1 s, average_calls: 1/s": ("Tasks, work that waits", 2),
    "trigger: schedule, usual_duration: 6 min, average_calls: 1/h": ("Tasks for jobs of one core", Fraction(1, 10)),
}


@pytest.mark.parametrize("work", UNITS)
def test_tasks_by_kind_of_work(ruleset: RuleSet, price, work: str) -> None:  # type: ignore[no-untyped-def]
    """How many tasks of one core and 2 GB a kind of work keeps busy."""
    text = f"components: [{{name: c, work_kind: application, memory: 1 GB, {work}, proposed: ecs-fargate}}]"
    name, tasks = UNITS[work]
    task = (price("fargate.vcpu.x86") + 2 * 10**9 * price("fargate.memory.x86")) * MONTH
    found = figure(costs(ruleset, text)["c"], "ecs-fargate")
    assert [(line.name, line.low) for line in found.lines] == [(name, tasks * task)]
