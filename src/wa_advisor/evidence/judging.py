"""The one place that meets the classifier: definitions in, Workload out. It is imported when something is to be judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from wa_advisor.evidence.fingerprint import family_of
from wa_advisor.evidence.readers.recognise import guess_family
from wa_advisor.evidence.tally import Tally
from wa_advisor.evidence.transaction_measure import measure_transactions
from wa_advisor.evidence.workload import Classified, JudgeOptions, Workload, judge

_DIALECT_OF = {"postgres": "postgres", "mysql": "mysql", "other": "postgres"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """The tables, or None; `literals` are those that a partial unique index names."""

    schema: Any
    family: str
    dialect: str
    literals: frozenset[str]


def load_definitions(text: str | None, file: str, dialect: str) -> Definitions:
    """The definitions in a dump; its dialect is guessed when it is not stated."""
    family = family_of(dialect) if dialect else guess_family((text or "").encode("utf-8", "replace"))
    named = dialect or _DIALECT_OF[family]
    if text is None:
        return Definitions(schema=None, family=family, dialect=dialect, literals=frozenset())
    schema = import_module("wa_advisor.evidence.sql.schema").load_schema(text, named)
    return Definitions(schema=schema, family=family, dialect=dialect, literals=frozenset(getattr(schema, "literals", ())))


def judge_tally(tally: Tally, definitions: Definitions, slow: float | None) -> Workload:
    """The Workload of a tally under these definitions."""
    ask = import_module("wa_advisor.evidence.sql.classify").classify_statement

    def classify(sql: str, dialect: str) -> Classified:
        found: Classified = ask(sql, definitions.schema, dialect)
        return found

    dialects = dict(_DIALECT_OF)
    if definitions.dialect:
        dialects[family_of(definitions.dialect)] = definitions.dialect
    found = judge(tally, classify, JudgeOptions(dialects=dialects, has_schema=definitions.schema is not None, slow=slow))
    by_number = {j.counted.number: j for j in found.statements}
    return replace(found, transactions=measure_transactions(tally, by_number))
