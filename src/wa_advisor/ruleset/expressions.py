"""The expressions of derived values: names, units and aggregates checked, literals turned to magnitudes."""

from __future__ import annotations

from wa_advisor.conditions import Tree
from wa_advisor.errors import did_you_mean
from wa_advisor.model import GROUPS, LINKED, Fact
from wa_advisor.numerals import QuantityError
from wa_advisor.quantity import DIMENSIONS, Exponents, Number, parse_quantity
from wa_advisor.ruleset.names import unknown_names
from wa_advisor.ruleset.sentences import Sentence, Typing, scope_words
from wa_advisor.ruleset.trees import is_fact_id

_PLAIN: Exponents = (0, 0, 0)


def type_expression(typing: Typing, sentence: Sentence) -> None:
    """Replace the tree of a value by its typed form; faults become problems. A cost is money in time, a quota any quantity."""
    kind, tree = sentence.entry.kind, sentence.tree
    if kind != "derived":
        _type_figure(typing, sentence)
        return
    declared = sentence.entry.text("type")
    truth = tree[0] == "over" and tree[1] in ("any", "all")
    if truth != (declared == "yes-no"):
        write = "any(..) or all(..)" if declared == "yes-no" else "a quantity, or declare `type: yes-no`"
        sentence.problem(f'"{sentence.entry.id}" is declared {declared}: write {write}', 0, len(sentence.node.text))
        return
    reader = _Expression(typing, sentence)
    sentence.entry.trees[sentence.key], unit = reader.read(tree)
    if not truth and not reader.failed and declared in DIMENSIONS and unit != DIMENSIONS[declared]:
        found = _unit_name(unit)
        sentence.problem(f"this makes {found}, but {declared} is declared: correct one of them", 0, len(sentence.node.text))


def _type_figure(typing: Typing, sentence: Sentence) -> None:
    entry = sentence.entry
    reader = _Expression(typing, sentence)
    entry.trees[sentence.key], unit = reader.read(sentence.tree)
    if reader.failed:
        return
    entry.units[sentence.key] = unit
    if entry.kind == "cost_lines" and unit != DIMENSIONS["cost"]:
        sentence.problem(
            f"this makes {_unit_name(unit)}, but a cost is money in time, as a rate times a price: correct it",
            0,
            len(sentence.node.text),
        )


def _unit_name(unit: Exponents) -> str:
    names = [name for name, one in DIMENSIONS.items() if one == unit]
    if unit[2]:
        return (
            "money in time"
            if unit == DIMENSIONS["cost"]
            else "money"
            if unit == DIMENSIONS["money"]
            else "a price of no use here"
        )
    return f"a {names[0]}" if names else "a quantity of no known kind"


class _Expression:
    def __init__(self, typing: Typing, sentence: Sentence) -> None:
        self.typing = typing
        self.sentence = sentence
        self.failed = False

    def read(self, tree: Tree) -> tuple[Tree, Exponents]:
        """The typed tree, and its exponents of (byte, second, USD)."""
        kind = tree[0]
        if kind == "num":
            return self._number(tree)
        if kind == "name":
            return tree, self._unit_of(tree[1], self.sentence.scope, tree[2])
        if kind == "over":
            return self._over(tree)
        if kind in ("min", "max"):
            parts = [self.read(part) for part in tree[1]]
            self._same([unit for _, unit in parts], kind)
            return (kind, tuple(part for part, _ in parts)), parts[0][1]
        (left, first), (right, second) = self.read(tree[1]), self.read(tree[2])
        if kind == "ceil":
            self._same([first, second], kind)
            return (kind, left, right), _PLAIN
        if kind in ("+", "-"):
            self._same([first, second], kind)
            return (kind, left, right), first
        sign = 1 if kind == "*" else -1
        return (kind, left, right), (first[0] + sign * second[0], first[1] + sign * second[1], first[2] + sign * second[2])

    def _fail(self, message: str, at: int, length: int) -> None:
        self.failed = True
        self.sentence.problem(message, at, length)

    def _same(self, units: list[Exponents], kind: str) -> None:
        if len(set(units)) > 1 and not self.failed:
            found = " and ".join(_unit_name(u) for u in dict.fromkeys(units))
            self._fail(f"`{kind}` joins {found}: both sides need the same unit", 0, len(self.sentence.node.text))

    def _number(self, tree: Tree) -> tuple[Tree, Exponents]:
        found = literal_value(tree[1])
        if found is None:
            self._fail(f'"{tree[1][:40]}" is no quantity: write for example 2, 30 s or 4 KB', tree[2], len(tree[1]))
            return tree, _PLAIN
        return (*tree[:3], found[0]), found[1]

    def _unit_of(self, ident: str, scope: str, at: int) -> Exponents:
        """The unit of a question, a derived value or a fact that stands in an expression."""
        if is_fact_id(ident):
            fact = self.typing.facts.get(ident)
            if fact is None:
                hint = self.typing.book.gone(ident) or did_you_mean(ident, self.typing.facts, what="facts")
                self._fail(f'unknown fact "{ident[:60]}"{hint}', at, len(ident))
                return _PLAIN
            return self._fact_unit(fact, at)
        name = self.typing.names.get(ident)
        if name is None:
            hint = self.typing.book.gone(ident) or did_you_mean(ident, unknown_names(self.typing.names, scope), what="known here")
            self._fail(f'unknown name "{ident[:60]}"{hint}', at, len(ident))
        elif name.scope not in (scope, "workload") and name.scope and scope:
            self._fail(
                f'"{ident}" belongs to {scope_words(name.scope)}, this is about {scope_words(scope)}: use an aggregate',
                at,
                len(ident),
            )
        elif not name.is_quantity:
            self._fail(f'"{ident}" is no quantity: only quantities can be reckoned with', at, len(ident))
        else:
            return DIMENSIONS[name.type]
        return _PLAIN

    def _fact_unit(self, fact: Fact, at: int) -> Exponents:
        if not fact.known and self.sentence.entry.kind == "derived":
            self._fail(f"the value of {fact.id} was not found: reckon with a fact that has one", at, len(fact.id))
        elif fact.dimension == "statement":
            self._fail(f"{fact.id} is a statement ({fact.unit}): only quantities can be reckoned with", at, len(fact.id))
        elif fact.dimension == "price" and self.sentence.entry.kind != "cost_lines":
            self._fail(f"{fact.id} is a price: only costs reckon with money", at, len(fact.id))
        elif not fact.known:
            self._fail(f"the value of {fact.id} was not found: name it under `unpriced`", at, len(fact.id))
        return fact.exponents

    def _over(self, tree: Tree) -> tuple[Tree, Exponents]:
        _, function, group, name, condition, at = tree
        scope = GROUPS.get(group) or LINKED.get((self.sentence.scope, group))
        if scope is None:
            links = [link for owner, link in LINKED if owner == self.sentence.scope]
            self._fail(
                f"a {self.sentence.scope} has no link `{group}`{did_you_mean(group, links, what='links here')}", at, len(group)
            )
            return tree, _PLAIN
        unit = self._unit_of(name, scope, at) if name else _PLAIN
        if condition is not None:
            condition = self.typing.typed(self.sentence, condition, scope)
        return ("over", function, group, name, condition, at), unit


def literal_value(text: str) -> tuple[Number, Exponents] | None:
    """The magnitude and unit of a literal in an expression."""
    for dimension in ("count", "share", "duration", "size", "rate", "data-rate"):
        try:
            return parse_quantity(text, dimension).magnitude, DIMENSIONS[dimension]
        except QuantityError:
            continue
    return None
