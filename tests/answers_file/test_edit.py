"""Changes in the text: what is changed says so, all else says what it said, and no comment goes unless it was told."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from texts_by_chance import GROUPS, KEYS, WORDS, Hand, said_by_chance, value_by_chance

from wa_advisor.answers_file import edit


def comments(text: str) -> Counter[str]:
    """Every comment of a text: what YAML's own scanner leaves out, from a `#` to the end of its line."""
    taken = []
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.ScalarToken):
            start = token.start_mark.index
            taken.append((text.index("\n", start) if token.style in ("|", ">") else start, token.end_mark.index))
    found: Counter[str] = Counter()
    position = 0
    while (position := text.find("#", position)) >= 0:
        inside = next((stop for start, stop in taken if start <= position < stop), None)
        if inside is not None:
            position = inside
            continue
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        found[text[position:end].strip()] += 1
        position = end
    return found


def says(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)


Change = tuple[str, str, Any, Counter[str]]
"""What was done, the text after it, what it has to say, and the comments that go."""


def change_by_chance(rng: Random, text: str, said: dict[str, Any]) -> Change:
    """One change of a text that says `said`; EditError where it is refused."""
    said = deepcopy(said)
    groups = [g for g in [*GROUPS, "sign_offs"] if said.get(g)]
    kind = rng.choice(("set", "set", "unset", "rename", "comment", "add", "copy", "move", "remove"))
    if (kind in ("move", "remove", "copy") or (kind == "comment" and rng.random() < 0.4)) and groups:
        group = rng.choice(groups)
        index = rng.randrange(len(said[group]))
        return _entry(rng, kind, text, said, group, index)
    if kind in ("add", "move", "remove", "copy"):
        group, new = rng.choice(GROUPS), {"name": "new", "lookup": rng.choice(WORDS)}
        said.setdefault(group, []).append(new)
        return f"add to {group}", edit.add_item(text, (group,), new), said, Counter()
    path = rng.choice(
        [("workload",), *([("lens",)] if "lens" in said else []), *((g, i) for g in groups for i in range(len(said[g])))]
    )
    return _pair(rng, kind, text, said, path)


def _entry(rng: Random, kind: str, text: str, said: dict[str, Any], group: str, index: int) -> Change:
    entries = said[group]
    if kind == "copy":
        entries.insert(index + 1, deepcopy(entries[index]))
        return f"copy {group} {index}", edit.add_item(text, (group,), entries[index], index + 1), said, Counter()
    if kind == "move":
        to = rng.randrange(len(entries))
        entries.insert(to, entries.pop(index))
        return f"move {group} {index} to {to}", edit.move_item(text, (group, index), to), said, Counter()
    del entries[index]
    if kind == "comment":
        return f"comment {group} {index}", edit.comment_out(text, (group, index)), said, Counter()
    told = Counter(c.strip() for c in edit.comments_of(text, (group, index)))
    return f"remove {group} {index}", edit.remove_item(text, (group, index)), said, told


def _pair(rng: Random, kind: str, text: str, said: dict[str, Any], path: edit.Path) -> Change:
    parent = said
    for part in path:
        parent = parent[part]
    key = rng.choice([*parent, *KEYS] if path != ("lens",) else [*parent, "REL09"])
    if kind == "set":
        parent[key] = value_by_chance(rng)
        return f"set {path} {key}", edit.set_value(text, (*path, key), parent[key], ["name", *KEYS]), said, Counter()
    if kind == "rename":
        name = rng.choice(KEYS)
        if key in parent and name not in parent:
            parent[name] = parent.pop(key)
        return f"rename {path} {key} {name}", edit.rename_key(text, (*path, key), name), said, Counter()
    parent.pop(key, None)
    done = edit.remove_value if kind == "unset" else edit.comment_out
    return f"{kind} {path} {key}", done(text, (*path, key)), said, Counter()


ONE_LINE = """components: [ # some
  {name: a, # one
   proposed: lambda, # two
   note: [x, # three
     y]}, # four
  # five
  {name: b} # six
] # seven
"""
ONLY = """components: # some

  # above it

  # right above
  - name: a # inside
  # below
interfaces: []
"""
KEPT = {
    "a key between others": (edit.remove_value, ONE_LINE, ("components", 0, "proposed"), []),
    "the first key": (edit.remove_value, ONE_LINE, ("components", 0, "name"), []),
    "the last key, with a comment in it": (edit.remove_value, ONE_LINE, ("components", 0, "note"), []),
    "the only key": (edit.remove_value, ONE_LINE, ("components", 1, "name"), []),
    "the last entry": (edit.remove_item, ONE_LINE, ("components", 1), []),
    "the first entry": (edit.remove_item, ONE_LINE, ("components", 0), ["# one", "# two", "# three"]),
    "the only entry": (edit.remove_item, ONLY, ("components", 0), ["# right above", "# inside"]),
}


@pytest.mark.parametrize("change, text, path, gone", KEPT.values(), ids=list(KEPT))
def test_comments_stay_but_for_those_that_are_told_before(change, text, path, gone):
    new = change(text, path)
    assert [c for c in comments(text) if c not in comments(new)] == gone
    if change is edit.remove_item:
        assert edit.comments_of(text, path) == gone


def test_what_is_made_a_comment_leaves_an_empty_mapping_that_can_be_filled_again():
    text = "lens:\n  REL99: unknown # gone\ncomponents: []\n"
    out = edit.comment_out(text, ("lens", "REL99"))
    assert out == "lens:\n  # REL99: unknown # gone\ncomponents: []\n"
    again = edit.set_value(out, ("lens", "REL01"), "unknown")
    assert says(again) == {"lens": {"REL01": "unknown"}, "components": []}
    assert "# REL99: unknown # gone" in again


def test_a_line_that_yaml_alone_breaks_keeps_its_comment_and_what_stands_behind():
    text = "workload:\n  name: Shop # ours\u2028  stage: design # now\r  note: x\n"
    new = edit.remove_value(text, ("workload", "stage"))
    assert says(new) == {"workload": {"name": "Shop", "note": "x"}}
    assert "# ours\u2028  # now\n  note: x\n" in new


@pytest.mark.property
@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_any_changes_of_any_text_keep_what_else_it_says_and_its_comments(seed, anchors):
    rng = Random(seed)
    said = said_by_chance(rng)
    text = Hand(rng, anchors=anchors).text(said)
    assert says(text) == said
    for _ in range(6):
        try:
            what, new, now, told = change_by_chance(rng, text, said)
        except edit.EditError as error:
            assert anchors and ("anchor" in str(error) or "alias" in str(error)), (str(error), text)
            continue
        assert _emptied(says(new)) == _emptied(now), (what, text, new)
        before, after = comments(text), comments(new)
        lost = before - after - told
        if what.startswith("comment"):
            lost = Counter({c: n for c, n in lost.items() if not any(c in other for other in after)})
        assert not lost, (what, lost, text, new)
        assert not (after - before) or what.startswith("comment"), (what, after - before, text, new)
        assert "\r\n" not in text or "\n" not in new.replace("\r\n", ""), (what, text, new)
        text, said = new, now


def _emptied(said: Any) -> Any:
    """What is said, where nothing and an empty mapping or list are the same: a comment may be all that is left of one."""
    return {k: _emptied(v) for k, v in said.items()} if isinstance(said, dict) and said else "" if said in ({}, []) else said
