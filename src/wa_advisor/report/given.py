"""The answers of a report: one table a group, questions down and items across, all five states told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from wa_advisor.engine.capacity import AnswerState, answer_states
from wa_advisor.engine.evaluate import Assessment
from wa_advisor.engine.wording import chosen_phrase
from wa_advisor.model import GROUPS, Answer
from wa_advisor.report.escape import Markdown, escape_markdown

WIDTH = 4
NOT_ANSWERED, DOES_NOT_MATTER = "–", "·"
_TITLES = {
    "workload": "the workload", "access_pattern": "access patterns", "component": "components", "interface": "interfaces",
    "hand_over": "hand-overs", "process": "processes",
}  # fmt: skip


_LINKS = {
    "used_by": "Used by", "served_by": "Served by", "from": "From", "to": "To", "process": "A step of",
}  # fmt: skip


class AnswerTable(Struct, frozen=True, kw_only=True):
    """`rows` are (question, one cell an item)."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Markdown, ...]], ...]


class AnswerGroup(Struct, frozen=True, kw_only=True):
    """The answers about one kind of item; `absent` are the ids of questions without any answer that still matter."""

    title: str
    tables: tuple[AnswerTable, ...]
    absent: tuple[str, ...]
    idle: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]


class Given(Struct, frozen=True, kw_only=True):
    """`marks` are the signs used in the tables with what they mean."""

    groups: tuple[AnswerGroup, ...]
    marks: tuple[tuple[str, str], ...]


def given_view(assessment: Assessment) -> Given:
    """Every question of every item that there is, the unanswered ones by name only."""
    states = answer_states(assessment)
    groups = [_group(assessment, scope, [s for s in states if s.scope == scope]) for scope in _TITLES]
    found = tuple(g for g in groups if g.tables or g.absent or g.notes)
    cells = {cell for g in found for t in g.tables for _, row in t.rows for cell in row}
    meanings = {NOT_ANSWERED: "not answered yet", DOES_NOT_MATTER: "does not matter, given the other answers"}
    return Given(groups=found, marks=tuple((m, text) for m, text in meanings.items() if m in cells))


def _group(assessment: Assessment, scope: str, states: Sequence[AnswerState]) -> AnswerGroup:
    by_question: dict[str, dict[str, AnswerState]] = {}
    for state in states:
        by_question.setdefault(state.question.id, {})[state.item] = state
    answered = {q: row for q, row in by_question.items() if any(s.answer for s in row.values())}
    silent = {q: row for q, row in by_question.items() if q not in answered}
    names = list(dict.fromkeys(s.item for s in states))
    links = _links(assessment, scope)
    tables = [_table(part, links, answered) for part in _parts(names)]
    return AnswerGroup(
        title=_TITLES[scope],
        tables=tuple(t for t in tables if t.rows),
        absent=tuple(q for q, row in silent.items() if any(s.state == "absent" for s in row.values())),
        idle=tuple(q for q, row in silent.items() if all(s.state == "not_relevant" for s in row.values())),
        notes=tuple(_notes(assessment, scope)),
    )


def _parts(names: Sequence[str]) -> Iterable[Sequence[str]]:
    """The names in as few parts of about one size as keep a table narrow."""
    count = -(-len(names) // WIDTH)
    size = -(-len(names) // count) if count else 1
    return (names[i : i + size] for i in range(0, len(names), size))


def _links(assessment: Assessment, scope: str) -> dict[str, dict[str, Answer]]:
    """For each link of a scope, what the items say of it."""
    group = next((g for g, s in GROUPS.items() if s == scope), "")
    items = assessment.answers.items(group)
    found = {key: {i.name: i.link_answers[key] for i in items if key in i.link_answers} for key in _LINKS}
    return {key: said for key, said in found.items() if said}


def _table(names: Sequence[str], links: dict[str, dict[str, Answer]], answered: dict[str, dict[str, AnswerState]]) -> AnswerTable:
    rows = [
        (_LINKS[key], tuple(_link_cell(said.get(name)) for name in names))
        for key, said in links.items()
        if any(name in said for name in names)
    ]
    for row in answered.values():
        states = [row[name] for name in names]
        if any(s.answer for s in states):
            rows.append((states[0].question.ask, tuple(_cell(s) for s in states)))
    return AnswerTable(names=tuple(names), rows=tuple(rows))


def _link_cell(answer: Answer | None) -> Markdown:
    if answer is None:
        return Markdown(NOT_ANSWERED)
    return Markdown("; ".join([_unsaid(answer) or escape_markdown(answer.text, 200), *_beside(answer)]))


def _cell(state: AnswerState) -> Markdown:
    answer = state.answer
    if answer is None:
        return Markdown(DOES_NOT_MATTER if state.state == "not_relevant" else NOT_ANSWERED)
    unused = ["not used, given the other answers"] if state.matters is False and state.state == "value" else []
    return Markdown("; ".join([_unsaid(answer) or _value(state, answer), *_beside(answer), *unused]))


def _unsaid(answer: Answer) -> str:
    """An answer that has no value; "" where it has one."""
    if answer.state == "unknown":
        return "*unknown*"
    return f"*does not apply:* {escape_markdown(answer.reason, 200)}" if answer.state == "not_applicable" else ""


def _beside(answer: Answer) -> list[str]:
    """Its origin and its note."""
    parts = [f"seen in {escape_markdown(answer.evidence, 160)}"] if answer.evidence else []
    return [*parts, escape_markdown(answer.note, 200)] if answer.note else parts


def _value(state: AnswerState, answer: Answer) -> str:
    value = answer.value
    if isinstance(value, tuple) and value:
        return "; ".join(escape_markdown(chosen_phrase(state.question, v)) for v in value)
    return escape_markdown(chosen_phrase(state.question, answer.text), 200)


def _notes(assessment: Assessment, scope: str) -> Iterable[tuple[str, str]]:
    """(item, note) of the items of a scope that carry one."""
    group = next((g for g, s in GROUPS.items() if s == scope), "")
    return [(item.name, item.note) for item in assessment.answers.items(group) if item.note]
