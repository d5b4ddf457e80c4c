"""How a run of `ask` begins and ends: closed streams, odd names, what else is on the disk, the report, the last lines."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from run_plain import PlainRun
from terminal import Terminal

from wa_advisor.commands.again import Again, quoted, shown
from wa_advisor.commands.ask import standing_line
from wa_advisor.engine.evaluate import Verdict

SMALL = Path(__file__).with_name("run_small.py")
DONE = """\
answers: 1
workload: {name: Shop, owner: me, stage: design, description: pages, operations: nobody, skills: [sql]}
access_patterns:
  - {name: cart, lookup: full-key, item_size: 3 KB}
components: []
interfaces: []
hand_overs: []
"""
TO_THE_REPORT = r"2\ngo on to the verdicts\nwrite the report and finish\n"


def run(command: str, cwd: Path, **options) -> subprocess.CompletedProcess[str]:
    """A line of a shell, with $W for `wa-advisor` and $S for the same with the small rules."""
    env = {**os.environ, "W": f"{sys.executable} -m wa_advisor", "S": f"{sys.executable} {SMALL}"}
    return subprocess.run(["bash", "-c", command], cwd=cwd, env=env, capture_output=True, text=True, timeout=60, **options)


# -- streams ---------------------------------------------------------------------------------------------

CLOSED = ["<&-", "<&- --plain", "</dev/null 2>&-", "</dev/null >&-", "<&- >&- 2>&-"]


@pytest.mark.parametrize("streams", CLOSED)
def test_a_closed_stream_is_no_terminal(tmp_path, streams):
    done = run(f"$W ask new.yaml {streams}", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    if "2>&-" not in streams:
        assert "there is no terminal to ask in" in done.stderr and len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


COMMANDS = [
    "report cart.yaml", "report cart.yaml --format json", "check cart.yaml", "check cart.yaml --format json", "explain cart.yaml",
    "template", "completion bash", "rules check", "rules schema", "--help", "--version", "compare cart.yaml cart.yaml",
    "ask cart.yaml --no-input",
]  # fmt: skip


@pytest.mark.parametrize("streams", [">/dev/full", ">&-"])
@pytest.mark.parametrize("command", COMMANDS)
def test_output_that_cannot_be_written_is_told_in_a_line(tmp_path, command, streams):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    (tmp_path / "cart.yaml").write_text("answers: 1\nworkload: {name: Shop}\naccess_patterns:\n  - name: cart\n")
    done = run(f"$W {command} {streams}", tmp_path)
    assert done.returncode == 2, done
    assert done.stderr.splitlines()[-1].startswith("the output: cannot be written (")
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_complaints_that_cannot_be_written_leave_the_exit_code(tmp_path):
    for streams in ("2>/dev/full", "2>&-"):
        assert run(f"$W report none.yaml {streams}", tmp_path).returncode == 2


# -- names and files that are there ----------------------------------------------------------------------


def test_an_empty_file_is_begun_as_a_new_one(tmp_path):
    (tmp_path / "cart.yaml").touch(mode=0o600)
    done = run("printf '1\\nShop\\n' | $W ask --plain cart.yaml", tmp_path)
    assert "name: Shop" in (tmp_path / "cart.yaml").read_text() and "Begin" in done.stderr
    assert stat.S_IMODE((tmp_path / "cart.yaml").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["-dash.yaml", "two words.yaml", "it's.yaml", "new\nline.yaml", "日本.yaml", "tab\t$HOME.yaml"])
def test_the_printed_command_goes_on_with_the_same_file(tmp_path, name):
    done = run(f"printf '1\\nShop\\n' | $W ask --plain -- {shlex.quote(name)}", tmp_path)
    command = done.stderr.rpartition("go on with: wa-advisor ")[2].strip()
    assert "\n" not in command and command.startswith("ask --plain ")
    done = run(f"printf '1\\nthe team\\n' | $W {command}", tmp_path)
    assert "owner: the team" in (tmp_path / name).read_text()
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_name_that_is_no_text_is_written_for_the_shell(tmp_path):
    name = os.fsdecode(b"caf\xe9.yaml")
    assert quoted(name) == "$'caf\\351.yaml'" and shown(name) == "caf�.yaml"
    assert (
        Again(answers=name, rules=("my rules",), plain=True).ask == "wa-advisor ask --plain --rules 'my rules' $'caf\\351.yaml'"
    )
    done = run("printf '1\\nShop\\n' | $W ask --plain $'caf\\351.yaml'", tmp_path)
    assert "All answers are in caf�.yaml; go on with: wa-advisor ask --plain $'caf\\351.yaml'" in done.stderr
    assert os.listdir(os.fsencode(tmp_path)) == [b"caf\xe9.yaml"]


def test_the_rules_stand_in_every_command_that_is_printed(tmp_path):
    done = run("printf '1\\nShop\\n' | $S ask --plain --rules 'own rules' cart.yaml", tmp_path)
    assert "go on with: wa-advisor ask --plain --rules 'own rules' cart.yaml" in done.stderr
    done = run("$S ask --rules ov cart.yaml </dev/null", tmp_path)
    assert "(`wa-advisor template --rules ov > cart.yaml` gives" in done.stderr
    assert "run `wa-advisor report --rules ov cart.yaml`" in done.stderr
    done = finished(tmp_path, options="--rules ov")
    for command in ("explain", "check", "ask --plain"):
        assert f"\n  wa-advisor {command} --rules ov cart.yaml    " in done.stderr


# -- someone else's changes ------------------------------------------------------------------------------

BROKEN = ["answers: 1\nworkload: {name: half\n", "", "hello: world\n", "answers: 1\nworkload: {name: caf\xe9}\n"]


@pytest.mark.parametrize("text", BROKEN)
def test_a_file_that_someone_else_is_in_the_middle_of_is_never_written_over(tmp_path, text):
    path = tmp_path / "cart.yaml"
    with PlainRun("cart.yaml", cwd=tmp_path) as wizard:
        wizard.say("1", "Shop", "team")
        good = path.read_text()
        path.write_bytes(text.encode("latin-1"))
        for answer in ("design", "design", "built"):
            assert "was changed by someone else and cannot be read" in wizard.say(answer)
            assert path.read_bytes() == text.encode("latin-1")
        path.write_text(good.replace("owner: team", "owner: others"))
        assert "is read again. Please answer once more." in wizard.say("design")
        assert "How far along" not in wizard.say("design")
    assert "owner: others\n  stage: design\n" in path.read_text()


# -- the report ------------------------------------------------------------------------------------------


def finished(tmp_path: Path, text: str = DONE, before: str = "", options: str = "") -> subprocess.CompletedProcess[str]:
    """A run from a file in which all is answered to the report."""
    (tmp_path / "cart.yaml").write_text(text)
    return run(f"{before} printf '{TO_THE_REPORT}' | $S ask --plain {options} cart.yaml", tmp_path)


def test_what_comes_out_is_said_in_a_line_before_the_files(tmp_path):
    done = finished(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\nThe one choice is decided.\nThe answers are in cart.yaml, the report is in cart.report.md.\n" in done.stderr


def verdict(certainty: str) -> Verdict:
    return Verdict(
        decision="d", item="i", choice=None, certainty=certainty, why="", runner_up=None, tied_with=(), proposed=None,
        ranking=(), flips=(), open_questions=(), cites=(),
    )  # fmt: skip


STANDINGS = [
    ([], "There is nothing to choose yet: no entry is listed that a choice is made for."),
    (["open"], "The one choice is open."),
    (["leaning", "open"], "None of the 2 choices is decided, 1 is leaning, 1 is open."),
    (["decided", "decided"], "2 of 2 choices are decided."),
    (["decided", "leaning", "leaning"], "1 of 3 choices is decided, 2 are leaning."),
    (["open", "leaning", "open", "decided", "decided"], "2 of 5 choices are decided, 1 is leaning, 2 are open."),
]


@pytest.mark.parametrize(("certainties", "line"), STANDINGS)
def test_how_many_choices_are_decided(certainties, line):
    assert standing_line([verdict(c) for c in certainties]) == line


def test_the_report_is_as_private_as_the_answers(tmp_path):
    (tmp_path / "cart.yaml").touch(mode=0o600)
    finished(tmp_path)
    assert stat.S_IMODE((tmp_path / "cart.report.md").stat().st_mode) == 0o600


def test_a_file_of_someone_else_that_is_named_like_the_report_is_left_alone(tmp_path):
    for name, text in (("cart.report.md", "MY OWN NOTES\n"), ("cart.report-2.md", "more\n"), ("real.md", "notes\n")):
        (tmp_path / name).write_text(text)
    (tmp_path / "cart.report-3.md").symlink_to("real.md")
    for _ in range(2):  # the second time it is our own that is written over
        done = finished(tmp_path)
        assert "cart.report.md is no report of wa-advisor, and is left as it is." in done.stderr
        assert "the report is in cart.report-4.md" in done.stderr
    assert (tmp_path / "cart.report.md").read_text() == "MY OWN NOTES\n"
    assert (tmp_path / "cart.report-2.md").read_text() == "more\n" and (tmp_path / "real.md").read_text() == "notes\n"
    assert (tmp_path / "cart.report-4.md").read_text().startswith("# Architecture recommendation: Shop")
    assert not (tmp_path / "cart.report-5.md").exists()


def test_a_report_that_cannot_be_written_leaves_the_answers_and_says_how_to_make_it(tmp_path):
    done = finished(tmp_path, before="ulimit -f 1;", options="--rules ov")
    assert done.returncode == 2
    assert done.stderr.endswith(
        "cart.report.md: the report cannot be written (File too large). All answers are in cart.yaml; make the report with: "
        "wa-advisor report -o cart.report.md --rules ov cart.yaml\n"
    )
    assert (tmp_path / "cart.yaml").read_text() == DONE
    assert [p.name for p in tmp_path.iterdir()] == ["cart.yaml"]


def test_a_link_led_elsewhere_before_the_end_gives_no_report_of_the_other_file(tmp_path):
    (tmp_path / "one.yaml").write_text(DONE)
    (tmp_path / "two.yaml").write_text(DONE.replace("Shop", "Other"))
    (tmp_path / "cart.yaml").symlink_to("one.yaml")
    with PlainRun("cart.yaml", cwd=tmp_path) as wizard:
        wizard.say(*TO_THE_REPORT.split("\\n")[:2])
        (tmp_path / "cart.yaml").unlink()
        (tmp_path / "cart.yaml").symlink_to("two.yaml")
        code, said = wizard.end(TO_THE_REPORT.split("\\n")[2])
    assert code == 2 and f"leads to another file now; the answers are in {tmp_path / 'one.yaml'}" in said
    assert not list(tmp_path.glob("*.md"))


# -- a disk without room ---------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of 64 KB, where mounting is allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(folder: Path) -> Path:
    """Takes all room there is on a disk."""
    path = folder / "fill"
    with open(path, "wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"x" * 4096)
        except OSError:
            return path


def test_a_full_disk_is_told_at_every_answer_and_there_is_no_traceback_from_start_to_end(small_disk):
    (small_disk / "cart.yaml").write_text(DONE)
    full = fill(small_disk)
    with PlainRun("cart.yaml", cwd=small_disk) as wizard:
        shown_rows = wizard.say("2")
        wizard.say(next(line.split()[0] for line in shown_rows.splitlines() if "Who answers for it?" in line))
        for _ in range(2):
            assert "not saved (No space left on device): free some space, then answer again" in wizard.say("you")
        full.unlink()
        assert "not saved" not in wizard.say("you") and "owner: you" in (small_disk / "cart.yaml").read_text()
        fill(small_disk)
        wizard.say("go on to the verdicts")
        code, said = wizard.end("write the report and finish")
        assert code == 2 and "the report cannot be written (No space left on device). All answers are in cart.yaml" in said
    assert sorted(p.name for p in small_disk.iterdir()) == ["cart.yaml", "fill"]


@pytest.mark.parametrize("face", ["", "--plain"])
def test_ctrl_c_on_a_full_disk_says_how_to_go_on(small_disk, face):
    (small_disk / "cart.yaml").write_text(DONE)
    fill(small_disk)
    with Terminal("cart.yaml", *face.split(), cwd=small_disk, rows=50) as terminal:
        terminal.wait("Going on with Shop").press("ctrl-c")
        assert terminal.end() == 130
        words = " ".join(["wa-advisor ask", *face.split(), "cart.yaml"])
        terminal.wait(f"Stopped. All answers are in cart.yaml; go on with: {words}")
        assert "Traceback" not in terminal.text
    assert sorted(p.name for p in small_disk.iterdir()) == ["cart.yaml", "fill"]
