"""What always holds, over rule sets and answers made by chance."""

from __future__ import annotations

from random import Random

import plain_reference as ref
import pytest
import rules_by_chance as made
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from small_rules import compile_texts

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, Verdict, evaluate
from wa_advisor.errors import AnswersError
from wa_advisor.model import RuleSet
from wa_advisor.ruleset.compile import compile_ruleset
from wa_advisor.ruleset.source import parse_yaml

pytestmark = pytest.mark.property
LAW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
SEEDS = st.integers(0, 10**9)


def judged(ruleset: RuleSet, text: str) -> Assessment:
    """The Assessment; answers that contradict a declared assumption are passed over."""
    try:
        return evaluate(ruleset, parse_answers(text, "a.yaml", ruleset))
    except AnswersError as error:
        assume("never-both" not in str(error))
        raise


def by_item(assessment: Assessment) -> dict[tuple[str, str], Verdict]:
    return {(v.decision, v.item): v for v in assessment.verdicts}


def outcome(verdict: Verdict) -> tuple[object, ...]:
    """All of a verdict but the places its rules stand at."""
    ranking = [(o.option, o.state, o.now, o.low, o.high, o.barred) for o in verdict.ranking]
    return verdict.choice, verdict.certainty, verdict.why, verdict.runner_up, verdict.tied_with, ranking, set(verdict.flips)


@LAW
@given(seed=SEEDS)
def test_order_changes_no_verdict(seed: int) -> None:
    """Law 1: neither the order of answers and items nor that of files, entries and rules matters."""
    chance = Random(seed)
    rules = made.make_rules(chance)
    answers = made.make_answers(rules, chance)
    before = judged(compile_texts(made.rule_files(rules)), made.answers_file(rules, answers))
    names = {scope: list(range(len(items or ()))) for scope, items in answers.items()}
    turned: ref.Answers = {}
    for scope, items in answers.items():
        order = chance.sample(names[scope], len(names[scope]))
        names[scope] = order
        turned[scope] = None if items is None else [dict(reversed(items[i].items())) for i in order]
    for decision in rules.choices.values():
        decision.rules = chance.sample(decision.rules, len(decision.rules))
        decision.options = tuple(chance.sample(decision.options, len(decision.options)))
    files = list(enumerate(made.rule_files(rules)))
    ruleset = compile_ruleset([("rules", [parse_yaml(t, f"{i}.yaml") for i, t in chance.sample(files, len(files))])])
    after = judged(ruleset, made.answers_file(rules, turned))
    first, second = by_item(before), by_item(after)
    for (decision_id, item), verdict in first.items():
        scope, _, number = item.rpartition(" ")
        moved = f"{scope} {names[scope].index(int(number))}"
        assert outcome(second[decision_id, moved]) == outcome(verdict), (seed, decision_id, item)


@LAW
@given(seed=SEEDS)
def test_answering_an_unknown_never_changes_what_is_decided(seed: int) -> None:
    """Law 2: a decided verdict stays, and totals only narrow, whatever an open answer turns out to be."""
    chance = Random(seed)
    rules = made.make_rules(chance)
    answers = made.make_answers(rules, chance)
    ruleset = compile_texts(made.rule_files(rules))
    before = by_item(judged(ruleset, made.answers_file(rules, answers)))
    open_ends = [
        (scope, index, q.id)
        for q in rules.questions.values()
        for scope in (q.scope,)
        for index, item in enumerate(answers[scope] or ())
        if item.get(q.id, ("unknown",))[0] == "unknown" or (item[q.id][0] == "range" and item[q.id][1] != item[q.id][2])
    ]
    assume(open_ends)
    for scope, index, name in chance.sample(open_ends, chance.randint(1, min(3, len(open_ends)))):
        item = (answers[scope] or [])[index]
        item[name] = chance.choice(ref.possible(rules.questions[name], item.get(name, ("unknown",))))
    after = by_item(judged(ruleset, made.answers_file(rules, answers)))
    for key, verdict in before.items():
        if verdict.certainty == "decided":
            assert (after[key].choice, after[key].certainty) == (verdict.choice, "decided"), (seed, key)
        for option in after[key].ranking:
            was = verdict.option(option.option)
            assert was is not None
            assert was.low <= option.low <= option.now <= option.high <= was.high, (seed, key, option.option)
            assert was.state in ("conditional", option.state)


@LAW
@given(seed=SEEDS)
def test_cited_answers_are_enough(seed: int) -> None:
    """Law 3: with only the answers that a verdict cites, the same verdict comes out."""
    chance = Random(seed)
    rules = made.make_rules(chance)
    answers = made.make_answers(rules, chance)
    ruleset = compile_texts(made.rule_files(rules))
    before = by_item(judged(ruleset, made.answers_file(rules, answers)))
    for key, verdict in before.items():
        cited: ref.Answers = {
            scope: None if items is None else [{k: v for k, v in item.items() if k in verdict.cites} for item in items]
            for scope, items in answers.items()
        }
        after = by_item(judged(ruleset, made.answers_file(rules, cited)))
        assert outcome(after[key])[:5] == outcome(verdict)[:5], (seed, key, verdict.cites)


@LAW
@given(seed=SEEDS)
def test_every_combination_ends_in_a_verdict(seed: int) -> None:
    """Law 6: each decision gives each item of its scope one verdict, and what it says holds together."""
    chance = Random(seed)
    rules = made.make_rules(chance)
    answers = made.make_answers(rules, chance, chance.random())
    assessment = judged(compile_texts(made.rule_files(rules)), made.answers_file(rules, answers))
    expected = {(d.id, f"{d.scope} {i}") for d in rules.choices.values() for i in range(len(answers[d.scope] or ()))}
    assert set(by_item(assessment)) == expected
    for verdict in assessment.verdicts:
        assert verdict.certainty in ("decided", "leaning", "open")
        assert (verdict.choice is None) == (verdict.certainty == "open")
        assert bool(verdict.why) == (verdict.certainty != "decided")
        fit = [o for o in verdict.ranking if o.state != "eliminated" and o.has_reason]
        assert [o.option for o in fit[:2]] == [o for o in (verdict.choice, verdict.runner_up) if o]
        assert not (verdict.certainty == "decided" and fit[0].state != "viable")
        assert all(flip.to != verdict.choice for flip in verdict.flips)
        assert len({(f.question, f.change) for f in verdict.flips}) == len(verdict.flips)


@LAW
@given(seed=SEEDS)
def test_a_table_gives_an_outcome_when_all_is_known(seed: int) -> None:
    chance = Random(seed)
    rules = made.make_rules(chance)
    answers = made.make_answers(rules, chance, 1.0)
    for items in answers.values():
        for item in items or ():
            for name, answer in item.items():
                if answer[0] == "range":
                    item[name] = ("range", answer[2], answer[2])
    assume(answers["component"] is not None)
    assessment = judged(compile_texts(made.rule_files(rules)), made.answers_file(rules, answers))
    assert all(found.outcome for found in assessment.classes.values())
    assert all(verdict.certainty != "leaning" for verdict in assessment.verdicts)
