"""Signals: whatever ends the wizard or lays it aside, the terminal is put back, and who looks at it is told how to go on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from terminal import SMALL, Terminal
from test_terminal import STARTED

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash starts the jobs here")

ENDING = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]
ON, OFF = "h", "l"


def modes_left(raw: bytes) -> list[str]:
    """Which modes of the terminal were switched and not switched back: the alternate screen, bracketed paste, the cursor."""
    last = {name: max((raw.rfind(f"\x1b[?{name}{to}".encode()), to) for to in (ON, OFF))[1] for name in ("1049", "2004", "25")}
    usual = {"1049": OFF, "2004": OFF, "25": ON}
    return [name for name, to in last.items() if f"\x1b[?{name}".encode() in raw and to != usual[name]]


def takes_lines(terminal: Terminal) -> bool:
    """Whether the terminal shows what is typed, takes it by the line, and makes signals of keys."""
    flags = termios.tcgetattr(terminal.child.fileno())
    return all(flags[3] & flag for flag in (termios.ECHO, termios.ICANON, termios.ISIG)) and bool(flags[0] & termios.ICRNL)


def wizard_of(terminal: Terminal) -> int:
    """The number of the process that the shell has started."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        children = Path(f"/proc/{terminal.child.pid}/task/{terminal.child.pid}/children").read_text().split()
        if children:
            return int(children[0])
        terminal.read()
    raise AssertionError("nothing was started")


@pytest.fixture
def cart(tmp_path):
    path = tmp_path / "cart.yaml"
    path.write_text(STARTED)
    return path


def asked(terminal: Terminal, *, plain: bool) -> Terminal:
    if plain:
        return terminal.wait("[Enter = 1] >").press("1\r").wait("Who may look after machines?")
    return terminal.wait("Going on with Shop").press("enter").wait("1   nobody")


def at_prompt(terminal: Terminal) -> Terminal:
    """Once the shell reads lines again, and has been heard to do so."""
    end = time.monotonic() + 20
    while not terminal.raw.endswith(b"PROMPT$ "):
        assert time.monotonic() < end, terminal.text
        terminal.read()
    return terminal


def taken_up(terminal: Terminal) -> Terminal:
    """After `fg`: once keys go to the wizard again."""
    terminal.press("fg\r")
    end = time.monotonic() + 20
    while os.tcgetpgrp(terminal.child.fileno()) != wizard_of(terminal):
        assert time.monotonic() < end, "not taken up"
        terminal.read()
    return terminal


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("plain", [True, False])
def test_a_signal_that_ends_it_leaves_the_terminal_as_it_was_and_says_how_to_go_on(cart, tmp_path, number, plain):
    word = " --plain" if plain else ""
    with Terminal(cwd=tmp_path, rows=50, shell=f"ask cart.yaml{word}; echo ended with $?; sleep 1") as terminal:
        asked(terminal, plain=plain)
        os.kill(wizard_of(terminal), number)
        terminal.wait(f"ended with {128 + number}")
        assert takes_lines(terminal) and modes_left(terminal.raw) == []
        terminal.wait(f"Stopped. All answers are in cart.yaml; go on with: wa-advisor ask{word} cart.yaml")
        assert [p.name for p in tmp_path.iterdir()] == ["cart.yaml"]


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_while_the_rules_are_read_leaves_the_terminal_as_it_was(tmp_path, number):
    with Terminal(cwd=tmp_path, shell="ask new.yaml; echo ended with $?; sleep 1") as terminal:
        terminal.wait("Reading the rules")
        os.kill(wizard_of(terminal), number)
        terminal.wait(f"ended with {128 + number}")
        assert takes_lines(terminal) and modes_left(terminal.raw) == []
        assert "Traceback" not in terminal.text and not list(tmp_path.iterdir())


def test_ctrl_z_gives_the_shell_its_terminal_and_fg_takes_the_wizard_up_with_what_was_typed(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path, jobs=True) as terminal:
        terminal.wait("Going on with Shop").press("down", "enter").wait("All answers").press("/", "called", "enter")
        terminal.wait("What is the workload called?").press("ctrl-u", "Book").wait("❯ Book")
        for stop in (lambda: terminal.press("\x1a"), lambda: os.kill(wizard_of(terminal), signal.SIGTSTP)):
            stop()
            at_prompt(terminal.wait("Stopped"))
            assert modes_left(terminal.raw) == ["2004"]  # the shell's own line
            terminal.press("echo out$((6*7))side\r").wait("out42side")
            taken_up(terminal).wait("What is the workload called?").wait("❯ Book")
        terminal.press("shop", "enter").wait("All answers")
        assert "name: Bookshop" in cart.read_text()
        at_prompt(terminal.press("ctrl-c").wait("Stopped. All answers are in cart.yaml"))
        assert modes_left(terminal.raw) == ["2004"]


