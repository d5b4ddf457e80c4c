"""The command line: read, call, write, exit code. Heavy imports wait for the command that needs them."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from wa_advisor import __version__
from wa_advisor.errors import AdvisorError, CommandError, render_problem

RULES = click.option("--rules", "rules", multiple=True, metavar="DIR", help="An overlay of own rules; may be given again.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wa-advisor", message="%(prog)s %(version)s")
def cli() -> None:
    """Serverless-architecture decision assistant for AWS design reviews."""


def _assess(path: str, rules: tuple[str, ...], as_of: str = "") -> Any:
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.files import load_ruleset, read_answers_text

    stdin = sys.stdin.buffer.read(2_000_001) if path == "-" else None
    text = read_answers_text(path, stdin)
    ruleset = load_ruleset(rules)
    return evaluate(ruleset, parse_answers(text, path, ruleset), as_of=as_of)


def _as_of(value: str | None) -> str:
    from datetime import date

    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise CommandError(f'"{value[:30]}" is no date: write it as 2026-11-20', "--as-of") from None


@cli.command()
@click.argument("answers")
@click.option("-o", "--output", metavar="FILE", help="Write here instead of to stdout.")
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True)
@click.option("--template", metavar="FILE", help="An own Jinja template for the Markdown report.")
@click.option("--as-of", metavar="DATE", help="Judge the expiry of sign-offs on this day.")
@RULES
def report(answers: str, output: str | None, form: str, template: str | None, as_of: str | None, rules: tuple[str, ...]) -> None:
    """Write the recommendation report for an answers file (`-` reads stdin)."""
    from wa_advisor.files import write_text

    text = _render(_assess(answers, rules, _as_of(as_of)), form, template)
    if output and output != "-":
        write_text(output, text)
    else:
        sys.stdout.write(text)


def _render(assessment: Any, form: str, template: str | None) -> str:
    if form == "json":
        from wa_advisor.report.document import assessment_document

        return json.dumps(assessment_document(assessment), indent=2, ensure_ascii=False) + "\n"
    from wa_advisor.report.render import render_report

    if template is None:
        return render_report(assessment)
    from jinja2 import TemplateError

    from wa_advisor.files import read_answers_text

    try:
        return render_report(assessment, read_answers_text(template))
    except (TemplateError, TypeError, ValueError, OverflowError) as error:
        line = getattr(error, "lineno", None)
        raise CommandError(f"the template cannot be rendered: {error}", f"{template}:{line}" if line else template) from None


@cli.command()
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
    assessment = _assess(answers, rules, _as_of(as_of) or date.today().isoformat())
    found = gate_findings(assessment, as_of=_as_of(as_of) or date.today().isoformat(), ignore=ignore, fail_on=fail_on)
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


@cli.command()
@click.argument("answers")
@click.argument("decision", required=False)
@click.argument("item", required=False)
@RULES
def explain(answers: str, decision: str | None, item: str | None, rules: tuple[str, ...]) -> None:
    """Why this option, why not the others, and what would change it."""
    from wa_advisor.engine.explain import explain_text
    from wa_advisor.errors import did_you_mean

    assessment = _assess(answers, rules)
    decisions = [d.id for d in assessment.ruleset.decisions.values() if d.kind == "choice"]
    if decision and decision not in decisions:
        raise CommandError(f'unknown decision "{decision[:40]}"{did_you_mean(decision, decisions)}')
    items = [v.item for v in assessment.verdicts if not decision or v.decision == decision]
    if item and item not in items:
        raise CommandError(f'no item "{item[:60]}"{did_you_mean(item, items)}')
    sys.stdout.write(explain_text(assessment, decision, item))


@cli.group()
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


@cli.command()
@RULES
def template(rules: tuple[str, ...]) -> None:
    """An answers-file stub with every question as a comment."""
    from wa_advisor.files import load_ruleset
    from wa_advisor.report.stub import template_text

    sys.stdout.write(template_text(load_ruleset(rules)))


def main() -> None:
    """Runs the command line; what a user can mend is drawn on stderr, never as a traceback."""
    try:
        cli.main(prog_name="wa-advisor", standalone_mode=False)
    except AdvisorError as error:
        for problem in list(error.problems)[:200]:
            click.echo(render_problem(problem), err=True)
        raise SystemExit(2) from None
    except click.exceptions.Abort:
        raise SystemExit(130) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(2) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
