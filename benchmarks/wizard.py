"""How fast `wa-advisor ask` is, in a real terminal and with the shipped rules: `python benchmarks/wizard.py`.

Start-up is given as a ratio to `python -c pass` in the same run, taken in turns: until the first prompt is on the
screen (aim 15x), until the page has what only the rules can tell, until a key pressed at once is answered, and until the
first prompt of plain mode (aim 15x). Then one interview is walked through, and for each key that leads to a next prompt the
time is taken until that prompt has been drawn: the aim is 50 ms on an idle machine. What else the machine does is told
by its load and by `python -c pass` between the keys.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pexpect
import pyte

ENTER, END = "\r", "\x1b[F"
ROUNDS = 15
AIM_SECONDS = 0.05
AIM_START = 15
"""Times `python -c pass`."""
QUIET = 0.05
"""Seconds without output after which a screen counts as drawn; they are not counted in."""
LISTS = {"Access patterns": 3, "Components": 2, "Interfaces": 1, "Hand-overs": 2, "Processes": 1}


class Session:
    """The wizard in a terminal of 80x24, and the time of the last thing it wrote."""

    def __init__(self, folder: Path, *options: str) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PROMPT_TOOLKIT_NO_CPR": "1"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: compiled modules and rules are kept
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "wa_advisor", "ask", *options, "bench.yaml"],
            cwd=str(folder),
            env=environment,
            dimensions=(24, 80),
        )
        self.child.delaybeforesend = None

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, words: str) -> None:
        while words not in self.text:
            self.stream.feed(self.child.read_nonblocking(65536, timeout=20))

    def press(self, keys: str) -> float:
        """Seconds until what follows is drawn."""
        start = last = time.perf_counter()
        self.child.send(keys)
        while True:
            try:
                data = self.child.read_nonblocking(65536, timeout=1.0 if last == start else QUIET)
            except (pexpect.TIMEOUT, pexpect.EOF):
                return last - start
            last = time.perf_counter()
            self.stream.feed(data)


def seconds_of(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def start_up(folder: Path) -> list[str]:
    """The moments of a start, over several starts."""
    bare: list[float] = []
    taken: dict[str, list[float]] = {}
    warm = Session(folder)
    warm.until("minutes")
    warm.child.close(force=True)
    for _ in range(ROUNDS):
        bare.append(seconds_of([sys.executable, "-c", "pass"]))
        start = time.perf_counter()
        session = Session(folder)
        for name, words in (("first prompt", "Begin"), ("first page whole", "minutes")):
            session.until(words)
            taken.setdefault(name, []).append(time.perf_counter() - start)
        session.child.close(force=True)
        start = time.perf_counter()
        session = Session(folder)
        session.child.send(ENTER)
        session.until("What is the workload called?")
        taken.setdefault("a key pressed at once is answered", []).append(time.perf_counter() - start)
        session.child.close(force=True)
        start = time.perf_counter()
        session = Session(folder, "--plain")
        session.until("[Enter = 1] >")
        taken.setdefault("first prompt of plain mode", []).append(time.perf_counter() - start)
        session.child.close(force=True)
    base = statistics.median(bare)
    lines = [f"python -c pass: {base * 1000:.0f} ms (median of {ROUNDS}); load {os.getloadavg()[0]:.1f}"]
    for name, times in taken.items():
        median = statistics.median(times)
        aimed = name.startswith("first prompt")
        mark = "     " if not aimed else "ok   " if median <= AIM_START * base else "LOW  "
        lines.append(f"{mark}{name}: {median * 1000:.0f} ms, {median / base:.1f}x{f' (aim {AIM_START}x)' if aimed else ''}")
    return lines


def keys_for(text: str, added: dict[str, int]) -> list[str]:
    """What to press on a screen: the keys before, and the one that leads on last."""
    title = text.splitlines()[0].strip()
    count = next((n for n in LISTS if re.search(rf"^ {n}: (none listed|\d+ so far)", text, re.MULTILINE)), None)
    if count:
        if added.get(count, 0) < LISTS[count]:
            added[count] = added.get(count, 0) + 1
            return ["a"]
        return [END, ENTER]
    if "All answers. Choose one" in text:
        return [ENTER]
    if " called?" in text:
        return ["\x15", f"{title.split()[0].lower()} {sum(added.values())}", ENTER]
    example = re.search(r"for example (.+)", text)
    if example and "Enter take it" in text:
        return ["\x15", example[1].strip(), ENTER]
    if "What next?" in text or "Go through the Well-Architected lens" in text:
        return [ENTER]
    if "[ ]" in text:
        return [" ", ENTER]
    return ["1", ENTER] if re.search(r"^ +1 [ ❯] \S", text, re.MULTILINE) else [ENTER]


def asked(text: str) -> str:
    """The first line of a page below its title."""
    return next((line.strip() for line in text.splitlines()[2:] if line.strip(" \u2500")), "")


def walk(folder: Path) -> list[str]:
    session = Session(folder)
    session.until("minutes")  # the rules have been read
    taken: list[tuple[float, str]] = []
    bare: list[float] = []
    added: dict[str, int] = {}
    while session.child.isalive() and len(taken) < 500 and "Write the report" not in session.text:
        before = session.text
        *first, last = keys_for(before, added)
        for keys in first:
            session.press(keys)
        taken.append((session.press(last), asked(before)))
        if session.text == before:
            session.press(ENTER)
        if len(taken) % 10 == 0:
            bare.append(seconds_of([sys.executable, "-c", "pass"]))
    size = len((folder / "bench.yaml").read_text().splitlines())
    session.child.close(force=True)
    return said(taken, statistics.median(bare), size)


def said(taken: list[tuple[float, str]], base: float, size: int) -> list[str]:
    """The times of all keys, and the slowest of them."""
    times = sorted(t for t, _ in taken)
    under = sum(t <= AIM_SECONDS for t in times)
    most = times[int(len(times) * 0.95)]
    return [
        f"{'ok  ' if under == len(times) else 'LOW '} next prompt: {under} of {len(times)} within {AIM_SECONDS * 1000:.0f} ms; median "
        f"{statistics.median(times) * 1000:.0f} ms ({statistics.median(times) / base:.1f}x), 95 of 100 under {most * 1000:.0f} ms "
        f"({most / base:.1f}x), slowest {times[-1] * 1000:.0f} ms ({times[-1] / base:.1f}x)",
        f"     python -c pass between the keys: {base * 1000:.0f} ms; load {os.getloadavg()[0]:.1f}; lines in the file at the end: {size}",
        *(f"     {t * 1000:4.0f} ms after: {what}" for t, what in sorted(taken, reverse=True)[:5]),
    ]


def main() -> None:
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for part in (start_up, walk):
        with tempfile.TemporaryDirectory(prefix="wa-advisor-") as name:
            print("\n".join(part(Path(name))), flush=True)


if __name__ == "__main__":
    main()
