"""One text for one meaning: how expressions of indexes and of statements are compared.

Names lose their qualifier, quotes and case, constants of the column's side their casts to text (PostgreSQL writes
`(status)::text = 'active'::text` for what was declared as `status = 'active'`), equality has its column first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

_TEXTS = ("TEXT", "VARCHAR", "CHAR", "NVARCHAR", "NCHAR", "BPCHAR", "NAME")
_SWAPPED: dict[type[exp.Expression], bool] = {exp.EQ: True, exp.NullSafeEQ: True}


def conjuncts(tree: exp.Expression) -> Iterator[exp.Expression]:
    """The conditions between the ANDs at the top, outer parentheses taken off, in order."""
    waiting = [tree]
    while waiting:
        node = bare(waiting.pop())
        if isinstance(node, exp.And):
            waiting += [node.expression, node.this]
        else:
            yield node


def bare(node: exp.Expression) -> exp.Expression:
    """A node without parentheses around it."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def plain(node: exp.Expression) -> exp.Expression:
    """A node without parentheses and casts to a text type around it."""
    while isinstance(node, exp.Paren) or _is_text_cast(node):
        node = node.this
    return node


def _is_text_cast(node: exp.Expression) -> bool:
    if not isinstance(node, exp.Cast) or not isinstance(node.to, exp.DataType):
        return False
    kind = node.to.this
    inner = node.to.expressions[0].this if node.to.expressions and isinstance(node.to.expressions[0], exp.DataType) else kind
    return getattr(kind, "name", str(kind)) in _TEXTS or (
        getattr(kind, "name", "") == "ARRAY" and getattr(inner, "name", "") in _TEXTS
    )


def canonical_column(tree: exp.Expression) -> str:
    """The name of the column that the tree is, but for parentheses and casts to text; empty when it is more."""
    node = plain(tree)
    return node.name.casefold() if isinstance(node, exp.Column) else ""


def canonical(tree: exp.Expression, column_of: Callable[[exp.Column], str] | None = None) -> str:
    """The canonical text; `column_of` tells the name of a column in the base table."""
    copy = _strip(tree.copy())
    copy = bare(copy)
    if type(copy) in _SWAPPED and not _has_column(copy.this) and _has_column(copy.expression):
        copy = type(copy)(this=copy.expression, expression=copy.this)
    copy = _truth(copy)
    for column in list(copy.find_all(exp.Column)):
        name = column_of(column) if column_of else column.name.casefold()
        replacement = exp.column(exp.to_identifier(name, quoted=False))
        if column is copy:
            copy = replacement
        else:
            column.replace(replacement)
    return copy.sql(dialect="postgres", comments=False).casefold() if not _has_strings(copy) else copy.sql(dialect="postgres")


def _strip(tree: exp.Expression) -> exp.Expression:
    """Without parentheses and casts to text anywhere."""
    for node in list(tree.find_all(exp.Paren, exp.Cast)):
        inner = plain(node)
        if inner is not node:
            if node is tree:
                tree = inner
                inner.pop() if inner.parent else None
            else:
                node.replace(inner)
    return tree


def _has_column(node: exp.Expression) -> bool:
    return node.find(exp.Column) is not None


def _has_strings(node: exp.Expression) -> bool:
    return any(literal.is_string for literal in node.find_all(exp.Literal))


def _truth(node: exp.Expression) -> exp.Expression:
    """`flag = true` and `flag IS TRUE` are `flag`; with false they are `NOT flag`."""
    if node.args.get("negate"):
        return node
    if isinstance(node, exp.EQ | exp.Is) and isinstance(node.expression, exp.Boolean):
        column = node.this
        return column if node.expression.this else exp.Not(this=column)
    return node
