"""Writes what a workload showed into an answers file: nothing that a person wrote is changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wa_advisor.errors import CommandError

if TYPE_CHECKING:
    from wa_advisor.evidence.suggest import Suggestion
    from wa_advisor.evidence.workload import Workload
    from wa_advisor.model import Answers, RuleSet


def write_evidence(workload: Workload, path: str, rules: tuple[str, ...]) -> list[str]:
    """Adds the patterns to the file at `path`, or makes it; the lines to tell: what was written, what contradicts."""
    from wa_advisor.answers import parse_answers
    from wa_advisor.answers_file.edit import EditError
    from wa_advisor.evidence.suggest import contradictions_of, suggestions_of
    from wa_advisor.files import load_ruleset
    from wa_advisor.saving import AnswersFile, SaveError

    ruleset = load_ruleset(rules)
    suggestions = suggestions_of(workload, ruleset)
    with AnswersFile(path) as held:
        found = held.read()
        text = found if found is not None else _stub(path, ruleset)
        answers = parse_answers(text, path, ruleset)
        try:
            changed, told = _apply(text, answers, suggestions, workload)
            parse_answers(changed, path, ruleset)
            held.save(changed)
        except (EditError, SaveError) as error:
            raise CommandError(str(error), path) from None
    return [f"{path}: {line}" for line in told] + [
        f"contradiction: {c}" for c in contradictions_of(workload, answers, suggestions)
    ]


def _stub(path: str, ruleset: RuleSet) -> str:
    from wa_advisor.answers_file.scalars import render_scalar

    name = Path(path).stem or "workload"
    return f"answers: 1\nruleset: {ruleset.name}\nworkload:\n  name: {render_scalar(name)}\n"


def _apply(text: str, answers: Answers, suggestions: list[Suggestion], workload: Workload) -> tuple[str, list[str]]:
    """The text with new entries added and answers of origin evidence renewed; and what was done."""
    from wa_advisor.answers_file.edit import add_item, set_value
    from wa_advisor.evidence.suggest import workload_observed

    text = set_value(text, ("workload", "observed"), workload_observed(workload))
    names = [i.name for i in answers.items("access_patterns")]
    added = 0
    for one in suggestions:
        if one.name in names:
            text = _renew(text, answers, names.index(one.name), one)
        else:
            text = add_item(text, ("access_patterns",), one.as_item())
            added += 1
    renewed = len(suggestions) - added
    told = [f"{added} access pattern{'' if added == 1 else 's'} added"]
    return text, told + ([f"{renewed} renewed, with what a person answered left as it is"] if renewed else [])


def _renew(text: str, answers: Answers, index: int, one: Suggestion) -> str:
    """Answers that evidence gave before are brought up to date, missing ones are added, stated ones stay."""
    from wa_advisor.answers_file.edit import set_value

    stated = answers.items("access_patterns")[index].answers
    for question, (value, where) in one.answers.items():
        answer = stated.get(question)
        if answer is None or (answer.state == "value" and answer.evidence):
            text = set_value(text, ("access_patterns", index, question), {"value": value, "evidence": where})
    return set_value(text, ("access_patterns", index, "observed"), dict(one.observed))
