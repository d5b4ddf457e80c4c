"""The plain face at the two ends of pipes, one line at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SMALL = Path(__file__).with_name("run_small.py")


class PlainRun:
    """`wa-advisor ask --plain` with the small rules; `say` gives what it wrote up to its next prompt."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SMALL), "ask", "--plain", *arguments],
            cwd=cwd, stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self._until_prompt()

    def __enter__(self) -> PlainRun:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stderr):
            assert stream
            stream.close()

    def say(self, *lines: str) -> str:
        seen = ""
        for line in lines:
            assert self.process.stdin
            self.process.stdin.write(f"{line}\n".encode())
            self.process.stdin.flush()
            seen = self._until_prompt()
        return seen

    def end(self, line: str) -> tuple[int, str]:
        """The exit code and what was written last, after a line that ends the run."""
        said = self.process.communicate(f"{line}\n".encode(), timeout=30)[1].decode()
        return self.process.returncode, said

    def _until_prompt(self) -> str:
        assert self.process.stderr
        seen = b""
        while not seen.endswith((b"> ", b": ", b"? ")):
            data = os.read(self.process.stderr.fileno(), 65536)
            assert data, f"the wizard ended: {seen.decode()}"
            seen += data
        return seen.decode()
