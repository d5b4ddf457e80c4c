"""Screen + State -> lines of styled text for a terminal of any size; nothing here touches one.

From above: where one is and how far along; the question and its help; the rows or the input line; what went
wrong and what was noted; the leaning; the keys. Each part says how many lines it would take, and WISHES hands out
the lines of the terminal in turn: in a small one the question, the row under the cursor and the keys come first,
and what is left out is named by a sign.
"""

from __future__ import annotations

from msgspec import Struct

from wa_advisor.wizard.rich.cells import Glyphs, Line, cells, cut, hung, padded, typed_rows, wrapped
from wa_advisor.wizard.rich.state import FILTER, MAIN, REASON, ROW_REASON, State
from wa_advisor.wizard.screen import Row

WIDE = 60
MARKS = {"on": "[x]", "unknown": "[?]", "away": "[-]", "": "[ ]"}
ALL = 10_000
WISHES = (
    ("ask", 1), ("line", 1), ("rows", 1), ("keys", 1), ("said", 2), ("reason", 2), ("ask", ALL), ("title", 1), ("rows", 3),
    ("keys", 2), ("line", 4), ("rule", 2), ("said", ALL), ("fields", ALL), ("hint", 2), ("rows", 6), ("body", 2), ("status", 2), ("title", 2), ("keys", 4),
    ("help", 2), ("rows", ALL), ("line", ALL), ("body", ALL), ("help", ALL), ("status", ALL), ("group", 1), ("blank", 3),
)  # fmt: skip
"""(part, how many lines it gets if there are so many), the most needed first."""
KEEPS = "Enter keeps it."


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
    if state.text is not None:
        return _reading(state, width, height, glyphs)
    parts = _parts(state, width, glyphs, typed)
    has_rows = bool(state.rows() or state.filter) and (not state.wants_line or state.mode == FILTER)
    line = _typed_height(typed, width - cells(_prompt(state, glyphs)), height) if state.wants_line else 0
    wanted = {name: len(lines) for name, lines in parts.items()} | {"rule": 2, "blank": 3, "line": line}
    wanted["rows"] = _rows_height(state, width) if has_rows else 0
    given = _shared(wanted, height)
    shown = {name: _shortened(lines, given[name], width, glyphs) for name, lines in parts.items()}
    shown |= {name: parts[name][: given[name]] for name in ("title", "keys", "fields")}
    if given["body"] < wanted["body"]:
        shown["body"] = _shortened_body(parts["body"], given["body"], width, glyphs)
    rows = _rows(state, width, given["rows"], glyphs) if given["rows"] else []
    rule: list[Line] = [[("class:rule", glyphs.rule * width)]]
    above = shown["title"] + rule * (given["rule"] > 1) + shown["group"] + shown["ask"] + shown["body"] + shown["help"]
    above += shown["reason"] + shown["fields"] + [[]] * (given["blank"] > 0)
    below = shown["hint"]
    if state.wants_line:
        below += rows
    else:
        above += rows
    below += [[]] * (given["blank"] > 1 and bool(shown["said"])) + shown["said"]
    foot = rule * (given["rule"] > 0) + shown["status"] + shown["keys"]
    gap = height - len(above) - given["line"] - len(below) - len(foot)
    return Picture(above, _prompt(state, glyphs) if state.wants_line else None, below + [[]] * gap + foot, given["line"])


def _parts(state: State, width: int, glyphs: Glyphs, typed: str) -> dict[str, list[Line]]:
    """Every part that is made of lines alone, whole."""
    screen = state.screen
    group = [screen.group] if screen.group and screen.group != screen.title else []
    return {
        "title": _title(state, width, glyphs),
        "group": [[("class:dim", f" {cut(text, width - 2, glyphs.more)}")] for text in group],
        "ask": [[("class:question", f" {part}")] for part in wrapped(screen.ask, width - 2)],
        "body": [line for text in screen.body for line in _paragraph(text, width)],
        "help": [[("class:dim", f" {part}")] for part in (wrapped(screen.help, width - 2) if screen.help else [])],
        "reason": _reason(state, width),
        "fields": [_form_line(state, i, width) for i in range(len(state.values)) if screen.kind == "form"],
        "hint": _hint(state, width) if state.wants_line else [],
        "said": _said(state, width, typed),
        "status": _status(state, width, glyphs),
        "keys": _keys(state, width),
    }


def _shared(wanted: dict[str, int], height: int) -> dict[str, int]:
    """How many lines each part gets."""
    given = dict.fromkeys(wanted, 0)
    left = height
    for name, most in WISHES:
        more = max(0, min(most, wanted[name]) - given[name])
        if name == "rule" and left < 2:
            continue
        given[name] += min(more, left)
        left -= min(more, left)
    return given


