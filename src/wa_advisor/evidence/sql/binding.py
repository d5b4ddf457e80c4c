"""Which columns of the one referenced table a statement binds: to one value, to one of several, or otherwise.

Conditions are taken from the block that reads the table and from every block around it that passes rows through unchanged
(a derived table, a CTE used once, a view), with the names of columns followed back. The test is syntactic: values are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from wa_advisor.evidence.sql.builtins import PSEUDO_COLUMNS, SET_RETURNING
from wa_advisor.evidence.sql.canonical import bare, canonical, conjuncts
from wa_advisor.evidence.sql.references import Reference, definition_of
from wa_advisor.evidence.sql.schema import Key

Count = Literal["one", "many"]
BOOLEAN = ("BOOL", "TINYINT(1)", "BIT")
_SEARCHES = (
    exp.Like, exp.ILike, exp.RegexpLike, exp.RegexpILike, exp.SimilarTo, exp.MatchAgainst, exp.Glob, exp.Contains,
)  # fmt: skip


@dataclass(slots=True)
class Binding:
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


class Names:
    """Follows names of columns back to the base table: in its own block, then through each block around it."""

    def __init__(self, alias: str, table: str, columns: Mapping[str, str], others: Mapping[str, Count | None]) -> None:
        self._aliases = {alias, table}
        self._columns = columns
        self._others = others  # alias of a source without a table -> how many rows it has; None when it depends on the table
        self._foreign: dict[str, Count | None] = {}

    def add_foreign(self, columns: Mapping[str, Count | None]) -> None:
        """Columns of sources without a table, by their own names."""
        self._foreign = dict(columns)

    def base(self, column: exp.Column) -> str:
        """The column's name in the base table; empty when it is not one of its columns."""
        name, owner = column.name.casefold(), column.table.casefold()
        if owner:
            return name if owner in self._aliases else ""
        if self._columns:
            return name if name in self._columns else ""
        return "" if name in self._foreign or (name in PSEUDO_COLUMNS and not column.this.args.get("quoted")) else name

    def count(self, column: exp.Column) -> Count | None:
        """How many values a column of another source has: one, many, or None when it is no such column."""
        owner = column.table.casefold()
        if owner:
            return self._others.get(owner)
        name = column.name.casefold()
        if name in self._foreign:
            return self._foreign[name]
        if name in PSEUDO_COLUMNS and not column.this.args.get("quoted"):
            return "one"
        return next(iter(self._others.values())) if self._columns and len(self._others) == 1 else None


class Outer(Names):
    """Names in a block around another one, whose output columns stand for columns of the base table."""

    def __init__(self, alias: str, output: Mapping[str, str], passes_all: bool, inner: Names, others: Mapping[str, Count | None]):
        super().__init__(alias, alias, {}, others)
        self._output = output
        self._all = passes_all
        self._inner = inner

    def base(self, column: exp.Column) -> str:
        name, owner = column.name.casefold(), column.table.casefold()
        if owner and owner not in self._aliases:
            return ""
        if name in self._output:
            return self._output[name]
        if not self._all or (not owner and name in self._foreign):
            return ""
        return self._inner.base(exp.column(exp.to_identifier(name, quoted=column.this.quoted)))


# -- blocks -----------------------------------------------------------------------------------------------


def bind(reference: Reference, family: str) -> Binding:
    """The Binding of the one table that a statement refers to."""
    found = Binding()
    columns = reference.table.columns if reference.table else {}
    block, source = _block_of(reference.node)
    names: Names | None = None
    while block is not None:
        others = _others(block, source)
        if names is None:
            names = Names(reference.alias, reference.name, columns, others)
        names.add_foreign(_foreign_columns(block, source))
        for condition in _conditions(block, source):
            _take(condition, names, found, columns)
        outer = _around(block, family)
        if outer is None or not _passes_through(block):
            break
        outer_block, outer_source, alias, renamed = outer
        output, passes_all = _output(block, names, renamed)
        names = Outer(alias, output, passes_all, names, _others(outer_block, outer_source))
        block, source = outer_block, outer_source
    return found


def _block_of(node: exp.Expression) -> tuple[exp.Expression | None, exp.Expression]:
    """The statement or query in whose FROM a source stands, and the source as it stands there."""
    source = node
    while isinstance(source.parent, exp.Schema | exp.Paren) or (
        isinstance(source.parent, exp.Subquery) and source.parent.this is source and isinstance(source, exp.Table | exp.Subquery)
    ):
        source = source.parent
    parent = source.parent
    if isinstance(parent, exp.From | exp.Join):
        parent = parent.parent
        while isinstance(parent, exp.Table | exp.Subquery | exp.Paren) and parent.parent is not None:
            parent = parent.parent
            if isinstance(parent, exp.From | exp.Join):
                parent = parent.parent
    return (parent if isinstance(parent, exp.Select | exp.Update | exp.Delete | exp.Merge | exp.Insert) else None), source


