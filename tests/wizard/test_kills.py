"""kill -9 at any moment loses at most the question on the screen (`kills.py 200` does it at length)."""

from __future__ import annotations

from kills import kill_often


def test_nothing_that_was_taken_is_lost_by_a_kill(tmp_path):
    assert kill_often(tmp_path / "cart.yaml", 8, seed=7) > 10
