"""What a reviewer meets in the committed reports: nothing beyond a limit left unsaid, no odd figures, no walls of text."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.errors import AnswersError
from wa_advisor.model import RuleSet
from wa_advisor.quantity import Interval
from wa_advisor.report.phrases import share_range

REPORTS = sorted((Path(__file__).resolve().parents[2] / "reports").glob("*/report.md"))
MERMAID_BUDGET = 2_000


@pytest.fixture(params=REPORTS, ids=lambda path: path.parent.name)
def folder(request: pytest.FixtureRequest) -> Path:
    return request.param.parent


def read(folder: Path) -> tuple[str, dict[str, Any]]:
    return (folder / "report.md").read_text("utf-8"), json.loads((folder / "assessment.json").read_text("utf-8"))


def test_at_least_four_workloads_are_shown() -> None:
    assert len(REPORTS) >= 4


def test_every_exceeded_limit_is_on_the_first_screens(folder: Path) -> None:
    report, document = read(folder)
    room = report.split("## To decide in the room")[1].split("\n## ")[0]
    exceeded = [row for row in document["limits"] if row["headroom"] < 0]
    assert len(re.findall(r"\*\*(?:Have a quota raised|Beyond a limit|Drop or change the proposal)", room)) >= bool(exceeded)
    assert len(re.findall(r"\*\*(?:Have a quota raised|Beyond a limit)", room)) <= len(exceeded)
    assert (" exceeded" in report.split("\n")[2]) is bool(re.search("Have a quota raised|Beyond a limit", room))


def test_the_pictures_name_what_the_answers_name_and_stay_within_the_budget(folder: Path) -> None:
    report, document = read(folder)
    pictures = re.findall(r"(?s)```mermaid\n.*?```", report)
    assert 0 < sum(map(len, pictures)) < MERMAID_BUDGET
    chart = next(p for p in pictures if "flowchart" in p)
    for group in ("components", "interfaces", "hand_overs"):
        for item in document[group]:
            assert item["name"] in chart, item["name"]


def test_a_proposal_is_drawn_as_it_is_counted(folder: Path) -> None:
    report, document = read(folder)
    differing = [p for p in document["access_patterns"] if p["data_store"]["proposed"] not in (None, p["data_store"]["choice"])]
    assert ("Drawn as the team proposes it" in report) is bool(differing)
    chart = next(p for p in re.findall(r"(?s)```mermaid\n.*?```", report) if "flowchart" in p)
    assert not differing or "Aurora PostgreSQL" in chart


def test_figures_are_written_as_people_write_them(folder: Path) -> None:
    report, _ = read(folder)
    assert not re.search(r"(?<![\d.])1 points|[2-9] point\b|(?<![\d,])[2-9] day\b|\d\d day\b", report)
    assert not re.search(r"\b0\.0\d{2,}\b", report)
    assert "53.66 TB" not in report


def test_what_folds_is_closed_and_stands_apart(folder: Path) -> None:
    """A table below a summary is read as a table only after an empty line."""
    lines = read(folder)[0].split("\n")
    opened = [i for i, line in enumerate(lines) if line.startswith("<details>")]
    closed = [i for i, line in enumerate(lines) if line == "</details>"]
    assert len(opened) == len(closed) > 2
    assert all(lines[i].endswith("</summary>") and lines[i + 1] == "" for i in opened)
    assert all(lines[i - 1] == "" for i in closed)
    assert all(a < b for a, b in zip(opened, closed, strict=True))


def test_what_lost_is_a_few_options_and_a_line(folder: Path) -> None:
    report, document = read(folder)
    for section in re.split(r"(?m)^(?=### )", report.split("## Advice")[0]):
        if "| Came second or later |" in section:
            table = section.split("| Came second or later |")[1].split("\n\n")[0]
            assert table.count("Nothing against it; less speaks for it.") <= 1
    losing = {o["option"] for p in document["access_patterns"] for o in p["data_store"]["ranking"] if o["state"] == "viable"}
    assert len(losing) < 2 or "Came second or later" in report


def test_no_table_of_changes_is_longer_than_can_be_weighed(folder: Path) -> None:
    for table in re.findall(r"(?ms)^\| What would (?:change|settle) it .*?\n\n", read(folder)[0]):
        asked = [line for line in table.split("\n")[2:] if line.startswith("| ") and not line.startswith("|  |")]
        assert len(asked) <= 9


def test_no_share_is_above_the_whole(ruleset: RuleSet) -> None:
    shares = [q for q in ruleset.questions.values() if q.type == "share"]
    assert shares and all(q.high is not None and q.high.magnitude == 1 for q in shares)
    text = "answers: 1\nworkload: {name: w}\naccess_patterns: [{name: a, write_share: %s}]\n"
    assert parse_answers(text % "about 90 %", "answers.yaml", ruleset).items("access_patterns")[0].answers[
        "write_share"
    ].value == Interval(Fraction(45, 100), 1)
    with pytest.raises(AnswersError, match="out of range"):
        parse_answers(text % "150 %", "answers.yaml", ruleset)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [("0", "0", "0 %"), ("0.001", "0.002", "below 1 %"), ("0.7", "0.7", "70 %"), ("0.001", "0.3", "0 to 30 %")],
)
def test_a_small_share_is_not_told_as_none(low: str, high: str, text: str) -> None:
    assert share_range(Fraction(low), Fraction(high)) == text


def test_a_decision_says_where_what_came_second_costs_less(folder: Path) -> None:
    report, _ = read(folder)
    row = re.compile(r"\| .+ \(.+\) \| (.+): ([\d.,]+ USD) \| (.+): ([\d.,]+ USD)(?: \(proposed\))? \| (−?)")
    found = [m.groups() for m in map(row.match, report.split("## Cost")[-1].splitlines()) if m]
    told = re.findall(
        r"- Not weighed: by the cost estimate (.+) comes to (.+) a month, this choice to (.+?)\.(?: |$)", report, re.MULTILINE
    )
    assert all(_usd(second) + 1 <= _usd(first) for _, second, first in told)
    wanted = {(other, text, cost) for _, cost, other, text, less in found if less and _usd(cost) - _usd(text) >= 1}
    assert set(told) == wanted


def test_some_report_has_a_choice_that_is_not_the_cheapest() -> None:
    assert any("- Not weighed: by the cost estimate" in path.read_text("utf-8") for path in REPORTS)


def _usd(text: str) -> float:
    return float(text.removesuffix(" USD").replace(",", ""))
