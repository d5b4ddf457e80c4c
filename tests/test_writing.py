"""Changing an answers file: only what changes changes."""

from __future__ import annotations

import random

import pytest

from wa_advisor.answers_file.edit import (
    EditError,
    add_item,
    comment_out,
    comments_of,
    move_item,
    remove_item,
    remove_value,
    rename_key,
    set_value,
    tree,
)
from wa_advisor.answers_file.scalars import render_scalar

HAND = """\
# Written by hand: keep me.
answers: 1
ruleset: serverless

workload:
  name: Cart     # the shop's
  owner: 'shop team'
  colour: blue   # not a key we know

# the patterns
access_patterns:
  # the busiest one
  - name: cart by owner
    lookup: full-key      # agreed on Monday
    note: >-
      a long
      note # not a comment

    query_knowledge: {value: fixed, note: "no more"}  # sure?
    skills:
      - sql      # we know it
      - kafka
  # a second comment
  - {name: orders, lookup: partition}   # short
# the end
"""

SETS = [
    (("workload", "name"), "Basket", "  name: Cart     # the shop's", "  name: Basket     # the shop's"),
    (("workload", "owner"), "a: b", "  owner: 'shop team'", '  owner: "a: b"'),
    (("access_patterns", 0, "lookup"), "partition", "full-key      # agreed", "partition      # agreed"),
    (("access_patterns", 0, "note"), "short", "note: >-\n      a long\n      note # not a comment\n", "note: short\n"),
    (("access_patterns", 0, "query_knowledge", "value"), "open", "{value: fixed,", "{value: open,"),
    (("access_patterns", 0, "query_knowledge"), "unknown", '{value: fixed, note: "no more"}  # sure?', "unknown  # sure?"),
    (
        ("access_patterns", 0, "skills"), ["sql"],
        "    skills:\n      - sql      # we know it\n      - kafka\n", "    # we know it\n    skills: [sql]\n",
    ),
    (("access_patterns", 1, "lookup"), "text", "lookup: partition}", "lookup: text}"),
    (("access_patterns", 1, "item_size"), "12 KB", "lookup: partition}", "lookup: partition, item_size: 12 KB}"),
    (("workload", "stage"), "design", "know\n", "know\n  stage: design\n"),
    (("components",), [{"name": "API", "duration": "4 ms"}], "# short\n", "# short\ncomponents:\n  - name: API\n    duration: 4 ms\n"),
    (("lens", "REL01"), {"practices": ["A", "B"]}, "# short\n", "# short\nlens:\n  REL01: {practices: [A, B]}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "old", "new"), SETS, ids=[".".join(map(str, s[0])) for s in SETS])
def test_setting_a_value_changes_only_its_own_characters(path, value, old, new):
    assert HAND.count(old) == 1
    assert set_value(HAND, path, value) == HAND.replace(old, new)


def test_a_new_key_stands_after_its_predecessors():
    order = ["name", "lookup", "rows", "query_knowledge"]
    text = set_value(HAND, ("access_patterns", 0, "rows"), "one", order)
    assert text == HAND.replace("Monday\n", "Monday\n    rows: one\n")


def test_a_key_is_removed_and_its_comment_stays():
    text = remove_value(HAND, ("access_patterns", 0, "lookup"))
    assert text == HAND.replace("    lookup: full-key      # agreed on Monday\n", "    # agreed on Monday\n")
    text = remove_value(HAND, ("access_patterns", 1, "lookup"))
    assert text == HAND.replace(", lookup: partition", "")


def test_removing_the_first_key_behind_a_dash():
    text = remove_value(HAND, ("access_patterns", 0, "name"))
    assert "  - lookup: full-key      # agreed on Monday\n" in text


def test_an_unknown_key_can_become_a_comment_or_be_renamed():
    assert comment_out(HAND, ("workload", "colour")) == HAND.replace("  colour: blue", "  # colour: blue")
    assert rename_key(HAND, ("workload", "colour"), "stage") == HAND.replace("  colour:", "  stage:")
    flow = comment_out(HAND, ("access_patterns", 1, "lookup"))
    assert "  # lookup: partition\n" in flow and "{name: orders}   # short" in flow
    block = comment_out(HAND, ("access_patterns", 0, "skills"))
    assert "    # skills:\n    #   - sql      # we know it\n    #   - kafka\n" in block


def test_items_are_added_removed_and_moved_with_their_comments():
    text = add_item(HAND, ("access_patterns",), {"name": "third", "lookup": "text"})
    assert text == HAND.replace("# short\n", "# short\n  - name: third\n    lookup: text\n")
    middle = add_item(HAND, ("access_patterns",), {"name": "third"}, 1)
    assert middle == HAND.replace("      - kafka\n", "      - kafka\n  - name: third\n")
    assert comments_of(HAND, ("access_patterns", 1)) == ["# a second comment", "# short"]
    gone = remove_item(HAND, ("access_patterns", 1))
    assert gone == HAND.replace("  # a second comment\n  - {name: orders, lookup: partition}   # short\n", "")
    moved = move_item(HAND, ("access_patterns", 1), 0)
    assert moved.index("# a second comment") < moved.index("orders") < moved.index("# the busiest one") < moved.index("by owner")
    assert move_item(moved, ("access_patterns", 1), 0) == HAND


def test_the_last_item_leaves_an_empty_list_and_the_first_fills_it():
    one = remove_item(HAND, ("access_patterns", 1))
    none = remove_item(one, ("access_patterns", 0))
    assert "\naccess_patterns: []\n" in none and none.endswith("# the end\n")
    assert "access_patterns:\n  - name: x\n" in add_item(none, ("access_patterns",), {"name": "x"})
    assert "components:   # none yet\n  - name: x\n" in add_item(
        HAND + "components:   # none yet\n", ("components",), {"name": "x"}
    )


@pytest.mark.parametrize("text", ["answers: 1", "answers: 1\r\nworkload:\r\n  name: x\r\n", "answers: 1\nworkload: {}\n"])
def test_endings_and_empty_places(text):
    new = set_value(text, ("workload", "name"), "Cart")
    assert tree(new)["workload"]["name"] == ("scalar", "Cart", False)
    assert ("\r\n" in new) == ("\r\n" in text) and new.count("\n") == new.count("\r\n") + ("\r\n" not in text) * new.count("\n")


REFUSED = [
    ("workload: &w\n  name: x\ncopy: *w\n", ("workload", "name"), "y", "line 2"),
    ("workload: &w\n  name: x\ncopy: *w\n", ("copy", "name"), "y", "line 3 is an alias"),
    ("a: [1\n", ("a",), "2", "mend it first"),
]


@pytest.mark.parametrize(("text", "path", "value", "message"), REFUSED)
def test_what_would_lose_something_is_refused(text, path, value, message):
    with pytest.raises(EditError, match=message):
        set_value(text, path, value)


TEXTS = ["x", "no", "1.10", "12:30", "a: b", "a # b", "- x", "", " x ", "null", "日本語", "emoji 😀", "a\nb", '"q"', "{x}", "@a", "%x",
         "50/s", "30 %", "400 KB", "\u202ex", "a\u2028b", "<<", "---", "x'", "~", "?", "é", "*a", "&a", "!a", "|", ">", "a,b", "x:"]  # fmt: skip


@pytest.mark.parametrize("value", TEXTS)
def test_every_text_reads_back(value):
    assert render_scalar(value)
    for path in (("workload", "name"), ("access_patterns", 1, "lookup"), ("access_patterns", 0, "note")):
        said = tree(set_value(HAND, path, value))
        for part in path:
            said = said[part]
        assert said == ("scalar", value, False)


def _every_path(said, path=()):
    if isinstance(said, dict):
        for key, below in said.items():
            yield (*path, key), below
            yield from _every_path(below, (*path, key))
    elif isinstance(said, list):
        for index, below in enumerate(said):
            yield (*path, index), below
            yield from _every_path(below, (*path, index))


@pytest.mark.parametrize("seed", range(60))
def test_any_changes_in_any_order_keep_comments_and_everything_else(seed):
    rng = random.Random(seed)
    text = HAND.replace("\n", "\r\n") if seed % 5 == 0 else HAND
    for _ in range(12):
        text = _random_change(rng, text)
    kept = ["# Written by hand: keep me.", "# the patterns", "# the end", "# the shop's"]
    for comment in kept:
        assert comment in text


def _random_change(rng: random.Random, text: str) -> str:
    said = tree(text)
    items = said["access_patterns"]
    kind = rng.choice(["set", "set", "new", "add", "move", "remove"])
    index = rng.randrange(len(items)) if items else None
    if kind == "add" or index is None:
        return add_item(
            text, ("access_patterns",), {"name": rng.choice(TEXTS), "lookup": "x"}, rng.choice([None, 0]) if items else None
        )
    if kind == "move":
        return move_item(text, ("access_patterns", index), rng.randrange(len(items)))
    if kind == "remove":
        return remove_item(text, ("access_patterns", index)) if len(items) > 3 else text
    key = rng.choice(list(items[index])) if kind == "set" else f"key_{rng.randrange(5)}"
    value = rng.choice([rng.choice(TEXTS), ["a", "b c"], {"value": "x", "note": rng.choice(TEXTS)}])
    if isinstance(value, str):
        new = set_value(text, ("access_patterns", index, key), value)
    else:
        new = set_value(text, ("access_patterns", index, key), value, ["name", "lookup", "key_1"])
    return new
