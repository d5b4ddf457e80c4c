"""An answers file while it is worked on: its text, what the text says, and what in it cannot be read.

The text is the only truth. A change makes a new Document from a new text, and a text that is not better
understood than the one before is refused with the message that `report` would give. What was found in the
file and cannot be read (a key that no rule asks for, a choice that no longer exists) is set aside as Trouble:
it stays in the text and is shown, and the rest is worked with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from wa_advisor.answers import LINKS, parse_answers
from wa_advisor.answers_file import edit
from wa_advisor.answers_file.spots import Spot, read_spots
from wa_advisor.errors import AnswersError, Problem
from wa_advisor.model import GROUPS, Answers, RuleSet

Path = tuple[str | int, ...]
UNNAMED = "unnamed"
"""The name that stands in for one, here and in `wa-advisor template`."""


class Trouble(Struct, frozen=True, kw_only=True):
    """Something in the file that cannot be read as it is; `unknown_key` if no question has its name."""

    path: Path
    message: str
    line: int
    unknown_key: bool

    @property
    def key(self) -> str:
        return str(self.path[-1])


class Document(Struct, frozen=True, kw_only=True):
    text: str
    file: str
    ruleset: RuleSet
    answers: Answers
    troubles: tuple[Trouble, ...] = field(default=())

    def trouble_at(self, path: Path) -> Trouble | None:
        return next((t for t in self.troubles if t.path == path), None)


class Refused(ValueError):
    """The change is not taken; the message says what to give instead."""


def read_document(text: str, file: str, ruleset: RuleSet) -> Document:
    """The Document of a text; AnswersError where nothing can be set aside to read the rest."""
    readable, troubles, first = text, list[Trouble](), None
    for _ in range(12):
        try:
            answers = parse_answers(readable, file, ruleset)
        except AnswersError as error:
            first = first or error
            found = _troubles(readable, error.problems, ruleset)
            if not found:
                raise first from None
            readable = _set_aside(readable, found)
            troubles += [t for t in found if t.path not in [o.path for o in troubles]]
        else:
            return Document(text=text, file=file, ruleset=ruleset, answers=answers, troubles=tuple(troubles))
    raise first or AssertionError


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


def _troubles(text: str, problems: Sequence[Problem], ruleset: RuleSet) -> list[Trouble]:
    """The places that can be set aside; none if one of the problems is not of that kind."""
    root = read_spots(text)
    found: list[Trouble] = []
    for problem in problems:
        path = _path_at(text, root, problem)
        if path is None:
            return []
        if path not in [t.path for t in found]:
            known = _known_keys(path, ruleset)
            found.append(
                Trouble(path=path, message=problem.message, line=problem.span.line, unknown_key=str(path[-1]) not in known)
            )
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
        | {"owner", "stage", "description", "proposed", "note"}
        | set(LINKS.get(str(path[0]), ()))
    )


def _path_at(text: str, root: Spot | None, problem: Problem) -> Path | None:
    """The path of the answer, lens answer, sign-off or top-level key that a problem is about."""
    if root is None or root.kind != "mapping" or not problem.span.line:
        return None
    lines = text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: problem.span.line - 1]) + problem.span.column - 1
    for key, value in root.pairs:
        if not key.start <= offset <= max(key.stop, value.stop):
            continue
        if key.value == "sign_offs" and value.kind == "sequence":
            return next((("sign_offs", i) for i, s in enumerate(value.items) if s.start <= offset <= s.stop), None)
        if key.value in GROUPS and value.kind == "sequence":
            return next(
                (
                    (key.value, i, k.value)
                    for i, item in enumerate(value.items)
                    for k, v in item.pairs
                    if k.start <= offset <= max(v.stop, k.stop) and k.value != "name"
                ),
                None,
            )
        if key.value in ("workload", "lens") and value.kind == "mapping":
            return next(
                (
                    (key.value, k.value)
                    for k, v in value.pairs
                    if k.start <= offset <= max(v.stop, k.stop) and (key.value, k.value) != ("workload", "name")
                ),
                None,
            )
        return (key.value,) if key.value not in ("answers", "ruleset", "workload", "sign_offs", *GROUPS) else None
    return None


def _set_aside(text: str, troubles: list[Trouble]) -> str:
    """The text as it is judged: without the lines in trouble. Later places first, so that indices stay right."""
    for trouble in sorted(troubles, key=lambda t: -t.line):
        whole_entry = isinstance(trouble.path[-1], int)
        text = edit.remove_item(text, trouble.path) if whole_entry else edit.comment_out(text, trouble.path)
    return text


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
