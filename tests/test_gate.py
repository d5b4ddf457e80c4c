"""The gate: what keeps answers from passing, where it stands, and how it is switched and printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from wa_advisor.commands.check import check, github_annotation
from wa_advisor.engine.gate import GATE_CHECKS, Finding
from wa_advisor.errors import AnswersError, CommandError, Span

CART = """answers: 1
workload: {name: shop}
access_patterns:
  - name: cart
    lookup: full-key
    nature: records
    rows_returned: one
    combines: none
    query_knowledge: fixed
    also_used_for: []
    rebuildable: no
    atomic_scope: one-record
    contention: no
    consistency: strong
    expiry: kept
    item_size: 12 KB
    average_rate: 300/s
    peak_rate: 3000/s
    hot_key_rate: 2/s
    latency: 20 ms
    existing_engine: none
"""
LEDGER = CART.replace("one-record", "rules-across-records").replace(
    "    nature", "    proposed: aurora-postgresql\n    nature", 1
)
SIGNED = """sign_offs:
  - decision: data_store
    item: cart
    choice: aurora-postgresql
    approver: head of architecture
    date: 2026-01-10
    reason: transfers between accounts
    expires: 2026-07-10
"""
HIGH = "lens:\n  SERVREL01: {practices: []}\n"
ACCEPTED = "sign_offs:\n  - {lens: SERVREL01, risk: HIGH, approver: cto, date: 2026-01-10, reason: no callers yet, expires: 2026-07-10}\n"
FACE = "interfaces:\n  - {name: shop, interaction: request-response, callers: browsers, answered_by: functions}\n"
RISK = """overlay: own
risks:
  - id: own-risk
    scope: access_pattern
    when: consistency is strong
    risk: HIGH
    name: Somebody waits
    because: It is so.
    improve: Do less.
    basis: judgement
