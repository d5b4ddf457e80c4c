"""The interview without a terminal: what is asked, ways back, what is kept, and what stands in the file."""

from __future__ import annotations

import pytest
from wizard_small import asks, say, small, start

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.report.render import render_report
from wa_advisor.wizard.screen import Act, Away, Back, Give, GiveForm, GiveSeveral, Jump, Unknown

ABOUT = "The pages read the whole cart on every view."
BEGIN = ("go", "Shop", "shop team", "design", ABOUT, "nobody", GiveSeveral(("sql",)))
ONE_PATTERN = (*BEGIN, "+add", "cart by owner", "full-key", "12 KB")
TO_THE_END = ("+done", "+none", "+none", "+none", "+sharpen", "1.5k/s", "+lens", GiveSeveral(("REL01-BP01",)), "+done", "+done")


def test_a_whole_run_asks_in_order_and_leaves_a_file_that_reads_the_same():
    interview, kept = start()
    seen = [asks(interview)]
    for reply in (*ONE_PATTERN, *TO_THE_END):
        say(interview, reply)
        seen.append(asks(interview))
    assert seen == [
        "Which AWS building blocks fit your workload?", "What is the workload called?", "Who answers for it?",
        "How far along is it?", "What does it do, in a sentence or two?", "Who may look after machines?", "What does the team know well?", "Access patterns: none listed yet",
        "What is the first access pattern called?", "How is the data found?", "How large is the largest record?",
        "Access patterns: 1 so far", "Components: none listed yet", "Interfaces: none listed yet", "Hand-overs: none listed yet",
        "No single question that is left changes a choice. What next?", "How many requests come at the peak?",
        "No single question that is left changes a choice. What next?", "How do you absorb more callers than planned?",
        "Does the team intend something else anywhere?", "No choice needs a sign-off", "All answers. Choose one to change it.",
    ]  # fmt: skip
    say(interview, "+finish", "+write")
    assert interview.over
    assert kept.text.split("workload:\n", 1)[1] == (
        "  name: Shop\n  owner: shop team\n  stage: design\n"
        f"  description: {ABOUT}\n  operations: nobody\n  skills: [sql]\n"
        "access_patterns:\n  - name: cart by owner\n    lookup: full-key\n    item_size: 12 KB\n    peak_rate: 1.5k/s\n"
        "components: []\ninterfaces: []\nhand_overs: []\nlens:\n  REL01: {practices: [REL01-BP01]}\n"
    )
    of_file = evaluate(small(), parse_answers(kept.text, "answers.yaml", small()))
    assert render_report(of_file) == render_report(interview.work.assessment)


def test_back_goes_any_number_of_steps_and_answers_are_found_again_on_the_way_forward():
    interview, kept = start()
    say(interview, *ONE_PATTERN)
    before = kept.text
    say(interview, Back(), Back(), Back())
    assert (asks(interview), interview.screen().value) == ("What is this access pattern called?", "cart by owner")
    say(interview, Back())
    assert asks(interview) == "Access patterns: 1 so far"
    while interview.screen().can_back:
        say(interview, Back())
    assert asks(interview) == "Which AWS building blocks fit your workload?"
    assert kept.text == before
    say(interview, "go")
    for wanted in ("Shop", "shop team", "design", ABOUT, "nobody"):
        assert interview.screen().value == wanted
        say(interview, wanted)
    assert [r.state for r in interview.screen().rows] == ["on", "", ""]
    say(interview, GiveSeveral(("sql",)))
    for wanted in ("full-key", "12 KB"):
        assert interview.screen().value == wanted
        say(interview, wanted)
    assert asks(interview) == "Access patterns: 1 so far"
    assert kept.text == before


