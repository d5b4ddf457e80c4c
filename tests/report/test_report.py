"""The report as its reader meets it, made from a small rule set of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile import AFTERWARDS, NASTY, hostile_strings, reader, structure
from msgspec.structs import replace

from wa_advisor.engine.evaluate import Assessment, evaluate
from wa_advisor.model import Answer, Answers, Item
from wa_advisor.report.render import render_report

Assess = Callable[..., Assessment]
SHOP = (Path(__file__).parent / "shop.yaml").read_text("utf-8")
BARE = "answers: 1\nworkload: {name: Nothing yet}\n"
READER = reader()


def test_the_first_screen_has_it_all(assess: Assess) -> None:
    first = render_report(assess(SHOP)).split("## To decide")[0]
    assert first.startswith(
        "# Architecture recommendation: Corner shop\n\n**Owner:** shop team · **Stage:** design · **Status:** "
    )
    assert "8 of 11 decisions settled, 1 proposal ruled out, 1 high risk open, 3 questions open" in first
    assert (
        "| Data store: cart | **Amazon DynamoDB** (as proposed) | decided | One record by its key is what it is built for. | no |"
        in first
    )
    assert "| **Amazon Aurora PostgreSQL**; the team proposes Amazon DynamoDB | decided |" in first
    assert "| Integration: order packed | none yet | open |" in first
    assert "Decided: no answer still missing can change it." in first


ROOM = (
    "**Drop or change the proposal** Amazon DynamoDB for scans: a limit rules it out; Amazon S3 would fit.",
    "**Agree on one** for books: the team proposes Amazon DynamoDB, the answers speak for Amazon Aurora PostgreSQL.",
    "**High risk** for order placed: Messages that fail are lost.",
    "**Find out** for prices: How large is the largest record? It could change data store.",
    "**Find out** for order packed: Who receives it? Without it there may be no choice of integration.",
    "**Find out** for checkout: How many steps has it? Without it there may be no choice of orchestration.",
    "**Confirm** Amazon API Gateway HTTP API for shop: as much speaks for Application Load Balancer, and only the order of "
    "preference decided.",
)  # fmt: skip


def test_the_room_has_each_thing_to_settle_once(assess: Assess) -> None:
    assert section(render_report(assess(SHOP)), "To decide in the room") == "\n".join(
        f"{number}. {topic}" for number, topic in enumerate(ROOM, 1)
    )


def test_nothing_to_decide_is_said(assess: Assess) -> None:
    text = "answers: 1\nworkload: {name: w}\naccess_patterns: [{name: a, lookup: full-key, item_size: 1 KB}]\n"
    assert section(render_report(assess(text)), "To decide in the room") == (
        "Nothing: no missing answer can change a choice, and no high risk is open."
    )


def test_sign_offs_come_first_in_the_room_and_name_what_they_must_say(assess: Assess) -> None:
    text = "answers: 1\nworkload: {name: w}\naccess_patterns: [{name: a, lookup: any-fields, item_size: 1 KB}]\n"
    report = render_report(assess(text))
    assert section(report, "To decide in the room").startswith(
        "1. **Sign off** Amazon Aurora PostgreSQL for a, or choose otherwise: the head of architecture has to agree."
    )
    assert "| a | Amazon Aurora PostgreSQL | needed | head of architecture |" in report
    assert "- which access pattern forces it\n- who operates it\n" in report


SIGNED = """answers: 1
workload: {name: w}
access_patterns: [{name: a, lookup: any-fields, item_size: 1 KB}]
sign_offs:
  - {decision: data_store, item: a, choice: aurora-postgresql, approver: Kim, date: 2026-01-01, reason: joins, expires: 2026-06-01}
