"""Screen + State -> lines of styled text for a terminal of any size; nothing here touches one.

From above: where one is and how far along; the question and its help; the rows or the input line; what went
wrong and what was noted; the leaning; the keys. When the terminal is small the help goes first, then the
leaning; the question, the row under the cursor and the keys stay.
"""

from __future__ import annotations

from msgspec import Struct

from wa_advisor.wizard.rich.cells import Glyphs, Line, cells, cut, padded, wrapped
from wa_advisor.wizard.rich.state import FILTER, MAIN, MANY, NAMED, REASON, ROW_REASON, State
from wa_advisor.wizard.screen import Row

WIDE = 60
MARKS = {"on": "[x]", "unknown": "[?]", "away": "[-]", "": "[ ]"}


class Picture(Struct, frozen=True):
    """Lines above the input line and below it; `prompt` stands before what is typed, None if nothing is.

    `typing` is how many rows of the screen the typed text takes.
    """

    above: list[Line]
    prompt: str | None
    below: list[Line]
    typing: int = 0


def draw(state: State, width: int, height: int, glyphs: Glyphs, typed: str = "") -> Picture:
    """The whole screen, exactly `height` lines with those of the typed text counted."""
    foot = _foot(state, width, height, glyphs)
    head = _head(state, width, glyphs)
    if state.text is not None:
        return _reading(state, head, foot, width, height, glyphs)
    line = _typed_rows(typed, width - cells(_prompt(state, glyphs)), height) if state.wants_line else 0
    room = height - len(head) - len(foot) - line
    said = _said(state, width)
    question = _question(state, width)
    rows_wanted = min(_rows_height(state, width), max(3, room // 2)) if state.rows() and not _only_line(state) else 0
    question = question[: max(1, room - rows_wanted - len(said))]
    if len(question) > 1 and not _is_blank(question[-1]) and room - len(question) - rows_wanted - len(said) > 0:
        question.append([])
    rows = [] if _only_line(state) else _rows(state, width, room - len(question) - len(said), glyphs)
    above = head + question
    below = said
    if state.wants_line:
        below = [*_after_line(state, width), *said]
    if state.mode == FILTER or not state.wants_line:
        above, below = (above + rows, below) if not state.wants_line else (above, [*rows, *said])
    over = len(above) + line + len(below) + len(foot) - height
    if over > 0:  # in a very small terminal what was noted goes first, then the typed text's rows, then the question's end
        gone = min(over, len(below))
        below = below[: len(below) - gone]
        kept = min(over - gone, line - 1) if line else 0
        line -= kept
        above = above[: len(above) - (over - gone - kept)] if over - gone - kept else above
    below = below + [[] for _ in range(-over)]
    return Picture(above, _prompt(state, glyphs) if state.wants_line else None, below + foot, line)


def _typed_rows(typed: str, width: int, height: int) -> int:
    """A long text is shown whole, over a few rows; the cursor behind it needs a cell too."""
    return max(1, min(1 + cells(typed) // max(1, width), height // 3))


def _only_line(state: State) -> bool:
    return state.wants_line and state.mode != FILTER


def _is_blank(line: Line) -> bool:
    return not any(text.strip() for _, text in line)


# -- head and foot -----------------------------------------------------------------------------------


def _head(state: State, width: int, glyphs: Glyphs) -> list[Line]:
    screen = state.screen
    title, progress = screen.title, screen.progress
    rule: Line = [("class:rule", glyphs.rule * width)]
    if cells(title) + cells(progress) + 4 <= width:
        gap = " " * (width - cells(title) - cells(progress) - 2)
        return [[("class:title", f" {title}"), ("", gap), ("class:dim", f"{progress} ")], rule]
    lines: list[Line] = [[("class:title", " " + cut(title, width - 2, glyphs.more))]]
    if progress:
        lines.append([("class:dim", " " + cut(progress, width - 2, glyphs.more))])
    return [*lines, rule]


def _foot(state: State, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    lines: list[Line] = [[("class:rule", glyphs.rule * width)]]
    if state.text is None and height >= 16:
        most = 2 if len(state.screen.status) > 1 else 3
        for text in state.screen.status:
            parts = wrapped(text, width - 2)
            if len(parts) > most:
                parts = [*parts[: most - 1], cut(f"{parts[most - 1]} {glyphs.more}", width - 2, glyphs.more)]
            lines += [[("class:status", f" {part}")] for part in parts]
    return [*lines, *_keys(state, width)[: 1 if height < 10 else 3]]


def _keys(state: State, width: int) -> list[Line]:
    lines: list[Line] = [[]]
    used = 0
    for key, what in _offered(state):
        size = cells(key) + 1 + cells(what) + 2
        if used and used + size > width - 1:
            lines.append([])
            used = 0
        lines[-1] += [("", " "), ("class:key", key), ("class:dim", f" {what} ")]
        used += size
    return lines


def _offered(state: State) -> list[tuple[str, str]]:
    screen = state.screen
    if state.text is not None:
        return [("Up/Down", "read on"), ("Enter", "close")]
    if state.mode != MAIN:
        return [("Enter", "take it"), ("Shift-Tab", "not now"), ("Ctrl-C", "stop")]
    keys = [("Enter", {"several": "go on", "menu": "choose", "page": "close"}.get(screen.kind, "take it"))]
    if screen.kind == "several":
        keys.insert(0, ("Space", "pick"))
        if screen.has_row_states:
            keys += [("u", "not known"), ("x", "does not apply")]
    if screen.can_back:
        keys.append(("Shift-Tab", "back"))
    if screen.has_why:
        keys.append(("F1", "why"))
    hidden = screen.kind == "line" or len(screen.rows) > 8  # elsewhere both are rows that are on the screen
    if screen.can_unknown and hidden:
        keys.append(("F2", "don't know"))
    if screen.can_away and hidden:
        keys.append(("F3", "n/a"))
    if screen.can_jump:
        keys.append(("F4", "go to"))
    if screen.place[0] == "list":
        entries = any(r.value.isdigit() for r in screen.rows)
        keys += [("a", "add"), *([("d", "copy"), ("x", "remove"), ("+/-", "move")] if entries else [])]
    if len(screen.rows) > (8 if screen.kind == "menu" else MANY):
        keys.append(("/", "find"))
    return [*keys, ("Ctrl-C", "stop")]


# -- the middle --------------------------------------------------------------------------------------


def _question(state: State, width: int) -> list[Line]:
    screen = state.screen
    lines: list[Line] = []
    if screen.group and screen.group != screen.title:
        lines += [[("class:dim", f" {cut(screen.group, width - 2, '')}")], []]
    lines += [[("class:question", f" {part}")] for part in wrapped(screen.ask, width - 2)]
    lines += [line for text in screen.body for line in _paragraph(text, width)]
    if screen.help:
        lines += [[("class:dim", f" {part}")] for part in wrapped(screen.help, width - 2)]
    if state.mode == REASON:
        lines += [[], [("class:question", " Why does it not apply?")]]
    if state.mode == ROW_REASON and (row := state.row()) is not None:
        lines += [[], *([("class:question", f" {p}")] for p in wrapped(f"Why does it not apply: {row.label}?", width - 2))]
    lines += [_form_line(state, i, width) for i in range(len(state.values)) if screen.kind == "form"]
    return lines


def _paragraph(text: str, width: int) -> list[Line]:
    """A text over lines; what begins with a dash or blanks hangs from there."""
    indent = len(text) - len(text.lstrip(" "))
    hang = indent + (2 if text.lstrip().startswith("- ") else 0)
    parts = wrapped(text, width - 2 - hang) if text.strip() else [""]
    return [[("", " " * (1 + (hang if number else indent)) + part)] for number, part in enumerate(parts)]


def _form_line(state: State, index: int, width: int) -> Line:
    one = state.screen.fields[index]
    return [
        ("class:dim", f"   {one.label}: "),
        ("", cut(state.values[index] or "none", max(4, width - cells(one.label) - 6), "")),
    ]


def _said(state: State, width: int) -> list[Line]:
    """What was refused, what was noted, and how the question stands in the file."""
    screen = state.screen
    lines: list[Line] = []
    for style, sign, texts in (
        ("class:problem", "!", (state.note or screen.problem,)),
        ("class:notice", "*", (*_stands(state), *screen.notices)),
    ):
        for text in texts:
            for number, part in enumerate(wrapped(text, width - 4) if text else []):
                lines.append([(style, f" {sign if not number else ' '} {part}")])
    return [[], *lines] if lines else []


def _stands(state: State) -> list[str]:
    screen = state.screen
    if screen.state == "unknown":
        return ["Now: I don't know. Enter keeps it."]
    if screen.state == "not_applicable":
        return [f"Now: does not apply: {screen.reason}. Enter keeps it."]
    return []


def _prompt(state: State, glyphs: Glyphs) -> str:
    if state.mode == FILTER:
        return " Find: "
    if state.mode == MAIN and state.screen.kind == "form":
        return f" {state.screen.fields[len(state.values)].label}: "
    return f" {glyphs.pointer} "


def _after_line(state: State, width: int) -> list[Line]:
    """A hint below the input line: an example of what people type there."""
    screen = state.screen
    example = screen.example
    if state.mode == MAIN and screen.kind == "form":
        example = screen.fields[len(state.values)].example
    if state.mode == NAMED or state.mode != MAIN or not example:
        return [[]]
    return [[("class:dim", f"   {part}")] for part in wrapped(f"for example {example}", width - 4)[:2]]


def _rows(state: State, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """As many rows as fit around the cursor, with a sign of how many more there are."""
    rows = state.rows()
    if not rows:
        return [[("class:dim", "   nothing fits")]] if state.filter else []
    column = _column(rows)
    blocks = [_row(state, rows, i, column, width, glyphs) for i in range(len(rows))]
    first, last = _window([len(b) for b in blocks], state.cursor, height)
    lines = [line for block in blocks[first : last + 1] for line in block]
    lines = lines[:height] if len(lines) > height else lines
    if first > 0 or last < len(rows) - 1:
        before = f"{glyphs.up} {first} above  " if first else ""
        after = f"{glyphs.down} {len(rows) - 1 - last} below" if last < len(rows) - 1 else ""
        lines.append([("class:dim", f"   {before}{after}")])
    return lines


def _rows_height(state: State, width: int) -> int:
    rows = state.rows()
    column = _column(rows)
    return sum(len(_row(state, rows, i, column, width, _PLAIN)) for i in range(len(rows)))


def _column(rows: list[Row]) -> int:
    """Where the meanings begin."""
    return min(max((cells(r.label) for r in rows), default=0), 30)


_PLAIN = Glyphs(">", "-", "...", "^", "v", "-")


def _window(heights: list[int], cursor: int, room: int) -> tuple[int, int]:
    """The first and last row to show: all if they fit, else as many as do around the cursor."""
    if sum(heights) <= room:
        return 0, len(heights) - 1
    room -= 1  # for the line that says how many more there are
    first = last = min(cursor, len(heights) - 1)
    used = heights[first]
    while True:
        grown = False
        if last + 1 < len(heights) and used + heights[last + 1] <= room:
            last += 1
            used += heights[last]
            grown = True
        if first and used + heights[first - 1] <= room:
            first -= 1
            used += heights[first]
            grown = True
        if not grown:
            return first, last


def _row(state: State, rows: list[Row], index: int, column: int, width: int, glyphs: Glyphs) -> list[Line]:
    row = rows[index]
    here = index == state.cursor
    style = "class:here" if here else ""
    pointer = f" {glyphs.pointer if here else ' '} "
    mark = ""
    if state.screen.kind == "several":
        picked = "on" if row.value in state.named else state.mark(row)
        mark = "    " if row.value.startswith("+") else f"{MARKS[picked]} "
    lines: list[Line] = []
    if row.heading and (index == 0 or rows[index - 1].heading != row.heading):
        lines.append([("class:heading", f" {cut(row.heading, width - 2, glyphs.more)}")])
    lead = cells(pointer) + cells(mark)
    meaning = _meaning(state, row)
    if width < WIDE or cells(row.label) > column or column + lead + 20 > width:
        lines += _stacked(row.label, meaning, pointer + mark, style, width)
        return lines
    parts = wrapped(meaning, width - lead - column - 3) if meaning else [""]
    lines.append([(style, pointer + mark + padded(row.label, column)), ("class:dim", f"  {parts[0]}")])
    lines += [[("class:dim", " " * (lead + column + 2) + part)] for part in parts[1:]]
    return lines


def _meaning(state: State, row: Row) -> str:
    if state.mark(row) == "away" and state.reasons.get(row.value):
        return f"{row.meaning}; does not apply: {state.reasons[row.value]}"
    return row.meaning if row.meaning != row.label else ""


def _stacked(label: str, meaning: str, lead: str, style: str, width: int) -> list[Line]:
    """The label, and its meaning below it: for narrow terminals and long labels."""
    indent = " " * cells(lead)
    labels = wrapped(label, width - cells(lead) - 1)
    lines: list[Line] = [[(style, (lead if not i else indent) + part)] for i, part in enumerate(labels)]
    if meaning:
        lines += [[("class:dim", f"{indent}  {part}")] for part in wrapped(meaning, width - cells(lead) - 3)]
    return lines


def _reading(state: State, head: list[Line], foot: list[Line], width: int, height: int, glyphs: Glyphs) -> Picture:
    """A text to read, from where it was scrolled to."""
    assert state.text is not None
    lines: list[Line] = [[("class:question", f" {part}")] for part in wrapped(state.text.heading, width - 2)]
    lines.append([])
    lines += [line for text in state.text.lines for line in _paragraph(text, width)]
    room = height - len(head) - len(foot)
    state.scroll = max(0, min(state.scroll, len(lines) - room))
    shown = lines[state.scroll : state.scroll + room]
    left = len(lines) - state.scroll - len(shown)
    if left > 0:
        shown[-1] = [("class:dim", f"   {glyphs.down} {left + 1} lines below")]
    return Picture(head + shown, None, [[] for _ in range(room - len(shown))] + foot)
