"""Why a question is asked: its help, what its answer goes into, and how the verdicts lean now."""

from __future__ import annotations

from wa_advisor.engine.uses import link_uses, uses
from wa_advisor.model import Question
from wa_advisor.wizard.leaning import status_lines
from wa_advisor.wizard.pages.answers import LINK_TEXTS, is_link, label, title
from wa_advisor.wizard.screen import Place, Text
from wa_advisor.wizard.work import Work

MAX_RULES = 6


def why(work: Work, place: Place) -> Text:
    """What to read when a person asks why."""
    question = work.question(place)
    if question is not None:
        return Text(heading=f"{title(work, place)}. {label(work, place)}", lines=tuple(_about(work, place, question)))
    if place[0] == "lens":
        return _about_lens(work, place)
    if place[0] not in ("workload", "item"):
        return Text(heading="Why this is asked", lines=("It names things in the report, and links what belongs together.",))
    heading = f"{title(work, place)}. {label(work, place)}"
    return Text(heading=heading, lines=tuple(_about_link(work, str(place[-1])) if is_link(place) else _about_text(place)))


def _about_text(place: Place) -> list[str]:
    """Why a name, or one of the texts about the workload, is asked for."""
    if place[0] == "workload" and place[1] == "description":
        return [
            "It heads the report, and names for the first entry of each list are suggested from its words. No choice depends on it."
        ]
    if place[0] == "workload":
        return ["It stands at the head of the report, where a reviewer looks first. No choice depends on it."]
    return ["It is how the report, links and sign-offs name it. No choice depends on the name."]


def _about_link(work: Work, key: str) -> list[str]:
    """What goes over a link."""
    found = link_uses(work.ruleset, key)
    names = [work.ruleset.derived[i].name if i in work.ruleset.derived else work.ruleset.quotas[i].name for i in found]
    lines = [LINK_TEXTS[key][1], "", "The answer goes into:", "- the picture of the architecture: the arrows come from links"]
    lines += [f"- {name}" for name in names]
    return [*lines, "", f"In the answers file it is `{key}`."]


def _about(work: Work, place: Place, question: Question) -> list[str]:
    lines = [question.help] if question.help else []
    status = status_lines(work, place, question)
    if status:
        lines += ["", "Now:", *(f"- {line}" for line in status)]
    lines += ["", "The answer goes into:", *_used(work, question)]
    if question.choices:
        lines += ["", "To choose from:", *(f"- {choice}: {meaning}" for choice, meaning in question.choices.items())]
    if question.when_text:
        lines += ["", f"It is asked because {question.when_text}."]
    lines += ["", f"In the answers file it is `{question.id}`; `wa-advisor rules show {question.id}` tells more."]
    return lines


def _used(work: Work, question: Question) -> list[str]:
    """The decisions with their rules, the computed values and the risks that an answer goes into."""
    found = uses(work.ruleset, question.id)
    lines = []
    for decision, rules in found.rules.items():
        name = work.ruleset.decisions[decision].name
        shown = ", ".join(rules[:MAX_RULES]) + (f" and {len(rules) - MAX_RULES} more" if len(rules) > MAX_RULES else "")
        after = [d.name for d in work.ruleset.decisions.values() if decision in work.course.needs[d.id]]
        leans = f"; {', '.join(after)} lean{'s' if len(after) == 1 else ''} on it" if after else ""
        lines.append(f"- {name}: {len(rules)} rule{'s' if len(rules) != 1 else ''} ({shown}){leans}")
    if found.derived:
        lines.append(f"- computed values: {', '.join(work.ruleset.derived[d].name or d for d in found.derived[:MAX_RULES])}")
    if found.costs:
        options = dict.fromkeys(o for c in found.costs for o in work.ruleset.costs[c].options)
        lines.append(f"- the cost of {', '.join(list(options)[:MAX_RULES])}" + (" and more" if len(options) > MAX_RULES else ""))
    if found.quotas:
        lines.append(f"- limits: {', '.join(work.ruleset.quotas[q].name for q in found.quotas[:MAX_RULES])}")
    if found.risks:
        lines.append(f"- risks: {', '.join(work.ruleset.risks[r].name or r for r in found.risks[:MAX_RULES])}")
    if found.advice:
        lines.append(f"- advice: {', '.join(work.ruleset.advice[a].name for a in found.advice[:MAX_RULES])}")
    return lines or ["- the report only: no rule uses it"]


def _about_lens(work: Work, place: Place) -> Text:
    question = work.ruleset.lens[str(place[1])]
    lines = [question.help] if question.help else []
    for practice in question.practices:
        lines += ["", f"{practice.id} ({practice.tier}): {practice.name}", f"  {practice.because}"]
    if question.url:
        lines += ["", question.url]
    return Text(heading=question.ask, lines=tuple(lines))
