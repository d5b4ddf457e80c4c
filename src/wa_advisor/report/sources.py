"""The sources of a report, numbered in the order in which they are first cited; each URL once."""

from __future__ import annotations

import re

from msgspec import Struct

from wa_advisor.report.escape import Markdown, escape_markdown

_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9._~/?#=&%+,:@-]+")


class Source(Struct, frozen=True, kw_only=True):
    """`link` is ready to print; `dates` are those of the figures read there."""

    number: int
    link: Markdown
    dates: tuple[str, ...]


class Sources:
    """Hands out the number of a source when it is cited."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, None]] = {}

    def cite(self, url: str, as_of: str = "") -> int:
        """The number of a source, 0 for none."""
        if not url:
            return 0
        dates = self._found.setdefault(url, {})
        if as_of:
            dates[as_of] = None
        return list(self._found).index(url) + 1

    def listed(self) -> tuple[Source, ...]:
        return tuple(
            Source(number=i, link=_link(url), dates=tuple(sorted(dates))) for i, (url, dates) in enumerate(self._found.items(), 1)
        )


def _link(url: str) -> Markdown:
    """An own link only for what is an address and nothing else."""
    return Markdown(f"<{url}>") if _PLAIN_URL.fullmatch(url) else escape_markdown(url)
