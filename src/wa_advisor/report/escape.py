"""Untrusted text made safe for Markdown and for Mermaid labels.

Two dangers need two means. What the Markdown parser reads (tables, HTML, emphasis, links) is written as an
entity or behind a backslash. What GitHub and GitLab look for afterwards, in the rendered text (`@name`, `#12`,
`:smile:`, `irc://`), no escape can hide: there a zero-width space, which shows nothing, breaks the pattern.
Plain text stays readable in the source, since only what could mean something is touched.
"""

from __future__ import annotations

import re
import unicodedata

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\\": "&#92;", "|": "&#124;", "`": "&#96;"}
_BACKSLASHED = frozenset("*[]~#^${}")
_BREAK = "&#8203;"
_DROPPED = {"Cc", "Cf", "Cs", "Co"}
_JOINERS = "\u200c\u200d"
_MAX_MARKS = 6

# Where a break goes after the first character: references, e-mail, emoji, other schemes, inline differences.
_BREAK_AFTER = re.compile(
    r"""[@#](?=\S) | [!$~%&](?=[\w"]) | :(?=//) | :(?=[\w+-]+:) | :(?=[\w+-]*[a-zA-Z+-][\w+-]*$) | (?<=[gG][hH])-(?=\d) | [\[{](?=[+\-_\[]) | \[(?=[a-z_]+:)""",
    re.VERBOSE,
)
_LABEL_MARKS = " -.,/()+:'_"


class Markdown(str):
    """Text that is Markdown already: printed as it is."""

    __slots__ = ()


def clean_text(text: str, limit: int) -> str:
    """`text` as one line without what cannot be seen, cut with "…" at `limit` characters."""
    kept: list[str] = []
    marks = 0
    for c in text:
        if c.isspace():
            kept.append(" ")
            continue
        category = unicodedata.category(c)
        marks = marks + 1 if category == "Mn" else 0
        joins = c in _JOINERS and kept and not kept[-1].isascii()
        if marks > _MAX_MARKS or ((category in _DROPPED or c in "\ufffe\uffff") and not joins):
            continue
        kept.append(c)
    clean = re.sub(r" +", " ", "".join(kept)).strip()
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"


def escape_markdown(text: str, limit: int = 400) -> Markdown:
    """One line that renders as `text` itself: no markup, link, image, HTML or mention."""
    clean = clean_text(text, limit)
    breaks = {match.start() for match in _BREAK_AFTER.finditer(clean)}
    parts = [_escaped(clean, i) + (_BREAK if i in breaks else "") for i in range(len(clean))]
    number = re.match(r"\d+(?=[.)](?:\s|$))", clean)
    if number:
        parts[number.end()] = "\\" + clean[number.end()]
    elif clean[:1] in ("-", "+", "=", ":"):
        parts[0] = "\\" + parts[0].lstrip("\\")
    return Markdown("".join(parts) or _BREAK)


def escape_prose(text: str, limit: int = 600) -> Markdown:
    """A sentence of the rule set: as `escape_markdown`, but what stands between backticks is a code span."""
    parts = re.split(r"`([^`]+)`", clean_text(text, limit))
    return Markdown("".join(code_span(part) if n % 2 else _between(part) for n, part in enumerate(parts)))


def _between(text: str) -> str:
    """A stretch of prose with the blanks at its ends kept."""
    if not text.strip():
        return text
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return lead + escape_markdown(text, len(text)) + trail


def _escaped(text: str, i: int) -> str:
    """The character at `i` so that the Markdown parser reads nothing into it."""
    c = text[i]
    if c.isalnum() or c == " ":
        return c
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    if c in _ENTITIES:
        return _ENTITIES[c]
    if c in _BACKSLASHED:
        return "\\" + c
    if c == "_" and not (before.isalnum() and after.isalnum()):
        return "\\_"
    if c == "." and (_in_domain(before, after) or text[max(0, i - 3) : i].lower() == "www"):
        return "\\."
    if c in "/=" and c in (before, after):
        return "\\" + c
    return c


def _in_domain(before: str, after: str) -> bool:
    """Whether a dot between these may stand in a bare domain, which is a link to some renderers."""
    return after.isalnum() and bool(before.strip()) and not (before.isdigit() and after.isdigit())


def code_span(text: str) -> Markdown:
    """An identifier of the rule set in a code span; text that could leave it is escaped instead."""
    return Markdown(f"`{text}`") if re.fullmatch(r"[\w.,:/@ =+-]*\w[\w.,:/@ =+-]*", text) else escape_markdown(text)


def mermaid_label(text: str, limit: int = 40) -> str:
    """A label for a quoted Mermaid string: letters, digits and a few marks, nothing that Mermaid reads."""
    line = clean_text(text, 10 * limit)
    clean = "".join(c if unicodedata.category(c)[0] in "LMN" or c in _LABEL_MARKS else " " for c in line)
    clean = re.sub(r" +", " ", clean).strip()
    clean = re.sub(r"^(?:[-+]|\d+[.)]) ", "", clean) or "unnamed"
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"
