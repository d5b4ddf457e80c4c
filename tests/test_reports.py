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


def test_the_readme_shows_the_top_of_a_committed_report(request: pytest.FixtureRequest) -> None:
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    begin, end = "<!-- excerpt of reports/online-shop/report.md: first screen -->\n", "<!-- end of excerpt -->\n"
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    top = (ROOT / "reports" / "online-shop" / "report.md").read_text("utf-8").split("\n## Access patterns")[0].strip()
    now = before + begin + "\n" + "".join(f"> {line}".rstrip() + "\n" for line in top.split("\n")) + "\n" + end + after
    if request.config.getoption("--update-golden"):
        readme.write_text(now, "utf-8")
    assert readme.read_text("utf-8") == now
