"""kill -9 at any moment loses at most the question on the screen (`kills.py 200` does it at length)."""

from __future__ import annotations

import signal

from kills import kill_often
from terminal import Terminal


def test_nothing_that_was_taken_is_lost_by_a_kill(tmp_path):
    assert kill_often(tmp_path / "cart.yaml", 8, seed=7) > 10


def test_a_kill_of_the_full_screen_loses_nothing_and_the_next_start_goes_on(tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Begin").press("enter").wait("What is the workload called?").press("Shop", "enter").wait(
            "Who answers for it?"
        )
        terminal.press("shop te").wait("shop te")
        terminal.child.kill(signal.SIGKILL)
        assert terminal.end() == -signal.SIGKILL
    assert "  name: Shop\n" in (tmp_path / "cart.yaml").read_text()
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Going on with Shop").wait("Who answers for it?").press("ctrl-c")
        assert terminal.end() == 130
    assert [p.name for p in tmp_path.iterdir()] == ["cart.yaml"]
