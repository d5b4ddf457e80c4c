"""Sign-offs: what needs one, what the file has and how it stands, and the form in which a person enters one.

Any choice can be signed, also one that no rule asks a sign-off for. Places: ("sign_offs",), ("signable",), ("sign", decision,
item, choice), ("accept", lens or risk, level, item or ""), and ("signed", decision, item, choice, lens, risk) for one of the file.
"""

from __future__ import annotations

from datetime import date

from wa_advisor.answers_file import edit
from wa_advisor.engine.evaluate import LensVerdict, RiskFound, SignOffStanding, SignOffState, Verdict
from wa_advisor.engine.sign_offs import STANDINGS, sign_off_standings, subject_text, told
from wa_advisor.model import GROUP_OF, SignOff
from wa_advisor.wizard.document import changed
from wa_advisor.wizard.pages.answers import clean
from wa_advisor.wizard.pages.verdicts import service, verdict_text
from wa_advisor.wizard.screen import Field, Give, GiveForm, Place, Reply, Row, Screen
from wa_advisor.wizard.work import Outcome, Work, stay

DONE, OTHER = "+done", "+other"
KEEP, CHANGE, OUT = "keep", "change", "out"
SUBJECT = ("decision", "item", "choice", "lens", "risk")
PAGE: Place = ("sign_offs",)
FIELDS = (
    Field(key="approver", label="Who accepts it", example="head of architecture"),
    Field(key="date", label="On which day", example="2026-11-20"),
    Field(key="reason", label="Why"),
    Field(key="expires", label="Until before which day (Enter: no end)", example="2027-11-20", optional=True),
)
REASONS = {
    "sign": "transfers between two accounts, with a running balance",
    "accept": "a pilot for one team; it is done before the second one comes",
}
"""An example of a reason for a choice, and for a risk."""


def screen(work: Work, place: Place) -> Screen:
    """The Screen of the list of sign-offs, of one in the file, of what else can be signed, or of the form."""
    return _SCREENS[str(place[0])](work, place)


def take(work: Work, place: Place, reply: Reply) -> Outcome:
    head = str(place[0])
    if head in ("sign", "accept"):
        return _signed(work, place, reply.values) if isinstance(reply, GiveForm) else stay("fill in the lines")
    if not isinstance(reply, Give):
        return stay("choose one of the lines")
    if head == "signed":
        return _acted(work, place, reply.value)
    if head == "signable":
        found = _signable(work)
        chosen = next((v for n, v in enumerate(found) if reply.value == f"{n}"), None)
        return Outcome(to=_sign_place(chosen)) if chosen is not None else Outcome(to=PAGE)
    if reply.value == DONE:
        work.passed.add(place)
        return Outcome()
    to = next((to for row, to in _lines(work) if row.value == reply.value), None)
    return Outcome(to=to) if to is not None else stay("choose one of the lines")


# -- the list ------------------------------------------------------------------------------------------


def _list_screen(work: Work, place: Place) -> Screen:
    lines = [row for row, _ in _lines(work)]
    needed = sum(s.state != "signed" for s in work.sign_offs)
    ask = f"{needed} choice{'s' if needed != 1 else ''} need{'s' if needed == 1 else ''} a named person's acceptance"
    if not needed:
        ask = "Every choice that needs a sign-off has one" if work.sign_offs else "No choice needs a sign-off"
    help_text = "Choose a line to enter a sign-off, or to change one or take it out. Or go on: the report has a block to sign."
    if not lines:
        help_text = "Nothing is chosen and no risk is known yet, so there is nothing to sign. Go on."
    return Screen(
        place=place, kind="menu", title="Sign-offs", ask=ask, help=help_text, rows=(Row(value=DONE, label="Done: go on"), *lines),
        value=DONE,
    )  # fmt: skip


