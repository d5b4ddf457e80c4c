"""What of a file's nodes is left out so that the rest can be read.

Leaving out is done on the nodes and never on the text: every line and column stays that of the file, however
much is left out, and a path is always one of the whole file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from wa_advisor.errors import Span
from wa_advisor.ruleset.source import Node

Path = tuple[str | int, ...]
UNNAMED = "unnamed"
"""The name that stands in for one, here and in `wa-advisor template`."""
_DEPTH = 6
"""How deep a problem can lie: group, entry, answer, `not_applicable`, practice, text."""


def places(root: Node, aside: Collection[Path]) -> dict[tuple[int, int, int], list[Path]]:
    """{(line, column, end): the paths of the node there}: several, where an alias says it again.

    A mapping begins where its first key does: where they end alike too, it is the key.
    """
    found: dict[tuple[int, int, int], list[Path]] = {}
    for node, path in _walk(root, (), aside):
        here = found.setdefault((node.line, node.column, node.end), [])
        here[:] = [p for p in here if p != path[: len(p)]]
        here.append(path)
    return found


def paths_at(found: dict[tuple[int, int, int], list[Path]], span: Span) -> list[Path]:
    return found.get((span.line, span.column, span.end), [])


def _walk(node: Node, path: Path, aside: Collection[Path]) -> Iterator[tuple[Node, Path]]:
    yield node, path
    if len(path) == _DEPTH:
        return
    for key, value in node.pairs:
        below = (*path, key.text)
        if below not in aside:
            yield key, below
            yield from _walk(value, below, aside)
    for index, item in enumerate(node.items):
        if (*path, index) not in aside:
            yield from _walk(item, (*path, index), aside)


def without(node: Node, aside: Collection[Path], path: Path = ()) -> Node:
    """The nodes without the values at some paths; where a name is left out, another stands in."""
    if not any(p[: len(path)] == path for p in aside):
        return node
    pairs = [(k, without(v, aside, below)) for k, v in node.pairs if (below := (*path, k.text)) not in aside]
    number = path[-1] + 1 if path and isinstance(path[-1], int) else None
    if (*path, "name") in aside and (number or path == ("workload",)):
        pairs.insert(0, (Node("scalar", 0, 0, 0, "name"), Node("scalar", 0, 0, 0, f"{UNNAMED} {number}" if number else UNNAMED)))
    items = [without(v, aside, below) for i, v in enumerate(node.items) if (below := (*path, i)) not in aside]
    kind = "mapping" if node.is_null and path == ("workload",) else node.kind
    return replace(node, kind=kind, pairs=pairs, items=items)
