"""The lens page in words, and long lists that can be searched."""

from __future__ import annotations

import pytest
from wizard_small import say, start

from wa_advisor.engine.evaluate import evaluate
from wa_advisor.report.render import render_report
from wa_advisor.wizard.rich.cells import ASCII
from wa_advisor.wizard.rich.draw import draw
from wa_advisor.wizard.rich.keys import Keys
from wa_advisor.wizard.rich.state import FILTER, MAIN, State, fresh
from wa_advisor.wizard.screen import Give, Jump, Reply, Row, Screen, Unknown

FILE = """\
answers: 1
ruleset: small
workload: {name: Shop, stage: STAGE, operations: nobody, skills: [sql]}
access_patterns:
  - {name: cart, lookup: full-key, item_size: 3 KB}
"""


def at_lens(stage: str):
    interview, kept = start(FILE.replace("STAGE", stage))
    return say(interview, Jump(), "review", "lens/REL01"), kept


WORDS = [
    ("in production", "Pick what is done today."),
    ("built", "Pick what is done today."),
    ("design", "It is not built yet: pick what is planned, and will be there when it goes live."),
    ("idea", "It is not built yet: pick what is planned, and will be there when it goes live."),
]


@pytest.mark.parametrize(("stage", "said"), WORDS)
def test_what_a_pick_says_follows_the_stage(stage: str, said: str) -> None:
    interview, _ = at_lens(stage)
    assert interview.screen().help == f"What happens on the busiest day. {said} What is left unpicked counts as not done."


def test_without_a_stage_both_are_told() -> None:
    interview, _ = start(FILE.replace(", stage: STAGE", ""))
    say(interview, Jump(), "review", "lens/REL01")
    assert "Pick what is done today, and of what is not built yet what is planned." in interview.screen().help


def test_a_practice_says_what_it_costs_to_be_without_it() -> None:
    interview, _ = at_lens("design")
    assert [r.meaning for r in interview.screen().rows] == [
        "required: high risk without it",
        "good: medium risk without it",
    ]
    assert interview.screen().group == "Question 1 of 1, REL01"


def test_an_unknown_question_stands_in_the_report_with_the_risk_it_may_have() -> None:
    interview, kept = at_lens("design")
    say(interview, Unknown())
    assert interview.screen().notices == (
        '"How do you absorb more callers than planned?" is noted as unknown: the report has it so, with the risk it may have.',
    )
    assert "REL01: unknown" in kept.text
    report = render_report(evaluate(interview.work.ruleset, interview.work.answers))
    row = "| Reliability | REL01: How do you absorb more callers than planned? | not known, high at worst | – | Throttle at the door; "
    assert row in report
    assert "is answered yet" not in report and "Not answered yet: REL01" not in report


def test_the_keys_of_the_page_are_named_in_words() -> None:
    interview, _ = at_lens("design")
    text = "".join(t for line in draw(fresh(interview.screen()), 120, 30, ASCII).below for _, t in line)
    assert "u not known" in text and "x does not apply" in text


# -- long lists ------------------------------------------------------------------------------------------------


class Face:
    line = ""

    def __init__(self, state: State) -> None:
        self.state = state

    def fill(self, text: str | None = None) -> None:
        self.line = text or ""


class Heard:
    """An interview that only hears what is said."""

    def __init__(self) -> None:
        self.said: list[Reply] = []
        self.over = True

    def take(self, reply: Reply) -> None:
        self.said.append(reply)


def searched(kind: str, count: int, wanted: str) -> tuple[State, Heard]:
    rows = tuple(Row(value=f"v{n}", label=f"label {n}") for n in range(count))
    face = Face(fresh(Screen(place=("x",), kind=kind, ask="?", rows=rows)))
    heard = Heard()
    keys = Keys(heard, face)  # type: ignore[arg-type]
    face.over = lambda: None  # type: ignore[attr-defined]
    keys.find()
    if face.state.mode == FILTER:
        face.line = wanted
        keys.typed()
        keys.enter()
    return face.state, heard


@pytest.mark.parametrize(("kind", "count", "works"), [("pick", 13, True), ("pick", 12, False), ("menu", 3, True)])
def test_a_long_list_can_be_searched_and_the_foot_says_so(kind: str, count: int, works: bool) -> None:
    state, heard = searched(kind, count, f"label {count - 1}")
    assert heard.said == ([Give(f"v{count - 1}")] if works else [])
    text = "".join(t for line in draw(State(screen=state.screen), 120, 40, ASCII).below for _, t in line)
    assert ("/ find" in text) == (count > 12)


def test_where_several_are_picked_the_cursor_goes_to_what_is_found() -> None:
    state, heard = searched("several", 13, "label 11")
    assert (state.mode, state.cursor, state.marks, heard.said) == (MAIN, 11, {}, [])
