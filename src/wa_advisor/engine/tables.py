"""One table decision for one item: the outcomes that are still possible, and the mix of classes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from wa_advisor.engine.assessment import ClassVerdict, Mix
from wa_advisor.engine.world import World
from wa_advisor.model import Answers, Decision, Item
from wa_advisor.quantity import Interval

WEIGHT = "average_rate"
"""The question by which patterns are weighed in the mix."""


def classify(world: World, decision: Decision, scope: str, index: int, item: Item) -> ClassVerdict:
    domain = world.ruleset.domains[decision.id]
    mask = world.mask((scope, index, decision.id))
    candidates = tuple(c for i, c in enumerate(domain.choices) if mask >> i & 1)
    because = rule_id = source = ""
    if len(candidates) == 1:
        because, rule_id = decision.otherwise_because, "else"
        for rule in decision.rules:
            if world.judge(rule.when, scope, index):
                because, rule_id, source = rule.because, rule.id, rule.source
                break
    names: set[str] = set()
    if len(candidates) > 1:
        needs = world.ruleset.needs[decision.id]
        for name in world.ruleset.questions:
            key = (scope, index, name)
            if name in needs and world.relevant(key) is not False and bin(world.mask(key)).count("1") > 1:
                names.add(name)
    return ClassVerdict(
        decision=decision.id, item=item.name, outcome=candidates[0] if len(candidates) == 1 else None,
        candidates=candidates, because=because, rule=rule_id, source=source,
        open_questions=tuple(n for n in world.ruleset.questions if n in names),
    )  # fmt: skip


def mix_of(world: World, answers: Answers, classes: Mapping[str, ClassVerdict]) -> Mix | None:
    patterns = answers.items("access_patterns")
    if not patterns:
        return None
    rates = [p.answers.get(WEIGHT) for p in patterns]
    values = [r.value for r in rates if r is not None and isinstance(r.value, Interval)]
    lows: list[Fraction] = []
    highs: list[Fraction] = []
    weighted_by = WEIGHT
    if len(values) == len(patterns) and all(v.low is not None and v.high is not None for v in values):
        lows = [Fraction(v.low or 0) for v in values]
        highs = [Fraction(v.high or 0) for v in values]
    if not lows or not sum(lows):
        weighted_by = "patterns"
        lows = highs = [Fraction(1)] * len(patterns)
    shares: dict[str, tuple[Fraction, Fraction]] = {}
    named = ("key-value", "single-table", "relational")
    for name in (*named, "other"):
        sure, possible = Fraction(0), Fraction(0)
        rest_sure, rest_possible = Fraction(0), Fraction(0)
        for pattern, low, high in zip(patterns, lows, highs, strict=True):
            verdict = classes.get(pattern.name)
            candidates = verdict.candidates if verdict else ()
            hits = [c for c in candidates if (c == name if name != "other" else c not in named)]
            if hits and len(hits) == len(candidates):
                sure += low
                possible += high
            else:
                rest_sure += low if not hits else 0
                rest_possible += high
                possible += high if hits else 0
        total_low, total_high = sure + rest_possible, possible + rest_sure
        shares[name] = (sure / total_low if total_low else Fraction(0), possible / total_high if total_high else Fraction(0))
    return Mix(weighted_by=weighted_by, shares=shares)
