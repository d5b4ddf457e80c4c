"""What two rule sets differ in, by id. Layout, comments, order and place do not count; what a sentence says does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from wa_advisor.model import RuleSet

# Not compared in a record: its place, what has an id of its own, and the number behind a text. Parsed sentences count by their text.
_APART = ("span", "rules", "practices", "magnitude", "exponents")
_SHORT = 70


class Change(Struct, frozen=True, kw_only=True):
    """One entry that was added, removed or changed; `details` are (field, before, after) of a changed one."""

    kind: str
    id: str
    what: str
    details: tuple[tuple[str, str, str], ...] = ()


def differences(old: RuleSet, new: RuleSet) -> tuple[Change, ...]:
    """The changes from `old` to `new`, kind after kind, in the order of the new rule set."""
    return tuple(change for kind, before, after in _kinds(old, new) for change in _changes(kind, before, after))


def _kinds(old: RuleSet, new: RuleSet) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    for kind, read in _READERS.items():
        yield kind, read(old), read(new)


def _changes(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for ident in dict.fromkeys([*after, *before]):
        if ident not in before:
            yield Change(kind=kind, id=ident, what="added")
        elif ident not in after:
            yield Change(kind=kind, id=ident, what="removed")
        else:
            details = tuple(_details(before[ident], after[ident]))
            if details:
                yield Change(kind=kind, id=ident, what="changed", details=details)


def _details(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    first, second = _content(before), _content(after)
    for name in first:
        if first[name] != second[name]:
            yield name, _shown(first[name]), _shown(second[name])


def _content(record: Any) -> dict[str, Any]:
    """The fields of a record as plain values, without places and parsed sentences."""
    if not isinstance(record, Struct):
        return {"value": record}
    types = type(record).__annotations__
    return {n: _plain(getattr(record, n)) for n in record.__struct_fields__ if n not in _APART and "Any" not in types[n]}


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return _content(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def _shown(value: Any) -> str:
    """A value as short text."""
    text = str(value) if not isinstance(value, list | dict) else ", ".join(str(v) for v in value)
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def _rules(ruleset: RuleSet) -> dict[str, Any]:
    return {rule.id: rule for decision in ruleset.decisions.values() for rule in decision.rules}


def _practices(ruleset: RuleSet) -> dict[str, Any]:
    return {practice.id: practice for question in ruleset.lens.values() for practice in question.practices}


def _settings(ruleset: RuleSet) -> dict[str, Any]:
    names = ("name", "version", "as_of", "about_factor", "strengths", "lens_risk", "history", "cost_notes", "gate")
    return {name: _plain(getattr(ruleset, name)) for name in names}


_READERS = {
    "fact": lambda r: r.facts, "service": lambda r: r.services, "question": lambda r: r.questions,
    "condition": lambda r: r.conditions, "derived value": lambda r: r.derived, "decision": lambda r: r.decisions, "rule": _rules,
    "risk": lambda r: r.risks, "advice": lambda r: r.advice, "lens question": lambda r: r.lens, "practice": _practices,
    "policy": lambda r: r.policies, "cost": lambda r: r.costs, "load": lambda r: r.loads, "quota": lambda r: r.quotas,
    "background": lambda r: r.backgrounds, "setting": _settings,
}  # fmt: skip