def test_a_branch_that_closes_keeps_its_answer_and_opens_with_it_again():
    interview, kept = start()
    say(interview, *BEGIN, "+add", "report", "any-fields")
    assert asks(interview) == "Do requests combine several kinds of record?"
    say(interview, "yes", Back(), Back(), "full-key")
    assert asks(interview) == "How large is the largest record?"
    assert "combines: yes" in kept.text
    say(interview, Back(), "any-fields")
    assert (asks(interview), interview.screen().value) == ("Do requests combine several kinds of record?", "yes")


def test_half_typed_text_is_there_on_coming_back():
    interview, kept = start()
    say(interview, *BEGIN, "+add", "cart", "full-key", Back("12 K"))
    assert "12 K" not in kept.text
    say(interview, "full-key")
    assert interview.screen().value == "12 K"


def test_unknown_and_does_not_apply_stand_in_the_file_and_say_what_they_leave_open():
    interview, kept = start()
    say(interview, *BEGIN, "+add", "cart", Unknown())
    assert interview.screen().notices == ('"How is the data found?" is noted as unknown. It leaves open: Class, Data store.',)
    assert "    lookup: unknown\n" in kept.text
    say(interview, Away("only events"))
    assert "    item_size: {not_applicable: only events}\n" in kept.text
    say(interview, Back())
    assert (interview.screen().state, interview.screen().reason) == ("not_applicable", "only events")
    say(interview, "")
    assert asks(interview) == "Access patterns: 1 so far"
    say(interview, Back(), Away(" "))
    assert interview.problem == "say in a few words why it does not apply"


WRONG = [
    ("400", 'This is 400, but it needs a unit: write "400 KB" or "400 MB"'),
    ("3 s", 'This is a duration ("3 s"), but a size is needed: write for example "12 KB"'),
    ("9 TB", 'This is "9 TB", out of range: write 1 B to 5 TB'),
    ("9 to 2 KB", 'This is "9 to 2 KB", a range from high to low: write the lower end first'),
    ("n/a", "say why it does not apply: choose 'does not apply' and give a reason"),
    ("", "an answer is missing: write one, or say that you don't know"),
]


@pytest.mark.parametrize(("typed", "message"), WRONG)
def test_what_is_no_answer_is_refused_at_the_question_and_kept_to_be_mended(typed, message):
    interview, kept = start()
    say(interview, *BEGIN, "+add", "cart", "full-key")
    before = kept.text
    say(interview, typed)
    screen = interview.screen()
    assert (screen.ask, screen.problem, screen.value) == ("How large is the largest record?", message, typed)
    assert kept.text == before


@pytest.mark.parametrize("typed", ["12 KB", "about 12 KB", "2 to 4 MB", "1GB", "3 kilobytes", "unknown"])
def test_units_are_taken_as_people_type_them(typed):
    interview, kept = start()
    say(interview, *BEGIN, "+add", "cart", "full-key", typed)
    assert f"    item_size: {typed}\n" in kept.text


def test_pasted_control_characters_never_reach_the_file():
    interview, kept = start()
    say(interview, "go", "Sh\x1b[31mop\n# evil: 1\r")
    assert kept.text.endswith('  name: "Sh [31mop # evil: 1"\n')


# -- lists ---------------------------------------------------------------------------------------------


def test_entries_are_added_renamed_copied_moved_and_removed():
    interview, kept = start()
    say(interview, *ONE_PATTERN, "+add", "orders", "any-fields", "no", "2 KB")
    say(interview, Act("duplicate", "0"))
    assert interview.screen().value == "cart by owner copy"
    say(interview, "cart by day", "any-fields", "no", "12 KB")
    assert [r.label for r in interview.screen().rows][:3] == ["cart by owner", "cart by day", "orders"]
    say(interview, Act("up", "2"))
    assert [r.label for r in interview.screen().rows][:3] == ["cart by owner", "orders", "cart by day"]
    say(interview, "2", "remove", "no")
    assert len(interview.work.answers.items("access_patterns")) == 3
    say(interview, "2", "remove")
    assert interview.screen().help == "Its 3 answers go with it. It can be put back right after."
    say(interview, "yes")
    assert [i.name for i in parse_answers(kept.text, "x", small()).items("access_patterns")] == ["cart by owner", "orders"]
    say(interview, "0", "name", "basket")
    assert asks(interview) == "Access patterns: 2 so far"
    say(interview, "0", "edit", "full-key", "13 KB")
    assert asks(interview) == "Access patterns: 2 so far"
    assert "name: basket\n    lookup: full-key\n    item_size: 13 KB" in kept.text


