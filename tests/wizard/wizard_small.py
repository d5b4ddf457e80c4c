"""The small rule set of these tests, a run from scripted replies, and a file kept in memory."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from wa_advisor.model import RuleSet
from wa_advisor.ruleset.compile import compile_ruleset
from wa_advisor.ruleset.source import parse_yaml
from wa_advisor.wizard.document import new_text, read_document
from wa_advisor.wizard.interview import Interview, SaveFailed
from wa_advisor.wizard.screen import Give, Reply

RULES = Path(__file__).parent / "rules"


@cache
def small() -> RuleSet:
    files = [parse_yaml(p.read_text(encoding="utf-8"), p.name) for p in sorted(RULES.glob("*.yaml"))]
    return compile_ruleset([("small", files)])


class Kept:
    """What was saved, the last text last; `fail` makes the next saves fail."""

    def __init__(self, text: str | None = None) -> None:
        self.texts: list[str] = [] if text is None else [text]
        self.fail = ""
        self.other: str | None = None

    def __call__(self, text: str) -> str | None:
        if self.fail:
            raise SaveFailed(self.fail)
        if self.other is not None:
            other, self.other = self.other, None
            return other
        self.texts.append(text)
        return None

    @property
    def text(self) -> str:
        return self.texts[-1]


def start(text: str | None = None, today: str = "") -> tuple[Interview, Kept]:
    """An Interview on a text (None: a new file), and what it saves to."""
    kept = Kept(text)
    document = read_document(text if text is not None else new_text(small()), "answers.yaml", small())
    return Interview(document, kept, resumed=text is not None, today=today), kept


def say(interview: Interview, *replies: Reply | str) -> Interview:
    """The interview after the replies; a bare text is given as it is."""
    for reply in replies:
        interview.take(Give(reply) if isinstance(reply, str) else reply)
    return interview


def asks(interview: Interview) -> str:
    return interview.screen().ask


def states(rows: Iterable[object]) -> list[tuple[str, str]]:
    return [(row.value, row.state) for row in rows]  # type: ignore[attr-defined]
