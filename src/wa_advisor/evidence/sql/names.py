"""Keys guessed from names, for tables without definitions: `id`, `uuid`, `<table>_id`, `<singular>_id`, `pk`, `key`."""

from __future__ import annotations

from collections.abc import Iterable

from wa_advisor.evidence.sql.schema import Key

_ALWAYS = frozenset(("id", "uuid", "guid", "pk", "key", "_id"))


def assumed_keys(table: str, columns: Iterable[str]) -> list[Key]:
    """A primary key for each of the columns whose name says that it is one."""
    named = _own_names(table)
    return [Key(kind="primary", parts=(c,)) for c in sorted(columns) if c in _ALWAYS or c in named]


def _own_names(table: str) -> frozenset[str]:
    found: set[str] = set()
    for base in {table, _singular(table)}:
        found |= {f"{base}_id", f"{base}id", f"{base}_uuid", f"{base}_pk"}
    return frozenset(found)


def _singular(name: str) -> str:
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ses", "s"), ("s", "")):
        if name.endswith(ending) and not name.endswith("ss") and len(name) > len(ending) + 1:
            return name[: -len(ending)] + instead
    return name
