"""What has changed in the rule set since an answers file was written, as far as the rules say it.

The file names the version it was written for; questions and choices name the one that they came with. What was
taken away is told where it stands in the file, and not here.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from wa_advisor.answers_file.edit import tree
from wa_advisor.model import GROUPS, Question
from wa_advisor.ruleset.versions import is_later, is_same, order_of
from wa_advisor.wizard.screen import Text
from wa_advisor.wizard.work import GROUP_TITLES, Work

KEY = "ruleset_version"
_SHOWN = 3


class NewChoices(Struct, frozen=True, kw_only=True):
    """The choices that a question has got since it was answered, and the answers: (entry or "", answer)."""

    question: Question
    choices: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


def version_in(text: str) -> str:
    """The version of the rules that a file names; "" if none."""
    said = tree(text).get(KEY)
    return said[1] if isinstance(said, tuple) and not said[2] else ""


def news_lines(work: Work) -> list[str]:
    """What is new, in a few sentences; nothing for a new file, or where nothing can have changed."""
    if not work.resumed or is_same(work.written, work.ruleset.version):
        return []
    head = _standing(work)
    if not _is_older(work):
        return [head]
    questions, choices = new_questions(work), new_choices(work)
    lines = [head]
    if questions:
        count = len(questions)
        lines.append(
            f"{count} question{'s are' if count != 1 else ' is'} new since {work.written}: {_some([q.ask for q in questions])}"
        )
    lines += [_choice_line(one) for one in choices[:_SHOWN]]
    if len(choices) > _SHOWN:
        lines.append(f"... and {len(choices) - _SHOWN} more questions with new choices.")
    return lines if len(lines) > 1 else [f"{head} Nothing that it asks or offers is new to this file."]


def news_text(work: Work) -> Text:
    """All of it to read: every new question by what it is about, and every new choice beside the answer."""
    lines = [_standing(work)]
    questions, choices = new_questions(work), new_choices(work)
    if questions:
        lines += ["", f"New questions since {work.written}: {len(questions)}."]
    for scope in ("workload", *GROUPS.values()):
        asked = [q for q in questions if q.scope == scope]
        if asked:
            lines.append(f"  {_about(scope)}:")
        lines += [f"  - {q.ask} (`{q.id}`)" for q in asked]
    if choices:
        lines += ["", "New choices of questions that were answered:", *(f"  - {_choice_line(one)}" for one in choices)]
    return Text(heading="What is new in the rules", lines=tuple(lines))


def has_news(work: Work) -> bool:
    """Whether there is more to read than that nothing is marked."""
    return work.resumed and _is_older(work) and bool(new_questions(work) or new_choices(work))


def may_stamp(written: str, version: str) -> bool:
    """Whether a file that names a version may come to name that of the rules: it never goes back."""
    return bool(written) and not is_same(written, version) and not is_later(written, version)


def _is_older(work: Work) -> bool:
    return is_later(work.ruleset.version, work.written)


def _standing(work: Work) -> str:
    written, version = work.written, work.ruleset.version
    if not written:
        return f"It names no version of the rules (`{KEY}:`), so what has changed since it was written cannot be told."
    if is_later(written, version):
        return f"It was written for rule set {written}, which is newer than this, {version}: what these rules do not know is kept, but not read."
    if order_of(written) is None or order_of(version) is None:
        return f"It was written for rule set {written}, and this is {version}: what has changed between them cannot be told."
    return f"It was written for rule set {written}, and this is {version}."


def new_questions(work: Work) -> list[Question]:
    """The questions that came after the file was written and that it does not answer everywhere yet."""
    new = [q for q in work.ruleset.questions.values() if is_later(q.since, work.written)]
    return [q for q in new if not _answered(work, q)]


def _answered(work: Work, question: Question) -> bool:
    if question.scope == "workload":
        return question.id in work.answers.workload
    items = [item for group, scope in GROUPS.items() if scope == question.scope for item in work.answers.items(group)]
    return bool(items) and all(question.id in item.answers for item in items)


def new_choices(work: Work) -> list[NewChoices]:
    """The questions that were answered before they had a choice that they have now."""
    found = []
    for question in work.ruleset.questions.values():
        choices = tuple(c for c, since in question.choices_since.items() if is_later(since, work.written))
        answers = tuple((name, text) for name, values, text in _said(work, question) if not set(values) & set(choices))
        if choices and answers:
            found.append(NewChoices(question=question, choices=choices, answers=answers))
    return found


def _said(work: Work, question: Question) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(entry or "", the chosen values, the answer as text) of each answer with a value."""
    whole = [("", work.answers.workload)] if question.scope == "workload" else []
    items = [(i.name, i.answers) for g, scope in GROUPS.items() if scope == question.scope for i in work.answers.items(g)]
    for name, answers in [*whole, *items]:
        answer = answers.get(question.id)
        if answer is not None and answer.state == "value":
            values = answer.value if isinstance(answer.value, tuple) else (str(answer.value),)
            yield name, values, answer.text


def _choice_line(one: NewChoices) -> str:
    many = "new choices" if len(one.choices) > 1 else "a new choice"
    said = [f"{name}: {answer}" if name else answer for name, answer in one.answers[:_SHOWN]]
    more = f" and {len(one.answers) - _SHOWN} more" if len(one.answers) > _SHOWN else ""
    yours = "your answers were" if len(one.answers) > 1 else "your answer was"
    return f"{one.question.ask} It has {many}, {', '.join(one.choices)}; {yours} {', '.join(said)}{more}."


def _some(asked: list[str]) -> str:
    more = len(asked) - _SHOWN
    return " ".join([*asked[:_SHOWN], *([f"... and {more} more."] if more > 0 else [])])


def _about(scope: str) -> str:
    group = next((g for g, s in GROUPS.items() if s == scope), "")
    return GROUP_TITLES[group][0] if group else "The workload"