def test_a_name_stands_once_in_its_list():
    interview, _ = start()
    say(interview, *ONE_PATTERN, "+add", "cart by owner")
    assert interview.problem == '"cart by owner" is in the list already: give another name'


def test_the_first_name_is_suggested_and_never_taken_silently():
    interview, kept = start()
    say(interview, *BEGIN, "+add")
    assert (interview.screen().suggestion, interview.screen().value) == ("read the whole cart", "")
    assert "The name is a suggestion from your description: change it." in interview.screen().help
    assert "name: read the whole cart" not in kept.text
    say(interview, "")
    assert interview.problem == "a name is missing: write one"


def test_links_are_picked_and_follow_a_new_name():
    interview, kept = start()
    say(interview, *ONE_PATTERN, "+done", "+add", "API", "40 ms", "+done", "+add", "public")
    assert [r.value for r in interview.screen().rows] == ["API"]
    say(
        interview,
        GiveSeveral(("API",)),
        "browsers",
        "+done",
        "+add",
        "cart left",
        "API",
        GiveSeveral(("API", "mailing")),
        "-",
        "2 KB",
        "+done",
    )
    assert asks(interview) == "Which components use it?"
    say(interview, GiveSeveral(("API",)))
    for line in ("served_by: [API]", "from: API", "to: [API, mailing]", "process: []", "used_by: [API]"):
        assert line in kept.text
    say(interview, Jump(), "part/components", "0", "name", "handlers")
    for line in ("served_by: [handlers]", "from: handlers", "to: [handlers, mailing]", "used_by: [handlers]"):
        assert line in kept.text
    say(interview, Jump(), "part/components", "0", "remove")
    assert interview.screen().help == (
        "Its 1 answer goes with it. The mentions of it in cart by owner, public, cart left go too; those entries stay. "
        "It can be put back right after."
    )
    say(interview, "yes")
    assert not interview.work.document.troubles
    assert "to: [mailing]" in kept.text or "to: mailing" in kept.text


def test_a_link_may_be_unknown_or_not_apply_and_stays_answered():
    interview, kept = start()
    say(interview, *ONE_PATTERN, "+done", "+add", "API", "request", "200 ms", "+done", "+none", "+add", "cart left")
    assert asks(interview) == "Where does it come from?"
    say(interview, Unknown())
    assert interview.screen().notices == (
        '"Where does it come from?" is noted as unknown. It leaves open: what a component sends, and an arrow of the picture.',
    )
    say(interview, Away("nobody listens yet"), Unknown(), "2 KB")
    assert "from: unknown\n    to: {not_applicable: nobody listens yet}\n    process: unknown\n" in kept.text
    item = interview.work.item("hand_overs", 0)
    assert (dict(item.links), item.link_answers["to"].reason) == ({"to": ()}, "nobody listens yet")
    say(interview, Jump(), "entry/hand_overs/0")
    assert (asks(interview), interview.screen().state) == ("Where does it come from?", "unknown")


def test_texts_about_the_workload_may_be_left_for_later():
    interview, kept = start()
    say(interview, "go", Unknown(), Unknown(), "design")
    assert interview.screen().ask == "What does it do, in a sentence or two?"
    assert "name: unnamed\n" in kept.text and "owner" not in kept.text
    say(interview, Back(), Unknown())
    assert "stage" not in kept.text


# -- lens, proposals, sign-offs ------------------------------------------------------------------------


