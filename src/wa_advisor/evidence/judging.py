"""The one place that meets the classifier: definitions in, Workload out. It is imported when something is to be judged."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from wa_advisor.evidence.fingerprint import family_of
from wa_advisor.evidence.readers.recognise import guess_family
from wa_advisor.evidence.sql.record import Statement
from wa_advisor.evidence.tally import Tally
from wa_advisor.evidence.transaction_measure import measure_transactions
from wa_advisor.evidence.workload import Classify, JudgeOptions, Workload, judge, sort_shape

_NAMED = {"mariadb": "mysql", "postgresql": "postgres"}
_DIALECT_OF = {"postgres": "postgres", "mysql": "mysql", "other": "postgres"}


class Definitions(Struct, frozen=True, kw_only=True):
    """The tables, or None; `literals` are those that a partial unique index names."""

    schema: Any
    text: str | None
    family: str
    dialect: str
    literals: frozenset[str]


def load_definitions(text: str | None, dialect: str) -> Definitions:
    """The definitions in a dump; its dialect is guessed when it is not stated."""
    family = family_of(dialect) if dialect else guess_family((text or "").encode("utf-8", "replace"))
    dialect = _NAMED.get(dialect, dialect)
    named = dialect or _DIALECT_OF[family]
    if text is None:
        return Definitions(schema=None, text=None, family=family, dialect=dialect, literals=frozenset())
    schema = import_module("wa_advisor.evidence.sql.schema").load_schema(text, named)
    return Definitions(
        schema=schema, text=text, family=family, dialect=dialect, literals=frozenset(getattr(schema, "literals", ()))
    )


def make_tally(definitions: Definitions) -> Tally:
    """An empty tally that keeps the literals of partial indexes and can sort what is too rare to keep."""
    classify, dialects = _classifier(definitions)
    return Tally(definitions.literals, lambda shape, family: sort_shape(shape, family, classify, dialects))


def judge_tally(tally: Tally, definitions: Definitions, slow: float | None) -> Workload:
    """The Workload of a tally under these definitions; a dump that does not show its dialect has that of the statements."""
    if (
        definitions.text is not None
        and not definitions.dialect
        and {s.family for s in tally.statements} == {"mysql"} != {definitions.family}
    ):
        definitions = load_definitions(definitions.text, "mysql")
    classify, dialects = _classifier(definitions)
    found = judge(tally, classify, JudgeOptions(dialects=dialects, has_schema=definitions.schema is not None, slow=slow))
    by_number = {j.counted.number: j for j in found.statements}
    return replace(found, transactions=measure_transactions(tally, by_number))


def _classifier(definitions: Definitions) -> tuple[Classify, dict[str, str]]:
    dialects = dict(_DIALECT_OF)
    if definitions.dialect:
        dialects[family_of(definitions.dialect)] = definitions.dialect

    def classify(sql: str, dialect: str) -> Statement:
        found: Statement = import_module("wa_advisor.evidence.sql.classify").classify_statement(sql, definitions.schema, dialect)
        return found

    return classify, dialects
