"""The review: what is wrong first, and all that the file holds."""

from __future__ import annotations

from wizard_small import say, start

FILE = """\
answers: 1
ruleset: small
workload: {name: Shop, owner: me, stage: design, description: words, operations: nobody, skills: [sql], colour: blue}
access_patterns:
  - name: cart
    lookup: full-key
    combines: yes
    item_size: unknown
    proposed: aurora-postgresql
    note: as of the workshop
  - name: orders
    lookup: {value: any-fields, note: from the brief}
components: []
sign_offs:
  - {decision: data_store, item: cart, choice: aurora-postgresql, approver: ann, date: 2026-11-20, reason: sums}
"""


def test_what_must_be_mended_comes_first_then_what_is_missing_then_what_is_not_known_and_matters() -> None:
    interview, _ = start(FILE)
    screen = say(interview, "review").screen()
    headings = list(dict.fromkeys(r.heading for r in screen.rows if r.heading))
    assert headings[:4] == ["To mend", "Not answered yet", "Not known, and a choice hangs on it", "The workload"]
    assert headings[-3:] == ["Well-Architected lens: not answered", "Not asked", "Since the file was written"]
    unknown = [r for r in screen.rows if r.heading == "Not known, and a choice hangs on it"]
    assert [(r.value, r.meaning) for r in unknown] == [("item/access_patterns/0/item_size", "I don't know")]
    assert screen.body[0].endswith("2 not answered yet. 1 noted as unknown could change one.")
    assert len({r.value for r in screen.rows}) == len(screen.rows)


def test_the_review_holds_what_is_not_used_proposals_notes_and_sign_offs() -> None:
    interview, _ = start(FILE)
    rows = {r.value: r for r in say(interview, "review").screen().rows}
    assert rows["item/access_patterns/0/combines"].meaning == "yes; not used, given the other answers"
    assert rows["item/access_patterns/1/lookup"].meaning == "any-fields; note: from the brief"
    assert rows["proposal/access_patterns/0"].meaning == "Amazon Aurora PostgreSQL"
    assert rows["entry/access_patterns/0"].meaning == "as of the workshop"
    assert rows["+signed/0"].label == "cart: Amazon Aurora PostgreSQL"
    for value in ("item/access_patterns/0/combines", "proposal/access_patterns/0", "entry/access_patterns/0"):
        say(interview, value)
        assert "/".join(map(str, interview.current)) == value
        interview.current = ("review",)
    say(interview, "+signed/0")
    assert interview.current == ("signed", "data_store", "cart", "aurora-postgresql", "", "")


def test_an_edit_that_makes_answers_idle_says_which() -> None:
    interview, _ = start(FILE.replace("lookup: full-key", "lookup: any-fields"))
    say(interview, "review", "item/access_patterns/0/lookup", "full-key")
    assert interview.screen().notices[0] == '1 answer is kept but not used now: "Do requests combine several kinds of record?".'
