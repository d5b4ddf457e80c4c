"""Drafts: everything with an id, as it was read and before anything is resolved.

Later sets override earlier ones, by id and only with `override: true`; equal ids within one set are an error.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from wa_advisor.conditions import Tree
from wa_advisor.errors import Span, did_you_mean
from wa_advisor.quantity import Exponents
from wa_advisor.ruleset.shape import ID_FORMS, PATTERNS, SHAPES, YAML_WORDS, Field, Shape
from wa_advisor.ruleset.source import Node, Source

MARKS = ("override", "extend")
_NUMBER = re.compile(r"[-+]?(\d[\d_]*(\.\d*)?([eE][-+]?\d+)?|\.\d+|\d+(:[0-5]?\d)+(\.\d*)?|0x[\da-fA-F]+|0o[0-7]+)")
_ID_FORMS = {kind: (re.compile(pattern), name) for kind, (pattern, name) in ID_FORMS.items()}
_PATTERNS = {form: re.compile(pattern) for form, (pattern, _) in PATTERNS.items()}


class Entry(Struct):
    """One thing with an id: its node, where its name stands, and in which set (0 is the shipped one).

    `fields` holds the values by key, `trees` the sentences among them once they are parsed, `units` what expressions make; `owner` is what it
    belongs to: (decision, option) of a rule, the question of a practice.
    """

    kind: str
    id: str
    node: Node
    at: Node
    source: Source
    level: int
    owner: tuple[str, ...] = ()
    fields: dict[str, Node] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)
    units: dict[str, Exponents] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.node.kind == "mapping":
            self.fields = {key.text: value for key, value in self.node.pairs}

    @property
    def span(self) -> Span:
        return self.source.span(self.at)

    def problem(self, message: str, key: str = "") -> None:
        """Note a problem at the value of `key`, or at the entry's id."""
        self.source.add(self.fields.get(key, self.at), message)

    def text(self, key: str) -> str:
        """The text of a key with its blanks folded, "" when it has none."""
        node = self.fields.get(key)
        return " ".join(node.text.split()) if node is not None and node.kind == "scalar" and not node.is_null else ""

    def words(self, key: str) -> tuple[str, ...]:
        node = self.fields.get(key)
        return tuple(" ".join(n.text.split()) for n in node.items) if node is not None else ()

    def flag(self, key: str) -> bool:
        return self.text(key) in ("true", "yes")


def list_of(node: Node | None, key: str, source: Source) -> list[Node]:
    """The entries of a list; a problem where something else stands."""
    if node is None or node.is_null:
        return []
    if node.kind != "sequence":
        source.add(node, f"`{key}` is a list: start each entry with `- `")
        return []
    return node.items


def pairs_of(node: Node | None, key: str, source: Source) -> list[tuple[Node, Node]]:
    """The pairs of a mapping; a problem where something else stands."""
    if node is None or node.is_null:
        return []
    if node.kind != "mapping":
        source.add(node, f"`{key}` is a mapping: write each entry as `id: ..`")
        return []
    return node.pairs


# -- an entry against its shape --------------------------------------------------------------------


def check_entry(entry: Entry, *, closed: bool = True) -> bool:
    """Whether the entry is a mapping; every key is checked against the shape of its kind, and the id's form."""
    kind = entry.kind
    if entry.node.kind != "mapping":
        entry.source.add(entry.node, f'"{_short(entry.id)}" is a mapping of its properties: write {_shown_keys(kind)}')
        return False
    check_mapping(entry.node, entry.at, entry.id, SHAPES[kind], entry.source, closed=closed)
    check_id(entry.at, entry.id, kind, entry.source)
    return True


def check_id(at: Node, ident: str, kind: str, source: Source) -> None:
    """A problem where the id has another form than its kind has."""
    if kind in _ID_FORMS:
        form, name = _ID_FORMS[kind]
        if not form.fullmatch(ident):
            source.add(at, f'the id "{_short(ident)}" is not {name}: rename it')
        elif at.plain and (ident in YAML_WORDS or _NUMBER.fullmatch(ident)):
            source.add(at, f'YAML takes the id {ident} for a number or for yes or no: write "{ident}", or rename it')


def _shown_keys(kind: str) -> str:
    return ", ".join(f"{key}: .." for key, one in SHAPES[kind].items() if one.needed)


def check_mapping(node: Node, at: Node, ident: str, shape: Shape, source: Source, *, closed: bool = True) -> None:
    """Unknown keys (if `closed`), missing ones, and values of another form than the shape has, as problems of the source."""
    found = set()
    for key, value in node.pairs:
        expected = shape.get(key.text)
        if expected is None:
            if not closed:
                continue
            if key.text not in MARKS:
                source.add(key, f'unknown key "{_short(key.text)}"{did_you_mean(key.text, shape, what="keys here")}')
            elif value.text not in ("true", "false"):
                source.add(value, f"`{key.text}` is true or false: write one of them")
            continue
        if not value.is_null:
            found.add(key.text)
            check_value(value, key.text, expected, source)
        elif not expected.needed:
            source.add(key, f"`{key.text}` is empty: fill it or remove it")
    for key_text, one in shape.items():
        if one.needed and key_text not in found:
            source.add(at, f'"{_short(ident)}" has no `{key_text}`: {one.needed}')