def _lines(work: Work) -> list[tuple[Row, Place]]:
    """Each line with the place that it leads to."""
    given = standings(work)
    found: list[tuple[Row, Place]] = []
    for number, state in enumerate(work.sign_offs):
        label = f"{state.item}: {service(work, state.choice)}"
        row = Row(value=f"{number}", label=label, meaning=_state_text(state), heading="Choices that need one")
        old = _find(work, state.decision, state.item, state.choice)
        found.append((row, signed_place(old) if old else ("sign", state.decision, state.item, state.choice)))
    shown = {place for _, place in found}
    risks = list(_risk_lines(work))
    shown |= {place for _, place in risks}
    for number, standing in enumerate(given):
        if signed_place(standing.sign_off) not in shown:
            row = Row(
                value=f"given/{number}", label=_label(work, standing.sign_off), meaning=_standing_text(standing),
                heading="Others in the file",
            )  # fmt: skip
            found.append((row, signed_place(standing.sign_off)))
    found += risks
    count = len(_signable(work))
    if count:
        row = Row(
            value=OTHER, label="Sign another choice ...", heading="Any choice can be signed",
            meaning=f"{count} choice{'s' if count != 1 else ''} without a sign-off that no rule asks one for",
        )  # fmt: skip
        found.append((row, ("signable",)))
    return found


def _risk_lines(work: Work) -> list[tuple[Row, Place]]:
    found = []
    for verdict in work.outlook.lens.values():
        if verdict.risk in ("HIGH", "MEDIUM"):
            found.append(_lens_line(work, verdict))
    if any(r.risk in ("HIGH", "MEDIUM") for r in work.ruleset.risks.values()):
        for number, risk in enumerate(work.assessment.risks):
            if risk.risk == "HIGH":
                found.append(_rule_line(work, risk, number))
    return found


def _lens_line(work: Work, verdict: LensVerdict) -> tuple[Row, Place]:
    label = f"{verdict.id}: {work.ruleset.lens[verdict.id].ask}"
    return _risk_line(work, f"risk/{verdict.id}/{verdict.risk}", label, (verdict.id, verdict.risk, ""))


def _rule_line(work: Work, risk: RiskFound, number: int) -> tuple[Row, Place]:
    whole = work.ruleset.risks[risk.id].scope == "workload"
    label = risk.name if whole else f"{risk.item}: {risk.name}"
    return _risk_line(work, f"found/{number}", label, (risk.id, risk.risk, "" if whole else risk.item))


def _risk_line(work: Work, value: str, label: str, subject: tuple[str, str, str]) -> tuple[Row, Place]:
    lens, risk, item = subject
    old = _accepted(work, lens, risk, item) or (_accepted(work, lens, risk, "") if item else None)
    said = f"accepted by {old.approver} on {old.date}" if old else "open: mend it, or have it accepted"
    ended = next((s for s in standings(work) if s.sign_off is old and s.standing != "signed"), None)
    said = f"{said}, but {ended.why}" if ended else said
    row = Row(value=value, label=label, meaning=f"{risk.lower()} risk; {said}", heading="Risks that a person can accept")
    return row, signed_place(old) if old else ("accept", lens, risk, item)


def _signable(work: Work) -> list[Verdict]:
    """The verdicts with a choice that needs no sign-off and has none."""
    needed = {(s.decision, s.item) for s in work.sign_offs}
    return [
        v
        for v in work.verdicts
        if v.subject and (v.decision, v.item) not in needed and _find(work, v.decision, v.item, v.subject) is None
    ]


def _signable_screen(work: Work, place: Place) -> Screen:
    rows = [
        Row(
            value=f"{number}", label=v.item, meaning=_chosen_text(work, v), heading=work.ruleset.decisions[v.decision].name,
        )
        for number, v in enumerate(_signable(work))
    ]  # fmt: skip
    return Screen(
        place=place, kind="menu", title="Sign-offs", ask="Which choice is signed?", rows=(*rows, Row(value=DONE, label="None of them")),
        help="No rule asks for a sign-off of these; one that is given stands in the report all the same.", value=DONE,
    )  # fmt: skip


