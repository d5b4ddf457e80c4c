"""wa-advisor: the serverless-architecture decision assistant for AWS design reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wa_advisor.evidence.sql.classify import classify_statement
    from wa_advisor.evidence.sql.schema import load_schema

__version__ = "0.1.0"
__all__ = ["__version__", "classify_statement", "load_schema"]

_LAZY = {"classify_statement": "wa_advisor.evidence.sql.classify", "load_schema": "wa_advisor.evidence.sql.schema"}


def __getattr__(name: str) -> object:
    """The public functions, imported when they are asked for: starting a command must not pay for a parser of SQL."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)
