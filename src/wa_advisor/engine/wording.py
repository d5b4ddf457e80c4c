"""Answers as words, for explanations and reports."""

from __future__ import annotations

import re

from wa_advisor.model import Question

_EXAMPLE = re.compile(r" \(e\.g\. [^)]*\)$")


def choice_phrase(question: Question, choice: str) -> str:
    """What a choice means, short enough for a list; its id where the meaning is long. "with x" and "without x" stay so."""
    if question.type == "choices":
        word, _, choice = choice.partition(" ")
        meaning = _meaning(question, choice)
        return f"{word} “{meaning}”" if 0 < len(meaning) <= 80 else f"{word} {choice}"
    return chosen_phrase(question, choice)


def chosen_phrase(question: Question, choice: str) -> str:
    """What one choice of an answer means; its id where the meaning is long."""
    meaning = _meaning(question, choice)
    return meaning if 0 < len(meaning) <= 120 else choice


def _meaning(question: Question, choice: str) -> str:
    """What a choice means, without the example that helps to choose: in a report it would be taken for a fact."""
    return _EXAMPLE.sub("", question.choices.get(choice, "")).rstrip(". ")
