"""Places in a file that someone else has changed meanwhile: entries are found again by their name, not by their number."""

from __future__ import annotations

from collections.abc import Callable

from wa_advisor.model import GROUPS, Answers
from wa_advisor.wizard.screen import Place

BY_NUMBER = ("item", "entry", "one", "remove", "proposal")
"""Places that are about an entry, by its group and its number in it."""


def moved(before: Answers, after: Answers) -> Callable[[Place], Place | None]:
    """Gives for a place in `before` where it is in `after`; None if what it was about is gone."""
    now = {group: {item.name: i for i, item in enumerate(after.items(group))} for group in GROUPS}

    def find(place: Place) -> Place | None:
        if place[0] == "fix":  # about a line of the file as it was
            return None
        if place[0] not in BY_NUMBER:
            return place
        group, index = str(place[1]), int(place[2])
        items = before.items(group)
        number = now[group].get(items[index].name) if index < len(items) else None
        return None if number is None else (place[0], group, number, *place[3:])

    return find
