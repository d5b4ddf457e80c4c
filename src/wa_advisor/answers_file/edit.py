"""Answers-file text + one change -> text, with every other character where it was.

Rewriting a file from its values would lose the comments, the order and the spelling of whoever wrote it, so
a change replaces, inserts or removes only its own characters. What the new text says is then compared with
what it has to say; where YAML's finer forms (an anchor shared by two places, say) stand in the way, an
EditError names the line and nothing is changed.

A path is a tuple of keys and list indices: ("access_patterns", 0, "lookup").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wa_advisor.answers_file.scalars import render_flow, render_item, render_pair, render_scalar, tree_of_value
from wa_advisor.answers_file.spots import (
    Spot,
    Tree,
    comments_in,
    line_end,
    line_start,
    next_line,
    read_spots,
    tree_of,
)

Path = tuple[str | int, ...]


class EditError(ValueError):
    """The change cannot be made in this text without losing something; the message ends in what to do."""


def set_value(text: str, path: Path, value: object, order: Sequence[str] = ()) -> str:
    """The text with `value` (text, a list of texts or a mapping) at `path`; a new key stands after its
    predecessors in `order`."""
    root = _root(text)
    parent = _find(root, path[:-1])
    key = path[-1]
    assert isinstance(key, str)
    if parent is None or parent.is_null:
        return set_value(text, path[:-1], {key: value}, order)
    parent = _own(text, parent)
    pair = parent.pair(key)
    expected = _changed(tree_of(root), path, tree_of_value(value))
    if pair is None:
        return _verified(text, _insert(text, parent, key, value, order), expected, parent)
    return _verified(text, _replace(text, root, pair, value, path), expected, pair[1])


def remove_value(text: str, path: Path) -> str:
    """The text without the key at `path`; comments beside it stay, on lines of their own."""
    root = _root(text)
    parent = _find(root, path[:-1])
    pair = parent.pair(str(path[-1])) if parent is not None else None
    if parent is None or pair is None:
        return text
    parent = _own(text, parent)
    expected = _changed(tree_of(root), path, None)
    return _verified(text, _without(text, root, parent, pair), expected, pair[1])


def comment_out(text: str, path: Path) -> str:
    """The text with the lines of the key at `path` turned into comments."""
    root = _root(text)
    parent = _find(root, path[:-1])
    pair = parent.pair(str(path[-1])) if parent is not None else None
    if parent is None or pair is None:
        return text
    key, value = pair
    start = line_start(text, key.start)
    if parent.flow or text[start : key.start].strip():
        kept = _newline(text).join(f"# {line}" for line in text[key.start : value.stop].splitlines())
        return _with_lines_above(remove_value(text, path), start, kept)
    stop = next_line(text, max(value.stop - 1, key.stop))
    lines = text[start:stop].splitlines(keepends=True)
    indent = key.start - start
    marked = "".join(line if not line.strip() else line[:indent] + "# " + line[indent:] for line in lines)
    return _verified(text, text[:start] + marked + text[stop:], _changed(tree_of(root), path, None), value)


def rename_key(text: str, path: Path, name: str) -> str:
    """The text with the key at `path` called `name`."""
    root = _root(text)
    parent = _find(root, path[:-1])
    pair = parent.pair(str(path[-1])) if parent is not None else None
    if parent is None or pair is None or parent.pair(name):
        return text
    return text[: pair[0].start] + render_scalar(name) + text[pair[0].stop :]


def add_item(text: str, path: Path, value: Mapping[str, object], index: int | None = None) -> str:
    """The text with one more entry in the list at `path`, before `index` or at the end."""
    root = _root(text)
    found = _find(root, path)
    if found is None or found.is_null or (found.kind == "sequence" and not found.items):
        return _first_item(text, root, found, path, value)
    found = _own(text, found)
    at = len(found.items) if index is None else index
    tree = tree_of(found)
    tree.insert(at, tree_of_value(value))
    expected = _changed(tree_of(root), path, tree)
    if found.flow:
        new = _insert_in_flow(text, found.items[at - 1].stop if at else found.start + 1, render_flow(value), last=at > 0)
    else:
        dash = found.start - line_start(text, found.start)
        place = _after(text, found.items[at - 1], dash) if at else line_start(text, found.start)
        new = _insert_lines(text, place, render_item(value, dash, _newline(text)))
    return _verified(text, new, expected, found)


def remove_item(text: str, path: Path) -> str:
    """The text without the list entry at `path`, and without the comments inside it or right above it."""
    root = _root(text)
    parent = _find(root, path[:-1])
    assert parent is not None and isinstance(path[-1], int)
    parent = _own(text, parent)
    expected = _changed(tree_of(root), path, None)
    if len(parent.items) == 1:
        return _verified(text, _emptied(text, root, path[:-1], parent), expected, parent)
    if parent.flow:
        return _verified(text, _without_flow(text, parent.items, path[-1]), expected, parent)
    start, stop = _chunk(text, parent, path[-1])
    return _verified(text, text[:start] + text[stop:], expected, parent)


def move_item(text: str, path: Path, to: int) -> str:
    """The text with the list entry at `path` moved to index `to`, its comments with it."""
    root = _root(text)
    parent = _find(root, path[:-1])
    assert parent is not None and isinstance(path[-1], int)
    parent = _own(text, parent)
    order = list(range(len(parent.items)))
    order.insert(to, order.pop(path[-1]))
    tree = tree_of(parent)
    expected = _changed(tree_of(root), path[:-1], [tree[i] for i in order])
    if parent.flow:
        pieces = [text[i.start : i.stop] for i in parent.items]
        new, end = "", parent.start
        for spot, piece in zip(parent.items, [pieces[i] for i in order], strict=True):
            new += text[end : spot.start] + piece
            end = spot.stop
        return _verified(text, text[: parent.start] + new + text[end:], expected, parent)
    chunks = [_chunk(text, parent, i, whole=True) for i in range(len(parent.items))]
    newline = _newline(text)
    moved = [text[a:b] for a, b in chunks]
    moved = [m if m.endswith("\n") else m + newline for m in moved]
    new = text[: chunks[0][0]] + "".join(moved[i] for i in order) + text[chunks[-1][1] :]
    return _verified(text, new, expected, parent)


def comments_of(text: str, path: Path) -> list[str]:
    """The comments that go with the list entry or key at `path` when it is removed."""
    root = _root(text)
    parent = _find(root, path[:-1])
    if parent is None:
        return []
    last = path[-1]
    if isinstance(last, int):
        start, stop = (parent.items[last].start, parent.items[last].stop) if parent.flow else _chunk(text, parent, last)
        return comments_in(text, root, start, stop)
    pair = parent.pair(last)
    return comments_in(text, root, pair[0].start, line_end(text, pair[1].stop)) if pair else []


def tree(text: str) -> Tree:
    """What the text says, as plain lists and dicts of ("scalar", text, is_null)."""
    return tree_of(_root(text))


# -- finding -----------------------------------------------------------------------------------------


def _root(text: str) -> Spot:
    root = read_spots(text)
    if root is None or root.kind != "mapping":
        raise EditError("the file is no answers file at the moment: mend it first")
    return root


def _find(root: Spot, path: Path) -> Spot | None:
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


def _own(text: str, spot: Spot) -> Spot:
    if spot.kind == "alias":
        line = text.count("\n", 0, spot.start) + 1
        raise EditError(f"line {line} is an alias ({text[spot.start : spot.stop]}): write its values out, then go on")
    return spot


def _changed(tree: Tree, path: Path, value: Tree) -> Tree:
    """The tree with `value` at `path`; None removes."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        new = list(tree)
        if not rest and value is None:
            del new[head]
        else:
            new[head] = _changed(tree[head], rest, value)
        return new
    below = tree if isinstance(tree, dict) else {}
    if not rest and value is None:
        return {k: v for k, v in below.items() if k != head}
    return {**below, head: _changed(below.get(head), rest, value)}


