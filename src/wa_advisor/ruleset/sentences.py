"""Sentences of rules: parsed, then typed against the names they use.

A comparison gets the mask of the cells in which it is true, a literal of an expression its magnitude; a bare
name that is a yes-or-no becomes a comparison with yes. After that nobody has to look at text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from wa_advisor.conditions import ConditionError, Tree, parse_condition, parse_expression
from wa_advisor.errors import did_you_mean
from wa_advisor.model import GROUPS, LINKED, SCOPES, Domain, Fact
from wa_advisor.numerals import QuantityError
from wa_advisor.quantity import Number, format_magnitude, parse_quantity
from wa_advisor.ruleset.cells import comparison_mask
from wa_advisor.ruleset.drafts import Book, Entry
from wa_advisor.ruleset.names import Name, unknown_names
from wa_advisor.ruleset.source import Node
from wa_advisor.ruleset.trees import comparisons, is_fact_id

_GROUPS = (*GROUPS, *(link for _, link in LINKED))
ORDER = (">", ">=", "<", "<=")


class Sentence(Struct, frozen=True):
    """One condition or expression: where it stands and what items it is about.

    `asks_choices` is whether it may name a decision of the kind choice: risks, advice and the lens may, what decides may not.
    """

    entry: Entry
    key: str
    node: Node
    scope: str
    asks_choices: bool

    @property
    def is_expression(self) -> bool:
        return self.key in ("value", "limit")

    @property
    def tree(self) -> Tree:
        return self.entry.trees[self.key]

    def problem(self, message: str, at: int, length: int) -> None:
        self.entry.source.add(self.node, message, at=at, length=length)


def read_sentences(book: Book) -> list[Sentence]:
    """Every sentence of the book that can be parsed; the others are problems of their sources."""
    return [s for s in _all_sentences(book) if _parse(s)]


def _all_sentences(book: Book) -> Iterator[Sentence]:
    asking = {"questions": False, "conditions": True, "assume": False, "derived": True, "risks": True, "advice": True}
    for kind, asks in asking.items():
        key = {"derived": "value", "assume": "never"}.get(kind, "when")
        for entry in book.kind(kind).values():
            yield from _sentence(entry, key, entry.text("scope"), asks)
    for entry in book.kind("rules").values():
        decision = book.kind("decisions").get(entry.owner[0])
        scope = decision.text("scope") if decision else ""
        yield from _sentence(entry, "out" if entry.kind == "constraints" else "when", scope, False)
    for entry in book.kind("derived").values():
        yield from _sentence(entry, "shown", entry.text("scope"), True)
    yield from _figures(book)
    for entry in book.kind("practices").values():
        touches = entry.fields.get("touches")
        for key_node, node in touches.pairs if touches is not None and touches.kind == "mapping" else ():
            if key_node.text in SCOPES:
                yield from _sentence(entry, f"touches.{key_node.text}", key_node.text, True, node)


def _figures(book: Book) -> Iterator[Sentence]:
    """The sentences of costs, quotas and backgrounds, which stand beside the verdicts and may ask for a choice."""
    for entry in book.kind("cost_lines").values():
        decision = book.kind("decisions").get(book.kind("costs")[entry.owner[0]].text("decision"))
        for key in ("value", "when"):
            yield from _sentence(entry, key, decision.text("scope") if decision else "", True)
    for entry in (*book.kind("quotas").values(), *book.kind("backgrounds").values()):
        for key in ("value", "limit", "when"):
            yield from _sentence(entry, key, entry.text("scope"), True)


def _sentence(entry: Entry, key: str, scope: str, asks: bool, node: Node | None = None) -> Iterator[Sentence]:
    node = node or entry.fields.get(key)
    if node is not None and node.kind == "scalar" and not node.is_null:
        yield Sentence(entry, key, node, scope, asks)


def _parse(sentence: Sentence) -> bool:
    node, source = sentence.node, sentence.entry.source
    if node.plain and re.match(r"\s+#", source.line(node.line)[node.end - 1 :]):
        source.add(node, "` #` starts a comment after this condition: quote it, or move the comment above")
    try:
        tree = parse_expression(node.text, _GROUPS) if sentence.is_expression else parse_condition(node.text)
    except ConditionError as error:
        sentence.problem(str(error), error.at, error.length)
        return False
    sentence.entry.trees[sentence.key] = tree
    return True


# -- typing ------------------------------------------------------------------------------------------


class Typing:
    """Types sentences against names and facts; every fault is a problem at its column."""

    def __init__(self, names: Mapping[str, Name], facts: Mapping[str, Fact], book: Book) -> None:
        self.names = names
        self.facts = facts
        self.book = book
        self.cuts: dict[str, set[Number]] = {}
        self.domains: dict[str, Domain] = {}

    def run(self, sentences: list[Sentence]) -> None:
        """Thresholds first, since every one of them cuts the cells that masks are made of."""
        for sentence in sentences:
            for comparison in comparisons(sentence.tree):
                self._collect(sentence, comparison)
        for name in self.names.values():
            if name.kind != "condition":
                self.domains[name.id] = name.domain(tuple(sorted(self.cuts.get(name.id, ()))))
        for sentence in sentences:
            if not sentence.is_expression:
                sentence.entry.trees[sentence.key] = self.typed(sentence, sentence.tree, sentence.scope)

    # -- thresholds ------------------------------------------------------------------------------

    def _collect(self, sentence: Sentence, tree: Tree) -> None:
        name = self.names.get(tree[1])
        if tree[0] != "cmp" or name is None or not name.is_quantity or tree[2] == "includes":
            return
        for literal, at in tree[3]:
            value = self._threshold(sentence, name, literal, at)
            if value is not None:
                self.cuts.setdefault(name.id, set()).add(value)

    def _threshold(self, sentence: Sentence, name: Name, literal: str, at: int) -> Number | None:
        if is_fact_id(literal):
            return self._fact_threshold(sentence, name, literal, at)
        if literal in self.names:
            sentence.problem(f"{name.id} is compared with another name: compare it with a quantity or a fact", at, len(literal))
            return None
        try:
            value = parse_quantity(literal, name.type).magnitude
        except QuantityError as error:
            sentence.problem(f"{name.id} {error}", at, len(literal))
            return None
        if name.kind == "question" and (value < name.low or (name.high is not None and value > name.high)):
            sentence.problem(f"{literal} is out of range: {name.id} is {_range(name)}; correct one of them", at, len(literal))
            return None
        return value

    def _fact_threshold(self, sentence: Sentence, name: Name, literal: str, at: int) -> Number | None:
        fact = self.facts.get(literal)
        if fact is None:
            hint = self.book.gone(literal) or did_you_mean(literal, self.facts, what="facts")
            sentence.problem(f'unknown fact "{literal}"{hint}', at, len(literal))
            return None
        if not fact.known:
            sentence.problem(f"the value of {literal} was not found: compare with a fact that has one", at, len(literal))
            return None
        if fact.dimension != name.type:
            sentence.problem(
                f"{literal} is a {fact.dimension} and {name.id} a {name.type}: compare like with like", at, len(literal)
            )
            return None
        return fact.magnitude

    # -- conditions ------------------------------------------------------------------------------

    def typed(self, sentence: Sentence, tree: Tree, scope: str) -> Tree:
        """The tree with masks; a comparison with a fault stays as it is."""
        kind = tree[0]
        if kind == "not":
            return ("not", self.typed(sentence, tree[1], scope))
        if kind in ("and", "or"):
            return (kind, tuple(self.typed(sentence, part, scope) for part in tree[1]))
        at, length = tree[-2], tree[-1]
        name = self._name(sentence, tree, scope, at, length)
        if name is None:
            return tree
        return self._reference(sentence, name, tree) if kind == "ref" else self._comparison(sentence, name, tree)

    def _name(self, sentence: Sentence, tree: Tree, scope: str, at: int, length: int) -> Name | None:
        """The name a sentence uses, if it may use it there."""
        name = self.names.get(tree[1])
        if name is None:
            known = (
                list(self.names) if tree[0] == "cmp" else [n.id for n in self.names.values() if n.type in ("condition", "yes-no")]
            )
            near = [*unknown_names(self.names, scope), *(self.facts if "." in tree[1] else ())]
            hint = self.book.gone(tree[1]) or did_you_mean(tree[1], near or known, what="known here")
            sentence.problem(f'unknown name "{tree[1][:60]}"{hint}', at, length)
            return None
        if name.scope not in (scope, "workload") and name.scope and scope:
            group = f"use any(..), all(..) or another aggregate of a derived value over the {name.scope}s"
            write = group if scope == "workload" else "an item sees its own answers and the workload's only"
            sentence.problem(
                f'"{name.id}" belongs to {scope_words(name.scope)}, this is about {scope_words(scope)}: {write}', at, length
            )
            return None
        if name.kind == "choice" and not sentence.asks_choices:
            sentence.problem(
                f'"{name.id}" is decided from this: only risks, advice and the lens may ask for a choice', at, length
            )
            return None
        return name

    def _reference(self, sentence: Sentence, name: Name, tree: Tree) -> Tree:
        if name.kind == "condition":
            return tree
        if name.type != "yes-no":
            what = f"a {name.type}" if name.type != "outcome" else "a decision"
            sentence.problem(f'"{name.id}" is {what}, and not true or false by itself: compare it', tree[2], tree[3])
            return tree
        return ("cmp", name.id, "in", (("yes", tree[2]),), tree[2], tree[3], 1)

    def _comparison(self, sentence: Sentence, name: Name, tree: Tree) -> Tree:
        op, literals, at, length = tree[2:6]
        if name.kind == "condition":
            sentence.problem(f'"{name.id}" is a condition: write it alone, or after `not`', at, length)
            return tree
        if name.type == "text":
            sentence.problem(f"{name.id} is free text and cannot be compared: ask for a choice", at, length)
            return tree
        write = _wrong_operator(name, op)
        if write:
            sentence.problem(f"{name.id} is {_article(name.type)}: compare it with {write}", at, length)
            return tree
        values = self._values(sentence, name, literals)
        if values is None:
            return tree
        mask = comparison_mask(self.domains[name.id], op, values)
        self._check_constant(sentence, name, op, mask, at, length)
        return (*tree, mask)

    def _values(self, sentence: Sentence, name: Name, literals: tuple[tuple[str, int], ...]) -> list[Number] | list[str] | None:
        if name.is_quantity:
            found = [self._magnitude(name, literal) for literal, _ in literals]
            return None if None in found else [f for f in found if f is not None]
        for literal, at in literals:
            if literal == "known" and literal not in name.choices:
                sentence.problem("a rule must not hang on whether something is known: ask for a choice", at, len(literal))
            elif literal not in name.choices:
                what = "outcome" if name.type == "outcome" else "choice"
                hint = did_you_mean(literal, name.choices, what=f"{what}s")
                sentence.problem(f'{name.id} has no {what} "{literal[:60]}"{hint}', at, len(literal))
        words = [literal for literal, _ in literals]
        return words if all(w in name.choices for w in words) else None

    def _magnitude(self, name: Name, literal: str) -> Number | None:
        """The threshold's magnitude, None where `_collect` has found a fault."""
        if is_fact_id(literal):
            fact = self.facts.get(literal)
            value = fact.magnitude if fact else None
        else:
            try:
                value = parse_quantity(literal, name.type).magnitude
            except QuantityError:
                return None
        return value if value in self.cuts.get(name.id, ()) else None

    def _check_constant(self, sentence: Sentence, name: Name, op: str, mask: int, at: int, length: int) -> None:
        full = self.domains[name.id].full
        if op == "includes" or mask & full not in (0, full):
            return
        truth = "true" if mask & full else "false"
        what = _range(name) if name.is_quantity else "one of " + ", ".join(name.choices)
        sentence.problem(f"this comparison is always {truth}, as {name.id} is {what}: correct or remove it", at, length)


def _wrong_operator(name: Name, op: str) -> str:
    """What to write instead, or "" where the operator fits the type."""
    if name.type == "choices":
        return "" if op == "includes" else "`includes`"
    if name.is_quantity:
        return "" if op in (*ORDER, "in") else "> >= < or <="
    return "" if op == "in" else "`is` or `in`"


def scope_words(scope: str) -> str:
    """What a scope is called in a sentence: "an access pattern"."""
    words = scope.replace("_", " ")
    return f"{'an' if words.startswith(('a', 'e', 'i')) else 'a'} {words}"


def _article(kind: str) -> str:
    if kind == "choices":
        return "a list of choices"
    return "a yes or no" if kind == "yes-no" else "a decision" if kind == "outcome" else f"a {kind}"


def _range(name: Name) -> str:
    low = format_magnitude(name.low, name.type)
    return f"{low} to {format_magnitude(name.high, name.type)}" if name.high is not None else f"{low} or more"