def test_nothing_picked_is_asked_once_more():
    interview, kept = start()
    say(interview, *BEGIN[:-1], GiveSeveral(()))
    assert interview.screen().notices == ("Nothing is picked. Enter once more says: none of these.",)
    say(interview, GiveSeveral(()))
    assert "skills: []" in kept.text


def test_practices_are_done_not_known_or_do_not_apply():
    interview, kept = start()
    say(interview, *ONE_PATTERN, *TO_THE_END[:7])
    say(interview, GiveSeveral(("REL01-BP01",), (), (("REL01-BP02", "nothing waits"),)))
    assert "  REL01: {practices: [REL01-BP01], not_applicable: {REL01-BP02: nothing waits}}\n" in kept.text
    say(interview, Back())
    assert [(r.state, r.reason) for r in interview.screen().rows] == [("on", ""), ("away", "nothing waits")]
    say(interview, GiveSeveral((), ("REL01-BP02",)))
    assert "  REL01: {practices: [], unknown: [REL01-BP02]}\n" in kept.text
    say(interview, Back(), Away("batch only"))
    assert "  REL01: {not_applicable: batch only}\n" in kept.text
    say(interview, Back(), Unknown())
    assert "  REL01: unknown\n" in kept.text


def test_proposals_come_after_our_verdicts_and_sign_offs_are_entered():
    interview, kept = start()
    say(interview, *ONE_PATTERN, *TO_THE_END[:8])
    assert interview.screen().rows[1].meaning == "Amazon DynamoDB (decided)"
    say(interview, "0", "aurora-postgresql", "+done")
    assert "    proposed: aurora-postgresql\n" in kept.text
    assert asks(interview) == "1 choice needs a named person's acceptance"
    say(interview, "0", GiveForm(("head of architecture", "tomorrow", "sums", "")))
    assert interview.problem == 'on which day: "tomorrow" is no day: write it as 2026-11-20'
    say(interview, GiveForm(("head of architecture", "2026-11-20", "sums", "2027-11-20")))
    assert parse_answers(kept.text, "x", small()).sign_offs[0].expires == "2027-11-20"
    assert interview.screen().rows[1].meaning == "signed by head of architecture on 2026-11-20, until 2027-11-20"
    say(interview, "0", "change", GiveForm(("head of architecture", "2026-11-21", "sums", "")), "+done", "+finish")
    assert "expires" not in kept.text and "the team proposes" in interview.screen().rows[2].meaning
    say(interview, "verdict/0")
    assert interview.current == ("verdicts",) and "dynamodb-by-key" in "".join(interview.screen().reading.lines)


# -- review and files ----------------------------------------------------------------------------------


def _at_review():
    interview, kept = start()
    return say(interview, *ONE_PATTERN, *TO_THE_END), kept


def test_any_answer_is_edited_from_the_review_and_leads_back_to_it():
    interview, kept = _at_review()
    for row in [r.value for r in interview.screen().rows if r.value.startswith(("workload", "item", "lens"))]:
        say(interview, row)
        screen = interview.screen()
        assert "/".join(map(str, screen.place)) == row
        kept_rows = tuple(r.value for r in screen.rows if r.state == "on")
        say(interview, GiveSeveral(kept_rows) if screen.kind == "several" else Give(screen.value))
        assert interview.current == ("review",)
    say(interview, "item/access_patterns/0/lookup", "any-fields")
    assert asks(interview) == "Do requests combine several kinds of record?"
    say(interview, "yes")
    assert interview.current == ("review",)
    assert "lookup: any-fields" in kept.text


def test_the_review_counts_what_was_not_asked_and_why():
    interview, _ = _at_review()
    screen = interview.screen()
    assert screen.body == ("No single missing answer changes a choice.",)
    assert screen.rows[-1].label == "1 question was not asked"
    say(interview, "+skipped")
    assert (
        "  cart by owner:",
        "  - Do requests combine several kinds of record? (`combines`)",
    ) == interview.screen().reading.lines[-2:]


