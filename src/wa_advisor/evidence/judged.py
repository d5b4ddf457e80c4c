"""A counted shape together with what the classifier says of it."""

from __future__ import annotations

from msgspec import Struct

from wa_advisor.evidence.sql.record import Statement
from wa_advisor.evidence.tally import Counted

NAMES = ("key-value", "single-table", "relational", "not-counted", "opaque")
COUNTED = NAMES[:3]


class Judged(Struct, frozen=True, kw_only=True):
    """One shape with what the classifier says of it. `text` is normalised: no literal is in it."""

    counted: Counted
    statement: Statement

    @property
    def name(self) -> str:
        return self.statement.name

    @property
    def kind(self) -> str:
        return self.statement.kind

    @property
    def key(self) -> str:
        return self.statement.key

    @property
    def operation(self) -> str:
        return self.statement.operation

    @property
    def why(self) -> str:
        return self.statement.why

    @property
    def text(self) -> str:
        """The normalised text; of what could not be parsed only what stands before its first literal."""
        text = self.counted.shape.text
        if self.name == "opaque" and self.kind == "unparsed" and "?" in text:
            return text[: text.index("?") + 1] + " .."
        return text

    @property
    def calls(self) -> int:
        return self.counted.calls

    @property
    def is_read(self) -> bool:
        return self.statement.is_read
