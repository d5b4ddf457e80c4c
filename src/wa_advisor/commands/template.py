"""`template`: a stub of an answers file."""

from __future__ import annotations

import sys

import click

from wa_advisor.commands.shared import RULES


@click.command()
@RULES
def template(rules: tuple[str, ...]) -> None:
    """An answers-file stub with every question as a comment."""
    from wa_advisor.files import load_ruleset
    from wa_advisor.report.stub import template_text

    sys.stdout.write(template_text(load_ruleset(rules)))
