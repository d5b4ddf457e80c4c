"""What the rich face remembers while one screen is up: the cursor, what is picked, and which part is shown."""

from __future__ import annotations

from msgspec import Struct, field

from wa_advisor.wizard.screen import Row, Screen, Text

UNKNOWN, AWAY, OTHER, NOTHING = "+unknown", "+away", "+other", "+nothing"
MANY = 12
"""From more rows than these on, any list can be searched."""
MAIN, WHY, REASON, ROW_REASON, FILTER, NAMED = "main", "why", "reason", "row reason", "filter", "named"


class State(Struct):
    """`mode` says what the input line is for: the answer, a reason, a filter or another name."""

    screen: Screen
    cursor: int = 0
    scroll: int = 0
    mode: str = MAIN
    marks: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    filter: str = ""
    values: list[str] = field(default_factory=list)
    text: Text | None = None
    note: str = ""

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

    def move(self, by: int) -> None:
        """The cursor some rows on, from end to beginning and back when it goes one by one."""
        count = len(self.rows())
        if not count:
            self.cursor = 0
        elif abs(by) == 1:
            self.cursor = (self.cursor + by) % count
        else:
            self.cursor = max(0, min(count - 1, self.cursor + by))

    def mark(self, row: Row) -> str:
        """Whether a row is picked: "on", "unknown", "away" or ""."""
        return self.marks.get(row.value, "")

    def toggle(self, state: str) -> None:
        row = self.row()
        if row is not None and not row.value.startswith("+"):
            self.marks[row.value] = "" if self.marks.get(row.value) == state else state

    @property
    def wants_line(self) -> bool:
        """Whether something is typed now."""
        return self.mode in (REASON, ROW_REASON, FILTER, NAMED) or (self.mode == MAIN and self.screen.kind in ("line", "form"))


def fresh(screen: Screen, before: State | None = None) -> State:
    """The state in which a screen comes up; on the same place again the cursor stays."""
    state = State(screen=screen)
    state.marks = {r.value: r.state for r in screen.rows if r.state in ("on", "unknown", "away")}
    state.reasons = {r.value: r.reason for r in screen.rows if r.reason}
    values = [r.value for r in state.rows()]
    wanted = {"unknown": UNKNOWN, "not_applicable": AWAY}.get(screen.state, screen.value)
    if wanted in values:
        state.cursor = values.index(wanted)
    if before is not None and before.screen.place == screen.place and screen.problem:
        state.cursor = min(before.cursor, max(0, len(values) - 1))
        state.values = before.values
    if screen.reading is not None:
        state.text, state.mode = screen.reading, WHY
        state.cursor = before.cursor if before is not None and before.screen.place == screen.place else state.cursor
    return state
