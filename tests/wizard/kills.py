"""Kills the wizard with SIGKILL at random moments, again and again on one file, and looks for anything lost.

`python tests/wizard/kills.py 200` does it two hundred times; the test does a few. An answer counts as given once
the next prompt has been seen. Whatever the moment of the kill, the file must then read, hold every such answer,
and be taken up by the next start.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wa_advisor.answers_file.edit import tree

HERE = Path(__file__).parent
Said = dict[tuple[str, ...], str]


class Person:
    """Answers what is asked with values of its own, and remembers those that were taken."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.taken: Said = {}
        self.pattern = ""
        self.count = 0

    def answer(self, screen: str) -> tuple[tuple[str, ...] | None, str]:
        """(where it goes in the file, the line to type) for what is on the screen."""
        self.count += 1
        header = re.findall(r"== Access pattern \d+ of \d+: (.*?)(?:: (?:Finding the data|Load))? ==", screen)
        if header:
            self.pattern = header[-1]
        number = self.random.randrange(1, 900)
        at = ("access_patterns", self.pattern)
        for words, reply in (
            ("Going on with", (None, "1")),
            ("What is the workload called?", (("workload", "name"), f"Shop {number}")),
            ("Who answers for it?", (("workload", "owner"), f"team {number}")),
            ("How far along is it?", (("workload", "stage"), "design")),
            ("What does it do, in a sentence", (("workload", "description"), f"It shows cart {number}")),
            ("Who may look after machines?", (("workload", "operations"), "nobody")),
            ("What does the team know well?", (("workload", "skills"), "sql")),
            ("access pattern called?", (None, f"pattern {self.count}")),
            ("How is the data found?", ((*at, "lookup"), "full-key")),
            ("How large is the largest record?", ((*at, "item_size"), f"{number} KB")),
            ("How many requests come at the peak?", ((*at, "peak_rate"), f"about {number}/s")),
            ("Access patterns: ", (None, "")),
        ):
            if words in screen:
                if words == "access pattern called?":
                    return ("access_patterns", reply[1], "name"), reply[1]
                if words == "Access patterns: ":
                    return None, next(line.split()[0] for line in screen.splitlines() if "  Add " in line)
                return reply
        return None, "1"


def run_once(path: Path, person: Person, answers: int, delay: float) -> None:
    """One run that is killed `delay` seconds after its last answer was sent."""
    command = [sys.executable, str(HERE / "run_small.py"), "ask", str(path), "--plain"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin and process.stderr
    try:
        seen = _until_prompt(process)
        for number in range(answers):
            where, line = person.answer(seen)
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()
            if number == answers - 1:
                time.sleep(delay)
                break
            seen = _until_prompt(process)
            if where is not None:
                person.taken[where] = line
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stderr.close()


def _until_prompt(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr
    seen = b""
    while not seen.endswith(b"> "):
        data = os.read(process.stderr.fileno(), 65536)
        assert data, f"the wizard ended: {seen.decode()}"
        seen += data
    return seen.decode()


def lost(path: Path, taken: Said) -> list[str]:
    """What was taken and does not stand in the file."""
    if not taken:
        return []
    said = tree(path.read_text(encoding="utf-8"))
    patterns = {item["name"][1]: item for item in said.get("access_patterns", [])}
    missing = []
    for where, value in taken.items():
        below = said["workload"] if where[0] == "workload" else patterns.get(where[1], {})
        found = below.get(where[-1])
        if found not in (("scalar", value, False), [("scalar", value, False)]):
            missing.append(f"{where} {value}: {found}")
    return missing


def kill_often(path: Path, times: int, seed: int) -> int:
    """How many answers were taken over so many killed runs; AssertionError names what was lost."""
    person = Person(seed)
    for number in range(times):
        run_once(path, person, person.random.randrange(2, 14), person.random.random() * 0.03)
        missing = lost(path, person.taken)
        assert not missing, f"after kill {number + 1}: {missing}"
    return len(person.taken)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        answered = kill_often(Path(folder) / "cart.yaml", wanted, seed=wanted)
        print(f"{wanted} kills, {answered} answers taken, none lost; left in the folder: {sorted(os.listdir(folder))}")
