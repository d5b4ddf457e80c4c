"""Definitions of tables -> Schema: which keys a table has, what a view stands for, which names are routines.

Names are compared without case, quotes and schema; where two schemas define one name differently, only the keys that
both have are taken, unless the statement says which is meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct, field

KeyKind = Literal["primary", "unique"]


class Key(Struct, frozen=True, kw_only=True):
    """A primary key or a unique index. `parts` are column names, or expressions in canonical form within parentheses.

    `predicate` are the conditions of a partial index in canonical form, literals included: they are compared in memory
    and never printed.
    """

    kind: KeyKind
    parts: tuple[str, ...]
    name: str = ""
    predicate: tuple[str, ...] = ()

    @property
    def columns(self) -> str:
        """The key for people: its columns; an expression is shown as such, without its text."""
        return ", ".join("an expression" if p.startswith("(") else p for p in self.parts)


class Table(Struct, frozen=True, kw_only=True):
    """A base table. `columns` maps names to types in capitals; empty when they are not known."""

    name: str
    schema: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    keys: Sequence[Key] = ()

    @property
    def primary(self) -> Key | None:
        return next((k for k in self.keys if k.kind == "primary"), None)


class View(Struct, frozen=True, kw_only=True):
    """A view: the text of its query, and the names of its columns where they are listed."""

    name: str
    query: str
    columns: tuple[str, ...] = ()


class Schema(Struct, frozen=True, kw_only=True):
    """Everything that definitions say of names. `literals` are those that partial unique indexes compare with."""

    dialect: str
    tables: Mapping[str, Sequence[Table]]
    views: Mapping[str, View]
    routines: frozenset[str] = frozenset()
    sequences: frozenset[str] = frozenset()
    literals: frozenset[str] = frozenset()

    def table(self, name: str, schema: str = "") -> Table | None:
        """The table of this name; None when no definition has it."""
        found = self.tables.get(name.casefold(), ())
        if len(found) < 2:
            return found[0] if found else None
        meant = [t for t in found if schema and t.schema == schema.casefold()]
        return meant[0] if len(meant) == 1 else _common(found)

    def view(self, name: str) -> View | None:
        return self.views.get(name.casefold())


def _common(tables: Sequence[Table]) -> Table:
    """What all tables of one name have in common."""
    first, *others = tables
    shapes = [{(k.parts, k.predicate) for k in t.keys} for t in others]
    columns = {c: kind for c, kind in first.columns.items() if all(c in t.columns for t in others)}
    keys = [k for k in first.keys if all((k.parts, k.predicate) in s for s in shapes)]
    return Table(name=first.name, columns=columns, keys=keys)


def load_schema(ddl_text: str, dialect: str = "postgres") -> Schema:
    """The Schema of a dump of definitions or of hand-written ones; what defines nothing is passed over.

    `dialect` is a name as sqlglot has it: postgres, mysql, sqlite, tsql, oracle, ..; unknown words never raise.
    """
    from wa_advisor.evidence.sql.ddl import read_definitions

    return read_definitions(ddl_text, dialect)
