"""Which way each answer to a question pushes: what it would bring first now, and the rules by which it does."""

from __future__ import annotations

from msgspec import Struct

from wa_advisor.engine.choice import Judge
from wa_advisor.engine.flips import leads
from wa_advisor.engine.world import Key
from wa_advisor.model import Question, Rule
from wa_advisor.ruleset.compile import names_in


class Push(Struct, frozen=True, kw_only=True):
    """What a choice would be with each answer: (answer, option or None). `rules` are (answers, Rule): by which answers a rule
    would hold; no answers where the rule may hold by a figure or with others, and none of those beside rules of the first
    kind. The weightiest rule is first."""

    leads: tuple[tuple[str, str | None], ...]
    rules: tuple[tuple[tuple[str, ...], Rule], ...]


def push_of(judge: Judge, question: Question, key: Key) -> Push:
    """Which way the answers to a question push one choice about one item."""
    live = judge.contenders(judge.tally(judge.truths(judge.world)))
    leaning = [r for r, needs in zip(judge.rules, judge.needs, strict=True) if question.id in needs and live & set(r.options)]
    found = [(by, r) for r in leaning if (by := _holds_by(judge, question, key, r)) is not None]
    certain = [f for f in found if f[0]]
    found = certain or [f for f in found if question.id in names_in(f[1].when)] or found  # the nearest reasons say it best
    found.sort(key=lambda f: -_weight(judge, f[1]))
    return Push(leads=tuple(leads(judge, question, key)), rules=tuple(found))


def _holds_by(judge: Judge, question: Question, key: Key, rule: Rule) -> tuple[str, ...] | None:
    """The answers by which a rule would hold; () where it may by a figure or with others, None where the answer changes nothing."""
    now = judge.world.judge(rule.when, judge.scope, judge.index)
    if question.type in ("choice", "yes-no"):
        words = judge.world.ruleset.domains[question.id].choices
        truths = [judge.world.instead(key, 1 << n).judge(rule.when, judge.scope, judge.index) for n in range(len(words))]
        holds = tuple(word for word, truth in zip(words, truths, strict=True) if truth)
        if holds:
            return holds if len(holds) < len(words) else None
    return () if now is None else None


def _weight(judge: Judge, rule: Rule) -> int:
    return 1000 if rule.kind == "constraint" else judge.weights[rule.strength]
