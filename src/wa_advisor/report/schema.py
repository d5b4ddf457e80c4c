"""The published JSON Schema of the JSON report."""

from __future__ import annotations

from pathlib import Path

_SCHEMA = Path(__file__).parent / "assessment.schema.json"


def assessment_schema_text() -> str:
    """The schema of `wa-advisor/assessment/1` as text."""
    return _SCHEMA.read_text("utf-8")
