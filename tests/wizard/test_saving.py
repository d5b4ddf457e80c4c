"""What must never happen to a file: written over unseen, parted from its other names, given to others, swept away."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wa_advisor import lock, saving
from wa_advisor.errors import CommandError
from wa_advisor.files import write_text
from wa_advisor.saving import AnswersFile, ChangedOutside, SaveError

NOBODY = 65534
needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become someone else")


@contextmanager
def someone_else() -> Iterator[Path]:
    """A folder that everybody may write to, while this process is nobody in particular."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        os.seteuid(0)
        shutil.rmtree(folder)


def problem(path: Path) -> str:
    """Why the file cannot be held."""
    with pytest.raises(CommandError) as found, AnswersFile(str(path)):
        pass
    return str(found.value.problems[0].message)


# -- someone else writes too -----------------------------------------------------------------------------


def test_what_is_written_between_the_look_and_the_rename_is_seen(tmp_path, monkeypatch):
    path = tmp_path / "cart.yaml"
    with AnswersFile(str(path)) as file:
        file.save("ours\n")
        fsync = os.fsync

        def slow_disk(number: int) -> None:
            fsync(number)
            (tmp_path / "editor~").write_text("theirs\n")
            os.replace(tmp_path / "editor~", path)

        monkeypatch.setattr(saving.os, "fsync", slow_disk)
        with pytest.raises(ChangedOutside):
            file.save("ours again\n")
    assert path.read_text() == "theirs\n"
    assert [p.name for p in tmp_path.iterdir()] == ["cart.yaml"]


def test_a_file_that_is_gone_is_told_and_made_anew_at_the_next_answer(tmp_path):
    path = tmp_path / "cart.yaml"
    with AnswersFile(str(path)) as file:
        file.save("a\n")
        path.unlink()
        with pytest.raises(SaveError, match="not saved: the file is gone: answer once more, and it is made anew"):
            file.save("b\n")
        file.save("b\n")
    assert path.read_text() == "b\n"


def make_a_link(path: Path) -> None:
    path.rename(path.with_name("other.yaml"))
    path.symlink_to("other.yaml")


def make_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


PLACES_TAKEN = [
    (make_a_link, "leads to another file now"),
    (make_a_folder, "is no regular file: put the file back"),
    (make_a_pipe, "is no regular file: put the file back"),
    (lambda path: os.link(path, path.with_name("second.yaml")), "several names"),
    (lambda path: shutil.rmtree(path.parent), "the folder of the file is gone"),
]


@pytest.mark.parametrize(("take", "message"), PLACES_TAKEN)
def test_what_took_the_place_of_the_file_is_not_replaced(tmp_path, take, message):
    folder = tmp_path / "answers"
    folder.mkdir()
    path = folder / "cart.yaml"
    with AnswersFile(str(path)) as file:
        file.save("a\n")
        take(path)
        for _ in range(2):
            with pytest.raises(SaveError, match=message):
                file.save("b\n")
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and p.read_text() != "a\n"]


def test_a_link_that_is_led_elsewhere_meanwhile_changes_neither_file(tmp_path):
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(name)
    link = tmp_path / "cart.yaml"
    link.symlink_to("one.yaml")
    with AnswersFile(str(link)) as file:
        file.read()
        link.unlink()
        link.symlink_to("two.yaml")
        with pytest.raises(SaveError, match="leads to another file now: put back what was there"):
            file.save("x")
        assert file.standing == "changed"
    assert [(tmp_path / name).read_text() for name in ("one.yaml", "two.yaml")] == ["one.yaml", "two.yaml"]


# -- whose file it is ------------------------------------------------------------------------------------


@needs_root
@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_root_leaves_a_file_to_its_owner(tmp_path, mode):
    path = tmp_path / "cart.yaml"
    path.write_text("a\n")
    path.chmod(mode)
    os.chown(path, NOBODY, NOBODY)
    with AnswersFile(str(path)) as file:
        file.read()
        file.save("b\n")
    now = path.stat()
    assert (now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode)) == (NOBODY, NOBODY, mode)