"""


@pytest.mark.parametrize(
    ("day", "state", "said"),
    [("", "signed", ""), ("2026-05-31", "signed", "judged as of 2026-05-31"), ("2026-06-01", "expired", "--as-of 2026-06-01")],
)
def test_a_sign_off_is_judged_on_the_day_asked_for(assess: Assess, day: str, state: str, said: str) -> None:
    report = render_report(assess(SIGNED, as_of=day), as_of=day)
    assert f"| a | Amazon Aurora PostgreSQL | {state} | Kim | 2026-01-01 | 2026-06-01 | joins |" in report
    assert said in report
    assert ("**Sign off again**" in report) is (state == "expired")


REPORTS = {"all there is": SHOP, "nothing yet": BARE, "one sign-off": SIGNED}


@pytest.mark.parametrize("text", REPORTS.values(), ids=REPORTS)
def test_no_section_is_empty(assess: Assess, text: str) -> None:
    assert_no_empty_section(render_report(assess(text)))


@pytest.mark.parametrize("text", REPORTS.values(), ids=REPORTS)
def test_no_sentence_stands_twice(assess: Assess, text: str) -> None:
    assert repeated_sentences(render_report(assess(text))) == []


def test_repeated_sentences_are_found() -> None:
    once = "## Decisions\n\n- The first of these words is here.\n"
    assert repeated_sentences(once) == []
    assert repeated_sentences(once + "\n- The first of these words is here.\n") == ["The first of these words is here"]


def test_all_five_states_of_an_answer_are_told_apart(assess: Assess) -> None:
    report = render_report(assess(SHOP))
    assert "| How large is the largest record? | 12 KB | 320 KB | 4 KB; seen in books\\.sql:12 |" in report
    assert "| How large is the largest record? | *unknown* | 2 MB |" in report
    assert "| What else does it need? | none | *does not apply:* it runs anywhere |" in report
    assert "| How many runs start at the peak? | 4500/s | – |" in report
    assert "| Must they come in order? | · | yes | · |" in report
    assert "–: not answered yet. ·: does not matter, given the other answers." in report
    assert "Not answered: `remark`." in report


def test_limits_name_value_unit_and_date(assess: Assess) -> None:
    report = render_report(assess(SHOP))
    assert "| Amazon DynamoDB for scans | An item cannot be larger. (item size 2 MB; limit 400 KB, 2026-H2) |" in report
    assert "| Amazon DynamoDB: Largest item | scans | 2 MB | 400 KB (2026-H2) | **exceeded** |" in report
    assert "<https://facts.example/run> (figures of 2026-07 and 2026-08)" in report


def test_each_source_stands_once(assess: Assess) -> None:
    urls = re.findall(r"<(https://\S+)>", render_report(assess(SHOP)))
    assert len(urls) == len(set(urls)) > 5


def test_what_was_measured_stands_beside_what_was_answered(assess: Assess) -> None:
    text = """answers: 1
