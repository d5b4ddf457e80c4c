"""The serverless lens of the shipped rules: its inventory, and which practices a workload is asked about."""

from __future__ import annotations

from collections import Counter

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, evaluate
from wa_advisor.model import RuleSet

QUESTIONS = {
    "SERVOPS01": 4, "SERVOPS02": 6, "SERVSEC01": 3, "SERVSEC02": 4, "SERVSEC03": 5, "SERVREL01": 3, "SERVREL02": 4,
    "SERVPERF01": 5, "SERVCOST01": 4,
}  # fmt: skip
FUNCTION = "  - {name: api, trigger: request, work_kind: application, duration: 1 s, usual_duration: 50 ms, memory: 512 MB}\n"
WORKER = "  - {name: worker, trigger: event, work_kind: application, duration: 10 s, usual_duration: 1 s, memory: 512 MB}\n"
MACHINE = (
    "  - {name: suite, trigger: always, work_kind: product, existing_form: installed, host_needs: [host-licence, windows]}\n"
)


def assess(ruleset: RuleSet, text: str) -> Assessment:
    return evaluate(ruleset, parse_answers(f"answers: 1\nworkload: {{name: w}}\n{text}", "a.yaml", ruleset))


def test_nine_questions_and_thirty_eight_practices(ruleset: RuleSet) -> None:
    assert {q: len(lens.practices) for q, lens in ruleset.lens.items()} == QUESTIONS
    ids = [p.id for lens in ruleset.lens.values() for p in lens.practices]
    assert ids == [f"{q}-BP{n:02}" for q in ruleset.lens for n in range(1, QUESTIONS[q] + 1)]
    tiers = Counter(p.tier for lens in ruleset.lens.values() for p in lens.practices)
    assert tiers == {"required": 13, "good": 15, "best": 10}


def test_every_practice_says_why_what_and_where_from(ruleset: RuleSet) -> None:
    texts = [(p.because, p.improve) for lens in ruleset.lens.values() for p in lens.practices]
    assert len({t for pair in texts for t in pair}) == 76
    assert all(p.source.startswith("https://") and p.effort for lens in ruleset.lens.values() for p in lens.practices)
    assert all(lens.url.startswith("https://wa.aws.amazon.com/serv.question.") for lens in ruleset.lens.values())


@pytest.mark.parametrize("practice", ["SERVOPS02-BP05", "SERVSEC02-BP04", "SERVPERF01-BP01", "SERVCOST01-BP03"])
def test_practices_of_functions_name_the_functions(ruleset: RuleSet, practice: str) -> None:
    assessment = assess(ruleset, "access_patterns: []\ncomponents:\n" + FUNCTION + WORKER)
    touched = {p: names for verdict in assessment.lens for p, names in verdict.touched.items()}
    assert touched[practice] == ("api", "worker")


def test_without_functions_and_interfaces_their_practices_do_not_apply(ruleset: RuleSet) -> None:
    bare = "access_patterns: []\ninterfaces: []\nhand_overs: []\ncomponents:\n" + MACHINE
    assessment = assess(ruleset, bare)
    away = {p for verdict in assessment.lens for p in verdict.away}
    assert {"SERVOPS02-BP03", "SERVOPS02-BP05", "SERVSEC02-BP04", "SERVCOST01-BP01", "SERVREL01-BP02"} <= away
    assert not {"SERVOPS01-BP01", "SERVSEC02-BP01", "SERVCOST01-BP02"} & away
    assert [v.risk for v in assessment.lens if v.id == "SERVSEC01"] == ["NOT_APPLICABLE"]


def test_what_is_not_known_yet_is_asked(ruleset: RuleSet) -> None:
    assert not [p for verdict in assess(ruleset, "").lens for p in verdict.away]


def test_risk_follows_the_tier_of_what_is_missing(ruleset: RuleSet) -> None:
    lens = "lens:\n  SERVOPS01: {practices: [%s]}\n"
    risks = {}
    for missing in ("SERVOPS01-BP01", "SERVOPS01-BP03", "SERVOPS01-BP02"):
        done = ", ".join(f"SERVOPS01-BP0{n}" for n in range(1, 5) if not missing.endswith(str(n)))
        risks[missing] = next(v.risk for v in assess(ruleset, lens % done).lens if v.id == "SERVOPS01")
    assert risks == {"SERVOPS01-BP01": "HIGH", "SERVOPS01-BP03": "MEDIUM", "SERVOPS01-BP02": "NONE"}


def test_subjects_of_2018_that_today_has_no_practice_for(ruleset: RuleSet) -> None:
    text = "components:\n" + FUNCTION
    assessment = evaluate(
        ruleset, parse_answers(f"answers: 1\nworkload: {{name: w, sensitive_data: yes}}\n{text}", "a.yaml", ruleset)
    )
    found = {a.id for a in assessment.advice if a.topic == "subjects-2018"}
    assert {"sensitive-data-on-its-way-and-in-logs", "test-strategy-in-the-cloud"} <= found
