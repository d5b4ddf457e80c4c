"""The published JSON Schema of the JSON report, and whether a document keeps to it.

Saved assessments come back as input, so they are checked; the few keywords that the schema uses are read here,
which spares a dependency. The tests hold this reading against a full validator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_SCHEMA = Path(__file__).parent / "assessment.schema.json"
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float), "null": (type(None),),
}  # fmt: skip


def assessment_schema_text() -> str:
    """The schema of `wa-advisor/assessment/1` as text."""
    return _SCHEMA.read_text("utf-8")


@cache
def _schema() -> dict[str, Any]:
    found = json.loads(assessment_schema_text())
    assert isinstance(found, dict)
    return found


def problem_of(document: Any) -> str:
    """The first place where a document leaves the schema, "" for none."""
    return next(_problems(document, _schema(), "the document"), "")


def _problems(value: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _problems(value, _schema()["$defs"][schema["$ref"].removeprefix("#/$defs/")], at)
    if "anyOf" in schema and all(any(True for _ in _problems(value, one, at)) for one in schema["anyOf"]):
        yield f"{at} is none of what it may be"
    if "const" in schema and value != schema["const"]:
        yield f"{at} is not {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is none of {', '.join(schema['enum'])}"
    if "type" in schema and not _is_of(value, schema["type"]):
        yield f"{at} is no {schema['type']}"
    elif isinstance(value, dict):
        yield from _in_object(value, schema, at)
    elif isinstance(value, list):
        yield from _in_list(value, schema, at)
    elif isinstance(value, str):
        if len(value) < schema.get("minLength", 0) or not re.search(schema.get("pattern", ""), value):
            yield f"{at} is not written as it should be"
    elif isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at} is out of range"


def _is_of(value: Any, name: str) -> bool:
    """Whether a value is of a type; true and false are of their own type only, though Python counts with them."""
    return isinstance(value, bool) if name == "boolean" else isinstance(value, _TYPES[name]) and not isinstance(value, bool)


def _in_object(value: dict[str, Any], schema: dict[str, Any], at: str) -> Iterator[str]:
    yield from (f"{at} has no {key}" for key in schema.get("required", ()) if key not in value)
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
        yield f"{at} has {len(value)} keys"
    known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, below in value.items():
        place = f"{key[:40]} in {at}" if at != "the document" else key[:40]
        yield from _problems(key, schema.get("propertyNames", {}), place)
        if key in known:
            yield from _problems(below, known[key], place)
        elif other is False:
            yield f"{place} is not known"
        elif other is not True:
            yield from _problems(below, other, place)


def _in_list(value: list[Any], schema: dict[str, Any], at: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{at} has {len(value)} entries"
    for index, below in enumerate(value, 1):
        yield from _problems(below, schema.get("items", {}), f"entry {index} of {at}")
