"""Sign-offs in the wizard: how each one of the file stands, what a change does to them, and the form."""

from __future__ import annotations

import pytest
from wizard_small import asks, say, small, start

from wa_advisor.answers import parse_answers
from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.plain import run_plain
from wa_advisor.wizard.rich.keys import Keys
from wa_advisor.wizard.rich.state import State, fresh
from wa_advisor.wizard.screen import Away, GiveForm, GiveSeveral, Jump, Screen

TODAY = "2026-11-24"
LEDGER = """\
answers: 1
ruleset: small
workload: {name: Shop, operations: nobody, skills: [sql]}
access_patterns:
  - {name: ledger, lookup: any-fields, combines: yes, item_size: 3 KB}
  - {name: cart, lookup: full-key, item_size: 3 KB}
components: []
interfaces: []
hand_overs: []
lens: {REL01: {practices: []}}
"""
SIGNED = """\
sign_offs:
  - {decision: data_store, item: ledger, choice: aurora-postgresql, approver: ann, date: 2026-11-20, reason: sums, expires: 2027-11-20}
"""
ACCEPTED = "sign_offs:\n  - {lens: REL01, risk: HIGH, approver: ben, date: 2026-11-20, reason: a pilot}\n"


def at_sign_offs(text: str, today: str = TODAY):
    interview, kept = start(text, today)
    interview.current = ("sign_offs",)
    return interview, kept


def rows(interview: Interview) -> dict[str, tuple[str, str]]:
    return {r.value: (r.label, r.meaning) for r in interview.screen().rows}


# -- what a change does to them ------------------------------------------------------------------------------


def test_an_answer_that_changes_the_choice_says_that_the_sign_off_no_longer_fits():
    interview, _ = start(LEDGER + SIGNED, TODAY)
    say(interview, Jump(), "review", "item/access_patterns/0/lookup", "full-key")
    assert "The sign-off of ann for Amazon Aurora PostgreSQL at ledger no longer fits: the choice is Amazon DynamoDB now." in (
        " ".join(interview.screen().notices)
    )
    say(interview, Jump(), "review", "item/access_patterns/0/lookup", "any-fields")
    assert "The sign-off of ann for Amazon Aurora PostgreSQL at ledger holds again." in " ".join(interview.screen().notices)


def test_a_proposal_that_changes_the_choice_says_so_too():
    interview, _ = start(LEDGER + SIGNED, TODAY)
    interview.current = ("proposals",)
    say(interview, "0", "s3")
    assert interview.screen().notices == (
        "The sign-off of ann for Amazon Aurora PostgreSQL at ledger no longer fits: the team proposes Amazon S3 now.",
    )


def test_practices_that_take_an_accepted_risk_away_say_that_it_is_not_needed():
    interview, _ = start(LEDGER + ACCEPTED, TODAY)
    say(interview, Jump(), "review", "lens/REL01", GiveSeveral(("REL01-BP01", "REL01-BP02")))
    assert interview.screen().notices == (
        "The acceptance by ben of the high risk REL01 is not needed: the risk is not there now. "
        '"How do you absorb more callers than planned?" comes to: no risk.',
    )


def test_an_answer_that_changes_nothing_says_nothing():
    interview, _ = start(LEDGER + SIGNED, TODAY)
    say(interview, Jump(), "review", "item/access_patterns/0/item_size", "4 KB")
    assert interview.screen().notices == ()


# -- the page --------------------------------------------------------------------------------------------------


def test_a_sign_off_that_no_longer_fits_is_a_row_and_can_be_kept_changed_or_taken_out():
    text = LEDGER.replace("any-fields, combines: yes", "full-key") + SIGNED
    interview, kept = at_sign_offs(text)
    assert asks(interview) == "No choice needs a sign-off"
    label, meaning = rows(interview)["given/0"]
    assert label == "ledger: Amazon Aurora PostgreSQL"
    assert meaning == "no longer fits: the choice is Amazon DynamoDB now; signed by ann on 2026-11-20"
    say(interview, "given/0")
    assert asks(interview) == (
        "The sign-off of ann for Amazon Aurora PostgreSQL at ledger no longer fits: the choice is Amazon DynamoDB now."
    )
    assert interview.screen().body == ("From 2026-11-20 until 2027-11-20: sums",)
    say(interview, "keep")
    assert interview.current == ("sign_offs",) and kept.text == text
    say(interview, "given/0", "change", GiveForm(("cto", "2026-11-21", "more sums", "")))
    assert "approver: cto" in kept.text and "expires" not in kept.text
    say(interview, "given/0", "out")
    assert "sign_offs: []" in kept.text and "given/0" not in rows(interview)
    assert interview.screen().notices == ("Taken out: the sign-off of cto for Amazon Aurora PostgreSQL at ledger.",)


