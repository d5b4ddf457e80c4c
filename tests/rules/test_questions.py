"""What the questions say: short enough to be read at a glance, each answerable by somebody who has not read the rules."""

from __future__ import annotations

import pytest

from wa_advisor.amounts import parse_amount
from wa_advisor.answers import parse_answers
from wa_advisor.engine.wording import choice_phrase
from wa_advisor.engine.world import Base, World
from wa_advisor.model import QUANTITY_TYPES, RuleSet

TWO_LINES = 150
ONE_LINE = 75


def test_a_question_is_one_line_its_help_two_and_each_choice_one(ruleset: RuleSet) -> None:
    for question in ruleset.questions.values():
        assert question.ask.endswith("?") and len(question.ask) <= 70, question.id
        assert len(question.help) <= TWO_LINES, question.id
        column = max((len(c) for c in question.choices), default=0)
        for choice, meaning in question.choices.items():
            assert meaning and column + len("  ") + len(meaning) <= ONE_LINE, (question.id, choice)


def test_no_two_questions_about_an_item_read_alike(ruleset: RuleSet) -> None:
    asked = [(q.scope, q.ask) for q in ruleset.questions.values()]
    assert len(set(asked)) == len(asked)


def test_every_quantity_has_an_example_of_its_own_that_can_be_read(ruleset: RuleSet) -> None:
    for question in ruleset.questions.values():
        if question.type in QUANTITY_TYPES:
            assert parse_amount(question.example, question.type).high is not None, question.id


@pytest.mark.parametrize("question", ["average_rate", "peak_rate"])
def test_both_rates_of_a_pattern_say_what_is_counted(ruleset: RuleSet, question: str) -> None:
    assert "reads and writes together" in ruleset.questions[question].ask
    assert "all callers" in ruleset.questions[question].help


@pytest.mark.parametrize("question", ["trigger", "purpose"])
def test_choices_that_are_easily_mistaken_have_an_example(ruleset: RuleSet, question: str) -> None:
    meanings = ruleset.questions[question].choices.values()
    assert sum("(e.g. " in m for m in meanings) >= 3


def test_one_word_for_one_shape_of_load_in_patterns_and_components(ruleset: RuleSet) -> None:
    of_patterns, of_components = (ruleset.questions[q].choices for q in ("load_shape", "activity"))
    assert list(of_patterns.values()) == list(of_components.values())


def test_an_example_helps_to_choose_and_is_not_told_in_the_report(ruleset: RuleSet) -> None:
    question = ruleset.questions["lookup"]
    assert question.choices["full-key"] == "one record by its complete key (e.g. order number)"
    assert choice_phrase(question, "full-key") == "one record by its complete key"
    assert choice_phrase(question, "similarity") == question.choices["similarity"], "what only names the choice stays"


@pytest.mark.parametrize(("lookup", "asked"), [("full-key", False), ("partition", True), ("any-fields", True), ("unknown", None)])
def test_one_record_by_its_key_is_not_asked_how_many_come_back(ruleset: RuleSet, lookup: str, asked: bool | None) -> None:
    text = f"answers: 1\nworkload: {{name: w}}\naccess_patterns: [{{name: p, lookup: {lookup}}}]\n"
    answers = parse_answers(text, "a.yaml", ruleset)
    world = World(ruleset, Base(ruleset, answers, ()))
    assert world.relevant(world.place("rows_returned", "access_pattern", 0)) is asked