def _shortened(lines: list[Line], count: int, width: int, glyphs: Glyphs) -> list[Line]:
    """The first lines of a text, the last of them ending in a sign where there are more."""
    if count >= len(lines) or not count:
        return lines[:count]
    style, text = lines[count - 1][0] if lines[count - 1] else ("", "")
    head = cut(text.rstrip(), width - 2 - cells(glyphs.more), "")
    return [*lines[: count - 1], [(style, f"{head} {glyphs.more}")]]


def _shortened_body(lines: list[Line], count: int, width: int, glyphs: Glyphs) -> list[Line]:
    if not count:
        return []
    left = len(lines) - count + 1
    return [*lines[: count - 1], [("class:dim", cut(f" {glyphs.down} {left} more lines: F1 shows them", width - 1, glyphs.more))]]


def _typed_height(typed: str, width: int, height: int) -> int:
    """A long text is shown whole, over a few rows; the cursor behind it needs a cell too."""
    most = max(1, height // 3)
    return min(len(typed_rows(typed[: most * max(width, 1) + 1], width)), most)


# -- head and foot -----------------------------------------------------------------------------------


def _title(state: State, width: int, glyphs: Glyphs) -> list[Line]:
    """What the page is about and how far along one is, side by side where there is room."""
    title, progress = state.screen.title, state.screen.progress
    if cells(title) + cells(progress) + 4 <= width:
        gap = " " * (width - cells(title) - cells(progress) - 2)
        return [[("class:title", f" {title}"), ("", gap), ("class:dim", f"{progress} ")]]
    lines: list[Line] = [[("class:title", " " + cut(title, width - 2, glyphs.more))]]
    if progress:
        lines.append([("class:dim", " " + cut(progress, width - 2, glyphs.more))])
    return lines


def _status(state: State, width: int, glyphs: Glyphs) -> list[Line]:
    lines: list[Line] = []
    most = 2 if len(state.screen.status) > 1 else 3
    for text in state.screen.status:
        parts = wrapped(text, width - 2)
        if len(parts) > most:
            parts = [*parts[: most - 1], cut(f"{parts[most - 1]} {glyphs.more}", width - 2, glyphs.more)]
        lines += [[("class:status", f" {part}")] for part in parts]
    return lines


def _keys(state: State, width: int) -> list[Line]:
    lines: list[Line] = [[]]
    used = 0
    for key, what in _offered(state, narrow=width < WIDE):
        size = cells(key) + 1 + cells(what) + 2
        if used and used + size > width:
            lines.append([])
            used = 0
        lines[-1] += [("", " "), ("class:key", key), ("class:dim", f" {what} ")]
        used += size
    return [_fitting(line, width) for line in lines]


def _fitting(line: Line, width: int) -> Line:
    """The line without what goes beyond the edge: in a terminal narrower than one key and its word."""
    found: Line = []
    for style, text in line:
        found.append((style, cut(text, width - sum(cells(t) for _, t in found), "")))
    return found


_SHORT = {
    "take it": "ok", "choose": "ok", "go on": "on", "don't know": "unsure", "not known": "unsure", "does not apply": "n/a", "go to": "go",
}  # fmt: skip
"""What the keys do, for a terminal of few columns."""


def _offered(state: State, *, narrow: bool) -> list[tuple[str, str]]:
    keys = _of_screen(state) if state.text is None and state.mode == MAIN else _of_mode(state)
    return [(key, _SHORT.get(what, what) if narrow else what) for key, what in keys]


def _of_mode(state: State) -> list[tuple[str, str]]:
    if state.text is not None:
        return [("Up/Down", "read on"), ("Enter", "close")]
    return [("Enter", "choose" if state.mode == FILTER else "take it"), ("Esc", "not now"), ("F1", "why"), ("Ctrl-C", "stop")]


def _of_screen(state: State) -> list[tuple[str, str]]:
    screen = state.screen
    keys = [("Enter", {"several": "go on", "menu": "choose", "page": "close"}.get(screen.kind, "take it"))]
    if screen.kind == "several":
        keys.insert(0, ("Space", "pick"))
        if screen.has_row_states:
            keys += [("u", "not known"), ("x", "does not apply")]
    if screen.can_back:
        keys.append(("Shift-Tab", "back"))
    explains = screen.has_why or screen.kind not in ("menu", "page")
    keys.append(("F1" if state.wants_line or not explains else "F1/?", "why" if explains else "help"))
    if screen.can_unknown:
        keys.append(("F2", "don't know"))
    if screen.can_away:
        keys.append(("F3", "n/a"))
    if screen.can_jump:
        keys.append(("F4", "go to"))
    if screen.place[0] == "list":
        entries = any(r.value.isdigit() for r in screen.rows)
        keys += [("a", "add"), *([("d", "copy"), ("x", "remove"), ("+/-", "move")] if entries else [])]
    if state.is_searched and len(screen.rows) > 3:
        keys.append(("/", "find"))
    return [*keys, ("Ctrl-C", "stop")]


# -- the middle --------------------------------------------------------------------------------------


def _reason(state: State, width: int) -> list[Line]:
    """What the input line is for, where it is not for the answer."""
    row = state.row()
    text = ""
    if state.mode == REASON:
        text = "Why does it not apply?"
    elif state.mode == ROW_REASON and row is not None:
        text = f"Why does it not apply: {row.label}?"
    return [[("class:question", f" {part}")] for part in wrapped(text, width - 2)] if text else []


def _paragraph(text: str, width: int) -> list[Line]:
    """A text over lines; what begins with a dash or blanks hangs from there."""
    indent = len(text) - len(text.lstrip(" "))
    hang = indent + (2 if text.lstrip().startswith("- ") else 0)
    parts = wrapped(text, width - 2 - hang) if text.strip() else [""]
    return [[("", " " * (1 + (hang if number else indent)) + part)] for number, part in enumerate(parts)]


def _form_line(state: State, index: int, width: int) -> Line:
    one = state.screen.fields[index]
    label = cut(f"   {one.label}: ", width - 4, "")
    return [("class:dim", label), ("", cut(state.values[index] or "none", max(0, width - cells(label) - 1), ""))]


def _said(state: State, width: int, typed: str) -> list[Line]:
    """What was refused, what was noted, and how the question stands in the file, as far as it still holds."""
    screen = state.screen
    problem = state.note or ("" if state.touched and not state.wants_line else screen.problem)
    noted = [*_stands(state, typed), *screen.notices] if state.mode == MAIN else []
    if not _keeps(state, typed):
        noted = [text.removesuffix(KEEPS).rstrip() for text in noted]
    lines: list[Line] = []
    for style, sign, texts in (("class:problem", "!", [problem]), ("class:notice", "*", noted)):
        for text in texts:
            for number, part in enumerate(wrapped(text, width - 4) if text else []):
                lines.append([(style, f" {sign if not number else ' '} {part}")])
    return lines


def _keeps(state: State, typed: str) -> bool:
    """Whether Enter, pressed now, leaves the file as it is."""
    screen = state.screen
    if screen.kind == "line":
        return typed == screen.value
    if screen.kind == "several":
        marked = {r.value: r.state for r in screen.rows}
        row = state.row()
        special = row is not None and row.value.startswith("+") and row.value != state.now()
        return not special and all(marked.get(value, "") == mark for value, mark in state.marks.items())
    row = state.row()
    return row is not None and row.value == state.now()


def _stands(state: State, typed: str) -> list[str]:
    screen = state.screen
    if screen.state == "unknown":
        return [f"Now: I don't know. {KEEPS}"]
    if screen.state == "not_applicable":
        return [f"Now: does not apply: {screen.reason}. {KEEPS}"]
    return []


def _prompt(state: State, glyphs: Glyphs) -> str:
    if state.mode == FILTER:
        return " Find: "
    if state.mode == MAIN and state.screen.kind == "form":
        return f" {state.screen.fields[len(state.values)].label}: "
    return f" {glyphs.pointer} "


def _hint(state: State, width: int) -> list[Line]:
    """Below the input line: that the text in it is suggested, or an example of what people type there."""
    screen = state.screen
    example = screen.example
    if state.mode == MAIN and screen.kind == "form":
        example = screen.fields[len(state.values)].example
    if state.suggested:
        text = "suggested; type to replace, Enter takes it"
    elif state.mode != MAIN or not example:
        return []
    else:
        text = f"for example {example}"
    return [[("class:dim", f"   {part}")] for part in wrapped(text, width - 4)]


def _rows(state: State, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """As many rows as fit around the cursor, with a sign of how many more there are."""
    rows = state.rows()
    if not rows:
        return [[("class:dim", "   nothing fits")]]
    blocks = _blocks(state, rows, width, glyphs)
    cursor = max(0, state.cursor)
    if height < 3 and sum(len(head) + len(block) for head, block in blocks) > height:
        return blocks[cursor][1][:height]
    heights = [len(head) + len(block) for head, block in blocks]
    first, last = _window(heights, cursor, height)
    lines = [line for head, block in blocks[first : last + 1] for line in (*head, *block)]
    if first == 0 and last == len(rows) - 1:
        return lines
    before = f"{glyphs.up} {first} above  " if first else ""
    after = f"{glyphs.down} {len(rows) - 1 - last} below" if last < len(rows) - 1 else ""
    if len(lines) >= height:  # one row alone is longer than what there is room for
        lines = _shortened(blocks[cursor][1], height - 1, width, glyphs)
    return [*lines, [("class:dim", cut(f"   {before}{after}", width, ""))]]


def _rows_height(state: State, width: int) -> int:
    rows = state.rows()
    return sum(len(head) + len(block) for head, block in _blocks(state, rows, width, _PLAIN)) if rows else 1


def _blocks(state: State, rows: list[Row], width: int, glyphs: Glyphs) -> list[tuple[list[Line], list[Line]]]:
    """For each row the heading that begins with it, if one does, and its own lines."""
    now = state.now()
    labels = [f"{row.label} (now)" if now and row.value == now else row.label for row in rows]
    column = min(max(map(cells, labels), default=0), 30)
    found: list[tuple[list[Line], list[Line]]] = []
    for index, row in enumerate(rows):
        head: list[Line] = []
        if row.heading and (index == 0 or rows[index - 1].heading != row.heading):
            head.append([("class:heading", f" {cut(row.heading, width - 2, glyphs.more)}")])
        found.append((head, _row(state, row, labels[index], index, column, width, glyphs)))
    return found


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


def _row(state: State, row: Row, label: str, index: int, column: int, width: int, glyphs: Glyphs) -> list[Line]:
    here = index == state.cursor
    style = "class:here" if here else ""
    number = f" {index + 1:>{len(str(len(state.screen.rows) + 4))}} " if state.is_numbered and not state.filter else ""
    pointer = f"{number}{glyphs.pointer if here else ' '} " if number else f" {glyphs.pointer if here else ' '} "
    mark = ""
    if state.screen.kind == "several":
        picked = state.mark(row)
        mark = "    " if row.value.startswith("+") else f"{MARKS[picked]} "
    lead = cells(pointer) + cells(mark)
    meaning = _meaning(state, row)
    if width < WIDE or cells(label) > column or column + lead + 20 > width:
        return _stacked(label, meaning, pointer + mark, style, width)
    parts = wrapped(meaning, width - lead - column - 3) if meaning else [""]
    lines: list[Line] = [[(style, pointer + mark + padded(label, column)), ("class:dim", f"  {parts[0]}")]]
    lines += [[("class:dim", " " * (lead + column + 2) + part)] for part in parts[1:]]
    return lines


def _meaning(state: State, row: Row) -> str:
    if state.mark(row) == "away" and state.reasons.get(row.value):
        return f"{row.meaning}; does not apply: {state.reasons[row.value]}"
    return row.meaning if row.meaning != row.label else ""


def _stacked(label: str, meaning: str, lead: str, style: str, width: int) -> list[Line]:
    """The label, and its meaning below it: for narrow terminals and long labels."""
    lines: list[Line] = [[(style, part)] for part in hung(label, width - 1, lead)]
    indent = " " * (cells(lead) + len(label) - len(label.lstrip(" ")) + 2)
    if meaning:
        lines += [[("class:dim", f"{indent}{part}")] for part in wrapped(meaning, width - cells(indent) - 1)]
    return lines


def _reading(state: State, width: int, height: int, glyphs: Glyphs) -> Picture:
    """A text to read, from where it was scrolled to."""
    assert state.text is not None
    lines: list[Line] = [[("class:question", f" {part}")] for part in wrapped(state.text.heading, width - 2)]
    lines.append([])
    lines += [line for text in state.text.lines for line in _paragraph(text, width)]
    rule: list[Line] = [[("class:rule", glyphs.rule * width)]]
    head = _title(state, width, glyphs)[: 2 if height > 12 else 1] + rule if height > 6 else []
    foot = (rule if height > 6 else []) + _keys(state, width)[:1]
    room = max(1, height - len(head) - len(foot))
    state.scroll = max(0, min(state.scroll, len(lines) - room))
    shown = lines[state.scroll : state.scroll + room]
    left = len(lines) - state.scroll - len(shown)
    if left > 0:
        shown[-1] = [("class:dim", cut(f"   {glyphs.down} {left + 1} lines below", width, ""))]
    return Picture(head + shown, None, [[] for _ in range(room - len(shown))] + foot)
