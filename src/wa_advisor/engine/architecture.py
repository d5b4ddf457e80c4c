"""The data architecture of a workload: how many stores, which pattern lives where, and which store feeds another.

Each pattern starts where its own verdict puts it. Then stores that can be spared are: if every pattern of a store is
nearly as well served by others that are there anyway, its patterns move there. A pattern moves only to an option that
is viable for it, that nothing strong speaks against, and that is at most the rule set's margin of points behind; between
stores of one family the margin is wider, since a second relational store, say, brings little that the first lacks.
Proposals stay where the team wants them. Stores of further uses (search, reports) are fed, and never moved to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from wa_advisor.engine.assessment import (
    AdviceFound,
    ClassVerdict,
    DataArchitecture,
    FeedFound,
    OptionTrace,
    StoreKept,
    StoreMove,
    Verdict,
)
from wa_advisor.model import RuleSet

DECISION = "data_store"


class _Place(Struct, frozen=True):
    """A pattern and the store that it lives in."""

    verdict: Verdict
    store: str


def data_architecture(
    ruleset: RuleSet, verdicts: Iterable[Verdict], classes: Mapping[str, ClassVerdict], advice: Iterable[AdviceFound]
) -> DataArchitecture | None:
    """Where every pattern lives; None if there is none. Advice that names a store to feed brings that store in."""
    judged = [v for v in verdicts if v.decision == DECISION]
    if not judged:
        return None
    places = [_Place(v, v.subject) for v in judged if v.subject is not None]
    moved = _consolidated(ruleset, places)
    moves = tuple(
        StoreMove(item=old.verdict.item, first=old.store, store=new.store, behind=_behind(ruleset, old.verdict, new.store))
        for old, new in zip(places, moved, strict=True)
        if old.store != new.store
    )
    copies = {p.verdict.item for p in moved if _is_copy(ruleset, classes.get(p.verdict.item))}
    records = _stores(ruleset, (p for p in moved if p.verdict.item not in copies))
    rows = _stores(ruleset, (p for p in moved if p.verdict.item not in copies and not _is_file(classes.get(p.verdict.item))))
    feeds = tuple(_feeds(ruleset, moved, rows, copies, list(advice)))
    return DataArchitecture(
        margin=ruleset.consolidation.margin, in_family=ruleset.consolidation.in_family, stores=tuple(_kept(ruleset, moved, records, feeds)), feeds=feeds,
        moves=moves, open=tuple(v.item for v in judged if v.subject is None),
    )  # fmt: skip


# -- fewer stores ------------------------------------------------------------------------------------


def _consolidated(ruleset: RuleSet, places: Sequence[_Place]) -> list[_Place]:
    """The places after every store that can be spared is gone, the one with the fewest patterns first."""
    now = list(places)
    while True:
        for store in _by_need(ruleset, now):
            others = sorted({p.store for p in now} - {store})
            targets = {id(p): _target(ruleset, p, others) for p in now if p.store == store}
            if all(targets.values()):
                now = [_Place(p.verdict, targets.get(id(p)) or p.store) for p in now]
                break
        else:
            return now


def _by_need(ruleset: RuleSet, places: Sequence[_Place]) -> list[str]:
    """The stores, those with the fewest patterns first; among equals the least preferred."""
    order = {o: i for i, o in enumerate(ruleset.decisions[DECISION].preference)}
    counts: dict[str, int] = {}
    for place in places:
        counts[place.store] = counts.get(place.store, 0) + 1
    return sorted(counts, key=lambda s: (counts[s], -order[s]))


def _target(ruleset: RuleSet, place: _Place, others: Sequence[str]) -> str | None:
    """The other store that serves the pattern best, None where none comes near enough."""
    if place.verdict.proposed:
        return None
    order = ruleset.decisions[DECISION].preference
    fit = [
        o for o in map(place.verdict.option, others)
        if o is not None and _serves(o) and _behind(ruleset, place.verdict, o.option) <= _margin(ruleset, place.store, o.option)
    ]  # fmt: skip
    return min(fit, key=lambda o: (-_points(ruleset, o), order.index(o.option))).option if fit else None


def _margin(ruleset: RuleSet, store: str, other: str) -> int:
    family = ruleset.services[store].family
    same = bool(family) and family == ruleset.services[other].family
    return ruleset.consolidation.in_family if same else ruleset.consolidation.margin


def _serves(option: OptionTrace) -> bool:
    mismatch = any(a.truth and a.rule.direction == "against" and a.rule.strength == "strong" for a in option.arguments)
    return option.state == "viable" and option.has_reason and not mismatch


def _behind(ruleset: RuleSet, verdict: Verdict, store: str) -> int:
    """By how many points a store is behind the verdict's own first choice in what the pattern asks of it."""
    first, other = verdict.option(verdict.choice), verdict.option(store)
    return _points(ruleset, first) - _points(ruleset, other) if first is not None and other is not None else 0


def _points(ruleset: RuleSet, option: OptionTrace) -> int:
    """The option's total without what counts once for a store, whatever lives in it."""
    once = set(ruleset.consolidation.once)
    return sum(
        ruleset.strengths[a.rule.strength] * (1 if a.rule.direction == "for" else -1)
        for a in option.arguments
        if a.truth and not once & set(a.answers)
    )


# -- feeding -----------------------------------------------------------------------------------------


def _is_copy(ruleset: RuleSet, verdict: ClassVerdict | None) -> bool:
    return verdict is not None and verdict.outcome in ruleset.consolidation.copies


def _is_file(verdict: ClassVerdict | None) -> bool:
    """Files are found by name and feed no index or warehouse by themselves."""
    return verdict is not None and verdict.outcome == "object"


def _stores(ruleset: RuleSet, places: Iterable[_Place]) -> tuple[str, ...]:
    """The stores of some places, in the order of preference."""
    found = {p.store for p in places}
    return tuple(o for o in ruleset.decisions[DECISION].preference if o in found)


def _feeds(
    ruleset: RuleSet, places: Sequence[_Place], rows: Sequence[str], copies: set[str], advice: Sequence[AdviceFound]
) -> Iterator[FeedFound]:
    """Copies fed from the stores of record, then the further stores that a pattern's other uses ask for."""
    for place in places:
        sources = tuple(r for r in rows if r != place.store)
        if place.verdict.item in copies and place.store not in rows and sources:
            yield FeedFound(rule="", item=place.verdict.item, sources=sources, target=place.store)
    taken = {p.store for p in places}
    for place in places:
        for one in advice:
            if one.scope != "access_pattern" or one.item != place.verdict.item or not one.feeds or one.item in copies:
                continue
            target = next((t for t in one.feeds if t in taken), one.feeds[0])
            if target != place.store and not ruleset.services[target].barred:
                yield FeedFound(rule=one.id, item=one.item, sources=(place.store,), target=target)


def _kept(ruleset: RuleSet, places: Sequence[_Place], records: Sequence[str], feeds: Sequence[FeedFound]) -> Iterator[StoreKept]:
    """Every store with its patterns: records first, then copies, then what is there to be fed only."""
    lived = _stores(ruleset, places)
    for store in (*records, *(s for s in lived if s not in records)):
        items = tuple(p.verdict.item for p in places if p.store == store)
        yield StoreKept(store=store, role="record" if store in records else "copy", items=items)
    fed = {f.target for f in feeds} - set(lived)
    for store in (o for o in ruleset.decisions[DECISION].preference if o in fed):
        yield StoreKept(store=store, role="copy", items=())
