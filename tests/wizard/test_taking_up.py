"""Taking a file up again: where it goes on, what is not asked twice, and the way back."""

from __future__ import annotations

import pytest
from wizard_small import asks, say, start

from wa_advisor.wizard.screen import Back, GiveSeveral, Jump, Unknown
from wa_advisor.wizard.summary import place_label

BEGIN = ("go", "Shop", "me", "design", "words", "nobody", GiveSeveral(("sql",)))
WAYS = {
    "in the middle of an entry": ("+add", "cart", "any-fields"),
    "with something left open before it": ("+add", "cart", "+add", "orders", "any-fields"),
    "in the second list": ("+add", "cart", "full-key", "12 KB", "+done", "+add", "API"),
    "at the lens": ("+none", "+none", "+none", "+none", "+lens"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_file_is_taken_up_at_the_question_where_it_was_left(way) -> None:
    interview, kept = start()
    say(interview, *BEGIN)
    for reply in way:
        say(interview, *([Jump(), "part/access_patterns", reply] if reply == "+add" else [reply]))
    left = interview.current
    again, _ = start(kept.text)
    opening = again.screen()
    say(again, "go")
    assert again.current == (("more",) if left[0] == "lens" else left)  # the lens stands behind it
    assert opening.rows[0].meaning == place_label(again.work, again.current)


def test_a_list_that_was_said_to_be_empty_is_not_asked_for_again() -> None:
    interview, kept = start()
    say(interview, *BEGIN, "+none", "+none", "+none", "+none")
    assert interview.current == ("more",)
    again, _ = start(kept.text)
    assert again.screen().rows[0].meaning == "Where it stands"
    say(again, "go")
    assert again.current == ("more",)
    say(again, Jump(), "part/hand_overs")
    assert (asks(again), again.screen().value) == ("Hand-overs: none, as you said", "+none")


def test_back_leads_through_what_was_answered_in_an_earlier_run() -> None:
    interview, kept = start()
    say(interview, *BEGIN, "+add", "cart", "full-key")
    again, _ = start(kept.text)
    say(again, "go")
    assert asks(again) == "How large is the largest record?"
    seen = []
    for _ in range(4):
        say(again, Back())
        seen.append(again.current[-1])
    assert seen == ["lookup", "skills", "operations", "description"]
    say(again, "words")
    assert again.current[-1] == "operations"


def test_every_answer_counts_texts_links_and_what_is_not_known_too() -> None:
    interview, kept = start()
    say(interview, "go", "Shop", "", "", "words", Unknown())
    again, _ = start(kept.text)
    assert "has 3 answers so far;" in again.screen().body[0]
