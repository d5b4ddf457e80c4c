"""Masks over the cells of a name: what an answer leaves, and which cells no rule tells apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wa_advisor.engine.arithmetic import meet, whole_numbers
from wa_advisor.model import Answer, Domain, RuleSet
from wa_advisor.quantity import Interval
from wa_advisor.ruleset.cells import touched
from wa_advisor.ruleset.compile import cell_range
from wa_advisor.ruleset.trees import comparisons


def answer_mask(answer: Answer | None, domain: Domain) -> int:
    """The cells an answer leaves possible; an unanswered or unknown question may also turn out not to apply."""
    if answer is None or answer.state == "unknown":
        return domain.full | domain.none
    if answer.state == "not_applicable":
        return domain.none
    if isinstance(answer.value, Interval):
        return touched(domain, whole_numbers(answer.value) if domain.whole else answer.value)
    return 1 << domain.choices.index(str(answer.value)) if answer.value in domain.choices else domain.full


def cell_interval(domain: Domain, first: int, last: int) -> Interval:
    """From the first of some cells to the last, without their outer ends where those are open."""
    low, _, low_open = cell_range(domain, first)
    _, high, high_open = cell_range(domain, last)
    return Interval(low, high, low is not None and low_open, high is not None and high_open)


def bounds(domain: Domain) -> Interval:
    """All that a quantity may be."""
    return Interval(domain.low, domain.high)


def narrowed(domain: Domain, mask: int, interval: Interval) -> Interval:
    """What is left of an interval in some cells that it touches."""
    cells = mask & domain.full
    found = meet(interval, cell_interval(domain, (cells & -cells).bit_length() - 1, cells.bit_length() - 1))
    return whole_numbers(found) if domain.whole else found


def collect_atoms(ruleset: RuleSet, trees: Iterable[Any], atoms: dict[str, set[int]]) -> None:
    """Add to each name of `atoms` the masks by which comparisons in the trees tell its cells apart."""
    for tree in trees:
        for one in comparisons(tree):
            if one[0] == "cmp" and one[1] in atoms:
                is_flag = one[2] == "includes"
                atoms[one[1]].add(1 << ruleset.domains[one[1]].choices.index(one[3][0][0]) if is_flag else one[6])


def groups_of(domain: Domain, possible: int, masks: Iterable[int]) -> list[int]:
    """The possible cells, those together that no comparison tells apart."""
    groups: dict[tuple[bool, ...], int] = {}
    order = sorted(masks)
    for cell in range(domain.size + 1):
        bit = 1 << cell
        if possible & bit:
            signature = tuple(bool(m & bit) for m in order)
            groups[signature] = groups.get(signature, 0) | bit
    return list(groups.values())
