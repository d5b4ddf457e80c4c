"""Problems a user can mend, with the place they stand at; and the errors that carry them.

An exception holds data, the command line draws it: nothing here prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct


class Span(Struct, frozen=True):
    """A place in a text: file, line and column from 1, `end` the column after its last character."""

    file: str
    line: int = 0
    column: int = 0
    end: int = 0


class Problem(Struct, frozen=True):
    """One thing to mend. `message` ends in the step to take; `text` is the source line it is about."""

    span: Span
    message: str
    text: str = ""
    warning: bool = False

    def __str__(self) -> str:
        return render_problem(self)


def render_problem(problem: Problem) -> str:
    """`file:line:column: message`, then the line itself with a marker below the place."""
    span = problem.span
    where = span.file
    if span.line:
        where += f":{span.line}"
        if span.column:
            where += f":{span.column}"
    label = "warning: " if problem.warning else ""
    first = f"{where}: {label}{problem.message}"
    if not problem.text or not span.line:
        return first
    shown, start = _window(problem.text, span.column)
    width = max(1, min(span.end - span.column, len(shown) - start)) if span.end > span.column else 1
    gutter = str(span.line)
    lead = "".join("\t" if c == "\t" else " " for c in shown[:start])
    return f"{first}\n  {gutter} | {shown}\n  {' ' * len(gutter)} | {lead}{'^' * width}"


def cut(text: str, length: int = 40) -> str:
    """The text on one line, ended by a sign where it is longer than `length`."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}\u2026"


def _window(text: str, column: int) -> tuple[str, int]:
    """A line short enough to print, control characters made visible, and the offset of `column` in it."""
    clean = "".join(c if c == "\t" or c.isprintable() else "�" for c in text)
    start = max(0, column - 1)
    if len(clean) <= 160:
        return clean, min(start, len(clean))
    first = max(0, min(start - 60, len(clean) - 150))
    head = "..." if first else ""
    tail = "..." if first + 150 < len(clean) else ""
    return head + clean[first : first + 150] + tail, start - first + len(head)


class AdvisorError(Exception):
    """Something the user can mend; carries every problem found, in the order of the files."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = [problems] if isinstance(problems, Problem) else list(problems)
        self.problems: Sequence[Problem] = found
        super().__init__("\n".join(render_problem(p) for p in found))


class RulesError(AdvisorError):
    """The rule set has problems; nothing can be judged with it."""


class AnswersError(AdvisorError):
    """The answers file has problems; no report is made from it."""


class CommandError(AdvisorError):
    """The command line, or a file it names, cannot be used."""

    def __init__(self, message: str, where: str = "wa-advisor") -> None:
        super().__init__(Problem(Span(where), message))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is near."""
    import difflib  # only when something is wrong

    names = sorted(set(known))
    low = name.lower().replace("_", "-").strip()
    for other in names:
        if other.lower().replace("_", "-") == low:
            return other
    found = difflib.get_close_matches(name[:80], names, n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str], *, what: str = "known") -> str:
    """`; did you mean X?`, or a short list of what is known."""
    names = sorted(set(known))
    near = nearest(name, names)
    if near:
        return f"; did you mean {near}?"
    if not names:
        return ""
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"; {what}: {listed}"
