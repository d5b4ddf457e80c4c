"""What a statement over several table references does."""

from __future__ import annotations

from sqlglot import exp

from wa_advisor.evidence.sql.canonical import bare, conjuncts
from wa_advisor.evidence.sql.kinds import is_aggregate, verb_of
from wa_advisor.evidence.sql.names import assumed_keys
from wa_advisor.evidence.sql.references import Reference
from wa_advisor.evidence.sql.schema import Key


def independent_branches(tree: exp.Expression, references: list[Reference]) -> list[exp.Expression]:
    """The branches of a UNION that each read the one table once; empty when rows are matched with rows."""
    union = _inner_union(tree)
    if union is None or len({r.key for r in references}) != 1:
        return []
    branches = _branches(union)
    nodes = {id(r.node) for r in references}
    held = [sum(id(t) in nodes for t in b.find_all(exp.Table)) for b in branches]
    return branches if held and set(held) == {1} and sum(held) == len(references) else []


def _inner_union(tree: exp.Expression) -> exp.Union | None:
    """The UNION that a statement is, below blocks that only wrap it."""
    node: exp.Expression = tree
    while True:
        if isinstance(node, exp.Union):
            return None if isinstance(node, exp.Except | exp.Intersect) else node
        if isinstance(node, exp.Subquery):
            node = node.this
            continue
        if not isinstance(node, exp.Select) or node.args.get("joins") or node.args.get("laterals"):
            return None
        start = node.args.get("from_")
        inner = start.this if isinstance(start, exp.From) else None
        held = node.args.get("with_")
        if isinstance(inner, exp.Table) and isinstance(held, exp.With) and len(held.expressions) == 1:
            if held.expressions[0].alias.casefold() != inner.name.casefold():
                return None
            inner = held.expressions[0].this
        if not isinstance(inner, exp.Subquery | exp.Union):
            return None
        node = inner


def _branches(union: exp.Expression) -> list[exp.Expression]:
    """The members of a UNION, in order; empty when one of them matches rows (INTERSECT, EXCEPT)."""
    found: list[exp.Expression] = []
    waiting = [union]
    while waiting:
        node = waiting.pop()
        while isinstance(node, exp.Subquery) and not node.alias:
            node = node.this
        if isinstance(node, exp.Except | exp.Intersect):
            return []
        if isinstance(node, exp.Union):
            waiting += [node.expression, node.this]
        else:
            found.append(node)
    return found


def relational_kind(tree: exp.Expression, references: list[Reference], recursive: bool) -> str:
    """The kind of a statement over two references or more; only advice hangs on it."""
    verbs = [v for r in references if (v := verb_of(r)) is not None]
    if isinstance(tree, exp.Insert) or any(isinstance(v, exp.Insert) for v in verbs):
        return "insert-select"
    if verbs or isinstance(tree, exp.Update | exp.Delete | exp.Merge):
        return "join-write"
    if recursive:
        return "recursive"
    if isinstance(_unwrapped(tree), exp.SetOperation):
        return "set-op"
    if _has_subquery(tree, references):
        return "subquery"
    if is_aggregate(tree):
        return "join-aggregate"
    if len({r.key for r in references}) < len(references):
        return "self-join"
    return "join-lookup" if _is_lookup(tree, references) else "join"


def _unwrapped(tree: exp.Expression) -> exp.Expression:
    while isinstance(tree, exp.Subquery):
        tree = tree.this
    return tree


def _has_subquery(tree: exp.Expression, references: list[Reference]) -> bool:
    """Whether a table stands in EXISTS, IN, a scalar query or a LATERAL one."""
    for reference in references:
        node: exp.Expr | None = reference.node
        while node is not None and node is not tree:
            parent = node.parent
            if isinstance(node, exp.Lateral):
                return True
            if isinstance(node, exp.Query) and not isinstance(node, exp.Subquery):
                if not isinstance(parent, exp.From | exp.Join | exp.Subquery | exp.SetOperation | exp.CTE | exp.Lateral):
                    return True
            if isinstance(node, exp.Subquery) and not isinstance(
                parent, exp.From | exp.Join | exp.Subquery | exp.SetOperation | exp.CTE | exp.Lateral
            ):
                return True
            node = parent
    return False


# -- lookups ----------------------------------------------------------------------------------------------


def _is_lookup(tree: exp.Expression, references: list[Reference]) -> bool:
    """Whether each further table is reached by its full key, from one with a condition of its own where there is any."""
    pairs, bound, touched = _equalities(tree, references)
    for start in references:
        if touched and start.alias not in touched:
            continue
        reached = {start.alias}
        while True:
            further = [
                r for r in references
                if r.alias not in reached and _is_reached(r, reached, pairs, bound.get(r.alias, set()))
            ]  # fmt: skip
            if not further:
                break
            reached |= {r.alias for r in further}
        if len(reached) == len(references):
            return True
    return False


def _is_reached(one: Reference, reached: set[str], pairs: list[tuple[str, str, str, str]], bound: set[str]) -> bool:
    known = set(bound)
    for left, column, right, other in pairs:
        if left == one.alias and right in reached:
            known.add(column)
        if right == one.alias and left in reached:
            known.add(other)
    keys: list[Key] = list(one.table.keys) if one.table else assumed_keys(one.name, known)
    return any(known.issuperset(k.parts) for k in keys)


def _equalities(
    tree: exp.Expression, references: list[Reference]
) -> tuple[list[tuple[str, str, str, str]], dict[str, set[str]], set[str]]:
    """(alias, column, alias, column) of joins, {alias: columns equal to a constant}, and aliases with any condition."""
    pairs: list[tuple[str, str, str, str]] = []
    bound: dict[str, set[str]] = {}
    touched: set[str] = set()
    for holder in tree.find_all(exp.Where, exp.Join):
        condition = holder.this if isinstance(holder, exp.Where) else holder.args.get("on")
        for part in conjuncts(condition) if isinstance(condition, exp.Expression) else ():
            sides = [_owner(s, references) for s in (part.this, part.expression)] if isinstance(part, exp.EQ) else []
            if sides and sides[0] and sides[1]:
                pairs.append((*sides[0], *sides[1]))
                continue
            own = [o for c in part.find_all(exp.Column) if (o := _owner(c, references))]
            if len({alias for alias, _ in own}) == 1:
                touched.add(own[0][0])
                if isinstance(part, exp.EQ | exp.In | exp.NullSafeEQ) and not part.args.get("negate"):
                    bound.setdefault(own[0][0], set()).update(c for _, c in own)
    return pairs, bound, touched


def _owner(node: exp.Expression, references: list[Reference]) -> tuple[str, str] | None:
    """(alias, column) of a column; None for anything else, and where the table cannot be told."""
    node = bare(node)
    if not isinstance(node, exp.Column):
        return None
    name, owner = node.name.casefold(), node.table.casefold()
    if owner:
        return (owner, name) if any(owner in (r.alias, r.name) for r in references) else None
    holders = [r for r in references if r.table and name in r.table.columns]
    return (holders[0].alias, name) if len(holders) == 1 else None
