"""What one step of the interview shows, and what a person can say to it: the port between interview and faces.

A Screen is plain data; a face draws it as it can and gives back a Reply. Neither knows of the other's means:
the same interview runs in a full terminal, line by line, and from a list of replies in a test.
"""

from __future__ import annotations

from msgspec import Struct, field

Place = tuple[str | int, ...]
"""Where the interview is: ("workload", "owner"), ("item", "access_patterns", 0, "lookup"), ("review",)."""


class Row(Struct, frozen=True, kw_only=True):
    """One thing to pick. `state` is "", "on", "unknown" or "away" (does not apply)."""

    value: str
    label: str
    meaning: str = ""
    heading: str = ""
    state: str = ""
    reason: str = ""
    note: str = ""


class Field(Struct, frozen=True, kw_only=True):
    """One line of a form; `empty` is what an empty line means."""

    key: str
    label: str
    value: str = ""
    empty: str = ""
    example: str = ""
    optional: bool = False


class Screen(Struct, frozen=True, kw_only=True):
    """`kind`: `pick` one row, `several` rows, `line` of text, `form` of lines, `menu` of actions, `page` to read.

    `cursor` is the row to come up on, where it is another than the one that `value` offers. `state` is how the question stands in the file: "", "value", "unknown" or "not_applicable". `reading` is a text
    that was asked for by the last reply: it is shown first, once.
    """

    place: Place
    kind: str
    ask: str
    title: str = ""
    group: str = ""
    progress: str = ""
    help: str = ""
    body: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    fields: tuple[Field, ...] = ()
    value: str = ""
    cursor: str = ""
    suggestion: str = ""
    example: str = ""
    state: str = ""
    reason: str = ""
    status: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    problem: str = ""
    can_unknown: bool = False
    can_away: bool = False
    can_back: bool = True
    can_jump: bool = True
    has_why: bool = False
    has_row_states: bool = False
    other: str = ""
    reading: Text | None = None


class Text(Struct, frozen=True, kw_only=True):
    """Lines to read on demand (why, keys): a heading and paragraphs."""

    heading: str
    lines: tuple[str, ...]


class Reply(Struct, frozen=True):
    """What a person says to a screen."""


class Give(Reply, frozen=True):
    """A picked row or a typed line."""

    value: str


class GiveSeveral(Reply, frozen=True):
    """Picked rows; for practices also those not known and those that do not apply, with reasons.

    `sure` where nothing picked was said in words, so that it need not be asked again.
    """

    on: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    away: tuple[tuple[str, str], ...] = ()
    sure: bool = False


class GiveForm(Reply, frozen=True):
    """The lines of a form, in the order of its fields."""

    values: tuple[str, ...] = field(default=())


class Unknown(Reply, frozen=True):
    """I don't know."""


class Away(Reply, frozen=True):
    """It does not apply, and why."""

    reason: str


class Back(Reply, frozen=True):
    """The question before this one; what was half typed here is kept for coming back."""

    draft: str = ""


class Jump(Reply, frozen=True):
    """The list of places to go to."""


class Act(Reply, frozen=True):
    """An action on the row of a menu: `add`, `edit`, `duplicate`, `remove`, `up`, `down`."""

    action: str
    row: str = ""
