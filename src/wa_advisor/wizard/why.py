"""Why a question is asked: its help, what its answer goes into, and how the verdicts lean now."""

from __future__ import annotations

from wa_advisor.engine.pushes import Push
from wa_advisor.engine.uses import link_uses, uses
from wa_advisor.model import GROUP_OF, Decision, Question, Rule
from wa_advisor.report.phrases import counted
from wa_advisor.wizard.leaning import lens_standing, status_lines
from wa_advisor.wizard.pages.answers import LINK_TEXTS, is_link, label, title
from wa_advisor.wizard.screen import Place, Text
from wa_advisor.wizard.work import Work, scope_of

MAX_RULES = 5
MAX_NAMES = 3
MAX_ENTRIES = 2
PAGES = {
    "opening": (
        "Where one begins, or goes on: each answer is saved at once, and the file is all that is kept.",
        "What can change a choice is asked first. What cannot is offered at the end, and may be left.",
    ),
    "list": (
        "The workload in its parts. Each entry gets a verdict of its own, so what differs in use is an entry of its own.",
        "A line says what its choice leans to, and how many questions about it are still to come.",
        "An empty list is an answer too: say so, and nothing of it is asked again.",
    ),
    "new": ("The name by which the report, links and sign-offs know the entry. No choice hangs on it.",),
    "entry": ("What can be done with one entry. Its answers stay until it is removed.",),
    "remove": ("An entry goes with its answers, and other entries do not name it any more. It cannot be taken back here.",),
    "more": (
        "Where every choice stands. Nothing here has to be answered.",
        "What could change a choice only together with other answers, and what feeds limits, costs and risks, is offered apart.",
        '"Decided" means that no answer still missing can change it. "Leans to" means that some could.',
    ),
    "proposals": (
        "What the team intends is asked after our verdicts, so that it does not colour the answers.",
        "The report shows both side by side; limits, sign-offs and risks are held against what the team proposes.",
    ),
    "proposal": (
        "The options in the order of our ranking. What is ruled out may be proposed: the report says what stands against it.",
    ),
    "sign_offs": (
        "A named person accepts a choice that a rule asks a sign-off for, or a risk that stays.",
        "A sign-off holds for one choice at one entry. If the choice changes, it has to be given again.",
    ),
    "review": (
        "All that the file holds. What must be mended is first, then what is missing, then what is not known and matters.",
        "Choose a line to change it: what the change opens is asked, then the review comes back.",
    ),
    "fix": ("A line of the file that cannot be read. It stays word for word until it is mended, or made a comment.",),
    "jump": ("The parts of the interview in their order; the header of a question counts them the same way.",),
    "verdicts": (
        "What the rules make of the answers. Choose a verdict to read its reasons, what was ruled out, and what would change it.",
        '"Decided" means that no answer still missing can change it. "Leaning" means that some could. "Open": too little is known.',
    ),
}
"""What each page beside the questions is for."""
OTHER_PAGE = ("Choose a line, or go back.",)


def why(work: Work, place: Place) -> Text:
    """What to read when a person asks why."""
    question = work.question(place)
    if question is not None:
        return Text(heading=f"{title(work, place)}. {label(work, place)}", lines=tuple(_about(work, place, question)))
    if place[0] == "lens":
        return _about_lens(work, place)
    if place[0] not in ("workload", "item"):
        return Text(heading="What this page is for", lines=PAGES.get(str(place[0]), OTHER_PAGE))
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
    """The most important first: what it means, how it stands, what each answer leads to, by which rules, and the rest."""
    lines = [question.help] if question.help else []
    status = status_lines(work, place, question)
    if status:
        lines += ["", "Now:", *(f"- {line}" for line in status)]
    pushed = _pushes(work, place, question)
    if pushed:
        lines += ["", "With this answer, all else as it is:", *pushed]
    index = scope_of(place)[1]
    answered = work.outlook.answer(question, index) is not None
    hangs = answered or work.outlook.hangs_on((question.scope, index, question.id))
    lines += ["", "The answer goes into:", *_used(work, question, hangs=hangs)]
    if question.when_text:
        lines += ["", f"It is asked because {question.when_text}."]
    return [*lines, "", f"In the answers file it is `{question.id}`; `wa-advisor rules show {question.id}` tells more."]


