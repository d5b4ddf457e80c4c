"""What changed between two assessments, and what changed it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from conftest import RULES
from generated import generated_answers
from test_report import SHOP

from wa_advisor.answers import parse_answers
from wa_advisor.commands.compare import compare
from wa_advisor.engine.evaluate import Assessment, evaluate
from wa_advisor.errors import AdvisorError
from wa_advisor.model import RuleSet
from wa_advisor.report.compare import compare_documents, comparison_text
from wa_advisor.report.document import assessment_document
from wa_advisor.report.schema import assessment_schema_text, problem_of
from wa_advisor.ruleset.compile import compile_ruleset
from wa_advisor.ruleset.source import parse_yaml

Assess = Callable[..., Assessment]
Document = dict[str, Any]
PLAIN = "answers: 1\nworkload: {name: w}\naccess_patterns: [{name: cart, lookup: full-key, item_size: 1 KB}]\n"
LARGE = PLAIN.replace("1 KB", "2 MB")


@pytest.fixture(scope="module")
def tighter() -> RuleSet:
    """The small rules with a much lower limit."""
    texts = {f.name: f.read_text("utf-8") for f in sorted(RULES.glob("*.yaml"))}
    texts["base.yaml"] = texts["base.yaml"].replace("value: 400, unit: KB", "value: 400, unit: B")
    return compile_ruleset([("rules", [parse_yaml(text, name) for name, text in texts.items()])])


def judged(ruleset: RuleSet, text: str) -> Document:
    return assessment_document(evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset)))


def test_nothing_changed(small: RuleSet) -> None:
    found = judged(small, SHOP)
    text = comparison_text(compare_documents(found, found, found))
    assert text.startswith("Corner shop: nothing changed\nRules: the same, small 1.0.0 (")
    assert text.endswith("Answers: the same\n")


def test_what_answers_changed(small: RuleSet) -> None:
    old, new = judged(small, PLAIN), judged(small, LARGE)
    text = comparison_text(compare_documents(old, new, old))
    assert text.startswith("w: 1 verdict, 1 answer changed\n")
    assert "~ data_store of cart: dynamodb (decided) -> s3 (decided); by the answers\n" in text
    assert "\nAnswers\n  ~ access pattern cart, item_size: 1 KB -> 2 MB\n" in text


def test_what_rules_changed(small: RuleSet, tighter: RuleSet) -> None:
    old, new = judged(small, PLAIN), judged(tighter, PLAIN)
    text = comparison_text(compare_documents(old, new, judged(tighter, PLAIN)))
    assert "Rules: small 1.0.0 (" in text and ") -> small 1.0.0 (" in text
    assert "Answers: the same\n" in text
    assert "~ data_store of cart: dynamodb (decided) -> no choice (open); by the rules\n" in text


def test_what_both_changed(small: RuleSet, tighter: RuleSet) -> None:
    old, new = judged(small, PLAIN), judged(tighter, LARGE.replace("lookup: full-key", "lookup: any-fields"))
    text = comparison_text(compare_documents(old, new, judged(tighter, PLAIN)))
    assert "; by answers and rules together\n" in text


def test_older_answers_that_do_not_fit_are_said(small: RuleSet, tighter: RuleSet) -> None:
    text = comparison_text(compare_documents(judged(small, PLAIN), judged(tighter, PLAIN), None))
    assert "The older answers do not fit the newer rules, so what caused a change is not told." in text
    assert "; by" not in text


SIGNED = (
    "sign_offs: [{decision: data_store, item: cart, choice: aurora-postgresql, approver: Kim, date: 2026-01-01, reason: joins}]\n"
)
CHANGES = {
    "a new item": (PLAIN, PLAIN + "components: [{name: api, trigger: request}]\n", "+ component api\n"),
    "a verdict that is new": (PLAIN, PLAIN + "components: [{name: api, trigger: request}]\n", "+ compute of api: lambda (leaning); by the answers"),
    "an item that is gone": (PLAIN + "components: [{name: api}]\n", PLAIN, "- component api\n"),
    "a proposal": (PLAIN, PLAIN.replace("1 KB", "1 KB, proposed: s3"), "dynamodb (decided) -> dynamodb (decided) proposed s3"),
    "a sign-off needed": (PLAIN, PLAIN.replace("full-key", "any-fields"), "+ aurora-postgresql for cart: needed; by the answers"),
    "a sign-off given": (
        PLAIN.replace("full-key", "any-fields"), PLAIN.replace("full-key", "any-fields") + SIGNED,
        "~ aurora-postgresql for cart: needed -> signed",
    ),
    "a lens answer": (PLAIN, PLAIN + "lens: {SERVREL01: {practices: []}}\n", "~ SERVREL01: UNANSWERED -> HIGH; by the answers"),
    "a class": (PLAIN, PLAIN.replace("full-key", "partition"), "~ cart: key-value -> single-table"),
    "a limit": (LARGE, LARGE.replace("2 MB", "2 MB, proposed: dynamodb"), "+ small.item.max of cart: exceeded"),
    "a note": (PLAIN, PLAIN.replace("1 KB", '{value: 1 KB, note: "asked"}'), "~ access pattern cart, item_size: 1 KB -> 1 KB; note: asked"),
    "unknown now": (PLAIN, PLAIN.replace("1 KB", "unknown"), "~ access pattern cart, item_size: 1 KB -> unknown"),
    "what nobody should print": (PLAIN, PLAIN + 'components: [{name: "a\\e[31m\\u202eb"}]\n', "+ component a [31m b\n"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), CHANGES.values(), ids=CHANGES)
def test_every_kind_of_change_is_told(small: RuleSet, old: str, new: str, said: str) -> None:
    documents = judged(small, old), judged(small, new)
    assert said in comparison_text(compare_documents(*documents, documents[0]))


# -- the command ---------------------------------------------------------------------------------------

CART = "answers: 1\nworkload: {name: cart}\naccess_patterns: [{name: cart, lookup: full-key, item_size: 1 KB}]\n"


def run(*given: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(compare, [str(g) for g in given], input=stdin)


def test_answers_files_and_saved_assessments_compare(tmp_path: Path, ruleset: RuleSet) -> None:
    old, new, saved = tmp_path / "old.yaml", tmp_path / "new.yaml", tmp_path / "old.json"
    old.write_text(CART)
    new.write_text(CART.replace("1 KB", "2 MB"))
    saved.write_text(json.dumps(judged(ruleset, CART)))
    assert "~ access pattern cart, item_size: 1 KB -> 2 MB" in run(old, new).output
    assert run(saved, new).output == run(old, new).output
    assert "nothing changed" in run(old, saved).output
    assert run("-", new, stdin=CART).output == run(old, new).output
    assert run("-", new, stdin=saved.read_text()).output == run(old, new).output
    assert run(old, new).exit_code == 0


def test_answers_written_as_json_are_answers(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"answers": 1, "workload": {"name": "w"}}))
    assert "nothing changed" in run(path, path).output


BROKEN = {
    "no JSON": ("{\n", "that can be read"),
    "another JSON": ('{"a": 1}', "this is no saved assessment"),
    "a list": ("[1]", "an answers file is a mapping"),
    "another version": ('{"schema": "wa-advisor/assessment/2"}', "this is no saved assessment"),
    "a key missing": ('{"schema": "wa-advisor/assessment/1"}', "changed by hand: the document has no as_of"),
    "deep": ("{" + '"a":{' * 20_000, "that can be read"),
    "answers with a fault": ("answers: 1\nworkload: {name: w, nam: x}\n", 'unknown workload key "nam"'),
    "not text": (b"{\xff\xfe}", "that can be read"),
    "empty": ("", "the file is empty"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN)
def test_what_is_neither_is_told(tmp_path: Path, content: str | bytes, message: str) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad"
    good.write_text(CART)
    bad.write_bytes(content if isinstance(content, bytes) else content.encode())
    for given in ((good, bad), (bad, good)):
        result = run(*given)
        assert isinstance(result.exception, AdvisorError), result.output
        assert str(result.exception).startswith(str(bad)) and message in str(result.exception)


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_what_is_no_file_is_told(tmp_path: Path, name: str) -> None:
    good = tmp_path / "good.yaml"
    good.write_text(CART)
    assert isinstance(run(good, tmp_path / name).exception, AdvisorError)


# -- the schema read by the product itself -------------------------------------------------------------


def test_the_own_reading_of_the_schema_agrees_with_a_full_validator(small: RuleSet) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(assessment_schema_text()))
    valid = [True, False]
    for seed in range(2):
        document = json.loads(json.dumps(judged(small, generated_answers(small, seed))))
        assert problem_of(document) == ""
        for changed in mutations(document):
            assert (problem_of(changed) == "") is validator.is_valid(changed)
            valid[validator.is_valid(changed)] = True
    assert all(valid)


def mutations(document: Document) -> list[Any]:
    """The document with one value of it replaced, here and there."""
    made: list[Any] = [None, [], "x", {}]
    for place, (holder, key) in enumerate(places(document)):
        if place % 37 == 0:
            before = holder[key]
            for wrong in (None, -1, 2.5, "x y", [], {}, True, ["a", "b", "c"]):
                holder[key] = wrong
                made.append(json.loads(json.dumps(document)))
            holder[key] = before
    return made[:400]


def places(node: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        found += [(node, key), *places(node[key])]
    return found