def _chosen_text(work: Work, verdict: Verdict) -> str:
    if verdict.proposed and verdict.proposed != verdict.choice:
        return f"the team proposes {service(work, verdict.proposed)}; ours is {verdict_text(work, verdict)}"
    return verdict_text(work, verdict)


def _sign_place(verdict: Verdict) -> Place:
    return ("sign", verdict.decision, verdict.item, verdict.subject or "")


def _label(work: Work, one: SignOff) -> str:
    if not one.lens:
        return f"{one.item}: {service(work, one.choice)}"
    return f"{one.lens}{f' at {one.item}' if one.item else ''}: {one.risk.lower()} risk"


def _state_text(found: SignOffState) -> str:
    if found.state == "needed":
        return f"needs {found.approver}" if not found.date else f"signed by {found.approver}, but only from {found.date}"
    until = f", until {found.expires}" if found.expires else ""
    if found.state == "expired":
        return f"expired on {found.expires}: signed by {found.approver} on {found.date}"
    return f"signed by {found.approver} on {found.date}{until}"


def _standing_text(standing: SignOffStanding) -> str:
    one = standing.sign_off
    why = f": {standing.why}" if standing.why else ""
    return f"{STANDINGS[standing.standing]}{why}; signed by {one.approver} on {one.date}"


def given(work: Work) -> list[tuple[str, str, Place]]:
    """What each sign-off of the file is for, how it stands, and its place."""
    if not work.answers.sign_offs:
        return []
    return [(_label(work, s.sign_off), _standing_text(s), signed_place(s.sign_off)) for s in standings(work)]


# -- how the sign-offs of the file stand -------------------------------------------------------------------


def standings(work: Work) -> tuple[SignOffStanding, ...]:
    """How each sign-off of the file stands today, by the exact verdicts."""
    answers = work.answers
    risks = work.assessment.risks if any(s.lens in work.ruleset.risks for s in answers.sign_offs) else ()
    subjects = {(v.decision, v.item): v.subject for v in work.verdicts}
    return sign_off_standings(work.ruleset, answers, subjects, work.outlook.lens, risks, work.today)


def at_once(work: Work) -> dict[Place, SignOffStanding]:
    """The same by what the choices lean to, for the sign-offs alone: it is there as soon as an answer is."""
    subjects = {(s.decision, s.item): _subject(work, s.decision, s.item) for s in work.answers.sign_offs if not s.lens}
    known = {key: subject or None for key, subject in subjects.items() if subject is not None}
    given = sign_off_standings(work.ruleset, work.answers, known, work.outlook.lens, (), work.today)
    return {signed_place(s.sign_off): s for s in given if s.sign_off.lens not in work.ruleset.risks}


def _subject(work: Work, name: str, item: str) -> str | None:
    """What is chosen for an item, by its leaning; "" for nothing yet, None where there is no such item."""
    decision = work.ruleset.decisions[name]
    group = GROUP_OF.get(decision.scope, "")
    items = work.outlook.processes if group == "processes" else work.answers.items(group)
    index = next((i for i, one in enumerate(items) if one.name == item), None)
    if index is None:
        return None
    return items[index].proposed or work.outlook.leaning(decision, index).choice or ""


_NOT_YET = ("not-begun", "expired")
"""Standings that end by a date alone: what holds after them need not have held before."""


def turned(work: Work, before: dict[Place, SignOffStanding]) -> str:
    """What the last change did to the sign-offs of the file, in sentences."""
    if not before:
        return ""
    said = []
    for place, now in at_once(work).items():
        was = before.get(place)
        if was is not None and was.standing != now.standing:
            text = (
                told(work.ruleset, now)
                if now.why
                else f"{subject_text(work.ruleset, now.sign_off)} {STANDINGS[now.standing]} {'now' if was.standing in _NOT_YET else 'again'}"
            )
            said.append(f"{text[0].upper()}{text[1:]}.")
    return " ".join(said)