HAND = """\
# by hand
answers: 1
ruleset: small
ruleset_version: "1.0.0"
workload:
  name: Shop   # ours
  colour: blue
  oprations: nobody
access_patterns:
  - name: cart
    lookup: by-magic     # gone since 1.1
    item_size: {value: 12 KB, evidence: "template.yaml:7"}
"""


def test_taking_up_a_file_says_where_one_was_and_what_has_changed():
    interview, kept = start(HAND)
    screen = interview.screen()
    assert screen.ask == "Going on with Shop"
    assert " has 2 answers so far; about 4 questions to come, at most 5." in screen.body[0]
    assert screen.body[1:3] == (
        "It was written for rule set 1.0.0, and this is 1.2.0.",
        "2 questions are new since 1.0.0: Do requests combine several kinds of record? How many requests come at the peak?",
    )
    assert screen.body[3].startswith('Line 7 is kept, but not read: "colour" is not asked any more: A colour decided nothing')
    assert screen.body[5].startswith('Line 11 is kept, but not read: lookup has no choice "by-magic"')
    assert screen.rows[0].meaning == "cart: How is the data found?"
    say(interview, "go")
    assert asks(interview) == "How is the data found?"
    assert interview.screen().problem.startswith('the file has: lookup has no choice "by-magic"')
    say(interview, "full-key")
    assert "    lookup: full-key     # gone since 1.1\n" in kept.text
    assert 'ruleset_version: "1.2.0"' in kept.text or "ruleset_version: 1.2.0" in kept.text
    assert "colour: blue" in kept.text and "name: Shop   # ours" in kept.text


def test_a_renamed_question_is_told_and_its_answer_goes_on_under_the_new_name():
    interview, kept = start(HAND.replace("item_size: {", "largest_record: {"))
    assert 'Line 12 is kept, but not read: "largest_record" is called item_size now: rename it' in interview.screen().body
    say(interview, "review", "fix/3")
    assert interview.screen().rows[0].label == "Call it item_size"
    say(interview, "rename")
    assert '    item_size: {value: 12 KB, evidence: "template.yaml:7"}\n' in kept.text
    say(interview, "item/access_patterns/0/item_size")
    assert interview.screen().value == "12 KB"


def test_a_risk_that_stays_open_is_accepted_by_a_named_person():
    interview, kept = start()
    say(interview, *ONE_PATTERN, *TO_THE_END[:7], GiveSeveral((), sure=True), "+done")
    assert interview.screen().rows[1].meaning == "high risk; open: mend it, or have it accepted"
    say(interview, "risk/REL01/HIGH", GiveForm(("head of operations", "2026-11-20", "a pilot", "2027-01-01")))
    assert interview.screen().rows[1].meaning == "high risk; accepted by head of operations on 2026-11-20"
    found = parse_answers(kept.text, "x", small()).sign_offs[0]
    assert (found.lens, found.risk, found.expires) == ("REL01", "HIGH", "2027-01-01")


def test_what_cannot_be_read_is_mended_or_made_a_comment_before_there_is_a_report():
    interview, kept = start(HAND)
    say(interview, "review")
    assert [r.label for r in interview.screen().rows[1:4]] == ["line 7: colour", "line 8: oprations", "line 11: lookup"]
    say(interview, "+finish")
    assert [r.value for r in interview.screen().rows if "verdict" not in r.value] == ["review"]
    say(interview, "review", "fix/0", "comment", "fix/0", "rename", "fix/0", "answer", "full-key")
    assert "  # colour: blue\n  operations: nobody\n" in kept.text
    assert not interview.work.document.troubles
    parse_answers(kept.text, "answers.yaml", small())


