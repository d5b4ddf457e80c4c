"""Laws over any keys: what is finished gives the report of the file it wrote, and the file is taken up as it was left."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from wizard_small import Kept, small, start

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.report.render import render_report
from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.plain import TooManyMistakes, run_plain
from wa_advisor.wizard.rich.app import run_rich
from wa_advisor.wizard.screen import Screen

pytestmark = pytest.mark.property

ENTER, BACK, F4, HOME, END = "\r", "\x1b[Z", "\x1bOS", "\x1b[H", "\x1b[F"
KEYS = [
    ENTER, ENTER, ENTER, BACK, F4, HOME, END, "\x1b[A", "\x1b[B", "\x1b[B", "\x1bOP", "\x1bOQ", "\x1bOR", " ", "/", "?", "a", "d", "x", "u",
    "+", "-", "1", "3", "\x15", "cart", "12 KB", "400", "1.5k/s", "about 3 MB", "yes", "2026-11-20", "日本", "n/a", "- x: [y", "#",
]  # fmt: skip
THE_END = [BACK, BACK, F4, ENTER, F4, END, ENTER, HOME, ENTER, HOME, ENTER]
"""From wherever one is: out of what is read and what is half typed, the list of parts, its last line (the review), the verdicts, the report."""
PARTS = [f"{F4}/{part}{ENTER}" for part in ("access", "component", "hand-over", "lens", "proposals", "review", "cart")]
STARTS = (
    None,
    """answers: 1
ruleset: small
workload: {name: Shop, operations: nobody, skills: [sql]}
access_patterns:
  - name: cart   # by hand
    lookup: full-key
    used_by: [API]
  - {name: orders, lookup: any-fields, combines: yes, item_size: 3 KB}
components:
  - name: API
hand_overs:
  - {name: order placed, from: API, to: [billing, mail], process: booking}
sign_offs:
  - {decision: data_store, item: orders, choice: aurora-postgresql, approver: head, date: 2026-11-20, reason: sums}
""",
)
"""From nothing, and from a file in the middle of things."""

LAST_LINES = [*["back"] * 6, "go", "review of all answers", "go on to the verdicts", "write the report and finish"]


def finished(interview: Interview, kept: Kept) -> None:
    """The report of the run is that of its file, which can be taken up again with nothing in it unread."""
    assert kept.texts == [] or kept.text == interview.text
    text = interview.text
    of_file = evaluate(small(), parse_answers(text, "answers.yaml", small()))
    assert render_report(of_file) == render_report(interview.work.assessment)
    again, _ = start(text)
    assert not again.work.document.troubles
    assert again.screen().ask.startswith("Going on with")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(STARTS), st.lists(st.sampled_from([*KEYS, *PARTS]), max_size=60))
@example(None, [ENTER, "Shop", *[ENTER] * 4, ENTER, " ", ENTER, ENTER, *[ENTER] * 3, "12 KB", ENTER, "d"])
def test_any_keys_that_end_in_finish_give_the_report_of_the_file(text, keys):
    interview, kept = start(text)
    with create_pipe_input() as pipe:
        pipe.send_text("".join([*keys, *THE_END]))
        pipe.close()  # keys that lead to no end fail, and wait for nobody
        run_rich(interview, colour=False, input=pipe, output=DummyOutput())
    assert interview.over
    finished(interview, kept)


def lines_for(screen: Screen) -> list[str]:
    """Lines that make sense on a screen, and some that do not."""
    numbers = [str(n + 1) for n in range(len(screen.rows))]
    typed = [screen.example, "cart", "about 12 KB", "1.5k/s", "- x: [y"] if screen.kind == "line" else ["1 2", "1? 2-", "none"]
    return [*numbers, *typed, *typed, "", "back", "unknown", "n/a", "?", "go", '"back"', "2026-11-20", "nonsense"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(STARTS), st.data())
def test_any_lines_that_end_in_finish_give_the_report_of_the_file(text, data):
    interview, kept = start(text)
    wanted = data.draw(st.integers(0, 60))
    said: list[str] = []
    last = iter(LAST_LINES)

    def read() -> str | None:
        said.append(data.draw(st.sampled_from(lines_for(interview.screen()))) if len(said) < wanted else next(last, ""))
        return said[-1] if len(said) < wanted + 20 else None

    try:
        run_plain(interview, read, lambda _: None)
    except TooManyMistakes:
        return  # nobody reads the answers: what was saved is still whole
    finally:
        parse_answers(interview.text, "answers.yaml", small())
    assert interview.over, said
    finished(interview, kept)
