"""A tree -> its table references: every occurrence of a base table, with views replaced by what they stand for.

A CTE, a derived table, a table function, `dual`, the target that MySQL names twice and what FOR UPDATE OF names are no
references. Names of CTEs are seen where SQL sees them: behind their own definition, inside it only when it is recursive.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from sqlglot import exp

from wa_advisor.evidence.sql.builtins import CATALOGS, ORACLE_CATALOG, ORACLE_VIEWS
from wa_advisor.evidence.sql.parse import ParseFailure, parse_statement
from wa_advisor.evidence.sql.prepare import prepare
from wa_advisor.evidence.sql.schema import Schema, Table, View

MAX_VIEWS = 200
_FROM_VIEW = "wa_base"


class Reference(Struct, frozen=True, eq=False):
    """One occurrence of a base table. `table` is None when no definition has it; `alias` is how the statement calls it."""

    node: exp.Table
    name: str
    schema: str
    alias: str
    table: Table | None

    @property
    def key(self) -> str:
        """The table as it is compared with others."""
        return self.name


class References(Struct):
    """All references of a statement; `catalog` says that one of them is the server's own, `recursive` names a recursion."""

    found: list[Reference] = field(default_factory=list)
    catalog: bool = False
    recursive: bool = False
    sequences: bool = False


def find_references(tree: exp.Expression, schema: Schema | None, family: str, dialect: str) -> References:
    """The references of a tree; views in it are replaced in place."""
    result = References()
    budget = MAX_VIEWS
    waiting = list(_tables(tree, family))
    while waiting:
        node = waiting.pop(0)
        name = node.name.casefold()
        if not name or name == "dual" or (not node.meta.get(_FROM_VIEW) and _is_cte(node, result, family)):
            continue
        view = schema.view(name) if schema else None
        if view is not None and budget > 0 and schema is not None:
            budget -= 1
            waiting = _expand(node, view, schema, family, dialect) + waiting
            continue
        if _is_catalog(node, schema, dialect):
            result.catalog = True
        elif schema is not None and name in schema.sequences and schema.table(name) is None:
            result.sequences = True
        else:
            table = schema.table(name, node.db) if schema else None
            result.found.append(Reference(node, name, node.db.casefold(), (node.alias or node.name).casefold(), table))
    return result


def _tables(tree: exp.Expression, family: str) -> Iterator[exp.Table]:
    """The nodes that may be base tables, in the order of the text."""
    doubled = _doubled_targets(tree, family)
    for node in tree.find_all(exp.Table, bfs=False):
        if id(node) in doubled or not isinstance(node.this, exp.Identifier):
            continue
        if isinstance(node.parent, exp.Lock | exp.Into) or node.args.get("rows_from"):
            continue
        yield node


def _doubled_targets(tree: exp.Expression, family: str) -> set[int]:
    """Targets that only repeat a table of the FROM clause: `DELETE o FROM orders o`, `UPDATE o SET .. FROM orders o`."""
    found: set[int] = set()
    for delete in tree.find_all(exp.Delete):
        found |= {id(t) for t in delete.args.get("tables") or ()}
        if family != "postgres" and delete.args.get("using") and isinstance(delete.this, exp.Table):
            found |= {id(t) for t in delete.this.find_all(exp.Table)}
    if family != "postgres":
        for change in tree.find_all(exp.Update):
            source = change.args.get("from_")
            if isinstance(change.this, exp.Table) and isinstance(source, exp.From):
                own = change.this.name.casefold()
                others = list(source.find_all(exp.Table))
                if any(own == (t.alias or t.name).casefold() for t in others):
                    found.add(id(change.this))
    return found


# -- names of CTEs ----------------------------------------------------------------------------------------


def _is_cte(node: exp.Table, result: References, family: str) -> bool:
    """Whether the name is that of a CTE in sight; notes a recursion."""
    return not node.db and definition_of(node, family, result) is not None


def definition_of(node: exp.Table, family: str, result: References | None = None) -> exp.CTE | None:
    """The CTE that a table's name means; None for a base table."""
    name = node.name.casefold()
    child: exp.Expr = node
    inside: exp.CTE | None = None
    while (parent := child.parent) is not None:
        found: exp.CTE | None = None
        holder = parent.args.get("with_")
        if isinstance(child, exp.CTE):
            inside = child
        elif isinstance(child, exp.With):
            found = _named(child, name, inside, family)
        elif isinstance(holder, exp.With):
            found = _named(holder, name, None, family)
        if found is not None:
            if found is inside and result is not None:
                result.recursive = True
            return found
        child = parent
    return None


