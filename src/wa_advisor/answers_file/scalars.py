"""Values -> YAML text: plain words where they stand safely, double quotes where not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

_SAFE = re.compile(r"[^\W_][\w ./+()%*&=!?<>'^$;~-]*", re.UNICODE)
_NULLS = ("~", "null", "Null", "NULL", "")


def render_scalar(text: str) -> str:
    """One scalar that reads back as `text`, in block and in flow context alike."""
    if _SAFE.fullmatch(text) and text == text.strip() and text not in _NULLS:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """JSON's quoting is YAML's too, but for characters YAML does not let stand."""
    body = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escape(c) for c in body)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def render_flow(value: object) -> str:
    """A value on one line: a scalar, `[a, b]` or `{a: b}`."""
    if isinstance(value, str):
        return render_scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{render_scalar(k)}: {render_flow(v)}" for k, v in value.items()) + "}"
    assert isinstance(value, Sequence)
    return "[" + ", ".join(render_flow(v) for v in value) + "]"


def render_pair(key: str, value: object, indent: int, newline: str) -> str:
    """`key: value` as lines. At the margin groups and mappings are written out, deeper they stay on one line."""
    pad = " " * indent
    if indent == 0 and isinstance(value, Mapping) and value:
        inner = "".join(render_pair(k, v, 2, newline) for k, v in value.items())
        return f"{key}:{newline}{inner}"
    if indent == 0 and isinstance(value, list) and value and isinstance(value[0], Mapping):
        return f"{key}:{newline}" + "".join(render_item(v, 2, newline) for v in value)
    return f"{pad}{render_scalar(key)}: {render_flow(value)}{newline}"


def render_item(value: Mapping[str, object], dash: int, newline: str) -> str:
    """One entry of a list, its first key on the line of the dash, which stands at column `dash`."""
    if not value:
        return f"{' ' * dash}- {{}}{newline}"
    lines = "".join(render_pair(k, v, dash + 2, newline) for k, v in value.items())
    return f"{' ' * dash}- {lines[dash + 2 :]}"


def tree_of_value(value: object) -> object:
    """The tree that a rendered value reads back as (see `spots.tree_of`)."""
    if isinstance(value, str):
        return "scalar", value, False
    if isinstance(value, Mapping):
        return {k: tree_of_value(v) for k, v in value.items()}
    assert isinstance(value, Sequence)
    return [tree_of_value(v) for v in value]
