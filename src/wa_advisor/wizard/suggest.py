"""A name for the first entry of a list, from what the workload says of itself. It is shown as a suggestion only.

It is picked from the words of the description, not made up: the first thing that is done to data, the first
thing that runs, the first event. Where the description says nothing of the kind, the workload's name is used.
"""

from __future__ import annotations

import re

from msgspec import Struct

MOST_WORDS = 8
_LOOSE = ("of", "each", "the", "a", "an", "every", "all", "by", "from", "up", "its", "their")

_DONE = (
    "read", "see", "look up", "look at", "load", "fetch", "get", "show", "list", "search", "find", "store", "write", "record", "save",
    "update", "add", "count", "sum", "report", "book", "reserve", "post", "stream", "append", "delete", "keep", "collect", "serve",
)  # fmt: skip
_BEFORE_NOUNS = ("a", "an", "the", "new", "of", "each", "every", "no", "any", "its", "their", "our", "by", "from", "with", "in")
_STOP = r"(?=[,.;:!?()]|\s(?:and|or|but|which|that|who|when|while|where|so|since|until|after|before|for|on|in|to|with)\s|$)"
_VERBS = "|".join(verb.replace(" ", "s? ", 1) if " " in verb else f"{verb}(?:e?s)?" for verb in _DONE)
_PATTERN = re.compile(rf"\b(?P<verb>{_VERBS})\s+(?P<what>[^,.;:!?()]+?){_STOP}", re.IGNORECASE)
_RUNS = re.compile(
    r"\b((?:[a-z]+ly )?[a-z-]+ (?:export|import|batch|job|worker|service|function|importer|exporter))\b", re.IGNORECASE
)
_EVENT = re.compile(
    r"\b(?P<what>[a-z-]+) (?:is|are|was|were|has been|have been|gets|get) (?P<done>[a-z]{2,}ed|paid|sent|sold|left|built)\b",
    re.IGNORECASE,
)
_FALLBACK = {
    "access_patterns": "read {}",
    "components": "{} API",
    "interfaces": "{} API",
    "hand_overs": "{} changed",
    "processes": "{} process",
}


class Suggestion(Struct, frozen=True):
    """`of_description` says whether the words are the description's own."""

    name: str
    of_description: bool


def suggested_name(group: str, name: str, description: str) -> Suggestion:
    """A name for the first entry of a group.

    >>> suggested_name("access_patterns", "Cart", "The pages read the whole cart on nearly every view.").name
    'read the whole cart'
    >>> suggested_name("hand_overs", "Cart", "It is emptied after the order has been placed.").name
    'order placed'
    >>> suggested_name("components", "Cart", "").name
    'Cart API'
    """
    found = {"access_patterns": _read, "components": _run, "hand_overs": _event}.get(group, lambda _: "")(description)
    return Suggestion(found, True) if found else Suggestion(_FALLBACK[group].format(name), False)


def _read(text: str) -> str:
    text = re.sub(r"(?<=\d),(?=\d)", "", text)
    match = next((m for m in _PATTERN.finditer(text) if not _is_noun(text[: m.start()])), None)
    if not match:
        return ""
    words = match["what"].split()[:MOST_WORDS]
    while words and words[-1].lower() in _LOOSE:
        words.pop()
    if not words:
        return ""
    said = match["verb"].lower()
    verb = next(v for v in sorted(_DONE, key=len, reverse=True) if said.replace("s ", " ").startswith(v))
    return " ".join([verb, *words])


def _is_noun(before: str) -> bool:
    """Whether a word that may be a verb is the name of a thing, by the word before it: "new lists", "a record"."""
    words = before.split()
    return bool(words) and words[-1].lower() in _BEFORE_NOUNS


def _run(text: str) -> str:
    match = _RUNS.search(text)
    return re.sub(r"^(?:a|an|the|our|each|every) ", "", match[1], flags=re.IGNORECASE) if match else ""


def _event(text: str) -> str:
    for match in _EVENT.finditer(text):
        if match["what"].lower() not in ("it", "they", "that", "which", "this", "these", "and", "who", "what", "there"):
            return f"{match['what']} {match['done']}".lower()
    return ""
