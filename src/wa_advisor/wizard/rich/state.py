"""What the rich face remembers while one screen is up: the cursor, what is picked, and which part is shown."""

from __future__ import annotations

from msgspec import Struct, field

from wa_advisor.wizard.screen import Row, Screen, Text

UNKNOWN, AWAY, OTHER, NOTHING = "+unknown", "+away", "+other", "+nothing"
MAIN, REASON, ROW_REASON, FILTER, NAMED = "main", "reason", "row reason", "filter", "named"
NOWHERE = -1
"""The cursor of a list of choices that has not been answered: Enter pressed idly, or held down, chooses nothing."""
MANY = 12
"""Rows above which a list of choices can be searched, as the menus can."""


class State(Struct):
    """`mode` says what the input line is for: the answer, a reason, a filter or another name.

    `suggested` while the line holds a text that nobody typed: the first key typed replaces it. `kept` is what was typed in
    a line that was left, by mode, to be found again; `digits` the number of a row as far as it is typed. `touched` once
    the cursor, a mark or the line has been changed.
    """

    screen: Screen
    cursor: int = 0
    scroll: int = 0
    mode: str = MAIN
    marks: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    filter: str = ""
    values: list[str] = field(default_factory=list)
    text: Text | None = None
    note: str = ""
    digits: str = ""
    suggested: bool = False
    touched: bool = False

    def rows(self) -> list[Row]:
        """The rows as shown: those of the screen that pass the filter, and the answers every question has."""
        wanted = self.filter.casefold()
        shown = [r for r in self.screen.rows if wanted in f"{r.heading} {r.label} {r.meaning}".casefold()]
        if self.screen.kind not in ("pick", "several") or wanted:
            return shown
        shown += [Row(value=name, label=name) for name in self.named]
        if self.screen.other:
            shown.append(Row(value=OTHER, label=f"{self.screen.other} ...", meaning="write it"))
        if self.screen.kind == "several":
            shown.append(Row(value=NOTHING, label="none of these"))
        if self.screen.can_unknown:
            shown.append(Row(value=UNKNOWN, label="I don't know", meaning="the report says what stays open"))
        if self.screen.can_away:
            shown.append(Row(value=AWAY, label="does not apply", meaning="with a reason"))
        return shown

    def row(self) -> Row | None:
        rows = self.rows()
        return rows[self.cursor] if 0 <= self.cursor < len(rows) else None

    def now(self) -> str:
        """The value of the row that says what the file has; "" where it has nothing, or where several are picked."""
        screen = self.screen
        if screen.state == "value":
            if screen.kind == "several":
                return "" if any(r.state for r in screen.rows) else NOTHING
            return screen.value if screen.kind == "pick" else ""
        return {"unknown": UNKNOWN, "not_applicable": AWAY}.get(screen.state, "")

    def move(self, by: int) -> None:
        """The cursor some rows on, from end to beginning and back when it goes one by one."""
        count = len(self.rows())
        if not count:
            self.cursor = 0
        elif abs(by) == 1:
            self.cursor = (max(self.cursor, NOWHERE if by > 0 else 0) + by) % count
        else:
            self.cursor = max(0, min(count - 1, self.cursor + by))

    def first_cursor(self) -> int:
        """Where the cursor is at first: on what the file has, or on a menu's usual way on; on no choice that nobody made."""
        values = [r.value for r in self.rows()]
        wanted = self.now() or self.screen.cursor or self.screen.value
        if wanted in values:
            return values.index(wanted)
        return NOWHERE if self.screen.kind == "pick" else 0

    def mark(self, row: Row) -> str:
        """Whether a row is picked: "on", "unknown", "away" or ""."""
        return self.marks.get(row.value, "")

    def toggle(self, state: str) -> None:
        row = self.row()
        if row is not None and not row.value.startswith("+"):
            self.marks[row.value] = "" if self.marks.get(row.value) == state else state

    @property
    def nothing_picked(self) -> bool:
        return not any(self.marks.values())

    @property
    def is_numbered(self) -> bool:
        """Whether rows have numbers to go to them by: those of a question, which stay as they are."""
        return self.screen.kind in ("pick", "several")

    @property
    def is_searched(self) -> bool:
        """Whether `/` narrows the rows."""
        return self.screen.kind == "menu" or (self.screen.kind in ("pick", "several") and len(self.screen.rows) > MANY)

    @property
    def wants_line(self) -> bool:
        """Whether something is typed now."""
        if self.text is not None:
            return False
        return self.mode in (REASON, ROW_REASON, FILTER, NAMED) or self.screen.kind in ("line", "form")


def fresh(screen: Screen, before: State | None = None) -> State:
    """The state in which a screen comes up; on the same place again the cursor stays."""
    state = State(screen=screen)
    state.marks = {r.value: r.state for r in screen.rows if r.state in ("on", "unknown", "away")}
    state.reasons = {r.value: r.reason for r in screen.rows if r.reason}
    state.cursor = state.first_cursor()
    if before is not None and before.screen.place == screen.place:
        if screen.problem:
            state.cursor = min(before.cursor, max(0, len(state.rows()) - 1))
            state.values = before.values
        _keep_typed(state, before)
    if screen.reading is not None:
        state.text = screen.reading
        state.cursor = before.cursor if before is not None and before.screen.place == screen.place else state.cursor
    return state


def _keep_typed(state: State, before: State) -> None:
    """What was picked and written on the screen is still there when it could not be taken."""
    state.kept = before.kept
    if state.screen.kind != "several":
        return
    listed = {r.value for r in state.screen.rows}
    state.named = [name for name in before.named if name not in listed]
    known = listed | set(before.named)
    state.marks |= {value: mark for value, mark in before.marks.items() if value in known}
    state.reasons |= {value: reason for value, reason in before.reasons.items() if value in known}
