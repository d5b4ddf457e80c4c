"""Combinations that are declared not to occur: checked against the answers, and named by the verdicts that lean on them."""

from __future__ import annotations

import pytest
from small_rules import FILES, assess, compile_texts

from wa_advisor.engine.explain import explain_text
from wa_advisor.errors import AnswersError, RulesError

ASSUME = """\
assume:
  no-streams-of-a-range:
    scope: access_pattern
    never: lookup is full-key and features includes joins
    because: A single record has nothing to join.
"""
ANSWERS = """\
workload: {name: w}
access_patterns:
  - name: p
    lookup: full-key
    item_size: 1 KB
    records: 3
    features: unknown
"""


def test_answers_that_contradict_one_are_refused_where_they_stand() -> None:
    with pytest.raises(AnswersError) as caught:
        assess(compile_texts((*FILES, ASSUME)), ANSWERS.replace("unknown", "[joins]"))
    (problem,) = caught.value.problems
    assert (problem.span.line, problem.span.column) == (5, 13)
    assert problem.message == (
        'these answers cannot all be right ("no-streams-of-a-range": never lookup is full-key and features includes joins). '
        "A single record has nothing to join. Correct one of them"
    )


def test_a_verdict_that_leans_on_one_is_decided_and_says_so() -> None:
    text = ANSWERS.replace("lookup: full-key", "lookup: range\n    combines: no")
    forbids = ASSUME.replace("lookup is full-key and features includes joins", "features includes joins")
    more = "\n".join(
        f"  - {{id: joins-{n}, options: [ledger], when: features includes joins, for: strong, because: Joins., basis: judgement}}"
        for n in range(2)
    )
    files = [f + ("\n" + more if "many-records-cost" in f else "") for f in FILES]
    without = assess(compile_texts(files), text).verdicts[0]
    leaning = assess(compile_texts((*files, forbids)), text)
    assert (without.certainty, without.assumes) == ("leaning", ())
    assert (leaning.verdicts[0].certainty, leaning.verdicts[0].assumes) == ("decided", ("no-streams-of-a-range",))
    assert "assumed: never features includes joins. A single record has nothing to join." in explain_text(leaning)


def test_its_sentence_is_checked_like_any_other() -> None:
    with pytest.raises(RulesError, match='unknown name "lokup"; did you mean lookup'):
        compile_texts((*FILES, ASSUME.replace("never: lookup", "never: lokup")))
