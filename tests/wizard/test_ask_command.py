"""`wa-advisor ask` as it is started: pipes, no terminal, locks, modes, full disks."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from wa_advisor.saving import AnswersFile, ChangedOutside, SaveError


def ask(*args: str, stdin: str | None = None, cwd: Path, **options) -> subprocess.CompletedProcess[str]:
    source = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
    command = [sys.executable, "-m", "wa_advisor", "ask", *args]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, **source, **options)


LINES = "1\nShop\nshop team\n\n"


def test_without_a_terminal_nothing_prompts(tmp_path):
    for args in ([], ["--plain"]):
        done = ask("cart.yaml", *args, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(
            "ask: there is no terminal to ask in: run it in one, or write cart.yaml by hand (`wa-advisor template"
        )
        assert len(done.stderr.splitlines()) == 1
    done = ask("cart.yaml", stdin=LINES, cwd=tmp_path)
    assert done.returncode == 2 and "no terminal" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_lines_from_a_pipe_are_answers_with_plain_and_prompts_stay_off_stdout(tmp_path):
    done = ask("cart.yaml", "--plain", stdin=LINES, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        "the input ended before the interview did. All answers are in cart.yaml; go on with: wa-advisor ask --plain cart.yaml"
        in done.stderr
    )
    assert (tmp_path / "cart.yaml").read_text().endswith("workload:\n  name: Shop\n  owner: shop team\n")
    assert [p.name for p in tmp_path.iterdir()] == ["cart.yaml"]


def test_an_endless_stream_of_nonsense_comes_to_an_end(tmp_path):
    done = ask("cart.yaml", "--plain", stdin="1\nShop\n\n\n" + "nonsense\n" * 5000, cwd=tmp_path)
    assert done.returncode == 2 and "too many lines in a row were no answers. All answers are in cart.yaml" in done.stderr


def test_no_input_lists_what_is_missing_and_prompts_nothing(tmp_path):
    (tmp_path / "cart.yaml").write_text(
        "answers: 1\nworkload: {name: x}\naccess_patterns:\n  - {name: cart, lookup: any-fields}\n"
    )
    done = ask("cart.yaml", "--no-input", cwd=tmp_path)
    assert done.returncode == 2
    assert "access_patterns / cart / item_size: a size such as 12 KB, or unknown" in done.stdout
    assert "not answered: add them to the file" in done.stderr
    done = ask("none.yaml", "--no-input", cwd=tmp_path)
    assert done.returncode == 2 and "wa-advisor template > none.yaml" in done.stderr


BAD_FILES = [
    ("a: [1\n", "cart.yaml:"),
    ("answers: 2\nworkload: {name: x}\n", 'format "2" is not known here'),
    ("- x\n", "an answers file is a mapping"),
    ("answers: 1\nworkload: {name: x}\nworkload: {name: y}\n", "stands here a second time"),
]


@pytest.mark.parametrize(("text", "message"), BAD_FILES)
def test_a_bad_file_is_told_and_left_alone(tmp_path, text, message):
    (tmp_path / "cart.yaml").write_text(text)
    done = ask("cart.yaml", "--plain", stdin=LINES, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "cart.yaml").read_text() == text


@pytest.mark.parametrize(
    ("name", "message"), [("no/cart.yaml", "its folder does not exist"), (".", "is a directory"), ("-", "name a file")]
)
def test_a_name_that_cannot_be_a_file(tmp_path, name, message):
    done = ask(name, "--plain", stdin=LINES, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr


# -- saving ----------------------------------------------------------------------------------------------


def test_a_second_wizard_is_told_and_overwrites_nothing(tmp_path):
    path = tmp_path / "cart.yaml"
    with AnswersFile(str(path)) as file:
        file.save("answers: 1\n")
        done = ask("cart.yaml", "--plain", stdin=LINES, cwd=tmp_path)
    assert done.returncode == 2
    assert f"cart.yaml: another wizard has it open (process {os.getpid()}): finish that one" in done.stderr
    assert path.read_text() == "answers: 1\n"
    assert [p.name for p in tmp_path.iterdir()] == ["cart.yaml"]


def test_the_lock_of_a_dead_process_and_its_half_written_file_are_cleared_away(tmp_path):
    (tmp_path / ".cart.yaml.lock").write_text("999999\n")
    (tmp_path / ".cart.yaml.0a1b2c3d.part").write_text("half")
    with AnswersFile(str(tmp_path / "cart.yaml")) as file:
        file.save("answers: 1\n")
    assert [p.name for p in tmp_path.iterdir()] == ["cart.yaml"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_mode_of_the_file_is_kept(tmp_path, mode):
    path = tmp_path / "cart.yaml"
    path.write_text("x")
    path.chmod(mode)
    with AnswersFile(str(path)) as file:
        assert file.read() == "x"
        file.save("y")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_a_link_and_a_byte_order_mark_stays(tmp_path):
    real = tmp_path / "real.yaml"
    real.write_bytes(b"\xef\xbb\xbfanswers: 1\n")
    link = tmp_path / "cart.yaml"
    link.symlink_to(real)
    with AnswersFile(str(link)) as file:
        assert file.read() == "answers: 1\n"
        file.save("answers: 1\nx: y\n")
    assert link.is_symlink() and real.read_bytes() == b"\xef\xbb\xbfanswers: 1\nx: y\n"


def test_a_file_written_by_someone_else_is_noticed(tmp_path):
    path = tmp_path / "cart.yaml"
    with AnswersFile(str(path)) as file:
        assert file.standing == "none"
        file.save("a")
        assert file.standing == "saved"
        path.write_text("b")
        for _ in range(3):
            with pytest.raises(ChangedOutside):
                file.save("c")
        assert (file.standing, path.read_text()) == ("changed", "b")
        path.unlink()
        assert file.standing == "gone"


def test_a_disk_without_room_is_reported_and_what_was_saved_stays(tmp_path):
    path = tmp_path / "cart.yaml"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with AnswersFile(str(path)) as file:
        file.save("short\n")
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, hard))
        try:
            with pytest.raises(SaveError, match=r"free some space, then answer again; everything saved before is kept"):
                file.save("x" * 10_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert path.read_text() == "short\n"
        assert [p.name for p in tmp_path.glob("*.part")] == [] and [p.name for p in tmp_path.glob(".*.part")] == []
        file.save("again\n")
    assert path.read_text() == "again\n"