workload: {name: w, observed: {key-value: 61 %, relational: 39 %, evidence: july.csv}}
access_patterns: [{name: a, lookup: full-key, item_size: 1 KB, observed: {class: relational, calls: "12"}}]
"""
    report = render_report(assess(text))
    assert "**Check** a: by its answers it is key-value, by what was measured it is relational." in report
    assert "| key-value | 100 % | 61 % | 70 % |" in report
    assert "measured in july.csv" in report.replace("\\", "")


def test_an_overlay_and_what_it_replaced_are_named(small: object, assess: Assess) -> None:
    found = assess(BARE)
    ruleset = replace(found.ruleset, overlays=(("house | rules", "sha256:" + "a" * 64),), overridden=("lambda-too-long",))
    report = render_report(replace(found, ruleset=ruleset))
    assert "with house &#124; rules (`aaaaaaaaaaaa`)" in report
    assert "Changed against the shipped rules: `lambda-too-long`." in report
    assert "`wa-advisor report answers.yaml --rules DIR`" in report


def test_many_items_stay_readable(assess: Assess) -> None:
    patterns = "\n".join(
        f"  - {{name: pattern {i}, lookup: full-key, item_size: {i + 1} KB, used_by: [c{i % 7}]}}" for i in range(60)
    )
    parts = "\n".join(f"  - {{name: c{i}, trigger: request, duration: 1 s}}" for i in range(7))
    report = render_report(assess(f"answers: 1\nworkload: {{name: w}}\naccess_patterns:\n{patterns}\ncomponents:\n{parts}\n"))
    assert len(re.findall(r"^\| Data store: ", report, re.M)) == 1
    assert report.count("One record by its key is what it is built for.") == 2
    assert "60 more figures use less than half of what is allowed." in report or "more figures use less than half" in report
    assert_no_empty_section(report)


def test_nothing_answered_prints_no_page_of_gaps(assess: Assess) -> None:
    text = "answers: 1\nworkload: {name: w}\ncomponents:\n" + "".join(f"  - {{name: c{i}}}\n" for i in range(30))
    report = render_report(assess(text))
    assert len(report.splitlines()) < 90
    assert "Not answered: `trigger`, `duration`, `peak_rate`, `hardware`, `remark`." in report


# -- what people typed --------------------------------------------------------------------------------


def test_hostile_names_and_notes_change_nothing_but_the_text(assess: Assess) -> None:
    plain = assess(SHOP)
    expected = structure(render_report(plain), READER)
    slots = _names(plain.answers)
    strings = hostile_strings(300, seed=7)
    for start in range(0, len(strings), len(slots)):
        batch = {slot: f"{text}{i}" for i, (slot, text) in enumerate(zip(slots, strings[start:], strict=False))}
        typed = evaluate(plain.ruleset, _retyped(plain.answers, batch))
        report = render_report(typed)
        assert structure(report, READER) == expected, batch
        prose = re.sub(r"(?s)<(code|a)\b.*?</\1>", "", READER.render(report))
        assert not AFTERWARDS.search(re.sub(r"<[^>]*>", "", prose)), batch


@pytest.mark.parametrize("text", [t for t in NASTY if t.strip()][::5])
def test_a_workload_may_be_called_anything(assess: Assess, text: str) -> None:
    found = assess(BARE)
    report = render_report(replace(found, answers=replace(found.answers, name=text, owner=text, stage=text, file=text)))
    assert structure(report, READER) == structure(render_report(replace(found, answers=replace(
        found.answers, name="w", owner="w", stage="w", file="w"))), READER)  # fmt: skip


def _names(answers: Answers) -> list[str]:
    return ["shop name", "owner", "stage", "note", *(i.name for items in answers.groups.values() for i in items), "billing"]


def _retyped(answers: Answers, typed: dict[str, str]) -> Answers:
    """The same answers with other names, notes and reasons."""
    note = typed.get("note", "note")

    def name(old: str) -> str:
        return typed.get(old, old)

    def answer(old: Answer) -> Answer:
        evidence, reason = (note if text else "" for text in (old.evidence, old.reason))
        return replace(old, note=note if old.note else "", evidence=evidence, reason=reason)

    def item(old: Item) -> Item:
        links = {key: tuple(map(name, names)) for key, names in old.links.items()}
        given = {key: answer(value) for key, value in old.answers.items()}
        return replace(old, name=name(old.name), links=links, note=note if old.note else "", answers=given)

    groups = {group: tuple(map(item, items)) for group, items in answers.groups.items()}
    sign_offs = tuple(replace(s, approver=note, reason=note) for s in answers.sign_offs)
    return replace(
        answers, name=name("shop name"), owner=name("owner"), stage=name("stage"), groups=groups, sign_offs=sign_offs
    )  # fmt: skip


# -- reading a report ----------------------------------------------------------------------------------


def section(report: str, title: str) -> str:
    """The text below a heading, up to the next."""
    return re.split(r"^#+ ", report.split(f"## {title}\n", 1)[1], maxsplit=1, flags=re.M)[0].strip()


def assert_no_empty_section(report: str) -> None:
    lines = [line for line in re.sub(r"(?s)```.*?```", "picture", report).splitlines() if line.strip()]
    for line, after in zip(lines, [*lines[1:], "# end"], strict=True):
        heading = re.match(r"#+ ", line)
        below = re.match(r"#+ ", after)
        if heading and below:
            assert len(below[0]) > len(heading[0]), line
    assert not re.search(r"\|\s*\|\s*\|\s*\|\s*$", report, re.M) or "needed" in report


def repeated_sentences(report: str) -> list[str]:
    """Sentences of five words or more that stand twice after the first screen; headings of tables do not count."""
    text = report[report.find("## Decisions") :]
    text = re.sub(r"(?m)^\|.*\n\|[-|]+$", "", re.sub(r"(?s)```.*?```", "", text))
    text = text.split("## Appendix")[0]
    sentences = [s.strip() for s in re.split(r"[.|:]\s|[.|]\n|\n", re.sub(r"\\\[\d+\\\]|\*\(.*?\)\*", "", text))]
    long = [s for s in (s.strip(" -|.") for s in sentences) if len(s.split()) >= 5 and not s.endswith("?") and "**" not in s]
    return sorted({s for s in long if long.count(s) > 1 and not re.match("Amazon|AWS", s)})