def signed_place(one: SignOff) -> Place:
    """The place of a sign-off of the file; it is known by what it is for, which no two have in common."""
    return ("signed", *(str(getattr(one, key)) for key in SUBJECT))


def _at(work: Work, place: Place) -> SignOff | None:
    return next((s for s in work.answers.sign_offs if signed_place(s) == place), None)


def _find(work: Work, decision: str, item: str, choice: str) -> SignOff | None:
    return _at(work, ("signed", decision, item, choice, "", ""))


def _accepted(work: Work, lens: str, risk: str, item: str = "") -> SignOff | None:
    return _at(work, ("signed", "", item, "", lens, risk))


def exists(work: Work, place: Place) -> bool:
    """Whether there still is what a place is about: the sign-off in the file, the choice, or the risk."""
    if place[0] == "signed":
        return _at(work, place) is not None
    if place[0] == "sign":
        decision, item, choice = (str(p) for p in place[1:])
        return _subject(work, decision, item) == choice or _find(work, decision, item, choice) is not None
    lens, risk, item = _risk_at(place)
    found = work.outlook.lens.get(lens)
    return found.risk == risk if found is not None else _accepted(work, lens, risk, item) is not None


# -- one of the file ---------------------------------------------------------------------------------------


def _signed_screen(work: Work, place: Place) -> Screen:
    one = _at(work, place)
    assert one is not None
    standing = next(s for s in standings(work) if s.sign_off is one)
    text = told(work.ruleset, standing) if standing.why else f"{subject_text(work.ruleset, one)} {STANDINGS[standing.standing]}"
    until = f" until {one.expires}" if one.expires else ", without an end"
    comments = len(edit.comments_of(work.document.text, ("sign_offs", _index(work, one))))
    also = f"{comments} comment{'s' if comments != 1 else ''} of the file beside it go{'es' if comments == 1 else ''} with it"
    rows = (
        Row(value=KEEP, label="Leave it as it is"),
        Row(value=CHANGE, label="Change it", meaning="who, when, why and until when"),
        Row(value=OUT, label="Take it out of the file", meaning=also if comments else ""),
    )
    return Screen(
        place=place, kind="menu", title="Sign-offs", ask=f"{text[0].upper()}{text[1:]}.",
        body=(f"From {one.date}{until}: {one.reason}",), rows=rows, value=KEEP,
    )  # fmt: skip


def _acted(work: Work, place: Place, action: str) -> Outcome:
    one = _at(work, place)
    if one is None or action == KEEP:
        return Outcome(to=PAGE)
    if action == CHANGE:
        return Outcome(to=("accept", one.lens, one.risk, one.item) if one.lens else ("sign", one.decision, one.item, one.choice))
    if action != OUT:
        return stay("choose one of the lines")
    text = edit.remove_item(work.document.text, ("sign_offs", _index(work, one)))
    said = subject_text(work.ruleset, one)
    return Outcome(document=changed(work.document, text), to=PAGE, notice=f"Taken out: {said}.")


def _index(work: Work, one: SignOff) -> int:
    return work.document.place_of(one)


# -- the form ----------------------------------------------------------------------------------------------


def _sign_screen(work: Work, place: Place) -> Screen:
    decision, item, choice = (str(p) for p in place[1:])
    policy = next((p for p in work.ruleset.policies.values() if p.decision == decision and choice in p.services), None)
    must = "; ".join(policy.must_name) if policy else ""
    return _form(
        work, place, f"The sign-off of {service(work, choice)} for {item}", f"The reason has to name: {must}." if must else "",
        _find(work, decision, item, choice), policy.approver if policy else "",
    )  # fmt: skip


