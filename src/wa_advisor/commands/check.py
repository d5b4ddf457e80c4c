"""`check`: the gate for CI."""

from __future__ import annotations

import json

import click

from wa_advisor.commands.shared import RULES, assess, date_option
from wa_advisor.errors import CommandError


@click.command()
@click.argument("answers")
@click.option("--as-of", metavar="DATE", help="Judge sign-offs on this day instead of today.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--ignore", multiple=True, metavar="CHECK", help="Switch a check off; may be given again.")
@click.option("--fail-on", multiple=True, metavar="CHECK", help="Switch a check on; may be given again.")
@RULES
def check(
    answers: str, as_of: str | None, form: str, ignore: tuple[str, ...], fail_on: tuple[str, ...], rules: tuple[str, ...]
) -> None:
    """The gate for CI: exit 1 when the proposal does not pass."""
    from datetime import date

    from wa_advisor.engine.gate import GATE_CHECKS, gate_findings

    for name in (*ignore, *fail_on):
        if name not in GATE_CHECKS:
            raise CommandError(f'unknown check "{name[:40]}"; checks: {", ".join(GATE_CHECKS)}')
    assessment = assess(answers, rules, date_option(as_of) or date.today().isoformat())
    found = gate_findings(assessment, as_of=date_option(as_of) or date.today().isoformat(), ignore=ignore, fail_on=fail_on)
    if form == "json":
        click.echo(json.dumps({"schema": "wa-advisor/check/1", "passed": not found, "findings": found}, indent=2))
    for finding in found if form != "json" else ():
        where = f"{answers}:{finding['line']}" if finding["line"] else answers
        if form == "github":
            message = finding["message"].replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
            click.echo(f"::error file={answers},line={finding['line'] or 1},title={finding['check']}::{message}")
        else:
            click.echo(f"{where}: {finding['check']}: {finding['message']}")
    if not found and form == "text":
        click.echo("passed")
    if found:
        raise SystemExit(1)
