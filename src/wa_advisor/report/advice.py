"""Advice as a report prints it: by topic, each sentence once with the items it is for."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from wa_advisor.engine.evaluate import AdviceFound, Assessment
from wa_advisor.report.sources import Sources
from wa_advisor.ruleset.shape import TOPICS

HEADINGS = {
    "modelling": "Keys, items and indexes",
    "stores": "Several stores",
    "connections": "Connections",
    "operation": "Running it",
    "capacity": "Room for the load",
    "availability": "Which services are left out, and why",
    "subjects-2018": "Subjects of the 2018 lens",
}


class AdviceRow(Struct, frozen=True, kw_only=True):
    """One piece of advice; no `names` means the whole workload."""

    id: str
    name: str
    improve: str
    because: str
    basis: str
    source: int
    names: tuple[str, ...]


class AdviceTopic(Struct, frozen=True, kw_only=True):
    id: str
    heading: str
    rows: tuple[AdviceRow, ...]


def advice_topics(assessment: Assessment, sources: Sources) -> tuple[AdviceTopic, ...]:
    """The topics that have something to say, in a fixed order."""
    found = []
    for topic in TOPICS:
        rows = tuple(_rows([a for a in assessment.advice if a.topic == topic], sources))
        if rows:
            found.append(AdviceTopic(id=topic, heading=HEADINGS[topic], rows=rows))
    return tuple(found)


def _rows(advice: list[AdviceFound], sources: Sources) -> Iterator[AdviceRow]:
    by_id: dict[str, list[AdviceFound]] = {}
    for one in advice:
        by_id.setdefault(one.id, []).append(one)
    for same in by_id.values():
        first = same[0]
        yield AdviceRow(
            id=first.id, name=first.name, improve=first.improve, because=first.because, basis=first.basis,
            source=sources.cite(first.source), names=() if first.scope == "workload" else tuple(a.item for a in same),
        )  # fmt: skip