@needs_root
def test_a_file_that_may_not_be_written_is_refused_before_the_first_question():
    with someone_else() as folder:
        own = folder / "own.yaml"
        own.write_text("a\n")
        own.chmod(0o444)
        assert problem(own) == "is write-protected: make it writable, or name another file"
        os.seteuid(0)
        theirs = folder / "theirs.yaml"
        theirs.write_text("a\n")
        theirs.chmod(0o644)
        os.seteuid(NOBODY)
        assert problem(theirs).startswith("is write-protected")
        assert sorted(p.name for p in folder.iterdir()) == ["own.yaml", "theirs.yaml"]


@needs_root
def test_a_file_that_will_change_its_owner_is_told_of_and_keeps_its_mode():
    with someone_else() as folder:
        os.seteuid(0)
        path = folder / "cart.yaml"
        path.write_text("a\n")
        path.chmod(0o666)
        os.seteuid(NOBODY)
        with AnswersFile(str(path)) as file:
            file.read()
            assert "belongs to someone else" in file.owner_notice
            file.save("b\n")
            assert file.owner_notice == ""
        assert (path.stat().st_uid, stat.S_IMODE(path.stat().st_mode)) == (NOBODY, 0o666)


@needs_root
def test_the_lock_that_another_user_left_behind_locks_nobody_out():
    with someone_else() as folder:
        os.seteuid(0)
        (folder / ".cart.yaml.lock").write_text("999999\n")
        (folder / ".cart.yaml.lock").chmod(0o644)
        os.seteuid(NOBODY)
        with AnswersFile(str(folder / "cart.yaml")) as file:
            file.save("a\n")
            assert "another wizard has it open" in problem(folder / "cart.yaml")


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_extended_attributes_stay(tmp_path):
    path = tmp_path / "cart.yaml"
    path.write_text("a\n")
    try:
        os.setxattr(path, "user.reviewed", b"yes")
    except OSError:
        pytest.skip("this file system has none")
    with AnswersFile(str(path)) as file:
        file.read()
        file.save("b\n")
    assert os.getxattr(path, "user.reviewed") == b"yes"


def test_a_file_with_several_names_is_refused_under_each(tmp_path):
    path = tmp_path / "cart.yaml"
    path.write_text("a\n")
    os.link(path, tmp_path / "second.yaml")
    for name in ("cart.yaml", "second.yaml"):
        assert "several names (hard links)" in problem(tmp_path / name)


# -- what stands beside it -------------------------------------------------------------------------------


def test_only_own_parts_are_swept(tmp_path):
    (tmp_path / "folder").mkdir()
    foreign = [".q.yaml.my-notes.part", ".q.yaml.notes.part", ".q.yaml.b.0a1b2c3d.part", ".q.yaml.0a1b2c3d.part.bak"]
    for name in foreign:
        (tmp_path / name).write_text("kept")
    (tmp_path / ".q.yaml.00000000.part").mkdir()
    (tmp_path / ".q.yaml.0a1b2c3d.part").write_text("half")
    with AnswersFile(str(tmp_path / "q.yaml")):
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*foreign, ".q.yaml.00000000.part", ".q.yaml.lock", "folder"])


def test_ctrl_c_while_the_lock_is_taken_leaves_no_lock_behind(tmp_path, monkeypatch):
    opened = lock._opened

    def interrupted(path: Path, shown: str) -> int:
        found = opened(path, shown)
        signal.raise_signal(signal.SIGINT)
        return found

    monkeypatch.setattr(lock, "_opened", interrupted)
    with pytest.raises(KeyboardInterrupt), AnswersFile(str(tmp_path / "cart.yaml")):
        raise AssertionError("it was interrupted before")
    assert list(tmp_path.iterdir()) == []


def test_a_link_planted_as_the_lock_has_nothing_emptied(tmp_path):
    (tmp_path / "precious").write_text("x")
    (tmp_path / ".cart.yaml.lock").symlink_to("precious")
    assert ".cart.yaml.lock beside it is in the way" in problem(tmp_path / "cart.yaml")
    assert (tmp_path / "precious").read_text() == "x"


