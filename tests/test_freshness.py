"""How old facts are, and what moves when one is refreshed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from tests.small_rules import CLASS, COMPUTE, FACTS, HEADER, HOLDING, LENS, QUESTIONS, STORE, assess, compile_texts, small
from wa_advisor.cli import cli
from wa_advisor.engine.behind import facts_behind
from wa_advisor.model import RuleSet
from wa_advisor.ruleset.difference import differences
from wa_advisor.ruleset.freshness import days_of, older_than, oldest, parse_age

FILES = {
    "header.yaml": HEADER, "facts.yaml": FACTS, "questions.yaml": QUESTIONS, "class.yaml": CLASS, "store.yaml": STORE,
    "compute.yaml": COMPUTE, "holding.yaml": HOLDING, "lens.yaml": LENS,
}  # fmt: skip

DATES = {
    "2026-08-20": (date(2026, 8, 20), date(2026, 8, 20)),
    "2026-02": (date(2026, 2, 1), date(2026, 2, 28)),
    "2024-02": (date(2024, 2, 1), date(2024, 2, 29)),
    "2026-12": (date(2026, 12, 1), date(2026, 12, 31)),
    "2026-H1": (date(2026, 1, 1), date(2026, 6, 30)),
    "2026-H2": (date(2026, 7, 1), date(2026, 12, 31)),
    "2026": (date(2026, 1, 1), date(2026, 12, 31)),
    "unknown": None,
}

AGES = {"180d": 180, "180": 180, "1 day": 1, "26 weeks": 182, "6 months": 180, "1 year": 365, "2y": 730}


@pytest.mark.parametrize("text", DATES)
def test_what_a_date_may_mean(text: str) -> None:
    assert days_of(text) == DATES[text]


@pytest.mark.parametrize("text", AGES)
def test_ages(text: str) -> None:
    assert parse_age(text) == AGES[text]


@pytest.mark.parametrize("text", ["", "0d", "soon", "-3d", "1.5 years", "3 decades"])
def test_what_is_no_age(text: str) -> None:
    assert parse_age(text) is None


def test_rough_dates_are_told_apart() -> None:
    """On 2026-11-25, 100 days back is 2026-08-17: a half year may lie on both sides of it."""
    fact = next(iter(small().facts.values()))
    dates = ("2026-H2", "2026-08-20", "2026-H1", "2026", "unknown", "2026-08-16")
    facts = [replace(fact, id=text, as_of=text) for text in dates]
    found = [(a.fact.id, a.surely, a.days) for a in older_than(facts, date(2026, 11, 25), 100)]
    assert found == [
        ("unknown", False, None), ("2026", False, 328), ("2026-H1", True, 328), ("2026-H2", False, 147), ("2026-08-16", True, 101),
    ]  # fmt: skip
    assert [oldest(facts[n:]).id for n in range(3)] == ["unknown"] * 3  # type: ignore[union-attr]
    assert oldest(facts[:2]) == facts[0]
    assert oldest([]) is None


def test_a_day_is_not_older_than_itself() -> None:
    fact = replace(next(iter(small().facts.values())), as_of="2026-08-17")
    assert older_than([fact], date(2026, 11, 25), 100) == []
    assert len(older_than([fact], date(2026, 11, 26), 100)) == 1


def test_the_oldest_figure_behind_a_verdict() -> None:
    """Behind it stand the limits that did not rule the choice out, and the thresholds of what spoke."""
    rules = small()
    found = assess(
        rules, "access_patterns: [{name: p, lookup: full-key, item_size: 1 KB, average_rate: 5/s, features: [], records: 1}]"
    )
    assert [f.id for f in facts_behind(rules, found.verdicts[0])] == ["shelf.item.max_size"]
    busy = assess(
        rules, "access_patterns: [{name: p, lookup: full-key, item_size: 1 KB, average_rate: 500/s, features: [], records: 1}]"
    )
    assert sorted(f.id for f in facts_behind(rules, busy.verdicts[0])) == ["judgement.busy", "shelf.item.max_size"]


def test_the_shipped_limits_are_not_older_than_their_rule_set(ruleset: RuleSet) -> None:
    """Pages of limits were read in the last 18 months, but for two start times; nothing was read in the future."""
    on = date.fromisoformat(ruleset.as_of)
    limits = [f for f in ruleset.facts.values() if f.evidence == "docs" and f.dimension not in ("price", "statement")]
    assert len(limits) > 300
    assert [a.fact.id for a in older_than(limits, on, 548) if a.surely] == ["fargate.start_time", "lambda.cold_start.typical"]
    spans = {f.id: days_of(f.as_of) for f in ruleset.facts.values()}
    assert [i for i, span in spans.items() if span and span[0] > on and i.split(".")[0] != "judgement"] == []


# -- the commands --------------------------------------------------------------------------------------

Rules = Callable[..., Path]


@pytest.fixture
def rules_folder(tmp_path: Path) -> Rules:
    """Writes the small rules into a folder of its own, with one text replaced by another."""

    def write(name: str, old: str = "", new: str = "") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        assert not old or any(old in text for text in FILES.values())
        for file, text in FILES.items():
            (folder / file).write_text(text.replace(old, new) if old else text, "utf-8")
        return folder

    return write


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(w) for w in words], catch_exceptions=False)


CASE = "answers: 1\nworkload: {name: w}\naccess_patterns: [{name: p, lookup: full-key, item_size: 300 KB, features: [], records: 1}]\n"


def test_old_facts_are_listed() -> None:
    found = run("rules", "check", "--as-of", "2026-11-25", "--older-than", "300d").output.splitlines()
    assert found[-1].startswith("On 2026-11-25: ")
    assert "price.alb.hour" not in "".join(found)
    listed = {line.split(":")[0] for line in found}
    assert {"price.kinesis.shard", "price.egress.inter_az", "price.msk.serverless"} <= listed
    assert [
        line for line in found if line.startswith("price.kinesis.shard: 0.015 USD per shard-hour (2024-07-01, 877 days) https://")
    ]


def test_strict_fails_on_old_facts() -> None:
    assert run("rules", "check", "--as-of", "2026-11-25", "--older-than", "20 years", "--strict").exit_code == 1, "undated facts"
    assert run("rules", "check", "--as-of", "2026-11-25", "--older-than", "300d").exit_code == 0


def test_an_age_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from wa_advisor.cli import main

    monkeypatch.setattr("sys.argv", ["wa-advisor", "rules", "check", "--older-than", "soon"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert '--older-than: "soon" is no age: write 180d, 26 weeks, 6 months or 1 year' in capsys.readouterr().err


def test_a_refreshed_fact_moves_the_cases_it_decides(rules_folder: Rules, tmp_path: Path) -> None:
    old = rules_folder("old")
    new = rules_folder("new", "value: 400, unit: KB", "value: 200, unit: KB")
    cases = tmp_path / "cases"
    (cases / "large").mkdir(parents=True)
    (cases / "large" / "answers.yaml").write_text(CASE)
    (cases / "small.yaml").write_text(CASE.replace("300 KB", "3 KB"))
    (cases / "readme.yaml").write_text("note: not answers\n")
    assert run("rules", "diff", old, new, "--cases", cases).output.splitlines() == [
        "~ fact shelf.item.max_size: text 400 KB -> 200 KB",
        "1 changed",
        "",
        f"{cases}/large/answers.yaml: data_store of p: shelf (decided) -> pile (decided)",
        "1 of 2 cases move",
    ]


def test_the_same_rules_differ_in_nothing(rules_folder: Rules) -> None:
    one = rules_folder("one", "facts:\n", "# another comment\nfacts:\n")
    assert run("rules", "diff", rules_folder("two"), one).output == "The rules are the same.\n"


def test_answers_that_do_not_fit_are_told(rules_folder: Rules, tmp_path: Path) -> None:
    new = rules_folder("new", "remark: {scope", "remarks: {scope")
    case = tmp_path / "a.yaml"
    case.write_text(CASE.replace("records: 1", "records: 1, remark: x"))
    found = run("rules", "diff", rules_folder("old"), new, "--cases", case).output.splitlines()
    assert "+ question remarks" in found and "- question remark" in found
    assert found[-2] == f'{case}: does not fit the new rules: unknown question "remark"; did you mean remarks?'


def test_every_kind_of_entry_is_compared(ruleset: RuleSet) -> None:
    """A rule set against an empty one: each of its parts is told as added."""
    found = differences(compile_texts(FILES.values()), ruleset)
    kinds = {c.kind for c in found if c.what == "added"}
    assert {
        "fact",
        "service",
        "question",
        "derived value",
        "rule",
        "risk",
        "advice",
        "practice",
        "cost",
        "quota",
        "background",
    } <= kinds
    assert differences(ruleset, ruleset) == ()