def _pushes(work: Work, place: Place, question: Question) -> list[str]:
    """What each answer would lead to, for each class and choice about the item, or about the first entries of a list."""
    lines: list[str] = []
    at = scope_of(place)[1]
    if not work.outlook.hangs_on((question.scope, at, question.id)) and work.outlook.answer(question, at) is None:
        return lines
    for decision in work.course.reached[question.id]:
        own = decision.scope == question.scope
        if decision.kind == "table":
            lines += _classes(work, decision, at, question) if own and question.type in ("choice", "yes-no") else []
            continue
        items = work.answers.items(GROUP_OF.get(decision.scope, ""))
        for index in [at] if own else range(min(len(items), MAX_ENTRIES)):
            name = decision.name if own else f"{decision.name} of {items[index].name}"
            lines += _push(work, name, work.outlook.push(decision, index, question, at))
    return lines


def _classes(work: Work, decision: Decision, index: int, question: Question) -> list[str]:
    by: dict[tuple[str, ...], list[str]] = {}
    for word, left in work.outlook.classed(decision, index, question).items():
        by.setdefault(left, []).append(word)
    if len(by) < 2:
        return []
    return [
        f"- {decision.name}: {' or '.join(left) if len(left) < 4 else f'one of {len(left)}'} with {_or(words)}"
        for left, words in by.items()
    ]


def _push(work: Work, name: str, push: Push) -> list[str]:
    by: dict[str | None, list[str]] = {}
    for answer, option in push.leads:
        by.setdefault(option, []).append(answer)
    lines = []
    if len(by) == 1:
        lines.append(f"- {name}: {_first(work, next(iter(by)))} with each answer; it counts with others")
    elif not by:
        lines.append(f"- {name}: no answer here changes it alone")
    elif len(by) > 1:
        lines += [f"- {name}: {_first(work, option)} with {_or(words)}" for option, words in by.items()]
    for answers, rule in push.rules[:MAX_RULES]:
        lines.append(f"  {_way(work, rule)}{f', with {_or(list(answers))}' if answers else ''}: {rule.because}")
    if len(push.rules) > MAX_RULES:
        lines.append(f"  and {counted(len(push.rules) - MAX_RULES, 'more reason')}")
    return lines


def _way(work: Work, rule: Rule) -> str:
    """`for Amazon DynamoDB (strong)`, or what is ruled out."""
    names = [work.ruleset.services[o].name for o in rule.options]
    shown = ", ".join(names[:MAX_NAMES]) + (f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else "")
    return f"rules out {shown}" if rule.kind == "constraint" else f"{rule.direction} {shown} ({rule.strength})"


def _first(work: Work, option: str | None) -> str:
    return work.ruleset.services[option].name if option else "open"


def _or(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _used(work: Work, question: Question, *, hangs: bool) -> list[str]:
    """The decisions, computed values, costs, limits, risks and advice that an answer goes into, in words.

    `hangs` says whether any choice or class still hangs on it.
    """
    found, ruleset = uses(work.ruleset, question.id), work.ruleset
    lines = []
    for decision in found.rules:
        after = [d.name for d in ruleset.decisions.values() if decision in work.course.needs[d.id]]
        leans = f"; {', '.join(after)} lean{'s' if len(after) == 1 else ''} on it" if after else ""
        leans += "" if hangs else ", of which none can change it any more"
        lines.append(f"- {ruleset.decisions[decision].name}: {counted(len(found.rules[decision]), 'rule')}{leans}")
    options = dict.fromkeys(ruleset.services[o].name for c in found.costs for o in ruleset.costs[c].options)
    named = {
        "figures": [ruleset.derived[d].name for d in found.derived if ruleset.derived[d].name],
        "the cost of": list(options),
        "limits": [ruleset.quotas[q].name for q in found.quotas],
        "risks": [ruleset.risks[r].name or r for r in found.risks],
        "advice": [ruleset.advice[a].name for a in found.advice],
    }
    for what, names in named.items():
        if names:
            more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
            lines.append(f"- {what}{'' if what.endswith('of') else ':'} {', '.join(names[:MAX_NAMES])}{more}")
    return lines or ["- the report only: no rule uses it"]


def _about_lens(work: Work, place: Place) -> Text:
    question = work.ruleset.lens[str(place[1])]
    lines = [question.help] if question.help else []
    lines += ["", "Now:", f"- risk as answered: {lens_standing(work, question.id)}"]
    for practice in question.practices:
        lines += ["", f"{practice.id} ({practice.tier}): {practice.name}", f"  {practice.because}"]
    if question.url:
        lines += ["", question.url]
    return Text(heading=question.ask, lines=tuple(lines))
