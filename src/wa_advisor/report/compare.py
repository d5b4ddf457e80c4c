"""Two assessment documents -> what changed between them, and whether answers or rules changed it.

Both sides are documents of `report --format json`: a saved one, or one just made of an answers file. Since a
document carries its answers, the older answers can be judged by the newer rules: a verdict that is already the
newer one then was changed by the rules, one that is still the older one was changed by the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from wa_advisor.report.phrases import counted

Document = Mapping[str, Any]
_WORDS = {
    "access_patterns": "access pattern", "components": "component", "interfaces": "interface", "hand_overs": "hand-over",
    "processes": "process",
}  # fmt: skip


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that changed: `before` or `after` is "" where it was or is not there; `cause` "" where it is not told."""

    part: str
    what: str
    before: str
    after: str
    cause: str = ""


class Comparison(Struct, frozen=True, kw_only=True):
    """`judged_again` is False where the older answers do not fit the newer rules, so that causes are not told."""

    old: Document
    new: Document
    differences: tuple[Difference, ...]
    judged_again: bool

    @property
    def rules_changed(self) -> bool:
        return bool(self.old["ruleset"]["digest"] != self.new["ruleset"]["digest"])

    @property
    def answers_changed(self) -> bool:
        return bool(self.old["answers"]["digest"] != self.new["answers"]["digest"])


def compare_documents(old: Document, new: Document, between: Document | None) -> Comparison:
    """What changed from `old` to `new`; `between` is the old answers under the new rules, None if they do not fit."""
    found: list[Difference] = []
    for part, facts in _PARTS.items():
        before, after, middle = facts(old), facts(new), facts(between) if between is not None else None
        for key in dict.fromkeys([*before, *after]):
            values = before.get(key, ""), after.get(key, "")
            if values[0] != values[1]:
                cause = "" if middle is None or part == "Answers" else _cause(*values, middle.get(key, ""))
                found.append(Difference(part=part, what=key, before=values[0], after=values[1], cause=cause))
    return Comparison(old=old, new=new, differences=tuple(found), judged_again=between is not None)


def _cause(before: str, after: str, between: str) -> str:
    if between == after:
        return "the rules"
    return "the answers" if between == before else "answers and rules together"


# -- what a document says, part by part, as {what: value} ------------------------------------------------


def _verdicts(document: Document) -> dict[str, str]:
    found = {}
    for name, entry in _entries(document):
        for decision, verdict in entry.items():
            if isinstance(verdict, dict) and "certainty" in verdict:
                words = [verdict["choice"] or "no choice", f"({verdict['certainty']})"]
                words += [f"proposed {verdict['proposed']}"] if verdict["proposed"] else []
                found[f"{decision} of {name}"] = " ".join(words)
    return found


