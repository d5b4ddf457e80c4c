"""Which facts stand behind a verdict, so that their age can be told."""

from __future__ import annotations

from collections.abc import Iterator

from wa_advisor.conditions import Tree
from wa_advisor.engine.assessment import Verdict
from wa_advisor.model import Fact, Rule, RuleSet
from wa_advisor.ruleset.trees import facts_in, names_in


def facts_behind(ruleset: RuleSet, verdict: Verdict) -> tuple[Fact, ...]:
    """The facts named by what spoke, and by what could have ruled the choice out and did not; through derived values too."""
    found: dict[str, None] = {}
    for tree in (rule.when for rule in _rules(ruleset, verdict)):
        found |= dict.fromkeys(facts_of_tree(ruleset, tree))
    return tuple(ruleset.facts[name] for name in found if name in ruleset.facts)


def _rules(ruleset: RuleSet, verdict: Verdict) -> Iterator[Rule]:
    for option in verdict.ranking:
        yield from (trace.rule for trace in (*option.constraints, *option.arguments))
    for rule in ruleset.decisions[verdict.decision].rules:
        if rule.kind == "constraint" and verdict.subject in rule.options:
            yield rule


def facts_of_tree(ruleset: RuleSet, tree: Tree) -> list[str]:
    """The facts that a condition or expression names, or that what it names leans on."""
    found = dict.fromkeys(sorted(facts_in(tree)))
    names = names_in(tree)
    for name in sorted(names.union(*(ruleset.needs.get(n, frozenset()) for n in names))):
        for inner in _trees(ruleset, name):
            found |= dict.fromkeys(sorted(facts_in(inner)))
    return list(found)


def _trees(ruleset: RuleSet, name: str) -> Iterator[Tree]:
    if name in ruleset.derived:
        yield ruleset.derived[name].value
    elif name in ruleset.conditions:
        yield ruleset.conditions[name].when
    elif name in ruleset.decisions:
        yield from (rule.when for rule in ruleset.decisions[name].rules)
    elif name in ruleset.questions and ruleset.questions[name].when is not None:
        yield ruleset.questions[name].when
