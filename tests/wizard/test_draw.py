"""What is drawn fits: on every screen of an interview, at every size, the lines are as many and as wide as the terminal."""

from __future__ import annotations

import pytest
from test_shipped import LARGE, Person
from wizard_small import Kept

from wa_advisor.model import RuleSet
from wa_advisor.wizard.document import new_text, read_document
from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.rich.cells import ASCII, UNICODE, Glyphs, cells
from wa_advisor.wizard.rich.draw import draw
from wa_advisor.wizard.rich.state import FILTER, MAIN, REASON, State, fresh
from wa_advisor.wizard.screen import Give, Reply, Screen, Text

SIZES = [(80, 24), (40, 24), (40, 12), (30, 10), (120, 50), (20, 8)]
LONG = "ein sehr langer Satz, der 日本語 enthält und nicht auf eine Zeile geht, " * 4


def widths(lines: list[list[tuple[str, str]]]) -> list[int]:
    return [sum(cells(text) for _, text in line) for line in lines]


def fits(state: State, glyphs: Glyphs, typed: str = "") -> None:
    for width, height in SIZES:
        picture = draw(state, width, height, glyphs, typed)
        lines = [*picture.above, *picture.below]
        assert max(widths(lines)) <= width, (state.screen.place, width, height)
        assert len(lines) + picture.typing == height, (state.screen.place, width, height)
        text = "".join(t for line in lines for _, t in line)
        if glyphs is ASCII and state.screen.title.isascii():
            assert not set("❯─…↑↓") & set(text)


class Watched(Person):
    """Draws every screen that it meets."""

    def reply(self, screen: Screen) -> Reply:
        state = fresh(screen)
        for glyphs in (UNICODE, ASCII):
            fits(state, glyphs, LONG if state.wants_line else "")
        state.cursor = max(0, len(state.rows()) - 1)
        fits(state, UNICODE)
        if screen.has_why:
            state.text = self.interview.why()
            fits(state, UNICODE)
            state.text = None
        state.mode = REASON if screen.can_away else FILTER if screen.kind == "menu" else MAIN
        fits(state, UNICODE, LONG)
        if screen.place[0] == "new":
            return Give(f"{'長い名前' * 12} {len(self.interview.work.answers.items(str(screen.place[1])))}")
        return super().reply(screen)


@pytest.mark.parametrize("seed", [3])
def test_every_screen_of_an_interview_fits_every_size(ruleset: RuleSet, seed: int) -> None:
    document = read_document(new_text(ruleset), "answers.yaml", ruleset)
    person = Watched(Interview(document, Kept(), resumed=False), seed, LARGE, thorough=True)
    person.run()
    assert person.asked > 40


def test_a_text_to_read_can_be_scrolled_to_its_end() -> None:
    lines = tuple(f"{n}: {LONG}" for n in range(30))
    state = fresh(Screen(place=("x",), kind="menu", ask="?"))
    state.text = Text(heading="Why", lines=lines)
    state.scroll = 10_000
    fits(state, UNICODE)
    state.scroll = 10_000
    picture = draw(state, 80, 24, UNICODE)
    assert "lines below" not in "".join(t for line in picture.above for _, t in line)
