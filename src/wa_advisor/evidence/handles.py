"""Names of cursors, savepoints and prepared statements to be dropped: drivers count them up, and each would be a shape of its own."""

from __future__ import annotations

import re

_NAME = r'(?:"[^"]*"|`[^`]*`|[A-Za-z_][\w$]*)'
_BEFORE = (
    r"DECLARE|SAVEPOINT|RELEASE(?:\s+SAVEPOINT)?|ROLLBACK(?:\s+(?:WORK|TRANSACTION))?\s+TO(?:\s+SAVEPOINT)?"
    r"|(?:FETCH|MOVE)(?:\s+(?:NEXT|PRIOR|FIRST|LAST|ALL|FORWARD|BACKWARD|ABSOLUTE|RELATIVE|-?\d+))*\s+(?:FROM|IN)|CLOSE|DEALLOCATE(?:\s+PREPARE)?"
)
_TEXT = re.compile(rf"(\s*(?:{_BEFORE})\s+)(?!(?:SAVEPOINT|PREPARE|ALL)\b){_NAME}", re.IGNORECASE)
_BYTES = re.compile(_TEXT.pattern.encode(), re.IGNORECASE)
_STARTS = frozenset(
    a + b for w in ("DE", "SA", "RE", "RO", "FE", "MO", "CL") for a in (w[0], w[0].lower()) for b in (w[1], w[1].lower())
)
_FIRST = frozenset(s.encode() for s in _STARTS)


def without_handle(text: str) -> str:
    """The text with one name for every cursor or savepoint; any other text as it is."""
    return _TEXT.sub(r"\1x", text, count=1) if text[:2] in _STARTS and _TEXT.match(text) else text


def bytes_without_handle(text: bytes) -> bytes:
    """The same for bytes."""
    return _BYTES.sub(rb"\1x", text, count=1) if text[:2] in _FIRST and _BYTES.match(text) else text
