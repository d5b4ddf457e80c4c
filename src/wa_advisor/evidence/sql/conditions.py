"""Conditions -> which columns they set to one value, to one of several, or compare otherwise. Values are not compared."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from sqlglot import exp

from wa_advisor.evidence.sql.canonical import bare, canonical, conjuncts
from wa_advisor.evidence.sql.columns import Names, is_pseudo
from wa_advisor.evidence.sql.schema import Key
from wa_advisor.evidence.sql.sources import Count, is_set_returning

BOOLEAN = ("BOOL", "TINYINT(1)", "BIT")
_SEARCHES = (
    exp.Like, exp.ILike, exp.RegexpLike, exp.RegexpILike, exp.SimilarTo, exp.MatchAgainst, exp.Glob, exp.Contains,
)  # fmt: skip


class Binding(Struct):
    """What the conditions say of the table's columns. `texts` are the conditions in canonical form, kept in memory only."""

    one: set[str] = field(default_factory=set)
    many: set[str] = field(default_factory=set)
    ranged: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    conditions: int = 0
    searches: int = 0
    unknown_length: bool = False

    @property
    def any(self) -> set[str]:
        return self.one | self.many


def take(condition: exp.Expression, names: Names, found: Binding, columns: Mapping[str, str]) -> None:
    """Adds what one conjunct says."""
    if not _mentions(condition, names):
        return  # `1 = 1`, `? = ?`
    found.conditions += 1
    text = _text(condition, names)
    if text:
        found.texts.add(text)
    one, many = _bound(condition, names, found, columns)
    found.one |= one
    found.many |= many
    if not one and not many:
        if isinstance(condition, exp.Not):
            condition = bare(condition.this)
        found.searches += _is_search(condition)
        found.ranged |= {b for c in condition.find_all(exp.Column) if (b := names.base(c))}


def _is_search(condition: exp.Expression) -> bool:
    return any(isinstance(part, _SEARCHES) for part in condition.walk())


def _mentions(condition: exp.Expression, names: Names) -> bool:
    """Whether a column, or a query, is in a condition."""
    for node in condition.walk():
        if isinstance(node, exp.Query):
            return True
        if isinstance(node, exp.Column) and not (names.base(node) == "" and is_pseudo(node)):
            return True
    return False


def _text(condition: exp.Expression, names: Names) -> str:
    """The condition in canonical form; empty when it is not about the base table alone."""
    if any(isinstance(n, exp.Query) for n in condition.walk()):
        return ""
    columns = list(condition.find_all(exp.Column))
    if not columns or not all(names.base(c) for c in columns):
        return ""
    return canonical(condition, names.base)


