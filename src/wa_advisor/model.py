"""The records of the field: what a rule set holds, and what an answers file says.

They are frozen values that know nothing of files, terminals or clocks. A RuleSet arrives whole and
checked from `ruleset.compile`; Answers arrive checked from `answers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from wa_advisor.errors import Problem, Span
from wa_advisor.quantity import Exponents, Interval, Number, Quantity

GROUPS = {
    "access_patterns": "access_pattern",
    "components": "component",
    "interfaces": "interface",
    "hand_overs": "hand_over",
    "processes": "process",
}
# What an item is tied to: (scope, link) -> scope of the items at the other end. `uses` and the like are read backwards.
LINKED = {
    ("access_pattern", "used_by"): "component",
    ("interface", "served_by"): "component",
    ("hand_over", "from"): "component",
    ("hand_over", "to"): "component",
    ("component", "uses"): "access_pattern",
    ("component", "serves"): "interface",
    ("component", "receives"): "hand_over",
    ("component", "sends"): "hand_over",
    ("process", "hand_overs_of"): "hand_over",
}
BACKWARDS = {"uses": "used_by", "serves": "served_by", "receives": "to", "sends": "from", "hand_overs_of": "process"}
SCOPES = ("workload", *GROUPS.values())
GROUP_OF = {scope: group for group, scope in GROUPS.items()}
QUANTITY_TYPES = ("size", "duration", "rate", "data-rate", "count", "share")
QUESTION_TYPES = ("choice", "choices", "yes-no", *QUANTITY_TYPES, "text")
RISKS = ("HIGH", "MEDIUM", "NONE")


class Fact(Struct, frozen=True, kw_only=True):
    """A dated limit, price or threshold; `magnitude` in base units of `dimension`, whose `exponents` are of (byte, second, USD).

    Of a `statement` (a text, a date, a yes or no) only the text is meant; `known` is False where a value was looked for
    and not found. `evidence` is how it was read.
    """

    id: str
    name: str
    magnitude: Number
    dimension: str
    exponents: Exponents
    unit: str
    text: str
    known: bool
    service: str
    region: str
    evidence: str
    adjustable: bool | None
    source: str
    as_of: str
    basis: str
    because: str
    note: str
    span: Span


class Service(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    family: str
    serverless: str
    relational: bool
    availability: str
    because: str
    source: str
    banned: str
    span: Span

    @property
    def barred(self) -> str:
        """Why nobody is to start with it: a ban, or that it is closed to new customers or too new; "" if it is open."""
        word = {"closed": "It takes no new customers.", "new": "It is too new to rely on."}.get(self.availability, "")
        return self.banned or " ".join(part for part in (word, self.because if word else "") if part)


class Domain(Struct, frozen=True, kw_only=True):
    """The finite cells that the rules can tell apart in one name; a set of cells is a bit mask.

    `choice`: one cell a choice. `quantity`: with cuts t1 < t2 .. the cells are (..t1), [t1], (t1, t2), [t2] ..
    One further bit, `none`, stands for "does not apply": every comparison is false there.
    """

    kind: str
    choices: tuple[str, ...] = ()
    cuts: tuple[Number, ...] = ()
    low: Number | None = None
    high: Number | None = None
    whole: bool = False
    size: int = 0
    full: int = 0

    @property
    def none(self) -> int:
        return 1 << self.size


class Question(Struct, frozen=True, kw_only=True):
    id: str
    scope: str
    group: str
    ask: str
    help: str
    type: str
    choices: Mapping[str, str]
    when: Any
    when_text: str
    low: Quantity | None
    high: Quantity | None
    example: str
    span: Span
    identity: bool = False
    was: tuple[str, ...] = ()
    since: str = ""
    choices_since: Mapping[str, str] = field(default_factory=dict)


class Named(Struct, frozen=True, kw_only=True):
    """A named condition, declared once and used by name."""

    id: str
    scope: str
    when: Any
    text: str
    span: Span


class Assumption(Struct, frozen=True, kw_only=True):
    """A combination of answers that cannot occur. `needs` are the names it leans on, directly or through others."""

    id: str
    scope: str
    never: Any
    text: str
    because: str
    needs: frozenset[str]
    span: Span


class Derived(Struct, frozen=True, kw_only=True):
    """A value computed from answers: an expression tree of tuples (see `conditions.parse_expression`).

    `shown` is when a report prints it; None is always.
    """

    id: str
    scope: str
    type: str
    name: str
    value: Any
    text: str
    because: str
    span: Span
    shown: Any = None
    shown_text: str = ""


class Rule(Struct, frozen=True, kw_only=True):
    """A Constraint, an Argument, a table row or a risk: an id, when it holds, and why."""

    id: str
    kind: str
    when: Any
    text: str
    because: str
    source: str
    basis: str
    options: tuple[str, ...] = ()
    direction: str = ""
    strength: str = ""
    outcome: str = ""
    before: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    span: Span = Span("")


class Decision(Struct, frozen=True, kw_only=True):
    """`table` (rows, first match) or `choice` (constraints, then arguments)."""

    id: str
    kind: str
    name: str
    scope: str
    options: tuple[str, ...]
    meanings: Mapping[str, str]
    preference: tuple[str, ...]
    rules: tuple[Rule, ...]
    otherwise: str
    otherwise_because: str
    span: Span


class RiskRule(Struct, frozen=True, kw_only=True):
    id: str
    scope: str
    when: Any
    text: str
    risk: str
    practice: str
    name: str
    because: str
    improve: str
    source: str
    basis: str
    span: Span


class Advice(Struct, frozen=True, kw_only=True):
    """Something to do or to know about an item, once its condition holds; it carries no risk of its own."""

    id: str
    scope: str
    topic: str
    when: Any
    text: str
    name: str
    because: str
    improve: str
    source: str
    basis: str
    feeds: tuple[str, ...] = ()
    span: Span


class BestPractice(Struct, frozen=True, kw_only=True):
    """`touches` is {scope: condition}: the items the practice is about. `away` says why it cannot apply where there are none."""

    id: str
    name: str
    tier: str
    because: str
    improve: str
    effort: str
    source: str
    touches: Mapping[str, Any] = field(default_factory=dict)
    touches_text: Mapping[str, str] = field(default_factory=dict)
    away: str = ""
    span: Span


class LensQuestion(Struct, frozen=True, kw_only=True):
    id: str
    pillar: str
    pillar_name: str
    ask: str
    help: str
    url: str
    practices: tuple[BestPractice, ...]
    span: Span


class Policy(Struct, frozen=True, kw_only=True):
    id: str
    decision: str
    services: tuple[str, ...]
    approver: str
    must_name: tuple[str, ...]
    because: str
    source: str
    basis: str
    span: Span


class CostLine(Struct, frozen=True, kw_only=True):
    """One thing that is paid for; `value` makes money in time. `shared` is paid once for all items on the same option."""

    name: str
    value: Any
    text: str
    when: Any
    when_text: str
    shared: bool
    span: Span


class Cost(Struct, frozen=True, kw_only=True):
    """How the options are paid for, or which facts (`unpriced`) are missing for that; `beside` names the usual way to pay."""

    id: str
    decision: str
    options: tuple[str, ...]
    name: str
    beside: str
    lines: tuple[CostLine, ...]
    assumes: tuple[str, ...]
    leaves_out: tuple[str, ...]
    unpriced: tuple[str, ...]
    free: bool
    because: str
    span: Span


class Load(Struct, frozen=True, kw_only=True):
    """The question that asks for the average load of a decision's items, and the rates that grow with it."""

    decision: str
    average: str
    scales: tuple[str, ...]