def test_ctrl_z_while_the_rules_are_read(tmp_path):
    with Terminal("new.yaml", cwd=tmp_path, jobs=True) as terminal:
        at_prompt(terminal.wait("Reading the rules").press("\x1a").wait("Stopped"))
        assert modes_left(terminal.raw) == ["2004"]
        terminal.press("echo out$((6*7))side\r").wait("out42side")
        taken_up(terminal).wait("minutes").press("enter")
        terminal.wait("What is the workload called?").press("ctrl-c").wait("Stopped. Nothing was answered")


def test_after_a_stop_that_cannot_be_caught_the_screen_is_drawn_anew(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path, jobs=True) as terminal:
        asked(terminal, plain=False)
        os.kill(wizard_of(terminal), signal.SIGSTOP)
        at_prompt(terminal.wait("Stopped")).press("echo out$((6*7))side\r").wait("out42side")
        taken_up(terminal).wait("1   nobody")
        terminal.press("f1").wait("The answer goes into:").press("ctrl-c").wait("Stopped. All answers are in cart.yaml")


def test_ctrl_z_in_the_plain_face_is_the_shells(cart, tmp_path):
    with Terminal("cart.yaml", "--plain", cwd=tmp_path, rows=50, jobs=True) as terminal:
        at_prompt(asked(terminal, plain=True).press("\x1a").wait("Stopped"))
        taken_up(terminal).press("1\r").wait("What does the team know well?")
        assert "operations: nobody" in cart.read_text()


def test_without_a_shell_to_come_back_from_ctrl_z_does_nothing(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        asked(terminal, plain=False).press("\x1a", "f1").wait("The answer goes into:")
        assert b"\x1b[?1049l" not in terminal.raw  # not even for a moment
        terminal.press("ctrl-c")
        assert terminal.end() == 130


def test_a_terminal_that_is_closed_ends_it_and_leaves_nothing_but_the_answers(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        asked(terminal, plain=False)
        terminal.child.ptyproc.fileobj.close()
        terminal.child.ptyproc.closed = terminal.child.closed = True
        end = time.monotonic() + 20
        while terminal.child.isalive():
            assert time.monotonic() < end, "still running"
            time.sleep(0.02)
        assert terminal.child.exitstatus == 129
    assert [p.name for p in tmp_path.iterdir()] == ["cart.yaml"]


def test_a_hangup_that_is_to_be_ignored_is(cart, tmp_path):
    process = subprocess.Popen(
        [sys.executable, str(SMALL), "ask", "cart.yaml", "--plain"],
        cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )  # fmt: skip
    assert process.stdin and process.stderr
    seen = b""
    while not seen.endswith(b"> "):
        seen += os.read(process.stderr.fileno(), 65536)
    process.send_signal(signal.SIGHUP)
    process.stdin.write(b"1\n1\n")
    process.stdin.close()
    assert process.wait(30) == 2 and "operations: nobody" in cart.read_text()
    process.stderr.close()


FIRST_LOOK = """\
import os, sys, wa_advisor.__main__
class Arguments(list):
    def __getitem__(self, wanted):
        if sys.argv is self:
            sys.argv = ["wa-advisor", *list.__getitem__(self, slice(1, None))]
            os.write(2, b".")
        return list.__getitem__(self, wanted)
sys.argv = Arguments(sys.argv)
wa_advisor.__main__.main()
"""
"""Says when the first line of the program runs; what is before is Python's own start, and its own traceback."""


@pytest.mark.parametrize("arguments", [["report", "cart.yaml"], ["ask", "cart.yaml", "--plain"]])
def test_ctrl_c_in_the_first_moments_is_no_traceback(cart, tmp_path, arguments):
    for milliseconds in range(0, 90, 9):
        process = subprocess.Popen(
            [sys.executable, "-c", FIRST_LOOK, *arguments],
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert process.stderr and process.stderr.read(1) == b"."
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[1].decode()
        assert "Traceback" not in said, (milliseconds, said)
        # -2: at its very end Python lets the signal itself do it
        assert process.returncode in (0, 2, 130, -2), (milliseconds, process.returncode, said)
