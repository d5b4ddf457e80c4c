"""What a statement over one table does: its kind, and whether a key is bound."""

from __future__ import annotations

from msgspec import Struct
from sqlglot import exp

from wa_advisor.evidence.sql.conditions import Binding, is_usable
from wa_advisor.evidence.sql.names import assumed_keys
from wa_advisor.evidence.sql.references import Reference
from wa_advisor.evidence.sql.schema import Key
from wa_advisor.evidence.sql.sources import rows_of, rows_of_query

_GROUPING = ("group", "distinct", "having")


class Found(Struct, frozen=True):
    """The kind, the key that decides (None without one), whether it is bound to one value, and how many rows an INSERT has."""

    kind: str
    key: Key | None = None
    single: bool = False
    assumed: bool = False


def verb_of(reference: Reference) -> exp.Expression | None:
    """The statement that changes the table; None when it is only read."""
    node: exp.Expression = reference.node
    parent = node.parent
    if isinstance(parent, exp.Schema):
        node, parent = parent, parent.parent
    if isinstance(parent, exp.Insert | exp.Update | exp.Delete | exp.Merge) and node.arg_key == "this":
        return parent
    if isinstance(parent, exp.Delete) and node.arg_key == "using":
        return parent
    if isinstance(parent, exp.From) and isinstance(parent.parent, exp.Update):
        return parent.parent
    return None


def keys_of(reference: Reference, binding: Binding, has_schema: bool) -> tuple[list[Key], bool]:
    """The keys that may decide, primary first; and whether they are only assumed from names."""
    if reference.table is not None:
        keys = [k for k in reference.table.keys if is_usable(k, binding)]
        return sorted(keys, key=lambda k: k.kind != "primary"), False
    if has_schema:
        return [], False  # a table that no definition has counts as one without keys
    return assumed_keys(reference.name, binding.any), True


def insert_kind(verb: exp.Insert | exp.Merge, flags: set[str]) -> str:
    """put, upsert or batch-write: what is written is one row or several."""
    if isinstance(verb, exp.Merge):
        if any(when.args.get("source") for when in verb.find_all(exp.When)):
            return "batch-write"  # BY SOURCE: all the rows that the source does not name
        using = verb.args.get("using")
        return "upsert" if isinstance(using, exp.Expression) and rows_of(using) == "one" else "batch-write"
    source = verb.args.get("expression")
    if isinstance(source, exp.Expression) and rows_of_query(source) != "one":
        return "batch-write"
    changes = verb.args.get("conflict") is not None or verb.args.get("ignore") or verb.args.get("overwrite")
    return "upsert" if changes or flags & {"upsert", "ignore"} else "put"


def is_whole_insert(verb: exp.Insert) -> bool:
    """Whether the rows of an INSERT are in its text; a text that was cut ends before them."""
    return isinstance(verb.args.get("expression"), exp.Expression) or bool(verb.args.get("default"))


def kind_of(reference: Reference, tree: exp.Expression, binding: Binding, has_schema: bool, flags: set[str]) -> Found:
    """The kind of a statement that reads, updates or deletes rows of one table."""
    keys, assumed = keys_of(reference, binding, has_schema)
    verb = verb_of(reference)
    changing = {exp.Update: "update", exp.Delete: "delete"}.get(type(verb), "") if verb is not None else ""
    for key in keys:
        if binding.one.issuperset(key.parts):
            return Found(changing or "get", key, True, assumed)
    listed = next((k for k in keys if binding.any.issuperset(k.parts)), None)
    if changing:
        return Found("batch-write", listed, False, assumed) if listed else Found(f"set-{changing}")
    if "queue" in flags or _skips_locked(tree):
        return Found("queue")
    if is_aggregate(tree, reference):
        return Found("aggregate")
    if listed:
        return Found("batch-get", listed, False, assumed)
    return Found(_read_kind(reference, binding))


def _read_kind(reference: Reference, binding: Binding) -> str:
    primary = reference.table.primary if reference.table else None
    if primary and len(primary.parts) > 1 and primary.parts[0] in binding.one:
        return "item-collection"
    if any(not c.startswith("(") for c in binding.one):
        return "secondary"
    if binding.searches:
        return "search"
    if any(not c.startswith("(") for c in binding.many):
        return "multi-lookup"
    return "filter" if binding.conditions else "scan"


def _skips_locked(tree: exp.Expression) -> bool:
    return any(lock.args.get("wait") is False for lock in tree.find_all(exp.Lock))


def is_aggregate(tree: exp.Expression, reference: Reference | None = None) -> bool:
    """Whether rows are counted, summed, grouped or made distinct."""
    for select in tree.find_all(exp.Select):
        if any(select.args.get(a) for a in _GROUPING):
            return True
        if any(_counts(e) for e in select.expressions):
            return True
    return False


def _counts(node: exp.Expression) -> bool:
    """An aggregate or window function outside of queries within."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, exp.AggFunc | exp.Window | exp.AnonymousAggFunc):
            return True
        if not isinstance(one, exp.Query):
            waiting += list(one.iter_expressions())
    return False


def is_existence_probe(tree: exp.Expression) -> bool:
    """Whether an aggregate only counts, without groups: what is asked of a key, too."""
    functions = list(tree.find_all(exp.AggFunc))
    groups = any(s.args.get(a) for s in tree.find_all(exp.Select) for a in ("group", "distinct"))
    return all(isinstance(f, exp.Count) for f in functions) and not groups and tree.find(exp.Window) is None
