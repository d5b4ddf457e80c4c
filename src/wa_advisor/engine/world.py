"""What is possible for every name under given answers, and the truth of conditions there.

A name's value is a bit mask over the cells of its domain: the cells that are still possible. Judging a
comparison is one AND; three-valued logic follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wa_advisor.engine.arithmetic import arithmetic, literal_interval, pick_end, whole_steps
from wa_advisor.engine.assessment import Truth
from wa_advisor.engine.cells import answer_mask, hull
from wa_advisor.model import BACKWARDS, GROUP_OF, GROUPS, LINKED, Answer, Answers, Decision, Domain, Item, RuleSet
from wa_advisor.quantity import Interval, Number
from wa_advisor.ruleset.compile import interval_mask

Key = tuple[str, int, str]


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
        self.groups["processes"] = processes

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

    def __init__(self, ruleset: RuleSet, base: Base, overrides: dict[Key, int] | None = None) -> None:
        self.ruleset = ruleset
        self.base = base
        self.overrides = overrides or {}
        self.memo: dict[Key, int] = {}
        self.relevance: dict[Key, Truth] = {}
        self.subjects: dict[tuple[str, str], str | None] = {}

    def child(self, key: Key, mask: int) -> World:
        """The same world with one name narrowed, or set to something else."""
        world = World(self.ruleset, self.base, {**self.overrides, key: mask})
        name = key[2].partition("#")[0]
        needs = self.ruleset.needs
        for known, value in self.memo.items():
            plain = known[2].partition("#")[0]
            if plain != name and name not in needs.get(plain, ()):
                world.memo[known] = value
        for known, truth in self.relevance.items():
            if known[2] != name and name not in needs.get(known[2], ()):
                world.relevance[known] = truth
        world.subjects = self.subjects
        return world

    # -- values --------------------------------------------------------------------------------

    def place(self, name: str, scope: str, index: int) -> Key:
        """Where a name lives when an item of `scope` mentions it: with the item, or with the workload."""
        ruleset = self.ruleset
        owner = ruleset.questions.get(name) or ruleset.derived.get(name) or ruleset.decisions.get(name)
        if owner is not None and owner.scope == "workload":
            return "workload", 0, name
        return scope, index, name

    def mask(self, key: Key) -> int:
        found = self.memo.get(key)
        if found is None:
            found = self._mask(key)
            self.memo[key] = found
        return found

    def _mask(self, key: Key) -> int:
        scope, index, name = key
        ruleset = self.ruleset
        if "#" in name:
            return self._flag_mask(key)
        domain = ruleset.domains[name]
        if name in ruleset.questions:
            return self._question_mask(key, domain)
        if name in ruleset.derived:
            mask = self._derived_mask(key, domain)
        else:
            mask = self._outcome_mask(ruleset.decisions[name], scope, index, domain)
        return mask & self.overrides.get(key, -1)

    def relevant(self, key: Key) -> Truth:
        if key in self.relevance:
            return self.relevance[key]
        when = self.ruleset.questions[key[2]].when
        truth = True if when is None else self.judge(when, key[0], key[1])
        self.relevance[key] = truth
        return truth

    def _question_mask(self, key: Key, domain: Domain) -> int:
        relevant = self.relevant(key)
        if relevant is False:
            return domain.none
        base = self.overrides.get(key)
        if base is None:
            base = answer_mask(self.base.answer(key), domain)
        return base if relevant else base | domain.none

    def _flag_mask(self, key: Key) -> int:
        """A question with several choices is one yes-or-no cell a choice (1 yes, 2 no, 4 does not apply)."""
        name, _, choice = key[2].partition("#")
        plain = (key[0], key[1], name)
        relevant = self.relevant(plain)
        if relevant is False:
            return 4
        base = self.overrides.get(key)
        if base is None:
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
        value = self.compute(derived.value, key[0], key[1])
        if value is None:
            return domain.none
        if derived.type == "yes-no":
            assert not isinstance(value, Interval)
            return {True: 1, False: 2, None: 3}[value[0]]
        if isinstance(value, tuple):
            return domain.full
        return interval_mask(domain, value.low, value.high)

    def compute(self, tree: Any, scope: str, index: int) -> Any:
        """An Interval, a 1-tuple of truth for yes-no, or None where an input does not apply."""
        kind = tree[0]
        if kind == "num":
            return literal_interval(tree[1])
        if kind == "name":
            return self.interval(self.place(tree[1], scope, index), tree[1])
        if kind == "over":
            return self._over(tree, scope, index)
        if kind in ("min", "max"):
            parts = [self.compute(t, scope, index) for t in tree[1]]
            if any(p is None for p in parts):
                return None
            pick = min if kind == "min" else max
            return Interval(pick_end(pick, [p.low for p in parts]), pick_end(pick, [p.high for p in parts]))
        left, right = self.compute(tree[1], scope, index), self.compute(tree[2], scope, index)
        if left is None or right is None:
            return None
        return whole_steps(left, right) if kind == "ceil" else arithmetic(kind, left, right)

    def interval(self, key: Key, name: str) -> Interval | None:
        """What a quantity may be; None when it does not apply."""
        ruleset = self.ruleset
        if name in ruleset.facts:
            value = ruleset.facts[name].magnitude
            return Interval(value, value)
        mask = self.mask(key)
        domain = ruleset.domains[name]
        if mask == domain.none:
            return None
        exact: Interval | None = None
        if name in ruleset.questions:
            answer = self.base.answer(key)
            if key not in self.overrides and answer is not None and isinstance(answer.value, Interval):
                exact = answer.value
        else:
            exact = self.compute(ruleset.derived[name].value, key[0], key[1])
        return exact if exact is not None else hull(domain, mask)

    def members(self, group: str, scope: str, index: int) -> tuple[str, list[int] | None]:
        """The scope and places of the items of a group, or of those that a link of one item leads to; None is not known."""
        if group in GROUPS:
            items = self.base.groups[group]
            return GROUPS[group], None if items is None else list(range(len(items)))
        return LINKED[scope, group], self.base.linked(group, scope, index)

    def _over(self, tree: Any, scope: str, index: int) -> Any:
        _, function, group, name, condition = tree[:5]
        scope, items = self.members(group, scope, index)
        if items is None:
            return (None,) if function in ("any", "all") else Interval(0, None)
        truths = [True if condition is None else self.judge(condition, scope, i) for i in items]
        if function == "any":
            return (_any(truths),)
        if function == "all":
            negated = _any([None if t is None else not t for t in truths])
            return (None if negated is None else not negated,)
        if function == "count":
            return Interval(sum(t is True for t in truths), sum(t is not False for t in truths))
        values = [self.interval(self.place(name, scope, i), name) for i in items]
        lows: list[Number] = [v.low or 0 for v, t in zip(values, truths, strict=True) if v is not None and t is True]
        highs: list[Number | None] = [v.high for v, t in zip(values, truths, strict=True) if v is not None and t is not False]
        if function == "max":
            return Interval(max(lows, default=0), None if None in highs else max([h or 0 for h in highs], default=0))
        return Interval(sum(lows), None if None in highs else sum(h or 0 for h in highs))

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
        named = self.ruleset.conditions.get(name)
        if named is not None:
            place = ("workload", 0) if named.scope == "workload" else (scope, index)
            return self.judge(named.when, *place)
        key = self.place(name, scope, index)
        return self._truth(key, 1)

    def _compare(self, tree: Any, scope: str, index: int) -> Truth:
        name, op, literals = tree[1], tree[2], tree[3]
        key = self.place(name, scope, index)
        if op == "includes":
            return self._truth((key[0], key[1], f"{name}#{literals[0][0]}"), 1)
        return self._truth(key, tree[6])

    def _truth(self, key: Key, mask: int) -> Truth:
        plain = key[2].partition("#")[0]
        possible = self.mask(key)
        if plain in self.ruleset.questions and self.relevant((key[0], key[1], plain)) is None:
            return None
        if not possible & mask:
            return False
        return True if possible & mask == possible else None


def _any(truths: Sequence[Truth]) -> Truth:
    if any(t is True for t in truths):
        return True
    return None if any(t is None for t in truths) else False
