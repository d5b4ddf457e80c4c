"""Nodes -> RuleSet, or every problem found.

Files are read into drafts by id, later sets over earlier ones; each draft is checked by itself; sentences are
parsed, their thresholds collected, and typed against the names they use; the order of knowledge is walked. Only
when nothing is wrong are records built, so that no record ever holds half a rule.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from wa_advisor.errors import RulesError
from wa_advisor.model import RuleSet
from wa_advisor.ruleset.asking import build_assumptions, build_conditions, build_derived, build_questions, check_asking
from wa_advisor.ruleset.cells import cell_range, comparison_mask, interval_mask
from wa_advisor.ruleset.costing import build_cost_notes, build_costs, build_loads, check_costing
from wa_advisor.ruleset.deciding import build_decisions, check_decisions, check_fixed
from wa_advisor.ruleset.drafts import Book
from wa_advisor.ruleset.expressions import type_expression
from wa_advisor.ruleset.facts import build_facts, build_services
from wa_advisor.ruleset.header import build_header, check_headers
from wa_advisor.ruleset.holding import build_advice, build_gate, build_lens, build_policies, build_risks, check_holding
from wa_advisor.ruleset.names import read_names
from wa_advisor.ruleset.order import closures
from wa_advisor.ruleset.quotas import build_backgrounds, build_quotas, check_quota_units, check_quotas
from wa_advisor.ruleset.sections import read_file
from wa_advisor.ruleset.sentences import Typing, read_sentences
from wa_advisor.ruleset.shape import GATE_CHECKS
from wa_advisor.ruleset.source import Node, Source
from wa_advisor.ruleset.trees import names_in

__all__ = [
    "GATE_CHECKS",
    "canonical",
    "cell_range",
    "comparison_mask",
    "compile_ruleset",
    "digest_of",
    "interval_mask",
    "names_in",
]

Files = Iterable[tuple[Node | None, Source]]


def canonical(node: Node) -> Any:
    """The parsed content alone, without comments, order of keys or layout: what a digest is taken over."""
    if node.kind == "scalar":
        return " ".join(node.text.split())
    if node.kind == "sequence":
        return [canonical(n) for n in node.items]
    return {key.text: canonical(value) for key, value in node.pairs}


def _text_of(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def digest_of(value: Any) -> str:
    return "sha256:" + hashlib.sha256(_text_of(value).encode()).hexdigest()


def compile_ruleset(sets: Iterable[tuple[str, Files]]) -> RuleSet:
    """The RuleSet of the shipped files and any overlays, in order; RulesError with every problem."""
    book = Book()
    sources: list[Source] = []
    labels: list[str] = []
    digests: list[str] = []
    for level, (label, files) in enumerate(sets):
        digests.append(_read_set(book, files, level, sources))
        labels.append(label)
    ruleset = _compile(book, sources, digests, labels)
    problems = [p for s in sources for p in sorted(s.problems, key=lambda p: (p.span.line, p.span.column)) if not p.warning]
    if problems or ruleset is None:
        raise RulesError(problems)
    return ruleset


def _read_set(book: Book, files: Files, level: int, sources: list[Source]) -> str:
    """The digest of one set, whose drafts go into the book; the order of its files does not matter."""
    content: list[str] = []
    roots: list[tuple[Node, Source]] = []
    for root, source in files:
        sources.append(source)
        if root is not None:
            content.append(_text_of(canonical(root)))
            roots.append((root, source))
    for root, source in sorted(roots, key=lambda r: _extends(r[0])):
        read_file(book, root, source, level)
    joined = "[" + ",".join(sorted(content)) + "]"
    return "sha256:" + hashlib.sha256(joined.encode()).hexdigest()


def _extends(root: Node) -> bool:
    """Whether a file adds to what another one declares, and so is read after it."""
    mark = root.get("extend") if root.kind == "mapping" else None
    return mark is not None and mark.text == "true"


def _compile(book: Book, sources: list[Source], digests: list[str], labels: list[str]) -> RuleSet | None:
    check_headers(book, sources)
    facts, services = build_facts(book), build_services(book)
    check_asking(book)
    check_decisions(book)
    check_holding(book)
    check_costing(book, facts)
    check_quotas(book, facts)
    names = read_names(book)
    sentences = read_sentences(book)
    typing = Typing(names, facts, book)
    typing.run(sentences)
    for sentence in sentences:
        if sentence.is_expression:
            type_expression(typing, sentence)
    check_quota_units(book, facts)
    cost_notes = build_cost_notes(book)
    check_fixed(book, facts)
    needs = closures(book, names, sentences)
    if any(not p.warning for s in sources for p in s.problems):
        return None
    header = build_header(book)
    return RuleSet(
        name=header.name, version=header.version, as_of=header.as_of, about_factor=header.about_factor,
        strengths=header.strengths, lens_risk=header.lens_risk, lens_risk_because=header.lens_risk_because,
        history=header.history, history_because=header.history_because, history_source=header.history_source,
        facts=facts, services=services, questions=build_questions(book), conditions=build_conditions(book), assumptions=build_assumptions(book, needs),
        derived=build_derived(book), decisions=build_decisions(book), risks=build_risks(book), advice=build_advice(book), lens=build_lens(book),
        policies=build_policies(book, services), costs=build_costs(book), loads=build_loads(book), cost_notes=cost_notes,
        quotas=build_quotas(book, facts), backgrounds=build_backgrounds(book), gate=build_gate(book), domains=typing.domains, needs=needs,
        digest=digests[0], overlays=tuple(zip(_overlay_names(book, labels), digests[1:], strict=True)),
        overridden=tuple(book.overridden), disabled=tuple(book.disabled), retired=header.retired,
        consolidation=header.consolidation,
    )  # fmt: skip


def _overlay_names(book: Book, labels: list[str]) -> list[str]:
    """What each overlay calls itself, else its folder's name."""
    return [book.headers[n].id if n in book.headers else label for n, label in enumerate(labels) if n]
