"""The rule set as a program: it compiles, its linter finds planted faults, overlays do what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.errors import RulesError
from wa_advisor.files import load_ruleset
from wa_advisor.model import RuleSet
from wa_advisor.report.stub import template_text
from wa_advisor.ruleset.check import check_ruleset
from wa_advisor.ruleset.show import show_entry


def test_shipped_rules_have_no_problems(ruleset: RuleSet) -> None:
    waiting = ("no rule uses the answer", "no rule tells the choices")  # questions land before the rules that use them
    assert [str(p) for p in check_ruleset(ruleset) if not any(w in p.message for w in waiting)] == []


def test_every_entry_can_be_shown(ruleset: RuleSet) -> None:
    figures = [*ruleset.costs, *ruleset.quotas, *ruleset.backgrounds]
    for ident in [*ruleset.questions, *ruleset.facts, *ruleset.services, *ruleset.policies, *figures]:
        assert ident in show_entry(ruleset, ident)


def test_template_is_valid_and_answers_nothing(ruleset: RuleSet) -> None:
    text = template_text(ruleset)
    answers = parse_answers(text, "template", ruleset)
    assert not answers.groups
    assert all(f"{q}:" in text for q in ruleset.questions)


QUESTION = "questions:\n  colour:\n    scope: access_pattern\n    ask: Which?\n    type: choice\n    choices: {red: r, blue: b}\n"
DECISION = "decision: data_store\nextend: true\noptions:\n  dynamodb:\n    arguments:\n      - id: new-one\n"
REST = "        for: slight\n        because: So.\n        basis: judgement\n"

PLANTED = [
    (DECISION + "        when: lokup is text\n" + REST, 'unknown name "lokup"; did you mean lookup?'),
    (DECISION + "        when: lookup is txt\n" + REST, 'lookup has no choice "txt"; did you mean text?'),
    (
        DECISION + "        when: item_size > 3 s\n" + REST,
        'item_size is a duration ("3 s"), but a size is needed: write for example "400 KB"',
    ),
    (
        DECISION + "        when: item_size > dynamodb.item.max_sise\n" + REST,
        'unknown fact "dynamodb.item.max_sise"; did you mean dynamodb.item.max_size?',
    ),
    (
        DECISION + "        when: lookup is text and\n" + REST,
        "a name is missing before the end: start with a question or derived value",
    ),
    (DECISION + "        when: lookup = text\n" + REST, '"=" has no meaning here: write `is`, or >= and <='),
    (
        DECISION + "        when: lookup is text # so\n" + REST,
        "` #` starts a comment after this condition: quote it, or move the comment above",
    ),
    (QUESTION + "    when: colour is red\n", "a circle in the order of knowledge: colour -> colour; cut it in one place"),
    (
        "facts:\n  a.b: {name: n, value: 3, unit: furlong, source: 'https://example.org', as_of: 2026-01-01}\n",
        'unknown unit "furlong"',
    ),
    ("ban: [{service: dynmodb, because: no}]\n", 'no service "dynmodb" to ban; did you mean dynamodb?'),
    ("disable: [no-such-rule]\n", 'nothing named "no-such-rule" to disable'),
    ("polcies: {}\n", 'unknown section "polcies"; did you mean policies?'),
    (
        "services:\n  dynamodb: {name: Other}\n",
        '"dynamodb" exists in an earlier rule set: write `override: true` to replace it whole',
    ),
]


@pytest.mark.parametrize(("text", "message"), PLANTED)
def test_planted_fault(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(RulesError) as caught:
        load_ruleset((str(tmp_path),))
    assert any(p.message.startswith(message) for p in caught.value.problems), [p.message for p in caught.value.problems]
    assert all(p.span.line for p in caught.value.problems)


def test_overlay_bans_overrides_and_is_named(tmp_path: Path, ruleset: RuleSet) -> None:
    (tmp_path / "own.yaml").write_text(
        "overlay: own\nversion: '1'\nban: [{service: dynamodb, because: Not here.}]\npolicies:\n"
        "  relational-store-sign-off:\n    override: true\n    decision: data_store\n    services: relational\n"
        "    approver: the board\n    because: Own rule.\n    basis: judgement\n"
    )
    own = load_ruleset((str(tmp_path),))
    assert own.policies["relational-store-sign-off"].approver == "the board"
    assert own.overridden == ("relational-store-sign-off",)
    assert own.digest == ruleset.digest
    assert len(own.overlays) == 1
    text = "answers: 1\nworkload: {name: w}\naccess_patterns:\n  - {name: p, lookup: full-key, rows_returned: one}\n"
    verdict = evaluate(own, parse_answers(text, "a", own)).verdicts[0]
    option = verdict.option("dynamodb")
    assert option is not None
    assert (option.state, option.barred) == ("eliminated", "Not here.")
