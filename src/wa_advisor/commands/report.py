"""`report`: the recommendation report for an answers file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from wa_advisor.commands.shared import AS_OF, RULES, assess, date_option
from wa_advisor.errors import CommandError

if TYPE_CHECKING:
    from wa_advisor.engine.evaluate import Assessment


@click.command()
@click.argument("answers", required=False)
@click.option("-o", "--output", metavar="FILE", help="Write here instead of to stdout.")
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True)
@click.option("--template", metavar="FILE", help="An own Jinja template for the Markdown report.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the JSON report, and make none.")
@AS_OF
@RULES
def report(
    answers: str | None,
    output: str | None,
    form: str,
    template: str | None,
    schema: bool,
    as_of: str | None,
    rules: tuple[str, ...],
) -> None:
    """Write the recommendation report for an answers file (`-` reads stdin)."""
    if schema:
        from wa_advisor.report.schema import assessment_schema_text

        _write(assessment_schema_text(), output)
        return
    if answers is None:
        raise CommandError("which answers file? Name it, or write - to read stdin", "wa-advisor report")
    if template is not None and form != "md":
        raise CommandError("an own template is for Markdown: leave out --format, or leave out --template", "--template")
    day = date_option(as_of)
    own = _template(template)
    _write(_render(assess(answers, rules, day), form, own, template or "", day), output, answers)


def _template(path: str | None) -> str | None:
    from wa_advisor.files import read_answers_text

    return None if path is None else read_answers_text(path)


def _render(assessment: Assessment, form: str, template: str | None, file: str, as_of: str) -> str:
    if form == "json":
        from wa_advisor.report.document import assessment_document

        return json.dumps(assessment_document(assessment, as_of=as_of), indent=2, ensure_ascii=False) + "\n"
    from wa_advisor.report.render import render_report

    return render_report(assessment, template, file=file, as_of=as_of)


def _write(text: str, output: str | None, answers: str = "-") -> None:
    from wa_advisor.files import mode_of, write_text

    if output and output != "-":
        write_text(output, text, mode_of(answers) if answers != "-" else 0o666)
    else:
        click.echo(text.encode(), nl=False)
