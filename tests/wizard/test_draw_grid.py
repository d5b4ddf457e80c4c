"""Small and large terminals: the question is always there, then the row under the pointer, then the keys."""

from __future__ import annotations

from itertools import product

import pytest

from wa_advisor.wizard.rich.cells import ASCII, UNICODE, cells, drawable, hung, typed_rows
from wa_advisor.wizard.rich.draw import Picture, draw
from wa_advisor.wizard.rich.state import REASON, State, fresh
from wa_advisor.wizard.screen import Row, Screen

GRID = list(product((20, 40, 80, 200), (6, 8, 10, 12, 24, 60)))
LONG = "a sentence that goes on for quite a while, so that it takes several lines of any terminal but the widest ones " * 3
CHOICES = tuple(Row(value=f"c{n}", label=f"choice-{n}", meaning=LONG) for n in range(14))


def text_of(picture: Picture) -> list[str]:
    return ["".join(text for _, text in line) for line in [*picture.above, *picture.below]]


def page(kind: str, **more: object) -> Screen:
    plain: dict[str, object] = {
        "place": ("item", "access_patterns", 0, "lookup"), "kind": kind, "title": LONG, "group": "Finding", "progress": "part 1 of 8",
        "ask": "Question?", "help": LONG, "status": (LONG, LONG), "notices": (LONG,), "can_unknown": True, "can_away": True, "has_why": True,
    }  # fmt: skip
    return Screen(**{**plain, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(("columns", "rows"), GRID)
def test_question_row_and_keys_are_shown_at_every_size(columns: int, rows: int) -> None:
    for kind in ("pick", "several", "menu"):
        state = fresh(page(kind, rows=CHOICES, problem=LONG))
        for state.cursor in (0, 7, 13):
            lines = text_of(draw(state, columns, rows, ASCII))
            assert len(lines) == rows and max(map(cells, lines)) <= columns
            assert any(line.strip() == "Question?" for line in lines)
            assert any(f"> {'[ ] ' * (kind == 'several')}choice-{state.cursor}" in line for line in lines), (kind, lines)
            assert any(line.startswith((" Enter", " Space")) for line in lines)


@pytest.mark.parametrize(("columns", "rows"), GRID)
def test_what_is_typed_has_its_place_at_every_size(columns: int, rows: int) -> None:
    for mode in ("main", REASON):
        state = State(screen=page("line", body=(LONG,)), mode=mode)
        picture = draw(state, columns, rows, ASCII, LONG)
        lines = text_of(picture)
        assert picture.typing >= 1 and len(lines) + picture.typing == rows
        assert any(line.strip() == "Question?" for line in lines) and any(line.startswith(" Enter") for line in lines)


def test_a_body_that_does_not_fit_says_how_much_more_there_is() -> None:
    screen = page("menu", body=tuple(f"Line {n} is kept." for n in range(30)), rows=CHOICES[:3], help="", status=(), notices=())
    lines = text_of(draw(fresh(screen), 40, 24, ASCII))
    count = next(int(line.split()[1]) for line in lines if "more lines: F1 shows them" in line)
    assert count + sum("is kept." in line for line in lines) == 30


def test_a_long_list_is_shown_before_a_long_help() -> None:
    rows = tuple(Row(value=f"c{n}", label=f"choice {n}") for n in range(14))
    lines = text_of(draw(fresh(page("menu", rows=rows, notices=())), 40, 24, ASCII))
    assert sum("choice " in line for line in lines) >= 9, lines


def test_a_long_name_keeps_its_indent() -> None:
    rows = (Row(value="a", label="The part"), Row(value="b", label="  " + "long name " * 8, meaning="what it leans to"))
    lines = text_of(draw(fresh(page("menu", rows=rows)), 40, 24, ASCII))
    assert all(line.startswith("     ") for line in lines if "long name" in line)
    assert hung("  two words", 9, "> ") == [">   two", "    words"]


@pytest.mark.parametrize(
    ("text", "drawn", "width"),
    [("\U0001f39f\ufe0f a", "\U0001f39f a", 3), ("\U0001f469\u200d\U0001f467", "\U0001f469\U0001f467", 4), ("\U0001f44d\U0001f3fd", "\U0001f44d", 2),
     ("\U0001f1e9\U0001f1ea", "DE", 2), ("é", "é", 1), ("e\u0301", "e\u0301", 1), ("日本", "日本", 4), ("a\u202eb\x1b", "ab", 2)],
)  # fmt: skip
def test_a_sign_is_drawn_as_wide_as_every_terminal_has_it(text: str, drawn: str, width: int) -> None:
    assert (drawable(text), cells(text)) == (drawn, width)


def test_rows_of_typed_text_lose_nothing_and_break_between_words() -> None:
    text = "one two  three 日本語 fourteen-letters " * 5
    for width in range(3, 60):
        rows = typed_rows(text, width)
        assert "".join(rows) == text and all(cells(row) <= width for row in rows)
    assert typed_rows("the pages read the cart", 10) == ["the pages ", "read the ", "cart"]


def test_a_suggestion_says_so_and_an_answer_that_is_kept_too() -> None:
    state = fresh(
        page("line", suggestion="read Shop", status=(), notices=("Read from x.sql. Enter keeps it.",), value="", help="")
    )
    state.suggested = True
    assert any(
        "suggested; type to replace, Enter takes it" in line for line in text_of(draw(state, 80, 24, UNICODE, "read Shop"))
    )
    kept = fresh(page("line", value="400 KB", state="value", notices=("Read from x.sql. Enter keeps it.",)))
    assert any("Enter keeps it" in line for line in text_of(draw(kept, 80, 24, UNICODE, "400 KB")))
    assert not any("Enter keeps it" in line for line in text_of(draw(kept, 80, 24, UNICODE, "40 KB")))
