"""The interview: where a person is, where back leads, what comes next. It knows no terminal.

`stack` holds the places visited. Back pops it and keeps every answer in the file, so that the way forward finds
it again as default; `revisit` holds what was gone back over, which is shown again although it is answered, in the
order of the `trail`: the places as they were first come to. A
change asked for by the review leads back to the review, by way of the questions it has opened, if any.

Every change is saved before the next place is shown. What cannot be saved is not taken: the same place stays,
with the reason, and the file and this run never disagree.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from wa_advisor.answers_file.edit import EditError, set_value
from wa_advisor.wizard.document import Document, Refused, changed, read_document
from wa_advisor.wizard.halves import with_half
from wa_advisor.wizard.leaning import leanings, lens_standing, status_lines
from wa_advisor.wizard.moved import BY_NUMBER, moved
from wa_advisor.wizard.news import KEY, may_stamp, version_in
from wa_advisor.wizard.pages import answers, held, lens, lists, more, opening, review, sign_offs, verdicts
from wa_advisor.wizard.places import (
    ENDING,
    REVIEW,
    Open,
    all_places,
    is_answered,
    next_open,
    same_subject,
    subject_of,
    weightiest,
)
from wa_advisor.wizard.screen import Away, Back, Give, GiveForm, GiveSeveral, Jump, Place, Reply, Screen, Text
from wa_advisor.wizard.summary import left_here, progress
from wa_advisor.wizard.why import why
from wa_advisor.wizard.work import Outcome, Work, stay

_PAGES = {
    "opening": opening, "workload": answers, "item": answers, "list": lists, "new": lists, "entry": lists, "one": lists, "remove": lists,
    "lens": lens, "more": more, "review": review, "jump": review, "fix": review, "proposals": verdicts, "proposal": verdicts,
    "sign_offs": sign_offs, "signable": sign_offs, "signed": sign_offs, "sign": sign_offs, "accept": sign_offs, "verdicts": verdicts,
}  # fmt: skip
_ASIDE = ("jump", "entry", "one", "remove", "new", "fix", "proposal", "signable", "signed", "sign", "accept")
"""Places beside the order of asking: back leads out of them, and they are not come back to."""


class SaveFailed(Exception):
    """The text could not be saved; the message says why and what to do."""


class Interview:
    """One run: `screen()` shows where it is, `take()` what is said to it, until `over`."""

    def __init__(self, document: Document, save: Callable[[str], str | None], *, resumed: bool, today: str = "") -> None:
        """`save` keeps a text, or raises SaveFailed; it returns another text, which can be read, if the file was
        changed by someone else meanwhile, and then keeps nothing. `today` (ISO date) is suggested for sign-offs; "" suggests no day."""
        self.work = Work(document)
        self.work.resumed = resumed
        self.work.today = today
        self.work.written = version_in(document.text)
        self.save = save
        self.current: Place = ("opening",)
        self.stack: list[Place] = []
        self.revisit: set[Place] = set()
        self.trail: dict[Place, int] = {}
        self.detour: frozenset[Place] | None = None
        self.home: Place = REVIEW
        self.alone: Place | None = None  # the entry that was gone to from its list, for itself
        self.problem = ""
        self.notice = ""
        self.reading: Text | None = None
        self.standing: tuple[str, ...] = ()
        self.turned = ""
        self.over = False
        self.saved_once = False

    @property
    def text(self) -> str:
        return self.work.document.text

    def screen(self) -> Screen:
        """The Screen of the place where the interview is."""
        place = self.current
        shown: Screen = with_half(_PAGES[str(place[0])].screen(self.work, place), self.work.halves.get(place))
        return replace(
            shown, progress=progress(self.work, place, self.revisit), problem=self.problem or shown.problem,
            notices=(*([self.notice] if self.notice else []), *shown.notices), can_back=bool(self.stack),
            reading=self.reading, has_why=True, status=shown.status or self.standing,
        )  # fmt: skip

    def look_ahead(self) -> None:
        """To be called when a screen is up: what the next pages may need is begun."""
        self.work.look_ahead(whole=self.current in ENDING)

    def why(self) -> Text:
        return why(self.work, self.current)

    def wrong_field(self, values: tuple[str, ...]) -> str:
        """What is wrong with the last of the lines of a form that are filled in so far; "" for nothing."""
        return sign_offs.wrong_field(self.work, values)

    def take(self, reply: Reply) -> None:
        """Goes where a reply leads; a problem or notice stands in the next screen."""
        self.problem = self.notice = self.turned = ""
        self.reading = None
        self.standing = ()
        if isinstance(reply, Back):
            self._back(reply.draft)
        elif isinstance(reply, Jump):
            if self.current[0] != "jump":
                self.work.here = self.current
                self._go(("jump",))
        else:
            self._taken(self._outcome(reply), reply)

    def _outcome(self, reply: Reply) -> Outcome:
        """What the page makes of a reply; a change that the text cannot take is refused where it was asked for."""
        outcome: Outcome
        try:
            outcome = _PAGES[str(self.current[0])].take(self.work, self.current, reply)
        except (Refused, EditError) as error:
            outcome = stay(str(error))
        return outcome

    # -- what a reply does -------------------------------------------------------------------------

    def _taken(self, outcome: Outcome, reply: Reply) -> None:
        self.reading = outcome.reading
        if outcome.stay:
            self.problem, self.notice = outcome.problem, outcome.notice
            self._keep_draft(reply)
            return
        before = self._asked_here(self.current) if outcome.document is not None else None
        count = left_here(self.work, self.current, self.revisit) if outcome.document is not None else None
        if outcome.document is not None and not self._saved(outcome.document, reply):
            return
        self.work.drafts.pop(self.current, None)
        self.work.halves.pop(self.current, None)
        self.work.asked_twice = None
        self.notice = " ".join(text for text in (self.notice or outcome.notice, self.turned) if text)
        if outcome.forget:
            self._forget(outcome.forget)
        if outcome.over:
            self.over = True
            return
        left = self.current
        self.revisit.discard(left)
        self.revisit.update(outcome.open)
        self.work.passed.difference_update(outcome.open)
        if outcome.to is not None:
            self._start_detour(left, outcome.to)
            self.alone = outcome.to[:3] if left[0] in ("list", "entry") and outcome.to[0] == "item" else None
            self._go(outcome.to)
            if outcome.behind is not None and outcome.behind != outcome.to:
                self.stack.append(outcome.behind)
            if left == ("opening",) and outcome.to[0] in ("workload", "item", "lens"):
                self.stack += self._come_by(outcome.to)
        else:
            opened = [p for p in self._asked_here(left) if p not in before] if before is not None else []
            self._go(weightiest(self.work, opened) or self._next(left))
            self._tell_growth(left, count)

    def _tell_growth(self, left: Place, before: tuple[int, int] | None) -> None:
        """Says so when a changed answer has opened more than there was to come."""
        after = left_here(self.work, self.current, self.revisit)
        if before is None or after is None or subject_of(left) != subject_of(self.current):
            return
        more = after[1] - (before[1] - 1)
        if more > 0:
            self.notice = f"{self.notice} {more} more question{'s' if more != 1 else ''} opened here.".strip()

    def keep(self, reply: Give | GiveSeveral) -> None:
        """Keeps what was typed or picked at a place that is left before it was taken."""
        self._keep_draft(reply)

    def _keep_draft(self, reply: Reply) -> None:
        """What was refused or not saved stays where it was given, to be mended and not given again."""
        if isinstance(reply, Give) and self.current[0] in ("workload", "item", "new"):
            self.work.drafts[self.current] = answers.clean(reply.value)
        elif isinstance(reply, GiveForm | GiveSeveral | Away):
            self.work.halves[self.current] = reply

    def _saved(self, document: Document, reply: Reply) -> bool:
        if document.text == self.text:
            self.work.set_document(document)
            return True
        try:
            stamped = self._stamped(document)
            other = self.save(stamped.text)
        except SaveFailed as error:
            self.problem = str(error)
            self._keep_draft(reply)
            return False
        if other is not None:
            self._keep_draft(reply)
            self._changed_outside(other)
            return False
        self.saved_once = True
        self._take_over(stamped)
        return True

    def _take_over(self, document: Document) -> None:
        """The new document; what the choices leaned to before it is kept to be told, and what they lean to now."""
        place = self.current
        question = self.work.question(place)
        self.work.before = leanings(self.work, place) if question is not None else {}
        signed = sign_offs.at_once(self.work)
        idle = held.unused_by_name(self.work)
        self.work.set_document(document)
        self.turned = " ".join(t for t in (sign_offs.turned(self.work, signed), held.told_unused(self.work, idle)) if t)
        if question is not None and question.scope != "workload":  # each page about the workload has its own
            self.standing = status_lines(self.work, place, question)
        elif place[0] == "lens":
            self.turned = f"{self.turned} {_lens_told(self.work, place)}".strip()

    def _stamped(self, document: Document) -> Document:
        """The document that names the rule set its newest answers are for, if it names a version at all.

        Before the first page is left, where it is told what is new, the version stays: it is all that the next run knows it by.
        """
        version = document.ruleset.version
        if ("opening",) not in self.work.passed or not may_stamp(version_in(document.text), version):
            return document
        try:
            return changed(document, set_value(document.text, (KEY,), version))
        except (Refused, EditError):
            return document

    def _changed_outside(self, text: str) -> None:
        """Takes over a file that someone else has written meanwhile; the answer is asked for once more, about the same entry."""
        before, old = self.work.answers, self.current
        self.work.set_document(read_document(text, self.work.document.file, self.work.document.ruleset))
        find = moved(before, self.work.answers)
        self._find_again(lambda place: p if (p := find(place)) is not None and self._exists(p) else None)
        self.notice = "The file was changed by someone else and is read again. Please answer once more."
        if old[0] in BY_NUMBER and find(old) is None:
            name = before.items(str(old[1]))[int(old[2])].name
            self.current = ("list", old[1])
            self.notice = f'The file was changed by someone else and is read again: "{name}" is no longer in it.'

    def _find_again(self, find: Callable[[Place], Place | None]) -> None:
        """All places that are remembered, where they are now; what is gone is forgotten."""
        self.stack = [p for place in self.stack if (p := find(place))]
        self.revisit = {p for place in self.revisit if (p := find(place))}
        self.trail = {p: n for place, n in self.trail.items() if (p := find(place))}
        self.work.passed = {p for place in self.work.passed if (p := find(place))}
        self.work.drafts = {p: draft for place, draft in self.work.drafts.items() if (p := find(place))}
        self.work.halves = {p: half for place, half in self.work.halves.items() if (p := find(place))}
        self.work.asked_twice = None
        if self.detour is not None:
            self.detour = frozenset(p for place in self.detour if (p := find(place)))
        self.current = find(self.current) or REVIEW
        self.alone = find(self.alone) if self.alone is not None else None
        self.work.leads = {p: q for place, to in self.work.leads.items() if (p := find(place)) and (q := find(to))}

    def _exists(self, place: Place) -> bool:
        if place[0] in BY_NUMBER:
            return int(place[2]) < len(self.work.answers.items(str(place[1])))
        if place[0] in ("signed", "sign", "accept"):
            return sign_offs.exists(self.work, place)
        return place[0] != "fix"

    def _forget(self, group: str) -> None:
        """The entries of a group have moved: places that name them by number are no longer what they were."""
        gone = ("item", "entry", "one", "remove", "proposal")
        self.stack = [p for p in self.stack if not (p[0] in gone and p[1] == group)]
        self.revisit = {p for p in self.revisit if not (p[0] in gone and p[1] == group)}
        self.trail = {p: n for p, n in self.trail.items() if not (p[0] in gone and p[1] == group)}

    # -- ways ----------------------------------------------------------------------------------------

    def _go(self, place: Place) -> None:
        if self.current[0] not in _ASIDE and self.current != place:
            self.stack.append(self.current)
        if place in self.stack and place in ENDING:
            del self.stack[self.stack.index(place) :]  # the review come back to: back leads out of it
        self.current = place
        self.trail.setdefault(place, len(self.trail))

    def _come_by(self, place: Place) -> list[Place]:
        """The answered places before one, as if they had been gone through in this run: back leads through them."""
        order = all_places(self.work)
        done = [p for p in order if p != place and is_answered(self.work, p)]
        here = order.index(place) if place in order else len(order)
        return [p for p in done if order.index(p) < here or (subject_of(p) and subject_of(p) == subject_of(place))]

    def _start_detour(self, left: Place, to: Place) -> None:
        """From the review, or an entry's list of answers, to one answer: afterwards what has newly opened, then back there."""
        if left[0] in ("review", "fix", "one") and to[0] in ("workload", "item", "lens"):
            self.home = ("list", left[1]) if left[0] == "one" else REVIEW
            wanted = Open(self.work)
            self.detour = frozenset(p for p in all_places(self.work) if p in wanted)
        elif to[0] in ("review", "list") or left[0] == "jump":
            self.detour = None

    def _next(self, left: Place) -> Place:
        """The next place: what else is asked about the same thing, then what comes after it in order; on a detour, what
        it has opened."""
        order = all_places(self.work)
        wanted = Open(self.work)
        if self.detour is not None:
            return next((p for p in order if p in wanted and p not in self.detour and p[0] in ("workload", "item")), self.home)
        if (left[0], left[-1]) == ("item", "name") and not any(self._is_again(p, wanted) for p in same_subject(self.work, left)):
            return ("list", left[1])
        here = self._within(left, wanted)
        if here is not None:
            return here
        if self.alone is not None and left[:3] == self.alone:
            return ("list", left[1])
        found = next_open(self.work, wanted, left, lambda p: self._is_again(p, wanted))
        return self._within(found, wanted) or found

    def _asked_here(self, place: Place) -> list[Place]:
        """The questions about the same thing that want an answer."""
        wanted = Open(self.work)
        return [p for p in same_subject(self.work, place) if p in wanted]

    def _within(self, place: Place, wanted: Open) -> Place | None:
        """What to ask next about the same thing: as it was asked before where one has gone back, else the weightiest."""
        same = same_subject(self.work, place)
        again = [p for p in same if self._is_again(p, wanted)]
        if again:
            return min(again, key=lambda p: self.trail.get(p, len(self.trail)))
        return weightiest(self.work, [p for p in same if p in wanted])

    def _is_again(self, place: Place, wanted: Open) -> bool:
        """Whether a place is gone through once more: not a question that was left without an answer and is not asked any more."""
        if place not in self.revisit or (place in wanted and place not in self.trail):
            return False
        return place in wanted or self.work.question(place) is None or is_answered(self.work, place)

    def _back(self, draft: str) -> None:
        if draft and self.current[0] in ("workload", "item", "new"):
            self.work.drafts[self.current] = draft
        while self.stack:
            place = self.stack.pop()
            asked = place[-1] == "name" or place in set(all_places(self.work))
            if self._exists(place) and (asked or place[0] not in ("workload", "item")):
                if self.current[0] not in _ASIDE:
                    self.revisit.add(self.current)
                self.work.passed.discard(place)
                self.current = place
                return
        anywhere = " The list of parts leads anywhere." if self.screen().can_jump else ""
        self.notice = f"This is the first page of this run.{anywhere}"


def _lens_told(work: Work, place: Place) -> str:
    """What a lens question has come to, for the page after it."""
    name = str(place[1])
    if name not in work.answers.lens or work.answers.lens[name].is_unknown:
        return ""  # its page says what unknown means
    return f'"{work.ruleset.lens[name].ask}" comes to: {lens_standing(work, name)}.'
