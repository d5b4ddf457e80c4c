"""What each key does to the State, and which Reply it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.rich.state import (
    AWAY,
    FILTER,
    MAIN,
    MANY,
    NAMED,
    NOTHING,
    OTHER,
    REASON,
    ROW_REASON,
    UNKNOWN,
    WHY,
    State,
    fresh,
)
from wa_advisor.wizard.screen import Act, Away, Back, Give, GiveForm, GiveSeveral, Jump, Reply, Unknown

PAGE = 10
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
            (("escape",), self.close, None),
            (("q",), self.close, False),
            (("u",), lambda: self.mark("unknown"), False),
            (("x",), self.letter_x, False),
            (("a",), lambda: self.act("add"), False),
            (("d",), lambda: self.act("duplicate"), False),
            (("e",), lambda: self.act("edit"), False),
            (("+", "="), lambda: self.act("down"), False),
            (("-",), lambda: self.act("up"), False),
            *(((str(n),), self._number(n), False) for n in range(1, 10)),
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

    def _picked(self) -> None:
        row = self.state.row()
        if row is None:
            return
        if row.value == UNKNOWN:
            self.say(Unknown())
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
        order = [*(r.value for r in state.screen.rows), *state.named]
        picked = {s: [v for v in order if state.marks.get(v) == s] for s in ("on", "unknown", "away")}
        away = tuple((v, state.reasons.get(v, "")) for v in picked["away"])
        self.say(GiveSeveral(tuple(picked["on"]), tuple(picked["unknown"]), away))

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
            self._end_line()
        elif state.screen.kind == "form" and state.values:
            state.note = ""
            self.face.fill(state.values.pop())
        else:
            typed = self.face.line if state.screen.kind == "line" else ""
            self.say(Back("" if typed in (state.screen.value, state.screen.suggestion) else typed))

    def stop(self) -> None:
        self.face.stop()

    def jump(self) -> None:
        if self.state.screen.can_jump:
            self.say(Jump())

    def unknown(self) -> None:
        if self.state.screen.can_unknown and self.state.mode == MAIN and self.state.text is None:
            self.say(Unknown())

    def act(self, action: str) -> None:
        row = self.state.row()
        if self.state.screen.place[0] == "list" and self.state.mode == MAIN and self.state.text is None:
            self.say(Act(action, row.value if row else ""))

    # -- why ---------------------------------------------------------------------------------------------

    def why(self) -> None:
        if self.state.text is not None:
            self.close()
        elif self.state.screen.has_why or self.state.screen.kind != "menu":
            self.state.text = self.interview.why()
            self.state.mode, self.state.scroll = WHY, 0

    def question_mark(self) -> None:
        """A question mark alone is never an answer; within a text it is a letter."""
        if self.state.wants_line and self.face.line:
            self.face.insert("?")
        else:
            self.why()

    def close(self) -> None:
        if self.state.text is not None:
            self.state.text = None
            self.state.mode = MAIN

    # -- rows --------------------------------------------------------------------------------------------

    def move(self, by: int) -> None:
        if self.state.text is not None:
            self.state.scroll = max(0, self.state.scroll + by)
        elif not self.state.wants_line or self.state.mode == FILTER:
            self.state.move(by)

    def _number(self, number: int) -> Callable[[], None]:
        def action() -> None:
            if self.state.text is None and number <= len(self.state.rows()):
                self.state.cursor = number - 1

        return action

    def space(self) -> None:
        if self.state.text is not None:
            self.move(PAGE)
        elif self.state.screen.kind == "several":
            row = self.state.row()
            if row is not None and row.value in (OTHER, UNKNOWN, AWAY, NOTHING):
                self._picked()
            else:
                self.state.toggle("on")

    def mark(self, state: str) -> None:
        if self.state.screen.has_row_states and self.state.text is None:
            self.state.toggle(state)

    def letter_x(self) -> None:
        """On a practice: it does not apply. On an entry of a list: remove it."""
        row = self.state.row()
        if self.state.text is not None or row is None:
            return
        if not self.state.screen.has_row_states:
            self.act("remove")
        elif self.state.mark(row) == "away":
            self.state.toggle("away")
        elif not row.value.startswith("+"):
            self._ask_line(ROW_REASON)

    # -- the input line for something else ---------------------------------------------------------------

    def away(self) -> None:
        if self.state.screen.can_away and self.state.mode == MAIN and self.state.text is None:
            self._ask_line(REASON)
            self.face.fill(self.state.screen.reason)

    def typed(self) -> None:
        """The list narrows while a filter is typed."""
        if self.state.mode == FILTER:
            self.state.filter = self.face.line
            self.state.cursor = 0

    def find(self) -> None:
        screen = self.state.screen
        if (screen.kind == "menu" or len(screen.rows) > MANY) and self.state.mode == MAIN and self.state.text is None:
            self._ask_line(FILTER)

    def _ask_line(self, mode: str) -> None:
        self.state.mode = mode
        self.state.note = ""
        self.face.fill("")

    def _end_line(self) -> None:
        self.state.mode = MAIN
        self.state.filter = ""
        self.face.fill()

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
            state.note = "write a few words, or Shift-Tab to leave it"
            return
        if state.mode == REASON:
            self.say(Away(text))
            return
        self._end_line()
        if state.mode == MAIN and state.screen.kind == "pick":
            self.say(Give(text))
        elif (row := state.row()) is not None and row.value == OTHER:
            state.named.append(text)
            state.marks[text] = "on"
        elif row is not None:
            state.marks[row.value] = "away"
            state.reasons[row.value] = text
