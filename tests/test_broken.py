"""Broken input of every kind: the exact message with its place and remedy, exit 2, nothing on stdout, and no traceback.

The cases stand in `broken/*.txt`. A case is what is wrong in a few words, the input, and what the command prints;
`--update-golden` writes the last part anew. The rules are a small set of the tests' own, so that messages that list
what is known stay as they are when the shipped rules grow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from small_rules import FILES

from wa_advisor import cli, files

HERE = Path(__file__).parent / "broken"
ANSWERS = "answers: 1\nworkload:\n  name: w\n"
PATTERN = f"{ANSWERS}access_patterns:\n  - name: p\n    lookup: full-key\n"


@dataclass(frozen=True)
class Case:
    name: str
    command: str
    text: str
    expected: str


def read_cases(file: str) -> list[Case]:
    """The cases of one file: `=== name`, `$ command`, the input, `=> prints`, and what is printed."""
    cases = []
    for part in re.split(r"^=== ", (HERE / file).read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, _, rest = part.partition("\n")
        command, _, body = rest.partition("\n")
        text, _, expected = ("\n" + body).partition("\n=> prints\n")
        cases.append(Case(head, command.removeprefix("$ "), text[1:], expected.rstrip("\n")))
    return cases


def write_cases(file: str, cases: list[Case]) -> None:
    parts = [
        f"=== {c.name}\n$ {c.command}\n{c.text}{'' if not c.text or c.text.endswith(chr(10)) else chr(10)}=> prints\n{c.expected}\n"
        for c in cases
    ]
    (HERE / file).write_text("\n".join(parts), "utf-8")


Run = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in a folder of its own, with the small rule set as the shipped one."""
    rules = tmp_path / "rules"
    rules.mkdir()
    for number, text in enumerate(FILES):
        (rules / f"{chr(97 + number)}.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(files, "rules_directory", lambda: rules)
    monkeypatch.chdir(tmp_path)

    def command(line: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["wa-advisor", *line.split()])
        code: object = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        shown = capsys.readouterr()
        assert isinstance(code, int)
        return code, shown.out, shown.err

    return command


def place(case: Case, file: str, folder: Path) -> None:
    """Puts the input of a case where its command looks for it."""
    target = {"answers.txt": "a.yaml", "rules.txt": "rules/extra.yaml", "overlays.txt": "own/extra.yaml"}[file]
    (folder / target).parent.mkdir(exist_ok=True)
    text = case.text.replace("<pattern>\n", PATTERN).replace("<answers>\n", ANSWERS)
    (folder / target).write_text(text, "utf-8")
    (folder / "a.yaml").write_text(PATTERN, "utf-8") if target != "a.yaml" else None


def all_cases() -> Iterator[tuple[str, Case]]:
    for file in ("answers.txt", "rules.txt", "overlays.txt"):
        for case in read_cases(file):
            yield file, case


CASES = list(all_cases())


@pytest.mark.parametrize(("file", "case"), CASES, ids=[c.name for _, c in CASES])
def test_message(run: Run, tmp_path: Path, pytestconfig: pytest.Config, file: str, case: Case) -> None:
    place(case, file, tmp_path)
    code, out, err = run(case.command)
    if pytestconfig.getoption("--update-golden"):
        cases = [Case(c.name, c.command, c.text, err.rstrip("\n")) if c.name == case.name else c for c in read_cases(file)]
        write_cases(file, cases)
        return
    assert err.rstrip("\n") == case.expected
    assert (code, out) == (2, "")
    assert re.match(r"(\S+\.yaml:\d+(:\d+)?|wa-advisor[\w -]*|\S+): ", err)


def test_the_table_is_large_and_names_each_case_once() -> None:
    names = [c.name for _, c in CASES]
    assert len(names) == len(set(names)) >= 120
