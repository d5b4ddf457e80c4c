"""An answers file while it is worked on: its text, what the text says, and what in it cannot be read.

The text is the only truth. A change makes a new Document from a new text, and a text that is not better
understood than the one before is refused with the message that `report` would give. What was found in the
file and cannot be read (a key that no rule asks for, a choice that no longer exists) is set aside as Trouble:
it stays in the text and is shown, and the rest is worked with.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, field

from wa_advisor.answers import LINKS, read_answers
from wa_advisor.answers_file import edit
from wa_advisor.errors import AnswersError, Problem
from wa_advisor.model import GROUPS, Answers, RuleSet, SignOff
from wa_advisor.ruleset.source import Node, Source, parse_yaml
from wa_advisor.wizard.aside import UNNAMED, Path, paths_at, places, without


class Trouble(Struct, frozen=True, kw_only=True):
    """Something in the file that cannot be read as it is; `unknown_key` if no question has its name."""

    path: Path
    message: str
    line: int
    unknown_key: bool

    @property
    def key(self) -> str:
        """What it is called where it is listed."""
        return self.path[-1] if isinstance(self.path[-1], str) else "a sign-off"


class Document(Struct, frozen=True, kw_only=True):
    text: str
    file: str
    ruleset: RuleSet
    answers: Answers
    troubles: tuple[Trouble, ...] = field(default=())

    def trouble_at(self, path: Path) -> Trouble | None:
        return next((t for t in self.troubles if t.path == path), None)

    def place_of(self, one: SignOff) -> int:
        """Where a sign-off stands in the list of the text, which has those that cannot be read too."""
        aside = {t.path for t in self.troubles}
        read = [n for n in range(self.count("sign_offs")) if ("sign_offs", n) not in aside]
        return read[self.answers.sign_offs.index(one)]

    def count(self, key: str) -> int:
        """How many entries a list of the text has, with those that cannot be read."""
        said = edit.tree(self.text).get(key)
        return len(said) if isinstance(said, list) else 0


class Refused(ValueError):
    """The change is not taken; the message says what to give instead."""


def read_document(text: str, file: str, ruleset: RuleSet) -> Document:
    """The Document of a text; AnswersError where nothing can be set aside to read the rest."""
    root, source = parse_yaml(text, file)
    troubles: dict[Path, Trouble] = {}
    first: AnswersError | None = None
    is_yaml = not source.problems
    while True:
        try:
            answers = read_answers(without(root, troubles) if root else None, source, ruleset)
        except AnswersError as error:
            first = first or error
            found = _troubles(root, troubles, error.problems, ruleset) if root and is_yaml else {}
            if not found:
                raise first from None
            troubles |= found  # each round has new ones, so that there is a last
            source = Source(file, text)
        else:
            ordered = sorted(troubles.values(), key=lambda t: t.line)
            return Document(text=text, file=file, ruleset=ruleset, answers=answers, troubles=tuple(ordered))


def new_text(ruleset: RuleSet) -> str:
    """The text of a file in which nothing is answered yet but a name that stands in for one."""
    return (
        "# Answers for wa-advisor. Change it by hand or with `wa-advisor ask`: both keep your comments.\n"
        "answers: 1\n"
        f"ruleset: {ruleset.name}\n"
        f'ruleset_version: "{ruleset.version}"\n'
        "workload:\n"
        f"  name: {UNNAMED}\n"
    )


def changed(document: Document, text: str, path: Path | None = None) -> Document:
    """The Document of the new text; Refused if it says less than before, or cannot be read at `path`."""
    try:
        new = read_document(text, document.file, document.ruleset)
    except AnswersError as error:
        raise Refused(error.problems[0].message) from None
    known = {t.path for t in document.troubles}
    for trouble in new.troubles:
        if trouble.path == path or (trouble.path not in known and len(new.troubles) > len(document.troubles)):
            raise Refused(trouble.message)
    return new


def _troubles(root: Node, known: Collection[Path], problems: Sequence[Problem], ruleset: RuleSet) -> dict[Path, Trouble]:
    """What can be set aside, beside what is known; nothing if one of the problems is not of that kind."""
    found: dict[Path, Trouble] = {}
    where = places(root, known)
    for problem in problems:
        paths = [path for whole in paths_at(where, problem.span) if (path := _set_aside(whole))]
        if not paths or any(path in known for path in paths):
            return {}
        for path in paths:
            unknown = str(path[-1]) not in _known_keys(path, ruleset)
            trouble = Trouble(path=path, message=problem.message, line=problem.span.line, unknown_key=unknown)
            found.setdefault(path, trouble)
    return found


def _known_keys(path: Path, ruleset: RuleSet) -> set[str]:
    if path[0] == "lens":
        return set(ruleset.lens)
    if path[0] == "sign_offs":
        return {str(path[-1])}
    if len(path) == 1:
        return set()
    scope = GROUPS.get(str(path[0]), "workload")
    return (
        {q.id for q in ruleset.scope_questions(scope)}
        | {"name", "owner", "stage", "description", "proposed", "note"}
        | set(LINKS.get(str(path[0]), ()))
    )


def _set_aside(path: Path) -> Path | None:
    """What is left out for a problem at a path: an answer, a lens answer, a sign-off, or a key of the whole file.

    A place that has to be there is answered for: the path of a workload or an entry without a name is that of its name.
    """
    head = path[0] if path else ""
    if head in GROUPS and len(path) > 1:
        return (*path, "name") if len(path) == 2 else path[:3]
    if head == "workload":
        return (*path, "name") if len(path) == 1 else path[:2]
    if head in ("lens", "sign_offs"):
        return path[:2]
    return None if head in ("", "answers", "ruleset", *GROUPS) else path[:1]


# -- what is changed ------------------------------------------------------------------------------------


def key_order(ruleset: RuleSet, path: Path) -> list[str]:
    """The order in which the keys of the mapping at `path` are written."""
    head = str(path[0])
    if head == "lens":
        return list(ruleset.lens)
    scope = GROUPS.get(head, "workload")
    questions = [q.id for q in ruleset.scope_questions(scope)]
    if scope == "workload":
        return ["name", "owner", "stage", "description", *questions, "note"]
    return ["name", *[k for k in LINKS[head] if k != "used_by"], *questions, "used_by", "proposed", "note"]


def with_answer(document: Document, path: Path, value: object) -> str:
    """The text with an answer set. A note beside the old answer stays; evidence that spoke for it becomes a note."""
    said = _below(edit.tree(document.text), path)
    if isinstance(said, dict) and path[0] != "lens":
        kept = {k: v[1] for k, v in said.items() if k in ("note", "evidence") and isinstance(v, tuple)}
        evidence = kept.pop("evidence", "")
        if evidence:
            was = said.get("value")
            note = f"{evidence} says {was[1]}" if isinstance(was, tuple) else evidence
            kept["note"] = f"{kept['note']}; {note}" if kept.get("note") else note
        elif "value" in said and isinstance(value, (str, list)) and value != "unknown":
            return edit.set_value(document.text, (*path, "value"), value)
        if kept:
            value = _with_note(value, kept["note"])
    return edit.set_value(document.text, path, value, key_order(document.ruleset, path))


def _with_note(value: object, note: str) -> object:
    if isinstance(value, Mapping):
        return {**value, "note": note}
    return {"unknown": "true", "note": note} if value == "unknown" else {"value": value, "note": note}


def _below(tree: object, path: Path) -> object:
    for part in path:
        if isinstance(tree, dict):
            tree = tree.get(part)
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        else:
            return None
    return tree
