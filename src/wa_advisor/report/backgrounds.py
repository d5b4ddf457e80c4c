"""Backgrounds -> what a report tells of how something works, with the workload's own figures."""

from __future__ import annotations

from msgspec import Struct

from wa_advisor.engine.capacity import capacity_rows
from wa_advisor.engine.evaluate import Assessment
from wa_advisor.report.phrases import magnitude_range
from wa_advisor.report.sources import Sources


class BackgroundView(Struct, frozen=True, kw_only=True):
    """`told` are (name, text, number of the source) of facts, `figures` (item, label, value) of the workload."""

    name: str
    text: str
    names: tuple[str, ...]
    told: tuple[tuple[str, str, int], ...]
    figures: tuple[tuple[str, str, str], ...]
    source: int


def background_views(assessment: Assessment, sources: Sources) -> tuple[BackgroundView, ...]:
    """The backgrounds that the choices call for."""
    rows = capacity_rows(assessment) if assessment.backgrounds else ()
    views = []
    for found in assessment.backgrounds:
        background = found.background
        facts = [assessment.ruleset.facts[f] for f in background.facts]
        told = tuple((fact.name, fact.text, sources.cite(fact.source, fact.as_of)) for fact in facts)
        figures = tuple(
            (row.item, row.label, magnitude_range(row.low, row.high, row.dimension))
            for name in background.figures
            for row in rows
            if row.name == name and row.item in found.items
        )
        views.append(
            BackgroundView(
                name=background.name, text=background.told, names=found.items, told=told, figures=figures,
                source=sources.cite(background.source),
            )
        )  # fmt: skip
    return tuple(views)
