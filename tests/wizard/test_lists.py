"""The lists: where the cursor stands, ways into one entry and out of it, and what a removal takes and gives back."""

from __future__ import annotations

import pytest
from wizard_small import asks, say, small, start

from wa_advisor.answers import parse_answers
from wa_advisor.wizard.rich.keys import Keys
from wa_advisor.wizard.rich.state import State, fresh
from wa_advisor.wizard.screen import Act, Back, Jump

FILE = """\
answers: 1
ruleset: small
workload: {name: Shop, operations: nobody, skills: [sql]}
access_patterns:
  # the cart
  - name: cart
    lookup: full-key   # always
    used_by: [API]
  - {name: orders, lookup: any-fields, combines: yes, item_size: 3 KB, used_by: [API, export]}
  - {name: stock}
components:
  - {name: API, duration: 40 ms}
  - {name: export}
interfaces: []
hand_overs: []
sign_offs:
  - {decision: data_store, item: orders, choice: aurora-postgresql, approver: head, date: 2026-11-20, reason: sums}
"""


def at_list(group: str = "access_patterns", text: str = FILE):
    interview, kept = start(text)
    say(interview, Jump(), f"part/{group}")
    return interview, kept


def names(interview, group: str = "access_patterns") -> list[str]:
    return [i.name for i in interview.work.answers.items(group)]


def here(interview) -> str:
    """The row on which the cursor comes up."""
    row = fresh(interview.screen()).row()
    return row.label if row is not None else ""


class Face:
    line = ""

    def __init__(self, state: State) -> None:
        self.state = state

    def fill(self, text: str | None = None) -> None: ...

    def show(self, state: State) -> None:
        self.state = state


def test_plus_twice_moves_twice():
    interview, _ = at_list()
    face = Face(fresh(interview.screen()))
    face.state.cursor = 0
    keys = Keys(interview, face)
    keys.act("down", "+")
    keys.act("down", "+")
    assert names(interview) == ["orders", "stock", "cart"]
    keys.act("down", "+")
    assert names(interview) == ["orders", "stock", "cart"] and face.state.row().label == "cart"
    keys.act("up", "-")
    assert names(interview) == ["orders", "cart", "stock"] and face.state.row().label == "cart"


def test_the_cursor_is_on_the_copy_when_it_is_made():
    interview, _ = at_list()
    say(interview, Act("duplicate", "1"), "orders by day")
    say(interview, "any-fields", "yes", "3 KB")
    assert asks(interview) == "Access patterns: 4 so far" and here(interview) == "orders by day"


def test_a_new_name_leads_back_to_the_list_and_its_entry():
    interview, _ = at_list()
    say(interview, "0", "name", "basket")
    assert asks(interview) == "Access patterns: 3 so far" and here(interview) == "basket"
    say(interview, "2", "name", "stock")
    assert asks(interview) == "Access patterns: 3 so far" and here(interview) == "stock"


def test_back_from_the_first_question_of_an_entry_leads_to_its_name():
    interview, kept = at_list()
    say(interview, "+add", "prices")
    assert asks(interview) == "How is the data found?"
    say(interview, Back())
    assert (asks(interview), interview.screen().value) == ("What is this access pattern called?", "prices")
    say(interview, "price list")
    assert asks(interview) == "How is the data found?" and "name: price list" in kept.text
    say(interview, Back(), Back())
    assert asks(interview) == "Access patterns: 4 so far"


@pytest.mark.parametrize("name", ["Cart", "CART", "c art", "cart"])
def test_a_name_that_differs_by_capitals_or_blanks_alone_is_refused(name: str):
    interview, _ = at_list()
    say(interview, "+add", name)
    assert interview.problem == (
        '"cart" is in the list already: give another name'
        if name == "cart"
        else f'"cart" is in the list already, and differs from "{name}" by capitals or blanks alone: give another name'
    )
    say(interview, Back(), "2", "name", name)
    assert interview.problem.startswith('"cart" is in the list already')
    assert "stock" in names(interview)


def test_an_entry_may_change_its_own_capitals():
    interview, _ = at_list()
    say(interview, "0", "name", "Cart")
    assert names(interview)[0] == "Cart"


def test_what_is_still_open_is_answered_by_itself():
    interview, _ = at_list()
    say(interview, "2")
    assert interview.screen().rows[0].label == "Answer what is still open (2)"
    say(interview, "open")
    assert asks(interview) == "How is the data found?"
    say(interview, "full-key", "3 KB")
    assert asks(interview) == "Access patterns: 3 so far" and here(interview) == "stock"
    say(interview, "2")
    assert [r.value for r in interview.screen().rows][:2] == ["one", "edit"]