def _verified(old: str, new: str, expected: Tree, spot: Spot) -> str:
    root = read_spots(new)
    if root is None or tree_of(root) != expected:
        line = old.count("\n", 0, spot.start) + 1
        raise EditError(f"line {line} is written in a form that cannot be changed in place: write it as plain `key: value`")
    return new


# -- changing ----------------------------------------------------------------------------------------


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _replace(text: str, root: Spot, pair: tuple[Spot, Spot], value: object, path: Path) -> str:
    key, old = pair
    colon = text.index(":", key.stop) + 1
    start = old.start if old.start > colon and old.start <= line_end(text, key.stop) and not old.is_null else colon
    stop = max(old.stop, colon)
    rendered = render_flow(value)
    nested = len(path) == 1 and not isinstance(value, str)
    if nested:
        assert isinstance(path[0], str)
        rendered = render_pair(path[0], value, 0, _newline(text)).split(":", 1)[1].rstrip("\r\n")
        start = colon
    elif start == colon:
        rendered = " " + rendered
    lost = comments_in(text, root, start, stop)
    if nested and old.is_null:  # a comment behind `key:` stays on its line
        start = stop = len(text[: line_end(text, colon)].rstrip("\r"))
    changed = text[:start] + rendered + text[stop:]
    return _with_lines_above(changed, key.start, _newline(text).join(lost)) if lost else changed


