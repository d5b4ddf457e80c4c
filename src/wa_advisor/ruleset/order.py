"""The order of knowledge: what each name leans on. A circle is an error that names its members."""

from __future__ import annotations

from collections.abc import Mapping

from wa_advisor.conditions import Tree
from wa_advisor.ruleset.drafts import Book
from wa_advisor.ruleset.names import Name
from wa_advisor.ruleset.sentences import Sentence
from wa_advisor.ruleset.trees import names_in

# What lends its sentences to a name: the name itself, or the rules of a decision.
_LEANING = ("questions", "conditions", "derived", "constraints", "arguments", "rows")


def closures(book: Book, names: Mapping[str, Name], sentences: list[Sentence]) -> dict[str, frozenset[str]]:
    """For each name, all names it leans on, directly or through others."""
    direct: dict[str, set[str]] = {name: set() for name in names}
    for sentence in sentences:
        entry = sentence.entry
        owner = entry.owner[0] if entry.kind in ("constraints", "arguments", "rows") else entry.id
        if owner in direct and entry.kind in _LEANING and sentence.key != "shown":
            used = names_in(sentence.tree)
            choices = {n for n in used if n in names and names[n].kind == "choice"}
            direct[owner] |= used if sentence.asks_choices else used - choices  # those were told where they stand
    walk = _Walk(names, direct)
    for name in direct:
        walk.visit(name, ())
    _check_choices(names, sentences, walk.done)
    return walk.done


class _Walk:
    def __init__(self, names: Mapping[str, Name], direct: Mapping[str, set[str]]) -> None:
        self.names = names
        self.direct = direct
        self.done: dict[str, frozenset[str]] = {}

    def visit(self, name: str, path: tuple[str, ...]) -> frozenset[str]:
        if name in self.done:
            return self.done[name]
        if name in path:
            circle = [*path[path.index(name) :], name]
            self.names[name].entry.problem(f"a circle in the order of knowledge: {' -> '.join(circle)}; cut it in one place")
            return frozenset()
        found: set[str] = set()
        for other in sorted(self.direct.get(name, ())):
            found.add(other)
            if other in self.direct:
                found |= self.visit(other, (*path, name))
        self.done[name] = frozenset(found)
        return self.done[name]


def _check_choices(names: Mapping[str, Name], sentences: list[Sentence], needs: Mapping[str, frozenset[str]]) -> None:
    """What decides must not lean on a choice by way of a condition or a derived value either."""
    for sentence in sentences:
        if sentence.asks_choices:
            continue
        for used in sorted(names_in(sentence.tree)):
            chosen = sorted(n for n in needs.get(used, ()) if n in names and names[n].kind == "choice")
            if chosen and not (used in names and names[used].kind == "choice"):
                message = f'"{used}" leans on {chosen[0]}, which is decided from this: only risks, advice and the lens may ask for a choice'
                at = _place(sentence.tree, used)
                sentence.problem(message, at, len(used))


def _place(tree: Tree, name: str) -> int:
    from wa_advisor.ruleset.trees import comparisons

    return next((int(c[4] if c[0] == "cmp" else c[2]) for c in comparisons(tree) if c[1] == name), 0)