def test_what_goes_with_a_sign_off_is_told_before_it_is_taken_out():
    text = LEDGER + "sign_offs:\n  # agreed in the board\n" + SIGNED.removeprefix("sign_offs:\n")
    interview, _ = at_sign_offs(text)
    say(interview, "0")
    assert interview.screen().rows[2].meaning == "1 comment of the file beside it goes with it"
    say(interview, "out")
    assert asks(interview) == "1 choice needs a named person's acceptance"


def test_one_that_has_expired_is_told_by_the_day():
    assert rows(at_sign_offs(LEDGER + SIGNED, "2027-11-20")[0])["0"][1] == "expired on 2027-11-20: signed by ann on 2026-11-20"
    assert rows(at_sign_offs(LEDGER + SIGNED, "2026-11-19")[0])["0"][1] == "signed by ann, but only from 2026-11-20"
    assert rows(at_sign_offs(LEDGER + SIGNED)[0])["0"][1] == "signed by ann on 2026-11-20, until 2027-11-20"


def test_an_accepted_risk_that_is_gone_is_not_needed():
    interview, _ = at_sign_offs(LEDGER.replace("practices: []", "practices: [REL01-BP01, REL01-BP02]") + ACCEPTED)
    assert rows(interview)["given/0"] == (
        "REL01: high risk",
        "is not needed: the risk is not there now; signed by ben on 2026-11-20",
    )


def test_any_choice_can_be_signed_and_the_page_promises_no_more_than_it_has():
    interview, kept = at_sign_offs(LEDGER)
    label, meaning = rows(interview)["+other"]
    assert (label, meaning) == ("Sign another choice ...", "1 choice without a sign-off that no rule asks one for")
    say(interview, "+other")
    assert [(r.label, r.meaning) for r in interview.screen().rows] == [
        ("cart", "Amazon DynamoDB (decided)"),
        ("None of them", ""),
    ]
    say(interview, "0", GiveForm(("cto", TODAY, "as agreed", "")))
    assert parse_answers(kept.text, "x", small()).sign_offs[0].choice == "dynamodb"
    assert rows(interview)["given/0"][1] == f"is not needed: Amazon DynamoDB needs no sign-off; signed by cto on {TODAY}"
    assert "+other" not in rows(interview)


def test_a_file_without_choices_has_nothing_to_sign_and_says_so():
    interview, _ = at_sign_offs("answers: 1\nruleset: small\nworkload: {name: Shop}\n")
    assert (asks(interview), len(interview.screen().rows)) == ("No choice needs a sign-off", 1)
    assert interview.screen().help == "Nothing is chosen and no risk is known yet, so there is nothing to sign. Go on."


def test_a_risk_of_a_rule_can_be_accepted_too():
    text = LEDGER.replace("hand_overs: []", "hand_overs:\n  - {name: paid, payload: 300 KB}")
    interview, kept = at_sign_offs(text)
    value = next(v for v, (label, _) in rows(interview).items() if label == "paid: A large message")
    say(interview, value)
    assert asks(interview) == "Who accepts the high risk of large-message at paid?"
    say(interview, GiveForm(("cto", TODAY, "split in spring", "")))
    assert [(s.lens, s.item, s.risk) for s in parse_answers(kept.text, "x", small()).sign_offs] == [
        ("large-message", "paid", "HIGH")
    ]
    assert rows(interview)[value][1] == f"high risk; accepted by cto on {TODAY}"


# -- the form --------------------------------------------------------------------------------------------------

WRONG_FIELDS = [
    ((" ",), "write who accepts it: a person or a role"),
    (("ann", "2026-13-40"), '"2026-13-40" is no day: write it as 2026-11-20'),
    (("ann", "20261120"), '"20261120" is no day: write it as 2026-11-20'),
    (("ann", "2026-11-24", ""), "write in a few words why"),
    (("ann", "2026-11-24", "sums", "soon"), '"soon" is no day: write it as 2027-11-20'),
    (("ann", "2026-11-24", "sums", "2026-11-24"),
     "it would end on 2026-11-24, before it has begun on 2026-11-24: write a later day, or none"),
    (("ann", "2026-11-24", "sums", ""), ""),
    (("ann", ""), ""),
]  # fmt: skip


@pytest.mark.parametrize(("values", "message"), WRONG_FIELDS)
def test_each_line_of_the_form_is_looked_at_when_it_is_left(values, message):
    interview, _ = at_sign_offs(LEDGER)
    say(interview, "0")
    assert interview.wrong_field(values) == message


def test_today_is_suggested_and_an_empty_day_means_it():
    interview, kept = at_sign_offs(LEDGER)
    say(interview, "0")
    assert [(f.value, f.example) for f in interview.screen().fields][:3] == [
        ("head of architecture", "head of architecture"), (TODAY, "2026-11-20"), ("", "transfers between two accounts, with a running balance"),
    ]  # fmt: skip
    say(interview, GiveForm(("ann", "", "sums", "")))
    assert f"date: {TODAY}" in kept.text


def test_the_example_of_a_reason_for_a_risk_fits_a_risk():
    interview, _ = at_sign_offs(LEDGER)
    say(interview, "risk/REL01/HIGH")
    assert interview.screen().fields[2].example == "a pilot for one team; it is done before the second one comes"


