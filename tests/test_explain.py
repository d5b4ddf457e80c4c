"""The explanation of a verdict, read as a whole: in words that the questions use."""

from __future__ import annotations

from small_rules import assess, small

from wa_advisor.engine.explain import explain_text

LEANING = """\
Data store for carts: Shelf (leaning)
  It holds only if an unknown answer stays within a limit.
  the team proposes: Ledger
  sign-off of Ledger: needed, by the head of data
  Shelf: 4 points now, between 3 and 6 when all is known; an answer not known yet may rule it out
    may be ruled out: It does not fit. [shelf-item-too-large]
    against (slight, not known yet): Each is paid for. [many-records-cost]
    for (strong): Keys are its trade. [shelf-by-key]
    for (slight, not known yet): It has streams. [shelf-streams]
    for (slight, not known yet): Any rate is fine. [shelf-busy]
  Ledger: 0 points now, between 0 and 2 when all is known; an answer not known yet may rule it out
    may be ruled out: One writer only. [no-store-alone-in-several-regions]
    for (moderate, not known yet): It joins on demand. [ledger-joins]
  answers not known yet that could change it:
    How large? (item_size)
    Where? (region_scope)
    How often? (average_rate)
    How many records? (records)
    What is needed? (features)
  what would change it:
    How is it found? (lookup)
      A range: no choice
      By anything: Ledger
    How large? (item_size)
      above 400 KB: Pile
"""

TIED = """\
Data store for carts: Pile (leaning)
  An answer still missing could change it.
  the team proposes: Shelf
  as many points as Ledger; the order of preference that the rules declare decided
  Pile: 2 points now, between 1 and 2 when all is known
    against (slight, not known yet): Each is paid for. [many-records-cost]
    for (moderate): Large things pile well. [pile-large]
  Ledger: 2 points; an answer not known yet may rule it out
    may be ruled out: One writer only. [no-store-alone-in-several-regions]
    for (moderate): It joins on demand. [ledger-joins]
  Shelf: 4 points now, between 3 and 5 when all is known; it is ruled out
    is ruled out: It does not fit. [shelf-item-too-large]
    against (slight, not known yet): Each is paid for. [many-records-cost]
    for (strong): Keys are its trade. [shelf-by-key]
    for (slight, not known yet): Any rate is fine. [shelf-busy]
  ruled out:
    Shelf: It does not fit.
  answers not known yet that could change it:
    How many records? (records)
    Where? (region_scope)
  what would change it:
    How is it found? (lookup)
      By anything: Ledger
    How large? (item_size)
      at most 400 KB: Shelf
    How many records? (records)
      above 100: Ledger
"""


def explained(answers: str) -> str:
    return explain_text(assess(small(), f"access_patterns:\n  - {{name: carts, lookup: full-key, {answers}}}\n"), "data_store")


def test_a_verdict_that_leans_says_what_is_open_in_the_words_of_the_questions() -> None:
    assert explained("proposed: ledger") == LEANING


def test_a_tie_and_a_proposal_that_is_ruled_out() -> None:
    assert explained("item_size: 500 KB, features: [joins], proposed: shelf") == TIED
