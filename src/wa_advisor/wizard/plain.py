"""The plain face: numbered lines down the page, nothing redrawn, nothing that a screen reader would lose.

A line is an answer, or one of the words of WORDS. A text that happens to be such a word is given in quotes.

Lines may also come through a pipe. Then nobody sees what is asked while answering, so that the questions in fact
asked can slip out of step with the lines prepared: each prompt names its question as the answers file has it, each
line is written out behind it, and lines that lead nowhere come to an end after MAX_MISTAKES, whatever they are.
"""

from __future__ import annotations

from collections.abc import Callable

from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.rich.cells import hung
from wa_advisor.wizard.screen import (
    Away,
    Back,
    Give,
    GiveForm,
    GiveSeveral,
    Jump,
    Reply,
    Row,
    Screen,
    Text,
    Unknown,
)

WORDS = {
    "back": "the question before",
    "unknown": "I don't know",
    "n/a": "it does not apply",
    "?": "why this is asked",
    "go": "go to another part",
    "quit": "stop; everything is kept",
}
_SAME = {"why": "?", "help": "?", "jump": "go", "na": "n/a", "stop": "quit", "exit": "quit", "b": "back"}
MAX_MISTAKES = 20

Read = Callable[[], str | None]
"""The next line, None where there are no more; UnicodeDecodeError if it is no text."""
Write = Callable[[str], None]
Columns = Callable[[], int]
"""How wide the terminal is now, in cells; 0 where lines are not to be broken."""


class InputEnded(Exception):
    """There are no more lines to read."""


class TooManyMistakes(Exception):
    """So many lines in a row were not understood that nobody seems to be reading the answers."""


def run_plain(interview: Interview, read: Read, write: Write, columns: Columns = lambda: 0, *, piped: bool = False) -> None:
    """Asks until the interview is over. KeyboardInterrupt when the person stops, InputEnded without lines."""
    face = _Plain(read, write, columns, piped=piped)
    seen = {interview.current}
    while not interview.over:
        screen = interview.screen()
        face.key = _key(interview, screen)
        face.show(screen, refused=bool(interview.problem))
        interview.look_ahead()
        reply = face.reply(screen, interview)
        before, text = interview.current, interview.text
        interview.take(reply)
        if piped:
            moved = interview.text != text or interview.current not in seen
        else:
            moved = interview.current != before
        seen.add(interview.current)
        if moved:
            face.mistakes = 0
        elif interview.problem or piped:
            face.mistaken()


def _key(interview: Interview, screen: Screen) -> str:
    """Which question a page asks, as the answers file has it: `access_patterns / cart by owner / lookup`."""
    parts = list(screen.place)
    if parts[0] == "item":
        parts = [parts[1], interview.work.item(str(parts[1]), int(parts[2])).name, *parts[3:]]
    return " / ".join(str(part) for part in parts)


