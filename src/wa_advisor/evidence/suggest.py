"""Candidate patterns -> suggested answers with their origin, and where they contradict what a person stated.

Only facts that were seen are suggested, and only for questions and choices that the rule set has; the class that the
statements had stands under `observed`, since a pattern's class is derived and never stated.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from msgspec import Struct

from wa_advisor.evidence.interval import could_be_keyed
from wa_advisor.evidence.judged import COUNTED
from wa_advisor.evidence.patterns import Pattern, patterns_of
from wa_advisor.evidence.summary import percent
from wa_advisor.evidence.workload import Workload
from wa_advisor.model import Answer, Answers, Item, RuleSet
from wa_advisor.quantity import Interval

MAX_PATTERNS = 40
UNKEYED = ("secondary", "multi-lookup", "filter", "search")
Value = str | Mapping[str, str]


class Suggestion(Struct, frozen=True, kw_only=True):
    """One access pattern: answers of origin evidence as {question: (value, file:line)}, and what was observed."""

    name: str
    answers: Mapping[str, tuple[str, str]]
    observed: Mapping[str, str]

    def as_item(self) -> dict[str, object]:
        """The entry as an answers file holds it."""
        answers = {q: {"value": value, "evidence": where} for q, (value, where) in self.answers.items()}
        return {"name": self.name, **answers, "observed": dict(self.observed)}


def suggestions_of(workload: Workload, ruleset: RuleSet) -> list[Suggestion]:
    """The heaviest patterns as suggestions, in their order."""
    span = span_seconds(workload)
    return [_suggestion(p, ruleset, span) for p in patterns_of(workload)[:MAX_PATTERNS]]


def _suggestion(pattern: Pattern, ruleset: RuleSet, span: int) -> Suggestion:
    facts = {"lookup": pattern.lookup, "nature": "records", "rows_returned": pattern.rows_returned}
    facts["combines"] = "joins" if pattern.combines else ""
    if span >= 2:
        facts["average_rate"] = rate_text(Fraction(pattern.calls, span))
        facts["peak_rate"] = rate_text(Fraction(pattern.peak)) if pattern.peak else ""
    answers = {q: (v, pattern.where) for q, v in facts.items() if v and _is_known(ruleset, q, v, pattern.lookup)}
    return Suggestion(name=pattern.name, answers=answers, observed=_observed(pattern, span))


def _observed(pattern: Pattern, span: int) -> dict[str, str]:
    found = {"class": pattern.class_name, "calls": str(pattern.calls), "share": percent(pattern.share)}
    if pattern.rows_per_call is not None:
        found["rows_per_call"] = f"{pattern.rows_per_call:.3g}"
    if span >= 2:
        found["over"] = f"{span} s"
    return {**found, "statements": str(len(pattern.statements)), "evidence": pattern.where}


def _is_known(ruleset: RuleSet, question_id: str, value: str, lookup: str) -> bool:
    """Whether the rules ask this, know the choice, and would ask it beside this lookup."""
    question = ruleset.questions.get(question_id)
    if question is None or question.scope != "access_pattern":
        return False
    if question.type == "choice" and value not in question.choices:
        return False
    return _is_relevant(question.when_text, lookup)


def _is_relevant(when: str, lookup: str) -> bool:
    """Whether a question's `when` lets it be asked beside this lookup, as far as the lookup decides it."""
    for negated, listed, single in _ABOUT_LOOKUP.findall(when):
        named = [c.strip() for c in listed.split(",")] if listed else [single]
        if (lookup in named) is bool(negated):
            return False
    return True


_ABOUT_LOOKUP = re.compile(r"\blookup (?:is|in)? ?(not )?(?:in )?(?:\[([^\]]*)\]|([\w-]+))")


def workload_observed(workload: Workload) -> dict[str, str]:
    """What was measured over all patterns, for the workload's own `observed`."""
    found = {"calls": str(workload.total)}
    if workload.mix is not None:
        found.update({n: percent(workload.mix[n]) for n in COUNTED})
    for name in ("not-counted", "opaque"):
        found[name] = f"{workload.calls[name]} calls"
    return {
        **found,
        "keys": "declared" if workload.has_schema else "guessed",
        "evidence": ", ".join(f.name for f in workload.files)[:200],
    }