def _named(holder: exp.With, name: str, inside: exp.CTE | None, family: str) -> exp.CTE | None:
    """The CTE of this name that is seen from inside one of the list, or from the statement behind the list."""
    recursive = bool(holder.args.get("recursive")) or family == "other"  # Oracle and SQL Server write no word for it
    for member in holder.expressions:
        if not isinstance(member, exp.CTE):
            continue
        if member is inside and not recursive:
            return None
        if member.alias.casefold() == name:
            return member
    return None


# -- views ------------------------------------------------------------------------------------------------


def _expand(node: exp.Table, view: View, schema: Schema, family: str, dialect: str) -> list[exp.Table]:
    """Puts the query of a view in place of its name; gives the tables in it."""
    tree = _view_tree(view, schema, family)
    if tree is None or _is_target(node):
        return _as_target(node, tree, schema)
    inner = list(_tables(tree, family))
    marked = [t for t in inner if definition_of(t, family) is None or t.db]
    for table in marked:
        table.meta[_FROM_VIEW] = True
    alias = exp.TableAlias(this=exp.to_identifier(node.alias or node.name))
    if view.columns:
        alias.set("columns", [exp.to_identifier(c) for c in view.columns])
    subquery = exp.Subquery(this=tree, alias=alias, joins=node.args.get("joins") or [])
    node.replace(subquery)
    return marked


def _view_tree(view: View, schema: Schema, family: str) -> exp.Expression | None:
    try:
        tree = parse_statement(prepare(view.query, family).text, schema.dialect)
    except ParseFailure:
        return None
    return tree if isinstance(tree, exp.Query) else None


def _is_target(node: exp.Table) -> bool:
    """Whether a statement changes this table."""
    parent = node.parent
    if isinstance(parent, exp.Schema):
        parent = parent.parent
    return (isinstance(parent, exp.DML | exp.Merge) and node.arg_key == "this") or (
        isinstance(node.parent, exp.Schema) and isinstance(parent, exp.Insert)
    )


def _as_target(node: exp.Table, tree: exp.Expression | None, schema: Schema) -> list[exp.Table]:
    """A changed view of one table is that table; any other view, and one that cannot be read, a table without keys.

    A column under another name is lost; a view that gives one the name of another column of the table has no keys either.
    """
    node.meta[_FROM_VIEW] = True
    if not isinstance(tree, exp.Select):
        return _keyless(node)
    tables = list(tree.find_all(exp.Table))
    simple = len(tables) == 1 and not (tree.args.get("group") or tree.args.get("distinct") or tree.args.get("joins"))
    table = schema.table(tables[0].name) if len(tables) == 1 else None
    new = {
        e.alias.casefold() for e in tree.expressions if isinstance(e, exp.Alias) and e.alias.casefold() != e.this.name.casefold()
    }
    if not simple or (new and (table is None or not new.isdisjoint(table.columns))):
        return _keyless(node)
    if not node.alias:
        node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name)))
    node.set("this", exp.to_identifier(tables[0].name))
    node.set("db", None)
    return [node]


def _keyless(node: exp.Table) -> list[exp.Table]:
    node.set("this", exp.to_identifier(node.name + " (a view)"))
    return [node]


# -- catalogs ---------------------------------------------------------------------------------------------


def _is_catalog(node: exp.Table, schema: Schema | None, dialect: str) -> bool:
    name, qualifier = node.name.casefold(), node.db.casefold()
    if qualifier in CATALOGS or node.catalog.casefold() in ("information_schema", "performance_schema"):
        return True
    if qualifier or (schema is not None and schema.table(name) is not None):
        return False
    if name.startswith(("pg_", "sqlite_")):
        return True
    if dialect in ("oracle",):
        return name.startswith(("v$", "gv$")) or (name.startswith(ORACLE_CATALOG) and name.split("_", 1)[1] in ORACLE_VIEWS)
    return (
        dialect in ("tsql",) and qualifier == "" and name.startswith("sys") and name in ("sysobjects", "syscolumns", "sysindexes")
    )
