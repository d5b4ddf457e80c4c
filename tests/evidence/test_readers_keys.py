"""The fast key and the careful shape: texts with one key have one shape, whatever stands in them."""

from __future__ import annotations

import random

import pytest

from wa_advisor.evidence.fingerprint import shapes_of
from wa_advisor.evidence.rough import RoughKeys

PIECES = [
    "SELECT ", "a", " FROM ", "t1", "t", " WHERE ", "id", " = ", "'x'", "'it''s'", "''", "'a\\'b'", "'\\\\'", "E'a\\'b'", "\"q 1\"", '"it\'s"', "`b 2`",
    "1", "-2", "3.5", "0xAB", "1e5", "$1", "?", " IN (", ")", ", ", "1, 2, 3", "(1, 2), (3, 4)", "VALUES (1)", "/* c ' */", "-- c '\n", "# c '\n", "$$d 'x$$",
    "$t$ a $t$", ";", "::int", " AND ", "SAVEPOINT ", "DECLARE ", "CLOSE ", "FETCH 5 FROM ", "BEGIN", "COMMIT", "\n", "now()", "x'ab'", "N'z'", "_utf8'k'", "'active'", "é", "'é'",
]  # fmt: skip


@pytest.mark.parametrize("family", ["postgres", "mysql", "other"])
@pytest.mark.parametrize("keep", [frozenset[str](), frozenset({"'active'", "'x'"})], ids=["no literal kept", "two literals kept"])
def test_one_key_one_shape(family: str, keep: frozenset[str]) -> None:
    chance = random.Random(3)
    texts = [
        chance.choice([" ", " ", "\n"]).join(chance.choice(PIECES) for _ in range(chance.randrange(1, 7))) for _ in range(8000)
    ]
    rough = RoughKeys(family, keep)
    together = rough.keys([t.encode() for t in texts])
    found: dict[bytes, tuple[str, list[tuple[str, tuple[str, ...], bool]]]] = {}
    for text, key in zip(texts, together, strict=True):
        shapes = [(s.text, s.kept, bool(s.cut)) for s in shapes_of(text, family, keep)]
        first, expected = found.setdefault(key, (text, shapes))
        if not any(cut for *_, cut in (*shapes, *expected)):
            assert shapes == expected, (first, text, key)


@pytest.mark.parametrize("family", ["postgres", "mysql", "other"])
def test_keys_do_not_depend_on_the_company(family: str) -> None:
    chance = random.Random(5)
    texts = ["SELECT a FROM t WHERE b " + "".join(chance.choice(PIECES[6:24]) for _ in range(4)) for _ in range(500)]
    texts = [t for t in texts if "'a\\" not in t and "\"it's" not in t]
    rough = RoughKeys(family)
    for text in texts:
        alone = rough.keys([text.encode()])[0]
        (beside, _) = rough.keys([text.encode(), b"SELECT 1"])
        assert alone == beside
