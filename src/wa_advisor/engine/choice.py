"""One choice decision for one item: constraints, arguments, and how certain the first choice is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from wa_advisor.engine.assessment import Flip, OptionTrace, RuleTrace, Truth, Verdict
from wa_advisor.engine.cells import answer_mask, collect_atoms, groups_of, range_text
from wa_advisor.engine.certainty import MAX_COMPLETIONS, Search
from wa_advisor.engine.world import Key, World
from wa_advisor.model import Decision, Domain, Item, Rule
from wa_advisor.ruleset.compile import names_in


@dataclass(slots=True)
class Tally:
    """An option while it is judged: its state, totals, and whether something speaks for it."""

    state: str = "viable"
    now: int = 0
    low: int = 0
    high: int = 0
    reason: Truth = False


class Judge:
    """Judges one choice decision for one item."""

    def __init__(self, world: World, decision: Decision, scope: str, index: int, item: Item) -> None:
        self.world = world
        self.decision = decision
        self.scope = scope
        self.index = index
        self.item = item
        self.rules = decision.rules
        self.order = {o: i for i, o in enumerate(decision.preference)}
        self.weights = world.ruleset.strengths

    @cached_property
    def needs(self) -> list[frozenset[str]]:
        """For each rule every name it leans on, directly or through others."""
        return [self._rule_needs(r) for r in self.rules]

    def _rule_needs(self, rule: Rule) -> frozenset[str]:
        found = set(names_in(rule.when))
        for name in list(found):
            found |= self.world.ruleset.needs.get(name, frozenset())
        return frozenset(found)

    @cached_property
    def atoms(self) -> dict[str, set[int]]:
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
            collect_atoms(ruleset, tree, atoms)
        return atoms

    def truths(self, world: World) -> list[Truth]:
        return [world.judge(r.when, self.scope, self.index) for r in self.rules]

    def tally(self, truths: Sequence[Truth]) -> dict[str, Tally]:
        tallies = {o: Tally() for o in self.decision.options}
        services = self.world.ruleset.services
        for option, tally in tallies.items():
            if services[option].barred:
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

    def first(self, tallies: Mapping[str, Tally]) -> list[str]:
        """The options that may be chosen, best first: not eliminated, and with something true for them."""
        fit = [o for o, t in tallies.items() if t.state != "eliminated" and t.reason is True]
        return sorted(fit, key=lambda o: (-tallies[o].now, self.order[o]))

    def settled(self, tallies: Mapping[str, Tally]) -> tuple[bool, str | None]:
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

    def contenders(self, tallies: Mapping[str, Tally]) -> frozenset[str]:
        """The options that may still come first: not ruled out, and not below one that is sure by the bounds."""
        alive = [o for o, t in tallies.items() if t.state != "eliminated" and t.reason is not False]
        sure = [o for o in alive if tallies[o].state == "viable" and tallies[o].reason is True]
        if not sure:
            return frozenset(alive)
        best = max(sure, key=lambda o: (tallies[o].low, -self.order[o]))
        floor = (tallies[best].low, -self.order[best])
        return frozenset(o for o in alive if o == best or (tallies[o].high, -self.order[o]) > floor)

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

    def _certainty(self, choice: str | None, tallies: Mapping[str, Tally]) -> tuple[str, str]:
        if choice is None:
            alive = [o for o, t in tallies.items() if t.state != "eliminated"]
            return "open", "Every option is ruled out." if not alive else "Nothing known yet speaks for any option."
        done, winner = self.settled(tallies)
        if done:
            return ("decided", "") if winner == choice else ("leaning", "An answer still missing could change it.")
        same = Search(self, choice).holds()
        if same is None:
            return "leaning", f"More than {MAX_COMPLETIONS:,} completions of the unknown answers; not all were tried."
        if same:
            return "decided", ""
        if tallies[choice].state == "conditional":
            return "leaning", "It holds only if an unknown answer stays within a limit."
        return "leaning", "An answer still missing could change it."

    def unknowns(self, world: World, *only: str) -> Iterator[tuple[Key, list[int]]]:
        """Names that this decision can still tell apart cells of, with those groups of cells; all names, or some."""
        ruleset = world.ruleset
        for name in only or sorted(self.atoms, key=lambda n: (n in ruleset.derived, n)):
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
            groups = groups_of(domain, possible, self.atoms[name], name in ruleset.derived)
            if len(groups) > 1:
                yield key, groups

    def _own_mask(self, world: World, key: Key, domain: Domain) -> int:
        mask = world.overrides.get(key)
        return answer_mask(world.base.answer(key), domain) if mask is None else mask

    def _flags(self, name: str) -> set[str]:
        ruleset = self.world.ruleset
        return {ruleset.domains[name].choices[i] for i in range(ruleset.domains[name].size) if 1 << i in self.atoms[name]}

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
        for start, end, to in _runs(results):
            if to != choice:
                near = settles or _next_to(results, start, end, now, choice)
                yield Flip(question=name, change=range_text(domain, start, end, dimension), to=to, settles=settles, near=near)

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

    def _ranking(self, truths: list[Truth], tallies: Mapping[str, Tally]) -> tuple[OptionTrace, ...]:
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
                    barred=self.world.ruleset.services[option].barred,
                )
            )  # fmt: skip
        traces.sort(key=lambda t: (t.state == "eliminated", not t.has_reason, -t.now, self.order[t.option]))
        return tuple(traces)


def _runs(results: list[tuple[int, str | None]]) -> Iterator[tuple[int, int, str | None]]:
    """(first cell, last cell, winner) of each stretch of cells with one winner."""
    start = 0
    while start < len(results):
        end = start
        while end + 1 < len(results) and results[end + 1][1] == results[start][1]:
            end += 1
        yield start, end, results[start][1]
        start = end + 1


def _next_to(results: list[tuple[int, str | None]], start: int, end: int, now: int, choice: str | None) -> bool:
    """Whether no other change lies between a stretch of cells and the present answer."""
    cells = [cell for cell, _ in results if now >> cell & 1]
    if not cells:
        return True
    between = results[end + 1 : cells[0]] if end < cells[0] else results[cells[-1] + 1 : start]
    return all(to == choice for _, to in between)
