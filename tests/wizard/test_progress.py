"""How much is still to come: what is told at a question is never less than what comes."""

from __future__ import annotations

import random
import re

import pytest
from test_shipped import FIGURES
from wizard_small import Kept, asks, say, start

from wa_advisor.model import GROUPS, RuleSet
from wa_advisor.wizard.document import read_document
from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.screen import Away, Back, Give, GiveSeveral, Jump, Reply, Screen, Unknown

WHOLE = "answers: 1\nruleset: serverless\nworkload: {name: Shop, owner: me, stage: design, description: words}\n"
SEEDS = range(9)


def told_at_most(screen: Screen) -> int:
    if "the last one here" in screen.progress:
        return 1
    found = re.search(r"at most (\d+)", screen.progress) or re.search(r"(\d+) questions? here", screen.progress)
    assert found, screen.progress
    return int(found[1])


def reply(interview: Interview, screen: Screen, chance: random.Random) -> Reply:
    if chance.random() < 0.1:
        return Unknown() if chance.random() < 0.7 else Away("not here")
    if screen.kind == "several":
        return GiveSeveral(tuple(r.value for r in screen.rows if chance.random() < 0.4), sure=True)
    if screen.kind == "pick":
        return Give(chance.choice([r.value for r in screen.rows] or ["elsewhere"]))
    question = interview.work.question(screen.place)
    return Give(chance.choice(FIGURES.get(question.type if question else "", (screen.example,))))


def counts_of(interview: Interview, chance: random.Random) -> list[int]:
    """What was told at each question about one thing, until it is about something else."""
    told = []
    head = interview.current[: 3 if interview.current[0] == "item" else 1]
    for _ in range(80):
        screen = interview.screen()
        if screen.place[: len(head)] != head:
            return told
        told.append(told_at_most(screen))
        interview.take(reply(interview, screen, chance))
        if interview.problem:
            interview.take(Unknown())
    raise AssertionError("no end in sight")


@pytest.mark.parametrize("scope", ["workload", *GROUPS])
def test_no_more_comes_than_was_told_whatever_is_answered(ruleset: RuleSet, scope: str) -> None:
    for seed in SEEDS:
        chance = random.Random(seed)
        text = WHOLE + (f"{scope}:\n  - name: x\n" if scope in GROUPS else "")
        if scope != "components" and chance.random() < 0.5:
            text += "components:\n  - name: y\n"
        interview = Interview(read_document(text, "answers.yaml", ruleset), Kept(), resumed=True)
        interview.work.further = frozenset(chance.choice([(), (), ("together",), ("together", "sharpens")]))
        say(interview, Jump(), f"entry/{scope}/0" if scope in GROUPS else "part/workload")
        told = counts_of(interview, chance)
        assert len(told) > 1 or scope == "processes", (seed, told)
        for place, count in enumerate(told):
            assert count >= len(told) - place, (seed, told)
        assert told == sorted(told, reverse=True), (seed, told)


COMPUTES = (
    WHOLE
    + """components:
  - {name: c, trigger: session, host_needs: [], work_kind: data-reshaping, existing_form: not-yet, memory: 512 MB, waiting: computes}
"""
)


def test_the_last_one_is_said_only_where_it_is_sure(ruleset: RuleSet) -> None:
    interview = Interview(read_document(COMPUTES, "answers.yaml", ruleset), Kept(), resumed=True)
    say(interview, Jump(), "entry/components/0")
    while interview.current[0] == "item":
        screen = interview.screen()
        last = "the last one here" in screen.progress
        picked = GiveSeveral(tuple(r.value for r in screen.rows[2:3]), sure=True)
        say(
            interview,
            picked
            if screen.kind == "several"
            else Give(screen.value or (screen.rows[-1].value if screen.rows else screen.example)),
        )
        assert interview.current[0] != "item" or not last


def test_a_changed_answer_that_opens_more_says_so() -> None:
    interview, _ = start()
    say(interview, "go", "Shop", "", "", "", "nobody", GiveSeveral(("sql",)), "+add", "cart", "full-key")
    assert interview.screen().progress == "part 2 of 8, the last one here"
    say(interview, Back(), "any-fields")
    assert interview.screen().notices == ("1 more question opened here.",)
    assert interview.screen().progress == "part 2 of 8, 2 questions here"


def test_what_was_left_open_and_is_not_needed_any_more_is_not_asked_again() -> None:
    interview, _ = start()
    say(interview, "go", "Shop", "", "", "", "nobody", GiveSeveral(("sql",)), "+add", "cart", "any-fields")
    assert asks(interview) == "Do requests combine several kinds of record?"
    say(interview, Back(), "full-key")
    assert asks(interview) == "How large is the largest record?"


def test_the_row_of_an_entry_agrees_with_what_is_asked_on_going_on() -> None:
    interview, _ = start()
    say(interview, "go", "Shop", "", "", "", "nobody", GiveSeveral(("sql",)), "+add", "cart", "full-key")
    standing = interview.screen().status[0].removeprefix("Data store: ").partition(" (before")[0]
    assert standing == "leans to Amazon DynamoDB; 1 answer could still change it"
    say(interview, Jump(), "part/access_patterns")
    assert interview.screen().rows[0].meaning == "leans to Amazon DynamoDB; 1 question to go"
    say(interview, "0", "edit", "full-key", Unknown())
    assert interview.screen().rows[0].meaning == "leans to Amazon DynamoDB; 1 answer could still change it, noted as unknown"
    say(interview, "+done", "+none", "+none", "+none", "+end")
    assert interview.screen().rows[1].meaning == "Amazon DynamoDB (leaning)"


def test_going_somewhere_begins_where_one_is_and_counts_parts_as_the_questions_do() -> None:
    interview, _ = start()
    say(interview, "go", "Shop", "", "", "", "nobody", GiveSeveral(("sql",)), "+add", "cart", "full-key", Jump())
    screen = interview.screen()
    assert screen.value == "entry/access_patterns/0"
    rows = {r.value: (r.label, r.meaning) for r in screen.rows}
    assert rows["part/access_patterns"] == ("Access patterns", "part 2; 1 to answer")
    assert rows["part/links"] == ("What uses what", "part 6")
    assert list(rows)[-5:] == ["more", "proposals", "sign_offs", "review", "verdicts"]
    for place in ("more", "proposals", "sign_offs", "review", "verdicts"):
        say(interview, place)
        assert interview.current == (place,)
        say(interview, Jump())
        assert interview.screen().value == place
    say(interview, "more")
    assert interview.screen().ask == "1 question could still change a choice. What next?"
    say(interview, "+left")
    assert asks(interview) == "How large is the largest record?"


def test_links_asked_at_the_end_are_a_part_of_their_own_and_say_so() -> None:
    interview, _ = start()
    say(interview, "go", "Shop", "", "", "", "nobody", GiveSeveral(("sql",)), "+add", "cart", "full-key", "12 KB", "+done")
    say(interview, "+add", "API", "request", "200 ms", "+done", "+none", "+none")
    screen = interview.screen()
    assert (screen.ask, screen.title) == ("Which components use it?", "What uses what, access pattern 1 of 1: cart")
    assert screen.progress == "part 6 of 8, the last one here"


def test_a_new_name_leads_back_to_the_list() -> None:
    interview, _ = start()
    say(interview, "go", "Shop", "", "", "", "nobody", GiveSeveral(("sql",)), "+add", "cart", Jump(), "part/access_patterns")
    say(interview, "0", "name", "basket")
    assert asks(interview) == "Access patterns: 1 so far"