# -- rates -----------------------------------------------------------------------------------------------


def span_seconds(workload: Workload) -> int:
    """The seconds from the first to the last statement over all files; 0 when no file shows times."""
    ends = [(_second(f.first), _second(f.last)) for f in workload.files if f.first and f.last]
    known = [(a, b) for a, b in ends if a is not None and b is not None]
    return max(b for _, b in known) - min(a for a, _ in known) + 1 if known else 0


def _second(text: str) -> int | None:
    """Seconds since 1970 of a log's time; zones are left out, since spans are all that is asked."""
    if text.isdigit():
        return int(text)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%y%m%d %H:%M:%S"):
        try:
            return int((datetime.strptime(text[:19], form) - datetime(1970, 1, 1)).total_seconds())
        except ValueError:
            continue
    return None


def rate_text(per_second: Fraction) -> str:
    """A rate of three digits in the unit that reads best: "340/s", "12/min", "5/day"."""
    for unit, seconds in (("/s", 1), ("/min", 60), ("/h", 3600)):
        if per_second * seconds >= 1:
            return _three(per_second * seconds) + unit
    return _three(per_second * 86_400) + "/day"


def _three(value: Fraction) -> str:
    number = float(value)
    if number == 0:
        return "0"
    places = max(0, 2 - math.floor(math.log10(number)))
    text = f"{round(number, places):.{min(places, 9)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else str(round(number, 2 - math.floor(math.log10(number)))).split(".")[0]


# -- contradictions --------------------------------------------------------------------------------------


def contradictions_of(workload: Workload, answers: Answers, suggestions: list[Suggestion]) -> list[str]:
    """Where stated answers and measured facts do not go together, in sentences."""
    found = _about_queries(workload, answers) + _about_joins(workload, answers)
    named = {s.name: s for s in suggestions}
    for item in answers.items("access_patterns"):
        if item.name in named:
            found += _about_item(item, named[item.name])
    return found


def _stated(item: Item, question: str) -> Answer | None:
    """What a person said; an answer of origin evidence is none."""
    answer = item.answers.get(question)
    return answer if answer is not None and answer.state == "value" and not answer.evidence else None


def _about_queries(workload: Workload, answers: Answers) -> list[str]:
    stated = [i for i in answers.items("access_patterns") if (a := _stated(i, "query_knowledge")) and a.value == "fixed"]
    calls = sum(j.calls for j in workload.statements if j.kind in UNKEYED and not could_be_keyed(j))
    if not stated or not workload.total or calls < 0.01 * workload.total:
        return []
    share = percent(calls / workload.total)
    return [f'you said fixed queries ("{stated[0].name}"): {share} of the calls filter on columns without a key']


def _about_joins(workload: Workload, answers: Answers) -> list[str]:
    said = [a for i in answers.items("access_patterns") if (a := _stated(i, "combines"))]
    share = workload.calls["relational"] / workload.total if workload.total else 0.0
    if not said or share < 0.01 or any(a.value not in ("none", "no") for a in said):
        return []
    return [f"you said that no request combines several kinds of record: {percent(share)} of the calls are relational"]


def _about_item(item: Item, seen: Suggestion) -> list[str]:
    found: list[str] = []
    for question, (value, where) in seen.answers.items():
        stated = _stated(item, question)
        if stated is None or stated.text == value:
            continue
        if isinstance(stated.value, Interval):
            if question == "peak_rate" and _is_above(value, stated.value):
                found.append(f'"{item.name}": you said a peak of {stated.text}, {where} shows {value}')
        else:
            found.append(f'"{item.name}": you said {question} is {stated.text}, {where} shows {value}')
    return found


def _is_above(text: str, stated: Interval) -> bool:
    from wa_advisor.quantity import parse_quantity

    return stated.high is not None and parse_quantity(text, "rate").magnitude > stated.high
