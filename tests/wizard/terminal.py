"""A real pseudo-terminal with a screen: keys in, rows of text out."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte

SMALL = Path(__file__).with_name("run_small.py")
KEYS = {
    "enter": "\r", "back": "\x1b[Z", "up": "\x1b[A", "down": "\x1b[B", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
    "space": " ", "ctrl-c": "\x03", "ctrl-d": "\x04", "ctrl-u": "\x15", "esc": "\x1b", "end": "\x1b[F", "home": "\x1b[H", "tab": "\t",
    "pagedown": "\x1b[6~",
}  # fmt: skip


def _prepared(room: int) -> Callable[[], None]:
    """What the child does first: signals do what they do in a terminal, whatever the tests were started from, and only
    its own files are limited."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def prepare() -> None:
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if room:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))

    return prepare


class Terminal:
    """`wa-advisor ask` in a terminal of a given size."""

    def __init__(
        self,
        *args: str,
        cwd: Path,
        columns: int = 80,
        rows: int = 24,
        environment: dict[str, str] | None = None,
        shell: str = "",
        room: int = 0,
        jobs: bool = False,
    ) -> None:
        """`room` is how many bytes a file may have: a save beyond it fails as on a full disk. `jobs`: started from a shell
        that a person types to, which has a prompt and can stop its jobs and take them up again."""
        env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "ACCESSIBLE")}
        env |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PROMPT_TOOLKIT_NO_CPR": "1", **(environment or {})}
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        command, arguments = sys.executable, [str(SMALL), "ask", *args]
        if shell:
            command, arguments = "/bin/sh", ["-c", f"{sys.executable} {SMALL} {shell}"]
        if jobs:
            command, arguments = "/bin/bash", ["--norc", "-i"]
            env["PS1"] = "PROMPT$ "
        self.child = pexpect.spawn(
            command, arguments, cwd=str(cwd), env=env, dimensions=(rows, columns), timeout=30, preexec_fn=_prepared(room)
        )
        self.child.delaybeforesend = None
        if jobs:
            self.child.send(f"{sys.executable} {SMALL} ask {' '.join(args)}; echo ended with $?\n")

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.child.close(force=True)

    def read(self, seconds: float = 0.02) -> None:
        """Takes in what has been written."""
        try:
            data = self.child.read_nonblocking(65536, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self.raw += data
        self.stream.feed(data)

    def wait(self, text: str, seconds: float = 20) -> Terminal:
        """Waits until a text is on the screen, wherever its lines are broken."""
        end = time.monotonic() + seconds
        while "".join(text.split()) not in "".join(self.text.split()):
            assert time.monotonic() < end, f"{text!r} did not come up; the screen is\n{self.text}"
            self.read()
        return self

    def press(self, *keys: str) -> Terminal:
        """Presses keys by name; other text is typed."""
        for key in keys:
            self.child.send(KEYS.get(key, key))
        return self

    def resize(self, columns: int, rows: int) -> Terminal:
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)
        return self

    def end(self) -> int:
        """The exit code, when the program has ended by itself."""
        deadline = time.monotonic() + 30
        while self.child.isalive():
            assert time.monotonic() < deadline, f"still running; the screen is\n{self.text}"
            self.read()
        for _ in range(20):  # what it wrote last
            self.read(0.05)
        code = self.child.exitstatus
        return -int(self.child.signalstatus or 0) if code is None else int(code)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)
