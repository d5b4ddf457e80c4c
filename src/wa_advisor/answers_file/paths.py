"""Where a path leads in the text of an answers file, and whether a changed text says what it has to.

A path is a tuple of keys and list indices: ("access_patterns", 0, "lookup").
"""

from __future__ import annotations

from collections.abc import Iterator

from wa_advisor.answers_file.spots import Spot, Tree, read_spots, tree_of
from wa_advisor.ruleset.lines import line_number

Path = tuple[str | int, ...]


class EditError(ValueError):
    """The change cannot be made in this text without losing something; the message ends in what to do."""


def root_of(text: str) -> Spot:
    root = read_spots(text)
    if root is None or root.kind != "mapping":
        raise EditError("the file is no answers file at the moment: mend it first")
    return root


def find(root: Spot, path: Path) -> Spot | None:
    """What stands at a path; aliases on the way are followed, one at its end is given as it is."""
    spot: Spot | None = root
    for part in path:
        while spot is not None and spot.kind == "alias":
            spot = spot.target
        if spot is None:
            return None
        if isinstance(part, int):
            spot = spot.items[part] if spot.kind == "sequence" and part < len(spot.items) else None
        else:
            pair = spot.pair(part)
            spot = pair[1] if pair else None
    return spot


def own(text: str, spot: Spot | None, kind: str) -> Spot:
    """The spot, if it is a `mapping` or `sequence` of its own."""
    line = line_number(text, spot.start) if spot is not None else 1
    if spot is not None and spot.kind == "alias":
        raise EditError(f"line {line} is an alias ({text[spot.start : spot.stop]}): write its values out, then go on")
    if spot is None or spot.kind != kind:
        raise EditError(f"line {line} holds no {'list' if kind == 'sequence' else 'keys'}: mend it by hand first")
    return spot


def line_of(root: Spot, path: Path) -> int:
    """The offset of the innermost key or entry on the way to `path` that begins a line: above it comments can stand."""
    spot, at = root, root.start
    for part in path:
        if spot.flow or spot.kind not in ("mapping", "sequence"):
            break
        if isinstance(part, int):
            if part >= len(spot.items):
                break
            spot = spot.items[part]
            at = spot.start
        else:
            pair = spot.pair(part)
            if pair is None:
                break
            at, spot = pair[0].start, pair[1]
    return at


def changed_tree(tree: Tree, path: Path, value: Tree) -> Tree:
    """The tree with `value` at `path`; None removes."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        new = list(tree)
        if not rest and value is None:
            del new[head]
        else:
            new[head] = changed_tree(tree[head], rest, value)
        return new
    below = tree if isinstance(tree, dict) else {}
    if not rest and value is None:
        return {k: v for k, v in below.items() if k != head}
    return {**below, head: changed_tree(below.get(head), rest, value)}


def verified(old: str, new: str, expected: Tree, spot: Spot) -> str:
    """The new text, if it says what is expected; `spot` is what was changed in the old one."""
    root = read_spots(new)
    if root is None or tree_of(root) != expected:
        line = line_number(old, spot.start)
        name = next((a.value for a in _aliases(root_of(old)) if _meet(a, spot)), "")
        if name:
            raise EditError(f"line {line} is tied to another place by an anchor (&{name}): write the values out, then go on")
        raise EditError(f"line {line} is written in a form that cannot be changed in place: write it as plain `key: value`")
    return new


def _aliases(spot: Spot) -> Iterator[Spot]:
    if spot.kind == "alias":
        yield spot
    for child in [*spot.items, *(value for _, value in spot.pairs)]:
        yield from _aliases(child)


def _meet(alias: Spot, spot: Spot) -> bool:
    """Whether an alias, or what it names, has characters in common with a spot."""
    ends = [(alias.start, alias.stop), *([(alias.target.start, alias.target.stop)] if alias.target else [])]
    return any(start < max(spot.stop, spot.start + 1) and spot.start < stop for start, stop in ends)
