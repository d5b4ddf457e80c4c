"""How old the figures behind the verdicts are."""

from __future__ import annotations

from dataclasses import dataclass

from wa_advisor.engine.behind import facts_behind
from wa_advisor.engine.evaluate import Assessment
from wa_advisor.model import Fact
from wa_advisor.report.phrases import decision_order
from wa_advisor.ruleset.freshness import oldest


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshRow:
    """The oldest figure behind the verdicts of some items, of what kind it is, and how many figures there are."""

    what: str
    names: tuple[str, ...]
    fact: str
    as_of: str
    secondary: bool
    figures: int


def fresh_rows(assessment: Assessment) -> tuple[FreshRow, ...]:
    """The verdicts by decision and oldest figure, then the costs; verdicts without any figure are left out."""
    ruleset, order = assessment.ruleset, decision_order(assessment.ruleset)
    found: dict[tuple[str, str, int], list[str]] = {}
    for verdict in sorted(assessment.verdicts, key=lambda v: order.index(v.decision)):
        facts = facts_behind(ruleset, verdict)
        old = oldest(facts)
        if old is not None:
            found.setdefault((ruleset.decisions[verdict.decision].name, old.id, len(facts)), []).append(verdict.item)
    rows = [_row(what, tuple(items), ruleset.facts[fact], count) for (what, fact, count), items in found.items()]
    prices = [ruleset.facts[f] for f in assessment.costs.facts]
    old = oldest(prices)
    return (*rows, *([_row("Cost", (), old, len(prices))] if old else []))


def _row(what: str, names: tuple[str, ...], fact: Fact, figures: int) -> FreshRow:
    return FreshRow(
        what=what, names=names, fact=fact.name, as_of=fact.as_of, secondary=fact.evidence == "secondary", figures=figures
    )
