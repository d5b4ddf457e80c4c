"""What the interview tells: leanings while one answers, why a question is asked, what is left open and why."""

from __future__ import annotations

import pytest
from test_interview import BEGIN, ONE_PATTERN, TO_THE_END
from wizard_small import asks, say, small, start

from wa_advisor.answers import parse_answers
from wa_advisor.wizard.screen import Away, Back, GiveSeveral, Jump, Unknown
from wa_advisor.wizard.suggest import suggested_name


def test_the_status_line_says_what_each_answer_leads_to_and_how_many_could_still_change_it():
    interview, _ = start()
    say(interview, "go", "Shop", "", "", "")
    assert interview.screen().status == ("It goes into: Data store.",)
    say(interview, "nobody", GiveSeveral(("sql",)), "+add", "cart")
    assert interview.screen().status == (
        "Class: key-value or single-table or relational",
        "Data store: leans to Amazon Aurora PostgreSQL; 3 answers could still change it",
    )
    say(interview, "full-key")
    assert interview.screen().status == (
        "Data store: leans to Amazon DynamoDB; 1 answer could still change it (before: Amazon Aurora PostgreSQL)",
        "Because: It is built for keys.",
    )
    say(interview, "12 KB")
    assert asks(interview) == "Access patterns: 1 so far"
    assert interview.screen().status == ("Data store: Amazon DynamoDB; decided",)
    assert interview.screen().rows[0].meaning == "Amazon DynamoDB; decided"
    say(interview, Back(), "3 MB")
    assert interview.screen().status == (
        "Data store: Amazon S3; decided (before: Amazon DynamoDB)",
        "Because: An item cannot be larger.",
    )
    say(interview, Back(), Unknown())
    assert interview.screen().status == (
        "Data store: leans to Amazon DynamoDB; 1 answer could still change it, noted as unknown (before: Amazon S3)",
        "No longer: An item cannot be larger.",
    )


def test_a_workload_question_says_what_it_does_over_all_entries():
    interview, _ = start()
    say(interview, *ONE_PATTERN, Jump(), "part/workload", "", "", "", "")
    say(interview, Jump(), "review", "workload/operations")
    assert interview.screen().status == ("Data store of cart by owner: Amazon DynamoDB; decided",)


def test_a_workload_question_says_over_several_entries_how_many_answers_could_still_change_the_rest():
    interview, _ = start()
    say(interview, *ONE_PATTERN, "+add", "orders", "any-fields", "no", "2 KB", "+add", "left open", Unknown())
    say(interview, Jump(), "review", "workload/operations")
    assert interview.screen().status == (
        "Data store of 3: 2 Amazon DynamoDB, 1 Amazon Aurora PostgreSQL; 2 decided, 3 answers could still change the rest",
    )


def test_a_lens_question_says_what_risk_its_answer_comes_to():
    interview, _ = start()
    say(interview, *ONE_PATTERN, *TO_THE_END[:7])
    assert interview.screen().status == ("Risk as answered: not answered yet, which leaves it open in the report",)
    say(interview, GiveSeveral((), ("REL01-BP02",)))
    assert interview.screen().notices == (
        '"How do you absorb more callers than planned?" comes to: high risk; 1 not done, 1 not known.',
    )
    say(interview, Back())
    assert interview.screen().status == ("Risk as answered: high risk; 1 not done, 1 not known",)
    say(interview, GiveSeveral(("REL01-BP01", "REL01-BP02")))
    assert interview.screen().notices == ('"How do you absorb more callers than planned?" comes to: no risk.',)


def test_why_has_the_help_the_leaning_now_and_what_each_answer_leads_to_by_which_reason():
    interview, _ = start()
    say(interview, *BEGIN, "+add", "cart")
    why = interview.why()
    assert why.heading == "Access pattern 1 of 1: cart. How is the data found?"
    text = "\n".join(why.lines)
    for part in (
        "The one thing a request knows before it asks.",
        "Now:\n- Class: key-value or single-table or relational\n- Data store: leans to Amazon Aurora PostgreSQL",
        "- Class: key-value with full-key\n- Class: single-table or relational with any-fields\n"
        "- Data store: Amazon DynamoDB with full-key\n- Data store: Amazon Aurora PostgreSQL with any-fields\n"
        "  for Amazon DynamoDB (strong), with full-key: It is built for keys.",
        "- Class: 2 rules; Data store leans on it",
        "In the answers file it is `lookup`",
    ):
        assert part in text
    say(interview, "full-key")
    text = "\n".join(interview.why().lines)
    for part in (
        "- Data store: Amazon DynamoDB with at most 400 KB\n",
        "- Data store: Amazon S3 with above 1 MB\n",
        "  rules out Amazon DynamoDB: An item cannot be larger.\n",
    ):
        assert part in text
    say(interview, "12 KB", *TO_THE_END[:5])
    assert "With this answer, all else as it is:" not in interview.why().lines
    assert "- risks: A busy pattern" in interview.why().lines
    assert interview.screen().status == ("No choice depends on it now. It goes into risks.",)


def test_what_why_says_of_each_answer_is_what_the_answer_leads_to():
    for answer, store in (("full-key", "Amazon DynamoDB"), ("any-fields", "Amazon Aurora PostgreSQL")):
        interview, _ = start()
        say(interview, *BEGIN, "+add", "cart")
        assert f"- Data store: {store} with {answer}" in interview.why().lines
        say(interview, answer)
        assert store in interview.screen().status[-2 if "Because" in interview.screen().status[-1] else -1]


