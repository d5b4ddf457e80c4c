"""What stands in FROM beside a base table: VALUES, functions, queries without tables; and how many rows each has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sqlglot import exp

from wa_advisor.evidence.sql.builtins import SET_RETURNING
from wa_advisor.evidence.sql.references import definition_of

Count = Literal["one", "many"]


def sources_of(block: exp.Expression) -> Iterator[exp.Expression]:
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
    for holder in list(direct_sources(block)):
        joined += holder.args.get("joins") or ()
    for join in joined:
        yield join.this
    yield from block.args.get("laterals") or ()


def direct_sources(block: exp.Expression) -> Iterator[exp.Expression]:
    start = block.args.get("from_")
    if isinstance(start, exp.From) and start.this is not None:
        yield start.this
    if isinstance(block, exp.Update | exp.Delete) and isinstance(block.this, exp.Expression):
        yield block.this
    using = block.args.get("using")
    for one in using if isinstance(using, list) else [using]:
        if isinstance(one, exp.Expression):
            yield one


def others_of(block: exp.Expression, source: exp.Expression) -> dict[str, Count | None]:
    """{alias: rows} of the sources beside the table's own."""
    found: dict[str, Count | None] = {}
    for one in sources_of(block):
        if one is not source and not holds(one, source):
            found[(one.alias_or_name or "").casefold()] = rows_of(one)
    return found


def holds(one: exp.Expression, source: exp.Expression) -> bool:
    return any(node is source for node in one.walk())


def foreign_columns(block: exp.Expression, source: exp.Expression) -> dict[str, Count | None]:
    """{column: rows} of sources without a table that name their columns."""
    found: dict[str, Count | None] = {}
    for one in sources_of(block):
        if one is source or holds(one, source):
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
    if any(is_set_returning(e) for e in query.expressions):
        return "many"
    counts = [rows_of(s) for s in sources_of(query)]
    return "one" if all(c == "one" for c in counts) else "many"


def is_set_returning(node: exp.Expression) -> bool:
    for one in node.find_all(exp.Unnest, exp.Explode, exp.GenerateSeries, exp.ExplodingGenerateSeries, exp.Anonymous):
        if not isinstance(one, exp.Anonymous) or one.name.lower() in SET_RETURNING:
            return True
    return False
