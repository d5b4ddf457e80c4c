"""Shared fixtures: the shipped rule set, and `--update-golden`."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from wa_advisor.files import load_ruleset
from wa_advisor.model import RuleSet

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Keys that send signals work in all that is started, also where the tests were started in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGQUIT"):
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the committed reports anew")


@pytest.fixture(scope="session")
def ruleset() -> RuleSet:
    return load_ruleset()
