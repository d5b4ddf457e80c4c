"""What is not answered yet, as lines that can be written into the answers file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wa_advisor.engine.flow import Outlook
from wa_advisor.model import GROUP_OF, Question
from wa_advisor.quantity import EXAMPLES


def missing_lines(outlook: Outlook, found: Sequence[tuple[str, int, Question]]) -> Iterator[str]:
    """`access_patterns / cart by owner / lookup: one of full-key, partition`, one a question."""
    for scope, index, question in found:
        place = "workload" if scope == "workload" else f"{GROUP_OF[scope]} / {outlook.item(scope, index).name}"
        yield f"{place} / {question.id}: {_takes(question)}"


def _takes(question: Question) -> str:
    if question.type == "choice":
        return f"one of {', '.join(question.choices)}, or unknown"
    if question.type == "choices":
        return f"some of [{', '.join(question.choices)}], or unknown"
    if question.type == "yes-no":
        return "yes, no or unknown"
    if question.type == "text":
        return "text, or unknown"
    return f"a {question.type} such as {question.example or EXAMPLES[question.type]}, or unknown"
