"""The product against the plain reference, over rule sets and answers made by chance."""

from __future__ import annotations

import re
from fractions import Fraction
from random import Random
from typing import Any

import plain_reference as ref
import pytest
import rules_by_chance as made
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from small_rules import compile_texts

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, Verdict, evaluate
from wa_advisor.errors import AdvisorError, AnswersError
from wa_advisor.model import RuleSet

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
SEEDS = st.integers(0, 10**9)


def compiled(rules: ref.Rules) -> RuleSet:
    return compile_texts(made.rule_files(rules))


def assessed(rules: ref.Rules, answers: ref.Answers) -> Assessment:
    """The product's Assessment; answers that contradict an assumption are passed over."""
    ruleset = compiled(rules)
    try:
        return evaluate(ruleset, parse_answers(made.answers_file(rules, answers), "a.yaml", ruleset))
    except AnswersError as error:
        assume("never-both" not in str(error))
        raise


def verdicts(assessment: Assessment) -> dict[tuple[str, str], Verdict]:
    return {(v.decision, v.item): v for v in assessment.verdicts}


def places(rules: ref.Rules, answers: ref.Answers) -> list[tuple[ref.Decision, ref.Place, str]]:
    return [
        (decision, (decision.scope, index), f"{decision.scope} {index}")
        for decision in rules.choices.values()
        for index in range(len(answers[decision.scope] or ()))
    ]


@pytest.mark.property
@QUICK
@given(seed=SEEDS)
def test_totals_states_and_choices_agree(seed: int) -> None:
    chance = Random(seed)
    rules = made.make_rules(chance)
    answers = made.make_answers(rules, chance)
    assessment = assessed(rules, answers)
    plain = ref.Reference(rules, answers)
    found = verdicts(assessment)
    for decision, place, item in places(rules, answers):
        verdict = found[decision.id, item]
        tallies = plain.tallies(decision, place)
        for option in verdict.ranking:
            expected = tallies[option.option]
            if verdict.certainty == "decided" and option.option == verdict.choice:
                expected["state"] = "viable"  # no completion rules it out, so that it is not conditional any more
            assert (option.state, option.now, option.low, option.high) == (
                expected["state"], expected["now"], expected["low"], expected["high"],
            ), (seed, item, option.option)  # fmt: skip
        ranked = plain.ranked(decision, place)
        assert verdict.choice == next(iter(ranked), None), (seed, item)
        assert verdict.runner_up == (ranked[1] if len(ranked) > 1 else None)
        assert list(verdict.tied_with) == [o for o in ranked[1:] if tallies[o]["now"] == tallies[ranked[0]]["now"]]
    for table in rules.tables.values():
        for index in range(len(answers[table.scope] or ())):
            outcomes = plain.outcomes(table, (table.scope, index))
            assert set(assessment.classes[f"{table.scope} {index}"].candidates) == outcomes, seed


def is_plain(rules: ref.Rules, names: set[str]) -> bool:
    """Whether every way the derived values may turn out together is one that answers can bring about.

    Where two share an answer, where one multiplies two answers, or where whole numbers leave gaps, the product tries
    more than can occur, and may call leaning what is decided. It must never do the opposite.
    """
    derived = [rules.derived[n] for n in names if n in rules.derived]
    inputs: list[str] = []
    for one in derived:
        direct = {n for n in ref.leans_on(rules, one.value) if n in rules.questions}
        inputs += sorted(direct)
        if any(rules.questions[n].type == "count" for n in direct) or one.value[0] == "over":
            return False
    return len(inputs) == len(set(inputs))


@pytest.mark.property
@pytest.mark.slow
@settings(QUICK, max_examples=700)
@given(seed=SEEDS)
def test_certainty_agrees_with_trying_everything(seed: int) -> None:
    chance = Random(seed)
    rules = made.make_rules(chance)
    answers = made.make_answers(rules, chance, chance.choice([0.5, 0.65, 0.8]))
    found = verdicts(assessed(rules, answers))
    for decision, place, item in places(rules, answers):
        try:
            expected = ref.certainty(rules, answers, decision, place)
        except ref.TooLargeError:
            continue
        got = found[decision.id, item].certainty
        names = set().union(*(ref.leans_on(rules, r.when) for r in decision.rules))
        for _, tree in rules.assumed.values():
            names |= ref.leans_on(rules, tree)
        if is_plain(rules, names):
            assert got == expected, (seed, item)
        else:
            assert got == expected or (got, expected) == ("leaning", "decided"), (seed, item)


