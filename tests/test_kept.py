"""What is kept between runs is used only where it fits, and is never needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wa_advisor import kept as module
from wa_advisor.kept import kept, key_of


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "cache_from_source", lambda path: str(tmp_path / "cache" / Path(path).name))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "cache" / "thing.kept"


def test_made_once_for_a_key(place: Path) -> None:
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return f"made {len(made)}"

    key, other = key_of([b"a"]), key_of([b"b"])
    assert [kept("thing", key, make), kept("thing", key, make)] == ["made 1", "made 1"]
    assert [kept("thing", other, make), kept("thing", key, make)] == ["made 2", "made 3"]
    assert place.is_file()
    assert [p.name for p in place.parent.iterdir()] == ["thing.kept"]


@pytest.mark.parametrize("data", [b"", b"wa-advisor kept 1\n", b"rubbish", "cut"])
def test_a_damaged_file_is_made_again(place: Path, data: bytes | str) -> None:
    key = key_of([b"a"])
    kept("thing", key, lambda: "first")
    place.write_bytes(place.read_bytes()[:-3] if data == "cut" else data)  # type: ignore[arg-type]
    assert kept("thing", key, lambda: "second") == "second"
    assert kept("thing", key, lambda: "third") == "second"


def test_nothing_is_written_where_python_would_write_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert kept("thing", key_of([b"a"]), lambda: 1) == 1
    assert not place.exists()


def test_a_place_that_cannot_be_written_to_is_no_fault(place: Path) -> None:
    place.parent.write_text("a file where the folder should be")
    assert kept("thing", key_of([b"a"]), lambda: 1) == 1


def test_the_key_follows_the_code(tmp_path: Path) -> None:
    code = tmp_path / "a.py"
    code.write_text("1")
    before = key_of([b"x"], [code])
    code.write_text("12")
    assert key_of([b"x"], [code]) != before
    assert key_of([b"x", b"y"]) != key_of([b"xy"])


def test_the_same_report_with_and_without_what_is_kept(tmp_path: Path) -> None:
    answers = Path(__file__).resolve().parent.parent / "reports" / "shopping-cart" / "answers.yaml"
    words = [sys.executable, "-m", "wa_advisor", "report", str(answers)]
    bare = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    moved = bare | {"PYTHONPYCACHEPREFIX": str(tmp_path)}
    runs = [subprocess.run(words, capture_output=True, check=True, env=moved).stdout for _ in range(2)]
    without = subprocess.run(words, capture_output=True, check=True, env=bare | {"PYTHONDONTWRITEBYTECODE": "1"}).stdout
    assert runs == [without, without]
    assert len(list(tmp_path.rglob("*.kept"))) == 2


def test_the_version_needs_no_imports() -> None:
    code = (
        "import sys; sys.argv = ['wa-advisor', '--version']; from wa_advisor.__main__ import main; main(); "
        "print([m for m in sys.modules if m.partition('.')[0] in ('click', 'yaml', 'jinja2', 'dataclasses')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert shown[0].startswith("wa-advisor ")
    assert shown[1] == "[]"
