"""The JSON Schema of rule files, for editors and for anyone who writes rules with another program.

It is made of the same table (`shape`) that the compiler checks entries against, so that the two agree on form: what
the schema refuses, `rules check` refuses. What needs the whole rule set, such as names and units, only the check sees.
"""

from __future__ import annotations

from typing import Any

from wa_advisor.model import QUANTITY_TYPES, SCOPES
from wa_advisor.ruleset.shape import (
    ANYWHERE,
    GATE_CHECKS,
    GATE_LEVELS,
    HEADS,
    ID_FORMS,
    LISTS,
    MAPPINGS,
    PATTERNS,
    RESERVED_CHOICES,
    SHAPES,
    STATEMENTS,
    STRUCTURAL,
    Field,
)

Schema = dict[str, Any]
URI = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string", "minLength": 1}
_LOOSE: Schema = {"type": ["string", "number"]}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}


def rules_schema() -> Schema:
    """The schema of one rule file (JSON Schema 2020-12)."""
    properties: dict[str, Schema] = {key: _section(key) for key in ANYWHERE}
    for head, kind in HEADS.items():
        for key, one in SHAPES[kind].items():
            if key != "questions":
                properties[key] = _entries(key) if one.form == "entries" else _field(one)
        properties[head] = {"$ref": f"#/$defs/id_{kind}"} if kind in ID_FORMS else _TEXT
    properties |= {mark: {"type": "boolean"} for mark in ("override", "extend")}
    return {
        "$schema": URI,
        "title": "wa-advisor rule file",
        "description": "One file of a rule set: any of its sections; `decision` and `pillar` once a file.",
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "additionalProperties": False,
        "allOf": [_head(head, kind) for head, kind in HEADS.items()] + [_only_with_heads()],
        "$defs": _definitions(),
    }


def _section(key: str) -> Schema:
    if key in LISTS:
        return {"type": "array", "items": {"$ref": f"#/$defs/{key}"}}
    if key == "cost_notes":
        return {"type": "array", "items": _TEXT}
    if key == "ban":
        return {"type": "array", "items": {"$ref": "#/$defs/ban"}}
    if key == "disable":
        return {"type": "array", "items": _TEXT}
    if key == "gate":
        checks = {check: {"enum": list(GATE_LEVELS)} for check in GATE_CHECKS}
        return {"type": ["object", "null"], "properties": checks, "additionalProperties": False}
    mapping = {
        "type": "object",
        "propertyNames": {"$ref": f"#/$defs/id_{key}"},
        "additionalProperties": {"$ref": f"#/$defs/{key}"},
    }
    if key == "questions":  # a list of lens questions in a pillar's file
        return {"oneOf": [mapping, {"type": "array", "items": {"$ref": "#/$defs/lens"}}]}
    return mapping


def _entries(key: str) -> Schema:
    """The keys of a head that hold entries of their own shape."""
    known: dict[str, Schema] = {
        "options": {
            "type": "object", "propertyNames": {"$ref": "#/$defs/id_services"},
            "additionalProperties": {"oneOf": [{"type": "null"}, {"$ref": "#/$defs/option"}]},
        },
        "constraints": {"type": "array", "items": {"$ref": "#/$defs/outer_constraints"}},
        "arguments": {"type": "array", "items": {"$ref": "#/$defs/outer_arguments"}},
        "rows": {"type": "array", "items": {"$ref": "#/$defs/rows"}},
        "practices": {"type": "array", "items": {"$ref": "#/$defs/practices"}},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/cost_lines"}},
        "services": {"oneOf": [{"const": "relational"}, {"type": "array", "items": _TEXT}]},
        "changes": {},
    }  # fmt: skip
    return known.get(key) or ({} if key == "changes" else {"$ref": f"#/$defs/{key}"})