class Quota(Struct, frozen=True, kw_only=True):
    """A figure of the answers held against a limit; `fact` is what to raise where it can be raised."""

    id: str
    scope: str
    when: Any
    text: str
    name: str
    value: Any
    value_text: str
    limit: Any
    limit_text: str
    dimension: str
    fact: str
    because: str
    improve: str
    source: str
    span: Span


class Background(Struct, frozen=True, kw_only=True):
    """How something works, told by facts and tied to the workload by derived figures."""

    id: str
    scope: str
    when: Any
    text: str
    name: str
    told: str
    facts: tuple[str, ...]
    figures: tuple[str, ...]
    source: str
    span: Span


class Consolidation(Struct, frozen=True, kw_only=True):
    """When a pattern may live in a store that is there anyway: up to `margin` points behind its own first choice.

    `in_family` is the margin between stores of one family, where a second one brings little. `once` are the questions whose
    arguments count once for each store and not again for each pattern in it (who runs it, what it costs idle). `copies` are the
    classes of pattern whose store holds a copy, fed from the stores of record.
    """

    margin: int = 0
    in_family: int = 0
    once: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    because: str = ""


class RuleSet(Struct, frozen=True, kw_only=True):
    name: str
    version: str
    as_of: str
    about_factor: int
    strengths: Mapping[str, int]
    lens_risk: Mapping[str, str]
    lens_risk_because: str
    history: Mapping[str, Number]
    history_because: str
    history_source: str
    facts: Mapping[str, Fact]
    services: Mapping[str, Service]
    questions: Mapping[str, Question]
    conditions: Mapping[str, Named]
    assumptions: Mapping[str, Assumption]
    derived: Mapping[str, Derived]
    decisions: Mapping[str, Decision]
    risks: Mapping[str, RiskRule]
    advice: Mapping[str, Advice]
    lens: Mapping[str, LensQuestion]
    policies: Mapping[str, Policy]
    costs: Mapping[str, Cost]
    loads: Mapping[str, Load]
    cost_notes: tuple[str, ...]
    quotas: Mapping[str, Quota]
    backgrounds: Mapping[str, Background]
    gate: Mapping[str, str]
    domains: Mapping[str, Domain]
    needs: Mapping[str, frozenset[str]]
    digest: str
    overlays: tuple[tuple[str, str], ...]
    overridden: tuple[str, ...]
    disabled: tuple[str, ...] = ()
    consolidation: Consolidation = Consolidation()
    retired: Mapping[str, str] = field(default_factory=dict)

    def scope_questions(self, scope: str) -> list[Question]:
        return [q for q in self.questions.values() if q.scope == scope]