def _entries(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield document["workload"]["name"], document["workload"]
    for group in _WORDS:
        yield from ((entry["name"], entry) for entry in document[group])


def _classes(document: Document) -> dict[str, str]:
    return {entry["name"]: " or ".join(entry["class_candidates"]) for entry in document["access_patterns"]}


def _risks(document: Document) -> dict[str, str]:
    lens = {question["id"]: question["risk"] for question in document["lens"]["questions"]}
    return lens | {f"{found['id']} of {found['item']}": found["risk"] for found in document["risks"]}


def _sign_offs(document: Document) -> dict[str, str]:
    return {f"{s['choice']} for {s['item']}": s["state"] for s in document["sign_offs"]}


def _limits(document: Document) -> dict[str, str]:
    exceeded = [row for row in document["limits"] if row["headroom"] < 0]
    return {f"{row['fact']} of {row['item']}": "exceeded" for row in exceeded}


def _costs(document: Document) -> dict[str, str]:
    """USD a month of each option that is priced."""
    found = {}
    for item in (document.get("costs") or {"items": ()})["items"]:
        for option in item["options"]:
            if option["state"] == "known":
                low, high = (f"{option[end]:,.2f}" for end in ("low", "high"))
                figure = f"{low} USD" if low == high else f"{low} to {high} USD"
                found[f"{option['option']} for {item['item']} ({item['decision']})"] = figure
    return found


def _answers(document: Document) -> dict[str, str]:
    content = document["answers"]["content"]
    found = {f"workload, {key}": _told(value) for key, value in content.get("workload", {}).items()}
    for group in _WORDS:
        for item in content.get(group, ()):
            name = f"{_WORDS[group]} {item['name']}"
            found[name] = "listed"
            found |= {f"{name}, {key}": _told(value) for key, value in item.items() if key != "name"}
    found |= {f"lens, {key}": _told(value) for key, value in content.get("lens", {}).items()}
    for sign_off in content.get("sign_offs", ()):
        subject = sign_off.get("lens") or f"{sign_off.get('choice')} for {sign_off.get('item')}"
        found[f"sign-off, {subject}"] = _told(
            {k: v for k, v in sign_off.items() if k in ("approver", "date", "reason", "expires")}
        )
    return found


def _told(value: Any) -> str:
    """An answer as short text."""
    if isinstance(value, list):
        return ", ".join(str(v) for v in value) or "none"
    if not isinstance(value, dict):
        return str(value)
    if value.get("unknown") is True:
        value = {"value": "unknown"} | {k: v for k, v in value.items() if k != "unknown"}
    first = [_told(value["value"])] if "value" in value else []
    return "; ".join(first + [f"{key.replace('_', ' ')}: {_told(v)}" for key, v in value.items() if key != "value"])


_PARTS: dict[str, Callable[[Document], dict[str, str]]] = {
    "Verdicts": _verdicts,
    "Classes": _classes,
    "Risks": _risks,
    "Limits": _limits,
    "Costs": _costs,
    "Sign-offs": _sign_offs,
    "Answers": _answers,
}


# -- as text -------------------------------------------------------------------------------------------


def comparison_text(comparison: Comparison) -> str:
    """The comparison for a terminal; ends in a line break."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"{comparison.old['workload']['name']}: {_summary(comparison)}"
    yield f"Rules: {_side(comparison.rules_changed, *(_version(d) for d in (comparison.old, comparison.new)))}"
    yield f"Answers: {'changed' if comparison.answers_changed else 'the same'}"
    days = [document.get("as_of") or "no day" for document in (comparison.old, comparison.new)]
    if days[0] != days[1]:
        yield f"Sign-offs judged: {days[0]} -> {days[1]}"
    if not comparison.judged_again:
        yield "The older answers do not fit the newer rules, so what caused a change is not told."
    for part in _PARTS:
        found = [d for d in comparison.differences if d.part == part]
        if found:
            yield f"\n{part}"
            yield from (f"  {_line(difference)}" for difference in found)


def _line(difference: Difference) -> str:
    what = _clean(difference.what)
    if not difference.before:
        text = f"+ {what}" + ("" if difference.after == "listed" else f": {_clean(difference.after)}")
    elif not difference.after:
        text = f"- {what}" + ("" if difference.before == "listed" else f" (was {_clean(difference.before)})")
    else:
        text = f"~ {what}: {_clean(difference.before)} -> {_clean(difference.after)}"
    return f"{text}; by {difference.cause}" if difference.cause else text


def _summary(comparison: Comparison) -> str:
    counts = {part: sum(d.part == part for d in comparison.differences) for part in _PARTS}
    words = {"Verdicts": "verdict", "Risks": "risk", "Sign-offs": "sign-off", "Answers": "answer"}
    parts = [counted(counts[part], word) for part, word in words.items() if counts[part]]
    return (
        f"{', '.join(parts)} changed"
        if parts
        else "nothing changed"
        if not comparison.differences
        else "classes, limits or costs changed"
    )


def _version(document: Document) -> str:
    ruleset = document["ruleset"]
    return f"{ruleset['name']} {ruleset['version']} ({ruleset['digest'].removeprefix('sha256:')[:12]})"


def _side(changed: bool, before: str, after: str) -> str:
    return f"{before} -> {after}" if changed else f"the same, {after}"


def _clean(text: str) -> str:
    """A name as one printable line: what people typed must not move the cursor."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= 160 else line[:159] + "…"