@pytest.mark.parametrize("length", [201, 245, 255])
def test_a_very_long_name_can_be_saved(tmp_path, length):
    path = tmp_path / ("x" * (length - 5) + ".yaml")
    with AnswersFile(str(path)) as file:
        file.save("a\n")
        assert "another wizard has it open" in problem(path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_an_answer_that_would_make_the_file_too_large_to_be_read_is_refused(tmp_path):
    path = tmp_path / "cart.yaml"
    with AnswersFile(str(path)) as file:
        file.save("a\n")
        with pytest.raises(SaveError, match="larger than 2 MB, which is the most that is read: shorten this answer"):
            file.save("x" * 2_000_001)
        file.save("x" * 2_000_000)
        assert file.read() == "x" * 2_000_000


# -- names that are none ---------------------------------------------------------------------------------


def test_names_under_which_nothing_can_be_kept(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert problem(tmp_path / "pipe") == "is no regular file: name another one"
    assert problem(Path("/dev/null")) == "is no regular file: name another one"
    assert problem(tmp_path / "loop.yaml").startswith("cannot be used (")
    assert problem(tmp_path / ("x" * 300)).startswith("cannot be used (File name too long)")
    assert (tmp_path / "loop.yaml").is_symlink()


@needs_root
def test_a_folder_that_may_not_be_entered():
    with someone_else() as folder:
        (folder / "closed").mkdir(mode=0o600)
        assert problem(folder / "closed" / "cart.yaml").startswith("cannot be used (Permission denied)")


@pytest.mark.parametrize("command", [["report"], ["check"], ["explain"], ["ask", "--plain"], ["ask", "--no-input"]])
def test_a_named_pipe_is_not_waited_for(tmp_path, command):
    os.mkfifo(tmp_path / "pipe")
    done = subprocess.run(
        [sys.executable, "-m", "wa_advisor", *command, "pipe"],
        cwd=tmp_path,
        input="1\n",
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2 and done.stderr.startswith("pipe: is no regular file: name")


def test_a_pipe_given_by_the_shell_is_read(tmp_path):
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m wa_advisor report <(printf 'answers: 1\\nworkload: {{name: Shop}}\\n')"],
        cwd=tmp_path, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.startswith("# Architecture recommendation: Shop")


# -- reports ---------------------------------------------------------------------------------------------


def test_a_report_is_no_more_readable_than_what_it_was_made_from(tmp_path):
    answers = tmp_path / "cart.yaml"
    answers.write_text("answers: 1\nworkload: {name: Shop}\n")
    for mode, wanted in ((0o600, 0o600), (0o640, 0o640), (0o666, 0o644)):
        answers.chmod(mode)
        out = tmp_path / f"{mode:o}.md"
        subprocess.run(
            [sys.executable, "-m", "wa_advisor", "report", "cart.yaml", "-o", str(out)],
            cwd=tmp_path, check=True, umask=0o022,
        )  # fmt: skip
        assert stat.S_IMODE(out.stat().st_mode) == wanted
    out = tmp_path / "600.md"
    out.chmod(0o644)
    subprocess.run([sys.executable, "-m", "wa_advisor", "report", "cart.yaml", "-o", str(out)], cwd=tmp_path, check=True)
    assert stat.S_IMODE(out.stat().st_mode) == 0o644


def test_a_link_that_a_report_is_written_to_stays_one(tmp_path):
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    write_text(str(tmp_path / "link.md"), "new")
    assert (tmp_path / "link.md").is_symlink() and (tmp_path / "real.md").read_text() == "new"


def test_what_a_killed_process_left_of_a_report_is_swept_and_what_is_being_written_is_not(tmp_path):
    old, young = tmp_path / ".r.md.0a1b2c3d.part", tmp_path / ".r.md.ffffffff.part"
    for part in (old, young):
        part.write_text("half")
    os.utime(old, (1, 1))
    write_text(str(tmp_path / "r.md"), "x")
    assert sorted(p.name for p in tmp_path.iterdir()) == [young.name, "r.md"]
