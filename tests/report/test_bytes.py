"""The same rules and answers give the same bytes, wherever and whenever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wa_advisor.files import rules_directory

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "reports" / "shopping-cart" / "answers.yaml"
PLACES = (
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC", "LANG": "C"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kolkata", "PYTHONUTF8": "1"},
    {"PYTHONHASHSEED": "77", "LC_ALL": "POSIX", "TZ": "America/New_York", "PYTHONIOENCODING": "latin-1", "COLUMNS": "20"},
    {"PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Auckland", "NO_COLOR": "1"},
)


@pytest.mark.parametrize("form", ["md", "json"])
def test_same_bytes_under_other_seed_locale_zone_and_folder(tmp_path: Path, form: str) -> None:
    copy = tmp_path / "answers.yaml"
    copy.write_bytes(SAMPLE.read_bytes().replace(b"shop team", "shop team \u2013 K\u00f6ln".encode()))
    outputs = set()
    for place in PLACES:
        for path, folder in ((str(copy), ROOT), ("answers.yaml", tmp_path))[: 2 if place is PLACES[0] else 1]:
            command = [sys.executable, "-m", "wa_advisor", "report", path, "--format", form]
            run = subprocess.run(command, capture_output=True, env={**os.environ, **place}, cwd=folder, check=True)
            outputs.add(run.stdout)
    assert len(outputs) == 1
    assert b"\r" not in outputs.copy().pop()


def test_the_order_of_the_rule_files_on_disk_does_not_matter(tmp_path: Path) -> None:
    copied = tmp_path / "wa_advisor" / "rules"
    for path in sorted(rules_directory().rglob("*.yaml"), reverse=True):
        target = copied / path.relative_to(rules_directory())
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    code = (
        "import sys, pathlib, wa_advisor.files as f\n"
        "where = pathlib.Path(sys.argv.pop())\n"
        "f.rules_directory = lambda: where\n"
        "from wa_advisor.cli import main\nmain()\n"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code, "report", str(SAMPLE), str(where)], capture_output=True, check=True).stdout
        for where in (rules_directory(), copied)
    ]
    assert runs[0] == runs[1] != b""
