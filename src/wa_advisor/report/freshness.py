"""How old the figures behind the verdicts are."""

from __future__ import annotations

from msgspec import Struct

from wa_advisor.engine.behind import facts_behind
from wa_advisor.engine.evaluate import Assessment
from wa_advisor.model import Fact, RuleSet
from wa_advisor.report.phrases import decision_order
from wa_advisor.ruleset.freshness import oldest


class FreshRow(Struct, frozen=True, kw_only=True):
    """The oldest figure behind the verdicts of one decision that go back to the same date, and how many figures there are."""

    what: str
    names: tuple[str, ...]
    fact: str
    as_of: str
    secondary: bool
    figures: int


def fresh_rows(assessment: Assessment) -> tuple[FreshRow, ...]:
    """By decision and date, then the costs; thresholds of our own, which were read nowhere, are not told."""
    ruleset, order = assessment.ruleset, decision_order(assessment.ruleset)
    found: dict[tuple[str, str], list[tuple[str, Fact, int]]] = {}
    for verdict in sorted(assessment.verdicts, key=lambda v: order.index(v.decision)):
        facts = [f for f in facts_behind(ruleset, verdict) if f.basis != "judgement"]
        old = oldest(facts)
        if old is not None:
            found.setdefault((ruleset.decisions[verdict.decision].name, old.as_of), []).append((verdict.item, old, len(facts)))
    rows = [_row(ruleset, what, group) for (what, _), group in found.items()]
    prices = [fact for f in assessment.costs.facts if (fact := ruleset.facts[f]).dimension == "price"]
    old = oldest(prices)
    return (*rows, *([_row(ruleset, "Cost", [("", old, len(prices))])] if old else []))


def _row(ruleset: RuleSet, what: str, group: list[tuple[str, Fact, int]]) -> FreshRow:
    fact = group[0][1]
    service = f"{ruleset.services[fact.service].name}: " if fact.service and fact.dimension != "price" else ""
    return FreshRow(
        what=what, names=tuple(name for name, _, _ in group if name), fact=service + fact.name, as_of=fact.as_of,
        secondary=fact.evidence == "secondary", figures=max(count for _, _, count in group),
    )  # fmt: skip
