"""What the README says works as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.cli import COMMANDS
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.engine.sign_offs import standings_of, unused
from wa_advisor.files import load_ruleset
from wa_advisor.model import RuleSet

README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def test_the_two_commands_come_first() -> None:
    first = README.index("```")
    assert README[first:].startswith("```\nmake demo")
    assert "make test" in README[first : first + 200]


def test_the_answers_file_is_valid(ruleset: RuleSet) -> None:
    answers = parse_answers(BLOCKS[0], "README.md", ruleset)
    assessment = evaluate(ruleset, answers)
    assert {v.item for v in assessment.verdicts} == {"cart by owner", "ledger posting", "cart API", "shop API", "cart abandoned"}
    assert [s.state for s in assessment.sign_offs] == ["signed"] and not unused(standings_of(assessment, ""))


def test_the_overlay_works(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(BLOCKS[1])
    own = load_ruleset((str(tmp_path),))
    assert own.policies["relational-store-sign-off"].approver == "database guild"
    assert own.services["documentdb"].banned
    assert own.disabled == ("dynamodb-known-queries",)
    assert own.gate["undecided"] == "ignore"


def test_every_command_is_told() -> None:
    told = set(re.findall(r"^\| `wa-advisor (\w+)", README, re.MULTILINE))
    assert told == set(COMMANDS)


@pytest.mark.parametrize("code", [0, 1, 2, 130])
def test_exit_codes_are_told(code: int) -> None:
    assert re.search(rf"^\| {code} \| \S", README, re.MULTILINE)


def test_no_claim_about_your_own_operations() -> None:
    assert "nothing here claims that 70 % of *your* operations are key-value" in README
