"""What a file that is taken up again is told of the rules: what is new, and where that cannot be known."""

from __future__ import annotations

import pytest
from wizard_small import Kept, say, small, start

from wa_advisor.wizard.document import read_document
from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.screen import Jump


def file_of(version: str) -> str:
    line = f"ruleset_version: {version}\n" if version else ""
    return f"""answers: 1
ruleset: small
{line}workload: {{name: Shop, skills: [sql]}}
access_patterns:
  - {{name: cart, lookup: full-key}}
  - {{name: orders, lookup: any-fields, combines: yes}}
"""


COMBINES, PEAK = "Do requests combine several kinds of record?", "How many requests come at the peak?"
SKILLS = "What does the team know well? It has a new choice, containers; your answer was sql."
LOOKUP = "How is the data found? It has a new choice, any-fields; your answer was cart: full-key."
TOLD = {
    "1.0.0": [
        "It was written for rule set 1.0.0, and this is 1.2.0.", f"2 questions are new since 1.0.0: {COMBINES} {PEAK}", SKILLS, LOOKUP,
    ],
    "1.1": ["It was written for rule set 1.1, and this is 1.2.0.", f"1 question is new since 1.1: {COMBINES}", LOOKUP],
    "1.2": [],
    "1.2.0": [],
    "2.0": ["It was written for rule set 2.0, which is newer than this, 1.2.0: what these rules do not know is kept, but not read."],
    "spring": ["It was written for rule set spring, and this is 1.2.0: what has changed between them cannot be told."],
    "": ["It names no version of the rules (`ruleset_version:`), so what has changed since it was written cannot be told."],
    "[1]": ["It names no version of the rules (`ruleset_version:`), so what has changed since it was written cannot be told."],
}  # fmt: skip


@pytest.mark.parametrize("version", TOLD)
def test_what_is_new_is_told_at_the_opening_and_can_be_read_in_the_review(version):
    interview, _ = start(file_of(version))
    assert list(interview.screen().body[1:]) == TOLD[version]
    say(interview, "review")
    rows = [r for r in interview.screen().rows if r.value == "+news"]
    assert [r.meaning for r in rows] == TOLD[version][:1]


def test_all_that_is_new_is_read_by_what_it_is_about():
    interview, _ = start(file_of("1.0.0"))
    say(interview, "+news")
    lines = (
        "It was written for rule set 1.0.0, and this is 1.2.0.", "", "New questions since 1.0.0: 2.", "  Access patterns:",
        f"  - {COMBINES} (`combines`)", f"  - {PEAK} (`peak_rate`)", "", "New choices of questions that were answered:",
        f"  - {SKILLS}", f"  - {LOOKUP}",
    )  # fmt: skip
    assert interview.screen().reading.lines == lines
    assert interview.screen().ask == "Going on with Shop"


def test_the_version_is_written_with_the_first_answer_and_the_news_can_be_read_to_the_end_of_the_run():
    interview, kept = start(file_of("1.0.0"))
    say(interview, "review")
    assert "ruleset_version: 1.0.0" in kept.text
    say(interview, "item/access_patterns/0/item_size", "4 KB")
    assert "ruleset_version: 1.2.0" in kept.text
    say(interview, Jump(), "review")
    say(interview, "+news")
    assert f"  - {PEAK} (`peak_rate`)" in interview.screen().reading.lines
    again, _ = start(kept.text)
    assert len(again.screen().body) == 1


@pytest.mark.parametrize("version", ["2.0", ""])
def test_a_file_of_newer_rules_or_of_none_stays_what_it_is(version):
    interview, kept = start(file_of(version))
    say(interview, "review", "item/access_patterns/0/item_size", "4 KB")
    assert kept.text == file_of(version).replace("full-key", "full-key, item_size: 4 KB")


def test_the_version_is_not_written_before_the_news_has_been_shown():
    kept = Kept(file_of("1.0.0"))
    interview = Interview(read_document(kept.text, "answers.yaml", small()), kept, resumed=True)
    interview.current = ("workload", "owner")  # as where a face leads somewhere else at once
    say(interview, "shop team")
    assert "ruleset_version: 1.0.0" in kept.text and "owner: shop team" in kept.text


def test_what_is_answered_everywhere_is_not_new():
    text = file_of("1.1").replace("lookup: full-key", "lookup: full-key, combines: no")
    interview, _ = start(text)
    assert list(interview.screen().body[2:]) == [LOOKUP]
    interview, _ = start(text.replace("full-key", "any-fields"))
    nothing = "It was written for rule set 1.1, and this is 1.2.0. Nothing that it asks or offers is new to this file."
    assert list(interview.screen().body[1:]) == [nothing]
    assert [r.value for r in interview.screen().rows] == ["go", "review", "jump"]
