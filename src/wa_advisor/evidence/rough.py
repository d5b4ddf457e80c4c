"""Many statement texts -> a key each, fast: texts with equal keys have equal shapes.

The reverse need not hold: a key is only good enough to meet each kind of text a few times. All texts of a block of
a log are joined with NUL and go through one regular expression, so that the loop runs in C. What this cannot
treat safely (comments, dollar quotes, escapes outside MySQL, quotes inside quoted names) is found first, and
goes through a tokenizer instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wa_advisor.evidence.handles import bytes_without_handle

_NUMBER = rb"(?<=[0-9])(?<![\w$\"`\x80-\xff].)(?:(?<=0)[xX][0-9A-Fa-f]++|[0-9]*+(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)"
_PLAIN = rb"[^'\x00]*+'(?:'[^'\x00]*+')*+"
_BACKSLASH = rb"[^'\\\x00]*+(?:\\[^\x00][^'\\\x00]*+)*+'(?:'[^'\\\x00]*+(?:\\[^\x00][^'\\\x00]*+)*+')*+"
_MARK = b"\x01"

_SLOW_STRING = rb"'(?:[^'\x00]++|'')*+'"
_SLOW_ESCAPED = rb"'(?:[^'\\\x00]++|\\[^\x00]|'')*+'"
_COMMENT = rb"/\*(?!\s*,\s*\.\.\.)(?:[^*\x00]++|\*(?!/))*+\*/"
_DIGITS = rb"(?<![\w$])(?:0[xX][0-9A-Fa-f]++|[0-9]++(?:\.[0-9]*+)?+(?:[eE][+-]?[0-9]++)?+)"


def _fast(strings: bytes, double: bytes) -> re.Pattern[bytes]:
    """Starts with a set of characters, which the regular-expression engine skips to without trying."""
    opening = b"['\"0-9]" if double else b"['0-9]"
    after = b"(?![A-Za-z_])" if double else b""  # MySQL has names such as 2fa_tokens
    return re.compile(opening + b"(?:(?<=')" + strings + double + b"|" + _NUMBER + after + b")")


def _slow(parts: Sequence[bytes]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(parts), re.DOTALL)


_DOUBLE = b'|(?<=")' + _BACKSLASH.replace(b"'", b'"')
_DOLLAR = rb"\$(?P<tag>[A-Za-z_\x80-\xff]*)\$.*?\$(?P=tag)\$"
_SLOW = {
    "postgres": _slow(
        [b"(?P<drop>" + _COMMENT + rb"|--[^\n\x00]*)", rb'(?P<keep>"(?:[^"]++|"")*+")',
         rb"(?:(?<=[eE])" + _SLOW_ESCAPED + rb"|(?<![eE])" + _SLOW_STRING + b")", _DOLLAR, _DIGITS]
    ),
    "mysql": _slow(
        [rb"(?P<keep>/\*M?!|`(?:[^`]++|``)*+`)", b"(?P<drop>" + _COMMENT + rb"|--(?=\s)[^\n\x00]*|\#[^\n\x00]*)",
         _SLOW_ESCAPED, _SLOW_ESCAPED.replace(b"'", b'"'), _DIGITS + b"(?![A-Za-z_])"]
    ),
    "other": _slow(
        [b"(?P<drop>" + _COMMENT + rb"|--[^\n\x00]*)", rb'(?P<keep>"(?:[^"]++|"")*+"|`[^`]*+`)', _SLOW_STRING, _DOLLAR, _DIGITS]
    ),
}  # fmt: skip
_GLUED = re.compile(rb"'(?<=\w')\w")
_TAGGED = re.compile(rb"\$[A-Za-z_]*\$")


class RoughKeys:
    """Keys for the texts of one family of dialects; literals in `keep` stay in the key."""

    def __init__(self, family: str, keep: frozenset[str] = frozenset()) -> None:
        self.family = family
        double = _DOUBLE if family == "mysql" else b""
        self._fast = _fast(_BACKSLASH if family == "mysql" else _PLAIN, double)
        self._kept = tuple(sorted(k.encode() for k in keep))

    def keys(self, texts: Sequence[bytes]) -> list[bytes]:
        """One key a text, in order."""
        texts = list(map(bytes_without_handle, texts))
        blob = b"\x00".join(texts)
        if self._is_doubtful(blob):
            return self._mixed(texts)
        found = self._fast.sub(_MARK, blob).split(b"\x00")
        return found if len(found) == len(texts) else [self._careful(t) for t in texts]

    def _mixed(self, texts: Sequence[bytes]) -> list[bytes]:
        found: list[bytes] = []
        for text in texts:
            text = _without_outer_comments(text)
            found.append(self._careful(text) if self._is_doubtful(text) else self._fast.sub(_MARK, text))
        return found

    def _is_doubtful(self, text: bytes) -> bool:
        if b"--" in text or b"/*" in text or _GLUED.search(text) or any(k in text for k in self._kept):
            return True
        if self.family == "mysql":
            return b"#" in text
        return b"\\'" in text or (b"$" in text and _TAGGED.search(text) is not None)

    def _careful(self, text: bytes) -> bytes:
        return b"\x02" + _SLOW[self.family].sub(self._replace, text)

    def _replace(self, match: re.Match[bytes]) -> bytes:
        if match.lastgroup == "drop":
            return b" "
        if match.lastgroup == "keep" or match.group() in self._kept:
            return match.group()
        return _MARK


def _without_outer_comments(text: bytes) -> bytes:
    """The text without one comment before it and one behind: what query taggers add."""
    if text.startswith(b"/*") and text[2:3] not in b"!M":
        end = text.find(b"*/")
        if end > 0:
            text = text[end + 2 :].lstrip()
    tail = text.rstrip(b" \t\n;")
    if tail.endswith(b"*/"):
        start = tail.rfind(b"/*")
        if start >= 0 and tail[start + 2 : start + 3] not in b"!M ," and b"--" not in tail[:start]:
            text = tail[:start].rstrip()
    return text
