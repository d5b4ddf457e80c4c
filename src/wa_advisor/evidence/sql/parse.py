"""Text -> sqlglot's tree, or a reason why not. What sqlglot takes as an opaque command is none.

Depth is bounded before the parser sees a text: it recurses, pure Python stops at a limit and compiled code does not.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

MAX_DEPTH = 150
MAX_LENGTH = 1_000_000
_FRAMES = 12_000
_DIALECTS = {"postgresql": "postgres", "mariadb": "mysql", "sqlserver": "tsql", "mssql": "tsql"}
_OPENS = re.compile(r"[(\[]|[)\]]|\bCASE\b|\bEND\b|\bNOT\b|\bSELECT\b", re.IGNORECASE)
_SIGNS = re.compile(r"(?:[-+~!]\s*+){150}")

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it warns once a statement that it takes as a command


class ParseFailure(Exception):
    """`reason` says in words why there is no tree; nothing of the text is in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parser_dialect(dialect: str) -> str:
    """The name under which sqlglot knows a dialect; postgres for an unknown one."""
    named = _DIALECTS.get(dialect.lower(), dialect.lower())
    return named if named and any(named == d.value for d in sqlglot.Dialects) else "postgres"


def parse_statement(text: str, dialect: str) -> exp.Expression:
    """The tree of one statement; ParseFailure when there is none."""
    if len(text) > MAX_LENGTH:
        raise ParseFailure(f"longer than {MAX_LENGTH:,} characters without its literals")
    if _depth(text) > MAX_DEPTH or _SIGNS.search(text):
        raise ParseFailure(f"nested deeper than {MAX_DEPTH} levels")
    try:
        with _room():
            trees = sqlglot.parse(text, read=parser_dialect(dialect))
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, LookupError, AssertionError) as error:
        raise ParseFailure(f"the parser does not read it ({type(error).__name__})") from None
    found = [t for t in trees if t is not None]
    if len(found) != 1:
        raise ParseFailure("no statement in it" if not found else "several statements in one text")
    tree = found[0]
    if isinstance(tree, exp.Command):
        raise ParseFailure("the parser does not know this statement")
    if not isinstance(tree, exp.Expression):
        raise ParseFailure("no statement in it")
    return tree


def parse_expression(text: str, dialect: str) -> exp.Expression | None:
    """The tree of a condition or an element of an index; None when there is none."""
    try:
        tree = parse_statement(f"SELECT 1 WHERE {text}", dialect)
    except ParseFailure:
        return None
    where = tree.args.get("where")
    if not isinstance(where, exp.Where) or len(tree.args["expressions"]) != 1:
        return None
    found = where.this
    return found if isinstance(found, exp.Expression) else None


@contextmanager
def _room() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _depth(text: str) -> int:
    """The deepest nesting of brackets and CASE, and the longest run of NOT."""
    depth = deepest = run = 0
    for match in _OPENS.finditer(text):
        word = match.group().upper()
        if word == "NOT":
            run += 1
            deepest = max(deepest, depth + run // 2)
            continue
        run = 0
        depth += {"(": 1, "[": 1, "CASE": 1, ")": -1, "]": -1, "END": -1}.get(word, 0)
        deepest = max(deepest, depth)
    return deepest
