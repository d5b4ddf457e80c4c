"""The plain face: lines broken between words in a terminal, and what it does with the lines of a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import repeat
from pathlib import Path

import pytest
from terminal import SMALL, Terminal
from wizard_small import start

from wa_advisor.wizard.plain import TooManyMistakes, run_plain

STARTED = "answers: 1\nruleset: small\nworkload: {name: Shop, owner: shop team, stage: design, description: It shows carts.}\n"


def piped(folder: Path, data: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(SMALL), "ask", "cart.yaml", "--plain"],
        cwd=folder, input=data, capture_output=True, timeout=60, env={**os.environ, **environment},
    )  # fmt: skip


def test_the_transcript_of_a_pipe_names_each_question_and_has_each_answer(tmp_path):
    said = piped(tmp_path, b"1\nShop\nshop team\n\n\nnobody\nsql\n1\ncart\nfull-key\n400\n").stderr.decode()
    for line in (
        "workload / name (for example Shopping cart) > Shop\n",
        "workload / operations > nobody\n",
        "access_patterns / cart / lookup > full-key\n",
        "! line 11 is no answer to access_patterns / cart / item_size: ",
    ):
        assert line in said


@pytest.mark.parametrize("line", ["?", "back", "go", "unknown", "n/a", "1", "²", ""])
def test_a_line_said_for_ever_comes_to_an_end(line):
    interview, _ = start()
    written = 0

    def write(text: str) -> None:
        nonlocal written
        written += len(text)

    lines = repeat(line)
    with pytest.raises(TooManyMistakes):
        run_plain(interview, lambda: next(lines), write, piped=True)
    assert written < 200_000


def test_a_person_may_ask_why_as_often_as_they_like():
    interview, _ = start()
    lines = iter([*["?"] * 50, "quit"])
    with pytest.raises(KeyboardInterrupt):
        run_plain(interview, lambda: next(lines), lambda _: None)


def test_a_digit_that_is_no_number_is_no_answer(tmp_path):
    done = piped(tmp_path, "²\n".encode())
    assert done.returncode == 2 and b"Traceback" not in done.stderr
    assert '"²" is none of the lines' in done.stderr.decode()


@pytest.mark.parametrize(
    "environment", [{}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}]
)
def test_bytes_that_are_no_text_are_told_and_no_part_of_them_is_taken(tmp_path, environment):
    done = piped(tmp_path, b"1\nSh\xf6p\nCaf\xc3\xa9\nteam\n", **environment)
    assert done.returncode == 2 and b"Traceback" not in done.stderr
    assert b"line 2 is no answer to workload / name: it is no UTF-8 text (byte 0xf6)" in done.stderr
    assert "  name: Café\n  owner: team\n" in (tmp_path / "cart.yaml").read_text(encoding="utf-8")


def test_lines_are_broken_between_words_in_a_terminal(tmp_path):
    (tmp_path / "cart.yaml").write_text(STARTED)
    with Terminal("cart.yaml", "--plain", cwd=tmp_path, columns=40, rows=60) as terminal:
        terminal.wait("[Enter = 1] >").press("1\r").wait("Who may look after machines?").wait("n/a, ?, go, quit]")
        terminal.press("?\r").wait("The answer goes into:").press("ctrl-c")
        assert terminal.end() == 130
        assert "\n  wa-advisor ask --plain cart.yaml" in terminal.text
        assert [line for line in terminal.raw.decode().splitlines() if len(line) >= 40] == []  # so the terminal broke none


def test_name_prompts_offer_why(tmp_path):
    said = piped(tmp_path, b"1\nShop\n\n\n\n1\nnone\n1\n").stderr.decode()
    name = said.split("What is the first access pattern called?")[1]
    assert "?, " in name.split("]")[0]


def test_at_the_first_page_no_list_of_parts_is_promised_that_is_not_offered():
    interview, _ = start()
    written: list[str] = []
    lines = iter(["back", "quit"])
    with pytest.raises(KeyboardInterrupt):
        run_plain(interview, lambda: next(lines), written.append)
    said = "".join(written)
    assert "This is the first page of this run." in said and "leads anywhere" not in said


def test_a_number_that_is_no_line_is_no_name():
    interview, kept = start("answers: 1\nworkload: {name: Shop}\nhand_overs:\n  - name: sold\n")
    interview.current = ("item", "hand_overs", 0, "from")
    lines, told = iter(["7", '"7"', "quit"]), []
    with pytest.raises(KeyboardInterrupt):
        run_plain(interview, lambda: next(lines), told.append)
    assert 'there is no line 7: there is none to choose, or a name; one that is a number goes in quotes, "7"' in "".join(told)
    assert 'from: "7"\n' in kept.text or "from: '7'\n" in kept.text or "from: 7\n" in kept.text