def _around(block: exp.Expression, family: str) -> tuple[exp.Expression, exp.Expression, str, list[str]] | None:
    """The block that reads this block's rows as a derived table or a CTE used once: with the source, alias and column names."""
    holder = block.parent
    while isinstance(holder, exp.Subquery) and not holder.alias and isinstance(holder.parent, exp.Subquery):
        holder = holder.parent
    if isinstance(holder, exp.Subquery):
        outer, source = _block_of(holder)
        renamed = [c.name.casefold() for c in holder.args["alias"].args.get("columns") or ()] if holder.args.get("alias") else []
        return (outer, source, holder.alias.casefold(), renamed) if outer is not None else None
    if isinstance(holder, exp.CTE):
        used = [t for t in holder.root().find_all(exp.Table) if definition_of(t, family) is holder and not t.db]
        if len(used) != 1:
            return None
        outer, source = _block_of(used[0])
        renamed = [c.name.casefold() for c in holder.args["alias"].args.get("columns") or ()]
        return (outer, source, (used[0].alias or used[0].name).casefold(), renamed) if outer is not None else None
    return None


def _passes_through(block: exp.Expression) -> bool:
    """Whether a condition on the block's rows is a condition on the table's rows."""
    if not isinstance(block, exp.Select):
        return False
    if any(block.args.get(a) for a in ("group", "limit", "offset", "distinct", "having", "qualify")):
        return False
    return not any(e.find(exp.AggFunc, exp.Window) for e in block.expressions)


def _output(block: exp.Expression, names: Names, renamed: list[str]) -> tuple[dict[str, str], bool]:
    """{output column: base column}, and whether all columns pass under their own names."""
    output: dict[str, str] = {}
    passes_all = False
    for place, one in enumerate(block.args.get("expressions") or ()):
        inner = one.this if isinstance(one, exp.Alias) else one
        if isinstance(one, exp.Star) or (isinstance(one, exp.Column) and isinstance(one.this, exp.Star)):
            passes_all = not renamed
            continue
        name = renamed[place] if place < len(renamed) else one.alias_or_name.casefold()
        output[name] = names.base(inner) if isinstance(inner, exp.Column) else ""
    return output, passes_all


# -- sources without a table ------------------------------------------------------------------------------


def _sources(block: exp.Expression) -> Iterator[exp.Expression]:
    """What stands in FROM, JOIN and USING, the target of a change included."""
    if isinstance(block, exp.Update | exp.Delete | exp.Merge):
        yield block.this
    start = block.args.get("from_")
    if isinstance(start, exp.From):
        yield start.this
    using = block.args.get("using")
    for one in using if isinstance(using, list) else [using]:
        if isinstance(one, exp.Expression):
            yield one
    joined = list(block.args.get("joins") or ())
    for holder in list(_direct(block)):
        joined += holder.args.get("joins") or ()
    for join in joined:
        yield join.this
    yield from block.args.get("laterals") or ()


def _direct(block: exp.Expression) -> Iterator[exp.Expression]:
    start = block.args.get("from_")
    if isinstance(start, exp.From) and start.this is not None:
        yield start.this
    if isinstance(block, exp.Update | exp.Delete) and isinstance(block.this, exp.Expression):
        yield block.this
    using = block.args.get("using")
    for one in using if isinstance(using, list) else [using]:
        if isinstance(one, exp.Expression):
            yield one


def _others(block: exp.Expression, source: exp.Expression) -> dict[str, Count | None]:
    """{alias: rows} of the sources beside the table's own."""
    found: dict[str, Count | None] = {}
    for one in _sources(block):
        if one is not source and not _holds(one, source):
            found[(one.alias_or_name or "").casefold()] = rows_of(one)
    return found


def _holds(one: exp.Expression, source: exp.Expression) -> bool:
    return any(node is source for node in one.walk())


