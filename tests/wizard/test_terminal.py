"""The wizard in a real terminal: what is on the screen, at 80x24 and at 40 columns."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from terminal import Terminal

STARTED = """\
answers: 1
ruleset: small
workload:
  name: Shop
  owner: shop team
  stage: design
  description: The pages show a cart.
"""


@pytest.fixture
def cart(tmp_path):
    path = tmp_path / "cart.yaml"
    path.write_text(STARTED)
    return path


def first_question(terminal: Terminal) -> Terminal:
    """Past the opening and into the first access pattern."""
    terminal.wait("Going on with Shop").press("down", "down", "enter")
    terminal.wait("Go to which part?").press("/", "access", "enter").wait("none listed yet")
    return (
        terminal.press("enter")
        .wait("What is the first access pattern called?")
        .press("ctrl-u", "cart by owner", "enter")
        .wait("How is the data found?")
        .press("down")
        .wait("❯ full-key")
    )


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 24), (40, 12)])
def test_a_question_its_help_and_its_keys_fit(cart, tmp_path, columns, rows):
    with Terminal("cart.yaml", cwd=tmp_path, columns=columns, rows=rows) as terminal:
        first_question(terminal)
        terminal.wait("Access pattern 1 of 1").wait("Shift-Tab back")
        assert "How is the data found?" in terminal.text
        terminal.press("end").wait("❯ does not apply")
        terminal.press("ctrl-c")
        assert terminal.end() == 130
        terminal.wait("Stopped. All answers are in cart.yaml; go on with: wa-advisor ask cart.yaml")


def test_back_why_unknown_and_validation_beside_the_question(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        first_question(terminal)
        terminal.press("f1").wait("The answer goes into:").press("enter").wait("❯ full-key")
        terminal.press("?").wait("The answer goes into:").press("?").wait("❯ full-key")
        terminal.press("enter").wait("How large is the largest record?").press("back").wait("How is the data found?")
        assert "❯ full-key" in terminal.text
        terminal.press("f2").wait("is noted as unknown. It leaves open:")
        assert "lookup: unknown" in cart.read_text()
        terminal.press("back").wait("Now: I don't know. Enter keeps it.")


def test_a_unit_is_asked_for_where_it_is_missing(cart, tmp_path):
    cart.write_text(STARTED + "access_patterns:\n  - {name: cart, lookup: full-key}\n")
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Going on").press("down", "enter").wait("All answers").press("/", "largest record", "enter")
        terminal.wait("How large is the largest record?").press("400", "enter").wait(
            'This is 400, but it needs a unit: write "400 KB" or "400 MB"'
        )
        assert "❯ 400" in terminal.text
        terminal.press(" KB", "enter").wait("All answers")
        assert "item_size: 400 KB" in cart.read_text()
        terminal.press("/", "largest record").wait("400 KB")


def test_does_not_apply_asks_why(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        first_question(terminal).press("end", "enter").wait("Why does it not apply?").press("enter").wait("write a few words")
        terminal.press("written only", "enter").wait("Access patterns: 1 so far")
        assert "lookup: {not_applicable: written only}" in cart.read_text()


def test_resizing_draws_anew_and_wide_characters_keep_their_place(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        first_question(terminal)
        terminal.resize(40, 20).wait("by the complete key")
        assert all(len(line) <= 40 for line in terminal.text.splitlines())
        terminal.resize(100, 30).wait("full-key        by the")
        terminal.press("back").wait("What is this access pattern called?").press("back").wait("1 so far").press("a").wait(
            "next access pattern"
        ).press("日本語のデータ", "enter")
        terminal.wait("Access pattern 2 of 2: 日")
        assert "name: 日本語のデータ" in cart.read_text()


def test_the_screen_is_on_stderr_when_stdout_is_redirected(cart, tmp_path):
    out = tmp_path / "out.txt"
    with Terminal(cwd=tmp_path, shell=f"ask cart.yaml > {out}") as terminal:
        terminal.wait("Going on with Shop").press("ctrl-c")
        terminal.end()
    assert out.read_bytes() == b""


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"ACCESSIBLE": "1"}])
def test_plain_mode_draws_nothing_twice(cart, tmp_path, environment):
    with Terminal("cart.yaml", cwd=tmp_path, rows=60, environment=environment) as terminal:
        terminal.wait("[Enter = 1] >").press("1\r").wait("Who may look after machines?").press("b\r").wait(
            "Go on where I was: Who"
        )
        terminal.press("ctrl-c")
        assert terminal.end() == 130
        assert b"\x1b" not in terminal.raw


def test_without_colour_there_is_none_and_ascii_signs_where_unicode_cannot_be_shown(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path, environment={"NO_COLOR": "1"}) as terminal:
        first_question(terminal)
        assert not re.search(rb"\x1b\[(?:[0-9]+;)*(?:[39][0-7]|38)(?:;[0-9;]*)?m", terminal.raw)
    with Terminal(
        "cart.yaml", "--color", "never", cwd=tmp_path, environment={"PYTHONIOENCODING": "ascii", "LANG": "C"}
    ) as terminal:
        terminal.wait("> Go on where I was")
        assert terminal.text.isascii()


def test_a_second_wizard_is_told(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Going on")
        done = subprocess.run(
            [sys.executable, "-m", "wa_advisor", "ask", "cart.yaml", "--plain"],
            cwd=tmp_path,
            input="1\n",
            capture_output=True,
            text=True,
        )
        assert done.returncode == 2 and "another wizard has it open" in done.stderr
        assert cart.read_text() == STARTED


def test_a_full_disk_is_reported_the_wizard_stays_and_goes_on_when_there_is_room(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path, room=600) as terminal:
        terminal.wait("Going on with Shop").press("down", "enter").wait("All answers").press("/", "called", "enter")
        terminal.wait("What is the workload called?").press("ctrl-u", "S" * 600, "enter").wait(
            "free some space, then answer again"
        )
        assert cart.read_text() == STARTED and not list(tmp_path.glob(".*.part"))
        terminal.press("ctrl-u", "Bookshop", "enter").wait("All answers")
        assert "name: Bookshop" in cart.read_text()
        terminal.press("ctrl-c")
        assert terminal.end() == 130


def test_the_first_page_stands_early_and_keys_pressed_before_it_is_ready_are_taken(tmp_path):
    with Terminal("new.yaml", cwd=tmp_path) as terminal:
        terminal.press("enter", "Shop", "enter").wait("Who answers for it?")
        assert "name: Shop\n" in (tmp_path / "new.yaml").read_text()
        terminal.press("ctrl-c")
        assert terminal.end() == 130


@pytest.mark.parametrize(("text", "message"), [("a: [1\n", "cart.yaml:"), ("answers: 7\n", "is not known here")])
def test_a_file_that_cannot_be_read_leaves_the_terminal_as_it_was(tmp_path, text, message):
    (tmp_path / "cart.yaml").write_text(text)
    with Terminal(cwd=tmp_path, shell="ask cart.yaml; stty -a | tr ';' '\\n' | grep -c ' echo '") as terminal:
        terminal.wait(message)
        terminal.end()
        assert "Traceback" not in terminal.text
        assert terminal.text.rstrip().endswith("1"), terminal.text  # keys are echoed again
        assert terminal.raw.rstrip().count(b"\x1b[?1049l") >= 1 and b"\x1b[?25h" in terminal.raw


def test_none_of_these_is_a_line_of_its_own(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Going on").press("enter").wait("Who may look after").press("1", "enter").wait(
            "What does the team know well?"
        )
        terminal.press("down", "down", "down").wait("❯     none of these").press("enter").wait("none listed yet")
        assert "skills: []" in cart.read_text()


def test_a_long_text_is_shown_whole_over_several_rows(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path, columns=40) as terminal:
        terminal.wait("Going on").press("down", "enter").wait("All answers").press("/", "sentence or two", "enter")
        words = "The pages read the whole cart on nearly every view, and each change of a line writes it."
        terminal.wait("What does it do").press("ctrl-u", words).wait(words.replace(" ", ""))
        terminal.press("enter").wait("All answers")
        assert f'description: "{words}"\n' in cart.read_text()


def test_a_whole_interview_ends_in_the_report_and_says_what_comes_next(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        first_question(terminal).press("enter").wait("How large").press("12 KB", "enter").wait("1 so far")
        terminal.press("/", "go on", "enter").wait("Components: none").press("down", "enter").wait("Interfaces: none").press(
            "down", "enter"
        )
        terminal.wait("Hand-overs: none").press("down", "enter").wait("What next?").press("/", "verdicts", "enter")
        terminal.wait("Does the team intend something else").press("enter").wait("needs a sign-off").press("enter")
        terminal.wait("All answers. Choose one").press("enter").wait("What comes out").wait("Amazon DynamoDB (decided)")
        terminal.press("down", "down", "enter").wait("dynamodb-by-key").press("enter").wait("What comes out")
        terminal.press("home", "enter")
        assert terminal.end() == 0
        for line in (
            "The answers are in cart.yaml, the report is in cart.report.md.",
            "wa-advisor explain cart.yaml",
            "wa-advisor check cart.yaml",
        ):
            assert line in terminal.text
    assert (tmp_path / "cart.report.md").read_text().startswith("# Architecture recommendation: Shop")


def test_ctrl_c_while_the_rules_are_read_leaves_the_terminal_as_it_was(tmp_path):
    with Terminal("new.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Reading the rules").press("ctrl-c")
        assert terminal.end() == 130
        assert "Stopped." in terminal.text and "Traceback" not in terminal.text
    assert not list(tmp_path.iterdir())