def _with_lines_above(text: str, offset: int, lines: str) -> str:
    """The text with comment lines above the line of `offset`, indented as it is."""
    start = line_start(text, offset)
    newline = _newline(text)
    indent = " " * (len(text[start:]) - len(text[start:].lstrip(" ")))
    return text[:start] + "".join(f"{indent}{line}{newline}" for line in lines.splitlines()) + text[start:]


def _insert(text: str, parent: Spot, key: str, value: object, order: Sequence[str]) -> str:
    before = _predecessor(parent, key, order)
    if parent.flow:
        stop = before[1].stop if before else parent.start + 1
        if before and before[1].is_null:
            stop = max(stop, before[0].stop)
        pair = f"{render_scalar(key)}: {render_flow(value)}"
        return _insert_in_flow(text, stop, pair, last=before is not None, first=not parent.pairs)
    assert before is not None  # a block mapping has a first pair, and new keys never stand before it
    first = parent.pairs[0][0]
    indent = first.start - line_start(text, first.start)
    return _insert_lines(text, _after_pair(text, before, indent), render_pair(key, value, indent, _newline(text)))


def _predecessor(parent: Spot, key: str, order: Sequence[str]) -> tuple[Spot, Spot] | None:
    """The pair after which a new key goes: the last one before it in `order`, else the last of all."""
    if not parent.pairs:
        return None
    if key not in order:
        return parent.pairs[-1]
    place = list(order).index(key)
    rank = {name: i for i, name in enumerate(order)}
    earlier = [p for p in parent.pairs if rank.get(p[0].value, len(rank)) < place]
    return earlier[-1] if earlier else parent.pairs[0]


def _after_pair(text: str, pair: tuple[Spot, Spot], indent: int) -> int:
    key, value = pair
    stop = max(value.stop, text.index(":", key.stop) + 1)
    return _skip_comments(text, next_line(text, stop - 1), indent)


def _after(text: str, item: Spot, dash: int) -> int:
    return _skip_comments(text, next_line(text, item.stop - 1), dash)


def _skip_comments(text: str, place: int, indent: int) -> int:
    """Past the comment lines that are indented deeper than `indent`: they belong to what stands above."""
    while place < len(text):
        line = text[place : line_end(text, place)]
        if not line.strip().startswith("#") or len(line) - len(line.lstrip(" ")) <= indent:
            break
        place = next_line(text, place)
    return place