class _Plain:
    def __init__(self, read: Read, write: Write, columns: Columns, *, piped: bool) -> None:
        self.read = read
        self.write = write
        self.columns = columns
        self.piped = piped
        self.key = ""
        self.lines = 0
        self.title = ""
        self.mistakes = 0

    def mistaken(self) -> None:
        """Counts a line that was no answer: a stream of nonsense must come to an end."""
        self.mistakes += 1
        if self.mistakes > MAX_MISTAKES:
            raise TooManyMistakes

    # -- showing ---------------------------------------------------------------------------------------

    def tell(self, text: str, lead: str = "") -> None:
        """A text on lines of its own, broken between words where there is an edge."""
        width = self.columns()
        lines = hung(text, max(width - 1, 10), lead) if width else [lead + text]
        self.write("\n".join(lines) + "\n")

    def refuse(self, problem: str) -> None:
        """What was wrong with the last line; through a pipe also which line it was, and what it was taken to answer."""
        self.tell(f"line {self.lines} is no answer to {self.key}: {problem}" if self.piped else problem, "  ! ")

    def show(self, screen: Screen, *, refused: bool = False) -> None:
        head = ": ".join(dict.fromkeys(p for p in (screen.title, screen.group) if p))
        if head != self.title:
            self.title = head
            self.write("\n")
            self.tell(f"== {head} ==")
        else:
            self.write("\n")
        for line in screen.body:
            self.tell(line)
        if screen.reading is not None:
            self.say(screen.reading)
            self.write("\n")
        self.tell(screen.ask)
        if screen.help:
            self.tell(screen.help, "  ")
        self._rows(screen)
        for line in screen.status:
            self.tell(f"({line})", "  ")
        if screen.progress:
            self.tell(f"({screen.progress})", "  ")
        for line in screen.notices:
            self.tell(line, "  ")
        if screen.problem and refused:
            self.refuse(screen.problem)
        elif screen.problem:
            self.tell(screen.problem, "  ! ")

    def _rows(self, screen: Screen) -> None:
        heading = ""
        for number, row in enumerate(screen.rows, 1):
            if row.heading and row.heading != heading:
                heading = row.heading
                self.tell(heading, "  -- ")
            self.tell(_row_text(row), f"  {number:>2}  ")
        if screen.other:
            self.tell(f"or write {screen.other}", "      ")

    def say(self, text: Text) -> None:
        self.write("\n")
        self.tell(text.heading, "-- ")
        for line in text.lines:
            self.tell(line, "   ")

    # -- asking ----------------------------------------------------------------------------------------

    def reply(self, screen: Screen, interview: Interview) -> Reply:
        """The next reply that makes sense for the screen; why is answered here."""
        if screen.kind == "form":
            return self._form(screen, interview)
        self.tell(f"[{_words(screen)}]", "  ")
        while True:
            line = self._line(_prompt(screen))
            word = _word(line)
            if word == "?":
                self.say(interview.why())
                if self.piped:
                    self.mistaken()
                continue
            reply = self._command(screen, word) if word else _answer(screen, line, self)
            if isinstance(reply, str):
                self.refuse(reply)
                self.mistaken()
                continue
            return reply

    def _command(self, screen: Screen, word: str) -> Reply | str:
        if word == "quit":
            raise KeyboardInterrupt
        if word == "back":
            return Back()
        if word == "go":
            return Jump()
        if word == "unknown":
            return Unknown() if screen.can_unknown else "that is not possible here"
        if not screen.can_away:
            return "that is not possible here"
        before = f" [Enter = {screen.reason}]" if screen.reason and screen.state != "not_applicable" else ""
        reason = self._line(f"Why does it not apply? (back: it does){before} ")
        if _word(reason) == "back":
            return "it stays as it is"
        return Away(_unquoted(reason) or (screen.reason if before else ""))

    def _form(self, screen: Screen, interview: Interview) -> Reply:
        values: list[str] = []
        while len(values) < len(screen.fields):
            one = screen.fields[len(values)]
            default = f" [{one.value}]" if one.value else f" (for example {one.example})" if one.example else ""
            none = " (none: no end)" if one.optional and one.value else ""
            line = self._line(f"{one.label}{default}{none}: ")
            if _word(line) == "quit":
                raise KeyboardInterrupt
            if _word(line) == "back":
                if not values:
                    return Back()
                values.pop()
                continue
            typed = _unquoted(line) or one.value or one.empty
            if one.optional and typed.lower() == "none":
                typed = ""
            wrong = interview.wrong_field((*values, typed))
            if wrong:
                self.refuse(wrong)
                self.mistaken()
                continue
            values.append(typed)
        return GiveForm(tuple(values))

    def _line(self, prompt: str) -> str:
        """The next line that is text; what is none is told, and asked for again."""
        while True:
            width = self.columns()
            asked = f"{self.key} {prompt}" if self.piped else prompt
            self.write("\n".join(hung(asked.rstrip(" "), max(width - 1, 10))) + " " if width else asked)
            self.lines += 1
            try:
                line = self.read()
            except UnicodeDecodeError as error:
                self.write("\n" if self.piped else "")
                self.refuse(
                    f"it is no UTF-8 text (byte {error.object[error.start]:#04x}): nothing of it is taken, send it as UTF-8"
                )
                self.mistaken()
                continue
            if line is None:
                raise InputEnded
            if self.piped:
                self.write(f"{line.strip()}\n")
            return line.strip()


def _row_text(row: Row) -> str:
    state = {"on": " (chosen)", "unknown": " (not known)", "away": " (does not apply)"}.get(row.state, "")
    return f"{row.label}: {row.meaning}{state}" if row.meaning not in ("", row.label) else f"{row.label}{state}"


