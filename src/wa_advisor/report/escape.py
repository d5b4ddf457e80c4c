"""Untrusted text made safe for Markdown tables and Mermaid labels.

Characters that mean something to Markdown or HTML become numeric entities, which every renderer shows as the
character itself: they can open nothing, in a table cell or out of it.
"""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = set("&<>@|`*_[]()#!~\\\"'${}^=")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def escape_markdown(text: str, limit: int = 400) -> str:
    """One line that renders as `text` itself: no markup, link, image, HTML or mention."""
    clean = "".join(" " if c in "\r\n\t" else c for c in text)
    clean = "".join(c for c in clean if unicodedata.category(c) not in _INVISIBLE)
    clean = re.sub(r"\s+", " ", clean).strip()
    if len(clean) > limit:
        clean = clean[: limit - 1].rstrip() + "…"
    out = "".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in clean)
    out = re.sub(r":(?=//)|(?<=[hH][tT][tT][pP]):|(?<=[sS]):(?=/)", "&#58;", out)
    out = re.sub(r"(?i)\b(www)\.", r"\1&#46;", out)
    out = re.sub(r"^([-+:>]|\d+(?=[.]))", lambda m: "".join(f"&#{ord(c)};" for c in m[0]), out)
    return out


def mermaid_label(text: str, limit: int = 40) -> str:
    """A label for a quoted Mermaid string: letters, digits and a few marks, nothing that Mermaid reads."""
    clean = "".join(c if c.isalnum() or c in " -.,/" else " " for c in unicodedata.normalize("NFC", text))
    clean = re.sub(r"\s+", " ", clean).strip() or "unnamed"
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"