def _insert_lines(text: str, place: int, lines: str) -> str:
    if place and text[place - 1] != "\n":
        return text[:place] + _newline(text) + lines + text[place:]
    return text[:place] + lines + text[place:]


def _insert_in_flow(text: str, place: int, piece: str, *, last: bool, first: bool = False) -> str:
    if last:
        return text[:place] + ", " + piece + text[place:]
    return text[:place] + piece + ("" if first else ", ") + text[place:]


def _first_item(text: str, root: Spot, found: Spot | None, path: Path, value: Mapping[str, object]) -> str:
    assert len(path) == 1 and isinstance(path[0], str)
    expected = _changed(tree_of(root), path, [tree_of_value(value)])
    if found is None:
        return _verified(text, _insert(text, root, path[0], [value], _TOP), expected, root)
    pair = root.pair(path[0])
    assert pair is not None
    return _verified(text, _replace(text, root, pair, [value], path), expected, found)


_TOP = (
    "answers", "ruleset", "ruleset_version", "workload", "access_patterns", "components", "interfaces", "hand_overs",
    "processes", "lens", "sign_offs",
)  # fmt: skip


def _without(text: str, root: Spot, parent: Spot, pair: tuple[Spot, Spot]) -> str:
    key, value = pair
    index = parent.pairs.index(pair)
    if parent.flow:
        spots = [Spot("scalar", k.start, max(k.stop, v.stop)) for k, v in parent.pairs]
        return _without_flow(text, spots, index)
    start = line_start(text, key.start)
    end = max(value.stop, text.index(":", key.stop) + 1)
    stop = next_line(text, end - 1)
    kept = comments_in(text, root, key.start, line_end(text, end))
    indent = " " * (key.start - start)
    newline = _newline(text)
    lines = "".join(f"{indent}{c}{newline}" for c in kept)
    if text[start : key.start].strip() and index + 1 < len(parent.pairs):  # behind a dash: the next key moves up to it
        following = parent.pairs[index + 1][0].start
        return (
            text[: key.start] + text[following:]
            if not kept
            else text[:start] + lines + text[start : key.start] + text[following:]
        )
    if len(parent.pairs) == 1:
        return text[: key.start] + "{}" + text[end:]
    return text[:start] + lines + text[stop:]


def _without_flow(text: str, spots: Sequence[Spot], index: int) -> str:
    if index + 1 < len(spots):
        return text[: spots[index].start] + text[spots[index + 1].start :]
    if index:
        return text[: spots[index - 1].stop] + text[spots[index].stop :]
    return text[: spots[0].start] + text[spots[0].stop :]


def _emptied(text: str, root: Spot, path: Path, parent: Spot) -> str:
    """The last entry of a list taken away: `key: []`."""
    if parent.flow:
        return text[: parent.start] + "[]" + text[parent.stop :]
    holder = _find(root, path[:-1])
    pair = holder.pair(str(path[-1])) if holder else None
    assert pair is not None
    colon = text.index(":", pair[0].stop) + 1
    rest = line_end(text, colon)
    return text[:colon] + " []" + text[colon:rest] + text[line_end(text, parent.stop) :]


def _chunk(text: str, parent: Spot, index: int, *, whole: bool = False) -> tuple[int, int]:
    """The lines of one entry with the comments right above it; with `whole`, all lines from the entry before."""
    item = parent.items[index]
    dash = parent.start - line_start(text, parent.start)
    start = line_start(text, parent.start if index == 0 else text.rindex("-", 0, item.start))
    stop = _after(text, item, dash)
    before = _after(text, parent.items[index - 1], dash) if index else 0
    if index and whole:
        return before, stop
    while start > before and text[line_start(text, start - 1) : start].strip().startswith("#"):
        start = line_start(text, start - 1)
    return start, stop