def test_evidence_is_shown_and_changed_evidence_becomes_a_note():
    interview, kept = start(HAND)
    say(interview, "review", "item/access_patterns/0/item_size")
    assert interview.screen().notices == ("Read from template.yaml:7. Enter keeps it.",)
    say(interview, "12 KB")
    assert 'evidence: "template.yaml:7"' in kept.text
    say(interview, "item/access_patterns/0/item_size", "20 KB")
    assert 'item_size: {value: 20 KB, note: "template.yaml:7 says 12 KB"}' in kept.text


def test_what_cannot_be_saved_is_not_taken_and_the_run_goes_on():
    interview, kept = start()
    say(interview, *BEGIN, "+add", "cart", "full-key")
    before = kept.text
    kept.fail = "not saved (No space left on device): free some space, then answer again"
    say(interview, "12 KB")
    screen = interview.screen()
    assert (screen.ask, screen.problem, screen.value) == ("How large is the largest record?", kept.fail, "12 KB")
    kept.fail = ""
    assert kept.text == interview.text == before
    say(interview, "12 KB")
    assert "12 KB" in kept.text and asks(interview) == "Access patterns: 1 so far"


def test_a_file_changed_by_someone_else_is_read_again_and_nothing_is_overwritten():
    interview, kept = start()
    say(interview, *BEGIN, "+add", "cart", "full-key")
    kept.other = kept.text + "# from an editor\n"
    say(interview, "12 KB")
    assert interview.screen().notices[0].startswith("The file was changed by someone else")
    say(interview, "12 KB")
    assert kept.text.endswith("    item_size: 12 KB\n# from an editor\n")


def test_after_a_change_by_someone_else_the_same_entry_is_asked_about_wherever_it_stands_now():
    interview, kept = start()
    say(interview, *BEGIN, "+add", "cart", "full-key")
    kept.other = kept.text.replace("access_patterns:\n", "access_patterns:\n  - name: ledger\n")
    say(interview, "12 KB")
    screen = interview.screen()
    assert (interview.current, screen.value) == (("item", "access_patterns", 1, "item_size"), "12 KB")
    assert "cart" in screen.title and screen.notices[0].endswith("Please answer once more.")
    say(interview, screen.value)
    assert "  - name: ledger\n  - name: cart\n    lookup: full-key\n    item_size: 12 KB\n" in kept.text
    say(interview, Back(), Back())
    assert interview.current[:3] == ("item", "access_patterns", 1)


def test_an_entry_that_someone_else_has_removed_is_told_and_leads_to_its_list():
    interview, kept = start()
    say(interview, *BEGIN, "+add", "ledger", Jump(), "part/access_patterns", "+add", "cart", "full-key")
    kept.other = kept.text.replace("  - name: cart\n    lookup: full-key\n", "")
    say(interview, "12 KB")
    assert interview.current == ("list", "access_patterns")
    assert interview.screen().notices[0].endswith('is read again: "cart" is no longer in it.')
    assert {place[2] for place in interview.stack if place[0] == "item"} <= {0}
    for _ in range(len(interview.stack)):
        say(interview, Back())
        assert asks(interview)


def test_a_half_given_name_stays_when_the_file_was_changed_by_someone_else():
    interview, kept = start()
    say(interview, *BEGIN, "+add")
    kept.other = kept.text + "# from an editor\n"
    say(interview, "cart by owner")
    assert interview.screen().value == "cart by owner"


def test_jumping_leads_anywhere_and_on_from_there():
    interview, _ = start()
    say(interview, *ONE_PATTERN, Jump())
    values = [r.value for r in interview.screen().rows]
    assert values[:3] == ["part/workload", "part/access_patterns", "entry/access_patterns/0"]
    say(interview, "entry/access_patterns/0")
    assert asks(interview) == "How is the data found?"
    say(interview, Jump(), "part/lens")
    assert asks(interview) == "How do you absorb more callers than planned?"
    say(interview, Jump(), Back())
    assert asks(interview) == "How do you absorb more callers than planned?"
