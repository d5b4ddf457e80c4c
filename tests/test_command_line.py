"""What all commands share: completion in four shells, colours, and never prompting."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from wa_advisor.cli import COMMANDS, cli

WA = [sys.executable, "-m", "wa_advisor"]


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        [*WA, *arguments], capture_output=True, text=True, cwd=cwd, env=kept | environment, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_a_script(shell: str) -> None:
    script = CliRunner().invoke(cli, ["completion", shell]).output
    assert f"{shell}_complete" in script
    assert "_WA_ADVISOR_COMPLETE" in script
    assert "wa-advisor" in script
    assert "%(" not in script


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_read_by_its_shell(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    (tmp_path / "script").write_text(CliRunner().invoke(cli, ["completion", shell]).output, "utf-8")
    assert subprocess.run([shell, "-n", str(tmp_path / "script")], capture_output=True).returncode == 0


TYPED = [
    ("rep", ["report"]),
    ("", list(COMMANDS)),
    ("rules s", ["schema", "show"]),
    ("check --for", ["--format"]),
    ("check --format ", ["text", "json", "github"]),
]


@pytest.mark.parametrize(("typed", "expected"), TYPED)
@pytest.mark.parametrize("shell", ["bash", "powershell"])
def test_what_may_follow(shell: str, typed: str, expected: list[str]) -> None:
    words = ["wa-advisor", *typed.split(" ")]
    environment = {"_WA_ADVISOR_COMPLETE": f"{shell}_complete"}
    if shell == "bash":
        environment |= {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    else:
        environment |= {"COMP_WORDS": "\n".join(w for w in words if w), "COMP_INCOMPLETE": words[-1]}
    lines = run(**environment).stdout.splitlines()
    found = [line.split("," if shell == "bash" else "\t")[1] for line in lines]
    assert sorted(found) == sorted(expected)


def test_colours_are_asked_for_and_forbidden(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("answers: 2\nworkload: {name: w}\n", "utf-8")
    plain = run("report", "a.yaml", cwd=tmp_path).stderr
    assert plain.startswith("a.yaml:1:10: the format")
    always = run("--color", "always", "report", "a.yaml", cwd=tmp_path, NO_COLOR="1").stderr
    assert always.startswith("\x1b[1ma.yaml:1:10\x1b[0m: the format")
    assert run("report", "a.yaml", cwd=tmp_path, FORCE_COLOR="1").stderr == always
    assert run("--color", "never", "report", "a.yaml", cwd=tmp_path, FORCE_COLOR="1").stderr == plain
    assert run("report", "a.yaml", cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1").stderr == plain
    assert click_free(always) == plain


def click_free(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_nothing_prompts_when_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("answers: 1\nworkload: {name: w}\n", "utf-8")
    before, after = run("--no-input", "ask", "a.yaml", cwd=tmp_path), run("ask", "a.yaml", "--no-input", cwd=tmp_path)
    assert (before.returncode, before.stdout, before.stderr) == (after.returncode, after.stdout, after.stderr)
