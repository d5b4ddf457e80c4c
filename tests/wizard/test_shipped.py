"""The interview with the shipped rules, whatever they ask: it comes to its end, and a small workload meets few questions."""

from __future__ import annotations

import random
import statistics

import pytest
from wizard_small import Kept

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.model import Question, RuleSet
from wa_advisor.report.render import render_report
from wa_advisor.wizard.document import new_text, read_document
from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.screen import Give, GiveSeveral, Reply, Screen, Unknown

MOST_QUESTIONS = 25
FIGURES = {
    "size": ("2 KB", "200 KB", "5 MB"), "rate": ("1/s", "200/s", "2k/s"), "count": ("2", "20", "500"), "share": ("10 %", "90 %"),
    "duration": ("50 ms", "5 s", "20 min"), "data-rate": ("1 MB/s",),
}  # fmt: skip
SMALL = {"access_patterns": 1, "components": 1}
LARGE = {"access_patterns": 3, "components": 2, "interfaces": 2, "hand_overs": 2, "processes": 1}


class Person:
    """Answers by chance, and counts the questions of the rule set that it was asked."""

    def __init__(self, interview: Interview, seed: int, entries: dict[str, int], *, thorough: bool = False) -> None:
        self.interview = interview
        self.chance = random.Random(seed)
        self.entries = entries
        self.thorough = thorough
        self.asked = 0

    def run(self) -> None:
        for _ in range(600):
            if self.interview.over:
                return
            screen = self.interview.screen()
            self.interview.take(self.reply(screen))
            if self.interview.problem and not screen.problem:
                self.interview.take(Unknown())
        raise AssertionError(f"no end in sight, at {self.interview.current}")

    def reply(self, screen: Screen) -> Reply:
        place = screen.place
        question = self.interview.work.question(place)
        if question is not None:
            self.asked += not self.interview.problem
            return self.answer(question)
        if place[0] == "list":
            have = len(self.interview.work.answers.items(str(place[1])))
            return Give("+add" if have < self.entries.get(str(place[1]), 0) else "+done" if have else "+none")
        if place[0] == "new":
            return Give(f"{place[1]} {len(self.interview.work.answers.items(str(place[1])))}")
        if place[0] == "more":
            return Give(screen.rows[0].value if self.thorough else "+end")
        if screen.kind == "several":
            return GiveSeveral(tuple(r.value for r in screen.rows[:1]), sure=True)
        return Give("Shop" if place == ("workload", "name") else screen.rows[0].value if screen.rows else "")

    def answer(self, question: Question) -> Reply:
        if question.type == "choices":
            return GiveSeveral(tuple(self.chance.sample(list(question.choices), self.chance.choice((0, 1, 1, 2)))), sure=True)
        if question.choices:
            return Give(self.chance.choice(list(question.choices)))
        return Give(self.chance.choice(("yes", "no") if question.type == "yes-no" else FIGURES.get(question.type, ("words",))))


def interviewed(ruleset: RuleSet, seed: int, entries: dict[str, int], *, thorough: bool = False) -> tuple[Person, Kept]:
    kept = Kept()
    document = read_document(new_text(ruleset), "answers.yaml", ruleset)
    person = Person(Interview(document, kept, resumed=False), seed, entries, thorough=thorough)
    person.run()
    return person, kept


def test_a_small_workload_meets_few_questions(ruleset: RuleSet) -> None:
    """Chance answers contradict each other more than those of people, and leave choices open longer."""
    counts = sorted(interviewed(ruleset, seed, SMALL)[0].asked for seed in range(20))
    assert statistics.median(counts) <= MOST_QUESTIONS - 5, counts
    assert counts[-3] <= MOST_QUESTIONS, counts


@pytest.mark.parametrize("seed", [1, 2])
def test_a_thorough_interview_ends_in_the_report_of_its_file(ruleset: RuleSet, seed: int) -> None:
    person, kept = interviewed(ruleset, seed, LARGE, thorough=True)
    assert person.asked > MOST_QUESTIONS
    of_file = evaluate(ruleset, parse_answers(kept.text, "answers.yaml", ruleset))
    assert render_report(of_file) == render_report(person.interview.work.assessment)