def test_one_answer_is_changed_by_itself():
    interview, kept = at_list()
    say(interview, "1", "one")
    assert [(r.label, r.meaning) for r in interview.screen().rows][:2] == [
        ("How is the data found?", "any-fields"),
        ("Do requests combine several kinds of record?", "yes"),
    ]
    say(interview, "item_size", "4 KB")
    assert asks(interview) == "Access patterns: 3 so far" and here(interview) == "orders"
    assert "item_size: 4 KB" in kept.text
    say(interview, "2", "one", "lookup", "any-fields")
    assert asks(interview) == "Do requests combine several kinds of record?"  # it has come up by this answer
    say(interview, "no")
    assert asks(interview) == "Access patterns: 3 so far"
    say(interview, "2", "one", "+done")
    assert asks(interview) == "Access patterns: 3 so far"


GOES = [
    ("access_patterns", 0, "Its 2 answers and 2 comments of the file beside it go with it."),
    ("access_patterns", 1, "Its 4 answers go with it. Its sign-off goes too."),
    ("access_patterns", 2, "It has no answers."),
    ("components", 0, "Its 1 answer goes with it. The mentions of it in cart, orders go too; those entries stay."),
    ("components", 1, "It has no answers. The mention of it in orders goes too; that entry stays."),
]


@pytest.mark.parametrize(("group", "index", "said"), GOES)
def test_what_a_removal_takes_is_told_and_it_can_be_undone_once(group: str, index: int, said: str):
    interview, kept = at_list(group)
    name = names(interview, group)[index]
    say(interview, f"{index}", "remove")
    assert interview.screen().help == f"{said} It can be put back right after."
    say(interview, "yes")
    assert name not in names(interview, group)
    row = next(r for r in interview.screen().rows if r.value == "+undo")
    assert row.label == f'Put "{name}" back'
    say(interview, "+undo")
    assert kept.text == FILE and here(interview) == name
    assert "+undo" not in [r.value for r in interview.screen().rows]


def test_only_what_was_just_removed_is_put_back():
    interview, _ = at_list()
    say(interview, "2", "remove", "yes", "0", "name", "basket")
    assert "+undo" not in [r.value for r in interview.screen().rows]
    say(interview, "+undo")
    assert interview.problem == "choose one of the lines" or interview.problem == "there is nothing to put back"
    assert names(interview) == ["basket", "orders"]


def test_a_removal_that_could_not_be_saved_leaves_nothing_to_undo():
    interview, kept = at_list()
    kept.fail = "not saved"
    say(interview, "2", "remove", "yes")
    assert interview.problem == "not saved" and "stock" in names(interview)
    kept.fail = ""
    say(interview, "no", "2", "name", "stocks")
    assert "+undo" not in [r.value for r in interview.screen().rows]


def test_a_sign_off_of_a_risk_follows_its_entry():
    text = FILE.replace("hand_overs: []", "hand_overs:\n  - {name: paid, payload: 300 KB}") + (
        "  - {lens: large-message, item: paid, risk: HIGH, approver: cto, date: 2026-11-20, reason: soon}\n"
    )
    interview, kept = at_list("hand_overs", text)
    say(interview, "0", "name", "order paid")
    assert parse_answers(kept.text, "x", small()).sign_offs[1].item == "order paid"
    say(interview, "0", "remove")
    assert "Its sign-off goes too." in interview.screen().help
    say(interview, "yes")
    assert [s.lens for s in parse_answers(kept.text, "x", small()).sign_offs] == [""]


def test_removing_the_last_entry_says_nothing_that_nobody_said():
    interview, kept = start(
        "answers: 1\nworkload: {name: Shop}\naccess_patterns:\n  - {name: cart, used_by: [API]}\ncomponents:\n  - name: API\n"
        "hand_overs:\n  - name: sold\n    from: API\n    to: [API, mail]\n"
    )
    say(interview, "jump", "part/components", "0", "remove", "yes")
    assert asks(interview) == "Components: none listed yet"
    assert kept.text == (
        "answers: 1\nworkload: {name: Shop}\naccess_patterns:\n  - {name: cart}\nhand_overs:\n  - name: sold\n    to: [mail]\n"
    )
