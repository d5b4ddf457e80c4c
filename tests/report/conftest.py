"""The small rule set of these tests, and answers over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, evaluate
from wa_advisor.model import RuleSet
from wa_advisor.ruleset.compile import compile_ruleset
from wa_advisor.ruleset.source import parse_yaml

RULES = Path(__file__).parent / "rules"


@pytest.fixture(scope="session")
def small() -> RuleSet:
    files = sorted(RULES.glob("*.yaml"))
    return compile_ruleset([("rules", [parse_yaml(f.read_text("utf-8"), f.name) for f in files])])


@pytest.fixture
def assess(small: RuleSet) -> Callable[..., Assessment]:
    """The Assessment of an answers file's text under the small rules."""

    def made(text: str, as_of: str = "") -> Assessment:
        return evaluate(small, parse_answers(text, "answers.yaml", small), as_of=as_of)

    return made
