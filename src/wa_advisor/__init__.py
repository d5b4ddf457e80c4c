"""wa-advisor: the serverless-architecture decision assistant for AWS design reviews.

The public names: `load_ruleset` and `parse_answers` read, `evaluate` judges, `render_report`, `assessment_document` and
`explain_text` tell; `load_schema` and `classify_statement` are for SQL. Each is imported when it is asked for.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what type checkers take for true; importing it from `typing` would double the time of `--version`
if TYPE_CHECKING:
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.engine.explain import explain_text
    from wa_advisor.errors import AdvisorError
    from wa_advisor.evidence.sql.classify import classify_statement
    from wa_advisor.evidence.sql.schema import load_schema
    from wa_advisor.files import load_ruleset
    from wa_advisor.report.document import assessment_document
    from wa_advisor.report.render import render_report

__version__ = "0.2.0"
__all__ = [
    "AdvisorError",
    "__version__",
    "assessment_document",
    "classify_statement",
    "evaluate",
    "explain_text",
    "load_ruleset",
    "load_schema",
    "parse_answers",
    "render_report",
]

_LAZY = {
    "AdvisorError": "wa_advisor.errors",
    "assessment_document": "wa_advisor.report.document",
    "classify_statement": "wa_advisor.evidence.sql.classify",
    "evaluate": "wa_advisor.engine.evaluate",
    "explain_text": "wa_advisor.engine.explain",
    "load_ruleset": "wa_advisor.files",
    "load_schema": "wa_advisor.evidence.sql.schema",
    "parse_answers": "wa_advisor.answers",
    "render_report": "wa_advisor.report.render",
}


def __getattr__(name: str) -> object:
    """The public functions, imported when they are asked for: a command must not pay for what it does not use."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)
