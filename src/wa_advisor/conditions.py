"""The small language of conditions and derived values: text -> trees, with the column of every fault.

    expr   := term ("or" term)*            term := factor ("and" factor)*
    factor := "not" factor | "(" expr ")" | comparison
    comparison := NAME [ "is" ["not"] WORD | ["not"] "in" "[" WORD ("," WORD)* "]" | "includes" WORD
                       | (">" | ">=" | "<" | "<=") (QUANTITY | FACT) ]

Sentences and not trees in YAML: the same rules are several times shorter. Names stand on the left only and
arithmetic is left to derived values, which keeps every comparison a fixed set of cells of one name.
Trees are tuples: ("cmp", name, op, literals, at, length), ("ref", name, at, length), ("not", x), ("and", xs), ("or", xs).
The compiler adds to each comparison the mask of the cells in which it is true, as a seventh member.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

Tree = tuple[Any, ...]

_TOKEN = re.compile(
    r"\s*(?:(?P<op>>=|<=|>|<|\(|\)|\[|\]|,|\*|/(?![a-z])|\+|-)"
    r"|(?P<quantity>\d[\d_.,]*(?<!,)\s*(?:(?:k|M)?\s*(?:%|/[a-z]+|[A-Za-zµ]+(?:/[a-z]+)?))?)"
    r"|(?P<word>[A-Za-z_][\w.\-]*))"
)
_HINTS = {
    "=": "write `is`, or >= and <=", "!": "write `is not`", "&": "write `and`", "|": "write `or`",
    '"': "write a choice without quotes", "'": "write a choice without quotes", "{": "write a list as [a, b]",
}  # fmt: skip
_KEYWORDS = {"and", "or", "not", "is", "in", "includes"}
MAX_LENGTH = 2000
MAX_NESTING = 30


class ConditionError(ValueError):
    """A sentence that cannot be read; `at` and `length` are offsets into it."""

    def __init__(self, message: str, at: int, length: int = 1) -> None:
        super().__init__(message)
        self.at = at
        self.length = length


class _Tokens:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, int]] = []
        if len(text) > MAX_LENGTH:
            raise ConditionError("the sentence is too long: name parts of it under `conditions`", 0)
        place = 0
        stop = len(text.rstrip())
        while place < stop:
            match = _TOKEN.match(text, place)
            if not match or match.end() == place:
                start = place + len(text[place:]) - len(text[place:].lstrip())
                bad = text[start]
                raise ConditionError(f'"{bad}" has no meaning here: {_HINTS.get(bad, "remove it")}', start)
            kind = str(match.lastgroup)
            value = match.group(kind).strip()
            start = match.start(kind)
            if kind == "quantity":
                word = re.search(r"\s(and|or|in)$", value)
                if word:
                    value = value[: word.start()].rstrip()
                    match_end = start + len(value)
                    self.tokens.append((kind, value, start))
                    place = match_end
                    continue
            self.tokens.append((kind, value, start))
            place = match.end()
        self.end = stop
        self.index = 0

    def peek(self) -> tuple[str, str, int]:
        return self.tokens[self.index] if self.index < len(self.tokens) else ("end", "", self.end)

    def next(self) -> tuple[str, str, int]:
        token = self.peek()
        self.index += 1
        return token

    def take(self, value: str) -> bool:
        if self.peek()[1] == value and self.peek()[0] != "end":
            self.index += 1
            return True
        return False

    def expect(self, value: str) -> None:
        kind, found, at = self.next()
        if found != value or kind == "end":
            what = f'"{found}"' if found else "the end"
            raise ConditionError(f'"{value}" is missing before {what}: write it', at, max(1, len(found)))


def parse_condition(text: str) -> Tree:
    """The tree of a condition sentence; ConditionError with the place of the first fault."""
    tokens = _Tokens(text)
    tree = _expr(tokens, 0)
    kind, value, at = tokens.peek()
    if value in ("+", "-", "*", "/"):
        raise ConditionError("a condition does not reckon: make it a derived value and compare that", at, len(value))
    if kind != "end":
        raise ConditionError(f'"{value}" is one word too many: join comparisons with `and` or `or`', at, len(value))
    return tree


def _expr(tokens: _Tokens, depth: int) -> Tree:
    if depth > MAX_NESTING:
        raise ConditionError("nested too deep: name parts of it under `conditions`", tokens.peek()[2])
    parts = [_term(tokens, depth)]
    while tokens.take("or"):
        parts.append(_term(tokens, depth))
    return parts[0] if len(parts) == 1 else ("or", tuple(parts))


def _term(tokens: _Tokens, depth: int) -> Tree:
    parts = [_factor(tokens, depth)]
    while tokens.take("and"):
        parts.append(_factor(tokens, depth))
    return parts[0] if len(parts) == 1 else ("and", tuple(parts))


def _factor(tokens: _Tokens, depth: int) -> Tree:
    if depth > MAX_NESTING:
        raise ConditionError("nested too deep: name parts of it under `conditions`", tokens.peek()[2])
    if tokens.take("not"):
        return ("not", _factor(tokens, depth + 1))
    if tokens.take("("):
        inner = _expr(tokens, depth + 1)
        tokens.expect(")")
        return inner
    return _comparison(tokens)


def _comparison(tokens: _Tokens) -> Tree:
    kind, name, at = tokens.next()
    if kind != "word" or name in _KEYWORDS:
        what = f'"{name}"' if name else "the end"
        raise ConditionError(f"a name is missing before {what}: start with a question or derived value", at, max(1, len(name)))
    if tokens.take("is"):
        negated = tokens.take("not")
        value = _literal(tokens)
        tree: Tree = ("cmp", name, "in", (value,), at, len(name))
        return ("not", tree) if negated else tree
    if tokens.peek()[1] == "not" and tokens.index + 1 < len(tokens.tokens) and tokens.tokens[tokens.index + 1][1] == "in":
        tokens.next()
        tokens.next()
        return ("not", ("cmp", name, "in", _list(tokens), at, len(name)))
    if tokens.take("in"):
        return ("cmp", name, "in", _list(tokens), at, len(name))
    if tokens.take("includes"):
        return ("cmp", name, "includes", (_literal(tokens),), at, len(name))
    if tokens.peek()[1] in (">", ">=", "<", "<="):
        op = tokens.next()[1]
        return ("cmp", name, op, (_literal(tokens),), at, len(name))
    return ("ref", name, at, len(name))


def _literal(tokens: _Tokens) -> tuple[str, int]:
    kind, value, at = tokens.next()
    if kind not in ("word", "quantity") or value in _KEYWORDS:
        raise ConditionError("a choice, a quantity or a fact is missing here", at, max(1, len(value)))
    return value, at


def _list(tokens: _Tokens) -> tuple[tuple[str, int], ...]:
    tokens.expect("[")
    values = [_literal(tokens)]
    while tokens.take(","):
        values.append(_literal(tokens))
    tokens.expect("]")
    return tuple(values)


AGGREGATES = ("any", "all", "count", "sum", "max")


def parse_expression(text: str, groups: Collection[str]) -> Tree:
    """The tree of a value: + - * / min max ceil, and any all count sum max over one repeated group or link.

    ("num", text, at), ("name", id, at), (op, left, right), ("min"|"max", (..)), ("ceil", value, step) for how many whole
    steps it takes to cover a value, ("over", fn, group, name, condition, at).
    """
    tokens = _Tokens(text)
    tree = _sum(tokens, groups, 0)
    kind, value, at = tokens.peek()
    if kind != "end":
        raise ConditionError(f'"{value}" is one word too many: join values with + - * or /', at, len(value))
    return tree


def _sum(tokens: _Tokens, groups: Collection[str], depth: int) -> Tree:
    if depth > MAX_NESTING:
        raise ConditionError("nested too deep: make part of it a derived value of its own", tokens.peek()[2])
    left = _product(tokens, groups, depth)
    for op in _operators(tokens, "+", "-"):
        left = (op, left, _product(tokens, groups, depth))
    return left


def _operators(tokens: _Tokens, *wanted: str) -> Iterator[str]:
    """The operators that follow one another, up to a bound that keeps trees flat enough to walk."""
    for _ in range(MAX_NESTING):
        if tokens.peek()[1] not in wanted:
            return
        yield tokens.next()[1]
    raise ConditionError("too long a sum: make part of it a derived value of its own", tokens.peek()[2])


def _product(tokens: _Tokens, groups: Collection[str], depth: int) -> Tree:
    left = _atom(tokens, groups, depth)
    for op in _operators(tokens, "*", "/"):
        left = (op, left, _atom(tokens, groups, depth))
    return left


def _atom(tokens: _Tokens, groups: Collection[str], depth: int) -> Tree:
    if tokens.take("("):
        inner = _sum(tokens, groups, depth + 1)
        tokens.expect(")")
        return inner
    kind, value, at = tokens.next()
    if kind == "quantity":
        return ("num", value, at)
    if kind != "word":
        raise ConditionError("a name or a number is missing here", at, max(1, len(value)))
    if tokens.peek()[1] != "(" or value not in (*AGGREGATES, "min", "ceil"):
        return ("name", value, at)
    tokens.expect("(")
    _, group, place = tokens.peek()
    if value not in ("min", "max", "ceil") and group not in groups:
        raise ConditionError(f"`{value}` works over one of: {', '.join(groups)}", place, max(1, len(group)))
    if tokens.peek()[1] in groups:
        return _over(tokens, value, depth)
    parts = [_sum(tokens, groups, depth + 1)]
    while tokens.take(","):
        parts.append(_sum(tokens, groups, depth + 1))
    tokens.expect(")")
    if value == "ceil":
        if len(parts) != 2:
            raise ConditionError("`ceil` takes a value and a step: write for example ceil(item_size, 1 KB)", at, len(value))
        return ("ceil", parts[0], parts[1])
    return (value, tuple(parts))


def _over(tokens: _Tokens, function: str, depth: int) -> Tree:
    _, group, at = tokens.next()
    name = ""
    if tokens.take(","):
        kind, name, at = tokens.next()
        if kind != "word":
            raise ConditionError("the quantity to add up is missing here", at, max(1, len(name)))
    condition = _expr(tokens, depth + 1) if tokens.take("where") else None
    tokens.expect(")")
    needed = {"sum": bool(name), "max": bool(name), "min": False}.get(function, not name)
    if not needed:
        write = f"{function}({group}, quantity)" if function in ("sum", "max") else f"{function}({group} where ..)"
        hint = f"write `{write}`" if function != "min" else "only any, all, count, sum and max work over a group"
        raise ConditionError(f"`{function}` cannot be read so: {hint}", at, max(1, len(name or group)))
    if function in ("any", "all") and condition is None:
        raise ConditionError(f"`{function}` needs a filter: write `{function}({group} where ..)`", at, len(group))
    return ("over", function, group, name, condition, at)
