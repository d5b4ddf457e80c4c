"""What the answers amount to: the quantities worked out of them, and which questions matter for each item."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from wa_advisor.engine.evaluate import Assessment, Base, World
from wa_advisor.engine.inputs import value_of
from wa_advisor.model import GROUPS, QUANTITY_TYPES, Answer, Answers, Item, Question
from wa_advisor.quantity import Number

# The five states of an answer. `matters` is None while another answer decides whether the question does.
STATES = ("value", "unknown", "not_applicable", "absent", "not_relevant")


class CapacityRow(Struct, frozen=True, kw_only=True):
    """A derived quantity of one item whose inputs are all known; the ends differ where an answer is a range."""

    scope: str
    item: str
    name: str
    label: str
    low: Number
    high: Number
    dimension: str
    formula: str


class AnswerState(Struct, frozen=True, kw_only=True):
    """One question put to one item: its state, its answer if there is one, and whether it matters there."""

    scope: str
    item: str
    question: Question
    state: str
    answer: Answer | None
    matters: bool | None


def capacity_rows(assessment: Assessment) -> tuple[CapacityRow, ...]:
    """The derived quantities that can be worked out, item after item in the order of the file."""
    world = _world(assessment)
    world.subjects = {(v.decision, v.item): v.subject for v in assessment.verdicts}
    rows: list[CapacityRow] = []
    for scope, index, item in _instances(assessment):
        for derived in assessment.ruleset.derived.values():
            if derived.scope != scope or derived.type not in QUANTITY_TYPES or not derived.name:
                continue
            if derived.shown is not None and not world.judge(derived.shown, scope, index):
                continue
            found = value_of(world, derived.value, scope, index).interval
            if found is not None and found.low is not None and found.high is not None:
                rows.append(
                    CapacityRow(
                        scope=scope, item=item.name, name=derived.id, label=derived.name, low=found.low, high=found.high,
                        dimension=derived.type, formula=derived.text,
                    )
                )  # fmt: skip
    return tuple(rows)


def answer_states(assessment: Assessment) -> tuple[AnswerState, ...]:
    """Every question put to every item of its scope, in the order of the file and of the rules."""
    world = _world(assessment)
    found: list[AnswerState] = []
    for scope, index, item in _instances(assessment):
        for question in assessment.ruleset.scope_questions(scope):
            answer = item.answers.get(question.id)
            matters = world.relevant((scope, index, question.id))
            state = answer.state if answer else "not_relevant" if matters is False else "absent"
            found.append(AnswerState(scope=scope, item=item.name, question=question, state=state, answer=answer, matters=matters))
    return tuple(found)


def _world(assessment: Assessment) -> World:
    """The answers as the engine sees them, before any what-if."""
    return World(assessment.ruleset, Base(assessment.ruleset, assessment.answers, assessment.processes))


def _instances(assessment: Assessment) -> Iterator[tuple[str, int, Item]]:
    answers: Answers = assessment.answers
    yield "workload", 0, Item(name=answers.name, answers=answers.workload)
    for group, scope in GROUPS.items():
        items = assessment.processes if group == "processes" else answers.items(group)
        for index, item in enumerate(items):
            yield scope, index, item
