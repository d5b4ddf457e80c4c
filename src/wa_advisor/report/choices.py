"""The choices of a report, grouped so that no sentence stands twice.

Items of one decision that end in the same choice share a group: their reasons are told once, with the names of
the items where a reason does not hold for all. What lost and what was ruled out stands once a decision. Except in
a group itself, no names means "all of them".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from wa_advisor.conditions import Tree
from wa_advisor.engine.evaluate import Assessment, OptionTrace, RuleTrace, Verdict
from wa_advisor.engine.wording import choice_phrase
from wa_advisor.model import GROUP_OF
from wa_advisor.report.costs import Cheaper, cheaper_than
from wa_advisor.report.phrases import condition_phrase, decision_order, label_of, points_range
from wa_advisor.report.sources import Sources
from wa_advisor.ruleset.trees import comparisons, is_fact_id

STRENGTHS = ("strong", "moderate", "slight")
MANY_CHANGES = 8
Names = tuple[str, ...]
K = TypeVar("K")


class Reason(Struct, frozen=True, kw_only=True):
    strength: str
    basis: str
    because: str
    source: int
    names: Names


class Proviso(Struct, frozen=True, kw_only=True):
    """A limit that a choice stays within only while an answer still missing does not pass it."""

    phrase: str
    names: Names


class Proposed(Struct, frozen=True, kw_only=True):
    """What the team intends where the answers speak for something else."""

    service: str
    points: str
    ruled_out: bool
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    names: Names


class Change(Struct, frozen=True, kw_only=True):
    """Other answers to one question and the choices they lead to; `missing` when it is not answered yet."""

    ask: str
    missing: bool
    to: tuple[tuple[str, str], ...]
    names: Names


class Group(Struct, frozen=True, kw_only=True):
    """Items with the same choice; `service` is "" where nothing can be chosen yet.

    `changes` are the answers that lead elsewhere, `further` the questions of those beyond the first few.
    """

    service: str
    points: str
    names: Names
    certainties: tuple[tuple[str, Names], ...]
    open_because: tuple[tuple[str, Names], ...]
    reasons: tuple[Reason, ...]
    doubts: tuple[Reason, ...]
    provisos: tuple[Proviso, ...]
    ties: tuple[tuple[tuple[str, ...], Names], ...]
    proposals: tuple[Proposed, ...]
    cheaper: tuple[tuple[Cheaper, Names], ...]
    changes: tuple[Change, ...]
    further: tuple[str, ...]


class Loser(Struct, frozen=True, kw_only=True):
    """Options that came behind for one reason, as (service, points, runner-up, items).

    Without a `why` it is the `kind`: "less" speaks for them, as much does ("equal"), or what is against them was "told".
    """

    services: tuple[tuple[str, str, bool, Names], ...]
    kind: str
    why: str


class RuledOut(Struct, frozen=True, kw_only=True):
    services: tuple[str, ...]
    because: str
    figures: tuple[str, ...]
    names: Names


class Chosen(Struct, frozen=True, kw_only=True):
    """One decision over all its items.

    `losers` are the runners-up and what something strong speaks for, `behind` the other services that came later.
    `anew` are questions whose other answers make an item another one, to be decided anew.
    """

    id: str
    name: str
    groups: tuple[Group, ...]
    anew: tuple[str, ...]
    losers: tuple[Loser, ...]
    behind: tuple[str, ...]
    ruled_out: tuple[RuledOut, ...]


def chosen_views(assessment: Assessment, sources: Sources) -> tuple[Chosen, ...]:
    """The decisions in reading order, those without an item left out."""
    found = []
    for decision in decision_order(assessment.ruleset):
        verdicts = [v for v in assessment.verdicts if v.decision == decision]
        if verdicts:
            found.append(_Decided(assessment, verdicts, sources).view())
    return tuple(found)


class _Decided:
    """One decision and its verdicts on the way to the page."""

    def __init__(self, assessment: Assessment, verdicts: Sequence[Verdict], sources: Sources) -> None:
        self.assessment = assessment
        self.ruleset = assessment.ruleset
        self.verdicts = verdicts
        self.sources = sources
        self.all_names = tuple(v.item for v in verdicts)
        self.told = {
            t.rule.because for v in verdicts for name in (v.choice, v.proposed) if (o := v.option(name)) is not None
            for t in _true(o.arguments, "against")
        }  # fmt: skip

    def view(self) -> Chosen:
        decision = self.ruleset.decisions[self.verdicts[0].decision]
        by_choice: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            by_choice.setdefault(verdict.choice or "", []).append(verdict)
        order = sorted(by_choice, key=lambda c: c == "")
        return Chosen(
            id=decision.id,
            name=decision.name,
            groups=tuple(self.group(choice, by_choice[choice]) for choice in order),
            anew=self.identities(self.verdicts),
            losers=tuple(self.losers()),
            behind=self.behind(),
            ruled_out=tuple(self.ruled_out()),
        )

    def service(self, option: str) -> str:
        return self.ruleset.services[option].name

    def group(self, choice: str, verdicts: Sequence[Verdict]) -> Group:
        names = tuple(v.item for v in verdicts)
        traces = [(v.item, o) for v in verdicts if (o := v.option(choice)) is not None]
        certainties = _merged(((v.certainty, v.item) for v in verdicts), names)
        changes = self.changes(verdicts, names)
        shown = len(changes) if len(changes) <= MANY_CHANGES + 1 else MANY_CHANGES
        return Group(
            service=self.service(choice) if choice else "",
            points=points_range([o.now for _, o in traces]) if traces else "",
            names=names,
            certainties=tuple(certainties.items()),
            open_because=tuple(
                _merged(((v.why, v.item) for v in verdicts if not choice and not v.open_questions), names).items()
            ),
            reasons=self.reasons(traces, "for", names),
            doubts=self.reasons(traces, "against", names),
            provisos=self.provisos(traces, names),
            ties=self.ties(verdicts, names),
            proposals=tuple(self.proposals(verdicts, names)),
            cheaper=tuple(
                _merged(((c, v.item) for v in verdicts for c in cheaper_than(self.assessment, v.decision, v.item)), names).items()
            ),
            changes=changes[:shown],
            further=_once(f"“{c.ask}”" for c in changes[shown:] if c.ask not in {s.ask for s in changes[:shown]}),
        )

    def reasons(self, traces: Iterable[tuple[str, OptionTrace]], direction: str, names: Names) -> tuple[Reason, ...]:
        """What speaks for (or against) the choice, the strongest first, each sentence once."""
        pairs = [(t.rule, item) for item, o in traces for t in o.arguments if t.truth and t.rule.direction == direction]
        pairs.sort(key=lambda pair: STRENGTHS.index(pair[0].strength))
        rules = {rule.id: rule for rule, _ in pairs}
        return tuple(
            Reason(
                strength=rules[key].strength, basis=rules[key].basis, because=rules[key].because,
                source=self.sources.cite(rules[key].source), names=where,
            )
            for key, where in _merged(((rule.id, item) for rule, item in pairs), names).items()
        )  # fmt: skip

    def provisos(self, traces: Iterable[tuple[str, OptionTrace]], names: Names) -> tuple[Proviso, ...]:
        pairs = [(t.rule, item) for item, o in traces for t in o.constraints if t.truth is None]
        rules = {rule.id: rule for rule, _ in pairs}
        return tuple(
            Proviso(phrase=condition_phrase(self.ruleset, rules[key].when), names=where)
            for key, where in _merged(((rule.id, item) for rule, item in pairs), names).items()
        )

    def ties(self, verdicts: Sequence[Verdict], names: Names) -> tuple[tuple[tuple[str, ...], Names], ...]:
        pairs = ((tuple(self.service(t) for t in v.tied_with), v.item) for v in verdicts if v.tied_with)
        return tuple(_merged(pairs, names).items())

    def proposals(self, verdicts: Sequence[Verdict], names: Names) -> Iterator[Proposed]:
        by_option: dict[str, list[Verdict]] = {}
        for verdict in verdicts:
            if verdict.proposed and verdict.proposed != verdict.choice:
                by_option.setdefault(verdict.proposed, []).append(verdict)
        for option, among in by_option.items():
            traces = [o for v in among if (o := v.option(option)) is not None]
            yield Proposed(
                service=self.service(option),
                points=points_range([o.now for o in traces]),
                ruled_out=any(o.state == "eliminated" for o in traces),
                speaks_for=_once(t.rule.because for o in traces for t in _true(o.arguments, "for")),
                speaks_against=_once(t.rule.because for o in traces for t in _true(o.arguments, "against")),
                names=_where(tuple(v.item for v in among), names),
            )

    def changes(self, verdicts: Sequence[Verdict], names: Names) -> tuple[Change, ...]:
        """The single answers that lead elsewhere: one line a question, figures before words."""
        lines: list[tuple[tuple[str, bool, tuple[tuple[str, str], ...]], str]] = []
        for verdict in verdicts:
            for (question, missing), to in self.flips_of(verdict).items():
                lines.append(((question, missing, tuple(to)), verdict.item))
        merged = _merged(lines, names)
        order = sorted(merged, key=lambda key: (not key[1], self.ruleset.questions[key[0]].type in ("choice", "choices")))
        return tuple(
            Change(ask=self.ruleset.questions[key[0]].ask, missing=key[1], to=key[2], names=merged[key]) for key in order
        )

    def identities(self, verdicts: Sequence[Verdict]) -> tuple[str, ...]:
        """The answered questions with another answer to which an item would be another one, in quotation marks."""
        changed = {f.question for v in verdicts for f in v.flips if not f.settles}
        return tuple(f"“{q.ask}”" for q in self.ruleset.questions.values() if q.identity and q.id in changed)

    def flips_of(self, verdict: Verdict) -> dict[tuple[str, bool], list[tuple[str, str]]]:
        """{(question, still missing): [(answers, service they lead to)]}, equal ends joined."""
        ends: dict[tuple[str, bool], dict[str, list[str]]] = {}
        for flip in verdict.flips:
            if not flip.near or (self.ruleset.questions[flip.question].identity and not flip.settles):
                continue
            to = self.service(flip.to) if flip.to else ""
            words = choice_phrase(self.ruleset.questions[flip.question], flip.change)
            ends.setdefault((flip.question, flip.settles), {}).setdefault(to, []).append(words)
        return {key: [("; ".join(words), to) for to, words in found.items()] for key, found in ends.items()}

    # -- what lost ------------------------------------------------------------------------------------

    def losers(self) -> Iterator[Loser]:
        """The runners-up and the other weighty options, one row a reason."""
        found: dict[tuple[str, bool, tuple[str, str]], list[tuple[str, int]]] = {}
        for verdict, option in self.beaten():
            if _is_weighty(option, verdict):
                key = (option.option, option.option == verdict.runner_up, self.why_lost(option, verdict))
                found.setdefault(key, []).append((verdict.item, option.now))
        rows: dict[tuple[str, str], list[tuple[str, str, bool, Names]]] = {}
        for (name, second, why), places in sorted(found.items(), key=lambda entry: not entry[0][1]):
            where = _where(tuple(item for item, _ in places), self.all_names)
            rows.setdefault(why, []).append((self.service(name), points_range([p for _, p in places]), second, where))
        for (kind, because), services in rows.items():
            yield Loser(services=tuple(services), kind=kind, why=because)

    def behind(self) -> tuple[str, ...]:
        """The services that came later with little to speak for them, and are told of nowhere else."""
        told = {option.option for verdict, option in self.beaten() if _is_weighty(option, verdict)}
        told |= {verdict.choice for verdict in self.verdicts if verdict.choice}
        return _once(self.service(option.option) for _, option in self.beaten() if option.option not in told)

    def beaten(self) -> Iterator[tuple[Verdict, OptionTrace]]:
        """The options that something speaks for and that were neither chosen nor ruled out."""
        for verdict in self.verdicts:
            for option in verdict.ranking:
                if option.option != verdict.choice and option.state != "eliminated" and option.has_reason:
                    yield verdict, option

    def why_lost(self, option: OptionTrace, verdict: Verdict) -> tuple[str, str]:
        """(kind, the strongest thing against it unless it was told before)."""
        against = sorted(_true(option.arguments, "against"), key=lambda t: STRENGTHS.index(t.rule.strength))
        untold = [t.rule.because for t in against if t.rule.because not in self.told]
        if against:
            return ("against", untold[0]) if untold else ("told", "")
        winner = verdict.option(verdict.choice)
        return ("equal" if winner is not None and winner.now == option.now else "less"), ""

    def ruled_out(self) -> Iterator[RuledOut]:
        reasons: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
        for verdict in self.verdicts:
            for option in verdict.ranking:
                if option.state == "eliminated":
                    because, figures = next(iter(self.why_out(option, verdict)))
                    reasons.setdefault((option.option, because, figures), []).append(verdict.item)
        rows: dict[tuple[str, tuple[str, ...], Names], list[str]] = {}
        for (name, because, figures), items in reasons.items():
            rows.setdefault((because, figures, _where(tuple(items), self.all_names)), []).append(self.service(name))
        for (because, figures, where), services in rows.items():
            yield RuledOut(services=tuple(services), because=because, figures=figures, names=where)

    def why_out(self, option: OptionTrace, verdict: Verdict) -> Iterator[tuple[str, tuple[str, ...]]]:
        """(because, figures) of what ruled the option out; a hard limit comes before other reasons."""
        if option.barred:
            yield option.barred, ()
        true = [t for t in option.constraints if t.truth]
        for trace in sorted(true, key=lambda t: not any(True for _ in with_facts(t.rule.when))):
            yield trace.rule.because, tuple(self.figures(trace, verdict))

    def figures(self, trace: RuleTrace, verdict: Verdict) -> Iterator[str]:
        """ "item size 1 MB, limit 400 KB (2026-H2)" for each limit a constraint compares with."""
        for name, fact_id in with_facts(trace.rule.when):
            fact = self.ruleset.facts.get(fact_id)
            if fact is None:
                continue
            self.sources.cite(fact.source, fact.as_of)
            given = self.given(name, verdict)
            limit = "" if fact.basis == "judgement" else f"limit {fact.text}, {fact.as_of}"
            yield "; ".join(part for part in (given, limit) if part)

    def given(self, name: str, verdict: Verdict) -> str:
        """ "item size 1 MB", or "" where the figure is not an answer."""
        scope = self.ruleset.decisions[verdict.decision].scope
        answer = given_answers(self.assessment, scope, verdict.item).get(name)
        return f"{label_of(self.ruleset, name)} {answer}" if answer else ""


def _is_weighty(option: OptionTrace, verdict: Verdict) -> bool:
    """Whether a reader would ask why it was not taken: the runner-up, and what something strong speaks for."""
    return option.option == verdict.runner_up or any(t.rule.strength == "strong" for t in _true(option.arguments, "for"))


def given_answers(assessment: Assessment, scope: str, item: str) -> dict[str, str]:
    """{question: answer as written} of one item, those of the workload included."""
    own = next((i.answers for i in assessment.answers.items(GROUP_OF.get(scope, "")) if i.name == item), {})
    return {k: a.text for k, a in [*assessment.answers.workload.items(), *own.items()] if a.state == "value"}


def with_facts(tree: Tree) -> Iterator[tuple[str, str]]:
    """(name, fact) of every comparison with a fact in a condition."""
    for comparison in comparisons(tree):
        if comparison[0] == "cmp":
            yield from ((comparison[1], value) for value, _ in comparison[3] if is_fact_id(value))


def _true(traces: Iterable[RuleTrace], direction: str) -> list[RuleTrace]:
    return [t for t in traces if t.truth and t.rule.direction == direction]


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _merged(pairs: Iterable[tuple[K, str]], names: Names) -> dict[K, Names]:
    """{key: the names it came with}, empty where it came with all."""
    found: dict[K, list[str]] = {}
    for key, name in pairs:
        found.setdefault(key, []).append(name)
    return {key: _where(tuple(where), names) for key, where in found.items()}


def _where(names: Names, everywhere: Names) -> Names:
    return () if len(names) == len(everywhere) else names
