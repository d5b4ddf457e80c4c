"""Valid files, broken at random: a report or a message, never a traceback. The seed stands in the name of the case."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest
from small_rules import FILES, compile_texts, small

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import evaluate
from wa_advisor.errors import AdvisorError
from wa_advisor.files import load_ruleset, rules_directory
from wa_advisor.report.render import render_report
from wa_advisor.ruleset.check import check_ruleset
from wa_advisor.ruleset.compile import compile_ruleset
from wa_advisor.ruleset.source import decode, parse_yaml

sys.path.insert(0, str(Path(__file__).parent / "report"))
from generated import generated_answers

PIECES = (
    b"\x00", b"\t", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"---\n", b"...", b"&a ", b"*a", b"!!int ", b"<<: ", b"? ", b"- ", b": ", b"[", b"]",
    b"{", b"}", b"'", b'"', b"#", b" #", b"|\n", b">\n", b"%", b"@", b"`", b"~", b"null", b"unknown", b"12:30", b"1.10", b"no", b"-1", b"0", b"9" * 30,
    b"1e999", b" to ", b"about ", b" and ", b" or ", b"not ", b"(", b")", b" > ", b" is ", b" in ", b" includes ", b"\xe2\x80\xae", b"\xf0\x9f\x92\xa5",
)  # fmt: skip


def broken(data: bytes, chance: Random) -> bytes:
    """The bytes with one to four changes: a piece put in, cut out, doubled, moved, or a byte turned."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice([1, 1, 3, 20, 200]))
        data = chance.choice(
            [
                data[:at] + chance.choice(PIECES) + data[at:],
                data[:at] + data[to:],
                data[:to] + data[at:],
                data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
                _lines_swapped(data, chance),
            ]
        )
    return data


def _lines_swapped(data: bytes, chance: Random) -> bytes:
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


SHIPPED = load_ruleset()


@pytest.mark.parametrize("seed", range(40))
def test_answers(seed: int) -> None:
    chance = Random(seed)
    ruleset = SHIPPED if seed % 4 == 0 else small()
    data = generated_answers(ruleset, seed, most=2).encode() if seed % 2 else _as_yaml(generated_answers(ruleset, seed, most=2))
    for _ in range(12):
        text, problems = decode(broken(data, chance), "a.yaml")
        if problems:
            continue
        try:
            answers = parse_answers(text, "a.yaml", ruleset)
        except AdvisorError as error:
            assert error.problems
            assert all(str(p) for p in error.problems)
            continue
        assert render_report(evaluate(ruleset, answers))


def _as_yaml(text: str) -> bytes:
    """The same content in block style, which breaks in other ways."""
    import json

    import yaml

    return yaml.safe_dump(json.loads(text), sort_keys=False, allow_unicode=True).encode()


@pytest.mark.parametrize("seed", range(40))
def test_rules(seed: int) -> None:
    chance = Random(seed)
    for _ in range(8):
        index = chance.randrange(len(FILES))
        text, problems = decode(broken(FILES[index].encode(), chance), "x.yaml")
        if problems:
            continue
        try:
            ruleset = compile_texts([*FILES[:index], text, *FILES[index + 1 :]])
        except AdvisorError as error:
            assert error.problems
            assert all(str(p) for p in error.problems)
            continue
        check_ruleset(ruleset)
        answers = parse_answers("answers: 1\nworkload: {name: w}\naccess_patterns: [{name: p}]\n", "a.yaml", ruleset)
        evaluate(ruleset, answers)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_shipped_rules(seed: int) -> None:
    chance = Random(seed)
    paths = sorted(rules_directory().rglob("*.yaml"))
    texts = {p: p.read_bytes() for p in paths}
    for _ in range(3):
        path = chance.choice(paths)
        read = []
        for one in paths:
            text, problems = decode(broken(texts[one], chance) if one == path else texts[one], one.name)
            if not problems:
                read.append(parse_yaml(text, one.name))
        try:
            compile_ruleset([("rules", read)])
        except AdvisorError as error:
            assert error.problems
