"""The header of the shipped set: its name and version, and the numbers that all rules share."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from wa_advisor.model import RISKS, Consolidation
from wa_advisor.quantity import Number
from wa_advisor.ruleset.drafts import Book, Entry, check_mapping
from wa_advisor.ruleset.shape import SHAPES, TIERS
from wa_advisor.ruleset.source import Node, Source


class Header(Struct, frozen=True, kw_only=True):
    name: str
    version: str
    as_of: str
    about_factor: int
    strengths: Mapping[str, int]
    lens_risk: Mapping[str, str]
    lens_risk_because: str
    history: Mapping[str, Number]
    history_because: str
    history_source: str
    retired: Mapping[str, str]
    consolidation: Consolidation


def check_headers(book: Book, sources: list[Source]) -> None:
    for entry in book.headers.values():
        check_mapping(entry.node, entry.at, entry.id, SHAPES[entry.kind], entry.source, closed=False)
        for key in ("strengths", "lens_risk", "history", "consolidation"):
            node = entry.fields.get(key)
            if node is not None and node.kind == "mapping":
                check_mapping(node, node, key, SHAPES[key], entry.source)
            elif node is not None:
                entry.problem(f"`{key}` is a mapping: write each entry as `id: ..`", key)
    if 0 not in book.headers and sources:
        sources[0].add(Node("scalar", 0, 0, 0), "no file says `ruleset: NAME`: add ruleset.yaml")


def build_header(book: Book) -> Header:
    entry = book.headers[0]
    lens, history = _texts(entry, "lens_risk"), _texts(entry, "history")
    because, reason = lens.pop("because", ""), history.pop("because", "")
    source = history.pop("source", "")
    strengths = {"strong": 4, "moderate": 2, "slight": 1} | {k: int(v) for k, v in _texts(entry, "strengths").items()}
    return Header(
        name=entry.id, version=entry.text("version"), as_of=entry.text("as_of"),
        about_factor=int(entry.text("about_factor") or 2), strengths=strengths,
        lens_risk={t: lens.get(t, default) for t, default in zip(TIERS, RISKS, strict=True)},
        lens_risk_because=because, history={k: Fraction(v) / 100 for k, v in history.items()},
        history_because=reason, history_source=source, retired=_texts(entry, "retired"),
        consolidation=_consolidation(entry),
    )  # fmt: skip


def _consolidation(entry: Entry) -> Consolidation:
    node = entry.fields.get("consolidation")
    if node is None:
        return Consolidation()
    texts = _texts(entry, "consolidation")
    return Consolidation(
        margin=int(texts["margin"]), in_family=int(texts["in_family"]), because=texts["because"],
        once=_words(node, "once"), copies=_words(node, "copies"),
    )  # fmt: skip


def _words(node: Node, key: str) -> tuple[str, ...]:
    found = node.get(key)
    return tuple(one.text for one in found.items) if found is not None else ()


def _texts(entry: Entry, key: str) -> dict[str, str]:
    node = entry.fields.get(key)
    return {k.text: " ".join(v.text.split()) for k, v in node.pairs} if node is not None else {}