def _accept_screen(work: Work, place: Place) -> Screen:
    lens, risk, item = _risk_at(place)
    question, rule = work.ruleset.lens.get(lens), work.ruleset.risks.get(lens)
    at = f" at {item}" if item else ""
    about = question.ask if question else f"{rule.name}. {rule.because}" if rule else ""
    return _form(work, place, f"Who accepts the {risk.lower()} risk of {lens}{at}?", about, _accepted(work, lens, risk, item), "")


def _risk_at(place: Place) -> tuple[str, str, str]:
    lens, risk, *item = (str(p) for p in place[1:])
    return lens, risk, item[0] if item else ""


def _form(work: Work, place: Place, ask: str, help_text: str, old: SignOff | None, approver: str) -> Screen:
    first = {"approver": approver, "date": work.today}
    fields = tuple(
        Field(
            key=one.key, label=one.label, value=str(getattr(old, one.key)) if old else first.get(one.key, ""),
            empty=work.today if one.key == "date" else "", example=one.example or REASONS[str(place[0])], optional=one.optional,
        )
        for one in FIELDS
    )  # fmt: skip
    return Screen(
        place=place, kind="form", title="Sign-offs", ask=ask, help=help_text, fields=fields, state="value" if old else ""
    )


def wrong_field(work: Work, values: tuple[str, ...]) -> str:
    """What is wrong with the last of the lines that are filled in so far; "" for nothing."""
    said = _said(work, values)
    one = FIELDS[len(values) - 1]
    text = said[one.key]
    if not text:
        return "" if one.optional else f"write {_WANTED[one.key]}"
    if one.key not in ("date", "expires"):
        return ""
    if not is_day(text):
        return f'"{text[:30]}" is no day: write it as {one.example}'
    if one.key == "expires" and is_day(said["date"]) and text <= said["date"]:
        return f"it would end on {text}, before it has begun on {said['date']}: write a later day, or none"
    return ""


_WANTED = {
    "approver": "who accepts it: a person or a role",
    "date": "the day, for example 2026-11-20",
    "reason": "in a few words why",
}


def _said(work: Work, values: tuple[str, ...]) -> dict[str, str]:
    """The lines by their keys; no day is today."""
    said = {one.key: clean(text) for one, text in zip(FIELDS, values, strict=False)}
    if not said.get("date", "-"):
        said["date"] = work.today
    return said


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, as 2026-11-20."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _signed(work: Work, place: Place, values: tuple[str, ...]) -> Outcome:
    for count in range(1, len(FIELDS) + 1):
        wrong = wrong_field(work, values[:count])
        if wrong:
            return stay(f"{FIELDS[count - 1].label.lower()}: {wrong}")
    said = _said(work, values)
    old, subject = _subject_at(work, place)
    text = work.document.text
    if old is None:
        index = work.document.count("sign_offs")
        text = edit.add_item(text, ("sign_offs",), {**subject, **{k: v for k, v in said.items() if v}})
    else:
        index = _index(work, old)
        for key, value in said.items():
            path = ("sign_offs", index, key)
            text = edit.set_value(text, path, value) if value else edit.remove_value(text, path)
    return Outcome(document=changed(work.document, text, ("sign_offs", index)), to=PAGE)


def _subject_at(work: Work, place: Place) -> tuple[SignOff | None, dict[str, str]]:
    """The sign-off that the file has for a place, and what a new one is for."""
    if place[0] == "sign":
        decision, item, choice = (str(p) for p in place[1:])
        return _find(work, decision, item, choice), {"decision": decision, "item": item, "choice": choice}
    lens, risk, item = _risk_at(place)
    return _accepted(work, lens, risk, item), {"lens": lens, **({"item": item} if item else {}), "risk": risk}


_SCREENS = {
    "sign_offs": _list_screen,
    "signable": _signable_screen,
    "signed": _signed_screen,
    "sign": _sign_screen,
    "accept": _accept_screen,
}
