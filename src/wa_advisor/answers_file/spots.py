"""YAML text -> spots: every value with the characters it takes up, and every comment.

`ruleset.source` reads a text to judge it and keeps lines and columns for messages; here the exact extent is
needed, to replace one value and leave every other character alone. `ruleset.source` has bounded size,
depth and aliases before (`read_spots` asks it), so the events can be walked without fear.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml
from msgspec import Struct, field

from wa_advisor.ruleset.lines import line_end
from wa_advisor.ruleset.source import parse_yaml

Tree = Any
"""What a text says, without its form: ("scalar", text, is_null), a list, or a dict by key."""


class Spot(Struct):
    """One value: `text[start:stop]` is all of it. `kind` is `scalar`, `mapping`, `sequence` or `alias`."""

    kind: str
    start: int
    stop: int
    flow: bool = False
    style: str = ""
    value: str = ""
    pairs: list[tuple[Spot, Spot]] = field(default_factory=list)
    items: list[Spot] = field(default_factory=list)
    target: Spot | None = None

    @property
    def is_null(self) -> bool:
        return self.kind == "scalar" and not self.style and self.value in ("", "~", "null", "Null", "NULL")

    def pair(self, key: str) -> tuple[Spot, Spot] | None:
        return next((p for p in self.pairs if p[0].value == key), None)

    def keys(self) -> list[str]:
        return [k.value for k, _ in self.pairs]


@lru_cache(maxsize=4)
def read_spots(text: str) -> Spot | None:
    """The root spot of a text that `parse_yaml` reads without problems; None if it does not.

    One step of the wizard asks for the same two texts several times over: spots are not changed once they are read.
    """
    root, source = parse_yaml(text, "-")
    if root is None or source.problems:
        return None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _build(text, yaml.parse(text, Loader=loader))


def _build(text: str, events: Iterator[Any]) -> Spot | None:
    root: Spot | None = None
    stack: list[tuple[Spot, list[Spot]]] = []
    anchors: dict[str, Spot] = {}
    for event in events:
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            _close(*stack.pop(), event)
            continue
        spot = _spot(text, event, anchors)
        if spot is None:
            continue
        root = root or spot
        if stack:
            stack[-1][1].append(spot)
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            stack.append((spot, []))
    return root


def _spot(text: str, event: Any, anchors: dict[str, Spot]) -> Spot | None:
    if not isinstance(event, (yaml.AliasEvent, yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)):
        return None
    return _node(text, event, anchors)


def _node(text: str, event: Any, anchors: dict[str, Spot]) -> Spot:
    start, stop = event.start_mark.index, event.end_mark.index
    if isinstance(event, yaml.AliasEvent):
        return Spot("alias", start, stop, value=event.anchor or "", target=anchors.get(event.anchor or ""))
    if isinstance(event, yaml.ScalarEvent):
        stop = start + len(text[start:stop].rstrip())
        spot = Spot("scalar", start, stop, style=event.style or "", value=event.value)
    else:
        kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
        spot = Spot(kind, start, stop, flow=bool(event.flow_style))
    if event.anchor:
        anchors[event.anchor] = spot
    return spot


def _close(spot: Spot, children: list[Spot], event: Any) -> None:
    if spot.kind == "mapping":
        spot.pairs = list(zip(children[::2], children[1::2], strict=True))
    else:
        spot.items = children
    # the end that YAML reports for a block lies beyond blank lines and comments: its last child ends it
    spot.stop = event.end_mark.index if spot.flow else max([spot.stop, *(c.stop for c in children)])


def tree_of(spot: Spot) -> Tree:
    """What a spot says; aliases are followed."""
    if spot.kind == "alias":
        return tree_of(spot.target) if spot.target else None
    if spot.kind == "scalar":
        return "scalar", spot.value, spot.is_null
    if spot.kind == "sequence":
        return [tree_of(i) for i in spot.items]
    return {k.value: tree_of(v) for k, v in spot.pairs}


def comments_in(text: str, root: Spot, start: int, stop: int) -> list[str]:
    """The comments that begin between two offsets, each from its `#` to the end of its line."""
    found: list[str] = []
    position = start
    for low, high in [*sorted(_scalar_extents(text, root)), (len(text), len(text))]:
        if high <= position:
            continue
        _scan(text, position, min(low, stop), found)
        position = max(position, high)
        if position >= stop:
            break
    return found


def _scan(text: str, start: int, stop: int, found: list[str]) -> None:
    position = start
    while 0 <= (position := text.find("#", position, stop)):
        if position == 0 or text[position - 1] in " \t\r\n\x85\u2028\u2029":
            end = line_end(text, position)
            found.append(text[position:end])
            position = end
        else:
            position += 1


def _scalar_extents(text: str, spot: Spot) -> Iterator[tuple[int, int]]:
    if spot.kind == "scalar":
        start = spot.start
        if spot.style in ("|", ">"):  # its first line holds the sign and perhaps a comment
            start = min(line_end(text, start), spot.stop)
        yield start, spot.stop
    for child in spot.items:
        yield from _scalar_extents(text, child)
    for key, value in spot.pairs:
        yield from _scalar_extents(text, key)
        yield from _scalar_extents(text, value)
