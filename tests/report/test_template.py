"""Own templates: what they may do, what stops them, and where a fault in one is told to be."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from wa_advisor.commands.report import report as report_command
from wa_advisor.engine.evaluate import Assessment
from wa_advisor.errors import AdvisorError, CommandError
from wa_advisor.report.render import render_report

Assess = Callable[..., Assessment]
ANSWERS = (
    "answers: 1\nworkload: {name: 'a | <b>', owner: kim}\naccess_patterns: [{name: x*y, lookup: full-key, item_size: 1 KB}]\n"
)

GOOD = {
    "printing escapes": ("{{ workload.name }}", "a &#124; &lt;b&gt;"),
    "text of the template is as it is": ("# <b>x</b> | {{ workload.owner }}", "# <b>x</b> | kim"),
    "joining escapes": ("{{ summary[0].names | listed }}", "x\\*y"),
    "a macro printed raw": ("{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(workload.name) | raw }}", "**a &#124; &lt;b&gt;**"),
    "together": ('{{ workload.owner ~ "|" ~ workload.name }}', "kim&#124;a &#124; &lt;b&gt;"),
    "loops and conditions": ("{% for s in summary if s.certainty == 'decided' %}{{ loop.index }}{{ s.service }}{% endfor %}", "1Amazon DynamoDB"),
    "code": ("{{ provenance.ruleset | code }}", "`small`"),
    "label": ("{{ workload.name | mermaid }}", "a b"),
    "arithmetic": ("{{ 2 * 3 + 1 }}", "7"),
    "namespace": ("{% set n = namespace(x=1) %}{% for i in range(3) %}{% set n.x = n.x * 2 %}{% endfor %}{{ n.x }}", "8"),
    "methods of text": ("{{ workload.owner.upper() }}", "KIM"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "expected"), GOOD.values(), ids=GOOD)
def test_what_an_own_template_may_do(assess: Assess, template: str, expected: str) -> None:
    assert render_report(assess(ANSWERS), template, file="own.j2") == expected + "\n"


FAULTY = {
    "unknown name": ("a\n{{ worload.name }}", "own.j2:2", "worload, which a report does not have; did you mean workload?"),
    "unknown attribute": ("\n\n{{ workload.nam }}", "own.j2:3", "no attribute 'nam'"),
    "undefined in a loop": ("{% for x in nothing %}{% endfor %}", "own.j2:1", "nothing, which a report does not have"),
    "not closed": ("{% for x in summary %}\n", "own.j2:", "Unexpected end of template"),
    "unknown tag": ("\n{% frobnicate %}", "own.j2:2", "unknown tag"),
    "unknown filter": ("{{ workload.name | lenght }}", "own.j2:1", "there is no filter lenght; did you mean length?"),
    "filter that is not offered": ("{{ 'x' | center(10) }}", "own.j2:1", "there is no filter center"),
    "secrets of Python": ("{{ ''.__class__.__mro__ }}", "own.j2:1", "unsafe"),
    "secrets of values": ("{{ workload.__class__ }}", "own.j2:1", "unsafe"),
    "method that pads": ("{{ 'x'.ljust(10) }}", "own.j2:1", "unsafe"),
    "division by zero": ("\n\n\n{{ 1 / 0 }}", "own.j2:4", "division by zero"),
    "wrong types": ("{{ 1 + 'a' }}", "own.j2:1", "unsupported operand"),
    "include": ("{% include 'x' %}", "own.j2:1", "no loader"),
    "recursion": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "own.j2", "calls itself without end"),
    "deep nesting": ("{{ " + "(" * 3000 + ")" * 3000 + " }}", "own.j2", "nested too deep"),
    "call of a text": ("{{ workload.name() }}", "own.j2:1", "not callable"),
    "NUL": ("{{ \x00 }}", "own.j2:1", "unexpected char"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "where", "message"), FAULTY.values(), ids=FAULTY)
def test_a_fault_is_told_with_file_and_line(assess: Assess, template: str, where: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        render_report(assess(ANSWERS), template, file="own.j2")
    first = str(caught.value)
    assert first.startswith(where) and message in first, first
    assert "\n" not in first


ENDLESS = {
    "a long range": "{% for i in range(10**9) %}{% endfor %}",
    "loops in loops": "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
    "much printed": "{% for i in range(9999) %}{% for j in range(99) %}" + "x" * 900 + "{% endfor %}{% endfor %}",
    "much kept": "{% set x %}{% for i in range(9999) %}{% for j in range(99) %}" + "x" * 900 + "{% endfor %}{% endfor %}{% endset %}",
    "a long text": "{{ 'x' * 10**9 }}",
    "a long list": "{{ ([1] * 10**9) | length }}",
    "a large number": "{{ 9 ** (9 ** 9) }}",
    "a product of large numbers": "{% set n = namespace(x=10**1000) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "doubling a text": "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "adding a text": "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "padding by format": "{{ '%99999999d' % 1 }}",
    "two calls a call": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "filters in loops": "{% for i in range(9999) %}{% for j in range(99) %}{{ range(9999) | list | sort | length }}{% endfor %}{% endfor %}",
    "recursive loop": "{% for x in [1, 1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
}  # fmt: skip


@pytest.mark.parametrize("template", ENDLESS.values(), ids=ENDLESS)
def test_nothing_runs_for_ever(assess: Assess, template: str) -> None:
    started = time.monotonic()
    with pytest.raises(AdvisorError):
        render_report(assess(ANSWERS), template, file="own.j2")
    assert time.monotonic() - started < 20


def test_the_command_says_where_and_exits_with_2(tmp_path: Path) -> None:
    answers, own, out = tmp_path / "a.yaml", tmp_path / "own.j2", tmp_path / "out.md"
    answers.write_text("answers: 1\nworkload: {name: w}\n")
    own.write_text("one\n{{ nothing }}\n")
    result = CliRunner().invoke(report_command, [str(answers), "--template", str(own), "-o", str(out)])
    assert isinstance(result.exception, CommandError)
    assert str(result.exception).startswith(f"{own}:2: the template names nothing")
    assert not out.exists()
    own.write_text("# {{ workload.name }}")
    assert CliRunner().invoke(report_command, [str(answers), "--template", str(own), "-o", str(out)]).exit_code == 0
    assert out.read_text() == "# w\n"


@pytest.mark.parametrize("template", ["no-such-file.j2", "."])
def test_a_template_that_cannot_be_read(tmp_path: Path, template: str) -> None:
    answers = tmp_path / "a.yaml"
    answers.write_text("answers: 1\nworkload: {name: w}\n")
    result = CliRunner().invoke(report_command, [str(answers), "--template", str(tmp_path / template)])
    assert isinstance(result.exception, AdvisorError)


def test_an_own_template_is_for_markdown(tmp_path: Path) -> None:
    result = CliRunner().invoke(report_command, ["a.yaml", "--format", "json", "--template", "x.j2"])
    assert isinstance(result.exception, CommandError)
    assert "an own template is for Markdown" in str(result.exception)
