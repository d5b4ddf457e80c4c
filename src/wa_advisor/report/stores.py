"""The data architecture as a report prints it: one line a store, and what shares a store though another fits better."""

from __future__ import annotations

from msgspec import Struct

from wa_advisor.engine.evaluate import Assessment, DataArchitecture, StoreKept


class StoreRow(Struct, frozen=True, kw_only=True):
    """A store, what it holds (`fed_from` is empty for a record), the patterns that live there and those it is fed for."""

    name: str
    fed_from: tuple[str, ...]
    is_record: bool
    names: tuple[str, ...]
    fed_for: tuple[str, ...]


class MoveRow(Struct, frozen=True, kw_only=True):
    """A pattern kept in a store that is there anyway, and by how many points another one fits better."""

    item: str
    first: str
    store: str
    behind: int


class StoresView(Struct, frozen=True, kw_only=True):
    rows: tuple[StoreRow, ...]
    patterns: int
    moves: tuple[MoveRow, ...]
    margin: int
    in_family: int
    because: str
    open: tuple[str, ...]


def stores_view(assessment: Assessment) -> StoresView | None:
    """None where there is nothing to say beyond the verdicts: one store, and none that could be spared or fed."""
    found = assessment.data_architecture
    if found is None or (len(found.stores) < 2 and not found.moves):
        return None
    services = assessment.ruleset.services
    consolidation = assessment.ruleset.consolidation
    return StoresView(
        rows=tuple(_row(assessment, found, kept) for kept in found.stores),
        patterns=sum(len(kept.items) for kept in found.stores),
        moves=tuple(
            MoveRow(item=m.item, first=services[m.first].name, store=services[m.store].name, behind=m.behind) for m in found.moves
        ),
        margin=consolidation.margin, in_family=consolidation.in_family, because=consolidation.because, open=found.open,
    )  # fmt: skip


def _row(assessment: Assessment, found: DataArchitecture, kept: StoreKept) -> StoreRow:
    services = assessment.ruleset.services
    feeds = [f for f in found.feeds if f.target == kept.store]
    sure = [f for f in feeds if f.rule or len(f.sources) == 1]  # which of several records a class draws on is not known
    sources = dict.fromkeys(source for feed in sure for source in feed.sources)
    return StoreRow(
        name=services[kept.store].name, fed_from=tuple(services[s].name for s in sources), is_record=kept.role == "record",
        names=kept.items, fed_for=tuple(dict.fromkeys(f.item for f in feeds if f.rule)),
    )  # fmt: skip
