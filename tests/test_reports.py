"""The committed reports are what the tool writes today; a difference is read before it is accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.model import RuleSet
from wa_advisor.report.document import assessment_document
from wa_advisor.report.render import render_report

ROOT = Path(__file__).resolve().parent.parent
WORKLOADS = sorted(p.parent for p in (ROOT / "reports").glob("*/answers.yaml"))


def test_there_are_reports() -> None:
    assert WORKLOADS


@pytest.mark.parametrize("folder", WORKLOADS, ids=lambda p: p.name)
def test_committed_report_is_current(folder: Path, ruleset: RuleSet, request: pytest.FixtureRequest) -> None:
    answers = parse_answers((folder / "answers.yaml").read_text("utf-8"), "answers.yaml", ruleset)
    assessment = evaluate(ruleset, answers)
    made = {
        "report.md": render_report(assessment),
        "assessment.json": json.dumps(assessment_document(assessment), indent=2, ensure_ascii=False) + "\n",
    }
    for name, text in made.items():
        if request.config.getoption("--update-golden"):
            (folder / name).write_text(text, "utf-8")
        assert (folder / name).read_text("utf-8") == text
