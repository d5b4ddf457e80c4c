"""Nodes -> RuleSet, or every problem found.

Two passes: first every file is read into drafts by id (later sets override earlier ones, by id and only
with `override: true`), then names are resolved, conditions typed against their questions, and each
quantity gets the cells that the thresholds of all rules make of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from wa_advisor.conditions import ConditionError, Tree, parse_condition, parse_expression
from wa_advisor.errors import RulesError, Span, did_you_mean
from wa_advisor.model import (
    GROUPS,
    QUANTITY_TYPES,
    QUESTION_TYPES,
    RISKS,
    SCOPES,
    BestPractice,
    Decision,
    Derived,
    Domain,
    Fact,
    LensQuestion,
    Named,
    Policy,
    Question,
    RiskRule,
    Rule,
    RuleSet,
    Service,
)
from wa_advisor.quantity import DIMENSIONS, Number, Quantity, QuantityError, parse_quantity, tidy, unit_scale
from wa_advisor.ruleset.source import Node, Source

SECTIONS: dict[str, tuple[str, ...]] = {
    "ruleset": ("version", "as_of", "about_factor", "strengths", "lens_risk", "history", "changes", "name"),
    "overlay": ("version", "name", "changes"),
    "decision": ("name", "scope", "preference", "options", "constraints", "arguments", "outcomes", "rows", "else",
                 "extend", "override"),
    "pillar": ("name", "questions", "extend"),
    "facts": (), "services": (), "conditions": (), "derived": (), "risks": (), "policies": (), "gate": (),
    "disable": (), "ban": (),
}  # fmt: skip
GATE_CHECKS = (
    "unsigned-store", "expired-sign-off", "open-high-risk", "limit-exceeded", "undecided", "unanswered",
)  # fmt: skip
BASES = ("documented", "judgement", "history")
_AS_OF = re.compile(r"\d{4}(-H[12]|-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_KEBAB = re.compile(r"[a-z0-9][a-z0-9\-]*")
_DOTTED = re.compile(r"[a-z][a-z0-9_\-]*(\.[a-z0-9_\-]+)+")
_PRACTICE = re.compile(r"[A-Z]{2,}[0-9]{1,3}-BP[0-9]{1,3}")
STRUCTURAL = ("name", "used_by", "served_by", "from", "to", "process", "proposed", "note", "observed")


@dataclass(slots=True)
class Entry:
    """A draft: one thing with an id, where it was read, and in which set (0 is the shipped one)."""

    id: str
    node: Node
    source: Source
    level: int
    context: tuple[str, ...] = ()


@dataclass(slots=True)
class Book:
    """All drafts by kind and id, and the problems met while reading them."""

    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    overridden: list[str] = field(default_factory=list)
    disabled: dict[str, Entry] = field(default_factory=dict)
    bans: dict[str, Entry] = field(default_factory=dict)

    def kind(self, name: str) -> dict[str, Entry]:
        return self.entries.setdefault(name, {})

    def add(self, kind: str, entry: Entry) -> None:
        known = self.kind(kind)
        old = known.get(entry.id)
        override = _flag(entry, "override")
        if old is None:
            if override:
                entry.source.add(entry.node, f'"{entry.id}" overrides nothing{did_you_mean(entry.id, known)}: remove `override`')
            known[entry.id] = entry
            return
        if old.level == entry.level:
            entry.source.add(
                entry.node,
                f'the id "{entry.id}" is used twice (first in {old.source.file}:{old.node.line}): rename one',
            )
        elif not override:
            entry.source.add(
                entry.node, f'"{entry.id}" exists in an earlier rule set: write `override: true` to replace it whole'
            )
        else:
            self.overridden.append(entry.id)
            known[entry.id] = replace(entry, context=entry.context or old.context)


def _flag(entry: Entry, key: str) -> bool:
    node = entry.node.get(key) if entry.node.kind == "mapping" else None
    return node is not None and node.text in ("true", "yes")


def canonical(node: Node) -> Any:
    """The parsed content alone, without comments, order of keys or layout: what a digest is taken over."""
    if node.kind == "scalar":
        return " ".join(node.text.split())
    if node.kind == "sequence":
        return [canonical(n) for n in node.items]
    return {key.text: canonical(value) for key, value in node.pairs}


def digest_of(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def compile_ruleset(sets: Iterable[tuple[str, Iterable[tuple[Node | None, Source]]]]) -> RuleSet:
    """The RuleSet of the shipped files and any overlays, in order; RulesError with every problem."""
    book = Book()
    sources: list[Source] = []
    digests: list[tuple[str, str]] = []
    for level, (label, files) in enumerate(sets):
        content: list[Any] = []
        for root, source in files:
            sources.append(source)
            if root is None:
                continue
            content.append(canonical(root))
            _read_file(book, root, source, level)
        content.sort(key=lambda c: json.dumps(c, sort_keys=True))
        digests.append((label, digest_of(content)))
    compiler = _Compiler(book, sources)
    result = compiler.run(digests)
    problems = [p for s in sources for p in s.problems if not p.warning]
    if problems or result is None:
        raise RulesError(problems)
    return result


def _read_file(book: Book, root: Node, source: Source, level: int) -> None:
    if root.kind != "mapping":
        source.add(root, "a rule file is one mapping: start it with `questions:`, `decision:` or another section")
        return
    head = next((k for k in ("ruleset", "overlay", "decision", "pillar") if root.get(k)), "")
    allowed = {"decision", "pillar", "questions", *SECTIONS}
    if head:
        allowed |= set(SECTIONS[head])
    for key, value in root.pairs:
        if key.text not in allowed:
            source.add(key, f'unknown section "{key.text[:40]}"{did_you_mean(key.text, allowed, what="sections")}')
        elif value.is_null and key.text not in ("gate",):
            source.add(key, f"`{key.text}` is empty: fill it or remove it")
    if head in ("ruleset", "overlay"):
        book.add("header", Entry(root.get(head).text, root, source, level))  # type: ignore[union-attr]
    if head == "decision":
        _read_decision(book, root, source, level)
    if head == "pillar":
        _read_pillar(book, root, source, level)
    for kind in ("facts", "services", "conditions", "derived", "policies", "gate"):
        node = root.get(kind)
        if node and node.kind == "mapping":
            for key, value in node.pairs:
                value.line, value.column, value.end = (key.line, key.column, key.end) if value.kind == "mapping" else (
                    value.line, value.column, value.end)  # fmt: skip
                book.add(kind, Entry(key.text, value, source, level)) if kind != "gate" else book.kind(kind).__setitem__(
                    key.text, Entry(key.text, value, source, level)
                )
        elif node and not node.is_null:
            source.add(node, f"`{kind}` is a mapping of id to entry")
    questions = root.get("questions")
    if questions and head != "pillar":
        if questions.kind != "mapping":
            source.add(questions, "`questions` is a mapping of id to question")
        for key, value in questions.pairs:
            if value.kind == "mapping":
                value.line, value.column, value.end = key.line, key.column, key.end
            book.add("questions", Entry(key.text, value, source, level))
    for node in _list_of(root, "risks", source):
        _add_with_id(book, "risks", node, source, level)
    disable = root.get("disable")
    if disable:
        for node in disable.items:
            book.disabled[node.text] = Entry(node.text, node, source, level)
    for node in _list_of(root, "ban", source):
        service = node.get("service") if node.kind == "mapping" else None
        if service is None or not node.get("because"):
            source.add(node, "a ban has a `service` and a `because`")
        else:
            book.bans[service.text] = Entry(service.text, node, source, level)


def _list_of(node: Node, key: str, source: Source) -> list[Node]:
    value = node.get(key)
    if value is None or value.is_null:
        return []
    if value.kind != "sequence":
        source.add(value, f"`{key}` is a list: start each entry with `- `")
        return []
    return value.items


def _add_with_id(book: Book, kind: str, node: Node, source: Source, level: int, context: tuple[str, ...] = ()) -> None:
    ident = node.get("id") if node.kind == "mapping" else None
    if ident is None or ident.kind != "scalar" or ident.is_null:
        source.add(node, "this entry has no `id`: give it one that names the pattern, in kebab-case")
        return
    node.line, node.column, node.end = ident.line, ident.column, ident.end
    book.add(kind, Entry(ident.text, node, source, level, context))


def _read_decision(book: Book, root: Node, source: Source, level: int) -> None:
    name = root.get("decision")
    assert name is not None
    known = book.kind("decisions")
    extend = root.get("extend") is not None
    if extend and name.text not in known:
        source.add(name, f'no decision "{name.text}" to extend{did_you_mean(name.text, known)}')
    if not extend:
        book.add("decisions", Entry(name.text, root, source, level))
    for kind in ("constraints", "arguments"):
        for node in _list_of(root, kind, source):
            _add_with_id(book, "rules", node, source, level, (name.text, kind[:-1], ""))
    for node in _list_of(root, "rows", source):
        _add_with_id(book, "rules", node, source, level, (name.text, "row", ""))
    options = root.get("options")
    if options and options.kind == "mapping":
        for option, body in options.pairs:
            if body.is_null:
                continue
            if body.kind != "mapping":
                source.add(body, "an option is a mapping with `constraints` and `arguments`")
                continue
            _unknown_keys(body, source, ("constraints", "arguments"))
            for kind in ("constraints", "arguments"):
                for node in _list_of(body, kind, source):
                    _add_with_id(book, "rules", node, source, level, (name.text, kind[:-1], option.text))


def _read_pillar(book: Book, root: Node, source: Source, level: int) -> None:
    pillar = root.get("pillar")
    assert pillar is not None
    if root.get("extend") is None:
        book.add("pillars", Entry(pillar.text, root, source, level))
    for node in _list_of(root, "questions", source):
        ident = node.get("id") if node.kind == "mapping" else None
        if ident is None:
            source.add(node, "a lens question has an `id`")
            continue
        if node.get("extend") is None:
            _add_with_id(book, "lens", node, source, level, (pillar.text,))
        elif ident.text not in book.kind("lens"):
            source.add(ident, f'no lens question "{ident.text}" to extend{did_you_mean(ident.text, book.kind("lens"))}')
        for practice in _list_of(node, "practices", source):
            _add_with_id(book, "practices", practice, source, level, (ident.text,))


def _unknown_keys(node: Node, source: Source, allowed: Iterable[str]) -> None:
    names = (*allowed, "override", "extend")
    for key, _ in node.pairs:
        if key.text not in names:
            source.add(key, f'unknown key "{key.text[:40]}"{did_you_mean(key.text, allowed, what="keys here")}')


def _null(name: str = "") -> Node:
    return Node("scalar", 0, 0, 0, name)


class _Compiler:
    """Resolves the drafts of a Book; every fault goes to the source it stands in."""

    def __init__(self, book: Book, sources: list[Source]) -> None:
        self.book = book
        self.sources = sources
        self.facts: dict[str, Fact] = {}
        self.services: dict[str, Service] = {}
        self.questions: dict[str, Question] = {}
        self.conditions: dict[str, Named] = {}
        self.derived: dict[str, Derived] = {}
        self.decisions: dict[str, Decision] = {}
        self.cuts: dict[str, set[Number]] = {}
        self.trees: list[tuple[Tree, Entry, Node]] = []
        self.used_facts: set[str] = set()

    # -- small readers -------------------------------------------------------------------------

    def text(self, entry: Entry, key: str, *, needed: str = "", default: str = "") -> str:
        node = entry.node.get(key) if entry.node.kind == "mapping" else None
        if node is None or node.is_null:
            if needed:
                entry.source.add(entry.node, f'"{entry.id}" has no `{key}`: {needed}')
            return default
        if node.kind != "scalar":
            entry.source.add(node, f"`{key}` is text: write one value")
            return default
        return " ".join(node.text.split())

    def one_of(self, entry: Entry, key: str, allowed: Iterable[str], default: str = "") -> str:
        names = list(allowed)
        value = self.text(entry, key, needed="" if default else f"write one of {', '.join(names)}", default=default)
        if value and value not in names:
            node = entry.node.get(key)
            assert node is not None
            entry.source.add(node, f'unknown {key} "{value[:40]}"{did_you_mean(value, names, what=f"{key} is one of")}')
            return default or names[0]
        return value

    def words(self, entry: Entry, key: str) -> tuple[str, ...]:
        return tuple(n.text for n in _list_of(entry.node, key, entry.source))

    def span(self, entry: Entry) -> Span:
        return entry.source.span(entry.node)

    def check_shape(self, entry: Entry, keys: Iterable[str], form: re.Pattern[str], form_name: str) -> bool:
        if entry.node.kind != "mapping":
            entry.source.add(entry.node, f'"{entry.id}" is a mapping of its properties')
            return False
        if not form.fullmatch(entry.id):
            entry.source.add(entry.node, f'the id "{entry.id}" is not {form_name}: rename it')
        _unknown_keys(entry.node, entry.source, keys)
        return True

    def basis(self, entry: Entry, because: bool = True) -> tuple[str, str, str]:
        """(because, source, basis); the two first are needed of every rule."""
        why = self.text(entry, "because", needed="say in one sentence why" if because else "")
        source = self.text(entry, "source")
        basis = self.one_of(entry, "basis", BASES)
        if source and not source.startswith(("https://", "http://")):
            node = entry.node.get("source")
            assert node is not None
            entry.source.add(node, "a source is a public URL: start it with https://")
        return why, source, basis

    # -- the passes ----------------------------------------------------------------------------

    def run(self, digests: list[tuple[str, str]]) -> RuleSet | None:
        self._disable()
        for part in (self._facts, self._services, self._questions, self._conditions, self._derived):
            part()
        self._decisions()
        lens = self._lens()
        risks = self._risks()
        policies = self._policies()
        self._finish_conditions()
        domains = {name: self._domain(name) for name in self._comparable()}
        self._type_all(domains)
        needs = self._closures()
        header = self._header()
        if any(not p.warning for s in self.sources for p in s.problems):
            return None
        return RuleSet(
            name=header["name"], version=header["version"], as_of=header["as_of"], about_factor=header["about"],
            strengths=header["strengths"], lens_risk=header["lens_risk"],
            lens_risk_because=header["lens_because"], history=header["history"],
            history_because=header["history_because"], history_source=header["history_source"],
            facts=self.facts, services=self.services, questions=self.questions, conditions=self.conditions,
            derived=self.derived, decisions=self.decisions, risks=risks, lens=lens, policies=policies,
            gate=self._gate(), domains=domains, needs=needs, digest=digests[0][1], overlays=tuple(digests[1:]),
            overridden=tuple(self.book.overridden),
        )  # fmt: skip

    def _disable(self) -> None:
        known = {ident for kind in self.book.entries.values() for ident in kind}
        for ident, entry in self.book.disabled.items():
            if ident not in known:
                entry.source.add(entry.node, f'nothing named "{ident}" to disable{did_you_mean(ident, known)}')
            for kind, found in self.book.entries.items():
                if kind != "header":
                    found.pop(ident, None)

    def _header(self) -> dict[str, Any]:
        found = [e for e in self.book.kind("header").values() if e.node.get("ruleset")]
        if not found:
            if self.sources:
                self.sources[0].add(_null(), "no file says `ruleset: NAME`: add ruleset.yaml")
            return dict.fromkeys(
                ("name", "version", "as_of", "about", "lens_because", "history_because", "history_source"), ""
            ) | {"strengths": {}, "lens_risk": {}, "history": {}}
        entry = found[0]
        strengths = {"strong": 4, "moderate": 2, "slight": 1}
        node = entry.node.get("strengths")
        if node:
            for key, value in node.pairs:
                if key.text not in strengths or not value.text.isdigit():
                    entry.source.add(key, "strengths are whole numbers for strong, moderate and slight")
                else:
                    strengths[key.text] = int(value.text)
        about = self.text(entry, "about_factor", default="2")
        if not about.isdigit() or int(about) < 1:
            entry.source.add(entry.node, "`about_factor` is a whole number from 1")
            about = "2"
        lens, history = (entry.node.get(k) or _null() for k in ("lens_risk", "history"))
        as_of = self.text(entry, "as_of", needed="write a date")
        return {
            "name": entry.id,
            "version": self.text(entry, "version", needed="write a version"),
            "as_of": as_of,
            "about": int(about),
            "strengths": strengths,
            "lens_risk": {k.text: v.text for k, v in lens.pairs if v.text in RISKS},
            "lens_because": " ".join((lens.get("because") or _null()).text.split()),
            "history": {k.text: Fraction(int(v.text), 100) for k, v in history.pairs if v.text.isdigit()},
            "history_because": " ".join((history.get("because") or _null()).text.split()),
            "history_source": (history.get("source") or _null()).text,
        }

    def _facts(self) -> None:
        keys = ("name", "value", "unit", "adjustable", "service", "source", "as_of", "note", "basis", "because")
        for entry in self.book.kind("facts").values():
            if not self.check_shape(entry, keys, _DOTTED, "dotted, as service.subject"):
                continue
            basis = self.one_of(entry, "basis", BASES, "documented")
            unit = self.text(entry, "unit", needed="write a unit of the closed list (KB, ms, /s, count, ...)")
            value = self.text(entry, "value", needed="write the number")
            as_of = self.text(entry, "as_of", needed="write the date it was read, e.g. 2026-08-20 or 2026-H2")
            if as_of and not _AS_OF.fullmatch(as_of):
                entry.source.add(
                    entry.node.get("as_of") or entry.node,
                    f'"{as_of[:20]}" is no date: write 2026-08-20, 2026-08, 2026-H2 or 2026',
                )
            needed = "" if basis == "judgement" else "name the public page it was read on"
            source = self.text(entry, "source", needed=needed)
            because = self.text(entry, "because", needed="say why this threshold" if basis == "judgement" else "")
            dimension, scale = "count", Fraction(1)
            if unit and unit != "usd":
                try:
                    dimension, found = unit_scale(unit)
                    scale = Fraction(found)
                except QuantityError as error:
                    known = [u for d in DIMENSIONS for u in _units(d)]
                    entry.source.add(entry.node.get("unit") or entry.node, f"{error}{did_you_mean(unit, known)}")
            try:
                magnitude = tidy(Fraction(value.replace(",", "")) * scale) if value else 0
            except ValueError:
                entry.source.add(entry.node.get("value") or entry.node, f'"{value[:40]}" is no number: write digits')
                magnitude = 0
            adjustable = self.one_of(entry, "adjustable", ("true", "false", "unknown"), "unknown")
            gap = "" if unit.startswith("/") else " "
            shown = f"{_commas(value)}{gap}{unit}" if unit != "count" else _commas(value)
            self.facts[entry.id] = Fact(
                id=entry.id, name=self.text(entry, "name", needed="say what it limits"), magnitude=magnitude,
                dimension=dimension, unit=unit, text=shown, source=source, as_of=as_of, basis=basis, because=because,
                adjustable={"true": True, "false": False}.get(adjustable), note=self.text(entry, "note"),
                span=self.span(entry),
            )  # fmt: skip

    def _services(self) -> None:
        keys = ("name", "family", "serverless", "relational", "availability", "because", "source", "note")
        for ident, ban in self.book.bans.items():
            if ident not in self.book.kind("services"):
                ban.source.add(ban.node, f'no service "{ident}" to ban{did_you_mean(ident, self.book.kind("services"))}')
        for entry in self.book.kind("services").values():
            if not self.check_shape(entry, keys, _KEBAB, "kebab-case"):
                continue
            banned = self.book.bans.get(entry.id)
            self.services[entry.id] = Service(
                id=entry.id, name=self.text(entry, "name", needed="write its name"), family=self.text(entry, "family"),
                serverless=self.one_of(entry, "serverless", ("operations", "capacity", "none"), "none"),
                relational=self.text(entry, "relational") in ("true", "yes"),
                availability=self.one_of(entry, "availability", ("open", "closed", "new"), "open"),
                because=self.text(entry, "because"), source=self.text(entry, "source"),
                banned=self.text(banned, "because") if banned else "", span=self.span(entry),
            )  # fmt: skip

    def _questions(self) -> None:
        keys = ("scope", "group", "ask", "help", "type", "choices", "when", "min", "max", "example")
        for entry in self.book.kind("questions").values():
            if not self.check_shape(entry, keys, _SNAKE, "snake_case"):
                continue
            if entry.id in STRUCTURAL:
                entry.source.add(entry.node, f'"{entry.id}" is a key of every item: rename the question')
            kind = self.one_of(entry, "type", QUESTION_TYPES)
            choices: dict[str, str] = {}
            node = entry.node.get("choices")
            if kind in ("choice", "choices"):
                if node is None or node.kind != "mapping" or len(node.pairs) < 2:
                    entry.source.add(node or entry.node, f'"{entry.id}" needs two or more choices, as id: meaning')
                else:
                    choices = {k.text: " ".join(v.text.split()) for k, v in node.pairs}
                    for key, _ in node.pairs:
                        if not _KEBAB.fullmatch(key.text) or key.text in ("unknown", "not-applicable"):
                            entry.source.add(key, f'the choice "{key.text}" is not kebab-case, or is reserved: rename it')
            elif node is not None:
                entry.source.add(node, f"a question of type {kind} has no choices: remove them")
            low, high = (self._bound(entry, key, kind) for key in ("min", "max"))
            self.questions[entry.id] = Question(
                id=entry.id, scope=self.one_of(entry, "scope", SCOPES), group=self.text(entry, "group"),
                ask=self.text(entry, "ask", needed="write the question"), help=self.text(entry, "help"), type=kind,
                choices=choices, when=self.condition(entry, "when"), when_text=self.text(entry, "when"), low=low,
                high=high, example=self.text(entry, "example"), span=self.span(entry),
            )  # fmt: skip

    def _bound(self, entry: Entry, key: str, kind: str) -> Quantity | None:
        text = self.text(entry, key)
        if not text:
            return None
        node = entry.node.get(key)
        assert node is not None
        if kind not in QUANTITY_TYPES:
            entry.source.add(node, f"a question of type {kind} has no bounds: remove `{key}`")
            return None
        try:
            return parse_quantity(text, kind)
        except QuantityError as error:
            entry.source.add(node, f"`{key}` {error}")
            return None

    def condition(self, entry: Entry, key: str, *, needed: bool = False) -> Tree | None:
        """The tree of a condition, still untyped; remembered so that typing can point into its text."""
        node = entry.node.get(key)
        if node is None or node.is_null:
            if needed:
                entry.source.add(entry.node, f'"{entry.id}" has no `{key}`: write the condition')
            return None
        if node.kind != "scalar":
            entry.source.add(node, f"`{key}` is a sentence: put it in quotes if YAML reads it otherwise")
            return None
        line = entry.source.line(node.line)
        if node.plain and re.match(r"\s+#", line[node.end - 1 :]):
            entry.source.add(node, "` #` starts a comment after this condition: quote it, or move the comment above")
        try:
            tree = parse_condition(node.text)
        except ConditionError as error:
            entry.source.add(node, str(error), at=error.at, length=error.length)
            return None
        self.trees.append((tree, entry, node))
        return tree

    def _conditions(self) -> None:
        for entry in self.book.kind("conditions").values():
            if not self.check_shape(entry, ("scope", "when", "name", "because"), _SNAKE, "snake_case"):
                continue
            self.conditions[entry.id] = Named(
                id=entry.id, scope=self.one_of(entry, "scope", SCOPES, "workload"),
                when=self.condition(entry, "when", needed=True), text=self.text(entry, "when"), span=self.span(entry),
            )  # fmt: skip

    def _derived(self) -> None:
        keys = ("scope", "type", "value", "name", "because", "source", "basis", "help")
        for entry in self.book.kind("derived").values():
            if not self.check_shape(entry, keys, _SNAKE, "snake_case"):
                continue
            node = entry.node.get("value")
            tree = None
            if node is None:
                entry.source.add(entry.node, f'"{entry.id}" has no `value`: write the expression')
            else:
                try:
                    tree = parse_expression(node.text, tuple(GROUPS))
                    self.trees.append((tree, entry, node))
                except ConditionError as error:
                    entry.source.add(node, str(error), at=error.at, length=error.length)
            self.derived[entry.id] = Derived(
                id=entry.id, scope=self.one_of(entry, "scope", SCOPES), because=self.text(entry, "because"),
                type=self.one_of(entry, "type", ("yes-no", *QUANTITY_TYPES)), name=self.text(entry, "name"),
                value=tree, text=self.text(entry, "value"), span=self.span(entry),
            )  # fmt: skip

    def _decisions(self) -> None:
        for entry in self.book.kind("decisions").values():
            source = entry.source
            outcomes = entry.node.get("outcomes")
            options = entry.node.get("options")
            kind = "table" if outcomes else "choice"
            names = [k.text for k, _ in (outcomes or options or _null()).pairs]
            if not names:
                source.add(entry.node.get("decision") or entry.node, "a decision has `options`, or a table `outcomes`")
            scope = self.one_of(entry, "scope", SCOPES)
            preference = self.words(entry, "preference")
            if kind == "choice":
                self._check_options(entry, names, preference)
            other = entry.node.get("else")
            otherwise = (other.get("then") or _null()).text if other else ""
            if kind == "table" and otherwise not in names:
                source.add(other or entry.node, "a table ends in `else: {then: OUTCOME, because: ..}`")
            rules = [
                r
                for e in self.book.kind("rules").values()
                if e.context[0] == entry.id
                for r in [self._rule(e, names)]
                if r is not None
            ]
            self.decisions[entry.id] = Decision(
                id=entry.id, kind=kind, name=self.text(entry, "name", needed="write its title"), scope=scope,
                options=tuple(names), meanings={k.text: v.text for k, v in (outcomes or _null()).pairs},
                preference=preference, rules=tuple(rules), otherwise=otherwise,
                otherwise_because=" ".join((other.get("because") or _null()).text.split()) if other else "",
                span=self.span(entry),
            )  # fmt: skip

    def _check_options(self, entry: Entry, names: list[str], preference: tuple[str, ...]) -> None:
        node = entry.node.get("options")
        assert node is not None
        for key, _ in node.pairs:
            if key.text not in self.services:
                entry.source.add(key, f'unknown service "{key.text}"{did_you_mean(key.text, self.services)}')
        where = entry.node.get("preference") or node
        for name in preference:
            if name not in names:
                entry.source.add(where, f'preference names "{name}", which is no option here{did_you_mean(name, names)}')
        missing = [n for n in names if n not in preference]
        if missing:
            entry.source.add(where, f"preference lists every option once; missing: {', '.join(missing)}")
        if len(set(preference)) != len(preference):
            entry.source.add(where, "preference names an option twice: keep one")

    def _rule(self, entry: Entry, names: list[str]) -> Rule | None:
        kind, option = entry.context[1], entry.context[2]
        keys = {
            "constraint": ("id", "out", "options", "because", "source", "basis", "note"),
            "argument": ("id", "when", "for", "against", "options", "because", "source", "basis", "note"),
            "row": ("id", "when", "then", "because", "source", "basis", "before", "note"),
        }[kind]
        if not self.check_shape(entry, keys, _KEBAB, "kebab-case"):
            return None
        because, source, basis = self.basis(entry)
        options = (option,) if option else self.words(entry, "options")
        key = "out" if kind == "constraint" else "when"
        tree = self.condition(entry, key, needed=True)
        direction = strength = outcome = ""
        if kind != "row" and not options:
            entry.source.add(entry.node, f'"{entry.id}" names no option: add `options: [..]`')
        for name in options:
            if name not in names:
                where = entry.node.get("options") or entry.node
                entry.source.add(where, f'unknown option "{name}"{did_you_mean(name, names, what="options here")}')
        if kind == "argument":
            given = [k for k in ("for", "against") if entry.node.get(k)]
            if len(given) != 1:
                entry.source.add(entry.node, f'"{entry.id}" needs one of `for:` and `against:`')
            else:
                direction = given[0]
                strength = self.one_of(entry, direction, ("strong", "moderate", "slight"))
        if kind == "row":
            outcome = self.text(entry, "then", needed="write the outcome")
            if outcome and outcome not in names:
                entry.source.add(
                    entry.node.get("then") or entry.node, f'unknown outcome "{outcome}"{did_you_mean(outcome, names)}'
                )
        return Rule(
            id=entry.id, kind=kind, when=tree, text=self.text(entry, key), because=because, source=source,
            basis=basis, options=options, direction=direction, strength=strength, outcome=outcome,
            before=self.words(entry, "before"), span=self.span(entry),
        )  # fmt: skip

    def _lens(self) -> dict[str, LensQuestion]:
        lens: dict[str, LensQuestion] = {}
        keys = ("id", "name", "tier", "because", "improve", "effort", "source", "when", "note")
        pillars = {p: self.text(e, "name", default=p) for p, e in self.book.kind("pillars").items()}
        for entry in self.book.kind("lens").values():
            _unknown_keys(entry.node, entry.source, ("id", "ask", "help", "url", "when", "practices"))
            practices = []
            for practice in self.book.kind("practices").values():
                if practice.context[0] != entry.id or not self.check_shape(practice, keys, _PRACTICE, "like SERVREL01-BP01"):
                    continue
                practices.append(
                    BestPractice(
                        id=practice.id, name=self.text(practice, "name", needed="name it"),
                        tier=self.one_of(practice, "tier", ("required", "good", "best")),
                        because=self.text(practice, "because", needed="say why it matters"),
                        improve=self.text(practice, "improve", needed="say what to do"),
                        effort=self.one_of(practice, "effort", ("low", "medium", "high")),
                        source=self.text(practice, "source", needed="name a public page"), span=self.span(practice),
                    )
                )  # fmt: skip
            lens[entry.id] = LensQuestion(
                id=entry.id, pillar=entry.context[0], pillar_name=pillars.get(entry.context[0], entry.context[0]),
                ask=self.text(entry, "ask", needed="write the question"), help=self.text(entry, "help"),
                url=self.text(entry, "url"), practices=tuple(practices), span=self.span(entry),
            )  # fmt: skip
        return lens

    def _risks(self) -> dict[str, RiskRule]:
        keys = ("id", "scope", "when", "risk", "practice", "name", "because", "improve", "source", "basis", "note")
        risks: dict[str, RiskRule] = {}
        for entry in self.book.kind("risks").values():
            if not self.check_shape(entry, keys, _KEBAB, "kebab-case"):
                continue
            because, source, basis = self.basis(entry)
            practice = self.text(entry, "practice")
            if practice and practice not in self.book.kind("practices"):
                entry.source.add(
                    entry.node.get("practice") or entry.node,
                    f'unknown practice "{practice}"{did_you_mean(practice, self.book.kind("practices"))}',
                )
            risks[entry.id] = RiskRule(
                id=entry.id, scope=self.one_of(entry, "scope", SCOPES), when=self.condition(entry, "when", needed=True),
                text=self.text(entry, "when"), risk=self.one_of(entry, "risk", RISKS), practice=practice,
                name=self.text(entry, "name", needed="give it a short title"), because=because,
                improve=self.text(entry, "improve", needed="say what to do"), source=source, basis=basis,
                span=self.span(entry),
            )  # fmt: skip
        return risks

    def _policies(self) -> dict[str, Policy]:
        keys = ("decision", "services", "approver", "must_name", "because", "source", "basis", "note")
        policies: dict[str, Policy] = {}
        for entry in self.book.kind("policies").values():
            if not self.check_shape(entry, keys, _KEBAB, "kebab-case"):
                continue
            because, source, basis = self.basis(entry)
            node = entry.node.get("services")
            if node is not None and node.kind == "scalar" and node.text == "relational":
                services = tuple(s.id for s in self.services.values() if s.relational)
            else:
                services = self.words(entry, "services")
            policies[entry.id] = Policy(
                id=entry.id, decision=self.one_of(entry, "decision", self.decisions), services=services,
                approver=self.text(entry, "approver", needed="name the role that signs"),
                must_name=tuple(" ".join(t.split()) for t in self.words(entry, "must_name")), because=because,
                source=source, basis=basis, span=self.span(entry),
            )  # fmt: skip
        return policies

    def _gate(self) -> dict[str, str]:
        gate = dict.fromkeys(GATE_CHECKS, "fail") | {"unanswered": "ignore"}
        for entry in self.book.kind("gate").values():
            value = entry.node.text
            if entry.id not in gate:
                entry.source.add(entry.node, f'unknown gate check "{entry.id}"{did_you_mean(entry.id, gate)}')
            elif value not in ("fail", "ignore"):
                entry.source.add(entry.node, f'"{entry.id}" is `fail` or `ignore`')
            else:
                gate[entry.id] = value
        return gate

    # -- typing --------------------------------------------------------------------------------

    def _comparable(self) -> list[str]:
        return [*self.questions, *self.derived, *self.decisions]

    def _finish_conditions(self) -> None:
        """Collects the thresholds of every comparison, so that domains know their cuts."""
        for tree, entry, node in self._all_trees():
            for name, op, literals, _, _ in _comparisons(tree):
                if self._type_of(name) in QUANTITY_TYPES and op in (">", ">=", "<", "<=", "in"):
                    for literal, place in literals:
                        value = self._threshold(name, literal, entry, node, place)
                        if value is not None:
                            self.cuts.setdefault(name, set()).add(value)

    def _all_trees(self) -> list[tuple[Tree, Entry, Node]]:
        return self.trees

    def _type_of(self, name: str) -> str:
        if name in self.questions:
            return self.questions[name].type
        if name in self.derived:
            return self.derived[name].type
        return "outcome" if name in self.decisions else ""

    def _threshold(self, name: str, literal: str, entry: Entry, node: Node, at: int) -> Number | None:
        kind = self._type_of(name)
        if literal in self.facts:
            self.used_facts.add(literal)
            fact = self.facts[literal]
            if DIMENSIONS[fact.dimension] != DIMENSIONS[kind]:
                entry.source.add(
                    node, f"{literal} is a {fact.dimension} and {name} a {kind}: compare like with like", at=at,
                    length=len(literal),
                )  # fmt: skip
                return None
            return fact.magnitude
        if re.match(r"[a-z]", literal) and "." in literal:
            entry.source.add(
                node, f'unknown fact "{literal}"{did_you_mean(literal, self.facts, what="facts")}', at=at, length=len(literal)
            )
            return None
        try:
            return parse_quantity(literal, kind).magnitude
        except QuantityError as error:
            entry.source.add(node, f"{name} {error}", at=at, length=len(literal))
            return None

    def _domain(self, name: str) -> Domain:
        kind = self._type_of(name)
        if kind == "outcome":
            return _choice_domain(self.decisions[name].options)
        if kind == "yes-no":
            return _choice_domain(("yes", "no"))
        if kind in ("choice", "choices"):
            return _choice_domain(tuple(self.questions[name].choices))
        if kind in QUANTITY_TYPES:
            cuts = tuple(sorted(self.cuts.get(name, ())))
            question = self.questions.get(name)
            low = question.low.magnitude if question and question.low else 0
            high = question.high.magnitude if question and question.high else None
            domain = Domain(
                kind="quantity", cuts=cuts, low=low, high=high, whole=kind == "count" and name in self.questions,
                size=2 * len(cuts) + 1,
            )  # fmt: skip
            return replace(domain, full=interval_mask(domain, low, high))
        return Domain(kind="text", size=0, full=0)

    def _type_all(self, domains: Mapping[str, Domain]) -> None:
        for tree, entry, node in self._all_trees():
            for name, op, literals, at, length in _comparisons(tree):
                self._check_comparison(domains, name, op, literals, at, length, entry, node)

    def _check_comparison(
        self, domains: Mapping[str, Domain], name: str, op: str, literals: Any, at: int, length: int, entry: Entry, node: Node
    ) -> None:
        kind = self._type_of(name)
        if op == "ref":
            if name not in self.conditions and kind != "yes-no":
                known = [*self.conditions, *[n for n in self._comparable() if self._type_of(n) == "yes-no"]]
                what = f'"{name}" is a {kind}: compare it' if kind else f'unknown name "{name}"'
                hint = "" if kind else did_you_mean(name, [*known, *self._comparable()])
                entry.source.add(node, what + hint, at=at, length=length)
            return
        if not kind:
            known = [*self._comparable(), *self.facts] if "." in name else self._comparable()
            entry.source.add(node, f'unknown name "{name}"{did_you_mean(name, known)}', at=at, length=length)
            return
        if kind == "text":
            entry.source.add(node, f"{name} is free text and cannot be compared: ask a choice", at=at, length=length)
            return
        ordered = kind in QUANTITY_TYPES
        fits = {"in": kind != "choices", "includes": kind == "choices"}.get(op, ordered)
        if not fits:
            write = "`includes`" if kind == "choices" else "`is` or `in`"
            entry.source.add(node, f"{name} is a {kind}: compare it with {write}", at=at, length=length)
            return
        domain = domains[name]
        if ordered:
            mask = comparison_mask(domain, op, [self._value(name, v) for v, _ in literals])
            shown = f"{domain.low} to {domain.high}"
        else:
            for value, place in literals:
                if value not in domain.choices:
                    entry.source.add(
                        node, f'{name} has no choice "{value}"{did_you_mean(value, domain.choices, what="choices")}',
                        at=place, length=len(value),
                    )  # fmt: skip
            mask = comparison_mask(domain, "in", [v for v, _ in literals])
            shown = ", ".join(domain.choices)
        if (
            op != "includes"
            and mask & domain.full in (0, domain.full)
            and all(v in domain.choices or ordered for v, _ in literals)
        ):
            truth = "true" if mask & domain.full else "false"
            entry.source.add(
                node, f"this comparison is always {truth} ({name} is one of {shown}): correct it", at=at, length=length
            )

    def _value(self, name: str, literal: str) -> Number:
        if literal in self.facts:
            return self.facts[literal].magnitude
        try:
            return parse_quantity(literal, self._type_of(name)).magnitude
        except QuantityError:
            return 0

    # -- order of knowledge ---------------------------------------------------------------------

    def _closures(self) -> dict[str, frozenset[str]]:
        """For each name, all names it leans on; a circle is an error that names its members."""
        direct = {name: self._direct(name) for name in [*self._comparable(), *self.conditions]}
        done: dict[str, frozenset[str]] = {}
        for start in direct:
            self._walk(start, direct, done, [])
        return done

    def _direct(self, name: str) -> set[str]:
        trees: list[Tree | None] = []
        if name in self.questions:
            trees = [self.questions[name].when]
        elif name in self.derived:
            trees = [self.derived[name].value]
        elif name in self.conditions:
            trees = [self.conditions[name].when]
        elif name in self.decisions:
            trees = [r.when for r in self.decisions[name].rules]
        return {n for tree in trees if tree is not None for n in names_in(tree)}

    def _walk(
        self, name: str, direct: Mapping[str, set[str]], done: dict[str, frozenset[str]], path: list[str]
    ) -> frozenset[str]:
        if name in done:
            return done[name]
        if name in path:
            circle = [*path[path.index(name) :], name]
            entry = self._entry_of(name)
            if entry:
                entry.source.add(entry.node, f"a circle in the order of knowledge: {' -> '.join(circle)}; cut it in one place")
            return frozenset()
        found: set[str] = set()
        for other in sorted(direct.get(name, ())):
            found.add(other)
            if other in direct:
                found |= self._walk(other, direct, done, [*path, name])
        done[name] = frozenset(found)
        return done[name]

    def _entry_of(self, name: str) -> Entry | None:
        for kind in ("questions", "derived", "conditions", "decisions"):
            if name in self.book.kind(kind):
                return self.book.kind(kind)[name]
        return None


def _units(dimension: str) -> list[str]:
    from wa_advisor.quantity import UNITS

    return list(UNITS[dimension])


def _commas(value: str) -> str:
    return f"{int(value):,}" if value.isdigit() else value


def _choice_domain(choices: tuple[str, ...]) -> Domain:
    return Domain(kind="choice", choices=choices, size=len(choices), full=(1 << len(choices)) - 1)


def interval_mask(domain: Domain, low: Number | None, high: Number | None) -> int:
    """The cells of a quantity that the closed range [low, high] touches; None is an open end."""
    mask = 0
    for cell in range(domain.size):
        cell_low, cell_high, open_ends = cell_range(domain, cell)
        above = high is None or cell_low is None or (cell_low < high if open_ends else cell_low <= high)
        below = low is None or cell_high is None or (cell_high > low if open_ends else cell_high >= low)
        if above and below and not _empty_cell(domain, cell_low, cell_high, open_ends):
            mask |= 1 << cell
    return mask


def _empty_cell(domain: Domain, low: Number | None, high: Number | None, open_ends: bool) -> bool:
    """Whether no whole number lies between two cuts of a counted quantity."""
    if not (domain.whole and open_ends) or low is None or high is None:
        return False
    return Fraction(low).__floor__() + 1 >= high


def cell_range(domain: Domain, cell: int) -> tuple[Number | None, Number | None, bool]:
    """(low, high, whether the ends are open) of one cell."""
    if cell % 2:
        cut = domain.cuts[cell // 2]
        return cut, cut, False
    index = cell // 2
    low = domain.cuts[index - 1] if index else None
    high = domain.cuts[index] if index < len(domain.cuts) else None
    return low, high, True


def comparison_mask(domain: Domain, op: str, values: list[Any]) -> int:
    """The cells in which a comparison is true."""
    if domain.kind == "choice":
        return sum(1 << i for i, c in enumerate(domain.choices) if c in values)
    mask = 0
    for cell in range(domain.size):
        low, high, open_ends = cell_range(domain, cell)
        if op == "in":
            hit = not open_ends and low in values
        elif op in (">", ">="):
            hit = low is not None and (low >= values[0] if open_ends else (low > values[0] or (op == ">=" and low == values[0])))
        else:
            hit = high is not None and (
                high <= values[0] if open_ends else (high < values[0] or (op == "<=" and high == values[0]))
            )
        if hit:
            mask |= 1 << cell
    return mask


def _comparisons(tree: Tree) -> Iterable[tuple[str, str, Any, int, int]]:
    """Every comparison and bare name of a condition or expression tree."""
    kind = tree[0]
    if kind == "cmp":
        yield tree[1], tree[2], tree[3], tree[4], tree[5]
    elif kind == "ref":
        yield tree[1], "ref", (), tree[2], tree[3]
    elif kind == "not":
        yield from _comparisons(tree[1])
    elif kind in ("and", "or"):
        for part in tree[1]:
            yield from _comparisons(part)
    elif kind in ("+", "*", "/"):
        yield from _comparisons(tree[1])
        yield from _comparisons(tree[2])
    elif kind in ("min", "max"):
        for part in tree[1]:
            yield from _comparisons(part)
    elif kind == "over" and tree[4] is not None:
        yield from _comparisons(tree[4])


def names_in(tree: Tree) -> set[str]:
    """Every question, derived value, named condition or decision that a tree mentions."""
    kind = tree[0]
    if kind in ("cmp", "ref"):
        return {tree[1]}
    if kind == "name":
        return {tree[1]}
    if kind == "not":
        return names_in(tree[1])
    if kind in ("and", "or", "min", "max"):
        return set().union(*(names_in(t) for t in tree[1]))
    if kind in ("+", "*", "/"):
        return names_in(tree[1]) | names_in(tree[2])
    if kind == "over":
        found = {tree[3]} if tree[3] else set()
        return found | (names_in(tree[4]) if tree[4] is not None else set())
    return set()
