"""Why a choice has changed between two states of the answers: the one rule that did most."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from wa_advisor.engine.assessment import Truth
from wa_advisor.engine.choice import Judge
from wa_advisor.model import Rule


class Turn(Struct, frozen=True):
    """The rule, and whether it speaks now; if not, it is that it does not speak any more."""

    rule: Rule
    holds: bool


def turn_of(judge: Judge, before: Sequence[Truth], after: Sequence[Truth], was: str | None, now: str | None) -> Turn | None:
    """What brought `now` before `was`, by the truths of the rules before and after: a limit, else the weightiest argument."""
    found = None
    most = 0
    for rule, old, new in zip(judge.rules, before, after, strict=True):
        effect = _effect(judge, rule, (new is True) - (old is True), was, now)
        if effect > most:
            most, found = effect, Turn(rule, new is True)
    return found


def _effect(judge: Judge, rule: Rule, change: int, was: str | None, now: str | None) -> int:
    """How far a rule that begins (1) or ceases (-1) to hold brings one option before the other; 0 if it does not."""
    towards = (now in rule.options) - (was in rule.options)
    if rule.kind == "constraint":
        return -change * towards * 1000  # a limit decides, whatever else is said
    return change * towards * judge.weights[rule.strength] * (1 if rule.direction == "for" else -1)
