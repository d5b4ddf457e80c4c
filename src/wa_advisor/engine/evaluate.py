"""RuleSet + Answers -> Assessment, with its trace.

A name's value is a bit mask over the cells of its domain: the cells that are still possible. Judging a
comparison is one AND; three-valued logic follows from it. Certainty is exact: first the bounds of the
totals, then a search through the completions of the unknown answers that stops at the first one with
another winner. Where several derived values share unknown answers the search visits a superset of what
can occur, so `decided` is never claimed too early.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wa_advisor.model import GROUP_OF, GROUPS, Answer, Answers, Decision, Domain, Item, Rule, RuleSet
from wa_advisor.quantity import Interval, Number, format_magnitude, parse_quantity, tidy
from wa_advisor.ruleset.compile import cell_range, comparison_mask, interval_mask, names_in

MAX_COMPLETIONS = 100_000

Key = tuple[str, int, str]
Truth = bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTrace:
    rule: Rule
    truth: Truth
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionTrace:
    """One option: its totals now and at the ends, and the rules that spoke for it, against it or out."""

    option: str
    state: str
    now: int
    low: int
    high: int
    constraints: tuple[RuleTrace, ...]
    arguments: tuple[RuleTrace, ...]
    banned: str = ""

    @property
    def has_reason(self) -> bool:
        return any(a.truth and a.rule.direction == "for" for a in self.arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    question: str
    change: str
    to: str | None
    settles: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    decision: str
    item: str
    choice: str | None
    certainty: str
    why: str
    runner_up: str | None
    tied_with: tuple[str, ...]
    proposed: str | None
    ranking: tuple[OptionTrace, ...]
    flips: tuple[Flip, ...]
    open_questions: tuple[str, ...]
    cites: tuple[str, ...]

    @property
    def subject(self) -> str | None:
        """What sign-offs, limits and the gate judge: the proposal if there is one, else our choice."""
        return self.proposed or self.choice

    def option(self, name: str | None) -> OptionTrace | None:
        return next((o for o in self.ranking if o.option == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassVerdict:
    """The outcome of a table decision; `row` is the rule that fired, None for the last line or no outcome yet."""

    decision: str
    item: str
    outcome: str | None
    candidates: tuple[str, ...]
    because: str
    rule: str
    source: str
    open_questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFound:
    id: str
    scope: str
    item: str
    risk: str
    practice: str
    name: str
    because: str
    improve: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    item: str
    option: str
    fact: str
    name: str
    value: Number
    limit: Number
    unit: str
    dimension: str
    headroom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LensVerdict:
    id: str
    risk: str
    possible: str
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffState:
    policy: str
    decision: str
    item: str
    choice: str
    state: str
    approver: str
    date: str
    expires: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Shares as (low, high) by class name; the rest is `other`."""

    weighted_by: str
    shares: Mapping[str, tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    ruleset: RuleSet
    answers: Answers
    classes: Mapping[str, ClassVerdict]
    verdicts: tuple[Verdict, ...]
    mix: Mix | None
    lens: tuple[LensVerdict, ...]
    risks: tuple[RiskFound, ...]
    limits: tuple[LimitRow, ...]
    sign_offs: tuple[SignOffState, ...]
    processes: tuple[Item, ...]


def evaluate(ruleset: RuleSet, answers: Answers, *, as_of: str = "") -> Assessment:
    """The Assessment of the answers; `as_of` (ISO date) decides whether a sign-off has expired, "" leaves it signed."""
    processes = _processes(answers)
    world = World(ruleset, _Base(ruleset, answers, processes))
    classes: dict[str, ClassVerdict] = {}
    verdicts: list[Verdict] = []
    for scope, index, item in _instances(answers, processes):
        for decision in ruleset.decisions.values():
            if decision.scope != scope:
                continue
            if decision.kind == "table":
                classes[item.name] = _classify(world, decision, scope, index, item)
            else:
                verdicts.append(_Judge(world, decision, scope, index, item).verdict())
    world.subjects = {(v.decision, v.item): v.subject for v in verdicts}
    return Assessment(
        ruleset=ruleset, answers=answers, classes=classes, verdicts=tuple(verdicts), mix=_mix(world, answers, classes),
        lens=tuple(_lens(ruleset, answers)), risks=tuple(_risks(world, answers, processes)),
        limits=tuple(_limits(world, verdicts)), sign_offs=tuple(_sign_offs(ruleset, answers, verdicts, as_of)),
        processes=processes,
    )  # fmt: skip


def _processes(answers: Answers) -> tuple[Item, ...]:
    """The processes listed, and those that a hand-over names without listing them."""
    listed = list(answers.items("processes"))
    known = {p.name for p in listed}
    for hand_over in answers.items("hand_overs"):
        for name in hand_over.links.get("process", ()):
            if name not in known:
                known.add(name)
                listed.append(Item(name=name, answers={}))
    return tuple(listed)


def _instances(answers: Answers, processes: tuple[Item, ...]) -> Iterator[tuple[str, int, Item]]:
    yield "workload", 0, Item(name=answers.name, answers=answers.workload)
    for group, scope in GROUPS.items():
        items = processes if group == "processes" else answers.items(group)
        for index, item in enumerate(items):
            yield scope, index, item


class _Base:
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

    def answer(self, key: Key) -> Answer | None:
        return self.item_answers(key[0], key[1]).get(key[2].partition("#")[0])


class World:
    """What is possible for every name under some overrides; children share what an override cannot touch."""

    def __init__(self, ruleset: RuleSet, base: _Base, overrides: dict[Key, int] | None = None) -> None:
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
        value = self._compute(derived.value, key[0], key[1])
        if value is None:
            return domain.none
        if derived.type == "yes-no":
            assert not isinstance(value, Interval)
            return {True: 1, False: 2, None: 3}[value[0]]
        if isinstance(value, tuple):
            return domain.full
        return interval_mask(domain, value.low, value.high)

    def _compute(self, tree: Any, scope: str, index: int) -> Any:
        """An Interval, a 1-tuple of truth for yes-no, or None where an input does not apply."""
        kind = tree[0]
        if kind == "num":
            return _literal(tree[1])
        if kind == "name":
            return self.interval(self.place(tree[1], scope, index), tree[1])
        if kind == "over":
            return self._over(tree)
        if kind in ("min", "max"):
            parts = [self._compute(t, scope, index) for t in tree[1]]
            if any(p is None for p in parts):
                return None
            pick = min if kind == "min" else max
            return Interval(_pick(pick, [p.low for p in parts]), _pick(pick, [p.high for p in parts]))
        left, right = self._compute(tree[1], scope, index), self._compute(tree[2], scope, index)
        if left is None or right is None:
            return None
        return _arithmetic(kind, left, right)

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
            exact = self._compute(ruleset.derived[name].value, key[0], key[1])
        return exact if exact is not None else _hull(domain, mask)

    def _over(self, tree: Any) -> Any:
        _, function, group, name, condition = tree
        items = self.base.groups[group]
        if items is None:
            return (None,) if function in ("any", "all") else Interval(0, None)
        scope = GROUPS[group]
        truths = [True if condition is None else self.judge(condition, scope, i) for i in range(len(items))]
        if function == "any":
            return (_any(truths),)
        if function == "all":
            negated = _any([None if t is None else not t for t in truths])
            return (None if negated is None else not negated,)
        if function == "count":
            return Interval(sum(t is True for t in truths), sum(t is not False for t in truths))
        values = [self.interval((scope, i, name), name) for i in range(len(items))]
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
        return self._truth(key, atom_mask(self.ruleset, name, op, literals))

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


_ATOMS: dict[tuple[int, str, str, Any], int] = {}


def atom_mask(ruleset: RuleSet, name: str, op: str, literals: Any) -> int:
    """The cells of `name` in which a comparison is true."""
    key = (id(ruleset), name, op, literals)
    found = _ATOMS.get(key)
    if found is None:
        domain = ruleset.domains[name]
        if domain.kind == "choice":
            values: list[Any] = [v for v, _ in literals]
        else:
            values = [_threshold(ruleset, name, v) for v, _ in literals]
        found = comparison_mask(domain, op, values)
        _ATOMS[key] = found
    return found


def _threshold(ruleset: RuleSet, name: str, literal: str) -> Number:
    if literal in ruleset.facts:
        return ruleset.facts[literal].magnitude
    kind = ruleset.questions[name].type if name in ruleset.questions else ruleset.derived[name].type
    return parse_quantity(literal, kind).magnitude


def answer_mask(answer: Answer | None, domain: Domain) -> int:
    """The cells an answer leaves possible; an unanswered or unknown question may also turn out not to apply."""
    if answer is None or answer.state == "unknown":
        return domain.full | domain.none
    if answer.state == "not_applicable":
        return domain.none
    if isinstance(answer.value, Interval):
        return interval_mask(domain, answer.value.low, answer.value.high)
    return 1 << domain.choices.index(str(answer.value)) if answer.value in domain.choices else domain.full


def _literal(text: str) -> Interval:
    for dimension in ("count", "share", "duration", "size", "rate", "data-rate"):
        try:
            value = parse_quantity(text, dimension).magnitude
        except ValueError:
            continue
        return Interval(value, value)
    raise AssertionError(text)


def _pick(pick: Any, values: list[Number | None]) -> Number | None:
    return None if None in values else pick(values)


def _arithmetic(op: str, left: Interval, right: Interval) -> Interval:
    """Interval arithmetic; quantities are not negative, a negative number only stands for a subtraction."""
    if op == "+":
        low = None if left.low is None or right.low is None else left.low + right.low
        high = None if left.high is None or right.high is None else left.high + right.high
        return Interval(low, high)
    if op == "/":
        low_right = None if right.high is None else (Fraction(1) / right.high if right.high else None)
        high_right = None if not right.low else Fraction(1) / right.low
        right = Interval(low_right if low_right is not None else 0, high_right)
    ends = [(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    if any(a is None or b is None for a, b in ends):
        low = 0 if left.low is None or right.low is None else left.low * right.low
        return Interval(low, None)
    products = [tidy(Fraction(a) * Fraction(b)) for a, b in ends if a is not None and b is not None]
    return Interval(min(products), max(products))


def _hull(domain: Domain, mask: int) -> Interval:
    cells = [i for i in range(domain.size) if mask >> i & 1]
    low = cell_range(domain, cells[0])[0]
    high = cell_range(domain, cells[-1])[1]
    if low is None:
        low = domain.low
    return Interval(low, domain.high if high is None else high)


# -- a choice --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tally:
    """An option while it is judged: its state, totals, and whether something speaks for it."""

    state: str = "viable"
    now: int = 0
    low: int = 0
    high: int = 0
    reason: Truth = False


class _Judge:
    """Judges one choice decision for one item."""

    def __init__(self, world: World, decision: Decision, scope: str, index: int, item: Item) -> None:
        self.world = world
        self.decision = decision
        self.scope = scope
        self.index = index
        self.item = item
        self.rules = decision.rules
        self.order = {o: i for i, o in enumerate(decision.preference)}
        ruleset = world.ruleset
        self.needs = [self._rule_needs(r) for r in self.rules]
        self.weights = ruleset.strengths
        self.visited = 0
        self.atoms = self._atoms()

    def _rule_needs(self, rule: Rule) -> frozenset[str]:
        found = set(names_in(rule.when))
        for name in list(found):
            found |= self.world.ruleset.needs.get(name, frozenset())
        return frozenset(found)

    def _atoms(self) -> dict[str, set[int]]:
        """For each name, the masks by which this decision, directly or through others, tells its cells apart."""
        ruleset = self.world.ruleset
        names = set().union(*self.needs) if self.needs else set()
        trees = [r.when for r in self.rules]
        for name in names:
            if name in ruleset.questions and ruleset.questions[name].when is not None:
                trees.append(ruleset.questions[name].when)
            elif name in ruleset.conditions:
                trees.append(ruleset.conditions[name].when)
            elif name in ruleset.decisions:
                trees += [r.when for r in ruleset.decisions[name].rules]
        atoms: dict[str, set[int]] = {n: set() for n in names if n in ruleset.questions or n in ruleset.derived}
        for tree in trees:
            _collect_atoms(ruleset, tree, atoms)
        return atoms

    def truths(self, world: World) -> list[Truth]:
        return [world.judge(r.when, self.scope, self.index) for r in self.rules]

    def tally(self, truths: list[Truth]) -> dict[str, _Tally]:
        tallies = {o: _Tally() for o in self.decision.options}
        services = self.world.ruleset.services
        for option, tally in tallies.items():
            if services[option].banned:
                tally.state = "eliminated"
        for rule, truth in zip(self.rules, truths, strict=True):
            if truth is False:
                continue
            if rule.kind == "constraint":
                for option in rule.options:
                    tally = tallies[option]
                    if truth:
                        tally.state = "eliminated"
                    elif tally.state == "viable":
                        tally.state = "conditional"
                continue
            weight = self.weights[rule.strength] * (1 if rule.direction == "for" else -1)
            for option in rule.options:
                tally = tallies[option]
                if truth:
                    tally.now += weight
                    tally.low += weight
                    tally.high += weight
                elif weight > 0:
                    tally.high += weight
                else:
                    tally.low += weight
                if weight > 0 and tally.reason is not True:
                    tally.reason = True if truth else None
        return tallies

    def first(self, tallies: Mapping[str, _Tally]) -> list[str]:
        """The options that may be chosen, best first: not eliminated, and with something true for them."""
        fit = [o for o, t in tallies.items() if t.state != "eliminated" and t.reason is True]
        return sorted(fit, key=lambda o: (-tallies[o].now, self.order[o]))

    def settled(self, tallies: Mapping[str, _Tally]) -> tuple[bool, str | None]:
        """Whether the bounds alone fix the first choice in every completion, and which it is."""
        alive = [o for o, t in tallies.items() if t.state != "eliminated" and t.reason is not False]
        if not alive:
            return True, None
        best = self.first(tallies)
        if not best:
            return False, None
        sure = [o for o in best if tallies[o].state == "viable"]
        if not sure:
            return False, None
        winner = max(sure, key=lambda o: (tallies[o].low, -self.order[o]))
        low = tallies[winner].low
        for other in alive:
            high = tallies[other].high
            if other != winner and (high > low or (high == low and self.order[other] < self.order[winner])):
                return False, None
        return True, winner

    def verdict(self) -> Verdict:
        truths = self.truths(self.world)
        tallies = self.tally(truths)
        ranked = self.first(tallies)
        choice = ranked[0] if ranked else None
        certainty, why = self._certainty(choice, tallies)
        tied = tuple(o for o in ranked[1:] if choice and tallies[o].now == tallies[choice].now)
        flips = tuple(self._flips(choice))
        return Verdict(
            decision=self.decision.id, item=self.item.name, choice=choice, certainty=certainty, why=why,
            runner_up=ranked[1] if len(ranked) > 1 else None, tied_with=tied,
            proposed=self._proposed(), ranking=self._ranking(truths, tallies), flips=flips,
            open_questions=self._open_questions(flips), cites=self._cites(),
        )  # fmt: skip

    def _proposed(self) -> str | None:
        return self.item.proposed or None

    def _certainty(self, choice: str | None, tallies: Mapping[str, _Tally]) -> tuple[str, str]:
        if choice is None:
            alive = [o for o, t in tallies.items() if t.state != "eliminated"]
            return "open", "Every option is ruled out." if not alive else "Nothing known yet speaks for any option."
        done, winner = self.settled(tallies)
        if done:
            return ("decided", "") if winner == choice else ("leaning", "An answer still missing could change it.")
        self.visited = 0
        same = self._same_everywhere(self.world, choice)
        if same is None:
            return "leaning", f"More than {MAX_COMPLETIONS:,} completions of the unknown answers; not all were tried."
        if same:
            return "decided", ""
        if tallies[choice].state == "conditional":
            return "leaning", "It holds only if an unknown answer stays within a limit."
        return "leaning", "An answer still missing could change it."

    def _same_everywhere(self, world: World, choice: str) -> bool | None:
        """Depth first through the unknown answers; None when the budget runs out."""
        self.visited += 1
        if self.visited > MAX_COMPLETIONS:
            return None
        tallies = self.tally(self.truths(world))
        done, winner = self.settled(tallies)
        if done:
            return winner == choice
        key, cells = self._branch(world)
        if key is None:
            ranked = self.first(tallies)
            return bool(ranked) and ranked[0] == choice and tallies[choice].state == "viable"
        for mask in cells:
            narrowed = world.child(key, mask)
            if not narrowed.mask(key):
                continue
            same = self._same_everywhere(narrowed, choice)
            if not same:
                return same
        return True

    def unknowns(self, world: World) -> Iterator[tuple[Key, list[int]]]:
        """Names that this decision can still tell apart cells of, with those groups of cells."""
        ruleset = world.ruleset
        for name in sorted(self.atoms, key=lambda n: (n in ruleset.derived, n)):
            key = world.place(name, self.scope, self.index)
            if name in ruleset.questions:
                question = ruleset.questions[name]
                if question.scope not in (self.scope, "workload") or world.relevant(key) is False:
                    continue
                if question.type == "choices":
                    for choice in sorted(self._flags(name)):
                        flag = (key[0], key[1], f"{name}#{choice}")
                        if flag not in world.overrides and world.mask(flag) & 3 == 3:
                            yield flag, [1, 2]
                    continue
                if question.type == "text":
                    continue
            elif ruleset.derived[name].scope not in (self.scope, "workload"):
                continue
            domain = ruleset.domains[name]
            possible = world.mask(key) if name in ruleset.derived else self._own_mask(world, key, domain)
            groups = _groups(domain, possible, self.atoms[name], name in ruleset.derived)
            if len(groups) > 1:
                yield key, groups

    def _own_mask(self, world: World, key: Key, domain: Domain) -> int:
        mask = world.overrides.get(key)
        return answer_mask(world.base.answer(key), domain) if mask is None else mask

    def _flags(self, name: str) -> set[str]:
        ruleset = self.world.ruleset
        return {ruleset.domains[name].choices[i] for i in range(ruleset.domains[name].size) if 1 << i in self.atoms[name]}

    def _branch(self, world: World) -> tuple[Key | None, list[int]]:
        """The next unknown to try; one whose relevance is sure comes before one that may not matter."""
        fallback: tuple[Key | None, list[int]] = (None, [])
        for key, cells in self.unknowns(world):
            name = key[2].partition("#")[0]
            if name not in world.ruleset.questions or world.relevant((key[0], key[1], name)):
                if name in world.ruleset.questions:
                    return key, cells
                if fallback[0] is None:
                    fallback = key, cells
            elif fallback[0] is None:
                fallback = key, cells
        return fallback

    def _winner(self, world: World) -> str | None:
        ranked = self.first(self.tally(self.truths(world)))
        return ranked[0] if ranked else None

    def _flips(self, choice: str | None) -> Iterator[Flip]:
        """Every change of one answer after which another option comes first, found by judging again."""
        ruleset = self.world.ruleset
        for name in ruleset.questions:
            if name not in self.atoms or ruleset.questions[name].type == "text":
                continue
            question = ruleset.questions[name]
            key = self.world.place(name, self.scope, self.index)
            if question.scope not in (self.scope, "workload") or self.world.relevant(key) is False:
                continue
            answer = self.world.base.answer(key)
            settles = answer is None or answer.state == "unknown"
            if question.type == "choices":
                for option in sorted(self._flags(name)):
                    flag = (key[0], key[1], f"{name}#{option}")
                    now = self.world.mask(flag)
                    for mask, word in ((1, "with"), (2, "without")):
                        if now != mask:
                            to = self._winner(self.world.child(flag, mask))
                            if to != choice:
                                yield Flip(question=name, change=f"{word} {option}", to=to, settles=settles)
                continue
            domain = ruleset.domains[name]
            now = self._own_mask(self.world, key, domain)
            yield from self._flips_of(name, key, domain, now, choice, settles)

    def _flips_of(self, name: str, key: Key, domain: Domain, now: int, choice: str | None, settles: bool) -> Iterator[Flip]:
        results: list[tuple[int, str | None]] = []
        for cell in range(domain.size):
            mask = 1 << cell
            if not domain.full & mask or now == mask:
                results.append((cell, choice))
                continue
            results.append((cell, self._winner(self.world.child(key, mask))))
        if domain.kind == "choice":
            for cell, to in results:
                if to != choice and domain.full >> cell & 1:
                    yield Flip(question=name, change=domain.choices[cell], to=to, settles=settles)
            return
        dimension = self.world.ruleset.questions[name].type
        start = 0
        while start < len(results):
            end = start
            while end + 1 < len(results) and results[end + 1][1] == results[start][1]:
                end += 1
            if results[start][1] != choice:
                change = _range_text(domain, start, end, dimension)
                yield Flip(question=name, change=change, to=results[start][1], settles=settles)
            start = end + 1

    def _open_questions(self, flips: Sequence[Flip]) -> tuple[str, ...]:
        """Unknown answers, those first whose answer alone changes the choice."""
        names: dict[str, int] = {}
        for key, _ in self.unknowns(self.world):
            name = key[2].partition("#")[0]
            if name in self.world.ruleset.questions:
                names[name] = sum(f.question == name for f in flips)
        return tuple(sorted(names, key=lambda n: -names[n]))

    def _cites(self) -> tuple[str, ...]:
        return tuple(n for n in self.world.ruleset.questions if n in self.atoms and self._known(n))

    def _known(self, name: str) -> bool:
        question = self.world.ruleset.questions[name]
        if question.scope not in (self.scope, "workload"):
            return False
        answer = self.world.base.answer(self.world.place(name, self.scope, self.index))
        return answer is not None and answer.state != "unknown"

    def _ranking(self, truths: list[Truth], tallies: Mapping[str, _Tally]) -> tuple[OptionTrace, ...]:
        traces = []
        questions = self.world.ruleset.questions
        for option in self.decision.options:
            tally = tallies[option]
            found: dict[str, list[RuleTrace]] = {"constraint": [], "argument": []}
            for rule, truth, needs in zip(self.rules, truths, self.needs, strict=True):
                if truth is not False and option in rule.options:
                    cited = tuple(n for n in questions if n in needs and self._known(n))
                    found[rule.kind].append(RuleTrace(rule=rule, truth=truth, answers=cited))
            traces.append(
                OptionTrace(
                    option=option, state=tally.state, now=tally.now, low=tally.low, high=tally.high,
                    constraints=tuple(found["constraint"]), arguments=tuple(found["argument"]),
                    banned=self.world.ruleset.services[option].banned,
                )
            )  # fmt: skip
        traces.sort(key=lambda t: (t.state == "eliminated", not t.has_reason, -t.now, self.order[t.option]))
        return tuple(traces)


def _collect_atoms(ruleset: RuleSet, tree: Any, atoms: dict[str, set[int]]) -> None:
    kind = tree[0]
    if kind == "cmp" and tree[1] in atoms:
        if tree[2] == "includes":
            atoms[tree[1]].add(1 << ruleset.domains[tree[1]].choices.index(tree[3][0][0]))
        else:
            atoms[tree[1]].add(atom_mask(ruleset, tree[1], tree[2], tree[3]))
    elif kind == "ref" and tree[1] in atoms:
        atoms[tree[1]].add(1)
    elif kind == "not":
        _collect_atoms(ruleset, tree[1], atoms)
    elif kind in ("and", "or"):
        for part in tree[1]:
            _collect_atoms(ruleset, part, atoms)


def _groups(domain: Domain, possible: int, masks: set[int], derived: bool) -> list[int]:
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


def _range_text(domain: Domain, first: int, last: int, dimension: str) -> str:
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


# -- tables, mix, lens, risks, limits, sign-offs -------------------------------------------------------


def _classify(world: World, decision: Decision, scope: str, index: int, item: Item) -> ClassVerdict:
    domain = world.ruleset.domains[decision.id]
    mask = world.mask((scope, index, decision.id))
    candidates = tuple(c for i, c in enumerate(domain.choices) if mask >> i & 1)
    because = rule_id = source = ""
    if len(candidates) == 1:
        because, rule_id = decision.otherwise_because, "else"
        for rule in decision.rules:
            truth = world.judge(rule.when, scope, index)
            if truth is not False:
                because, rule_id, source = rule.because, rule.id, rule.source
                break
    names: set[str] = set()
    if len(candidates) > 1:
        needs = world.ruleset.needs[decision.id]
        for name in world.ruleset.questions:
            key = (scope, index, name)
            if name in needs and world.relevant(key) is not False and bin(world.mask(key)).count("1") > 1:
                names.add(name)
    return ClassVerdict(
        decision=decision.id, item=item.name, outcome=candidates[0] if len(candidates) == 1 else None,
        candidates=candidates, because=because, rule=rule_id, source=source,
        open_questions=tuple(n for n in world.ruleset.questions if n in names),
    )  # fmt: skip


def _mix(world: World, answers: Answers, classes: Mapping[str, ClassVerdict]) -> Mix | None:
    patterns = answers.items("access_patterns")
    if not patterns:
        return None
    rates = [p.answers.get("average_rate") for p in patterns]
    values = [r.value for r in rates if r is not None and isinstance(r.value, Interval)]
    lows: list[Fraction] = []
    highs: list[Fraction] = []
    weighted_by = "average_rate"
    if len(values) == len(patterns) and all(v.low is not None and v.high is not None for v in values):
        lows = [Fraction(v.low or 0) for v in values]
        highs = [Fraction(v.high or 0) for v in values]
    if not lows or not sum(lows):
        weighted_by = "patterns"
        lows = highs = [Fraction(1)] * len(patterns)
    shares: dict[str, tuple[Fraction, Fraction]] = {}
    named = ("key-value", "single-table", "relational")
    for name in (*named, "other"):
        sure, possible = Fraction(0), Fraction(0)
        rest_sure, rest_possible = Fraction(0), Fraction(0)
        for pattern, low, high in zip(patterns, lows, highs, strict=True):
            verdict = classes.get(pattern.name)
            candidates = verdict.candidates if verdict else ()
            hits = [c for c in candidates if (c == name if name != "other" else c not in named)]
            if hits and len(hits) == len(candidates):
                sure += low
                possible += high
            else:
                rest_sure += low if not hits else 0
                rest_possible += high
                possible += high if hits else 0
        total_low, total_high = sure + rest_possible, possible + rest_sure
        shares[name] = (sure / total_low if total_low else Fraction(0), possible / total_high if total_high else Fraction(0))
    return Mix(weighted_by=weighted_by, shares=shares)


def _lens(ruleset: RuleSet, answers: Answers) -> Iterator[LensVerdict]:
    order = {"NONE": 0, "MEDIUM": 1, "HIGH": 2}
    for question in ruleset.lens.values():
        answer = answers.lens.get(question.id)
        if answer is not None and answer.reason:
            yield LensVerdict(
                id=question.id, risk="NOT_APPLICABLE", possible="NOT_APPLICABLE", missing=(), unknown=(), reason=answer.reason
            )
            continue
        if answer is None or answer.done is None:
            yield LensVerdict(id=question.id, risk="UNANSWERED", possible="HIGH", missing=(), unknown=(), reason="")
            continue
        missing, unknown = [], []
        sure = possible = "NONE"
        for practice in question.practices:
            if practice.id in answer.done or practice.id in answer.not_applicable:
                continue
            level = ruleset.lens_risk.get(practice.tier, "NONE")
            possible = max(possible, level, key=order.__getitem__)
            if practice.id in answer.unknown:
                unknown.append(practice.id)
            else:
                missing.append(practice.id)
                sure = max(sure, level, key=order.__getitem__)
        risk = "UNANSWERED" if sure == "NONE" and possible != "NONE" else sure
        yield LensVerdict(id=question.id, risk=risk, possible=possible, missing=tuple(missing), unknown=tuple(unknown), reason="")


def _risks(world: World, answers: Answers, processes: tuple[Item, ...]) -> Iterator[RiskFound]:
    child = World(world.ruleset, world.base)
    child.subjects = world.subjects
    for scope, index, item in _instances(answers, processes):
        for rule in world.ruleset.risks.values():
            if rule.scope == scope and child.judge(rule.when, scope, index):
                yield RiskFound(
                    id=rule.id, scope=scope, item=item.name, risk=rule.risk, practice=rule.practice, name=rule.name,
                    because=rule.because, improve=rule.improve, source=rule.source, basis=rule.basis,
                )  # fmt: skip


def _limits(world: World, verdicts: Sequence[Verdict]) -> Iterator[LimitRow]:
    """Each limit that a constraint of the judged option compares an answer with: the figure, the limit, the room."""
    ruleset = world.ruleset
    for verdict in verdicts:
        decision = ruleset.decisions[verdict.decision]
        index = _index_of(world, decision.scope, verdict.item)
        seen: set[tuple[str, str]] = set()
        for rule in decision.rules:
            if rule.kind != "constraint" or verdict.subject not in rule.options:
                continue
            for name, fact_id in _fact_comparisons(rule.when):
                fact = ruleset.facts.get(fact_id)
                if fact is None or (name, fact_id) in seen or not fact.magnitude:
                    continue
                seen.add((name, fact_id))
                key = world.place(name, decision.scope, index)
                answer = world.base.answer(key)
                if name in ruleset.questions and (answer is None or answer.state != "value"):
                    continue
                value = world.interval(key, name)
                if value is None or value.high is None:
                    continue
                room = 1 - Fraction(value.high) / Fraction(fact.magnitude)
                yield LimitRow(
                    item=verdict.item, option=verdict.subject or "", fact=fact_id, name=name, value=tidy(Fraction(value.high)),
                    limit=fact.magnitude, unit=fact.unit, dimension=fact.dimension, headroom=round(float(room), 4),
                )  # fmt: skip


def _index_of(world: World, scope: str, name: str) -> int:
    if scope == "workload":
        return 0
    items = world.base.groups[GROUP_OF[scope]] or ()
    return next(i for i, item in enumerate(items) if item.name == name)


def _fact_comparisons(tree: Any) -> Iterator[tuple[str, str]]:
    if tree[0] == "cmp" and tree[2] in (">", ">="):
        yield tree[1], tree[3][0][0]
    elif tree[0] in ("and", "or"):
        for part in tree[1]:
            yield from _fact_comparisons(part)


def _sign_offs(ruleset: RuleSet, answers: Answers, verdicts: Sequence[Verdict], as_of: str) -> Iterator[SignOffState]:
    for verdict in verdicts:
        for policy in ruleset.policies.values():
            if policy.decision != verdict.decision or verdict.subject not in policy.services:
                continue
            found = next(
                (
                    s
                    for s in answers.sign_offs
                    if (s.decision, s.item, s.choice) == (verdict.decision, verdict.item, verdict.subject)
                ),
                None,
            )
            state = "needed"
            if found is not None:
                state = "signed"
                if as_of and as_of < found.date:
                    state = "needed"
                elif as_of and found.expires and as_of >= found.expires:
                    state = "expired"
            yield SignOffState(
                policy=policy.id, decision=verdict.decision, item=verdict.item, choice=verdict.subject or "", state=state,
                approver=found.approver if found else policy.approver, date=found.date if found else "",
                expires=found.expires if found else "", reason=found.reason if found else "",
            )  # fmt: skip
