"""The commands that a run prints for going on: with the rules it was started with, and names as a shell takes them."""

from __future__ import annotations

from msgspec import Struct


class Again(Struct, frozen=True, kw_only=True):
    """What the commands of one run have in common: the answers file, the overlays, and whether lines were asked for."""

    answers: str
    rules: tuple[str, ...] = ()
    plain: bool = False

    @property
    def ask(self) -> str:
        return self.command("ask", "--plain" if self.plain else "")

    def command(self, name: str, *options: str) -> str:
        """`wa-advisor NAME ... ANSWERS`; options that are "" are left out."""
        words = ["wa-advisor", name, *(o for o in options if o), *(f"--rules {quoted(r)}" for r in self.rules)]
        return " ".join([*words, *(["--"] if self.answers.startswith("-") else []), quoted(self.answers)])


def quoted(path: str) -> str:
    """A path as it is typed in a shell; bytes that are no text are written as bash, ksh and zsh read them."""
    import shlex

    if path.isprintable():
        return shlex.quote(path)
    raw = path.encode("utf-8", "surrogateescape")
    return "$'" + "".join(chr(b) if 32 <= b < 127 and chr(b) not in "'\\" else f"\\{b:03o}" for b in raw) + "'"


def shown(path: str) -> str:
    """A path as it stands in a sentence: on one line, whatever is in it."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "�" for c in text)
