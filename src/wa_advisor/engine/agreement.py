"""How far the verdicts over published workloads agree with what their owners chose.

An expectation names, for an item, the options that are right or that would be plainly wrong; where only the wrong ones
are named, no choice at all is right. A token is an option or a family: `aurora` stands for every `aurora-*`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from wa_advisor.engine.assessment import Assessment, Verdict
from wa_advisor.model import GROUP_OF

FAMILIES = ("aurora", "rds", "apigw", "ecs", "step-functions")
STRENGTHS = ("strong", "medium", "weak")
OUTCOMES = ("right", "open", "other", "forbidden")


class Expectation(Struct, frozen=True, kw_only=True):
    """What the owner of one workload chose: {field: {item: tokens}}. A field is `class` or a decision."""

    case: str
    strength: str
    right: Mapping[str, Mapping[str, Sequence[str]]]
    wrong: Mapping[str, Mapping[str, Sequence[str]]]


class Agreement(Struct, frozen=True, kw_only=True):
    """One item of one case held against its expectation. `got` is None while the verdict is open."""

    case: str
    strength: str
    field: str
    item: str
    kind: str
    expected: tuple[str, ...]
    got: str | None
    certainty: str
    outcome: str


def matches(option: str, tokens: Iterable[str]) -> bool:
    """Whether an option is one of the tokens, or of a family among them."""
    return any(option == token or (token in FAMILIES and option.startswith(f"{token}-")) for token in tokens)


def missing_items(expectation: Expectation, assessment: Assessment) -> list[str]:
    """Items that an expectation names and the answers do not have, as `field: item`."""
    known = {(v.decision, v.item) for v in assessment.verdicts} | {("class", item) for item in assessment.classes}
    named = {(field, item) for part in (expectation.right, expectation.wrong) for field in part for item in part[field]}
    return [f"{field}: {item}" for field, item in sorted(named - known)]


def agreements(expectation: Expectation, assessment: Assessment) -> Iterator[Agreement]:
    """Each expectation about an item, held against the class or the first choice."""
    fields = dict.fromkeys([*expectation.right, *expectation.wrong])
    for field in fields:
        right, wrong = expectation.right.get(field, {}), expectation.wrong.get(field, {})
        for item in dict.fromkeys([*right, *wrong]):
            found = _found(assessment, field, item)
            if found is not None:
                got, certainty = found
                yield Agreement(
                    case=expectation.case, strength=expectation.strength, field=field, item=item,
                    kind=_kind(assessment, field, item), expected=tuple(right.get(item, ())), got=got, certainty=certainty,
                    outcome=_outcome(got, right.get(item), wrong.get(item, ())),
                )  # fmt: skip


def _found(assessment: Assessment, field: str, item: str) -> tuple[str | None, str] | None:
    if field == "class":
        verdict = assessment.classes.get(item)
        return None if verdict is None else (verdict.outcome, "decided" if verdict.outcome else "open")
    chosen: Verdict | None = next((v for v in assessment.verdicts if (v.decision, v.item) == (field, item)), None)
    return None if chosen is None else (chosen.choice, chosen.certainty)


def _kind(assessment: Assessment, field: str, item: str) -> str:
    """The class of a pattern, else the kind of item: what the table by class counts by."""
    found = assessment.classes.get(item)
    if found is not None and field in ("class", "data_store"):
        return found.outcome or "not settled"
    decision = assessment.ruleset.decisions.get(field)
    return GROUP_OF.get(decision.scope, decision.scope) if decision else ""


def _outcome(got: str | None, right: Sequence[str] | None, wrong: Sequence[str]) -> str:
    if got is None:
        return "open" if right is not None else "right"
    if matches(got, wrong):
        return "forbidden"
    return "right" if right is None or matches(got, right) else "other"


def share_right(rows: Iterable[Agreement], strength: str = "strong") -> tuple[int, int]:
    """(right, all) of the expectations of a strength."""
    found = [r for r in rows if r.strength == strength]
    return sum(r.outcome == "right" for r in found), len(found)
