"""What a person's hands do in a real terminal: idle Enters, pastes, suggestions, Esc, notes that hold no longer, small sizes."""

from __future__ import annotations

import gc
import time
import weakref
from threading import Timer

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from terminal import Terminal
from wizard_small import start

from wa_advisor.wizard.rich import app

STARTED = """\
answers: 1
ruleset: small
workload:
  name: Shop
  owner: shop team
  stage: design
  description: Sellers keep their photographs.
"""
PASTE = "\x1b[200~", "\x1b[201~"
SETTLED = 0.3


@pytest.fixture
def cart(tmp_path):
    path = tmp_path / "cart.yaml"
    path.write_text(STARTED)
    return path


def described(terminal: Terminal) -> Terminal:
    """At the empty line of a text."""
    terminal.wait("Going on").press("down", "enter").wait("All answers").press("/", "sentence or two", "enter")
    return terminal.wait("Enter alone leaves it out").press("ctrl-u").wait("for example")


def first_pattern(terminal: Terminal) -> Terminal:
    terminal.wait("Going on").press("down", "down", "enter").wait("Go to which part?").press("/", "access", "enter")
    return terminal.wait("none listed yet").press("enter").wait("What is the first access pattern called?")


def settle(terminal: Terminal, seconds: float = SETTLED) -> Terminal:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        terminal.read()
    return terminal