def _bound(condition: exp.Expression, names: Names, found: Binding, columns: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """(bound to one value, bound to one of several) by one conjunct."""
    condition = bare(condition)
    if condition.args.get("negate"):
        return set(), set()
    if isinstance(condition, exp.EQ | exp.NullSafeEQ):
        return _equality(condition, names, found)
    if isinstance(condition, exp.In):
        return _list(condition, names, found)
    if isinstance(condition, exp.Or):
        return _alternatives(condition, names, found, columns)
    if isinstance(condition, exp.Column):
        name = names.base(condition)
        if name and columns.get(name, "").startswith(BOOLEAN):
            return {name}, set()
    return set(), set()


def _equality(condition: exp.EQ | exp.NullSafeEQ, names: Names, found: Binding) -> tuple[set[str], set[str]]:
    one: set[str] = set()
    many: set[str] = set()
    for side, other in ((condition.this, condition.expression), (condition.expression, condition.this)):
        left, right = _parts(side), _parts(other)
        if len(left) == len(right) > 1:
            for a, b in zip(left, right, strict=True):
                _pair(a, b, names, found, one, many)
        else:
            _pair(side, other, names, found, one, many)
    return one, many


def _pair(side: exp.Expression, value: exp.Expression, names: Names, found: Binding, one: set[str], many: set[str]) -> None:
    name = _target(side, names)
    if not name:
        return
    count = _count(value, names, found)
    if count == "one":
        one.add(name)
    elif count == "many":
        many.add(name)


def _parts(node: exp.Expression) -> list[exp.Expression]:
    """The members of a row; a node that is no row alone."""
    node = bare(node)
    if isinstance(node, exp.Tuple):
        return list(node.expressions)
    if isinstance(node, exp.Anonymous) and node.name.upper() == "ROW":
        return list(node.expressions)
    return [node]


def _target(side: exp.Expression, names: Names) -> str:
    """The column that a side is, or the expression of columns in canonical form within parentheses; empty for a value."""
    node = bare(side)
    if isinstance(node, exp.Column):
        return names.base(node)
    if isinstance(node, exp.Any | exp.Query):
        return ""
    text = _text(node, names)
    return f"({text})" if text else ""


def _count(value: exp.Expression, names: Names, found: Binding) -> Count | None:
    """How many values stand on the other side of an equality; None when it holds a column of the table or a query."""
    node = bare(value)
    if isinstance(node, exp.Any):
        return _array_count(bare(node.this), names, found)
    counts: list[Count | None] = []
    for part in node.walk():
        if isinstance(part, exp.Query):
            return None
        if isinstance(part, exp.Column):
            if names.base(part):
                return None
            counts.append(names.count(part))
    if None in counts:
        return None
    return "many" if "many" in counts or is_set_returning(node) else "one"


def _array_count(node: exp.Expression, names: Names, found: Binding) -> Count | None:
    """`= ANY(..)`: an array of one element is one value; a parameter has an unknown length."""
    inner = node
    while isinstance(inner, exp.Cast | exp.Paren):
        inner = inner.this
    if isinstance(inner, exp.Array):
        if any(_count(e, names, found) is None for e in inner.expressions):
            return None
        return "one" if len(inner.expressions) == 1 else "many"
    if isinstance(inner, exp.Values):
        return "one" if len(inner.expressions) == 1 else "many"
    if isinstance(inner, exp.Query):
        return "many" if _is_free(inner, names) else None
    if _count(inner, names, found) is None:
        return None
    found.unknown_length = True
    return "many"


def _is_free(query: exp.Expression, names: Names) -> bool:
    """Whether a query has no table and no column of the statement's table in it: a list in other words."""
    if any(isinstance(t.this, exp.Identifier) for t in query.find_all(exp.Table)):
        return False
    return not any(c.table and names.base(c) for c in query.find_all(exp.Column))


def _list(condition: exp.In, names: Names, found: Binding) -> tuple[set[str], set[str]]:
    """`column IN (..)` and `(a, b) IN ((..), (..))`."""
    targets = [_target(p, names) for p in _parts(condition.this)]
    if not any(targets):
        return set(), set()
    values = condition.expressions
    if len(values) == 1 and isinstance(values[0], exp.Values):
        values = values[0].expressions
    query = condition.args.get("query")
    if isinstance(query, exp.Expression):
        inner = query.this if isinstance(query, exp.Subquery) else query
        if isinstance(inner, exp.Values):
            values = inner.expressions
        elif _is_free(inner, names):
            return set(), {t for t in targets if t}
        else:
            return set(), set()
    elif condition.args.get("field") is not None or condition.args.get("unnest") is not None:
        found.unknown_length = True
        return set(), {t for t in targets if t}
    if any(_count(part, names, found) is None for value in values for part in _parts(value)):
        return set(), set()
    one = len(values) == 1
    return ({t for t in targets if t}, set()) if one else (set(), {t for t in targets if t})


def _alternatives(condition: exp.Or, names: Names, found: Binding, columns: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """OR binds what all of its arms bind, each arm to another value."""
    common: set[str] | None = None
    for arm in condition.flatten():
        bound: set[str] = set()
        for part in conjuncts(arm) if isinstance(arm, exp.Expression) else ():
            one, many = _bound(part, names, found, columns)
            bound |= one | many
        common = bound if common is None else common & bound
        if not common:
            return set(), set()
    return set(), common or set()


def is_usable(key: Key, binding: Binding) -> bool:
    """Whether a partial index applies: each of its conditions stands in the statement, or is that a bound column is not null."""
    return all(p in binding.texts or _is_not_null(p, binding) for p in key.predicate)


def _is_not_null(predicate: str, binding: Binding) -> bool:
    """`x = value` matches no null, so `WHERE x IS NOT NULL` of an index on x holds by itself."""
    for name in binding.any:
        if predicate.casefold() in (f"not {name} is null", f"{name} is not null"):
            return True
    return False