class Answer(Struct, frozen=True, kw_only=True):
    """One of: `value`, `unknown`, `not_applicable` (absent answers are not in the mapping).

    `value` is a choice id, a tuple of ids, an Interval of magnitudes, or text.
    """

    state: str
    value: str | tuple[str, ...] | Interval | None = None
    text: str = ""
    note: str = ""
    reason: str = ""
    evidence: str = ""
    span: Span = Span("")


class Item(Struct, frozen=True, kw_only=True):
    """One AccessPattern, Component, Interface, HandOver or process.

    `links` are the names that each link leads to: none where it does not apply, and no entry where nothing is said of it or it
    is not known. `link_answers` are the links as they were answered, with their state, reason and note.
    `observed` is what evidence saw of it (class, calls, share, ..), as text: it is shown beside the verdict and decides nothing.
    """

    name: str
    answers: Mapping[str, Answer]
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    link_answers: Mapping[str, Answer] = field(default_factory=dict)
    proposed: str = ""
    note: str = ""
    observed: Mapping[str, str] = field(default_factory=dict)
    span: Span = Span("")


class LensAnswer(Struct, frozen=True, kw_only=True):
    """`done` is None while no practices are listed; `is_unknown` where the whole question was answered with unknown."""

    done: tuple[str, ...] | None
    is_unknown: bool = False
    unknown: tuple[str, ...] = ()
    not_applicable: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    span: Span = Span("")


class SignOff(Struct, frozen=True, kw_only=True):
    """Acceptance of a choice (decision, item, choice) or of a risk (lens, risk), by a named person."""

    decision: str
    item: str
    choice: str
    lens: str
    risk: str
    approver: str
    date: str
    reason: str
    expires: str
    span: Span


class Answers(Struct, frozen=True, kw_only=True):
    """`groups` has a key for each group the file names; a missing group is not known yet.

    `observed` is what evidence measured over the whole workload (the shares of the mix, ..), as text.
    """

    name: str
    owner: str
    stage: str
    workload: Mapping[str, Answer]
    groups: Mapping[str, tuple[Item, ...]]
    lens: Mapping[str, LensAnswer]
    sign_offs: tuple[SignOff, ...]
    digest: str
    file: str
    observed: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Problem, ...] = ()
    description: str = ""

    def items(self, group: str) -> Sequence[Item]:
        return self.groups.get(group, ())