"""


def run(folder: Path, text: str, *options: str, day: str = "2026-03-01") -> tuple[int, list[str]]:
    path = folder / "a.yaml"
    path.write_text(text)
    result = CliRunner().invoke(check, [str(path), "--as-of", day, *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, [line.replace(str(folder) + "/", "") for line in result.stdout.splitlines()]


def only(name: str) -> list[str]:
    """Options that leave one check on."""
    return [word for check in GATE_CHECKS if check != name for word in ("--ignore", check)] + ["--fail-on", name]


CASES = [
    ("unsigned-store", LEDGER, "2026-03-01", 1, "a.yaml:4:"),
    ("unsigned-store", LEDGER + SIGNED, "2026-03-01", 0, ""),
    ("unsigned-store", LEDGER + SIGNED, "2026-01-09", 1, "begins on 2026-01-10"),
    ("unsigned-store", LEDGER + SIGNED, "2026-01-10", 0, ""),
    ("unsigned-store", LEDGER + SIGNED.replace("aurora-postgresql", "aurora-mysql"), "2026-03-01", 1, "needs a sign-off by the"),
    ("unsigned-store", CART, "2026-03-01", 0, ""),
    ("expired-sign-off", LEDGER + SIGNED, "2026-07-09", 0, ""),
    ("expired-sign-off", LEDGER + SIGNED, "2026-07-10", 1, "a.yaml:24:5: expired-sign-off: the sign-off of Amazon Aurora PostgreSQL"),
    ("open-high-risk", CART + FACE + HIGH, "2026-03-01", 1, "SERVREL01 is at high risk: SERVREL01-BP01"),
    ("open-high-risk", CART + FACE + HIGH + ACCEPTED, "2026-03-01", 0, ""),
    ("open-high-risk", CART + FACE + HIGH + ACCEPTED, "2026-07-10", 1, "SERVREL01"),
    ("open-high-risk", CART + FACE + HIGH + ACCEPTED.replace("HIGH", "MEDIUM"), "2026-03-01", 1, "SERVREL01"),
    ("limit-exceeded", CART.replace("12 KB", "401 KB").replace("    nature", "    proposed: dynamodb\n    nature"), "2026-03-01", 1,
     "a.yaml:4:5: limit-exceeded: Amazon DynamoDB for cart is ruled out (dynamodb-item-too-large)"),
    ("limit-exceeded", CART.replace("    nature", "    proposed: dynamodb\n    nature"), "2026-03-01", 0, ""),
    ("undecided", CART.replace("12 KB", "unknown"), "2026-03-01", 1, "Data store for cart (data_store) leans to Amazon DynamoDB; answer"),
    ("undecided", CART.replace("full-key", "unknown"), "2026-03-01", 1, "(data_store)"),
    ("unanswered", CART.replace("12 KB", "unknown"), "2026-03-01", 1, "item_size is not answered for cart: How large"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "day", "code", "said"), CASES)
def test_check(tmp_path: Path, name: str, text: str, day: str, code: int, said: str) -> None:
    found, lines = run(tmp_path, text, *only(name), day=day)
    assert found == code, lines
    if code:
        assert any(f": {name}: " in line and said in line for line in lines), lines
    else:
        assert lines == ["passed"]


def test_each_check_can_be_switched_off(tmp_path: Path) -> None:
    everything = LEDGER.replace("12 KB", "unknown") + FACE + HIGH
    failing = {line.split(": ")[1] for line in run(tmp_path, everything)[1]}
    assert {"unsigned-store", "open-high-risk", "undecided"} <= failing
    assert "unanswered" not in failing
    off = [word for name in GATE_CHECKS for word in ("--ignore", name)]
    assert run(tmp_path, everything, *off) == (0, ["passed"])


def test_the_gate_of_the_rules_says_what_fails(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "gate.yaml").write_text("gate: {unsigned-store: ignore, undecided: ignore, open-high-risk: ignore}\n")
    assert run(tmp_path, LEDGER, "--rules", str(tmp_path / "own")) == (0, ["passed"])
    assert run(tmp_path, LEDGER, "--rules", str(tmp_path / "own"), "--fail-on", "unsigned-store")[0] == 1


def test_a_risk_of_a_rule_is_accepted_for_its_item(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "risk.yaml").write_text(RISK)
    options = [*only("open-high-risk"), "--rules", str(tmp_path / "own")]
    accepted = "sign_offs:\n  - {lens: own-risk, item: cart, risk: HIGH, approver: cto, date: 2026-01-10, reason: fine}\n"
    assert run(tmp_path, CART, *options)[0] == 1
    assert run(tmp_path, CART + accepted, *options) == (0, ["passed"])
    with pytest.raises(AnswersError, match='no item "card" in `access_patterns`; did you mean cart'):
        run(tmp_path, CART + accepted.replace("item: cart", "item: card"), *options)


def test_a_banned_service_that_is_proposed_does_not_pass(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "ban.yaml").write_text("overlay: own\nban: [{service: dynamodb, because: Not here.}]\n")
    text = CART.replace("    nature", "    proposed: dynamodb\n    nature")
    code, lines = run(tmp_path, text, *only("limit-exceeded"), "--rules", str(tmp_path / "own"))
    assert (code, lines) == (1, ["a.yaml:4:5: limit-exceeded: Amazon DynamoDB for cart is banned: Not here."])


def test_json(tmp_path: Path) -> None:
    code, lines = run(tmp_path, LEDGER, "--format", "json", *only("unsigned-store"))
    found = json.loads("\n".join(lines))
    assert (code, found["schema"], found["passed"], found["as_of"]) == (1, "wa-advisor/check/1", False, "2026-03-01")
    assert found["checks"] == ["unsigned-store"]
    finding = found["findings"][0]
    assert (finding["check"], finding["item"], finding["line"], finding["column"]) == ("unsigned-store", "cart", 4, 5)


def test_github_annotations_cannot_be_broken_out_of() -> None:
    span = Span("a,b:c%.yaml", 7, 3, 9)
    finding = Finding(check="undecided", item="x", message="one\n::error::two, 50 %", span=span)
    assert github_annotation(finding) == (
        "::error file=a%2Cb%3Ac%25.yaml,line=7,col=3,title=undecided::one%0A::error::two, 50 %25"
    )


def test_names_cannot_make_lines_of_their_own(tmp_path: Path) -> None:
    name = '"cart\\n::error file=x::y\\e[2J"'
    _, lines = run(tmp_path, LEDGER.replace("name: cart", f"name: {name}"), *only("unsigned-store"))
    assert len(lines) == 1
    assert all(c.isprintable() for c in lines[0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--ignore", "undecidd"], 'unknown check "undecidd"; did you mean undecided?'),
        (["--ignore", "undecided", "--fail-on", "undecided"], "undecided is switched off and on: leave one of them out"),
    ],
)
def test_wrong_switches_are_told(tmp_path: Path, options: list[str], message: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(tmp_path, CART, *options)
    assert caught.value.problems[0].message == message


def test_a_sign_off_of_what_is_gone_is_a_notice_and_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(CART + SIGNED.replace("item: cart", "item: old ledger"))
    result = CliRunner().invoke(check, [str(path), "--as-of", "2026-03-01", *only("unsigned-store")])
    assert (result.exit_code, result.stdout) == (0, "passed\n")
    assert (
        'warning: no item "old ledger" in `access_patterns`; items: cart; as it stands, this sign-off is about nothing'
        in result.stderr
    )


STALE = [  # what the file has, and what is said of it
    (LEDGER + SIGNED.replace("aurora-postgresql", "aurora-mysql"), "the sign-off of head of architecture for Amazon Aurora MySQL at "
     "cart no longer fits: the team proposes Amazon Aurora PostgreSQL now"),
    (CART + SIGNED, "at cart no longer fits: the choice is Amazon DynamoDB now; change it, or take it out"),
    (CART + SIGNED.replace("aurora-postgresql", "dynamodb"), "at cart is not needed: Amazon DynamoDB needs no sign-off; it may stay, or be taken out"),
    (CART + SIGNED.replace("item: cart", "item: old ledger"), "is about nothing in the file: old ledger is not there"),
    (CART + FACE + "lens:\n  SERVREL01: {practices: [SERVREL01-BP01, SERVREL01-BP02, SERVREL01-BP03]}\n" + ACCEPTED,
     "the acceptance by cto of the high risk SERVREL01 is not needed: the risk is"),
    (CART + FACE + HIGH + ACCEPTED.replace("HIGH", "MEDIUM"), "of the medium risk SERVREL01 no longer fits: the risk is high now"),
    (CART + FACE + ACCEPTED, "SERVREL01 is about something undecided: SERVREL01 is not answered in full now"),
    (CART + FACE + HIGH + ACCEPTED.replace("2026-07-10", "2026-02-01"), "SERVREL01 has expired: it ended on 2026-02-01"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), STALE, ids=[said[-30:] for _, said in STALE])
def test_a_sign_off_that_does_not_hold_is_told_and_stops_nothing(tmp_path: Path, text: str, said: str) -> None:
    off = [word for name in GATE_CHECKS if name != "unused-sign-off" for word in ("--ignore", name)]
    code, lines = run(tmp_path, text, *off)
    assert code == 0 and lines[-1] == "passed"
    assert len(lines) == 2 and said in lines[0] and ": warning: unused-sign-off: the " in lines[0], lines
    assert lines[0].startswith("a.yaml:") and "sign_offs" in text
    found = json.loads("\n".join(run(tmp_path, text, *off, "--format", "json")[1]))
    assert (found["passed"], found["findings"], len(found["warnings"])) == (True, [], 1)
    assert run(tmp_path, text, *off, "--format", "github")[1][0].startswith("::warning file=")
    assert run(tmp_path, text, *off, "--fail-on", "unused-sign-off")[0] == 1
    assert run(tmp_path, text, *off, "--ignore", "unused-sign-off") == (0, ["passed"])


def test_a_sign_off_that_holds_is_no_finding(tmp_path: Path) -> None:
    off = [word for name in GATE_CHECKS if name != "unused-sign-off" for word in ("--ignore", name)]
    assert run(tmp_path, LEDGER + SIGNED, *off) == (0, ["passed"])
    assert run(tmp_path, CART + FACE + HIGH + ACCEPTED, *off) == (0, ["passed"])


@pytest.mark.parametrize("more", ["", "access_patterns: []\ncomponents: []\n"])
def test_answers_that_list_nothing_do_not_pass(tmp_path: Path, more: str) -> None:
    text = f"answers: 1\nworkload: {{name: shop}}\n{more}"
    code, lines = run(tmp_path, text)
    assert code == 1 and lines == [
        "a.yaml: undecided: nothing is listed, so nothing is decided: list an access pattern, a component, an interface or a hand-over"
    ]
    assert run(tmp_path, text, "--ignore", "undecided") == (0, ["passed"])


def test_a_check_may_warn_by_the_rules(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "gate.yaml").write_text("gate: {undecided: warn, unused-sign-off: fail}\n")
    options = ("--rules", str(tmp_path / "own"))
    assert run(tmp_path, "answers: 1\nworkload: {name: shop}\n", *options)[0] == 0
    code, lines = run(tmp_path, CART + SIGNED, *options)
    assert code == 1 and ": unused-sign-off: the sign-off of" in lines[0] and "warning" not in lines[0]
