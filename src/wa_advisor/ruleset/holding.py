"""Drafts -> lens, risks, advice, policies and gate: what an Assessment is held against."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wa_advisor.errors import did_you_mean
from wa_advisor.model import SCOPES, Advice, BestPractice, LensQuestion, Policy, RiskRule, Service
from wa_advisor.ruleset.drafts import Book, Entry, check_entry, pairs_of
from wa_advisor.ruleset.shape import GATE_CHECKS, GATE_LEVELS
from wa_advisor.ruleset.source import Node, Source


def check_holding(book: Book) -> None:
    """Every fault of a pillar, practice, risk, policy or gate check that needs no types."""
    for kind in ("pillars", "lens", "practices", "risks", "advice", "policies"):
        for entry in book.kind(kind).values():
            check_entry(entry, closed=kind != "pillars")
    practices = book.kind("practices")
    for entry in book.kind("risks").values():
        practice = entry.text("practice")
        if practice and practice not in practices:
            hint = book.gone(practice) or did_you_mean(practice, practices, what="practices")
            entry.problem(f'unknown practice "{practice[:40]}"{hint}', "practice")
    for entry in book.kind("practices").values():
        _check_touches(entry)
    for entry in book.kind("advice").values():
        _check_words(entry.fields.get("feeds"), "service", book.kind("services"), entry.source)
    for entry in book.headers.values():
        classes = book.kind("decisions").get("class")
        node = entry.fields.get("consolidation")
        if node is not None and node.kind == "mapping":
            known = [k.text for k, _ in pairs_of(classes.fields.get("outcomes"), "outcomes", entry.source)] if classes else []
            _check_words(node.get("copies"), "class", known, entry.source)
            _check_words(node.get("once"), "question", book.kind("questions"), entry.source)
    for entry in book.kind("policies").values():
        _check_policy(book, entry)
    for entry in book.kind("gate").values():
        if entry.id not in GATE_CHECKS:
            entry.problem(f'unknown gate check "{entry.id[:40]}"{did_you_mean(entry.id, GATE_CHECKS, what="checks")}')
        elif entry.node.text not in GATE_LEVELS:
            entry.source.add(entry.node, f'"{entry.id}" is "{entry.node.text[:40]}": write fail, warn or ignore')


def _check_words(node: Node | None, what: str, known: Collection[str], source: Source) -> None:
    for one in node.items if node is not None else ():
        if one.text not in known:
            source.add(one, f'unknown {what} "{one.text[:40]}"{did_you_mean(one.text, known)}')


def _check_touches(entry: Entry) -> None:
    """`touches` is {scope: condition}, and `away` says why the practice cannot apply without such items."""
    for scope, node in pairs_of(entry.fields.get("touches"), "touches", entry.source):
        if scope.text not in SCOPES:
            entry.source.add(scope, f'unknown scope "{scope.text[:40]}"{did_you_mean(scope.text, SCOPES, what="scopes")}')
        elif node.kind != "scalar" or node.is_null:
            entry.source.add(node, f"`touches` has no condition for {scope.text}: write one")
    if "touches" in entry.fields and not entry.text("away"):
        entry.problem(f'"{entry.id}" has `touches` and no `away`: say why it cannot apply where it touches nothing', "touches")


def _check_policy(book: Book, entry: Entry) -> None:
    decision = entry.text("decision")
    found = book.kind("decisions").get(decision)
    choices = [e.id for e in book.kind("decisions").values() if "options" in e.fields]
    if decision and (found is None or decision not in choices):
        entry.problem(f'unknown decision "{decision[:40]}"{did_you_mean(decision, choices, what="decisions")}', "decision")
    node = entry.fields.get("services")
    if node is None or (node.kind == "scalar" and node.text == "relational"):
        return
    if node.kind != "sequence":
        entry.problem("`services` is `relational`, or a list of services: write one of them", "services")
    for one in node.items:
        if one.text not in book.kind("services"):
            entry.source.add(one, f'unknown service "{one.text[:40]}"{did_you_mean(one.text, book.kind("services"))}')


def build_lens(book: Book) -> dict[str, LensQuestion]:
    pillars = {p: e.text("name") for p, e in book.kind("pillars").items()}
    practices: dict[str, list[BestPractice]] = {}
    for entry in book.kind("practices").values():
        practices.setdefault(entry.owner[0], []).append(_practice(entry))
    return {
        e.id: LensQuestion(
            id=e.id, pillar=e.owner[0], pillar_name=pillars.get(e.owner[0], e.owner[0]), ask=e.text("ask"), help=e.text("help"),
            url=e.text("url"), practices=tuple(practices.get(e.id, ())), span=e.span,
        )
        for e in book.kind("lens").values()
    }  # fmt: skip


def _practice(entry: Entry) -> BestPractice:
    return BestPractice(
        id=entry.id, name=entry.text("name"), tier=entry.text("tier"), because=entry.text("because"),
        improve=entry.text("improve"), effort=entry.text("effort"), source=entry.text("source"),
        touches={s: entry.trees[f"touches.{s}"] for s in SCOPES if f"touches.{s}" in entry.trees},
        touches_text=_touches_text(entry), away=entry.text("away"), span=entry.span,
    )  # fmt: skip


def _touches_text(entry: Entry) -> dict[str, str]:
    node = entry.fields.get("touches")
    return {k.text: " ".join(v.text.split()) for k, v in node.pairs} if node is not None else {}


def build_advice(book: Book) -> dict[str, Advice]:
    return {
        e.id: Advice(
            id=e.id, scope=e.text("scope"), topic=e.text("topic"), when=e.trees["when"], text=e.text("when"), name=e.text("name"),
            because=e.text("because"), improve=e.text("improve"), source=e.text("source"), basis=e.text("basis"), feeds=e.words("feeds"), span=e.span,
        )
        for e in book.kind("advice").values()
    }  # fmt: skip


def build_risks(book: Book) -> dict[str, RiskRule]:
    return {
        e.id: RiskRule(
            id=e.id, scope=e.text("scope"), when=e.trees["when"], text=e.text("when"), risk=e.text("risk"),
            practice=e.text("practice"), name=e.text("name"), because=e.text("because"), improve=e.text("improve"),
            source=e.text("source"), basis=e.text("basis"), span=e.span,
        )
        for e in book.kind("risks").values()
    }  # fmt: skip


def build_policies(book: Book, services: Mapping[str, Service]) -> dict[str, Policy]:
    relational = tuple(s.id for s in services.values() if s.relational)
    return {
        e.id: Policy(
            id=e.id, decision=e.text("decision"), approver=e.text("approver"), must_name=e.words("must_name"),
            services=relational if e.text("services") == "relational" else e.words("services"),
            because=e.text("because"), source=e.text("source"), basis=e.text("basis"), span=e.span,
        )
        for e in book.kind("policies").values()
    }  # fmt: skip


def build_gate(book: Book) -> dict[str, str]:
    given = {e.id: e.node.text for e in book.kind("gate").values()}
    return dict.fromkeys(GATE_CHECKS, "fail") | {"unanswered": "ignore", "unused-sign-off": "warn"} | given
