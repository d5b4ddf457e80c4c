"""What is worth asking: laws over chance answers, and the order of the shipped questions."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import FILES, compile_texts, small

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, Memory, evaluate
from wa_advisor.engine.flow import IDLE, SHARPENS, TOGETHER, TURNS, Course, Outlook
from wa_advisor.model import GROUP_OF, SCOPES, Question, RuleSet
from wa_advisor.report.document import assessment_document

FIGURES = {"size": ("3 KB", "300 KB", "450 KB", "3 MB"), "rate": ("1/s", "99/s", "5k/s"), "count": ("1", "101", "4000"),
           "duration": ("20 ms", "20 min", "1 to 20 min")}  # fmt: skip


def values_of(question: Question) -> list[str]:
    """Answers that fall into every cell that a rule tells apart."""
    if question.type == "choice":
        return list(question.choices)
    if question.type == "yes-no":
        return ["yes", "no"]
    if question.type == "choices":
        return ["[]", *(f"[{c}]" for c in question.choices)]
    return ["some words"] if question.type == "text" else list(FIGURES[question.type])


Said = dict[tuple[str, int], dict[str, str]]


def text_of(said: Said) -> str:
    lines = ["answers: 1", "workload:", "  name: w", *(f"  {k}: {v}" for k, v in said.get(("workload", 0), {}).items())]
    for scope, group in GROUP_OF.items():
        items = [s for s in said if s[0] == scope]
        lines += [f"{group}:"] if items else []
        for index in range(len(items)):
            lines += [f"  - name: {scope} {index}", *(f"    {k}: {v}" for k, v in said[scope, index].items())]
    return "\n".join(lines) + "\n"


def chance_answers(ruleset: RuleSet, seed: int) -> Said:
    """Answers for a workload, two patterns and a component, some of them missing, unknown or away."""
    chance = random.Random(seed)
    said: Said = {}
    share = chance.random()
    for place in (("workload", 0), ("access_pattern", 0), ("access_pattern", 1), ("component", 0)):
        said[place] = {}
        for question in ruleset.scope_questions(place[0]):
            if chance.random() < share:
                said[place][question.id] = chance.choice([*values_of(question), "unknown", '{not_applicable: "not here"}'])
    return said


def assessed(ruleset: RuleSet, said: Said) -> Assessment:
    return evaluate(ruleset, parse_answers(text_of(said), "a.yaml", ruleset))


def verdicts(assessment: Assessment) -> list[object]:
    classes = [(c.item, c.candidates) for c in assessment.classes.values()]
    return [*classes, *((v.decision, v.item, v.choice, v.certainty) for v in assessment.verdicts)]


def findings(assessment: Assessment) -> list[object]:
    """All that a report says of an Assessment but the answers themselves, the reasons and what is open."""
    document = assessment_document(assessment)
    return [document[key] for key in ("mix", "capacity", "limits", "lens", "risks", "advice", "sign_offs")]


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return small()


def choices(assessment: Assessment) -> list[object]:
    classes = [(c.item, c.candidates) for c in assessment.classes.values()]
    return [*classes, *((v.decision, v.item, v.choice) for v in assessment.verdicts)]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_only_what_turns_changes_a_choice_and_what_is_idle_changes_nothing(rules: RuleSet, seed: int) -> None:
    said = chance_answers(rules, seed)
    before = assessed(rules, said)
    outlook = Outlook(Course(rules), before.answers)
    for scope, index in said:
        for question in outlook.unanswered(scope, index):
            use = outlook.use(question, index)
            for value in values_of(question) if use != TURNS else ():
                after = assessed(rules, {**said, (scope, index): {**said[scope, index], question.id: value}})
                assert choices(after) == choices(before), (use, question.id, value)
                assert use == TOGETHER or verdicts(after) == verdicts(before), (use, question.id, value)
                assert use != IDLE or findings(after) == findings(before), (question.id, value)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_leaning_that_is_settled_is_the_choice_of_the_report(rules: RuleSet, seed: int) -> None:
    assessment = assessed(rules, chance_answers(rules, seed))
    outlook = Outlook(Course(rules), assessment.answers)
    for verdict in assessment.verdicts:
        decision = rules.decisions[verdict.decision]
        group = assessment.answers.items(GROUP_OF[decision.scope])
        leaning = outlook.leaning(decision, [i.name for i in group].index(verdict.item))
        assert leaning.choice == verdict.choice
        assert not leaning.settled or verdict.certainty in ("decided", "open")
        assert verdict.certainty != "leaning" or leaning.open_questions


@settings(max_examples=20, deadline=None)
@given(seeds=st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_an_assessment_is_the_same_with_what_was_judged_before(rules: RuleSet, seeds: list[int]) -> None:
    memory = Memory(rules)
    for seed in seeds:
        answers = parse_answers(text_of(chance_answers(rules, seed)), "a.yaml", rules)
        assert evaluate(rules, answers, memory=memory) == evaluate(rules, answers)


def test_each_use_occurs(rules: RuleSet) -> None:
    """The laws above are not about nothing."""
    seen = set()
    for seed in range(60):
        said = chance_answers(rules, seed)
        outlook = Outlook(Course(rules), parse_answers(text_of(said), "a.yaml", rules))
        seen |= {outlook.use(q, i) for scope, i in said for q in outlook.unanswered(scope, i)}
    assert seen == {TURNS, TOGETHER, SHARPENS, IDLE}


def test_a_workload_question_is_asked_while_a_list_it_may_matter_for_is_not_known() -> None:
    rules = compile_texts(FILES)
    course = Course(rules)

    def use(text: str) -> str:
        return Outlook(course, parse_answers(f"answers: 1\nworkload: {{name: w}}\n{text}", "a.yaml", rules)).use(
            rules.questions["region_scope"]
        )

    assert use("") == TURNS
    assert use("access_patterns: []\n") == SHARPENS  # a lens practice asks for it
    assert use("access_patterns: [{name: a, lookup: any-fields}]\n") == TURNS
    settled = "{name: a, lookup: full-key, item_size: 3 KB, combines: no, average_rate: 1/s, features: []}"
    assert use(f"access_patterns: [{settled}]\n") == SHARPENS


def test_questions_stand_after_those_their_relevance_needs(ruleset: RuleSet) -> None:
    course = Course(ruleset)
    for scope in SCOPES:
        seen: set[str] = set()
        own = {q.id for q in ruleset.scope_questions(scope)}
        for question in course.orders[scope]:
            assert (ruleset.needs[question.id] & own) <= seen
            seen.add(question.id)
        assert seen == own
