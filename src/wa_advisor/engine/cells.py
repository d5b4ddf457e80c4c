"""Masks over the cells of a name: what an answer leaves, and which cells no rule tells apart."""

from __future__ import annotations

from typing import Any

from wa_advisor.model import Answer, Domain, RuleSet
from wa_advisor.quantity import Interval, format_magnitude
from wa_advisor.ruleset.compile import cell_range, interval_mask


def answer_mask(answer: Answer | None, domain: Domain) -> int:
    """The cells an answer leaves possible; an unanswered or unknown question may also turn out not to apply."""
    if answer is None or answer.state == "unknown":
        return domain.full | domain.none
    if answer.state == "not_applicable":
        return domain.none
    if isinstance(answer.value, Interval):
        return interval_mask(domain, answer.value.low, answer.value.high)
    return 1 << domain.choices.index(str(answer.value)) if answer.value in domain.choices else domain.full


def hull(domain: Domain, mask: int) -> Interval:
    cells = [i for i in range(domain.size) if mask >> i & 1]
    low = cell_range(domain, cells[0])[0]
    high = cell_range(domain, cells[-1])[1]
    if low is None:
        low = domain.low
    return Interval(low, domain.high if high is None else high)


def collect_atoms(ruleset: RuleSet, tree: Any, atoms: dict[str, set[int]]) -> None:
    kind = tree[0]
    if kind == "cmp" and tree[1] in atoms:
        if tree[2] == "includes":
            atoms[tree[1]].add(1 << ruleset.domains[tree[1]].choices.index(tree[3][0][0]))
        else:
            atoms[tree[1]].add(tree[6])
    elif kind == "ref" and tree[1] in atoms:
        atoms[tree[1]].add(1)
    elif kind == "not":
        collect_atoms(ruleset, tree[1], atoms)
    elif kind in ("and", "or"):
        for part in tree[1]:
            collect_atoms(ruleset, part, atoms)


def groups_of(domain: Domain, possible: int, masks: set[int], derived: bool) -> list[int]:
    """The possible cells, those together that no comparison tells apart."""
    groups: dict[tuple[bool, ...], int] = {}
    order = sorted(masks)
    for cell in range(domain.size + 1):
        bit = 1 << cell
        if possible & bit:
            signature = tuple(bool(m & bit) for m in order)
            if not order and not derived:
                signature = ()
            groups[signature] = groups.get(signature, 0) | bit
    return list(groups.values())


def range_text(domain: Domain, first: int, last: int, dimension: str) -> str:
    low, _, low_open = cell_range(domain, first)
    _, high, high_open = cell_range(domain, last)
    if low is None and high is None:
        return "any value"
    if low is None:
        return f"{'below' if high_open else 'at most'} {format_magnitude(high or 0, dimension)}"
    if high is None:
        return f"{'above' if low_open else 'at least'} {format_magnitude(low, dimension)}"
    if low == high:
        return f"exactly {format_magnitude(low, dimension)}"
    return f"between {format_magnitude(low, dimension)} and {format_magnitude(high, dimension)}"