def check_value(node: Node, key: str, expected: Field, source: Source) -> None:
    """A problem of the source where the node is no value of the field's form."""
    form = expected.form
    if form in ("words", "meanings", "entries", "sentences"):
        if form == "words":
            for one in list_of(node, key, source):
                _check_text(one, key, source)
        elif form == "meanings":
            for _, meaning in pairs_of(node, key, source):
                _check_text(meaning, key, source)
        return
    if node.kind != "scalar":
        source.add(
            node, f"`{key}` is one value, not a {'list' if node.kind == 'sequence' else 'mapping'}: write it after the colon"
        )
    elif form == "word":
        if node.text not in expected.values:
            what = "strength" if key in ("for", "against") else key
            listed = did_you_mean(node.text, expected.values, what=f"{what} is one of")
            source.add(node, f'unknown {what} "{_short(node.text)}"{listed}')
    elif form == "flag":
        if node.text not in ("true", "false"):
            source.add(node, f'`{key}` is "{_short(node.text)}", but true or false is needed: write one of them')
    elif form in _PATTERNS:
        if not _PATTERNS[form].fullmatch(node.text.strip()):
            source.add(node, f'`{key}` is "{_short(node.text)}": {PATTERNS[form][1]}')
    elif form in ("text", "id"):
        _check_text(node, key, source)


def _check_text(node: Node, key: str, source: Source) -> None:
    """Text that other YAML readers take for a number, a yes or a no has to be quoted."""
    if node.kind != "scalar":
        source.add(node, f"`{key}` is text: write one value")
    elif node.is_null or not node.text.strip():
        source.add(node, f"`{key}` is empty: write it or remove it")
    elif node.plain and (node.text.lower() in YAML_WORDS or _NUMBER.fullmatch(node.text)):
        what = "a number" if _NUMBER.fullmatch(node.text) else "yes or no"
        source.add(node, f'`{key}` is text, but YAML takes {node.text[:30]} for {what}: write "{node.text[:30]}"')


def _short(text: str) -> str:
    return text[:60]


# -- the book of all drafts ------------------------------------------------------------------------


class Book(Struct):
    """All drafts by kind and id, in the order they were first read."""

    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    overridden: list[str] = field(default_factory=list)
    disabled: dict[str, Entry] = field(default_factory=dict)
    bans: dict[str, Entry] = field(default_factory=dict)
    headers: dict[int, Entry] = field(default_factory=dict)
    extensions: dict[str, list[Entry]] = field(default_factory=dict)
    notes: list[tuple[Node, Source]] = field(default_factory=list)

    def kind(self, name: str) -> dict[str, Entry]:
        return self.entries.setdefault(name, {})

    def add(self, kind: str, entry: Entry) -> None:
        """Take the entry in, or note why its id cannot be used."""
        known = self.kind(kind)
        old = known.get(entry.id)
        override = entry.flag("override")
        if "override" in entry.fields and entry.text("override") not in ("true", "false"):
            override = True  # the check of its keys says what is wrong with it
        if old is None:
            if override:
                entry.problem(
                    f'"{_short(entry.id)}" overrides nothing: remove `override`, or correct the id{did_you_mean(entry.id, known)}',
                    "override",
                )
            known[entry.id] = entry
        elif old.level == entry.level:
            where = f"{old.source.file}:{old.at.line}"
            entry.problem(f'the id "{_short(entry.id)}" is used twice (first in {where}): rename one')
        elif not override:
            entry.problem(f'"{_short(entry.id)}" exists in an earlier rule set: write `override: true` to replace it whole')
        else:
            self.overridden.append(entry.id)
            known[entry.id] = entry
            self._drop_below(kind, entry)

    def _drop_below(self, kind: str, entry: Entry) -> None:
        """What belonged to an overridden decision, pillar or lens question goes with it."""
        below = {"decisions": ("rules",), "pillars": ("lens",), "lens": ("practices",), "costs": ("cost_lines",)}.get(kind, ())
        for name in below:
            known = self.kind(name)
            gone = [e for e in known.values() if e.owner[:1] == (entry.id,) and e.level < entry.level]
            for old in gone:
                del known[old.id]
                self._drop_below(name, Entry(old.kind, old.id, entry.node, entry.at, entry.source, entry.level))

    def disable(self, entry: Entry) -> None:
        """Remove what an earlier set has under this id."""
        kinds = [k for k in self.entries.values() if entry.id in k and k[entry.id].level < entry.level]
        if not kinds:
            known = {i for k in self.entries.values() for i in k}
            entry.problem(f'nothing named "{_short(entry.id)}" to disable{did_you_mean(entry.id, known)}')
            return
        for kind in kinds:
            old = kind.pop(entry.id)
            self._drop_below(old.kind, Entry(old.kind, old.id, entry.node, entry.at, entry.source, entry.level))
        self.disabled[entry.id] = entry

    def gone(self, ident: str) -> str:
        """A hint where a name is missing because an overlay disabled it."""
        entry = self.disabled.get(ident)
        return f"; {entry.source.file}:{entry.at.line} disables it" if entry else ""
