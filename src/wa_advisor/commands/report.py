"""`report`: the recommendation report for an answers file."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from wa_advisor.commands.shared import AS_OF, RULES, assess, date_option
from wa_advisor.errors import CommandError

if TYPE_CHECKING:
    from wa_advisor.engine.evaluate import Assessment


@click.command()
@click.argument("answers")
@click.option("-o", "--output", metavar="FILE", help="Write here instead of to stdout.")
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True)
@click.option("--template", metavar="FILE", help="An own Jinja template for the Markdown report.")
@AS_OF
@RULES
def report(answers: str, output: str | None, form: str, template: str | None, as_of: str | None, rules: tuple[str, ...]) -> None:
    """Write the recommendation report for an answers file (`-` reads stdin)."""
    from wa_advisor.files import write_text

    text = _render(assess(answers, rules, date_option(as_of)), form, template)
    if output and output != "-":
        write_text(output, text)
    else:
        sys.stdout.write(text)


def _render(assessment: Assessment, form: str, template: str | None) -> str:
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