def test_the_lines_of_a_paste_are_joined_and_shown_and_answer_nothing(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        settle(described(terminal)).press(PASTE[0] + "The pages show a cart.\rEach change\nwrites it.\r" + PASTE[1])
        terminal.wait("❯ The pages show a cart. Each change writes it.").wait("a pasted text was joined")
        settle(terminal)
        assert cart.read_text() == STARTED
        terminal.press("enter").wait("All answers")
        assert "description: The pages show a cart. Each change writes it.\n" in cart.read_text()


def test_keys_that_were_typed_ahead_answer_one_question_after_the_other(tmp_path):
    with Terminal("new.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Begin").press("\rThe shop of the books\rthe team of the shop\rdesign\r")
        terminal.wait("What does it do, in a sentence or two?")
        said = (tmp_path / "new.yaml").read_text()
        assert "name: The shop of the books\n  owner: the team of the shop\n  stage: design\n" in said


def test_a_paste_without_marks_is_read_at_once(cart, tmp_path):
    text = "photographs of the sellers " * 1500
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        described(terminal)
        begin = time.monotonic()
        terminal.child.send(text[:4000])
        terminal.read()
        for at in range(4000, len(text), 4000):
            terminal.child.send(text[at : at + 4000])
            terminal.read(0.001)
        terminal.press("!!").wait("!!")
        assert time.monotonic() - begin < 4


def test_a_paste_on_a_list_chooses_nothing(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Going on").press("enter").wait("Who may look after machines?")
        terminal.press(PASTE[0] + "2\r1\r" + PASTE[1]).wait("is no key here")
        settle(terminal)
        assert cart.read_text() == STARTED


def test_the_first_key_replaces_a_suggestion_and_an_arrow_edits_it(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        first_pattern(terminal).wait("❯ keep their photographs").wait("suggested; type to replace, Enter takes it")
        terminal.press("\x1b[D", "X").wait("❯ keep their photographXs")
        terminal.press("esc").wait("none listed yet").press("enter").wait("keep their photographXs")
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        cart.write_text(STARTED)
        first_pattern(terminal).wait("suggested").press("o", "rders").wait("❯ orders").press("enter").wait(
            "How is the data found?"
        )
        assert "name: orders\n" in cart.read_text()


def test_enters_alone_choose_nothing(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Going on")
        for _ in range(30):
            terminal.press("enter")
        terminal.wait("choose with the arrows or a number")
        settle(terminal)
        assert cart.read_text() == STARTED and "Who may look after machines?" in terminal.text
        terminal.press("2").wait("❯ own-hosts").press("enter").wait("What does the team know well?")
        for _ in range(30):
            terminal.press("enter")
        settle(terminal.wait("nothing is picked"))
        assert "skills" not in cart.read_text()


def test_an_answer_typed_on_a_list_chooses_nothing(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Going on").press("enter").wait("Who may look after machines?")
        terminal.press(*"1 byte", "enter").wait("choose with the arrows or a number")
        terminal.press(*"12", "enter").wait("choose with the arrows or a number")
        settle(terminal)
        assert cart.read_text() == STARTED


def test_what_the_file_has_stays_marked_and_a_note_goes_when_it_holds_no_longer(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Going on").press("enter").wait("Who may look after").press("1", "enter").wait("What does the team know")
        terminal.press("back").wait("❯ nobody (now)").press("down").wait("❯ own-hosts").wait("nobody (now)")
        terminal.press("f2").wait("What does the team know").press("back").wait("❯ I don't know (now)").wait("Enter keeps it.")
        terminal.press("up").wait("❯ own-hosts")
        assert "Now: I don't know." in terminal.text and "Enter keeps it" not in terminal.text
        terminal.press("down").wait("Enter keeps it.")


def test_esc_closes_what_a_key_has_opened_and_loses_nothing(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        terminal.wait("Going on").press("enter").wait("Who may look after machines?")
        terminal.press("f1").wait("The answer goes into").press("esc").wait("1   nobody")
        terminal.press("f4").wait("Go to which part?").press("/", "lens").wait("Find: lens").press("esc").wait("/ find")
        assert "Go to which part?" in terminal.text
        terminal.press("esc").wait("Who may look after machines?")
        terminal.press("f3").wait("Why does it not apply?").press("a batch").wait("❯ a batch").press("f1").wait(
            "The answer goes into"
        )
        terminal.press("esc").wait("❯ a batch").press("esc").wait("1   nobody").press("f3").wait("❯ a batch")
        terminal.press("esc").wait("1   nobody").press("esc")
        settle(terminal, 0.6)
        assert "Who may look after machines?" in terminal.text and cart.read_text() == STARTED


def test_a_question_mark_in_a_text_is_text_and_f1_tells_why(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        described(terminal).press("?").wait("It heads the report").press("esc").wait("❯")
        terminal.press("what is kept?").wait("❯ what is kept?").wait("F1 why").press("f1").wait("It heads the report")
        terminal.press("enter").wait("❯ what is kept?")


@pytest.mark.parametrize("columns", [40, 80])
def test_the_foot_names_every_key_that_works(cart, tmp_path, columns):
    with Terminal("cart.yaml", cwd=tmp_path, columns=columns) as terminal:
        terminal.wait("Going on").press("enter").wait("Who may look after machines?")
        for key in ("Enter", "Shift-Tab", "F1", "F2", "F3", "F4", "Ctrl-C"):
            terminal.wait(key)


def test_words_are_not_broken_while_they_are_typed(cart, tmp_path):
    words = "Dispatchers see the last known position of every van on a map of the town"
    with Terminal("cart.yaml", cwd=tmp_path, columns=40) as terminal:
        described(terminal).press(*words).wait(words)
        shown = " ".join(line.replace("❯", "").strip() for line in terminal.text.splitlines())
        assert words in " ".join(shown.split())


@pytest.mark.parametrize(
    ("environment", "ascii_only"),
    [
        ({"LANG": "C"}, True), ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, True), ({"LANG": "POSIX"}, True), ({"LANG": ""}, True),
        ({"LC_CTYPE": "C", "LANG": "en_US.UTF-8"}, True), ({"LC_ALL": "C.UTF-8", "LANG": "C"}, False), ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, False),
    ],
)  # fmt: skip
def test_the_signs_are_those_of_the_locale_as_it_was_given(cart, tmp_path, monkeypatch, environment, ascii_only):
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    with Terminal("cart.yaml", cwd=tmp_path, environment=environment) as terminal:
        terminal.wait("Go on where I was").wait("Ctrl-C stop")
        settle(terminal)
        assert terminal.text.isascii() == ascii_only


@pytest.mark.parametrize(("columns", "rows"), [(20, 6), (40, 8), (200, 60)])
def test_the_question_its_rows_and_keys_are_there_at_any_size(cart, tmp_path, columns, rows):
    with Terminal("cart.yaml", cwd=tmp_path, columns=columns, rows=rows) as terminal:
        terminal.wait("Going on").press("enter").wait("Who may look").press("1").wait("❯ nobody").wait("Enter")


class Ring:
    """Waste that only looking through the memory finds."""

    def __init__(self) -> None:
        self.ring = self


@pytest.mark.parametrize(("idle", "cleared"), [(0.3, True), (60, False)])
def test_the_memory_is_cleared_when_nothing_is_pressed_and_not_between_keys(monkeypatch, idle, cleared):
    monkeypatch.setattr(app, "IDLE_SECONDS", idle)
    interview, _ = start()
    rings: list[weakref.ref[Ring]] = []
    found: list[bool] = []
    with create_pipe_input() as pipe:
        Timer(0.1, lambda: rings.append(weakref.ref(Ring()))).start()
        Timer(0.7, lambda: found.append(rings[0]() is None)).start()
        Timer(0.8, pipe.send_text, ["\x03"]).start()
        with pytest.raises(KeyboardInterrupt):
            app.run_rich(interview, colour=False, input=pipe, output=DummyOutput())
    assert gc.isenabled() and found == [cleared]


def test_what_was_typed_or_ticked_is_there_after_a_look_elsewhere(cart, tmp_path):
    with Terminal("cart.yaml", cwd=tmp_path) as terminal:
        described(terminal).press("half a word", "f4").wait("Go to which part?").press("esc")
        terminal.wait("\u276f half a word")
