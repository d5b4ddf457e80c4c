"""Files with parts that cannot be read, or in forms that cannot be changed: what is kept, told and refused."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wizard_small import asks, say, small, start

from wa_advisor.answers import parse_answers
from wa_advisor.errors import AnswersError
from wa_advisor.wizard.screen import Act, Give, GiveForm, GiveSeveral, Jump

HEAD = "answers: 1\nworkload: {name: Shop}\n"
PATTERNS = "access_patterns:\n  - {name: ledger, lookup: any-fields, combines: yes}\n  - {name: orders, lookup: any-fields, combines: yes}\n"
GOOD = "{decision: data_store, item: orders, choice: aurora-postgresql, approver: head, date: 2026-11-20, reason: sums}"
SOON = "{decision: data_store, item: ledger, choice: aurora-postgresql, approver: chief, date: soon, reason: old}"
LATER = "{lens: REL01, risk: HIGH, approver: chief, date: later, reason: old}"


# -- sign-offs beside some that cannot be read -----------------------------------------------------------


@pytest.mark.parametrize("before", [[SOON], [SOON, LATER], ["just text"], [SOON, "{lens: REL01, risk: HIGH}"]])
def test_a_changed_sign_off_is_the_one_that_was_chosen(before):
    unread = "".join(f"  - {one}\n" for one in before)
    interview, kept = start(f"{HEAD}{PATTERNS}sign_offs:\n{unread}  - {GOOD}\n")
    assert len(interview.work.document.troubles) == len(before)
    say(interview, "jump", "sign_offs")
    place = next(n for n, s in enumerate(interview.work.sign_offs) if s.item == "orders")
    say(interview, f"{place}", "change", GiveForm(("head of orders", "2026-11-24", "as before", "")))
    new = GOOD.replace("head", "head of orders").replace("2026-11-20", "2026-11-24").replace("sums", "as before")
    assert kept.text.endswith(f"sign_offs:\n{unread}  - {new}\n")


def test_a_new_sign_off_beside_one_that_cannot_be_read_goes_to_the_end():
    interview, kept = start(f"{HEAD}{PATTERNS}sign_offs:\n  - {SOON}\n")
    say(interview, "jump", "sign_offs")
    place = next(n for n, s in enumerate(interview.work.sign_offs) if s.item == "orders")
    say(interview, f"{place}", GiveForm(("head", "2026-11-20", "sums", "")))
    assert f"sign_offs:\n  - {SOON}\n  - " in kept.text
    assert [(s.item, s.approver) for s in interview.work.answers.sign_offs] == [("orders", "head")]
    assert len(interview.work.document.troubles) == 1


def test_a_sign_off_that_is_taken_out_is_the_one_that_was_chosen():
    interview, kept = start(f"{HEAD}{PATTERNS}sign_offs:\n  - {SOON}\n  - {GOOD}\n")
    say(interview, "jump", "sign_offs")
    place = next(n for n, s in enumerate(interview.work.sign_offs) if s.item == "orders")
    say(interview, f"{place}", "out")
    assert kept.text.endswith(f"sign_offs:\n  - {SOON}\n")


# -- files that are hardly readable ------------------------------------------------------------------------

OPENED = {
    "all of a mapping": (HEAD + "lens:\n  REL99: {practices: [X]}\n", [("lens", "REL99")]),
    "all of a mapping on one line": (HEAD + "lens: {REL99: unknown}\n", [("lens", "REL99")]),
    "a practice that is gone": (HEAD + "lens:\n  REL01: {practices: [REL01-BP77]}\n", [("lens", "REL01")]),
    "a lens that is no mapping": (HEAD + "lens: unknown\n", [("lens",)]),
    "a workload without a name": ("answers: 1\nworkload:\n  owner: me\n", [("workload", "name")]),
    "an empty workload": ("answers: 1\nworkload:\n", [("workload", "name")]),
    "one letter in it, which is no key": ("answers: 1\nworkload:\n  x: 1\n", [("workload", "x"), ("workload", "name")]),
    "a name at the margin": (HEAD + "name: Shop\n", [("name",)]),
    "a name among lens answers": (HEAD + "lens: {name: x}\n", [("lens", "name")]),
    "an entry without a name": (HEAD + "components:\n  - waiting: x\n", [("components", 0, "waiting"), ("components", 0, "name")]),
    "a name said twice": (HEAD + "components:\n  - name: a\n  - name: a\n", [("components", 1, "name")]),
    "an alias of what cannot be read": (HEAD + "access_patterns: &p\n  - {name: a, foo: 1}\ncomponents: *p\n",
                                        [("access_patterns", 0, "foo"), ("components", 0, "foo")]),
    "an anchor in what cannot be read": ("answers: 1\nworkload:\n  foo: &a Shop\n  name: *a\n", [("workload", "foo")]),
    "keys after lines that YAML alone counts": (HEAD.replace("{name: Shop}", "\n  # a\u2028  name: Shop\n  foo: 1"), [("workload", "foo")]),
    "carriage returns alone": ("answers: 1\rworkload:\r  name: Shop\r  foo: 1\r", [("workload", "foo")]),
}  # fmt: skip


@pytest.mark.parametrize("text, paths", OPENED.values(), ids=list(OPENED))
def test_what_cannot_be_read_is_listed_and_the_rest_is_gone_on_with(text, paths):
    interview, kept = start(text)
    assert [t.path for t in interview.work.document.troubles] == paths
    with pytest.raises(AnswersError) as told:
        parse_answers(text, "answers.yaml", small())
    of_report = {p.message for p in told.value.problems}
    assert of_report >= {interview.work.document.troubles[0].message}
    say(interview, "review")
    assert [r.value for r in interview.screen().rows[1 : len(paths) + 1]] == [f"fix/{n}" for n in range(len(paths))]
    assert kept.texts == [text]


@pytest.mark.parametrize("said", ["", " unknown", " {}", " [a]"])
def test_lens_answers_that_are_no_mapping_can_be_asked_for(said):
    interview, kept = start(f"{HEAD}lens:{said} # so\n")
    say(interview, "review", "lens/REL01")
    assert asks(interview) == "How do you absorb more callers than planned?"
    say(interview, GiveSeveral(("REL01-BP01",)))
    if said in ("", " {}"):
        assert kept.text.endswith("REL01: {practices: [REL01-BP01]}\n") or "{REL01: {practices: [REL01-BP01]}}" in kept.text
        assert "# so" in kept.text
    else:
        assert interview.screen().problem == "line 3 holds no keys: mend it by hand first"


def test_a_workload_without_a_name_is_asked_for_one():
    interview, kept = start("answers: 1\nworkload:\n  stage: design # so far\n")
    say(interview, "go")
    assert asks(interview) == "What is the workload called?"
    say(interview, "Shop")
    assert kept.text == "answers: 1\nworkload:\n  stage: design # so far\n  name: Shop\n"
    assert not interview.work.document.troubles


def test_a_line_number_is_that_of_the_file_however_much_is_left_out():
    text = HEAD + "sign_offs:\n" + f"  - {SOON}\n" * 3 + "lens:\n  REL98: unknown\n  REL99:\n    - x\nfoo: 1\n"
    interview, _ = start(text)
    lines = text.split("\n")
    for trouble in interview.work.document.troubles:
        assert str(trouble.path[-1]) in lines[trouble.line - 1] or lines[trouble.line - 1] == f"  - {SOON}"


ODD_LINES = ("\u2028", "\u2029", "\x85", "\r", "\r\n")


@pytest.mark.parametrize("ending", ODD_LINES, ids=ascii)
def test_a_message_names_the_line_that_yaml_counts_and_shows_it(ending):
    text = f"answers: 1\nworkload: # ours{ending}  name: Shop{ending}  foo: 1 # so\n"
    with pytest.raises(AnswersError) as told:
        parse_answers(text, "answers.yaml", small())
    (problem,) = told.value.problems
    assert (problem.span.line, problem.span.column, problem.text) == (4, 3, "  foo: 1 # so")


REFUSED = {
    "no workload": ("answers: 1\n", "`workload:` is missing"),
    "another format": ("answers: 2\nworkload: {name: x}\n", 'the format "2" is not known here'),
    "an entry that is a word": (HEAD + "components:\n  - foo\n", "an entry starts with `name:`"),
    "an entry that is nothing": (HEAD + "components:\n  -\n  - name: b\n", "an entry starts with `name:`"),
    "an alias within what it names": ("answers: 1\nworkload: &a {name: x, foo: {b: *a}}\n", "stands inside what it names"),
    "an alias in a list that it names": (HEAD + "components: &a [*a]\n", "stands inside what it names"),
}  # fmt: skip


@pytest.mark.parametrize("text, message", REFUSED.values(), ids=list(REFUSED))
def test_what_nothing_can_be_left_out_of_is_refused_as_a_report_refuses_it(text, message):
    for read in (start, lambda t: parse_answers(t, "answers.yaml", small())):
        with pytest.raises(AnswersError) as told:
            read(text)
        assert message in str(told.value)


def test_an_alias_of_an_empty_list_is_an_alias_like_any():
    assert parse_answers(HEAD + "components: &c []\ninterfaces: *c\n", "answers.yaml", small()).groups == {
        "components": (), "interfaces": (),
    }  # fmt: skip


# -- forms that cannot be changed in place ------------------------------------------------------------------

TIED = HEAD + "access_patterns:\n  - {name: cart, item_size: &s 3 KB}\n  - {name: orders, item_size: *s}\n  - {name: more}\n"
SHARED = HEAD + "access_patterns: &p\n  - {name: cart}\n  - {name: orders}\ncomponents: *p\n"
STEPS = {
    "up": (TIED, (Act("up", "1"),)),
    "down": (TIED, (Act("down", "0"),)),
    "remove": (TIED, ("0", "remove", "yes")),
    "answer": (TIED, ("0", "edit", "full-key", "4 KB")),
    "none of a list that another names": (SHARED, (Act("down", "0"),)),
    "remove from a list that another names": (SHARED, ("0", "remove", "yes")),
    "add to a list that another names": (SHARED, ("+add", "new")),
    "copy in a list that another names": (SHARED, (Act("duplicate", "0"),)),
}  # fmt: skip


@pytest.mark.parametrize("text, steps", STEPS.values(), ids=list(STEPS))
def test_what_is_tied_by_an_anchor_is_not_changed_and_the_page_says_so(text, steps):
    interview, _ = start(text)
    say(interview, "jump", "part/access_patterns", *steps[:-1])
    before = interview.text
    place = interview.current
    say(interview, steps[-1])
    assert "anchor" in interview.screen().problem
    assert (interview.text, interview.current) == (before, place)


def test_entries_of_a_list_that_is_an_alias_are_not_changed_either():
    interview, _ = start(SHARED)
    say(interview, "jump", "part/components", "0", "remove")
    assert interview.screen().help == "It has no answers. It can be put back right after."
    say(interview, Give("yes"))
    assert "alias" in interview.screen().problem
    assert interview.text == SHARED


def test_a_sign_off_that_cannot_be_read_can_be_made_a_comment():
    interview, kept = start(f"{HEAD}{PATTERNS}sign_offs:\n  - {SOON}\n")
    say(interview, "review", "fix/0")
    assert interview.screen().ask == "Line 7: what about a sign-off?"
    say(interview, "comment")
    assert kept.text.endswith(f"sign_offs:\n  # - {SOON}\n")
    assert not interview.work.document.troubles


def test_a_copy_of_an_entry_leaves_out_what_cannot_be_read():
    interview, kept = start(f"{HEAD}components:\n  - {{name: API, wating: x, duration: 40 ms}}\n")
    say(interview, "jump", "part/components", Act("duplicate", "0"))
    assert "  - name: API copy\n    duration: 40 ms\n" in kept.text
    assert len(interview.work.document.troubles) == 1


def test_the_last_entry_of_a_list_with_an_anchor_goes_and_the_anchor_stays():
    interview, kept = start(f"{HEAD}components: &c # ours\n  - name: API\n")
    say(interview, "jump", "part/components", "0", "remove", "yes")
    assert kept.text == f"{HEAD}components: &c [] # ours\n"


# -- what goes with an entry ---------------------------------------------------------------------------------

WITH_COMMENTS = (
    HEAD
    + """access_patterns:
  # above orders
  - {name: orders, lookup: any-fields, # how
     combines: yes}
