"""What a review has to settle, each thing once: sign-offs, proposals, high risks, open verdicts, unknowns, ties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct

from wa_advisor.engine.evaluate import Assessment, Verdict
from wa_advisor.quantity import format_magnitude
from wa_advisor.report.lens import open_item_risks, open_lens_risks, risks_by_id

MAX_UNKNOWNS = 5
K = TypeVar("K")


class Topic(Struct, frozen=True, kw_only=True):
    """One thing to settle. `kind` says which fields are filled; the template has the words."""

    kind: str
    decision: str = ""
    service: str = ""
    other: str = ""
    text: str = ""
    id: str = ""
    names: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class OpenQuestion(Struct, frozen=True, kw_only=True):
    """A missing answer: whom to ask about, and the decisions it could change as (decision, items).

    `blocks` when there is no choice at all without it.
    """

    id: str
    ask: str
    help: str
    names: tuple[str, ...]
    could_change: tuple[tuple[str, tuple[str, ...]], ...]
    blocks: bool


def room_topics(assessment: Assessment, as_of: str) -> tuple[Topic, ...]:
    """In the order in which a meeting takes them."""
    return (
        *_sign_offs(assessment), *_proposals(assessment), *_limits(assessment), *_risks(assessment, as_of), *_open(assessment),
        *_contradictions(assessment), *_unknowns(assessment), *_ties(assessment),
    )  # fmt: skip


def _grouped(pairs: Iterable[tuple[K, str]]) -> Iterator[tuple[K, tuple[str, ...]]]:
    found: dict[K, list[str]] = {}
    for key, name in pairs:
        found.setdefault(key, []).append(name)
    yield from ((key, tuple(names)) for key, names in found.items())


def _service(assessment: Assessment, option: str | None) -> str:
    return assessment.ruleset.services[option].name if option else ""


def _sign_offs(assessment: Assessment) -> Iterator[Topic]:
    pairs = (
        ((s.state, s.choice, s.approver, s.expires), s.item) for s in assessment.sign_offs if s.state in ("needed", "expired")
    )
    for (state, choice, approver, expires), names in _grouped(pairs):
        yield Topic(kind=f"sign-off-{state}", service=_service(assessment, choice), other=approver, text=expires, names=names)


def _proposals(assessment: Assessment) -> Iterator[Topic]:
    differing = [v for v in assessment.verdicts if v.proposed and v.proposed != v.choice]
    pairs = (((_is_out(v), v.decision, v.proposed, v.choice), v.item) for v in differing)
    for (out, decision, proposed, choice), names in sorted(_grouped(pairs), key=lambda entry: not entry[0][0]):
        yield Topic(
            kind="proposal-ruled-out" if out else "proposal-differs", decision=assessment.ruleset.decisions[decision].name,
            service=_service(assessment, proposed), other=_service(assessment, choice), names=names,
        )  # fmt: skip


def _is_out(verdict: Verdict) -> bool:
    option = verdict.option(verdict.proposed)
    return option is not None and option.state == "eliminated"


def _limits(assessment: Assessment) -> Iterator[Topic]:
    """What the load needs beyond the quotas of what was chosen; a proposal beyond a limit is told as ruled out."""
    for row in assessment.limits:
        if row.is_exceeded and row.formula:
            names = () if row.scope == "workload" else (row.item,)
            needed = format_magnitude(row.value, row.dimension)
            kind = "raise" if row.raise_to else "beyond"
            yield Topic(kind=f"limit-{kind}", text=row.name, id=needed, other=row.limit_text, names=names)


def _risks(assessment: Assessment, as_of: str) -> Iterator[Topic]:
    for key, found in risks_by_id(open_item_risks(assessment, as_of)).items():
        names = () if found[0].scope == "workload" else tuple(r.item for r in found)
        yield Topic(kind="high-risk", id=key, text=found[0].name, names=names)
    for verdict in open_lens_risks(assessment, as_of):
        yield Topic(kind="high-lens-risk", id=verdict.id, text=assessment.ruleset.lens[verdict.id].ask)


def _open(assessment: Assessment) -> Iterator[Topic]:
    """The verdicts without a choice that no answer would settle; the others are told with the answers they wait for."""
    pairs = (((v.decision, v.why), v.item) for v in assessment.verdicts if v.certainty == "open" and not v.open_questions)
    for (decision, why), names in _grouped(pairs):
        yield Topic(kind="open", decision=assessment.ruleset.decisions[decision].name, text=why, names=names)


def _contradictions(assessment: Assessment) -> Iterator[Topic]:
    """The patterns that what was measured shows in another class."""
    for pattern in assessment.answers.items("access_patterns"):
        seen, found = pattern.observed.get("class", ""), assessment.classes.get(pattern.name)
        if found is not None and seen in assessment.ruleset.decisions[found.decision].options and seen not in found.candidates:
            yield Topic(kind="measured-otherwise", text=seen, other=" or ".join(found.candidates), names=(pattern.name,))


def _unknowns(assessment: Assessment) -> Iterator[Topic]:
    found = open_questions(assessment)
    for question in found[:MAX_UNKNOWNS]:
        yield Topic(
            kind="blocking" if question.blocks else "unknown", id=question.id, text=question.ask, names=question.names,
            others=tuple(decision for decision, _ in question.could_change),
        )  # fmt: skip
    if len(found) > MAX_UNKNOWNS:
        yield Topic(kind="more-unknowns", text=str(len(found) - MAX_UNKNOWNS))


def _ties(assessment: Assessment) -> Iterator[Topic]:
    pairs = (((v.decision, v.choice, v.tied_with), v.item) for v in assessment.verdicts if v.tied_with)
    for (decision, choice, tied), names in _grouped(pairs):
        yield Topic(
            kind="tie", decision=assessment.ruleset.decisions[decision].name, service=_service(assessment, choice), names=names,
            others=tuple(_service(assessment, t) for t in tied),
        )  # fmt: skip


def open_questions(assessment: Assessment) -> tuple[OpenQuestion, ...]:
    """The missing answers by question, those that could change most verdicts first.

    A verdict that the answer alone would change weighs more than one that needs further answers as well.
    """
    ruleset = assessment.ruleset
    found: dict[str, dict[str, list[str]]] = {}
    weights: dict[str, int] = {}
    for verdict in assessment.verdicts:
        alone = {f.question for f in verdict.flips if f.settles}
        for name in verdict.open_questions if verdict.certainty != "decided" else ():
            found.setdefault(name, {}).setdefault(ruleset.decisions[verdict.decision].name, []).append(verdict.item)
            weights[name] = weights.get(name, 0) + (3 if name in alone else 1)
    for table in assessment.classes.values():
        for name in table.open_questions:
            found.setdefault(name, {}).setdefault(ruleset.decisions[table.decision].name, []).append(table.item)
            weights[name] = weights.get(name, 0) + 1
    order = sorted(found, key=lambda name: -weights[name])
    blocked = {name for v in assessment.verdicts if v.certainty == "open" for name in v.open_questions}
    return tuple(_question(assessment, name, found[name], name in blocked) for name in order)


def _question(assessment: Assessment, name: str, changes: dict[str, list[str]], blocks: bool) -> OpenQuestion:
    question = assessment.ruleset.questions[name]
    items = dict.fromkeys(item for where in changes.values() for item in where)
    return OpenQuestion(
        id=name, ask=question.ask, help=question.help, names=() if question.scope == "workload" else tuple(items),
        could_change=tuple((decision, tuple(where)) for decision, where in changes.items()), blocks=blocks,
    )  # fmt: skip
