"""`check`: the gate for CI."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from wa_advisor.commands.shared import RULES, assess, date_option
from wa_advisor.errors import CommandError, did_you_mean

if TYPE_CHECKING:
    from wa_advisor.engine.gate import Finding


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
    """The gate for CI: exit 1 when the proposal does not pass.

    Checks: unsigned-store, expired-sign-off, open-high-risk, limit-exceeded, undecided, unanswered, unused-sign-off. The `gate`
    section of the rules says which of them fail and which only warn; the options say so for one run.
    """
    from datetime import date

    from wa_advisor.engine.gate import active_checks, gate_findings, gate_warnings

    _check_names(ignore, fail_on)
    day = date_option(as_of) or date.today().isoformat()
    assessment = assess(answers, rules, day)
    found = gate_findings(assessment, as_of=day, ignore=ignore, fail_on=fail_on)
    warned = gate_warnings(assessment, as_of=day, ignore=ignore, fail_on=fail_on)
    if form == "json":
        checks = active_checks(assessment.ruleset, ignore=ignore, fail_on=fail_on)
        click.echo(json.dumps(_document(found, warned, checks, day), indent=2, ensure_ascii=False))
    elif form == "github":
        for finding in found:
            click.echo(github_annotation(finding))
        for finding in warned:
            click.echo(github_annotation(finding, "warning"))
    else:
        for finding in found:
            click.echo(text_line(finding))
        for finding in warned:
            click.echo(text_line(finding, "warning: "))
        click.echo("passed" if not found else f"not passed: {len(found)} finding{'s' if len(found) > 1 else ''}", err=bool(found))
    if found:
        raise SystemExit(1)


def _check_names(ignore: Sequence[str], fail_on: Sequence[str]) -> None:
    """CommandError for a check that is not known, or that is switched both ways."""
    from wa_advisor.engine.gate import GATE_CHECKS

    for option, names in (("--ignore", ignore), ("--fail-on", fail_on)):
        for name in names:
            if name not in GATE_CHECKS:
                raise CommandError(f'unknown check "{name[:40]}"{did_you_mean(name, GATE_CHECKS, what="checks")}', option)
    for name in ignore:
        if name in fail_on:
            raise CommandError(f"{name} is switched off and on: leave one of them out", "--ignore")


def text_line(finding: Finding, level: str = "") -> str:
    """`file:line:column: check: message`, as other checkers print it; `level` stands before the check."""
    span = finding.span
    where = f"{span.file}:{span.line}:{span.column}" if span.line else span.file
    return f"{where}: {level}{finding.check}: {_one_line(finding.message)}"


def github_annotation(finding: Finding, level: str = "error") -> str:
    """A workflow command of GitHub Actions; what would end the command or a property early is written as %XX."""
    line = finding.span.line or 1
    column = f",col={finding.span.column}" if finding.span.line else ""
    file = _escaped(finding.span.file, ",:")
    return f"::{level} file={file},line={line}{column},title={_escaped(finding.check, ',:')}::{_escaped(finding.message)}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + more else c for c in text)


def _one_line(text: str) -> str:
    """Names are typed by people: nothing in them may look like a line of its own, or move the cursor."""
    return "".join(c if c.isprintable() else " " for c in text)


def _document(found: Sequence[Finding], warned: Sequence[Finding], checks: Sequence[str], day: str) -> dict[str, object]:
    return {
        "schema": "wa-advisor/check/1", "passed": not found, "as_of": day, "checks": list(checks),
        "findings": [_finding(f) for f in found], "warnings": [_finding(f) for f in warned],
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check, "item": finding.item, "message": finding.message, "file": finding.span.file,
        "line": finding.span.line or None, "column": finding.span.column or None,
    }  # fmt: skip
