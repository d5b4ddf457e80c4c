"""`log_line_prefix` -> a regular expression; and the common forms, tried in turn on the head of a file."""

from __future__ import annotations

import re

from wa_advisor.errors import CommandError

_TIME = rb"(?P<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)"
_ZONE = rb"(?: [A-Za-z]{1,6}| ?[+-]\d\d(?::?\d\d)?)?+"
_ESCAPES = {
    "a": rb"[^\n]{0,64}?", "u": rb"[^\s@,|]*?", "d": rb"[^\s@,|]*?", "r": rb"[^\s,|]*?", "h": rb"[^\s,|]*?",
    "b": rb"[A-Za-z ]*+", "p": rb"(?P<session>\d+)", "P": rb"\d*+", "t": _TIME + _ZONE,
    "m": _TIME + rb"[.,]\d{1,6}" + _ZONE, "n": rb"(?P<epoch>\d{9,11})\.\d{3}", "i": rb"[A-Za-z ]*?", "e": rb"[0-9A-Z]{5}",
    "c": rb"(?P<id>[0-9a-f]{1,16}\.[0-9a-f]{1,8})", "l": rb"\d++", "s": rb"[-\d]+ [\d:]+" + _ZONE, "v": rb"[\d/]*+",
    "x": rb"\d*+", "Q": rb"-?\d*+", "L": rb"[^\s,|]*?", "%": b"%",
}  # fmt: skip
LEVELS = rb"(?:LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG[1-5]?|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION)"

COMMON = (
    "%m [%p] ", "%m [%p] %q%u@%d ", "%t:%r:%u@%d:[%p]:", "%m:%r:%u@%d:[%p]:", "%t:%r:%u@%d:[%p]:[%l]:",
    "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ", "%m [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%t [%p]: user=%u,db=%d,app=%a,client=%h ", "%m [%p]: user=%u,db=%d,app=%a,client=%h ",
    "%t [%p]: [%l-1] user=%u,db=%d ", "%t [%p]: [%l-1] db=%d,user=%u,app=%a,client=%h ", "%t [%p]: [%l-1] db=%d,user=%u ",
    "%m [%p] db=%d,user=%u,app=%a,client=%h ", "%m [%p] user=%u,db=%d,app=%a,client=%h ", "%m [%p]: [%l-1] db=%d,user=%u ",
    "%m [%p] %q%u@%d/%a ", "%m [%p] %u@%d ", "%t [%p] %u@%d ", "%t [%p-%l] %q%u@%d ", "%t [%p-%l] ", "%t [%p]: [%l-1] ",
    "%m [%p]: [%l-1] ", "%t [%p]: ", "%m [%p]: ", "%t [%p] ", "%m %p ", "%t %p ", "%m [%c] ", "%t [%c] ", "%m %c ", "%t %c ",
    "%t-%c-", "%m-%c-", "%m|%u|%d|%c|", "%m|%u|%d|%p|", "%t|%u|%d|%p|", "< %m >", "< %t >", "< %m > ", "< %t > ", "<%m> ",
    "< %m [%p] > ", "%t %u@%d ", "%m %u@%d ", "%t %u %d %r %p ", "%m %u %d %r %p ", "%n [%p] ", "%n %p ", "%m %d %u [%p] ",
    "%m %u %d [%p] ", "%n [%p] %q%u@%d ", "%m %b[%p] ", "%m [%p] %b ", "%m [%p] %q[user=%u,db=%d,app=%a] ",
    "%t [%p] %q[user=%u,db=%d,app=%a] ", "%h %m [%p]: ", "%h %t [%p]: ", "%c ", "%m ", "%t ", "",
)  # fmt: skip


def compile_prefix(prefix: str) -> bytes:
    """The pattern of a prefix; names its groups time (or epoch) and session or id. CommandError when it is no prefix."""
    pattern = b""
    tail = b""
    seen: set[str] = set()
    at = 0
    while at < len(prefix):
        char = prefix[at]
        at += 1
        if char != "%":
            pattern += re.escape(char.encode())
            continue
        width = re.match(r"-?\d*", prefix[at:])
        at += width.end() if width else 0
        letter = prefix[at : at + 1]
        at += 1
        if letter == "q":
            pattern += b"(?:"
            tail += b")?"
        elif letter in _ESCAPES:
            pattern += _piece(letter, seen, padded=bool(width and width.group()))
        else:
            raise CommandError(
                f'"%{letter}" is no escape of log_line_prefix: copy the setting as SHOW prints it', "--log-line-prefix"
            )
    return pattern + tail + b" *+"


def _piece(letter: str, seen: set[str], *, padded: bool) -> bytes:
    """An escape's pattern; a group is named the first time only."""
    piece = _ESCAPES[letter]
    match = re.search(rb"\?P<(\w+)>", piece)
    name = match[1].decode() if match else ""
    if name and name in seen:
        piece = piece.replace(b"?P<" + name.encode() + b">", b"?:")
    seen.add(name)
    return rb" *+" + piece + rb" *" if padded else piece


def recognise_prefix(lines: list[bytes]) -> str | None:
    """The common prefix that the most of these lines begin with; None when no line fits any."""
    best, most = None, 0
    for prefix in COMMON:
        pattern = re.compile(compile_prefix(prefix) + LEVELS + rb":\s")
        count = sum(1 for line in lines if pattern.match(line))
        if count > most:
            best, most = prefix, count
    return best
