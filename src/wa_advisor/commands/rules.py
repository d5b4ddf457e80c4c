"""`rules`: for those who write rules."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from wa_advisor.commands.rules_cases import rules_cases
from wa_advisor.commands.rules_diff import rules_diff
from wa_advisor.commands.shared import RULES, date_option
from wa_advisor.errors import CommandError, render_problem

if TYPE_CHECKING:
    from wa_advisor.model import RuleSet


@click.group()
def rules() -> None:
    """For authors of rules."""


@rules.command("check")
@click.option("--strict", is_flag=True, help="Exit 1 on warnings and on old facts too.")
@click.option("--older-than", metavar="AGE", help="List the facts older than this, as 180d, 26 weeks, 6 months or 1 year.")
@click.option("--as-of", metavar="DATE", help="Tell the age of facts on this day; today, if left out.")
@RULES
def rules_check(strict: bool, older_than: str | None, as_of: str | None, rules: tuple[str, ...]) -> None:
    """Every problem of the rule set, at once; with --as-of or --older-than (180d if left out) the old facts as well."""
    from wa_advisor.errors import RulesError
    from wa_advisor.files import load_ruleset
    from wa_advisor.ruleset.check import check_ruleset

    age = _age(older_than) if older_than or as_of else None
    day = date_option(as_of)
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
    old = _tell_age(ruleset, day, age) if age is not None else 0
    if strict and (problems or old):
        raise SystemExit(1)


def _age(text: str | None) -> int:
    from wa_advisor.ruleset.freshness import parse_age

    age = parse_age(text or "180d")
    if age is None:
        raise CommandError(f'"{(text or "")[:30]}" is no age: write 180d, 26 weeks, 6 months or 1 year', "--older-than")
    return age


def _tell_age(ruleset: RuleSet, day: str, age: int) -> int:
    """Print the facts that are older than an age; their number."""
    from datetime import date

    from wa_advisor.ruleset.freshness import older_than

    on = date.fromisoformat(day) if day else date.today()
    found = older_than(ruleset.facts.values(), on, age)
    for aged in found:
        days = "no date" if aged.days is None else f"{aged.days} days" if aged.surely else f"up to {aged.days} days"
        lost = "" if aged.fact.known else ", looked for and not found"
        click.echo(f"{aged.fact.id}: {aged.fact.text} ({aged.fact.as_of}, {days}{lost}) {aged.fact.source}".rstrip())
    sure, dated = sum(a.surely for a in found), sum(a.days is not None for a in found)
    click.echo(
        f"On {on}: {sure} facts are older than {age} days, {dated - sure} may be (their date is rough), {len(found) - dated} have no date"
    )
    return len(found)


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
rules.add_command(rules_diff)
