"""What is possible for every name under given answers, and the truth of conditions there.

A name's value is a bit mask over the cells of its domain: the cells that are still possible. Judging a
comparison is one AND; three-valued logic follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wa_advisor.engine.arithmetic import (
    arithmetic,
    greatest,
    greatest_of,
    least,
    may_divide_by_nothing,
    meet,
    total_of,
    whole_numbers,
)
from wa_advisor.engine.assessment import Truth
from wa_advisor.engine.cells import answer_mask, bounds, cell_interval, narrowed
from wa_advisor.model import BACKWARDS, GROUP_OF, GROUPS, LINKED, Answer, Answers, Decision, Domain, Item, RuleSet
from wa_advisor.quantity import Interval
from wa_advisor.ruleset.cells import touched
from wa_advisor.ruleset.trees import is_fact_id

Key = tuple[str, int, str]
Figure = tuple[Interval | None, bool]  # what a quantity may be, and whether it may turn out not to apply
_AMOUNT = Interval(0, None)


def processes_of(answers: Answers) -> tuple[Item, ...]:
    """The processes listed, and those that a hand-over names without listing them."""
    listed = list(answers.items("processes"))
    known = {p.name for p in listed}
    for hand_over in answers.items("hand_overs"):
        for name in hand_over.links.get("process", ()):
            if name not in known:
                known.add(name)
                listed.append(Item(name=name, answers={}))
    return tuple(listed)


def instances_of(answers: Answers, processes: tuple[Item, ...]) -> Iterator[tuple[str, int, Item]]:
    yield "workload", 0, Item(name=answers.name, answers=answers.workload)
    for group, scope in GROUPS.items():
        items = processes if group == "processes" else answers.items(group)
        for index, item in enumerate(items):
            yield scope, index, item


class Base:
    """The answers as masks and intervals, before any what-if."""

    def __init__(self, ruleset: RuleSet, answers: Answers, processes: tuple[Item, ...]) -> None:
        self.ruleset = ruleset
        self.answers = answers
        self.groups: dict[str, Sequence[Item] | None] = {
            group: answers.groups.get(group) for group in GROUPS if group != "processes"
        }
        named = "processes" in answers.groups or "hand_overs" in answers.groups
        self.groups["processes"] = processes if named else None
        self._reach: dict[str, frozenset[str]] = {}
        owners = (ruleset.conditions, ruleset.decisions, ruleset.derived, ruleset.questions)
        scopes = {name: one.scope for kind in owners for name, one in kind.items()}
        self.of_workload = frozenset(name for name, scope in scopes.items() if scope == "workload")

    def reach(self, name: str) -> frozenset[str]:
        """The names that may differ when one name does: itself, what leans on it, and the choices of those."""
        found = self._reach.get(name)
        if found is None:
            leaning = {name, *(n for n, needs in self.ruleset.needs.items() if name in needs)}
            several = [q for n in leaning if (q := self.ruleset.questions.get(n)) is not None and q.type == "choices"]
            found = frozenset(leaning | {f"{q.id}#{c}" for q in several for c in q.choices})
            self._reach[name] = found
        return found

    def item_answers(self, scope: str, index: int) -> Mapping[str, Answer]:
        if scope == "workload":
            return self.answers.workload
        items = self.groups[GROUP_OF[scope]]
        return items[index].answers if items else {}

    def linked(self, link: str, scope: str, index: int) -> list[int] | None:
        """The places of the items that a link of an item leads to; None where nothing is said of the link."""
        target = self.groups[GROUP_OF[LINKED[scope, link]]]
        items = self.groups[GROUP_OF[scope]]
        if target is None or not items:
            return None
        item = items[index]
        if link in BACKWARDS:
            said = [other.links.get(BACKWARDS[link]) for other in target]
            if any(names is None for names in said) and link != "hand_overs_of":
                return None
            return [i for i, names in enumerate(said) if names and item.name in names]
        names = item.links.get(link)
        return None if names is None else [i for i, other in enumerate(target) if other.name in names]

    def answer(self, key: Key) -> Answer | None:
        return self.item_answers(key[0], key[1]).get(key[2].partition("#")[0])


class World:
    """What is possible for every name under some overrides; children share what an override cannot touch."""

    def __init__(self, ruleset: RuleSet, base: Base, parent: World | None = None, reach: frozenset[str] = frozenset()) -> None:
        self.ruleset = ruleset
        self.base = base
        self.parent = parent
        self.reach = reach
        self.overrides: dict[Key, tuple[int, Interval | None]] = {}
        self.memo: dict[Key, int] = {}
        self.relevance: dict[Key, Truth] = {}
        self.truths: dict[Key, Truth] = {}
        self.figures: dict[Key, Figure] = {}
        self.subjects: dict[tuple[str, str], str | None] = {}

    def narrowed(self, key: Key, mask: int) -> World:
        """The same world in which less is possible for one name: only the cells of a mask."""
        domain = self.ruleset.domains.get(key[2])
        interval = None
        if domain is not None and domain.kind == "quantity" and mask & domain.full and key[2] in self.ruleset.questions:
            interval = narrowed(domain, mask, self._own_figure(key, domain))
        return self._child(key, mask, interval)

    def instead(self, key: Key, mask: int, interval: Interval | None = None) -> World:
        """The same world in which one question has another answer."""
        return self._child(key, mask, interval)

    def _child(self, key: Key, mask: int, interval: Interval | None) -> World:
        name = key[2].partition("#")[0]
        reach = self.base.reach(name)
        world = World(self.ruleset, self.base, self, reach)
        world.overrides = {**self.overrides, key: (mask, interval)}
        world.subjects = self.subjects
        return world

    def own_mask(self, key: Key) -> int:
        """The cells that the answer to a question leaves, whether or not the question matters."""
        seen = self.overrides.get(key)
        return answer_mask(self.base.answer(key), self.ruleset.domains[key[2]]) if seen is None else seen[0]

    # -- values --------------------------------------------------------------------------------

    def place(self, name: str, scope: str, index: int) -> Key:
        """Where a name lives when an item of `scope` mentions it: with the item, or with the workload."""
        return ("workload", 0, name) if name in self.base.of_workload else (scope, index, name)

    def mask(self, key: Key) -> int:
        found = self.memo.get(key)
        if found is None:
            shared = self.parent is not None and key[2] not in self.reach
            found = self.parent.mask(key) if shared and self.parent is not None else self._mask(key)
            self.memo[key] = found
        return found

    def _mask(self, key: Key) -> int:
        scope, index, name = key
        ruleset = self.ruleset
        if "#" in name:
            return self._flag_mask(key)
        domain = ruleset.domains[name]
        if name in ruleset.questions:
            relevant = self.relevant(key)
            if relevant is False:
                return domain.none
            own = self.own_mask(key)
            return own if relevant else own | domain.none
        if name in ruleset.derived:
            mask = self._derived_mask(key, domain)
        else:
            mask = self._outcome_mask(ruleset.decisions[name], scope, index, domain)
        seen = self.overrides.get(key)
        return mask if seen is None else mask & seen[0]

    def relevant(self, key: Key) -> Truth:
        if key in self.relevance:
            return self.relevance[key]
        when = self.ruleset.questions[key[2]].when
        if when is None:
            truth: Truth = True
        elif self.parent is not None and key[2] not in self.reach:
            truth = self.parent.relevant(key)
        else:
            truth = self.judge(when, key[0], key[1])
        self.relevance[key] = truth
        return truth

    def _flag_mask(self, key: Key) -> int:
        """A question with several choices is one yes-or-no cell a choice (1 yes, 2 no, 4 does not apply)."""
        name, _, choice = key[2].partition("#")
        plain = (key[0], key[1], name)
        relevant = self.relevant(plain)
        if relevant is False:
            return 4
        seen = self.overrides.get(key)
        if seen is not None:
            base = seen[0]
        else:
            answer = self.base.answer(plain)
            if answer is None or answer.state == "unknown":
                base = 3
            elif answer.state == "not_applicable":
                base = 4
            else:
                assert isinstance(answer.value, tuple)
                base = 1 if choice in answer.value else 2
        return base if relevant else base | 4

    def _outcome_mask(self, decision: Decision, scope: str, index: int, domain: Domain) -> int:
        if decision.kind == "choice":
            subject = self.subjects.get((decision.id, self._item_name(scope, index)))
            return domain.full if subject is None else 1 << domain.choices.index(subject)
        mask = 0
        for rule in decision.rules:
            truth = self.judge(rule.when, scope, index)
            if truth is not False:
                mask |= 1 << domain.choices.index(rule.outcome)
            if truth:
                return mask
        return mask | 1 << domain.choices.index(decision.otherwise)

    def _item_name(self, scope: str, index: int) -> str:
        if scope == "workload":
            return self.base.answers.name
        items = self.base.groups[GROUP_OF[scope]]
        return items[index].name if items else ""

    # -- derived values --------------------------------------------------------------------------

    def _derived_mask(self, key: Key, domain: Domain) -> int:
        derived = self.ruleset.derived[key[2]]
        if derived.type == "yes-no":
            return {True: 1, False: 2, None: 3}[self._truth_over(derived.value, key[0], key[1])]
        interval, may_not_apply = self._derived_figure(key)
        if interval is None:
            return domain.none
        mask = touched(domain, interval)
        return mask | domain.none if may_not_apply else mask

    def interval(self, key: Key, name: str) -> Interval | None:
        """What a quantity may be; None when it does not apply."""
        return self.figure(key)[0] if not is_fact_id(name) else self._fact(name)[0]

    def figure(self, key: Key) -> Figure:
        """What a question or derived value may be, and whether it may turn out not to apply."""
        domain = self.ruleset.domains[key[2]]
        mask = self.mask(key)
        if not mask & domain.full:
            return None, True
        if key[2] in self.ruleset.questions:
            return self._own_figure(key, domain), bool(mask & domain.none)
        interval, may_not_apply = self._derived_figure(key)
        if interval is not None and key in self.overrides:
            cells = mask & domain.full
            kept = cell_interval(domain, (cells & -cells).bit_length() - 1, cells.bit_length() - 1)
            return meet(interval, kept), bool(mask & domain.none)
        return interval, may_not_apply

    def _own_figure(self, key: Key, domain: Domain) -> Interval:
        seen = self.overrides.get(key)
        if seen is not None and seen[1] is not None:
            return seen[1]
        answer = self.base.answer(key)
        if seen is None and answer is not None and isinstance(answer.value, Interval):
            return whole_numbers(answer.value) if domain.whole else answer.value
        return bounds(domain) if seen is None else narrowed(domain, seen[0], bounds(domain))

    def _derived_figure(self, key: Key) -> Figure:
        found = self.figures.get(key)
        if found is None:
            if self.parent is not None and key[2] not in self.reach:
                found = self.parent._derived_figure(key)
            else:
                found = self._compute(self.ruleset.derived[key[2]].value, key[0], key[1])
            self.figures[key] = found
        return found

    def _fact(self, name: str) -> Figure:
        value = self.ruleset.facts[name].magnitude
        return Interval(value, value), False

    def compute(self, tree: Any, scope: str, index: int) -> Interval | None:
        """What an expression of a derived value may be; None where it does not apply, and of a yes or no."""
        return None if tree[0] == "over" and tree[1] in ("any", "all") else self._compute(tree, scope, index)[0]

    def _compute(self, tree: Any, scope: str, index: int) -> Figure:
        kind = tree[0]
        if kind == "num":
            return Interval(tree[3], tree[3]), False
        if kind == "name":
            return self._fact(tree[1]) if is_fact_id(tree[1]) else self.figure(self.place(tree[1], scope, index))
        if kind == "over":
            return self._figure_over(tree, scope, index), False
        parts = [self._compute(t, scope, index) for t in (tree[1] if kind in ("min", "max") else tree[1:3])]
        intervals = [p[0] for p in parts if p[0] is not None]
        if len(intervals) < len(parts):
            return None, True
        may_not_apply = any(p[1] for p in parts)
        if kind in ("min", "max"):
            return (least if kind == "min" else greatest)(intervals), may_not_apply
        left, right = intervals
        found = arithmetic(kind, left, right)
        return found, may_not_apply or found is None or may_divide_by_nothing(kind, right)

    def members(self, group: str, scope: str, index: int) -> tuple[str, list[int] | None]:
        """The scope and places of the items of a group, or of those that a link of one item leads to; None is not known."""
        if group in GROUPS:
            items = self.base.groups[group]
            return GROUPS[group], None if items is None else list(range(len(items)))
        return LINKED[scope, group], self.base.linked(group, scope, index)

    def _taken(self, tree: Any, scope: str, index: int) -> list[tuple[str, int, Truth]] | None:
        """The entries that a value is made of, with whether its filter takes them; None where they are not given."""
        condition = tree[4]
        where, items = self.members(tree[2], scope, index)
        if items is None:
            return None
        return [(where, i, True if condition is None else self.judge(condition, where, i)) for i in items]

    def _truth_over(self, tree: Any, scope: str, index: int) -> Truth:
        """`any` and `all` over entries; of none at all `all` is true."""
        taken = self._taken(tree, scope, index)
        if taken is None:
            return None
        truths = [truth for _, _, truth in taken]
        if tree[1] == "any":
            return _any(truths)
        negated = _any([None if t is None else not t for t in truths])
        return None if negated is None else not negated

    def _figure_over(self, tree: Any, scope: str, index: int) -> Interval:
        """`count`, `sum` and `max` over entries; one that may not count may add nothing."""
        function, name = tree[1], tree[3]
        taken = self._taken(tree, scope, index)
        if taken is None:
            return _AMOUNT
        if function == "count":
            return Interval(sum(t is True for _, _, t in taken), sum(t is not False for _, _, t in taken))
        sure: list[Interval] = []
        perhaps: list[Interval] = []
        for where, place, truth in taken:
            interval, may_not_apply = self.figure(self.place(name, where, place)) if truth is not False else (None, True)
            if interval is not None:
                (sure if truth is True and not may_not_apply else perhaps).append(interval)
        return total_of(sure, perhaps) if function == "sum" else greatest_of(sure, perhaps)

    # -- conditions ------------------------------------------------------------------------------

    def judge(self, tree: Any, scope: str, index: int) -> Truth:
        """Strong Kleene: True, False, or None for unknown."""
        kind = tree[0]
        if kind == "cmp":
            return self._compare(tree, scope, index)
        if kind == "ref":
            return self._ref(tree[1], scope, index)
        if kind == "not":
            truth = self.judge(tree[1], scope, index)
            return None if truth is None else not truth
        stop = kind == "or"
        result: Truth = not stop
        for part in tree[1]:
            truth = self.judge(part, scope, index)
            if truth is stop:
                return stop
            if truth is None:
                result = None
        return result

    def _ref(self, name: str, scope: str, index: int) -> Truth:
        key = self.place(name, scope, index)
        return self._named(key) if name in self.ruleset.conditions else self._truth(key, 1)

    def _named(self, key: Key) -> Truth:
        """The truth of a condition with a name: many rules share it, and so do worlds in which nothing of it differs."""
        if key not in self.truths:
            if self.parent is not None and key[2] not in self.reach:
                self.truths[key] = self.parent._named(key)
            else:
                self.truths[key] = self.judge(self.ruleset.conditions[key[2]].when, key[0], key[1])
        return self.truths[key]

    def _compare(self, tree: Any, scope: str, index: int) -> Truth:
        name, op, literals = tree[1], tree[2], tree[3]
        key = self.place(name, scope, index)
        if op == "includes":
            return self._truth((key[0], key[1], f"{name}#{literals[0][0]}"), 1)
        return self._truth(key, tree[6])

    def _truth(self, key: Key, mask: int) -> Truth:
        possible = self.mask(key)
        asked = key if "#" not in key[2] else (key[0], key[1], key[2].partition("#")[0])
        if asked[2] in self.ruleset.questions and self.relevant(asked) is None:
            return None
        if not possible & mask:
            return False
        return True if possible & mask == possible else None


def _any(truths: Sequence[Truth]) -> Truth:
    if any(t is True for t in truths):
        return True
    return None if any(t is None for t in truths) else False
