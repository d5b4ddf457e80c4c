"""`explain`: the trace in the terminal."""

from __future__ import annotations

import sys

import click

from wa_advisor.commands.shared import RULES, assess
from wa_advisor.errors import CommandError


@click.command()
@click.argument("answers")
@click.argument("decision", required=False)
@click.argument("item", required=False)
@RULES
def explain(answers: str, decision: str | None, item: str | None, rules: tuple[str, ...]) -> None:
    """Why this option, why not the others, and what would change it."""
    from wa_advisor.engine.explain import explain_text
    from wa_advisor.errors import did_you_mean

    assessment = assess(answers, rules)
    decisions = [d.id for d in assessment.ruleset.decisions.values() if d.kind == "choice"]
    if decision and decision not in decisions:
        raise CommandError(f'unknown decision "{decision[:40]}"{did_you_mean(decision, decisions)}')
    items = [v.item for v in assessment.verdicts if not decision or v.decision == decision]
    if item and item not in items:
        raise CommandError(f'no item "{item[:60]}"{did_you_mean(item, items)}')
    sys.stdout.write(explain_text(assessment, decision, item))
