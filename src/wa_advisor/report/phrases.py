"""Conditions, answers and figures as words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from wa_advisor.model import SCOPES, RuleSet
from wa_advisor.quantity import Number, format_magnitude

_WORDS = {"is": "is", "is not": "is not", ">": "is above", ">=": "is at least", "<": "is below", "<=": "is at most"}
_SURE = {
    "decided": "no answer still missing can change it",
    "leaning": "an answer still missing could change it",
    "open": "not enough is known yet",
}


def certainty_meaning(word: str) -> str:
    return _SURE[word]


def label_of(ruleset: RuleSet, name: str) -> str:
    """What to call a question, derived value or named condition in a sentence."""
    derived = ruleset.derived.get(name)
    if derived is not None and derived.name:
        return derived.name[0].lower() + derived.name[1:]
    return name.replace("_", " ")


def condition_phrase(ruleset: RuleSet, tree: Any) -> str:
    """A condition as a phrase: "item size above 400 KB"."""
    kind = tree[0]
    if kind == "cmp":
        return _comparison(ruleset, tree)
    if kind == "ref":
        named = ruleset.conditions.get(tree[1])
        return condition_phrase(ruleset, named.when) if named is not None else label_of(ruleset, tree[1])
    if kind == "not":
        return f"not ({condition_phrase(ruleset, tree[1])})"
    parts = [condition_phrase(ruleset, part) for part in tree[1]]
    return f" {kind} ".join(f"({p})" if kind == "and" and " or " in p else p for p in parts)


def _comparison(ruleset: RuleSet, tree: Any) -> str:
    name, op, literals = label_of(ruleset, tree[1]), tree[2], [value for value, _ in tree[3]]
    if op in ("in", "not in"):
        return f"{name} {'is' if op == 'in' else 'is not'} {listed(literals, 'or')}"
    if op == "includes":
        return f"{name} includes {literals[0]}"
    fact = ruleset.facts.get(literals[0])
    return f"{name} {_WORDS[op]} {fact.text if fact else literals[0]}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """ "a, b and c"."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def counted(number: int, word: str, many: str = "") -> str:
    """ "1 decision", "2 decisions", "no decisions"."""
    return f"{number or 'no'} {word if number == 1 else many or word + 's'}"


def share_range(low: Fraction, high: Fraction) -> str:
    """ "70 %", or "20 to 40 %" while a class is not settled."""
    if 0 < high < Fraction(1, 200):
        return "below 1 %"
    first, last = f"{float(low) * 100:.0f}", f"{float(high) * 100:.0f}"
    return f"{first} %" if first == last else f"{first} to {last} %"


def magnitude_range(low: Number, high: Number, dimension: str) -> str:
    if dimension == "count" and 0 < low <= high < 1:
        return "below 1"  # a part of a machine or a call, which nobody counts in thousandths
    first, last = format_magnitude(low, dimension), format_magnitude(high, dimension)
    return first if first == last else f"{first} to {last}"


def points_range(points: Sequence[int]) -> str:
    """ "6 points", "1 point" or "2 to 4 points"; a minus sign and no hyphen, which Markdown may read."""
    low, high = (str(p).replace("-", "\u2212") for p in (min(points), max(points)))
    if low == high:
        return f"{low} point{'' if abs(points[0]) == 1 else 's'}"
    return f"{low} to {high} points"


def decision_order(ruleset: RuleSet) -> list[str]:
    """The decisions as a reader meets them: patterns, components, interfaces, hand-overs, processes."""
    return sorted(ruleset.decisions, key=lambda d: SCOPES.index(ruleset.decisions[d].scope))