def _head(head: str, kind: str) -> Schema:
    """What a file with this head needs: its keys, or for an extension only its head."""
    needed = [key for key, one in SHAPES[kind].items() if one.needed and key != head]
    others = [other for other in HEADS if other != head]
    then: Schema = {"not": {"anyOf": [{"required": [other]} for other in others]}}
    if head in ("decision", "pillar"):
        then["if"] = {"properties": {"extend": {"const": True}}, "required": ["extend"]}
        then["else"] = {"required": needed}
    else:
        then["required"] = needed
    if head == "pillar":
        then["properties"] = {"questions": {"type": "array"}}
    else:
        then["properties"] = {"questions": {"type": "object"}}
    if head == "decision":
        then["else"] = {"required": needed, "oneOf": [{"$ref": "#/$defs/choice_file"}, {"$ref": "#/$defs/table_file"}]}
    return {"if": {"required": [head]}, "then": then}


def _only_with_heads() -> Schema:
    """A key that belongs to a head needs it: `options` without `decision` means nothing."""
    owners: dict[str, list[str]] = {}
    for head, kind in HEADS.items():
        for key in (*SHAPES[kind], *(("override", "extend") if head in ("decision", "pillar") else ())):
            if key not in ANYWHERE and key != head:
                owners.setdefault(key, []).append(head)
    no_head = {"properties": {"questions": {"type": "object"}}}
    return {
        "dependentSchemas": {key: {"anyOf": [{"required": [head]} for head in heads]} for key, heads in owners.items()},
        "if": {"not": {"required": ["pillar"]}}, "then": no_head,
    }  # fmt: skip


def _definitions() -> Schema:
    found: Schema = {f"id_{kind}": _ident(kind) for kind in ID_FORMS}
    for kind, shape in SHAPES.items():
        if kind not in HEADS.values():
            found[kind] = _object(kind, shape)
    for kind in ("constraints", "arguments"):
        found[f"outer_{kind}"] = _object(kind, SHAPES[kind]) | {"required": [*_needed(kind), "options"]}
        inner = {key: one for key, one in SHAPES[kind].items() if key != "options"}
        found[kind] = _object(kind, inner)
    found["choice_file"] = {"required": ["options"], "not": _any_of("outcomes", "rows", "else")}
    found["table_file"] = {"required": ["outcomes", "else"], "not": _any_of("options", "preference", "constraints", "arguments")}
    return found


def _any_of(*keys: str) -> Schema:
    return {"anyOf": [{"required": [key]} for key in keys]}


def _needed(kind: str) -> list[str]:
    return [key for key, one in SHAPES[kind].items() if one.needed]


def _object(kind: str, shape: Any) -> Schema:
    properties: Schema = {key: _property(kind, key, one) for key, one in shape.items()}
    properties["override"] = {"type": "boolean", "description": "In an overlay: replace the earlier entry whole."}
    result: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    needed = [key for key, one in shape.items() if one.needed]
    if needed:
        result["required"] = needed
    return result | _further(kind, needed)


def _property(kind: str, key: str, one: Field) -> Schema:
    if key == "id":
        return {"$ref": f"#/$defs/id_{kind}"}
    if kind == "facts" and key == "value":
        return _SCALAR | {"description": one.help}
    if one.form == "entries":
        if kind == "option":
            return {"type": "array", "items": {"$ref": f"#/$defs/{key}"}}
        return _entries(key)
    if key == "choices":
        return {
            "type": "object",
            "minProperties": 2,
            "propertyNames": {"$ref": "#/$defs/id_choices"},
            "additionalProperties": _TEXT,
        }
    return _field(one)


