"""The first page of a run, without what only the rules can tell: light, so that it can be drawn before they are read."""

from __future__ import annotations

from wa_advisor.wizard.screen import Place, Row, Screen

OPENING: Place = ("opening",)


def first_page(place: Place, file: str, size: str) -> Screen:
    """The page of a new file; `size` says how much there is to ask."""
    body = (
        size,
        f"- Each answer is saved in {file} at once. Stop when you like: the same command goes on from there.",
        "- I don't know is a good answer: the report says what depends on it.",
        "- Nothing leaves this machine.",
    )
    return Screen(
        place=place, kind="menu", title="wa-advisor", ask="Which AWS building blocks fit your workload?", body=body,
        rows=(Row(value="go", label="Begin"),), value="go", can_back=False, can_jump=False,
    )  # fmt: skip


def next_page(place: Place, name: str, body: tuple[str, ...], first: str, more: tuple[Row, ...] = ()) -> Screen:
    """The page of a file that is taken up again; `first` is where it goes on, `more` what else can be read."""
    rows = (
        Row(value="go", label="Go on where I was", meaning=first),
        Row(value="review", label="See and edit all answers"),
        Row(value="jump", label="Go to a part of it"),
        *more,
    )
    return Screen(
        place=place, kind="menu", title="wa-advisor", ask=f"Going on with {name}", body=body, rows=rows, value="go",
        can_back=False, can_jump=False,
    )  # fmt: skip


def early_page(file: str, *, there: bool) -> Screen:
    """What is shown of the first page while the rules are read."""
    if there:
        return next_page(OPENING, file, ("Reading it, and the rules ...",), "")
    return first_page(OPENING, file, "- Reading the rules ...")
