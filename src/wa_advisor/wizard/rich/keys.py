"""What each key does to the State, and which Reply it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.rich.state import AWAY, FILTER, MAIN, NAMED, NOTHING, OTHER, REASON, ROW_REASON, UNKNOWN, State, fresh
from wa_advisor.wizard.screen import Act, Away, Back, Give, GiveForm, GiveSeveral, Jump, Reply, Text, Unknown

PAGE = 10
CHOOSE, CHOOSE_NUMBERED = "choose with the arrows", "choose with the arrows or a number"
ASIDE = ("jump", "entry", "remove", "new", "fix", "proposal")
"""Pages that a key opened beside the questions: Esc closes them."""
KEYS = (
    "Enter takes the line or the row under the pointer; Shift-Tab goes back, as far as you like.",
    "Arrows, j and k, Page Up and Down move; a number goes to that row; Space picks where several can be picked.",
    "F1 tells why a question is asked, and ? does where nothing is typed. F2: I don't know. F3: it does not apply.",
    "F4 goes to any part. / finds in long lists. Esc closes what a key has opened.",
    "Ctrl-C stops. Everything answered is saved.",
)
Binding = tuple[tuple[str, ...], Callable[[], None], bool | None]


class Face(Protocol):
    """What the keys need of the application."""

    state: State

    @property
    def line(self) -> str: ...

    def fill(self, text: str | None = None) -> None: ...

    def show(self, state: State) -> None: ...

    def insert(self, text: str) -> None: ...

    def over(self) -> None: ...

    def stop(self) -> None: ...


class Keys:
    def __init__(self, interview: Interview, face: Face) -> None:
        self.interview = interview
        self.face = face

    def table(self) -> list[Binding]:
        """(keys, action, typing): typing True only while a line is typed, False only while none is, None always."""
        return [
            (("enter", "c-j"), self.enter, None),  # c-j: pressed while the terminal still made lines of keys
            (("s-tab",), self.back, None),
            (("c-c",), self.stop, None),
            (("f1",), self.why, None),
            (("?",), self.question_mark, None),
            (("f2",), self.unknown, None),
            (("f3",), self.away, None),
            (("f4", "c-g"), self.jump, None),
            (("up", "c-p"), lambda: self.move(-1), None),
            (("down", "c-n"), lambda: self.move(1), None),
            (("tab",), lambda: self.move(1), None),
            (("pageup",), lambda: self.move(-PAGE), None),
            (("pagedown",), lambda: self.move(PAGE), None),
            (("k",), lambda: self.move(-1), False),
            (("j",), lambda: self.move(1), False),
            (("home",), lambda: self.move(-1_000_000), False),
            (("end",), lambda: self.move(1_000_000), False),
            (("space",), self.space, False),
            (("/",), self.find, False),
            (("escape",), self.escape, None),
            (("q",), self.close, False),
            (("u",), lambda: self.mark("unknown"), False),
            (("x",), self.letter_x, False),
            (("a",), lambda: self.act("add", "a"), False),
            (("d",), lambda: self.act("duplicate", "d"), False),
            (("e",), lambda: self.act("edit", "e"), False),
            (("+", "="), lambda: self.act("down", "+"), False),
            (("-",), lambda: self.act("up", "-"), False),
            *(((str(n),), self._digit(n), False) for n in range(10)),
        ]

    @property
    def state(self) -> State:
        return self.face.state

    # -- replies ---------------------------------------------------------------------------------------

    def say(self, reply: Reply) -> None:
        """Gives the interview a reply and shows what it makes of it."""
        before = self.state
        self.interview.take(reply)
        if self.interview.over:
            self.face.over()
            return
        self.face.show(fresh(self.interview.screen(), before))
        self.face.fill()

    def read(self, text: Text) -> None:
        """Puts a text over the screen; what is half typed below it stays."""
        self.state.text, self.state.scroll = text, 0

    def enter(self) -> None:
        state, screen = self.state, self.state.screen
        if state.text is not None:
            self.close()
        elif state.mode in (REASON, ROW_REASON, NAMED, FILTER):
            self._take_line()
        elif screen.kind == "form":
            self._next_field()
        elif screen.kind == "line":
            self._typed(self.face.line.strip())
        elif screen.kind == "several":
            self._several()
        else:
            self._picked()

    def _typed(self, text: str) -> None:
        if text.lower() in ("n/a", "does not apply") and self.state.screen.can_away:
            self.away()
        else:
            self.say(Give(text))

    @property
    def _how(self) -> str:
        return CHOOSE_NUMBERED if self.state.is_numbered else CHOOSE

    def _picked(self) -> None:
        row = self.state.row()
        if row is None:
            searched = ", or / to find" if self.state.is_searched else ""
            self.state.note = "nothing fits: Esc shows all" if self.state.filter else self._how + searched
            return
        if row.value == UNKNOWN:
            self.say(Unknown())
        elif row.value == AWAY and self.state.screen.state == "not_applicable":
            self.say(GiveSeveral(()) if self.state.screen.kind == "several" else Give(""))  # it keeps its reason
        elif row.value == AWAY:
            self.away()
        elif row.value == OTHER:
            self._ask_line(NAMED)
        elif row.value == NOTHING:
            self.say(GiveSeveral((), sure=True))
        else:
            self.say(Give(row.value))

    def _several(self) -> None:
        row = self.state.row()
        if row is not None and row.value in (UNKNOWN, AWAY, OTHER, NOTHING):
            self._picked()
            return
        state = self.state
        if state.nothing_picked and not state.screen.state:
            state.note = "nothing is picked: Space picks a row, and the row 'none of these' says none"
            return
        self.say(self._picks())

    def _picks(self) -> GiveSeveral:
        state = self.state
        order = [*(r.value for r in state.screen.rows), *state.named]
        picked = {s: [v for v in order if state.marks.get(v) == s] for s in ("on", "unknown", "away")}
        away = tuple((v, state.reasons.get(v, "")) for v in picked["away"])
        return GiveSeveral(tuple(picked["on"]), tuple(picked["unknown"]), away)

    def _keep_picks(self) -> None:
        """What was picked and not taken stands there again when one comes back."""
        state = self.state
        if state.screen.kind == "several" and state.touched and not state.nothing_picked:
            self.interview.keep(self._picks())

    def _next_field(self) -> None:
        state = self.state
        typed = self.face.line.strip() or state.screen.fields[len(state.values)].empty
        state.note = self.interview.wrong_field((*state.values, typed))
        if state.note:
            return
        state.values.append(typed)
        if len(state.values) == len(state.screen.fields):
            values = tuple(state.values)
            state.values = []
            self.say(GiveForm(values))
        else:
            self.face.fill(self._field_text())

    def _field_text(self) -> str:
        return self.state.screen.fields[len(self.state.values)].value

    def back(self) -> None:
        state = self.state
        if state.text is not None:
            self.close()
        elif state.mode != MAIN:
            self._leave_line()
        elif state.screen.kind == "form" and state.values:
            state.note = ""
            self.face.fill(state.values.pop())
        else:
            self._keep_picks()
            typed = self.face.line if state.screen.kind == "line" and not state.suggested else ""
            self.say(Back("" if typed in (state.screen.value, state.screen.suggestion) else typed))

    def stop(self) -> None:
        self.face.stop()

    def jump(self) -> None:
        state = self.state
        if state.screen.can_jump:
            self._keep_picks()
            if state.screen.kind == "line" and not state.suggested and self.face.line != state.screen.value:
                self.interview.keep(Give(self.face.line))
            self.say(Jump())

    def unknown(self) -> None:
        if self.state.text is not None or self.state.mode != MAIN:
            return
        if self.state.screen.can_unknown:
            self.say(Unknown())
        else:
            self.state.note = "F2, I don't know, is for questions: this is none"

    def act(self, action: str, key: str = "") -> None:
        """What a letter does to the entry under the cursor, on the page of a list."""
        row = self.state.row()
        if self.state.screen.place[0] != "list":
            self.stray(key)
        elif self.state.mode == MAIN and self.state.text is None:
            self.say(Act(action, row.value if row else ""))

    # -- why ---------------------------------------------------------------------------------------------

    def why(self) -> None:
        if self.state.text is not None:
            self.close()
            return
        screen = self.state.screen
        if screen.has_why or screen.kind not in ("menu", "page"):
            text = self.interview.why()
            self.read(Text(heading=text.heading, lines=(*screen.body, *([""] if screen.body else []), *text.lines)))
        else:
            helped = [screen.help] if screen.help else []
            above = [*screen.body, *helped]
            self.read(Text(heading=screen.ask, lines=(*above, *([""] if above else []), *KEYS)))

    def question_mark(self) -> None:
        """A question mark alone is never an answer; within a text it is a letter."""
        if self.state.wants_line and self.face.line and not self.state.suggested:
            self.face.insert("?")
        else:
            self.why()

    def close(self) -> None:
        self.state.text = None

    def escape(self) -> None:
        """Closes what a key has opened, and nothing else: nothing typed is lost, no question is left."""
        state = self.state
        if state.text is not None:
            self.close()
        elif state.mode != MAIN:
            self._leave_line()
        elif state.screen.place[0] in ASIDE:
            self.back()
        else:
            state.note = ""

    # -- rows --------------------------------------------------------------------------------------------

    def move(self, by: int) -> None:
        if self.state.text is not None:
            self.state.scroll = max(0, self.state.scroll + by)
        elif not self.state.wants_line or self.state.mode == FILTER:
            self._touched()
            self.state.move(by)

    def _touched(self) -> None:
        """The cursor or what is picked changes: what was said about it before holds no longer."""
        self.state.note, self.state.touched, self.state.digits = "", True, ""

    def _digit(self, digit: int) -> Callable[[], None]:
        def action() -> None:
            state = self.state
            if state.text is not None:
                return
            number = int(f"{state.digits}{digit}")
            if not state.is_numbered or not 0 < number <= len(state.rows()):
                self.stray(str(number))
                return
            self._touched()
            state.cursor, state.digits = number - 1, str(number)

        return action

    def stray(self, typed: str) -> None:
        """A key that means nothing on a list: whoever types an answer there is told, and a number in it chose nothing."""
        if self.state.text is not None or self.state.wants_line or not typed.strip():
            return
        self.state.digits = ""
        if self.state.screen.kind == "pick":
            self.state.cursor = self.state.first_cursor()
        self.state.note = f'"{typed[:20]}" is no key here: {self._how}'

    def space(self) -> None:
        if self.state.text is not None:
            self.move(PAGE)
        elif self.state.screen.kind == "several":
            self._touched()
            row = self.state.row()
            if row is not None and row.value in (UNKNOWN, AWAY, NOTHING) and not self.state.nothing_picked:
                self.state.note = "Enter takes this row, and what is picked goes"
            elif row is not None and row.value in (OTHER, UNKNOWN, AWAY, NOTHING):
                self._picked()
            else:
                self.state.toggle("on")

    def mark(self, state: str) -> None:
        if self.state.screen.has_row_states and self.state.text is None:
            self._touched()
            self.state.toggle(state)
        else:
            self.stray("u")

    def letter_x(self) -> None:
        """On a practice: it does not apply. On an entry of a list: remove it."""
        row = self.state.row()
        if self.state.text is not None or row is None:
            return
        if not self.state.screen.has_row_states:
            self.act("remove", "x")
        elif self.state.mark(row) == "away":
            self.state.toggle("away")
        elif not row.value.startswith("+"):
            self._ask_line(ROW_REASON)

    # -- the input line for something else ---------------------------------------------------------------

    def away(self) -> None:
        if self.state.text is not None or self.state.mode != MAIN:
            return
        if self.state.screen.can_away:
            self._ask_line(REASON, self.state.screen.reason)
        else:
            self.state.note = "F3, does not apply, is for questions: this is none"

    def typed(self) -> None:
        """The list narrows while a filter is typed; a suggestion that was changed is one no more."""
        state = self.state
        state.suggested, state.touched = False, True
        if state.note and state.text is None:
            state.note = ""
        if state.mode == FILTER:
            state.filter = self.face.line
            state.cursor = 0 if state.filter else state.first_cursor()

    def find(self) -> None:
        if self.state.text is not None:
            return
        if self.state.is_searched:
            self._ask_line(FILTER)
        else:
            self.stray("/")

    def _ask_line(self, mode: str, text: str = "") -> None:
        """Opens the input line for something else than the answer; an answer half typed waits below it."""
        state = self.state
        if state.mode == MAIN and state.screen.kind == "line":
            state.kept[MAIN] = self.face.line
        state.mode = mode
        state.note = ""
        self.face.fill(state.kept.get(self._slot()) or text)

    def _slot(self) -> str:
        """Under what a half typed line is kept: each row has a reason of its own."""
        row = self.state.row() if self.state.mode == ROW_REASON else None
        return f"{self.state.mode} {row.value}" if row is not None else self.state.mode

    def _leave_line(self) -> None:
        """Back to the answer; what was typed waits for the line to be opened again."""
        state = self.state
        if state.mode != FILTER:
            state.kept[self._slot()] = self.face.line
        self._end_line()

    def _end_line(self) -> None:
        state = self.state
        state.mode = MAIN
        if state.filter:
            row = state.row()
            state.filter = ""
            state.cursor = state.rows().index(row) if row is not None and state.screen.kind == "menu" else state.first_cursor()
        self.face.fill(state.kept.pop(MAIN, None))
        state.note = ""

    def _found(self) -> None:
        """What is found is chosen; where several are picked, the cursor goes to it."""
        row = self.state.row()
        if row is None or self.state.screen.kind != "several":
            self._picked()
            return
        self._end_line()
        self.state.cursor = [r.value for r in self.state.rows()].index(row.value)

    def _take_line(self) -> None:
        state, text = self.state, self.face.line.strip()
        if state.mode == FILTER:
            self._found()
            return
        if not text:
            state.note = "write a few words, or Esc to leave it"
            return
        if state.mode == REASON:
            state.kept[REASON] = text
            self.say(Away(text))
            return
        state.kept.pop(self._slot(), None)
        self._end_line()
        if state.screen.kind == "pick":
            self.say(Give(text))
        elif (row := state.row()) is not None and row.value == OTHER:
            state.named.append(text)
            state.marks[text] = "on"
        elif row is not None:
            state.marks[row.value] = "away"
            state.reasons[row.value] = text