def _foreign_columns(block: exp.Expression, source: exp.Expression) -> dict[str, Count | None]:
    """{column: rows} of sources without a table that name their columns."""
    found: dict[str, Count | None] = {}
    for one in _sources(block):
        if one is source or _holds(one, source):
            continue
        alias = one.args.get("alias")
        columns = alias.args.get("columns") or () if isinstance(alias, exp.TableAlias) else ()
        for column in columns:
            found[column.name.casefold()] = rows_of(one)
        if not columns and one.alias:
            found[one.alias.casefold()] = rows_of(one)
        query = one.this if isinstance(one, exp.Subquery) else None
        for out in query.expressions if isinstance(query, exp.Select) else ():
            found[out.alias_or_name.casefold()] = rows_of(one)
    return found


def rows_of(source: exp.Expression) -> Count | None:
    """Whether a source without a table has one row or several; None when it depends on another source's columns."""
    if isinstance(source, exp.Values):
        return "one" if len(source.expressions) == 1 else "many"
    if isinstance(source, exp.Subquery):
        return rows_of_query(source.this)
    if isinstance(source, exp.Lateral):
        inner = source.this
        return None if inner.find(exp.Column) else rows_of(inner)
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        cte = definition_of(source, "postgres")
        if source.name.casefold() == "dual":
            return "one"
        return rows_of_query(cte.this) if cte is not None else None
    return None if source.find(exp.Column) else "many"


def rows_of_query(query: exp.Expression) -> Count | None:
    """Whether a query without tables gives one row or several."""
    if isinstance(query, exp.Subquery):
        return rows_of_query(query.this)
    if isinstance(query, exp.Values):
        return "one" if len(query.expressions) == 1 else "many"
    if not isinstance(query, exp.Select):
        return "many"
    if any(_is_set_returning(e) for e in query.expressions):
        return "many"
    counts = [rows_of(s) for s in _sources(query)]
    return "one" if all(c == "one" for c in counts) else "many"


def _is_set_returning(node: exp.Expression) -> bool:
    for one in node.find_all(exp.Unnest, exp.Explode, exp.GenerateSeries, exp.ExplodingGenerateSeries, exp.Anonymous):
        if not isinstance(one, exp.Anonymous) or one.name.lower() in SET_RETURNING:
            return True
    return False


# -- conditions -------------------------------------------------------------------------------------------


def _conditions(block: exp.Expression, source: exp.Expression) -> Iterator[exp.Expression]:
    """The conjuncts of WHERE, and of the ONs that restrict the table's rows."""
    where = block.args.get("where")
    if isinstance(where, exp.Where):
        yield from conjuncts(where.this)
    for name in ("on", "prewhere"):
        condition = block.args.get(name)
        if isinstance(block, exp.Merge) and isinstance(condition, exp.Expression):
            yield from conjuncts(condition)
    joins = list(block.args.get("joins") or ())
    for holder in _direct(block):
        joins += holder.args.get("joins") or ()
    for join in joins:
        side = (join.side or "").upper()
        own = join.this is source or _holds(join.this, source)
        restricts = side == "" or (side == "LEFT" and own) or (side == "RIGHT" and not own)
        condition = join.args.get("on")
        if restricts and isinstance(condition, exp.Expression):
            yield from conjuncts(condition)
        for column in (join.args.get("using") or ()) if restricts else ():
            yield exp.EQ(
                this=exp.column(column.copy(), table=source.alias_or_name),
                expression=exp.column(column.copy(), table=_partner(block, source)),
            )


def _partner(block: exp.Expression, source: exp.Expression) -> str:
    return next((s.alias_or_name for s in _sources(block) if s is not source and not _holds(s, source)), "")


def _take(condition: exp.Expression, names: Names, found: Binding, columns: Mapping[str, str]) -> None:
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


def is_pseudo(column: exp.Column) -> bool:
    """Whether what looks like a column is a function of the server, or a value of a sequence."""
    if column.name.casefold() in ("nextval", "currval") and column.table:
        return True
    return not column.table and not column.this.args.get("quoted") and column.name.casefold() in PSEUDO_COLUMNS


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
    return "many" if "many" in counts or _is_set_returning(node) else "one"


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


# -- keys -------------------------------------------------------------------------------------------------


def is_usable(key: Key, binding: Binding) -> bool:
    """Whether a partial index applies: each of its conditions stands in the statement, or is that a bound column is not null."""
    return all(p in binding.texts or _is_not_null(p, binding) for p in key.predicate)


def _is_not_null(predicate: str, binding: Binding) -> bool:
    """`x = value` matches no null, so `WHERE x IS NOT NULL` of an index on x holds by itself."""
    for name in binding.any:
        if predicate.casefold() in (f"not {name} is null", f"{name} is not null"):
            return True
    return False
