"""Names of columns -> the base table: in its own block, then through each block around it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from wa_advisor.evidence.sql.builtins import PSEUDO_COLUMNS
from wa_advisor.evidence.sql.sources import Count


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
        name, owner = column.name.casefold(), column.table.casefold()
        if not owner and name in self._foreign:
            return self._foreign[name]
        if is_pseudo(column):
            return "one"
        if owner:
            return self._others.get(owner)
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


def is_pseudo(column: exp.Column) -> bool:
    """Whether what looks like a column is a function of the server, or a value of a sequence."""
    if column.name.casefold() in ("nextval", "currval") and column.table:
        return True
    return not column.table and not column.this.args.get("quoted") and column.name.casefold() in PSEUDO_COLUMNS
