"""The pictures of reports, parsed by Mermaid itself where `make mermaid` has installed it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.model import Answers, RuleSet
from wa_advisor.report.escape import mermaid_label
from wa_advisor.report.pictures import BUDGET
from wa_advisor.report.render import render_report
from wa_advisor.ruleset.compile import compile_ruleset
from wa_advisor.ruleset.source import parse_yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "build" / "mermaid"
BESIDE = ROOT / "tests" / "report"
SAMPLES = sorted(ROOT.glob("reports/*/report.md"))

sys.path.insert(0, str(BESIDE))
from generated import generated_answers  # noqa: E402 - the folder has to be known first
from hostile import hostile_strings  # noqa: E402 - likewise

installed = pytest.mark.skipif(
    not ((PACKAGES / "installed").exists() and shutil.which("node")), reason="Mermaid is not installed: run `make mermaid`"
)


def pictures(report: str) -> list[str]:
    return re.findall(r"(?ms)^```mermaid\n(.*?)^```$", report)


def faults(found: Sequence[str]) -> list[str]:
    """What Mermaid says of each picture, "" where it can read it."""
    command = ["node", str(ROOT / "tests" / "mermaid" / "parse.mjs"), str(PACKAGES)]
    run = subprocess.run(command, input=json.dumps(found), capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert run.returncode == 0, run.stderr[-2000:]
    answer = json.loads(run.stdout.splitlines()[-1])
    assert isinstance(answer, list) and len(answer) == len(found)
    return answer


def test_every_sample_stays_within_what_is_drawn_at_once() -> None:
    for path in SAMPLES:
        assert sum(len(p) + 14 for p in pictures(path.read_text("utf-8"))) <= BUDGET, path


@installed
def test_mermaid_reads_the_pictures_of_every_sample() -> None:
    found = [p for path in SAMPLES for p in pictures(path.read_text("utf-8"))]
    assert [f for f in faults(["flowchart LR\nn1-->n2", *found]) if f] == []


@installed
def test_mermaid_says_when_it_cannot_read_a_picture() -> None:
    assert all(faults(['flowchart LR\nn1["a" b"]', 'pie\n  "a" : x', "flowchart LR\nend-->n1"]))


@installed
def test_mermaid_reads_every_label() -> None:
    labels = [mermaid_label(text) for text in hostile_strings(1_500, seed=3)]
    shapes = ('n{}["{}"]', 'n{}(["{}<br/>x"])', 'n{}[("x<br/>{}")]', 'n{}{{{{"{}"}}}}', 'n{}[/"{}"/]')
    parts = [labels[i : i + 20] for i in range(0, len(labels), 20)]
    found = [
        "flowchart LR\n" + "\n".join(shape.format(i, label) for i, label in enumerate(part)) for part in parts for shape in shapes
    ]
    found += ["pie showData title x\n" + "\n".join(f'  "{label}" : 1.5' for label in dict.fromkeys(part)) for part in parts]
    said = faults(found)
    assert [(f, p) for f, p in zip(said, found, strict=True) if f] == []


@installed
def test_mermaid_reads_reports_with_hostile_names() -> None:
    files = sorted((BESIDE / "rules").glob("*.yaml"))
    ruleset = compile_ruleset([("rules", [parse_yaml(f.read_text("utf-8"), f.name) for f in files])])
    strings = hostile_strings(0, seed=1)
    found = [picture for seed in range(40) for picture in pictures(_report(ruleset, seed, strings[5 * seed :]))]
    assert len(found) > 30
    assert [f for f in faults(found) if f] == []


def _report(ruleset: RuleSet, seed: int, strings: Sequence[str]) -> str:
    answers = parse_answers(generated_answers(ruleset, seed, most=4), "answers.yaml", ruleset)
    names = dict.fromkeys(i.name for items in answers.groups.values() for i in items)
    typed = {name: f"{text}{i}" for i, (name, text) in enumerate(zip(names, strings, strict=False))}
    return render_report(evaluate(ruleset, _renamed(answers, typed)))


def _renamed(answers: Answers, typed: dict[str, str]) -> Answers:
    def name(old: str) -> str:
        return typed.get(old, old)

    groups = {
        group: tuple(
            replace(i, name=name(i.name), links={k: tuple(map(name, v)) for k, v in i.links.items()}) for i in items
        )
        for group, items in answers.groups.items()
    }  # fmt: skip
    return replace(answers, groups=groups)