def test_every_page_says_what_it_is_for():
    interview, _ = start()
    seen = set()
    for reply in (None, *ONE_PATTERN, Jump(), "review", "+finish", "review", Jump(), "more", Jump(), "proposals", "0"):
        if reply is not None:
            say(interview, reply)
        screen = interview.screen()
        assert screen.has_why
        if screen.kind == "menu":
            seen.add(interview.why().lines)
            assert interview.why().lines[0] != "Choose a line, or go back.", screen.place
    assert len(seen) == 7


def test_unknown_says_what_stays_open_or_that_nothing_does():
    interview, _ = start()
    say(interview, *BEGIN, "+add", "cart", "full-key", Unknown())
    assert interview.screen().notices == ('"How large is the largest record?" is noted as unknown. It leaves open: Data store.',)
    say(interview, "+done", "+none", "+none", "+none", "+sharpen", Unknown())
    assert interview.screen().notices == (
        '"How many requests come at the peak?" is noted as unknown. What is known settles the rest without it.',
    )
    assert interview.screen().body == ("1 answer noted as unknown could: the review lists it.",)


def test_what_no_choice_hangs_on_can_be_left_and_is_named_at_the_end():
    interview, kept = start()
    say(interview, *ONE_PATTERN, *TO_THE_END[:4])
    assert [(r.value, r.label, r.meaning) for r in interview.screen().rows] == [
        ("+sharpen", "Answer 1 more question", "they feed risks and change no choice"),
        ("+lens", "Go through the Well-Architected lens", "1 question, 2 practices to tick"),
        ("+end", "Go on to the verdicts", "the rest stays open; the review names it"),
        ("entry/access_patterns/0", "cart by owner", "Amazon DynamoDB; decided"),
    ]
    say(interview, "+end", "+done", "+done")
    rows = {r.value: r.meaning for r in interview.screen().rows}
    assert rows["item/access_patterns/0/peak_rate"] == "open: it feeds risks"
    assert rows["lens/REL01"] == "open"
    assert rows["+skipped"] == "choose it to read which, and why"
    say(interview, "item/access_patterns/0/peak_rate", "2k/s")
    assert "peak_rate: 2k/s" in kept.text and interview.current == ("review",)


@pytest.mark.parametrize(("said", "kept_as"), [("200 ms", "200 ms"), ("15 min", "15 min"), ("0", "0"), ("nothing", "nothing")])
def test_times_and_nothing(said, kept_as):
    interview, kept = start()
    say(interview, *BEGIN, "+none", "+add", "API", said)
    assert interview.problem == "" and f"duration: {kept_as}\n" in kept.text


@pytest.mark.parametrize("said", ["3 GB", "50 MB to 3 GB"])
def test_sizes(said):
    interview, kept = start()
    say(interview, *BEGIN, "+add", "cart", "full-key", said)
    assert f"item_size: {said}\n" in kept.text


@pytest.mark.parametrize("said", ["50/s", "1.5k/s", "about 3 million/day", "2 to 3/min"])
def test_rates(said):
    interview, kept = start()
    say(interview, *ONE_PATTERN, *TO_THE_END[:5], said)
    assert interview.problem == "" and f"peak_rate: {said}\n" in kept.text


def test_a_process_that_a_hand_over_names_is_taken_up_by_picking_it():
    rules_with_processes = (
        "answers: 1\nruleset: small\nworkload: {name: Shop}\nhand_overs:\n  - {name: paid, process: booking}\nprocesses:\n"
    )
    interview, kept = start(rules_with_processes + "  - {name: other}\n")
    say(interview, "jump", "part/processes")
    row = next(r for r in interview.screen().rows if r.label == "booking")
    assert row.meaning == "named by a hand-over: choose it to answer about it"
    say(interview, row.value)
    assert [i.name for i in parse_answers(kept.text, "x", small()).items("processes")] == ["other", "booking"]


SUGGESTIONS = [
    ("access_patterns", "Dispatchers see the last known state of each van.", "see the last known state of each van"),
    ("access_patterns", "It keeps the balances of 700,000 accounts.", "keep the balances of 700000 accounts"),
    ("access_patterns", "Sellers add up to twelve photographs.", "read Shop"),
    ("access_patterns", "Departments ask for new lists every month.", "read Shop"),
    ("access_patterns", "", "read Shop"),
    ("components", "A nightly export writes files.", "nightly export"),
    ("hand_overs", "Statements go out after a movement is booked.", "movement booked"),
    ("interfaces", "Anything at all.", "Shop API"),
]


@pytest.mark.parametrize(("group", "description", "name"), SUGGESTIONS)
def test_a_first_name_is_taken_from_the_words_of_the_description(group, description, name):
    found = suggested_name(group, "Shop", description)
    assert found.name == name
    assert found.of_description == (name not in ("read Shop", "Shop API"))


def test_a_reason_is_needed_on_every_kind_of_question():
    interview, kept = start()
    say(interview, "go", "Shop", "", "", "", Away("no team yet"), Away("no team yet"))
    assert "operations: {not_applicable: no team yet}\n  skills: {not_applicable: no team yet}\n" in kept.text