# -- flips -------------------------------------------------------------------------------------------


def allowed(change: str, value: Fraction) -> bool:
    """Whether a value lies in the range that a flip names."""
    for part in change.split(", "):
        match = re.fullmatch(r"(above|at least|below|at most|exactly) (\S+)(?: (\w+))?", part)
        if part == "any value":
            continue
        if match is None:
            low, _, high = re.sub(r"^(between|from) ", "", part).partition(" and " if part.startswith("between") else " to ")
            inside = plain_number(low) < value < plain_number(high)
            if not (inside or (part.startswith("from") and value in (plain_number(low), plain_number(high)))):
                return False
            continue
        limit = plain_number(part.partition(match[1] + " ")[2])
        holds = {
            "above": value > limit,
            "at least": value >= limit,
            "below": value < limit,
            "at most": value <= limit,
            "exactly": value == limit,
        }
        if not holds[match[1]]:
            return False
    return True


def plain_number(text: str) -> Fraction:
    number, _, unit = text.replace(",", "").partition(" ")
    return (
        Fraction(number)
        * {"": Fraction(1), "s": Fraction(1), "ms": Fraction(1, 1000), "us": Fraction(1, 10**6), "min": Fraction(60)}[unit]
    )


def single_changes(question: ref.Question, answer: tuple[Any, ...]) -> list[tuple[str, tuple[Any, ...]]]:
    """Every answer that differs from the one given in one step, with its name in a flip ("" for a quantity)."""
    if question.type in ("choice", "yes-no"):
        return [(c, ("is", c)) for c in question.choices if answer != ("is", c)]
    if question.type == "choices":
        if answer[0] != "list":
            return [("none of them", ("list", ())), *((f"only {c}", ("list", (c,))) for c in question.choices)]
        more = [(f"with {c}", ("list", (*answer[1], c))) for c in question.choices if c not in answer[1]]
        return more + [(f"without {c}", ("list", tuple(o for o in answer[1] if o != c))) for c in answer[1]]
    return [("", ("range", v, v)) for v in ref.grid(question)]


@pytest.mark.property
@pytest.mark.slow
@settings(QUICK, max_examples=150)
@given(seed=SEEDS)
def test_flips_are_all_single_answers_that_lead_elsewhere(seed: int) -> None:
    chance = Random(seed)
    rules = made.make_rules(chance)
    answers = made.make_answers(rules, chance)
    found = verdicts(assessed(rules, answers))
    plain = ref.Reference(rules, answers)
    for decision, place, item in places(rules, answers):
        names = set().union(*(ref.leans_on(rules, r.when) for r in decision.rules))
        flips = found[decision.id, item].flips
        for name in sorted(names & rules.questions.keys()):
            question = rules.questions[name]
            if question.scope not in (decision.scope, "workload"):
                continue
            where = plain.home(question.scope, place)
            relevant = plain.relevant(question, where)
            for word, answer in single_changes(question, plain.answer(where, name)):
                changed: ref.Answers = {s: None if i is None else [dict(one) for one in i] for s, i in answers.items()}
                (changed[where[0]] or [])[where[1]][name] = answer
                world = ref.Reference(rules, changed)
                expected = (
                    world.first(decision, place)
                    if relevant is not False and world.occurs(place)
                    else found[decision.id, item].choice
                )
                hits = [
                    f.to for f in flips if f.question == name and (f.change == word if word else allowed(f.change, answer[1]))
                ]
                assert hits == ([] if expected == found[decision.id, item].choice else [expected]), (
                    seed,
                    item,
                    name,
                    answer,
                    flips,
                )


def test_generated_rules_use_every_feature() -> None:
    """The generator is worth nothing if it stops making what the laws are about."""
    texts = "\n".join("\n".join(made.rule_files(made.make_rules(Random(seed)))) for seed in range(200))
    for feature in (" includes ", "any(", "all(", "count(", "sum(", "max(", "min(", " * ", " / ", " - ", "when:", "hull.limit", "kind ", "ban:", "never:", "named_"):  # fmt: skip
        assert feature in texts, feature


def test_generated_rules_compile() -> None:
    for seed in range(60):
        try:
            compiled(made.make_rules(Random(seed)))
        except AdvisorError as error:
            pytest.fail(f"{seed}: {error}")