sign_offs:
  # of the ledger
  - {decision: data_store, item: ledger, choice: aurora-postgresql, approver: head, date: 2026-11-20, reason: sums}
  # of the orders
  - {decision: data_store, item: orders, choice: aurora-postgresql, approver: head, date: 2026-11-20, reason: sums} # signed
"""
)


def test_the_comments_that_go_with_an_entry_and_its_sign_offs_are_shown_before():
    interview, kept = start(WITH_COMMENTS)
    say(interview, "jump", "part/access_patterns", "0", "remove")
    screen = interview.screen()
    gone = ["# above orders", "# how", "# of the orders", "# signed"]
    assert list(screen.body) == ["These comments of the file would go:", *gone]
    assert screen.help.startswith("Its 2 answers and 4 comments of the file beside it go with it. Its sign-off goes too. ")
    say(interview, "yes")
    assert [c for c in [*gone, "# of the ledger"] if c in kept.text] == ["# of the ledger"]


def test_a_note_beside_a_link_stays_when_what_it_names_is_renamed_or_removed():
    linked = (
        HEAD
        + "access_patterns:\n  - {name: cart, used_by: {value: [API, Job], note: ours}}\ncomponents:\n  - name: API\n  - name: Job\n"
    )
    interview, kept = start(linked)
    say(interview, "jump", "part/components", "0", "name", "Front", Jump(), "part/components", "1", "remove", "yes")
    assert "used_by: {value: [Front], note: ours}" in kept.text


# -- any file ------------------------------------------------------------------------------------------------

BEGUN = [WITH_COMMENTS, TIED, SHARED, *(text for text, _ in OPENED.values()), *(text for text, _ in REFUSED.values())]


def mangled(rng: Random, text: str) -> str:
    """A text with a few lines lost, doubled or broken, as a slip of the hand or a merge leaves it."""
    lines = text.splitlines(keepends=True)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(lines))
        change = rng.randrange(4)
        if change == 0:
            lines.insert(at, lines[rng.randrange(len(lines))])
        elif change == 1:
            lines[at] = lines[at].replace("name", "nam", 1)
        elif change == 2 and len(lines) > 1:
            del lines[at]
        else:
            place = rng.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:place] + rng.choice("[]{},:#&*'- \u2028") + lines[at][place:]
    return "".join(lines)


@pytest.mark.property
@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 10**9))
@example(5537)
def test_any_file_is_refused_as_a_report_refuses_it_or_opened_with_all_that_cannot_be_read(seed):
    rng = Random(seed)
    text = mangled(rng, rng.choice(BEGUN))
    try:
        parse_answers(text, "answers.yaml", small())
        reads = True
    except AnswersError as error:
        reads = False
        messages = [p.message for p in error.problems]
    try:
        interview, kept = start(text)
    except AnswersError as error:
        assert not reads and [p.message for p in error.problems] == messages
        return
    assert reads == (not interview.work.document.troubles)
    for reply in (
        "review",
        "fix/0",
        "comment",
        "fix/0",
        "answer",
        "x",
        Jump(),
        "part/components",
        "0",
        "remove",
        "yes",
        "+add",
        "one",
    ):
        rows = [row.value for row in interview.screen().rows]
        if reply in rows or not rows or isinstance(reply, Jump):
            say(interview, reply)
    interview.screen()
    assert all(start(saved) for saved in kept.texts)
