"""Broken answers files: the exact message, exit 2, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from wa_advisor.answers import parse_answers
from wa_advisor.errors import AdvisorError
from wa_advisor.model import RuleSet

HEAD = "answers: 1\nworkload: {name: w}\naccess_patterns:\n  - name: p\n    "

BROKEN = [
    (HEAD + "lokup: full-key", '5:5: unknown question "lokup"; did you mean lookup?'),
    (HEAD + "lookup: full-kye", '5:13: lookup has no choice "full-kye"; did you mean full-key?'),
    (HEAD + "item_size: 12", '5:16: "item_size" is 12, but it needs a unit: write "12 KB"'),
    (HEAD + "item_size: 12 ms", '5:16: "item_size" is a duration ("12 ms"), but a size is needed: write for example "400 KB"'),
    (HEAD + "peak_rate: 50 to 20/s", '5:16: "peak_rate" is "50 to 20/s", a range from high to low: write the lower end first'),
    (HEAD + "lookup: text\n    lookup: text", '6:5: "lookup" stands here a second time (first in line 5): keep one'),
    (HEAD + "proposed: dynmodb", '5:15: "dynmodb" is no option of data_store; did you mean dynamodb?'),
    ("answers: 2\nworkload: {name: w}\n", '1:10: format "2" is not known here: write `answers: 1`'),
    ("\tanswers: 1\n", "1:1: a tab indents this line: YAML indents with spaces, write spaces"),
    ("", "1:1: the file is empty: start it with `answers: 1` and `workload:`"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_message(ruleset: RuleSet, text: str, message: str) -> None:
    with pytest.raises(AdvisorError) as caught:
        parse_answers(text, "a.yaml", ruleset)
    shown = [f"{p.span.line}:{p.span.column}: {p.message}" for p in caught.value.problems]
    assert shown == [message]


@pytest.mark.parametrize("text", ["[" * 10_000, "a: &a [x,x]\nb: &b [*a,*a]\n" + "c: [" + "*b," * 300 + "]", "{" * 500])
def test_absurd_yaml_is_refused(ruleset: RuleSet, text: str) -> None:
    with pytest.raises(AdvisorError):
        parse_answers(text, "a.yaml", ruleset)


def test_command_line_gives_exit_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from wa_advisor import cli

    for data in (b"\xff\xfea\x00", b"a: \x00", b"\xe9", b"x" * 3_000_000):
        path = tmp_path / "a.yaml"
        path.write_bytes(data)
        monkeypatch.setattr("sys.argv", ["wa-advisor", "report", str(path)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert stop.value.code == 2
        assert "Traceback" not in capsys.readouterr().err


def test_version() -> None:
    from wa_advisor.cli import cli

    assert CliRunner().invoke(cli, ["--version"]).output == "wa-advisor 0.1.0\n"
