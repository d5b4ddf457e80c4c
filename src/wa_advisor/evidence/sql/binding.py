"""Which columns of the one referenced table a statement binds: to one value, to one of several, or otherwise.

Conditions are taken from the block that reads the table and from every block around it that passes rows through unchanged
(a derived table, a CTE used once, a view), with the names of columns followed back. The test is syntactic: values are not compared.
"""

from __future__ import annotations

from wa_advisor.evidence.sql.blocks import around, block_of, conditions_of, output_of, passes_through
from wa_advisor.evidence.sql.columns import Names, Outer
from wa_advisor.evidence.sql.conditions import Binding, take
from wa_advisor.evidence.sql.references import Reference
from wa_advisor.evidence.sql.sources import foreign_columns, others_of


def bind(reference: Reference, family: str) -> Binding:
    """The Binding of the one table that a statement refers to."""
    found = Binding()
    columns = reference.table.columns if reference.table else {}
    block, source = block_of(reference.node)
    names: Names | None = None
    while block is not None:
        others = others_of(block, source)
        if names is None:
            names = Names(reference.alias, reference.name, columns, others)
        names.add_foreign(foreign_columns(block, source))
        for condition in conditions_of(block, source):
            take(condition, names, found, columns)
        outer = around(block, family)
        if outer is None or not passes_through(block):
            break
        outer_block, outer_source, alias, renamed = outer
        output, passes_all = output_of(block, names, renamed)
        names = Outer(alias, output, passes_all, names, others_of(outer_block, outer_source))
        block, source = outer_block, outer_source
    return found
