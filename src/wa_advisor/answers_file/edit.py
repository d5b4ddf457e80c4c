"""Answers-file text + one change -> text, with every other character where it was.

Rewriting a file from its values would lose the comments, the order and the spelling of whoever wrote it, so
a change replaces, inserts or removes only its own characters. What the new text says is then compared with
what it has to say; where YAML's finer forms (an anchor shared by two places, say) stand in the way, an
EditError names the line and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wa_advisor.answers_file.paths import EditError, Path, changed_tree, find, line_of, own, root_of, verified
from wa_advisor.answers_file.scalars import render_flow, render_item, render_pair, render_scalar, tree_of_value
from wa_advisor.answers_file.spots import Spot, Tree, comments_in, tree_of
from wa_advisor.ruleset.lines import BREAKS, line_end, line_start, lines_of, next_line

__all__ = [
    "EditError",
    "Path",
    "add_item",
    "comment_out",
    "comments_of",
    "move_item",
    "remove_item",
    "remove_value",
    "rename_key",
    "set_value",
    "tree",
]


def set_value(text: str, path: Path, value: object, order: Sequence[str] = ()) -> str:
    """The text with `value` (text, a list of texts or a mapping) at `path`; a new key stands after its
    predecessors in `order`."""
    root = root_of(text)
    parent = find(root, path[:-1])
    key = path[-1]
    assert isinstance(key, str)
    if parent is None or parent.is_null:
        return set_value(text, path[:-1], {key: value}, order)
    parent = own(text, parent, "mapping")
    pair = parent.pair(key)
    expected = changed_tree(tree_of(root), path, tree_of_value(value))
    if pair is None:
        return verified(text, _insert(text, parent, key, value, order), expected, parent)
    return verified(text, _replace(text, root, pair, value, path), expected, pair[1])


def remove_value(text: str, path: Path) -> str:
    """The text without the key at `path`; comments in it and beside it stay, on lines of their own."""
    root = root_of(text)
    found = _pair(text, root, path)
    if found is None:
        return text
    _, pair = found
    new = _without(text, root, path, found, comments_in(text, root, pair[0].start, _pair_end(text, pair)))
    return verified(text, new, changed_tree(tree_of(root), path, None), _whole(pair))


def comment_out(text: str, path: Path) -> str:
    """The text with the key or entry at `path` turned into comments; a mapping or list that has only it becomes empty."""
    root = root_of(text)
    if isinstance(path[-1], int):
        return _entry_out(text, root, path, path[-1])
    found = _pair(text, root, path)
    if found is None:
        return text
    parent, pair = found
    key, end = pair[0], _pair_end(text, pair)
    if parent.flow or text[line_start(text, key.start) : key.start].strip():
        new = _without(text, root, path, found, _as_comments(text[key.start : end]))
        return verified(text, new, changed_tree(tree_of(root), path, None), _whole(pair))
    new = _marked(text, key.start, max(end - 1, key.stop))
    return verified(text, new, _expected_without(root, path, len(parent.pairs)), _whole(pair))


def _entry_out(text: str, root: Spot, path: Path, index: int) -> str:
    parent = own(text, find(root, path[:-1]), "sequence")
    item = parent.items[index]
    if parent.flow:
        only = len(parent.items) == 1
        new = _emptied(text, root, path[:-1], parent) if only else _without_flow(text, root, parent, parent.items, index)
        new = _with_lines_above(new, line_of(root, path[:-1]), _as_comments(text[item.start : item.stop]))
        return verified(text, new, changed_tree(tree_of(root), path, None), item)
    at = _dash(text, parent, index)
    return verified(text, _marked(text, at, max(item.stop - 1, at)), _expected_without(root, path, len(parent.items)), item)


def _expected_without(root: Spot, path: Path, count: int) -> Tree:
    """What is said when the value at `path` is a comment: nothing at all where it was the only one."""
    only = count == 1
    return changed_tree(tree_of(root), path[:-1] if only else path, ("scalar", "", True) if only else None)


def _marked(text: str, start: int, last: int) -> str:
    """The text with the lines from `start` to that of `last` as comments, marked where `start` stands in its line."""
    first, stop = line_start(text, start), next_line(text, last)
    indent = start - first
    lines = [line if not line.strip() else line[:indent] + "# " + line[indent:] for line in _lines_with_ends(text[first:stop])]
    return text[:first] + "".join(lines) + text[stop:]


def _as_comments(text: str) -> list[str]:
    return [f"# {line}" for line in lines_of(text)]


def rename_key(text: str, path: Path, name: str) -> str:
    """The text with the key at `path` called `name`."""
    root = root_of(text)
    found = _pair(text, root, path)
    if found is None or found[0].pair(name):
        return text
    parent, pair = found
    new = text[: pair[0].start] + render_scalar(name) + text[pair[0].stop :]
    renamed = {name if k == path[-1] else k: v for k, v in tree_of(parent).items()}
    return verified(text, new, changed_tree(tree_of(root), path[:-1], renamed), _whole(pair))


def add_item(text: str, path: Path, value: Mapping[str, object], index: int | None = None) -> str:
    """The text with one more entry in the list at `path`, before `index` or at the end."""
    root = root_of(text)
    found = find(root, path)
    if found is None or found.is_null or (found.kind == "sequence" and not found.items):
        return _first_item(text, root, found, path, value)
    found = own(text, found, "sequence")
    at = len(found.items) if index is None else index
    tree = tree_of(found)
    tree.insert(at, tree_of_value(value))
    expected = changed_tree(tree_of(root), path, tree)
    if found.flow:
        new = _insert_in_flow(text, found.items[at - 1].stop if at else found.start + 1, render_flow(value), last=at > 0)
    else:
        first = _dash(text, found, 0)
        dash = first - line_start(text, first)
        place = _after(text, found.items[at - 1], dash) if at else line_start(text, first)
        new = _insert_lines(text, place, render_item(value, dash, _newline(text)))
    return verified(text, new, expected, found)


def remove_item(text: str, path: Path) -> str:
    """The text without the list entry at `path` and the comments that go with it (see `comments_of`)."""
    root = root_of(text)
    parent, index = own(text, find(root, path[:-1]), "sequence"), path[-1]
    assert isinstance(index, int)
    expected = changed_tree(tree_of(root), path, None)
    if len(parent.items) == 1:
        new = _emptied(text, root, path[:-1], parent)
    elif parent.flow:
        new = _without_flow(text, root, parent, parent.items, index)
    else:
        start, stop = _chunk(text, parent, index)
        new = text[:start] + text[stop:]
    return verified(text, new, expected, parent)


def move_item(text: str, path: Path, to: int) -> str:
    """The text with the list entry at `path` moved to index `to`, its comments with it."""
    root = root_of(text)
    parent, index = own(text, find(root, path[:-1]), "sequence"), path[-1]
    assert isinstance(index, int)
    order = list(range(len(parent.items)))
    order.insert(to, order.pop(index))
    tree = tree_of(parent)
    expected = changed_tree(tree_of(root), path[:-1], [tree[i] for i in order])
    if parent.flow:
        pieces = [text[i.start : i.stop] for i in parent.items]
        new, end = "", parent.start
        for spot, piece in zip(parent.items, [pieces[i] for i in order], strict=True):
            new += text[end : spot.start] + piece
            end = spot.stop
        return verified(text, text[: parent.start] + new + text[end:], expected, parent)
    chunks = [_chunk(text, parent, i, whole=True) for i in range(len(parent.items))]
    newline = _newline(text)
    moved = [text[a:b] for a, b in chunks]
    moved = [m if m[-1] in BREAKS else m + newline for m in moved]
    new = text[: chunks[0][0]] + "".join(moved[i] for i in order) + text[chunks[-1][1] :]
    return verified(text, new, expected, parent)


def comments_of(text: str, path: Path) -> list[str]:
    """The comments that go with the list entry at `path` when it is removed: inside it, and right above it."""
    root = root_of(text)
    parent, index = find(root, path[:-1]), path[-1]
    assert isinstance(index, int)
    if parent is None or parent.kind != "sequence":
        return []
    item = parent.items[index]
    start, stop = (item.start, item.stop) if parent.flow else _chunk(text, parent, index)
    return comments_in(text, root, start, stop)


def tree(text: str) -> Tree:
    """What the text says, as plain lists and dicts of ("scalar", text, is_null)."""
    return tree_of(root_of(text))


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
        start = stop = line_end(text, colon)
    return _with_lines_above(text[:start] + rendered + text[stop:], line_of(root, path), lost)


def _with_lines_above(text: str, offset: int, lines: Sequence[str], indent: int | None = None) -> str:
    """The text with comment lines above the line of `offset`, indented as it is where no `indent` is given."""
    start = line_start(text, offset)
    if indent is None:
        indent = len(text[start:]) - len(text[start:].lstrip(" "))
    return text[:start] + "".join(f"{' ' * indent}{line}{_newline(text)}" for line in lines) + text[start:]


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
    if place and text[place - 1] not in BREAKS:
        return text[:place] + _newline(text) + lines + text[place:]
    return text[:place] + lines + text[place:]


def _insert_in_flow(text: str, place: int, piece: str, *, last: bool, first: bool = False) -> str:
    if last:
        return text[:place] + ", " + piece + text[place:]
    return text[:place] + piece + ("" if first else ", ") + text[place:]


def _first_item(text: str, root: Spot, found: Spot | None, path: Path, value: Mapping[str, object]) -> str:
    assert len(path) == 1 and isinstance(path[0], str)
    expected = changed_tree(tree_of(root), path, [tree_of_value(value)])
    if found is None:
        return verified(text, _insert(text, root, path[0], [value], _TOP), expected, root)
    pair = root.pair(path[0])
    assert pair is not None
    return verified(text, _replace(text, root, pair, [value], path), expected, found)


_TOP = (
    "answers", "ruleset", "ruleset_version", "workload", "access_patterns", "components", "interfaces", "hand_overs",
    "processes", "lens", "sign_offs",
)  # fmt: skip


def _pair(text: str, root: Spot, path: Path) -> tuple[Spot, tuple[Spot, Spot]] | None:
    """The mapping that holds the key at `path`, and the key with its value; None if there is no such key."""
    parent = find(root, path[:-1])
    if parent is None or find(root, path) is None:
        return None
    parent = own(text, parent, "mapping")
    pair = parent.pair(str(path[-1]))
    return (parent, pair) if pair is not None else None


def _pair_end(text: str, pair: tuple[Spot, Spot]) -> int:
    """Behind the value, or behind the colon where there is none; behind the key where there is no colon either."""
    key, value = pair
    if value.stop > key.stop:
        return value.stop
    colon = re.compile(r"[ \t]*:").match(text, key.stop)
    return colon.end() if colon else key.stop


def _whole(pair: tuple[Spot, Spot]) -> Spot:
    return Spot("pair", pair[0].start, max(pair[0].stop, pair[1].stop))


def _lines_with_ends(text: str) -> list[str]:
    found, start = [], 0
    while start < len(text):
        found.append(text[start : (start := next_line(text, start))])
    return found


def _without(text: str, root: Spot, path: Path, found: tuple[Spot, tuple[Spot, Spot]], kept: list[str]) -> str:
    """The text without a key of a mapping, with `kept` and the comments behind it as lines of their own."""
    parent, pair = found
    index, end = parent.pairs.index(pair), _pair_end(text, pair)
    key = pair[0]
    if parent.flow:
        spots = [Spot("pair", p[0].start, _pair_end(text, p)) for p in parent.pairs]
        return _with_lines_above(_without_flow(text, root, parent, spots, index), line_of(root, path), kept)
    start = line_start(text, key.start)
    if len(parent.pairs) == 1:
        return _with_lines_above(text[: key.start] + "{}" + text[end:], start, kept, key.start - start)
    if text[start : key.start].strip():  # behind a dash: the next key moves up to it
        following = parent.pairs[index + 1][0].start
        kept = [*kept, *comments_in(text, root, end, following)]
        return _with_lines_above(text[: key.start] + text[following:], start, kept, key.start - start)
    kept = [*kept, *comments_in(text, root, end, line_end(text, end))]
    return _with_lines_above(text[:start] + text[next_line(text, end - 1) :], start, kept, key.start - start)


def _without_flow(text: str, root: Spot, parent: Spot, spots: Sequence[Spot], index: int) -> str:
    """The text without one value of a list or mapping on one line, and one comma; comments around it stay where they are."""
    start, stop = spots[index].start, spots[index].stop
    if index + 1 < len(spots):
        low, high = stop, spots[index + 1].start
    elif index:
        low, high = spots[index - 1].stop, start
    else:
        low, high = stop, parent.stop - 1
    if not comments_in(text, root, low, high):
        return text[: min(low, start)] + text[max(high, stop) :]
    comma = _comma(text, low, high)
    cuts = sorted([(start, stop), *([(comma, comma + 1)] if comma is not None else [])], reverse=True)
    for first, last in cuts:
        text = text[:first] + text[last:]
    return text


def _comma(text: str, start: int, stop: int) -> int | None:
    """The offset of the comma between two values; those in comments are none."""
    while start < stop:
        if text[start] == ",":
            return start
        start = line_end(text, start) if text[start] == "#" else start + 1
    return None


def _emptied(text: str, root: Spot, path: Path, parent: Spot) -> str:
    """The last entry of a list taken away: `key: []`. Comments around the entry stay."""
    if parent.flow:
        item = parent.items[0]
        kept = comments_in(text, root, parent.start, item.start) + comments_in(text, root, item.stop, parent.stop)
        return _with_lines_above(text[: parent.start] + "[]" + text[parent.stop :], line_of(root, path), kept)
    holder = find(root, path[:-1])
    pair = holder.pair(str(path[-1])) if holder else None
    assert pair is not None
    colon = text.index(":", pair[0].stop) + 1
    start, stop = _chunk(text, parent, 0)
    anchor = _ANCHOR.match(text, colon)
    place = anchor.end() if anchor else colon
    return text[:place] + " []" + text[place:start] + text[stop:]


_ANCHOR = re.compile("[ \t]*&[^ \t\r\n\x85\u2028\u2029]+")
_TO_DASH = re.compile("(?:[ \t\r\n\x85\u2028\u2029]|#[^\r\n\x85\u2028\u2029]*|&[^ \t\r\n\x85\u2028\u2029]+)*-")


def _dash(text: str, parent: Spot, index: int) -> int:
    """The offset of the dash of an entry of a list."""
    found = _TO_DASH.match(text, parent.items[index - 1].stop if index else parent.start)
    if found is None:
        raise EditError("the list is written in a form that cannot be changed in place: write each entry as `- name: ..`")
    return found.end() - 1


def _chunk(text: str, parent: Spot, index: int, *, whole: bool = False) -> tuple[int, int]:
    """The lines of one entry with the comments right above it; with `whole`, all lines from the entry before."""
    at = _dash(text, parent, index)
    start = line_start(text, at)
    dash = at - start
    stop = _after(text, parent.items[index], dash)
    before = _after(text, parent.items[index - 1], dash) if index else 0
    if index and whole:
        return before, stop
    while start > before and text[line_start(text, start - 1) : start].strip().startswith("#"):
        start = line_start(text, start - 1)
    return start, stop
