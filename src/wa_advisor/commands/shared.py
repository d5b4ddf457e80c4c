"""What the commands share: reading answers and rules, dates, options."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from wa_advisor.errors import CommandError, render_problem

if TYPE_CHECKING:
    from wa_advisor.engine.evaluate import Assessment

RULES = click.option("--rules", "rules", multiple=True, metavar="DIR", help="An overlay of own rules; may be given again.")
AS_OF = click.option("--as-of", metavar="DATE", help="Judge the expiry of sign-offs on this day.")


def assess(path: str, rules: tuple[str, ...], as_of: str = "") -> Assessment:
    """The Assessment of an answers file (`-` is stdin) under the shipped rules and overlays."""
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.files import load_ruleset, read_answers_text

    stdin = sys.stdin.buffer.read(2_000_001) if path == "-" else None
    text = read_answers_text(path, stdin)
    ruleset = load_ruleset(rules)
    given = parse_answers(text, path, ruleset)
    for notice in given.notices:
        click.echo(render_problem(notice), err=True)
    return evaluate(ruleset, given, as_of=as_of)


def date_option(value: str | None) -> str:
    """An ISO date as given to `--as-of`, or "" without one."""
    import re
    from datetime import date

    if value is None:
        return ""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise CommandError(f'"{value[:30]}" is no date: write it as 2026-11-20', "--as-of") from None
