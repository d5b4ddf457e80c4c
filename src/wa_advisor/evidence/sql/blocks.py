"""The blocks of a statement around a source: which reads it, which reads that one in turn, and the conditions of each."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from wa_advisor.evidence.sql.canonical import conjuncts
from wa_advisor.evidence.sql.columns import Names
from wa_advisor.evidence.sql.references import definition_of
from wa_advisor.evidence.sql.sources import direct_sources, holds, sources_of


def block_of(node: exp.Expression) -> tuple[exp.Expression | None, exp.Expression]:
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


def around(block: exp.Expression, family: str) -> tuple[exp.Expression, exp.Expression, str, list[str]] | None:
    """The block that reads this block's rows as a derived table or a CTE used once: with the source, alias and column names."""
    holder = block.parent
    while isinstance(holder, exp.Subquery) and not holder.alias and isinstance(holder.parent, exp.Subquery):
        holder = holder.parent
    if isinstance(holder, exp.Subquery):
        outer, source = block_of(holder)
        renamed = [c.name.casefold() for c in holder.args["alias"].args.get("columns") or ()] if holder.args.get("alias") else []
        return (outer, source, holder.alias.casefold(), renamed) if outer is not None else None
    if isinstance(holder, exp.CTE):
        used = [t for t in holder.root().find_all(exp.Table) if definition_of(t, family) is holder and not t.db]
        if len(used) != 1:
            return None
        outer, source = block_of(used[0])
        renamed = [c.name.casefold() for c in holder.args["alias"].args.get("columns") or ()]
        return (outer, source, (used[0].alias or used[0].name).casefold(), renamed) if outer is not None else None
    return None


def passes_through(block: exp.Expression) -> bool:
    """Whether a condition on the block's rows is a condition on the table's rows."""
    if not isinstance(block, exp.Select):
        return False
    if any(block.args.get(a) for a in ("group", "limit", "offset", "distinct", "having", "qualify")):
        return False
    return not any(e.find(exp.AggFunc, exp.Window) for e in block.expressions)


def output_of(block: exp.Expression, names: Names, renamed: list[str]) -> tuple[dict[str, str], bool]:
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


def conditions_of(block: exp.Expression, source: exp.Expression) -> Iterator[exp.Expression]:
    """The conjuncts of WHERE, and of the ONs that restrict the table's rows."""
    where = block.args.get("where")
    if isinstance(where, exp.Where):
        yield from conjuncts(where.this)
    for name in ("on", "prewhere"):
        condition = block.args.get(name)
        if isinstance(block, exp.Merge) and isinstance(condition, exp.Expression):
            yield from conjuncts(condition)
    joins = list(block.args.get("joins") or ())
    for holder in direct_sources(block):
        joins += holder.args.get("joins") or ()
    for join in joins:
        side = (join.side or "").upper()
        own = join.this is source or holds(join.this, source)
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
    return next((s.alias_or_name for s in sources_of(block) if s is not source and not holds(s, source)), "")