def _words(screen: Screen) -> str:
    offered = []
    if screen.kind == "several":
        offered.append("numbers with spaces between, or none")
        if screen.has_row_states:
            offered.append("3? = not known, 3- = does not apply")
    elif screen.rows:
        offered.append("a number")
    words = [w for w in WORDS if not ((w == "unknown" and not screen.can_unknown) or (w == "n/a" and not screen.can_away))]
    words = [w for w in words if not ((w == "back" and not screen.can_back) or (w == "go" and not screen.can_jump))]
    words = [w for w in words if w != "?" or screen.has_why or screen.kind != "menu"]
    return ", ".join([*offered, *words])


def _prompt(screen: Screen) -> str:
    if screen.state == "unknown":
        return "(now: I don't know) > "
    if screen.state == "not_applicable":
        return f"(now: does not apply, {screen.reason}) > "
    if screen.kind == "several":
        chosen = [str(n) for n, r in enumerate(screen.rows, 1) if r.state == "on"]
        return f"[Enter keeps {' '.join(chosen) or 'none'}] > " if screen.state else "> "
    if screen.rows:
        default = next((n for n, r in enumerate(screen.rows, 1) if r.value == screen.value), 0)
        return f"[Enter = {default}] > " if default else "> "
    value = screen.value or screen.suggestion
    if value:
        return f"[Enter = {value}] > "
    return f"(for example {screen.example}) > " if screen.example else "> "


def _word(line: str) -> str:
    low = line.lower()
    low = _SAME.get(low, low)
    return low if low in WORDS else ""


def _unquoted(line: str) -> str:
    return line[1:-1] if len(line) >= 2 and line[0] == line[-1] == '"' else line


def _answer(screen: Screen, line: str, face: _Plain) -> Reply | str:
    if screen.kind == "several":
        return _several(screen, line, face)
    if screen.other and _is_number(line) and _picked(screen, line) is None:
        return _no_such_number(screen, line)
    if not screen.rows:
        return Give(_unquoted(line) or screen.value or screen.suggestion)
    if not line:
        return Give(screen.value) if screen.value or screen.state else "choose a number"
    row = _picked(screen, line)
    if row is not None:
        return Give(row.value)
    if screen.other:
        return Give(_unquoted(line))
    return f'"{line[:40]}" is none of the lines: write a number from 1 to {len(screen.rows)}'


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _no_such_number(screen: Screen, text: str) -> str:
    lines = f"write a number from 1 to {len(screen.rows)}" if screen.rows else "there is none to choose"
    return f'there is no line {text[:20]}: {lines}, or a name; one that is a number goes in quotes, "{text[:20]}"'


def _picked(screen: Screen, text: str) -> Row | None:
    """The row with a number, or with its value or label written out."""
    if text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) <= len(screen.rows):
        return screen.rows[int(text) - 1]
    low = text.lower()
    return next((r for r in screen.rows if low in (r.value.lower(), r.label.lower())), None)


def _several(screen: Screen, line: str, face: _Plain) -> Reply | str:
    if not line:
        return _kept(screen)
    if line.lower() == "none":
        face.write("  none of these\n")
        return GiveSeveral((), sure=True)
    on: list[str] = []
    unknown: list[str] = []
    away: list[tuple[str, str]] = []
    parts = line.split(",") if screen.other or "," in line else line.split()
    for part in (p.strip() for p in parts):
        mark = part[-1:] if screen.has_row_states and part[-1:] in "?-" else ""
        row = _picked(screen, part.removesuffix(mark)) if part else None
        if row is None and screen.other and _is_number(part):
            return _no_such_number(screen, part)
        if row is None and part and screen.other:
            on.append(_unquoted(part))
        elif row is None:
            return f'"{part[:40]}" is none of the lines: write numbers from 1 to {len(screen.rows)}, or none'
        elif mark == "?":
            unknown.append(row.value)
        elif mark == "-":
            away.append((row.value, face._line(f"Why does it not apply: {row.label}? ")))
        else:
            on.append(row.value)
    return GiveSeveral(tuple(dict.fromkeys(on)), tuple(unknown), tuple(away))


def _kept(screen: Screen) -> GiveSeveral:
    return GiveSeveral(
        tuple(r.value for r in screen.rows if r.state == "on"),
        tuple(r.value for r in screen.rows if r.state == "unknown"),
        tuple((r.value, r.reason) for r in screen.rows if r.state == "away"),
    )
