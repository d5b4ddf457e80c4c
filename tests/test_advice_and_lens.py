"""Advice for items whose condition holds, and lens practices that reach only what they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, LensVerdict, evaluate
from wa_advisor.errors import RulesError
from wa_advisor.files import load_ruleset
from wa_advisor.report.document import assessment_document
from wa_advisor.report.render import render_report

RULES = """
overlay: own
advice:
  - id: own-advice
    scope: access_pattern
    topic: modelling
    when: data_store is dynamodb and combines is one-parent
    name: Keep them together
    because: They are read together.
    improve: Give them one partition key.
    basis: judgement
"""
PILLAR = """
pillar: own-pillar
name: Own pillar
questions:
  - id: OWN01
    ask: How are callers held back?
    practices:
      - id: OWN01-BP01
        name: Throttle
        tier: required
        because: Callers come in crowds.
        improve: Set a rate limit.
        effort: low
        source: https://example.org/throttle
        touches: {interface: "callers in [browsers, partners]"}
        away: No interface is open to callers of other teams.
      - id: OWN01-BP02
        name: Watch
        tier: good
        because: Nobody sees it otherwise.
        improve: Set an alarm.
        effort: low
        source: https://example.org/watch
"""
PATTERN = """
answers: 1
workload: {name: w}
access_patterns:
  - {name: p, lookup: partition, nature: records, combines: one-parent, rebuildable: no, atomic_scope: one-record, contention: no}
"""
LENS = "lens: {OWN01: {practices: []}}\n"


def assess(folder: Path, answers: str, **files: str) -> Assessment:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    ruleset = load_ruleset((str(folder),))
    return evaluate(ruleset, parse_answers(answers, "a.yaml", ruleset))


def own_question(assessment: Assessment) -> LensVerdict:
    return next(v for v in assessment.lens if v.id == "OWN01")


def test_advice_knows_the_store_that_was_chosen(tmp_path: Path) -> None:
    assessment = assess(tmp_path, PATTERN, own=RULES)
    assert [(a.id, a.item) for a in assessment.advice if a.id == "own-advice"] == [("own-advice", "p")]
    assert {"id", "item", "topic", "name", "because", "improve"} == set(assessment_document(assessment)["advice"][0])
    assert "- **Keep them together** for p. Give them one partition key. They are read together. (judgement)" in render_report(
        assessment
    )


def test_advice_follows_the_proposal_and_not_our_choice(tmp_path: Path) -> None:
    proposed = PATTERN.replace("name: p,", "name: p, proposed: aurora-dsql,")
    assert not [a for a in assess(tmp_path, proposed, own=RULES).advice if a.id == "own-advice"]


CASES = [
    ("interfaces:\n  - {name: shop, callers: browsers}\n", "HIGH", ("shop",), ()),
    ("interfaces:\n  - {name: shop, callers: devices}\n", "MEDIUM", (), ("OWN01-BP01",)),
    ("interfaces:\n  - {name: shop}\n", "HIGH", (), ()),
    ("interfaces: []\n", "MEDIUM", (), ("OWN01-BP01",)),
    ("", "HIGH", (), ()),
]


@pytest.mark.parametrize(("interfaces", "risk", "touched", "away"), CASES)
def test_a_practice_counts_unless_it_can_touch_nothing(
    tmp_path: Path, interfaces: str, risk: str, touched: tuple[str, ...], away: tuple[str, ...]
) -> None:
    assessment = assess(tmp_path, f"answers: 1\nworkload: {{name: w}}\n{interfaces}{LENS}", pillar=PILLAR)
    found = own_question(assessment)
    assert (found.risk, found.touched["OWN01-BP01"], tuple(found.away)) == (risk, touched, away)
    report = render_report(assessment)
    assert ("OWN01-BP01: does not apply. No interface is open to callers of other teams." in report) == bool(away)


def test_a_question_without_any_practice_left_does_not_apply(tmp_path: Path) -> None:
    only = PILLAR[: PILLAR.index("      - id: OWN01-BP02")]
    found = own_question(assess(tmp_path, "answers: 1\nworkload: {name: w}\ninterfaces: []\n", pillar=only))
    assert (found.risk, found.reason) == ("NOT_APPLICABLE", "No interface is open to callers of other teams.")


FAULTS = [
    ("interface:", "interfaec:", 'unknown scope "interfaec"; did you mean interface?'),
    ("        away: No interface is open to callers of other teams.\n", "", '"OWN01-BP01" has `touches` and no `away`'),
    ("callers in [browsers, partners]", "callers in [browser]", 'callers has no choice "browser"; did you mean browsers?'),
    ("callers in [browsers, partners]", "lookup is text", '"lookup" belongs to an access pattern'),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_faults_of_touches_are_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "pillar.yaml").write_text(PILLAR.replace(old, new, 1))
    with pytest.raises(RulesError) as caught:
        load_ruleset((str(tmp_path),))
    assert any(p.message.startswith(message) for p in caught.value.problems), [p.message for p in caught.value.problems]


def test_only_the_nearest_figure_that_changes_a_choice_is_near(tmp_path: Path) -> None:
    text = PATTERN.replace("combines: one-parent", "combines: one-parent, item_size: 12 KB")
    flips = [f for f in assess(tmp_path, text, own=RULES).verdicts[0].flips if f.question == "item_size"]
    assert [f.near for f in flips] == [True] + [False] * (len(flips) - 1)


def test_another_identity_is_told_in_one_sentence(tmp_path: Path) -> None:
    report = render_report(assess(tmp_path, PATTERN, own=RULES))
    assert "Another answer to “How is the data found?” or “What is stored?” would make it another case" in report
    assert "| How is the data found? |" not in report.split("## Appendix")[0]
