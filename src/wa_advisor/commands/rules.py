"""`rules`: for those who write rules."""

from __future__ import annotations

import sys

import click

from wa_advisor.commands.rules_cases import rules_cases
from wa_advisor.commands.shared import RULES
from wa_advisor.errors import render_problem


@click.group()
def rules() -> None:
    """For authors of rules."""


@rules.command("check")
@click.option("--strict", is_flag=True, help="Exit 1 on warnings too.")
@RULES
def rules_check(strict: bool, rules: tuple[str, ...]) -> None:
    """Every problem of the rule set, at once."""
    from wa_advisor.errors import RulesError
    from wa_advisor.files import load_ruleset
    from wa_advisor.ruleset.check import check_ruleset

    ruleset = load_ruleset(rules)
    problems = check_ruleset(ruleset)
    errors = [p for p in problems if not p.warning]
    if errors:
        raise RulesError(problems)
    for problem in problems:
        click.echo(render_problem(problem), err=True)
    count = sum(len(d.rules) for d in ruleset.decisions.values())
    click.echo(
        f"{ruleset.name} {ruleset.version}: {len(ruleset.questions)} questions, {count} rules, {len(ruleset.facts)} facts, "
        f"{len(problems) or 'no'} warnings"
    )
    if strict and problems:
        raise SystemExit(1)


@rules.command("show")
@click.argument("ident", metavar="ID")
@RULES
def rules_show(ident: str, rules: tuple[str, ...]) -> None:
    """One rule, question, fact or service, with where it is used."""
    from wa_advisor.files import load_ruleset
    from wa_advisor.ruleset.show import show_entry

    sys.stdout.write(show_entry(load_ruleset(rules), ident))


@rules.command("schema")
def rules_schema_command() -> None:
    """The JSON Schema of a rule file, for editors."""
    import json

    from wa_advisor.ruleset.schema import rules_schema

    click.echo(json.dumps(rules_schema(), indent=2))


rules.add_command(rules_cases)
