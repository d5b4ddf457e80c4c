"""The lens questions: pick the practices that are done; single ones may be not known or not apply."""

from __future__ import annotations

from wa_advisor.answers_file.edit import set_value
from wa_advisor.model import BestPractice, LensAnswer
from wa_advisor.wizard.document import changed, key_order
from wa_advisor.wizard.leaning import lens_lines
from wa_advisor.wizard.pages.answers import clean
from wa_advisor.wizard.screen import Away, GiveSeveral, Place, Reply, Row, Screen, Unknown
from wa_advisor.wizard.work import Outcome, Work, stay

MAX_NAMES = 3
BUILT = ("built", "production", "live", "running", "operation", "released")
"""Words of a stage in which there is something that can be looked at."""
LEFT = "What is left unpicked counts as not done."


def screen(work: Work, place: Place) -> Screen:
    """The Screen of one lens question."""
    question = work.ruleset.lens[str(place[1])]
    answer = work.answers.lens.get(question.id)
    whole = work.said.get("lens")
    said = whole.get(question.id) if isinstance(whole, dict) else None
    state = "not_applicable" if answer and answer.reason else "unknown" if said == ("scalar", "unknown", False) else ""
    if answer is not None and answer.done is not None:
        state = "value"
    trouble = work.document.trouble_at(place)
    number = list(work.ruleset.lens).index(question.id) + 1
    return Screen(
        place=place, kind="several", title=f"Well-Architected lens: {question.pillar_name}", group=f"Question {number} of {len(work.ruleset.lens)}, {question.id}", ask=question.ask,
        help=f"{question.help} {_what_to_pick(work.answers.stage)}".strip(),
        rows=tuple(_row(work, question.id, p, answer) for p in question.practices), state=state, reason=answer.reason if answer else "",
        problem=f"the file has: {trouble.message}" if trouble else "", status=lens_lines(work, question.id),
        can_unknown=True, can_away=True, has_why=True, has_row_states=True,
    )  # fmt: skip


def _what_to_pick(stage: str) -> str:
    """What a pick says: that something is done, or of a design that it is planned."""
    if any(word in stage.lower() for word in BUILT):
        return f"Pick what is done today. {LEFT}"
    if stage:
        return f"It is not built yet: pick what is planned, and will be there when it goes live. {LEFT}"
    return f"Pick what is done today, and of what is not built yet what is planned. {LEFT}"


def _row(work: Work, question: str, practice: BestPractice, answer: LensAnswer | None) -> Row:
    state = reason = ""
    if answer is not None:
        if practice.id in (answer.done or ()):
            state = "on"
        elif practice.id in answer.unknown:
            state = "unknown"
        elif practice.id in answer.not_applicable:
            state, reason = "away", answer.not_applicable[practice.id]
    return Row(value=practice.id, label=practice.name, meaning=_about(work, question, practice), state=state, reason=reason)


def _about(work: Work, question: str, practice: BestPractice) -> str:
    """`required: high risk without it; concerns cart API`, or that it concerns nothing here."""
    verdict = work.outlook.lens[question]
    names = verdict.touched.get(practice.id, ())
    if practice.id in verdict.away:
        return f"It concerns nothing here: {verdict.away[practice.id]}"
    level = work.ruleset.lens_risk.get(practice.tier, "NONE")
    tier = f"{practice.tier}: {'no' if level == 'NONE' else level.lower()} risk without it"
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return f"{tier}; concerns {', '.join(names[:MAX_NAMES])}{more}" if names else tier


def take(work: Work, place: Place, reply: Reply) -> Outcome:
    """What becomes of the picked practices."""
    if isinstance(reply, Unknown):
        ask = work.ruleset.lens[str(place[1])].ask
        return _set(work, place, "unknown", f'"{ask}" is noted as unknown: the report has it so, with the risk it may have.')
    if isinstance(reply, Away):
        reason = clean(reply.reason)
        return _set(work, place, {"not_applicable": reason}) if reason else stay("say in a few words why it does not apply")
    if not isinstance(reply, GiveSeveral):
        return stay("pick practices, or say that you don't know")
    empty = not (reply.on or reply.unknown or reply.away or reply.sure)
    if empty and screen(work, place).state in ("unknown", "not_applicable"):
        return Outcome()
    if empty and work.asked_twice != place:
        work.asked_twice = place
        return stay(notice="Nothing is picked. Enter once more says: none of these is done.")
    value: dict[str, object] = {"practices": list(reply.on)}
    if reply.unknown:
        value["unknown"] = list(reply.unknown)
    if reply.away:
        reasons = {name: clean(reason) for name, reason in reply.away}
        if not all(reasons.values()):
            return stay("say in a few words why a practice does not apply")
        value["not_applicable"] = reasons
    return _set(work, place, value)


def _set(work: Work, place: Place, value: object, notice: str = "") -> Outcome:
    document = work.document
    answer = document.answers.lens.get(str(place[1]))
    if answer is not None and answer.note and isinstance(value, dict):
        value = {**value, "note": answer.note}
    text = set_value(document.text, place, value, key_order(document.ruleset, place))
    return Outcome(document=changed(document, text, place), notice=notice)
