"""`compare`: what changed between two answers files or saved assessments."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from wa_advisor.commands.shared import AS_OF, RULES, date_option
from wa_advisor.errors import AnswersError, CommandError

if TYPE_CHECKING:
    from wa_advisor.model import RuleSet

MAX_SAVED = 50_000_000


@click.command()
@click.argument("old")
@click.argument("new")
@AS_OF
@RULES
def compare(old: str, new: str, as_of: str | None, rules: tuple[str, ...]) -> None:
    """What changed from OLD to NEW, and whether answers or rules changed it.

    Each is an answers file or a saved assessment (`report --format json`). Rules are those of NEW when it is an
    answers file; a saved assessment keeps the verdicts it was saved with.
    """
    from wa_advisor.files import load_ruleset
    from wa_advisor.report.compare import compare_documents, comparison_text

    day = date_option(as_of)
    ruleset = load_ruleset(rules)
    before, after = (_document(path, ruleset, day) for path in (old, new))
    comparison = compare_documents(before, after, _between(before, after, ruleset))
    click.echo(comparison_text(comparison).encode(), nl=False)


def _document(path: str, ruleset: RuleSet, as_of: str) -> dict[str, Any]:
    """The document of a file: as it was saved, or made of an answers file now."""
    from wa_advisor.files import read_answers_text, read_bytes

    data = sys.stdin.buffer.read(MAX_SAVED + 1) if path == "-" else read_bytes(path, MAX_SAVED)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        saved = _saved(data, path)
        if saved is not None:
            return saved
    return _made(read_answers_text("-", data) if path == "-" else read_answers_text(path), path, ruleset, as_of)


def _saved(data: bytes, path: str) -> dict[str, Any] | None:
    """A saved assessment, None for answers that are written as JSON."""
    import json

    if len(data) > MAX_SAVED:
        raise CommandError(f"the file is larger than {MAX_SAVED // 1_000_000} MB: save the assessment of fewer items", path)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise CommandError(
            "this is no JSON that can be read: save the assessment again", f"{path}:{line}" if line else path
        ) from None
    if isinstance(found, dict) and "answers" in found and "schema" not in found:
        return None
    return _checked(found, path)


def _checked(found: Any, path: str) -> dict[str, Any]:
    from wa_advisor.report.document import SCHEMA
    from wa_advisor.report.schema import problem_of

    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise CommandError(f"this is no saved assessment ({SCHEMA}): make one with `wa-advisor report --format json`", path)
    problem = problem_of(found)
    if problem:
        raise CommandError(f"this saved assessment was changed by hand: {problem}; save it again", path)
    return found


def _made(text: str, path: str, ruleset: RuleSet, as_of: str) -> dict[str, Any]:
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.report.document import assessment_document

    return assessment_document(evaluate(ruleset, parse_answers(text, path, ruleset), as_of=as_of), as_of=as_of)


def _between(before: dict[str, Any], after: dict[str, Any], ruleset: RuleSet) -> dict[str, Any] | None:
    """The older answers under the newer rules; None where they do not fit, or the newer rules are not at hand."""
    import json

    if before["ruleset"]["digest"] == after["ruleset"]["digest"] and before["as_of"] == after["as_of"]:
        return before
    if after["ruleset"]["digest"] != ruleset.digest:
        return None
    try:
        return _made(json.dumps(before["answers"]["content"], ensure_ascii=False), "", ruleset, after["as_of"] or "")
    except AnswersError:
        return None
