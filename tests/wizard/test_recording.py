"""The recorded interview is the one that the wizard gives today, at both sizes, and its file holds the answers that were meant."""

from __future__ import annotations

import pytest
from recording import CART, FOLDER, QUIET, SIZES, record, recorded

from wa_advisor.answers import parse_answers
from wa_advisor.files import load_ruleset

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_the_recorded_interview_is_what_is_seen_today(columns, rows, pytestconfig):
    path = FOLDER / f"{columns}x{rows}.txt"
    seen, text = record(columns, rows)
    if path.exists() and recorded(seen, columns, rows) != path.read_text("utf-8"):
        seen, text = record(columns, rows, 8 * QUIET)  # on a busy machine a screen may be caught half drawn
    if pytestconfig.getoption("--update-golden"):
        path.write_text(recorded(seen, columns, rows), "utf-8")
    assert recorded(seen, columns, rows) == path.read_text("utf-8")
    assert all(len(line) <= columns for _, screen in seen for line in screen.splitlines())
    given, meant = (parse_answers(t, "cart.yaml", load_ruleset()) for t in (text, CART.read_text("utf-8")))
    assert given.name == meant.name
    for group, items in given.groups.items():
        for item, wanted in zip(items, meant.groups.get(group, ()), strict=True):
            assert item.name == wanted.name
            said = {q: a.text for q, a in item.answers.items() if a.state == "value"}
            assert said == {q: wanted.answers[q].text for q in said}
