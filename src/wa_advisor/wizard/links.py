"""What names an entry from elsewhere in the file: links of other entries and sign-offs follow it."""

from __future__ import annotations

from wa_advisor.answers_file import edit
from wa_advisor.model import GROUPS
from wa_advisor.wizard.work import Work

LINKING: dict[str, tuple[tuple[str, str], ...]] = {
    "components": (
        ("access_patterns", "used_by"),
        ("interfaces", "served_by"),
        ("hand_overs", "from"),
        ("hand_overs", "to"),
    ),
    "processes": (("hand_overs", "process"),),
}


def linked_from(work: Work, group: str, name: str) -> list[str]:
    """The names of the other entries that name an entry."""
    linked = [i.name for g, key in LINKING.get(group, ()) for i in work.answers.items(g) if name in i.links.get(key, ())]
    return list(dict.fromkeys(linked))


def comments_with(work: Work, group: str, index: int) -> list[str]:
    """The comments that go when an entry is removed: its own, and those of its sign-offs."""
    text = work.document.text
    places = [("sign_offs", n) for n in signed_about(work, group, work.item(group, index).name)]
    return [comment for path in [(group, index), *places] for comment in edit.comments_of(text, path)]


def relinked(work: Work, text: str, group: str, name: str, instead: str = "") -> str:
    """The text in which what named an entry names `instead`, or nothing any more."""
    for other, key in LINKING.get(group, ()):
        for index, item in enumerate(work.answers.items(other)):
            old = item.links.get(key, ())
            if name in old:
                new = [instead if n == name else n for n in old if n != name or instead]
                single = key in ("from", "process") and len(new) == 1
                path: edit.Path = (other, index, key)
                if not new and not isinstance(edit.tree(text)[other][index][key], dict):
                    text = edit.remove_value(text, path)  # nobody has said that there is none
                    continue
                beside = _to_value(edit.tree(text)[other][index][key])
                text = edit.set_value(text, (*path, *beside), new[0] if single else new)
    for index in reversed(signed_about(work, group, name)):
        path = ("sign_offs", index)
        text = edit.set_value(text, (*path, "item"), instead) if instead else edit.remove_item(text, path)
    return text


def _to_value(said: object) -> tuple[str, ...]:
    """Where in an answer its value stands: below `value` where a note stands beside it."""
    return ("value",) if isinstance(said, dict) else ()


def signed_about(work: Work, group: str, name: str) -> list[int]:
    """The places in `sign_offs` of those about an entry."""
    said = edit.tree(work.document.text).get("sign_offs")
    scope = GROUPS[group]
    about = {d.id for d in work.ruleset.decisions.values() if d.scope == scope}
    about |= {r.id for r in work.ruleset.risks.values() if r.scope == scope}
    found = []
    for index, entry in enumerate(said if isinstance(said, list) else []):
        if isinstance(entry, dict) and _text(entry.get("item")) == name and _subject(entry) in about:
            found.append(index)
    return found


def _subject(entry: dict[str, object]) -> str:
    """What a sign-off is for: a decision, or a risk."""
    return _text(entry.get("decision")) or _text(entry.get("lens"))


def _text(said: object) -> str:
    return str(said[1]) if isinstance(said, tuple) else ""
