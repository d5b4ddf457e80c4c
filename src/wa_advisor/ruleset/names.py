"""The names that conditions may use: questions, derived values, decisions and named conditions, in one space."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wa_advisor.model import QUANTITY_TYPES, Domain
from wa_advisor.numerals import QuantityError
from wa_advisor.quantity import Number, parse_quantity
from wa_advisor.ruleset.cells import choice_domain, quantity_domain
from wa_advisor.ruleset.drafts import Book, Entry

KINDS = ("questions", "derived", "decisions", "conditions")
RULE_KINDS = ("rules", "assume", "risks", "advice", "policies", "services", "costs", "quotas", "backgrounds")


class Name(Struct, frozen=True):
    """What a condition has to know of a name. `kind` is question, derived, table, choice or condition.

    `type` is the type of a question or derived value, "outcome" of a decision, "condition" of a named condition.
    """

    id: str
    kind: str
    type: str
    scope: str
    entry: Entry
    choices: tuple[str, ...] = ()
    low: Number = 0
    high: Number | None = None

    @property
    def is_quantity(self) -> bool:
        return self.type in QUANTITY_TYPES

    def domain(self, cuts: tuple[Number, ...]) -> Domain:
        """The cells that the thresholds of all rules make of it."""
        if self.is_quantity:
            return quantity_domain(cuts, self.low, self.high, self.type == "count" and self.kind == "question")
        if self.type == "text":
            return Domain(kind="text")
        return choice_domain(self.choices)


def read_names(book: Book) -> dict[str, Name]:
    """Every name by id; one id for two things is a problem of the later one."""
    names: dict[str, Name] = {}
    for kind in KINDS:
        for entry in book.kind(kind).values():
            if entry.id in names:
                other = names[entry.id].entry
                where = f"{other.source.file}:{other.at.line}"
                entry.problem(f'the name "{entry.id[:60]}" is used twice (first in {where}): rename one')
                continue
            names[entry.id] = _name(kind, entry)
    _check_rule_ids(book)
    return names


def _check_rule_ids(book: Book) -> None:
    seen: dict[str, Entry] = {}
    for kind in RULE_KINDS:
        for entry in book.kind(kind).values():
            first = seen.setdefault(entry.id, entry)
            if first is not entry:
                where = f"{first.source.file}:{first.at.line}"
                entry.problem(f'the id "{entry.id[:60]}" is used twice (first in {where}): rename one')


def _name(kind: str, entry: Entry) -> Name:
    scope = entry.text("scope")
    if kind == "questions":
        choices = choices_of(entry)
        low, high = _bound(entry, "min"), _bound(entry, "max")
        return Name(entry.id, "question", entry.text("type"), scope, entry, choices, low or 0, high)
    if kind == "derived":
        truth = ("yes", "no") if entry.text("type") == "yes-no" else ()
        return Name(entry.id, "derived", entry.text("type"), scope, entry, truth)
    if kind == "decisions":
        table = entry.fields.get("outcomes")
        keys = table if table is not None else entry.fields.get("options")
        choices = tuple(keys.keys()) if keys is not None else ()
        return Name(entry.id, "choice" if table is None else "table", "outcome", scope, entry, choices)
    return Name(entry.id, "condition", "condition", scope, entry)


def choices_of(entry: Entry) -> tuple[str, ...]:
    """The choice ids of a question; yes and no of a yes-no question."""
    if entry.text("type") == "yes-no":
        return ("yes", "no")
    node = entry.fields.get("choices")
    return tuple(node.keys()) if node is not None and node.kind == "mapping" else ()


def _bound(entry: Entry, key: str) -> Number | None:
    try:
        return parse_quantity(entry.text(key), entry.text("type")).magnitude if entry.text(key) else None
    except (QuantityError, KeyError):
        return None  # the question's own check says so


def unknown_names(names: Mapping[str, Name], scope: str) -> list[str]:
    """The names that a sentence of this scope may use, for suggestions."""
    return [n.id for n in names.values() if n.scope in (scope, "workload")]
