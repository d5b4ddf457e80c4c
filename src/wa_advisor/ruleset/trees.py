"""Walks over the trees of conditions and expressions (see `conditions`)."""

from __future__ import annotations

from collections.abc import Iterator

from wa_advisor.conditions import Tree


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """The trees right below one."""
    kind = tree[0]
    if kind in ("and", "or", "min", "max"):
        parts: tuple[Tree, ...] = tree[1]
        return parts
    if kind == "not":
        return (tree[1],)
    if kind in ("+", "-", "*", "/", "ceil"):
        return tree[1], tree[2]
    if kind == "over" and tree[4] is not None:
        return (tree[4],)
    return ()


def comparisons(tree: Tree) -> Iterator[Tree]:
    """Every comparison and bare name of a condition or expression, filters of aggregates included."""
    if tree[0] in ("cmp", "ref"):
        yield tree
    for part in parts_of(tree):
        yield from comparisons(part)


def names_in(tree: Tree) -> set[str]:
    """Every question, derived value, named condition or decision that a tree mentions."""
    kind = tree[0]
    if kind in ("cmp", "ref"):
        return {tree[1]}
    if kind == "name":
        return set() if is_fact_id(tree[1]) else {tree[1]}
    found = {tree[3]} if kind == "over" and tree[3] else set()
    for part in parts_of(tree):
        found |= names_in(part)
    return found


def facts_in(tree: Tree) -> set[str]:
    """The facts that a condition compares with (a dotted literal) or an expression counts with (a dotted name)."""
    if tree[0] == "cmp":
        return {text for text, _ in tree[3] if is_fact_id(text)}
    found = {tree[1]} if tree[0] == "name" and "." in tree[1] else set()
    for part in parts_of(tree):
        found |= facts_in(part)
    return found


def is_fact_id(text: str) -> bool:
    """Whether a literal names a fact: it starts with a letter and has a dot."""
    return "." in text and text[0].isalpha()
