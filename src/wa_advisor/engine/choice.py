"""One choice decision for one item: constraints, arguments, and how certain the first choice is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from wa_advisor.engine.assessment import Flip, OptionTrace, RuleTrace, Truth, Verdict
from wa_advisor.engine.cells import collect_atoms
from wa_advisor.engine.certainty import (
    MAX_COMPLETIONS,
    Place,
    Search,
    TooManyError,
    assumptions_near,
    contest_between,
    ruling_out,
)
from wa_advisor.engine.flips import Flips
from wa_advisor.engine.unsettled import Unsettled
from wa_advisor.engine.world import World
from wa_advisor.model import GROUP_OF, Assumption, Decision, Item, Rule
from wa_advisor.ruleset.compile import names_in

__all__ = ["MAX_COMPLETIONS", "Judge", "Tally"]


class Tally(Struct):
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
    def barred(self) -> list[str]:
        services = self.world.ruleset.services
        return [o for o in self.decision.options if services[o].barred]

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
    def assumptions(self) -> list[Assumption]:
        """The declared assumptions that have to do with this decision."""
        return assumptions_near(self.world.ruleset, self.scope, set().union(*self.needs))

    @cached_property
    def atoms(self) -> dict[str, set[int]]:
        """For each name, the masks by which this decision, directly or through others, tells its cells apart."""
        ruleset = self.world.ruleset
        names = set().union(*self.needs, *(a.needs for a in self.assumptions))
        trees: list[Any] = [*(r.when for r in self.rules), *(a.never for a in self.assumptions)]
        for name in names:
            if name in ruleset.questions:
                trees += [ruleset.questions[name].when] if ruleset.questions[name].when is not None else []
            elif name in ruleset.conditions:
                trees.append(ruleset.conditions[name].when)
            elif name in ruleset.derived:
                trees.append(ruleset.derived[name].value)
            else:
                trees += [r.when for r in ruleset.decisions[name].rules]
        atoms: dict[str, set[int]] = {n: set() for n in names if n in ruleset.questions or n in ruleset.derived}
        collect_atoms(ruleset, trees, atoms)
        return atoms

    def truths(self, world: World) -> list[Truth]:
        return [world.judge(r.when, self.scope, self.index) for r in self.rules]

    def tally(self, truths: Sequence[Truth]) -> dict[str, Tally]:
        tallies = {o: Tally() for o in self.decision.options}
        for option in self.barred:
            tallies[option].state = "eliminated"
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
        search = Search(Place(self.scope, self.index), self.atoms, self.assumptions)
        certainty, why = self._certainty(choice, tallies, search)
        return Verdict(
            decision=self.decision.id, item=self.item.name, choice=choice, certainty=certainty, why=why,
            runner_up=ranked[1] if len(ranked) > 1 else None,
            tied_with=tuple(o for o in ranked[1:] if choice and tallies[o].now == tallies[choice].now),
            proposed=self.item.proposed or None, ranking=self._ranking(truths, tallies),
            flips=(flips := tuple(Flips(self, choice, truths).all())),
            open_questions=self._open_questions(tallies, truths, flips) if certainty != "decided" else (),
            cites=tuple(n for n in self.world.ruleset.questions if n in self.atoms and self._known(n)),
            assumes=tuple(sorted(search.leaned_on)) if certainty == "decided" else (),
        )  # fmt: skip

    def is_decided(self, most: int) -> bool:
        """Whether the first choice stays first in every completion; no more than `most` are tried, and then it is not claimed."""
        tallies = self.tally(self.truths(self.world))
        ranked = self.first(tallies)
        search = Search(Place(self.scope, self.index), self.atoms, self.assumptions, most)
        return self._certainty(ranked[0] if ranked else None, tallies, search)[0] == "decided"

    def _certainty(self, choice: str | None, tallies: Mapping[str, Tally], search: Search) -> tuple[str, str]:
        if choice is None:
            alive = [o for o, t in tallies.items() if t.state != "eliminated"]
            return "open", "Every option is ruled out." if not alive else "Nothing known yet speaks for any option."
        rivals = self.contenders(tallies) - {choice}
        try:
            if tallies[choice].state == "conditional":
                if search.can_come_first(self.world, ruling_out(self.rules, choice), 1):
                    return "leaning", "It holds only if an unknown answer stays within a limit."
                tallies[choice].state = "viable"  # its limits hold whatever the unknown answers turn out to be
            beaten = any(self._can_beat(search, rival, choice) for rival in sorted(rivals, key=lambda o: (-tallies[o].high, o)))
        except TooManyError:
            return "leaning", f"More than {MAX_COMPLETIONS:,} completions of the unknown answers; not all were tried."
        return ("leaning", "An answer still missing could change it.") if beaten else ("decided", "")

    def _can_beat(self, search: Search, rival: str, choice: str) -> bool:
        contest = contest_between(self.rules, self.weights, rival, choice)
        return search.can_come_first(self.world, contest, 0 if self.order[rival] < self.order[choice] else 1)

    def _open_questions(self, tallies: Mapping[str, Tally], truths: list[Truth], flips: Sequence[Flip]) -> tuple[str, ...]:
        """The answers that the verdict hangs on, those first that alone lead elsewhere by the most ways."""
        unsettled = Unsettled(self.world, self.atoms)
        contenders = self.contenders(tallies)
        names: dict[str, int] = {}
        for rule, truth in zip(self.rules, truths, strict=True):
            if truth is None and contenders & set(rule.options):
                for key, _ in unsettled.of(rule.when, self.scope, self.index):
                    name = key[2].partition("#")[0]
                    if name in self.world.ruleset.questions:
                        names[name] = sum(f.question == name for f in flips)
        order = list(self.world.ruleset.questions)
        return tuple(sorted(names, key=lambda n: (-names[n], order.index(n))))

    def _known(self, name: str) -> bool:
        """Whether an answer is given: by the item or the workload, or by an entry that a value over a group takes in."""
        base = self.world.base
        scope = self.world.ruleset.questions[name].scope
        if scope == self.scope:
            indices = [self.index]
        else:
            indices = [0] if scope == "workload" else list(range(len(base.groups[GROUP_OF[scope]] or ())))
        answers = [base.answer((scope, i, name)) for i in indices]
        return any(a is not None and a.state != "unknown" for a in answers)

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