class Line:
    """A face of which only the line is real."""

    def __init__(self, interview: Interview) -> None:
        self.state: State = fresh(interview.screen())
        self.line = self.state.screen.fields[0].value if self.state.screen.fields else ""

    def fill(self, text: str | None = None) -> None:
        done = len(self.state.values)
        fields = self.state.screen.fields
        self.line = text if text is not None else fields[done].value if done < len(fields) else ""

    def show(self, state: State) -> None:
        self.state = state


def test_a_wrong_day_is_told_at_its_line_and_nothing_before_it_is_lost():
    interview, kept = at_sign_offs(LEDGER)
    say(interview, "0")
    face = Line(interview)
    keys = Keys(interview, face)
    face.line = "ann"
    keys.enter()
    assert face.line == TODAY
    face.line = "2026-13-40"
    keys.enter()
    assert (face.state.note, face.state.values) == ('"2026-13-40" is no day: write it as 2026-11-20', ["ann"])
    assert face.line == "2026-13-40"
    face.line = ""
    keys.enter()
    assert (face.state.note, face.state.values) == ("", ["ann", TODAY])
    face.line = "sums"
    keys.enter()
    keys.enter()
    assert "approver: ann" in kept.text


def test_what_was_typed_in_the_form_is_there_again_when_it_could_not_be_saved():
    interview, kept = at_sign_offs(LEDGER)
    say(interview, "0")
    kept.fail = "not saved (No space left on device)"
    say(interview, GiveForm(("ann", "2026-11-20", "sums", "2027-01-01")))
    assert interview.screen().problem == kept.fail
    assert [f.value for f in interview.screen().fields] == ["ann", "2026-11-20", "sums", "2027-01-01"]
    kept.fail = ""
    kept.other = LEDGER + "# from an editor\n"
    say(interview, GiveForm(("ann", "2026-11-20", "sums", "2027-01-01")))
    assert [f.value for f in interview.screen().fields] == ["ann", "2026-11-20", "sums", "2027-01-01"]
    say(interview, GiveForm(("ann", "2026-11-20", "sums", "2027-01-01")))
    assert "approver: ann" in kept.text and "# from an editor" in kept.text


def test_picks_and_reasons_are_there_again_when_they_could_not_be_saved():
    interview, kept = start(LEDGER, TODAY)
    say(interview, Jump(), "review", "lens/REL01")
    kept.fail = "not saved (No space left on device)"
    say(interview, GiveSeveral(("REL01-BP01",), (), (("REL01-BP02", "nothing waits"),)))
    assert [(r.state, r.reason) for r in interview.screen().rows] == [("on", ""), ("away", "nothing waits")]
    assert fresh(interview.screen()).reasons == {"REL01-BP02": "nothing waits"}
    say(interview, Away("batch only"))
    assert interview.screen().reason == "batch only"
    kept.fail = ""
    say(interview, Away("batch only"))
    assert "REL01: {not_applicable: batch only}" in kept.text
    say(interview, "lens/REL01")
    assert [r.state for r in interview.screen().rows] == ["", ""]


def plain(interview: Interview, *lines: str) -> str:
    said: list[str] = []
    given = iter(lines)
    with pytest.raises(KeyboardInterrupt):
        run_plain(interview, lambda: next(given, "quit"), said.append)
    return "".join(said)


def test_the_plain_form_looks_at_each_line_too():
    interview, kept = at_sign_offs(LEDGER)
    text = plain(interview, "2", "ann", "2026-13-40", "", "sums", "2026-01-01", "")
    assert f"On which day [{TODAY}]: " in text
    assert '  ! "2026-13-40" is no day: write it as 2026-11-20\n' in text
    assert "  ! it would end on 2026-01-01, before it has begun on 2026-11-24: write a later day, or none\n" in text
    assert f"approver: ann\n    date: {TODAY}\n    reason: sums\n" in kept.text
    assert "`date`" not in text


def test_an_end_is_taken_away_in_the_plain_form():
    interview, kept = at_sign_offs(LEDGER + SIGNED)
    text = plain(interview, "2", "2", "", "", "", "none")
    assert "[2027-11-20] (none: no end): " in text
    assert "expires" not in kept.text and "approver: ann" in kept.text


def test_a_form_is_a_form_of_these_lines_only():
    interview, _ = at_sign_offs(LEDGER)
    say(interview, "0")
    screen: Screen = interview.screen()
    assert [f.key for f in screen.fields] == ["approver", "date", "reason", "expires"]


@pytest.mark.parametrize("steps", [("0",), ("0", "change"), ("+other",), ("risk/REL01/HIGH",)])
def test_from_every_page_of_theirs_the_list_of_parts_comes_up_on_the_sign_offs(steps):
    interview, _ = at_sign_offs(LEDGER + SIGNED)
    say(interview, *steps, Jump())
    assert fresh(interview.screen()).row().label == "Sign-offs"
