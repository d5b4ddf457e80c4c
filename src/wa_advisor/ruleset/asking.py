"""Drafts -> questions, named conditions, assumptions and derived values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wa_advisor.errors import did_you_mean
from wa_advisor.model import QUANTITY_TYPES, Assumption, Derived, Named, Question
from wa_advisor.numerals import QuantityError
from wa_advisor.quantity import Quantity, parse_quantity
from wa_advisor.ruleset.drafts import Book, Entry, check_entry, check_id
from wa_advisor.ruleset.names import choices_of
from wa_advisor.ruleset.shape import PATTERNS, RESERVED_CHOICES, STRUCTURAL
from wa_advisor.ruleset.source import Node
from wa_advisor.ruleset.trees import names_in
from wa_advisor.ruleset.versions import is_later


def check_asking(book: Book) -> None:
    """Every fault of a question, condition or derived value that can be seen in it alone."""
    for entry in book.kind("questions").values():
        if check_entry(entry):
            _check_question(entry)
    for kind in ("conditions", "assume", "derived"):
        for entry in book.kind(kind).values():
            check_entry(entry)
    _check_was(book)
    _check_since(book)


def _check_was(book: Book) -> None:
    """An id that a question had, or that is retired, is nobody's now."""
    questions = book.kind("questions")
    for entry in questions.values():
        for old in entry.words("was"):
            if old in questions:
                entry.problem(f'"{old}" is a question of this set: an id is never used again', "was")
    for header in book.headers.values():
        node = header.fields.get("retired")
        for key, _ in node.pairs if node is not None and node.kind == "mapping" else ():
            if key.text in questions:
                header.source.add(key, f'"{key.text}" is retired and a question of this set: an id is never used again')


def _check_since(book: Book) -> None:
    """What is marked as new came with a version that there is by now, and a choice after its question."""
    header = book.headers.get(0)
    version = header.text("version") if header is not None else ""
    for entry in book.kind("questions").values():
        _check_version(entry, entry.fields.get("since"), "since", version)
        node = entry.fields.get("choices_since")
        if node is not None and not node.pairs:
            entry.problem("`choices_since` is a mapping: write each entry as `choice: version`", "choices_since")
        for key, value in node.pairs if node is not None else ():
            if key.text not in choices_of(entry):
                entry.source.add(key, f'"{key.text[:60]}" is no choice of {entry.id}{did_you_mean(key.text, choices_of(entry))}')
            elif _check_version(entry, value, key.text, version) and not is_later(value.text, entry.text("since") or "0"):
                entry.source.add(value, f"the question is not older than its choice {key.text}: take this out")


def _check_version(entry: Entry, node: Node | None, what: str, version: str) -> bool:
    """Whether the node is a version, and not after that of the rule set."""
    pattern, write = PATTERNS["version"]
    if node is None or node.kind != "scalar":
        return False
    if not re.fullmatch(pattern, node.text):
        if what != "since":  # the form of a key of the question itself is told with the others
            entry.source.add(node, f'`{what}` is "{node.text[:40]}": {write}')
        return False
    if is_later(node.text, version):
        entry.source.add(node, f"`{what}` is {node.text}, but the rule set is {version}: correct one")
    return True


def _check_question(entry: Entry) -> None:
    if entry.id in STRUCTURAL:
        entry.problem(f'"{entry.id}" is a key of every item: rename the question')
    kind = entry.text("type")
    node = entry.fields.get("choices")
    if kind in ("choice", "choices"):
        if len(choices_of(entry)) < 2:
            entry.problem(f'"{entry.id}" needs two or more choices: write each as `id: meaning`', "choices")
        _check_choices(entry)
    elif node is not None:
        entry.problem(f"a question of type {kind} has no choices: remove them", "choices")
    low, high = (_bound(entry, key, kind) for key in ("min", "max"))
    if low and high and low.magnitude >= high.magnitude:
        entry.problem(f"`max` is {high.text}, not above `min`, {low.text}: correct one", "max")
    example = entry.text("example")
    if example and kind in QUANTITY_TYPES:
        _quantity(entry, "example", kind)


def _check_choices(entry: Entry) -> None:
    node = entry.fields.get("choices")
    for key, _ in node.pairs if node is not None else ():
        check_id(key, key.text, "choices", entry.source)
        if key.text in RESERVED_CHOICES:
            entry.source.add(key, f'"{key.text}" is a state of every answer, not a choice: rename it')


def _bound(entry: Entry, key: str, kind: str) -> Quantity | None:
    if not entry.text(key):
        return None
    if kind not in QUANTITY_TYPES:
        entry.problem(f"a question of type {kind} has no bounds: remove `{key}`", key)
        return None
    return _quantity(entry, key, kind)


def _quantity(entry: Entry, key: str, kind: str) -> Quantity | None:
    try:
        return parse_quantity(entry.text(key), kind)
    except QuantityError as error:
        entry.problem(f"`{key}` {error}", key)
        return None


def build_questions(book: Book) -> dict[str, Question]:
    return {e.id: _question(e) for e in book.kind("questions").values()}


def _question(entry: Entry) -> Question:
    kind = entry.text("type")
    node = entry.fields.get("choices")
    choices = _texts(node)
    low, high = (parse_quantity(t, kind) if (t := entry.text(key)) else None for key in ("min", "max"))
    return Question(
        id=entry.id, scope=entry.text("scope"), group=entry.text("group"), ask=entry.text("ask"), help=entry.text("help"),
        type=kind, choices=choices, when=entry.trees.get("when"), when_text=entry.text("when"), low=low, high=high,
        example=entry.text("example"), identity=entry.flag("identity"), was=entry.words("was"), span=entry.span,
        since=entry.text("since"), choices_since=_texts(entry.fields.get("choices_since")),
    )  # fmt: skip


def _texts(node: Node | None) -> dict[str, str]:
    return {k.text: " ".join(v.text.split()) for k, v in node.pairs} if node is not None else {}


def build_conditions(book: Book) -> dict[str, Named]:
    return {
        e.id: Named(id=e.id, scope=e.text("scope"), when=e.trees["when"], text=e.text("when"), span=e.span)
        for e in book.kind("conditions").values()
    }


def build_assumptions(book: Book, needs: Mapping[str, frozenset[str]]) -> dict[str, Assumption]:
    """The assumptions, each with all that it leans on by the closures of `needs`."""
    found: dict[str, Assumption] = {}
    for e in book.kind("assume").values():
        direct = names_in(e.trees["never"])
        leans = frozenset(direct).union(*(needs.get(name, frozenset()) for name in direct))
        found[e.id] = Assumption(
            id=e.id, scope=e.text("scope"), never=e.trees["never"], text=e.text("never"), because=e.text("because"),
            needs=leans, span=e.span,
        )  # fmt: skip
    return found


def build_derived(book: Book) -> dict[str, Derived]:
    return {
        e.id: Derived(
            id=e.id, scope=e.text("scope"), type=e.text("type"), name=e.text("name"), value=e.trees["value"],
            text=e.text("value"), because=e.text("because"), span=e.span, shown=e.trees.get("shown"), shown_text=e.text("shown"),
        )
        for e in book.kind("derived").values()
    }  # fmt: skip
