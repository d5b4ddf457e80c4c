"""The example of an overlay: what it changes, and that the report says who spoke."""

from __future__ import annotations

import json
from pathlib import Path

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.files import load_ruleset
from wa_advisor.model import RuleSet
from wa_advisor.report.document import assessment_document
from wa_advisor.report.render import render_report

HOUSE = Path(__file__).parent / "overlays" / "house"
TEXT = """\
answers: 1
workload: {name: w}
access_patterns:
  - {name: p, lookup: any-fields, nature: records, combines: joins, proposed: aurora-postgresql}
"""


def test_what_it_changes(ruleset: RuleSet) -> None:
    house = load_ruleset((str(HOUSE),))
    assert sorted(house.overridden) == ["SERVREL01-BP01", "relational-store-sign-off"]
    assert house.digest == ruleset.digest
    ((name, digest),) = house.overlays
    assert (name, digest[:7], len(digest)) == ("house", "sha256:", 71)
    assert house.services["documentdb"].banned == "Nobody here runs it."
    names = {p.id: p.name for p in house.lens["SERVREL01"].practices}
    assert names["SERVREL01-BP01"] == "Throttle at the house gateway"
    assert len(names) == len(ruleset.lens["SERVREL01"].practices)


def test_the_report_names_it_with_its_digest() -> None:
    house = load_ruleset((str(HOUSE),))
    assessment = evaluate(house, parse_answers(TEXT, "a.yaml", house))
    digest = house.overlays[0][1]
    report = render_report(assessment)
    assert digest.removeprefix("sha256:")[:12] in report
    assert "database guild" in report
    assert digest in json.dumps(assessment_document(assessment))


def test_its_digest_follows_its_content_alone(tmp_path: Path) -> None:
    for path in HOUSE.iterdir():
        (tmp_path / path.name).write_text("# moved\n" + path.read_text("utf-8"), "utf-8")
    first, moved = load_ruleset((str(HOUSE),)), load_ruleset((str(tmp_path),))
    assert first.overlays == moved.overlays
    (tmp_path / "house.yaml").write_text((HOUSE / "house.yaml").read_text("utf-8").replace("guild", "board"), "utf-8")
    assert load_ruleset((str(tmp_path),)).overlays != first.overlays
