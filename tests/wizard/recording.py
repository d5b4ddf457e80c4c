"""One whole interview in a terminal, its screens kept as text: `python tests/wizard/recording.py` writes them anew.

The shopping cart of `reports/` is answered key by key, with detours: why, a mistake in a unit, a copy that is removed again, a
an answer edited from the review. The screens in `tests/wizard/screens` are there to be read; a test plays the interview
again and compares them.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte

from wa_advisor.answers import LINKS, parse_answers
from wa_advisor.files import load_ruleset
from wa_advisor.model import GROUPS, Answer, Item, Question
from wa_advisor.wizard.pages.answers import LINK_TEXTS, choices_of
from wa_advisor.wizard.work import GROUP_TITLES

FOLDER = Path(__file__).with_name("screens")
CART = Path(__file__).parents[2] / "reports" / "shopping-cart" / "answers.yaml"
SIZES = ((80, 24), (40, 24))
QUIET = 0.06
"""Seconds without output after which a screen counts as drawn."""
PATIENCE = 20
MOST = 250
KEYS = {
    "Enter": "\r", "Shift-Tab": "\x1b[Z", "Up": "\x1b[A", "Down": "\x1b[B", "End": "\x1b[F", "Home": "\x1b[H", "F1": "\x1bOP",
    "F2": "\x1bOQ", "Space": " ", "Ctrl-U": "\x15",
}  # fmt: skip
Keys = tuple[str, ...]


class Terminal:
    """The wizard in a terminal of a given size; `seen` are (keys, screen)."""

    def __init__(self, columns: int, rows: int, folder: str, quiet: float) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "ACCESSIBLE", "LC_ALL")}
        environment |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PROMPT_TOOLKIT_NO_CPR": "1"}
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        command = ["-m", "wa_advisor", "ask", "cart.yaml"]
        self.child = pexpect.spawn(sys.executable, command, cwd=folder, env=environment, dimensions=(rows, columns))
        self.child.delaybeforesend = None
        self.quiet = quiet
        self.seen: list[tuple[str, str]] = []

    @property
    def text(self) -> str:
        return "\n".join(row.rstrip() for row in self.screen.display).rstrip()

    @property
    def flat(self) -> str:
        """What is asked, as one line: without the notices, which name the question before."""
        lines = iter(self.text.splitlines())
        shown: list[str] = []
        for row in lines:
            if row.startswith(" * "):
                row = next((r for r in lines if r.startswith("\u2500")), "")
            shown.append(row)
        return " ".join(" ".join(shown).split())

    def wait(self, words: str) -> None:
        while words not in self.flat:
            self._feed(self.child.read_nonblocking(65536, timeout=20))

    def press(self, keys: Keys) -> None:
        """Presses keys by name or types text, and keeps what is on the screen then."""
        before = self.text
        for key in keys:
            self.child.send(KEYS.get(key, key))
        self._settle()
        for _ in range(PATIENCE):
            if self.text != before or not self.child.isalive():
                break
            self._settle()
        self.seen.append((" ".join(keys), self.text))

    def read_to_the_end(self) -> None:
        """What is written last, when the program has ended; the screen before it may have been caught half-way."""
        try:
            while True:
                self._feed(self.child.read_nonblocking(65536, timeout=5))
        except (pexpect.TIMEOUT, pexpect.EOF):
            self.child.close()
        self.seen[-1] = (self.seen[-1][0], self.text)

    def _feed(self, data: bytes) -> None:
        """Draws what was written; the screen that the wizard had for itself goes when it leaves."""
        inside, left, after = data.partition(b"\x1b[?1049l")
        self.stream.feed(inside)
        if left:
            self.screen.reset()
            self.stream.feed(after)

    def _settle(self) -> None:
        waited = 5 * self.quiet
        while True:
            try:
                self._feed(self.child.read_nonblocking(65536, timeout=waited))
            except (pexpect.TIMEOUT, pexpect.EOF):
                return
            waited = self.quiet


class Player:
    """What to press on a screen, by the answers of a file; detours are taken once each."""

    def __init__(self, path: Path) -> None:
        self.ruleset = load_ruleset()
        self.answers = parse_answers(path.read_text("utf-8"), path.name, self.ruleset)
        self.detours: list[tuple[str, Keys]] = [
            ("How is the data found?", ("F1",)),
            ("The answer goes into", ("F1",)),
            ("How large is the largest record", ("Ctrl-U", "400", "Enter")),
            ("Access patterns: 1 so far", ("Home", "d")),
            ("What is this access pattern called?", ("Ctrl-U", "cart of a guest", "Enter")),
            ("Access patterns: 2 so far", ("Home", "Down", "x")),
            ('Remove "cart of a guest"?', ("Home", "Down", "Enter")),
            ("All answers. Choose one", ("/", "far along", "Enter")),
            ("How far along is it?", ("Ctrl-U", "pilot", "Enter")),
        ]

    def keys(self, flat: str) -> Keys:
        """The keys for a screen, given as one line of words."""
        for number, (words, keys) in enumerate(self.detours):
            if words in flat and (words != "How far along is it?" or number == 0):
                del self.detours[number]
                return keys
        return self._list(flat) or self._page(flat) or self._asked(flat) or ("Enter",)

    def _list(self, flat: str) -> Keys:
        for group, (title, one, _) in GROUP_TITLES.items():
            items = self.answers.items(group)
            if f"{title}: none listed yet" in flat:
                return ("a",) if items else ("Down", "Enter")
            if f"{title}: {len(items)} so far" in flat:
                return ("End", "Enter")
            if f"What is the first {one} called?" in flat:
                return ("Ctrl-U", items[0].name, "Enter")
        return ()

    def _page(self, flat: str) -> Keys:
        if "What next?" in flat:
            return ("Home", "Enter")
        for words in ("All answers. Choose one", "Does the team intend", "What comes out", "acceptance", "needs a sign-off"):
            if words in flat:
                return ("Home", "Enter")
        if "Remove" in flat and "go with it" in flat:
            return ("Home", "Enter")
        return ()

    def _asked(self, flat: str) -> Keys:
        """The keys that give the answer of the file to the question on the screen, or say that it is not known."""
        texts = {
            "What is the workload called?": self.answers.name,
            "Who answers for it?": self.answers.owner,
            "How far along is it?": self.answers.stage,
        }
        for ask, text in texts.items():
            if ask in flat:
                return ("Ctrl-U", text, "Enter")
        found = [q for q in self.ruleset.questions.values() if q.ask in flat]
        if found:
            question = max(found, key=lambda q: len(q.ask))
            answers = next((i.answers for i in self._items(question.scope, flat) if question.id in i.answers), {})
            return _given(question, answers.get(question.id))
        for group, links in LINKS.items():
            for key in links:
                if LINK_TEXTS[key][0] in flat:
                    return self._link(group, key)
        return self._lens(flat)

    def _items(self, scope: str, flat: str) -> Iterator[Item]:
        """The entry that a screen is about: the workload itself, or one of a list."""
        if scope == "workload":
            yield Item(name=self.answers.name, answers=self.answers.workload)
        yield from self.answers.items(next((g for g, s in GROUPS.items() if s == scope), ""))

    def _link(self, group: str, key: str) -> Keys:
        """Picks the names of a link where they stand on the screen, else writes the first of them."""
        item = self.answers.items(group)[0]
        names = item.links.get(key, ())
        known = [i.name for i in self.answers.items(LINKS[group][key] or "components")]
        if key == "process":
            return ("Home", "Enter")
        if names and names[0] in known:
            return ("Home", "Space", "Enter") if key != "from" else ("Home", "Enter")
        return ("Home", *["Down"] * len(known), "Enter", names[0], "Enter", "Enter") if names else ("F2",)

    def _lens(self, flat: str) -> Keys:
        for question in self.ruleset.lens.values():
            if question.ask in flat:
                answer = self.answers.lens.get(question.id)
                if answer is None:
                    return ("F2",)
                rows = [p.id for p in question.practices]
                return (*_ticks(rows, answer.done or ()), "Enter")
        return ()


def _given(question: Question, answer: Answer | None) -> Keys:
    """The keys that give an answer; F2 where the file has none."""
    if answer is None or answer.state != "value":
        return ("F2",)
    if question.type in ("choice", "yes-no"):
        rows = [c for c, _ in choices_of(question)]
        return ("Home", *["Down"] * rows.index(answer.text), "Enter")
    if question.type == "choices":
        value = answer.value if isinstance(answer.value, tuple) else ()
        rows = list(question.choices)
        return (*_ticks(rows, value), "Enter") if value else ("Home", *["Down"] * len(rows), "Enter")
    return ("Ctrl-U", answer.text, "Enter")


def _ticks(rows: list[str], chosen: tuple[str, ...]) -> Keys:
    keys: list[str] = ["Home"]
    for row in rows:
        keys += ["Space"] if row in chosen else []
        keys += ["Down"] if row != rows[-1] else []
    return tuple(keys)


def record(columns: int, rows: int, quiet: float = QUIET) -> tuple[list[tuple[str, str]], str]:
    """(keys, screen) of one whole interview, and the file that it wrote; a busy machine needs a longer `quiet`."""
    player = Player(CART)
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(columns, rows, folder, quiet)
        terminal.wait("minutes")
        terminal.seen.append(("wa-advisor ask cart.yaml", terminal.text))
        while terminal.child.isalive():
            assert len(terminal.seen) < MOST, terminal.text
            before = terminal.text
            keys = player.keys(terminal.flat)
            terminal.press(keys)
            if "Write the report and finish" in before and keys[0] == "Home":
                break
            assert terminal.text != before or not terminal.child.isalive(), f"{keys} changed nothing on\n{before}"
        terminal.read_to_the_end()
        return terminal.seen, (Path(folder) / "cart.yaml").read_text("utf-8")


def recorded(seen: list[tuple[str, str]], columns: int, rows: int) -> str:
    head = f"The wizard at {columns}x{rows}: {len(seen)} screens, each after the keys above it.\n"
    return "\n".join([head, *(f"===== {n}: {keys}\n{screen}\n" for n, (keys, screen) in enumerate(seen, 1))])


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for columns, rows in SIZES:
        seen, _ = record(columns, rows)
        (FOLDER / f"{columns}x{rows}.txt").write_text(recorded(seen, columns, rows), "utf-8")
        print(f"{columns}x{rows}: {len(seen)} screens")


if __name__ == "__main__":
    main()