def _further(kind: str, needed: list[str]) -> Schema:
    """What one key asks of another."""
    if kind == "arguments":
        return {"oneOf": [{"required": ["for"]}, {"required": ["against"]}]}
    if kind == "facts":
        return _of_facts()
    if kind == "costs":
        return {"oneOf": [{"required": ["lines"]}, {"required": ["unpriced", "because"]}, {"required": ["free", "because"]}]}
    if kind == "services":
        closed = {"properties": {"availability": {"enum": ["closed", "new"]}}, "required": ["availability"]}
        return {"if": closed, "then": {"required": ["because", "source"]}}
    if kind == "practices":
        return {"dependentRequired": {"touches": ["away"]}}
    if kind == "lens":
        extends = {"properties": {"extend": {"const": True}}, "required": ["extend"]}
        whole = {"required": needed}
        properties = {key: _property(kind, key, one) for key, one in SHAPES["lens"].items()}
        properties |= {"override": {"type": "boolean"}, "extend": {"type": "boolean"}}
        return {"properties": properties, "required": ["id"], "if": extends, "then": {"required": ["practices"]}, "else": whole}
    return _of_questions() if kind == "questions" else {}


def _of_facts() -> Schema:
    """A judgement says why, all else names its source; a price says what it buys; what `value` is, the unit says."""
    number = {"anyOf": [{"const": "not-found"}, _form(Field("number"))]}
    values = {"text": _TEXT, "yes-no": {"type": "boolean"}, "date": _form(Field("as_of"))}
    units = [{"if": _with("unit", unit), "then": {"properties": {"value": form}}} for unit, form in values.items()]
    others = {"if": {"properties": {"unit": {"enum": list(STATEMENTS)}}}, "else": {"properties": {"value": number}}}
    judged = {"if": _with("basis", "judgement"), "then": {"required": ["because"]}, "else": {"required": ["source"]}}
    priced = {"if": _with("unit", "USD"), "then": {"required": ["per"]}, "else": {"not": {"required": ["per"]}}}
    return {"allOf": [judged, priced, *units, others]}


def _with(key: str, value: str) -> Schema:
    return {"properties": {key: {"const": value}}, "required": [key]}


def _of_questions() -> Schema:
    """Choices belong to the types choice and choices, bounds to quantities."""
    asks: Schema = {"properties": {"type": {"enum": ["choice", "choices"]}}, "required": ["type"]}
    counts: Schema = {"properties": {"type": {"enum": list(QUANTITY_TYPES)}}, "required": ["type"]}
    return {
        "allOf": [
            {"if": asks, "then": {"required": ["choices"]}, "else": {"not": {"required": ["choices"]}}},
            {"if": counts, "else": {"not": _any_of("min", "max")}},
        ]
    }


def _field(one: Field) -> Schema:
    """The schema of one value; its help is what an editor shows."""
    result = _form(one)
    return result | {"description": one.help} if one.help else result


def _form(one: Field) -> Schema:
    if one.form == "word":
        booleans = [value == "true" for value in one.values if value in ("true", "false")]
        return {"enum": [v for v in one.values if v not in ("true", "false")] + booleans}
    if one.form == "flag":
        return {"type": "boolean"}
    if one.form == "words":
        return {"type": "array", "items": _TEXT}
    if one.form == "meanings":
        return {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"$ref": "#/$defs/id_outcomes"},
            "additionalProperties": _TEXT,
        }
    if one.form == "sentences":
        return {"type": "object", "minProperties": 1, "propertyNames": {"enum": list(SCOPES)}, "additionalProperties": _TEXT}
    if one.form in ("loose", "quantity"):
        return dict(_LOOSE)
    if one.form in PATTERNS:
        pattern = {"pattern": f"^({PATTERNS[one.form][0]})$"}
        if one.form == "number":
            return {"type": ["string", "number"], "minimum": 0, **pattern}
        if one.form == "whole":
            return {"type": ["string", "integer"], "minimum": 1, "maximum": 999_999, **pattern}
        others = {"as_of": ["integer"], "version": ["number"]}.get(one.form, [])
        return {"type": ["string", *others] if others else "string", **pattern}
    return dict(_TEXT)


def _ident(kind: str) -> Schema:
    result: Schema = {"type": "string", "pattern": f"^({ID_FORMS[kind][0]})$"}
    taken = {"questions": STRUCTURAL, "choices": RESERVED_CHOICES}.get(kind)
    return result | {"not": {"enum": list(taken)}} if taken else result


assert set(MAPPINGS) <= set(SHAPES)
