"""The answers-file stub: every question as a comment, valid as it is with nothing answered yet."""

from __future__ import annotations

from collections.abc import Iterator

from wa_advisor.model import GROUPS, Question, RuleSet
from wa_advisor.quantity import EXAMPLES

LINK_HELP = {
    "access_patterns": ["used_by: [name of a component]", "proposed: dynamodb   # what the team intends; optional"],
    "components": ["proposed: lambda"],
    "interfaces": ["served_by: [name of a component]", "proposed: apigw-http"],
    "hand_overs": ["from: name of a component", "to: [name of a receiver]", "process: name of a process", "proposed: sqs"],
    "processes": ["proposed: step-functions-standard"],
}


def template_text(ruleset: RuleSet) -> str:
    """A stub for every scope that the rule set asks about."""
    return "\n".join(_lines(ruleset)) + "\n"


def _lines(ruleset: RuleSet) -> Iterator[str]:
    yield "# Answers for wa-advisor. Take the # away from a line to answer it; what stays commented is not answered yet."
    yield '# Besides a value: unknown, {not_applicable: "reason"}, {value: .., note: ".."}; 20 to 50/s; about 50/s; up to 50/s.'
    yield "answers: 1"
    yield f"ruleset: {ruleset.name}"
    yield f'ruleset_version: "{ruleset.version}"'
    yield "workload:"
    yield "  name: unnamed"
    yield "  # owner: who answers for it"
    yield "  # stage: design"
    yield "  # description: what it does, in a sentence or two"
    for question in ruleset.scope_questions("workload"):
        yield from _question(question, "  ")
    for group, scope in GROUPS.items():
        questions = ruleset.scope_questions(scope)
        if not questions:
            continue
        yield ""
        yield f"# {group}:"
        yield "#   - name: give it a name of its own"
        for link in LINK_HELP[group]:
            yield f"#     {link}"
        for question in questions:
            yield from _question(question, "#     ", commented=True)
    if ruleset.lens:
        yield ""
        yield "# lens:"
        for lens in ruleset.lens.values():
            yield f"#   # {lens.ask}"
            for practice in lens.practices:
                yield f"#   #   {practice.id} ({practice.tier}): {practice.name}"
            yield f"#   {lens.id}: {{practices: []}}"


def _question(question: Question, indent: str, *, commented: bool = False) -> Iterator[str]:
    mark = indent + "# "
    yield f"{mark}{question.ask}"
    if question.help:
        yield f"{mark}  {question.help}"
    if question.when_text:
        yield f"{mark}  asked when {question.when_text}"
    for choice, meaning in question.choices.items():
        yield f"{mark}  {choice}: {meaning}"
    example = next(iter(question.choices), "")
    if question.type == "yes-no":
        example = "yes"
        yield f"{mark}  yes or no"
    elif not example:
        example = question.example or EXAMPLES.get(question.type, "text")
        yield f"{mark}  a {question.type}, for example {example}"
    value = f"[{example}]" if question.type == "choices" else example
    yield f"{indent}{question.id}: {value}" if commented else f"{indent}# {question.id}: {value}"
