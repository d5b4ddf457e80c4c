"""Elements and predicates of unique indexes, in the canonical form in which statements are compared with them."""

from __future__ import annotations

import re

from wa_advisor.evidence.sql.canonical import canonical, canonical_column, conjuncts
from wa_advisor.evidence.sql.parse import parse_expression
from wa_advisor.evidence.sql.words import Word, text_of

Element = str | None
_TRAILING = frozenset("ASC DESC NULLS FIRST LAST VISIBLE".split())


def element_of(words: list[Word], dialect: str, family: str) -> Element:
    """A column's name, an expression in parentheses, or None for what cannot be compared."""
    flat = [w.upper for w in words]
    if "OVERLAPS" in flat or not words:
        return None
    if words[0].is_name and not _is_expression(words, family):
        return words[0].name
    while words and words[-1].upper in _TRAILING:
        words = words[:-1]
    tree = parse_expression(text_of(words), dialect)
    if tree is None and words[-1].kind == "word":
        tree = parse_expression(text_of(words[:-1]), dialect)  # an operator class stands behind it
    if tree is None:
        return None
    column = canonical_column(tree)
    return column if column else f"({canonical(tree)})"


def _is_expression(words: list[Word], family: str) -> bool:
    """Whether more than a column stands there: a function, a cast, an operator; a length of a prefix is none."""
    if len(words) == 1:
        return False
    second = words[1]
    if second.text == "(":
        return not (family == "mysql" and len(words) > 2 and words[2].kind == "number")
    return second.kind == "mark" and second.text not in (")",)


def predicate_of(words: list[Word], dialect: str) -> tuple[str, ...] | None:
    """The conditions of a partial index; None when they cannot be read."""
    words = _without_options(words)
    tree = parse_expression(text_of(words), dialect)
    return None if tree is None else tuple(sorted(canonical(c) for c in conjuncts(tree)))


def literals_of(words: list[Word]) -> frozenset[str]:
    """The literals of a condition as they stand in statements."""
    return frozenset(w.text for w in words if w.kind in ("string", "number") and re.fullmatch(r"'.*'|\d+(?:\.\d+)?", w.text))


def _without_options(words: list[Word]) -> list[Word]:
    """What stands before SQL Server's `WITH (..) ON [PRIMARY]`."""
    for place, word in enumerate(words):
        if word.upper == "WITH" and place + 1 < len(words) and words[place + 1].text == "(":
            return words[:place]
        if word.upper == "ON" and place == len(words) - 2:
            return words[:place]
    return words
