"""Questions about a whole RuleSet: what is never argued for, never asked to any end, or can never be reached.

A RuleSet that compiled is sound; these are the faults of sense that only the whole shows. `check_ruleset`
returns warnings, overlapping rows of a table are errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wa_advisor.conditions import Tree
from wa_advisor.errors import Problem, Span
from wa_advisor.model import Decision, Rule, RuleSet
from wa_advisor.quantity import Interval, describe_interval, parse_quantity
from wa_advisor.ruleset.cells import cell_range
from wa_advisor.ruleset.compile import comparison_mask, names_in
from wa_advisor.ruleset.trees import comparisons

MAX_STEPS = 50_000


def check_ruleset(ruleset: RuleSet) -> list[Problem]:
    """Problems of sense, errors first."""
    found = [*_tables(ruleset), *_never_argued_for(ruleset), *_unused(ruleset), *_unsourced(ruleset)]
    return sorted(found, key=lambda p: (p.warning, p.span.file, p.span.line))


def _warn(span: Span, message: str) -> Problem:
    return Problem(span, message, warning=True)


def all_rules(ruleset: RuleSet) -> Iterator[tuple[Decision, Rule]]:
    for decision in ruleset.decisions.values():
        for rule in decision.rules:
            yield decision, rule


def _never_argued_for(ruleset: RuleSet) -> Iterator[Problem]:
    for decision in ruleset.decisions.values():
        if decision.kind != "choice":
            continue
        argued = {o for r in decision.rules if r.direction == "for" for o in r.options}
        for option in decision.options:
            if option not in argued:
                yield _warn(
                    decision.span,
                    f'nothing ever speaks for the option "{option}" of {decision.id}: add an argument, or remove it',
                )


def trees_of(ruleset: RuleSet) -> Iterator[tuple[str, Tree]]:
    """Every condition and expression, with the id of what holds it."""
    for question in ruleset.questions.values():
        if question.when is not None:
            yield question.id, question.when
    for named in ruleset.conditions.values():
        yield named.id, named.when
    for assumption in ruleset.assumptions.values():
        yield assumption.id, assumption.never
    for derived in ruleset.derived.values():
        yield derived.id, derived.value
    for _, rule in all_rules(ruleset):
        yield rule.id, rule.when
    for risk in ruleset.risks.values():
        yield risk.id, risk.when
    for advice in ruleset.advice.values():
        yield advice.id, advice.when
    for lens in ruleset.lens.values():
        for practice in lens.practices:
            for tree in practice.touches.values():
                yield practice.id, tree
    yield from _figures(ruleset)


def _figures(ruleset: RuleSet) -> Iterator[tuple[str, Tree]]:
    """The sentences of costs, quotas and backgrounds."""
    for cost in ruleset.costs.values():
        for line in cost.lines:
            yield from ((cost.id, tree) for tree in (line.value, line.when) if tree is not None)
    for quota in ruleset.quotas.values():
        yield from ((quota.id, tree) for tree in (quota.value, quota.limit, quota.when) if tree is not None)
    for background in ruleset.backgrounds.values():
        yield background.id, background.when
    for derived in ruleset.derived.values():
        if derived.shown is not None:
            yield derived.id, derived.shown


def _unused(ruleset: RuleSet) -> Iterator[Problem]:
    used: set[str] = {"average_rate"}  # the mix is weighed by it
    words: dict[str, set[str]] = {}
    facts: set[str] = set()
    for _, tree in trees_of(ruleset):
        used |= names_in(tree)
        for name, literals in _literals(tree):
            words.setdefault(name, set()).update(literals)
            facts |= {v for v in literals if v in ruleset.facts}
    for question in ruleset.questions.values():
        if question.id not in used and question.type != "text":
            yield _warn(question.span, f'no rule uses the answer to "{question.id}": add a rule, or stop asking')
        elif question.type in ("choice", "choices"):
            left = [c for c in question.choices if c not in words.get(question.id, ())]
            if len(left) > 1:
                yield _warn(question.span, f'no rule tells the choices {", ".join(left)} of "{question.id}" apart: merge them')
    for named in ruleset.conditions.values():
        if named.id not in used:
            yield _warn(named.span, f'the condition "{named.id}" is never used: remove it')
    for derived in ruleset.derived.values():
        if derived.id not in used and not derived.name:
            yield _warn(derived.span, f'the derived value "{derived.id}" is never used, nor printed: name or remove it')


def _literals(tree: Any) -> Iterator[tuple[str, list[str]]]:
    kind = tree[0]
    if kind == "cmp":
        yield tree[1], [v for v, _ in tree[3]]
    elif kind == "not":
        yield from _literals(tree[1])
    elif kind in ("and", "or"):
        for part in tree[1]:
            yield from _literals(part)
    elif kind == "over" and tree[4] is not None:
        yield from _literals(tree[4])


def _unsourced(ruleset: RuleSet) -> Iterator[Problem]:
    for _, rule in all_rules(ruleset):
        cites = any(v in ruleset.facts for _, values in _literals(rule.when) for v in values)
        if not rule.source and not cites and rule.basis != "judgement":
            yield _warn(rule.span, f'"{rule.id}" is marked {rule.basis} but names no source: add its URL')


# -- tables ------------------------------------------------------------------------------------------


def _tables(ruleset: RuleSet) -> Iterator[Problem]:
    for decision in ruleset.decisions.values():
        if decision.kind != "table":
            continue
        ids = [r.id for r in decision.rules]
        for index, rule in enumerate(decision.rules):
            for name in rule.before:
                if name not in ids[index + 1 :]:
                    yield Problem(rule.span, f'`before` names "{name}", which is no later row of {decision.id}: correct it')
            for later in decision.rules[index + 1 :]:
                if later.outcome != rule.outcome and later.id not in rule.before:
                    both = _both(ruleset, [rule.when, later.when])
                    if both:
                        yield Problem(
                            rule.span,
                            f'the rows "{rule.id}" and "{later.id}" can both be true ({both}): add `before: [{later.id}]`, or part them',
                        )
            earlier = [("not", r.when) for r in decision.rules[:index]]
            if earlier and _both(ruleset, [rule.when, *earlier]) == "":
                yield _warn(rule.span, f'the row "{rule.id}" can never fire: the rows above cover it')


def _both(ruleset: RuleSet, trees: list[Any]) -> str | None:
    """Answers under which all are true, "" when there are none, None when the search was cut short."""
    known = {n for t in trees for n in _leaves(ruleset, t)}
    for one in ruleset.assumptions.values():
        if known & _leaves(ruleset, one.never):
            trees = [*trees, ("not", one.never)]
    names = sorted({n for t in trees for n in _leaves(ruleset, t)})
    steps = [0]
    found = _search(ruleset, trees, names, {}, steps)
    if found is None:
        return None if steps[0] > MAX_STEPS else ""
    return ", ".join(_shown(ruleset, n, m) for n, m in found.items()) or "always"


def _leaves(ruleset: RuleSet, tree: Any) -> set[str]:
    """The names that a condition hangs on; a question of several choices is one name a choice, as `features#joins`."""
    found: set[str] = set()
    for one in comparisons(tree):
        name = one[1]
        named = ruleset.conditions.get(name)
        if named is not None:
            found |= _leaves(ruleset, named.when)
            continue
        found.add(f"{name}#{one[3][0][0]}" if one[0] == "cmp" and one[2] == "includes" else name)
        question = ruleset.questions.get(name)
        if question is not None and question.when is not None:
            found |= _leaves(ruleset, question.when)
    return found


def _cells(ruleset: RuleSet, name: str) -> list[int]:
    """The cells of a name, one bit each; of a choice among several, chosen and not chosen."""
    if "#" in name:
        return [1, 2]
    domain = ruleset.domains[name]
    return [bit for cell in range(domain.size + 1) if (bit := 1 << cell) & (domain.full | domain.none)]


def _search(
    ruleset: RuleSet, trees: list[Any], names: list[str], fixed: dict[str, int], steps: list[int]
) -> dict[str, int] | None:
    steps[0] += 1
    if steps[0] > MAX_STEPS:
        return None
    truths = [_judge(ruleset, t, fixed) for t in trees]
    if False in truths:
        return None
    if all(truths):
        return dict(fixed)
    name = next((n for n in names if n not in fixed), None)
    if name is None:
        return None
    for bit in _cells(ruleset, name):
        found = _search(ruleset, trees, names, {**fixed, name: bit}, steps)
        if found is not None:
            return found
    return None


def _judge(ruleset: RuleSet, tree: Any, fixed: Mapping[str, int]) -> bool | None:
    kind = tree[0]
    if kind == "not":
        truth = _judge(ruleset, tree[1], fixed)
        return None if truth is None else not truth
    if kind in ("and", "or"):
        truths = [_judge(ruleset, t, fixed) for t in tree[1]]
        stop = kind == "or"
        return stop if stop in truths else None if None in truths else not stop
    name = tree[1]
    named = ruleset.conditions.get(name)
    if named is not None:
        return _judge(ruleset, named.when, fixed)
    question = ruleset.questions.get(name)
    if question is not None and question.when is not None:
        relevant = _judge(ruleset, question.when, fixed)
        if not relevant:
            return relevant
    if tree[0] == "cmp" and tree[2] == "includes":
        chosen = fixed.get(f"{name}#{tree[3][0][0]}")
        return None if chosen is None else chosen == 1
    if name not in fixed:
        return None
    return bool(fixed[name] & _mask(ruleset, tree))


def _mask(ruleset: RuleSet, tree: Any) -> int:
    if tree[0] == "ref":
        return 1
    domain = ruleset.domains[tree[1]]
    if domain.kind == "choice":
        return comparison_mask(domain, "in", [v for v, _ in tree[3]])
    known = ruleset.questions.get(tree[1]) or ruleset.derived[tree[1]]
    values = [ruleset.facts[v].magnitude if v in ruleset.facts else parse_quantity(v, known.type).magnitude for v, _ in tree[3]]
    return comparison_mask(domain, tree[2], values)


def _shown(ruleset: RuleSet, name: str, mask: int) -> str:
    """One cell in words: `lookup is range`, `item_size above 400 KB`."""
    question, _, choice = name.partition("#")
    if choice:
        return f"{question} includes {choice}" if mask == 1 else f"{question} without {choice}"
    domain = ruleset.domains[name]
    if mask == domain.none:
        return f"{name} does not apply"
    if domain.kind == "choice":
        return f"{name} is {domain.choices[mask.bit_length() - 1]}"
    known = ruleset.questions.get(name) or ruleset.derived[name]
    low, high, is_open = cell_range(domain, mask.bit_length() - 1)
    cell = Interval(low, high, low is not None and is_open, high is not None and is_open)
    return f"{name} {describe_interval(cell, Interval(domain.low, domain.high), known.type)}"
