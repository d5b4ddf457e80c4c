"""How the sign-offs of a file stand when what they are for has changed, and that every output tells those that do not hold."""

from __future__ import annotations

import pytest
from small_rules import assess, small

from wa_advisor.engine.explain import explain_text
from wa_advisor.engine.sign_offs import standings_of
from wa_advisor.report.document import assessment_document
from wa_advisor.report.render import render_report
from wa_advisor.report.schema import problem_of

PATTERN = "access_patterns:\n  - {name: posting, lookup: LOOKUP, item_size: 4 KB PROPOSED}\n"
SIGNED = """sign_offs:
  - decision: data_store
    item: posting
    choice: ledger
    approver: ann
    date: 2026-01-10
    reason: sums
    expires: 2026-07-10
"""
RISKY = "access_patterns:\n  - {name: film, lookup: full-key, item_size: 2 MB, proposed: shelf}\n"
LENS = "lens: {SERVREL01: {practices: PRACTICES}}\n"


def pattern(lookup: str = "any-fields", proposed: str = "") -> str:
    return PATTERN.replace("LOOKUP", lookup).replace("PROPOSED", f", proposed: {proposed}" if proposed else "")


def accepted(lens: str, risk: str = "HIGH", item: str = "") -> str:
    about = f", item: {item}" if item else ""
    return f"sign_offs:\n  - {{lens: {lens}{about}, risk: {risk}, approver: ann, date: 2026-01-10, reason: a pilot}}\n"


STANDINGS = [
    ("it is for what our verdict chooses", pattern() + SIGNED, "", "signed", ""),
    ("it is for what the team proposes", pattern("full-key", "ledger") + SIGNED, "", "signed", ""),
    ("another choice", pattern("full-key") + SIGNED, "", "no-longer-fits", "the choice is Shelf now"),
    ("another proposal", pattern(proposed="pile") + SIGNED, "", "no-longer-fits", "the team proposes Pile now"),
    ("no choice", "access_patterns:\n  - {name: posting}\n" + SIGNED, "", "undecided", "there is no choice for posting now"),
    ("it needs none", pattern("full-key") + SIGNED.replace("ledger", "shelf"), "", "not-needed", "Shelf needs no sign-off"),
    ("it has run out", pattern() + SIGNED, "2026-07-10", "expired", "it ended on 2026-07-10"),
    ("its last day", pattern() + SIGNED, "2026-07-09", "signed", ""),
    ("it has not begun", pattern() + SIGNED, "2026-01-09", "not-begun", "it begins on 2026-01-10"),
    ("it has run out and is for another", pattern("full-key") + SIGNED, "2027-01-01", "no-longer-fits", "the choice is Shelf now"),
    ("a risk that is there", LENS.replace("PRACTICES", "[]") + accepted("SERVREL01"), "", "signed", ""),
    ("a risk that is lower", LENS.replace("PRACTICES", "[SERVREL01-BP01]") + accepted("SERVREL01"), "", "not-needed",
     "the risk is medium now"),
    ("a risk that is gone", LENS.replace("PRACTICES", "[SERVREL01-BP01, SERVREL01-BP02]") + accepted("SERVREL01"), "", "not-needed",
     "the risk is not there now"),
    ("a question that does not apply", "lens: {SERVREL01: {not_applicable: batch}}\n" + accepted("SERVREL01"), "", "not-needed",
     "the question does not apply now"),
    ("a risk that is higher", LENS.replace("PRACTICES", "[]") + accepted("SERVREL01", "MEDIUM"), "", "no-longer-fits",
     "the risk is high now"),
    ("a question without answer", accepted("SERVREL01"), "", "undecided", "SERVREL01 is not answered in full now"),
    ("a rule's risk", RISKY + accepted("large-items-travel", item="film"), "", "signed", ""),
    ("a rule's risk everywhere", RISKY + accepted("large-items-travel"), "", "signed", ""),
    ("a rule's risk that is gone", RISKY.replace("shelf", "pile") + accepted("large-items-travel", item="film"), "", "not-needed",
     "the risk is not there now"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "as_of", "standing", "why"), [c[1:] for c in STANDINGS], ids=[c[0] for c in STANDINGS])
def test_standing(text: str, as_of: str, standing: str, why: str) -> None:
    assessment = assess(small(), text, as_of)
    (found,) = standings_of(assessment, as_of)
    assert (found.standing, found.why) == (standing, why)
    told = standing not in ("signed", "expired") or (standing == "expired" and "lens" in text)
    report = render_report(assessment, as_of=as_of)
    assert (why in report.split("of no effect")[-1] and "of no effect" in report) == told
    document = assessment_document(assessment, as_of=as_of)
    assert problem_of(document) == ""
    assert [(s["standing"], s["why"], s["approver"]) for s in document["sign_offs_unused"]] == (
        [] if standing == "signed" else [(standing, why, "ann")]
    )
    if not as_of:
        assert (why in explain_text(assessment)) == (standing != "signed") or not why


def test_an_accepted_risk_that_is_gone_is_no_longer_shown_as_signed() -> None:
    text = LENS.replace("PRACTICES", "[SERVREL01-BP01]") + accepted("SERVREL01")
    report = render_report(assess(small(), text))
    assert "| SERVREL01 | high risk | signed |" not in report
    assert "| SERVREL01 | high risk | ann | 2026-01-10 | – | is not needed | the risk is medium now |" in report


def test_what_needs_a_sign_off_is_told_beside_the_one_that_is_for_something_else() -> None:
    """The states of what is needed stay as they were; the other is told apart."""
    document = assessment_document(assess(small(), pattern() + SIGNED.replace("choice: ledger", "choice: pile")))
    assert [s["state"] for s in document["sign_offs"]] == ["needed"]
    assert [s["choice"] for s in document["sign_offs_unused"]] == ["pile"]


def test_an_explanation_of_one_verdict_has_its_sign_offs_and_no_others() -> None:
    text = pattern("full-key") + SIGNED + accepted("SERVREL01").removeprefix("sign_offs:\n")
    assessment = assess(small(), text)
    one = explain_text(assessment, "data_store", "posting")
    assert "  the sign-off of ann for Ledger at posting no longer fits: the choice is Shelf now\n" in one
    assert "SERVREL01" not in one
    assert explain_text(assessment).endswith(
        "sign-offs that do not hold\n"
        "  the acceptance by ann of the high risk SERVREL01 is about something undecided: SERVREL01 is not answered in full now\n"
    )
    assert "  sign-off of Ledger: signed by ann on 2026-01-10, until 2026-07-10\n" in explain_text(
        assess(small(), pattern() + SIGNED)
    )
    assert "  sign-off of Ledger: needed, by the head of data\n" in explain_text(assess(small(), pattern()))


def test_documents_of_before_are_still_read() -> None:
    document = assessment_document(assess(small(), pattern()))
    del document["sign_offs_unused"]
    assert problem_of(document) == ""
