"""`rules diff`: what changed between two rule sets, and which verdicts of saved answers move with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from wa_advisor.errors import AdvisorError, CommandError

if TYPE_CHECKING:
    from wa_advisor.model import RuleSet
    from wa_advisor.report.compare import Difference
    from wa_advisor.ruleset.difference import Change


@click.command("diff")
@click.argument("old", metavar="OLD_DIR")
@click.argument("new", metavar="NEW_DIR")
@click.option("--cases", multiple=True, metavar="PATH", help="An answers file, or a folder of them; may be given again.")
def rules_diff(old: str, new: str, cases: tuple[str, ...]) -> None:
    """What changed from the rule set in OLD_DIR to the one in NEW_DIR, by id, and which verdicts of the cases move."""
    from wa_advisor.files import load_directory
    from wa_advisor.ruleset.difference import differences

    before, after = load_directory(old), load_directory(new)
    found = differences(before, after)
    for change in found:
        click.echo(_line(change))
    click.echo(_counts(found))
    if cases:
        click.echo("")
        _tell_cases(_answers_files(cases), before, after)


def _line(change: Change) -> str:
    mark = {"added": "+", "removed": "-", "changed": "~"}[change.what]
    details = "; ".join(f"{name} {before or 'nothing'} -> {after or 'nothing'}" for name, before, after in change.details)
    return f"{mark} {change.kind} {change.id}" + (f": {details}" if details else "")


def _counts(found: tuple[Change, ...]) -> str:
    if not found:
        return "The rules are the same."
    counts = {what: sum(c.what == what for c in found) for what in ("added", "removed", "changed")}
    return ", ".join(f"{number} {what}" for what, number in counts.items() if number)


# -- cases -------------------------------------------------------------------------------------------


def _answers_files(cases: tuple[str, ...]) -> list[str]:
    """The answers files of the paths given: a file as it is, of a folder those that say `answers:`."""
    from wa_advisor.files import answers_below

    found = [path for case in cases for path in answers_below(case)]
    if not found:
        raise CommandError("holds no answers files: name a folder with YAML files that start with `answers: 1`", cases[0])
    return found


def _tell_cases(paths: list[str], before: RuleSet, after: RuleSet) -> None:
    moved = 0
    for path in paths:
        lines = list(_case(path, before, after))
        moved += bool(lines)
        for line in lines:
            click.echo(f"{path}: {line}")
    click.echo(f"{moved} of {len(paths)} cases move")


def _case(path: str, before: RuleSet, after: RuleSet) -> Iterator[str]:
    """What moves for one case; a problem where its answers do not fit one of the rule sets."""
    from wa_advisor.files import read_answers_text

    text = read_answers_text(path)
    documents: list[dict[str, Any]] = []
    for ruleset, which in ((before, "old"), (after, "new")):
        try:
            documents.append(_document(text, path, ruleset))
        except AdvisorError as error:
            yield f"does not fit the {which} rules: {error.problems[0].message}"
    if len(documents) == 2:
        yield from (_moved(d) for d in _differences(*documents))


def _document(text: str, path: str, ruleset: RuleSet) -> dict[str, Any]:
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.report.document import assessment_document

    return assessment_document(evaluate(ruleset, parse_answers(text, path, ruleset)))


def _differences(old: dict[str, Any], new: dict[str, Any]) -> tuple[Difference, ...]:
    from wa_advisor.report.compare import compare_documents

    return compare_documents(old, new, None).differences


def _moved(difference: Difference) -> str:
    return f"{difference.what}: {difference.before or 'not there'} -> {difference.after or 'not there'}"
