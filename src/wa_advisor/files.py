"""Finds, reads and writes files; knows where the rules are."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from wa_advisor.beside import default_mode, sweep, written
from wa_advisor.errors import AnswersError, CommandError, Problem, RulesError, Span
from wa_advisor.kept import kept, key_of, package_modules
from wa_advisor.model import RuleSet
from wa_advisor.ruleset.compile import compile_ruleset
from wa_advisor.ruleset.source import MAX_BYTES, Node, Source, decode, parse_yaml

_HERE = Path(__file__).resolve().parent
_GIVEN = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
_SECONDS_OF_A_WRITE = 60
"""A part that is older belongs to no process that still writes."""


def rules_directory() -> Path:
    """The shipped rule set: inside the installed package, else in the checkout."""
    packed = _HERE / "rules"
    return packed if packed.is_dir() else _HERE.parent.parent / "rules"


def read_bytes(path: str, most: int = MAX_BYTES, shown: str = "") -> bytes:
    """The bytes of a regular file, one more than `most` at most; CommandError says what is wrong with it, as `shown`.

    A pipe that this process was given by number (`<(...)` in a shell) is read to its end. Others are not: one in the
    file system may have nobody who writes to it, and would be waited for without an end.
    """
    shown = shown or path
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise CommandError("is a directory: name a file in it", shown)
        if stat.S_ISFIFO(mode) and path.startswith(_GIVEN):
            with open(path, "rb") as stream:
                return stream.read(most + 1)
        if not stat.S_ISREG(mode):
            raise CommandError("is no regular file: name one, or write - to read stdin", shown)
        with open(path, "rb", opener=_without_waiting) as stream:
            before = os.fstat(stream.fileno()).st_mtime_ns
            data = stream.read(most + 1)
            if os.stat(path).st_mtime_ns != before:
                raise CommandError("changed while it was read: run the command again", shown)
            return data or b""
    except FileNotFoundError:
        raise CommandError("no such file: check the path", shown) from None
    except PermissionError:
        raise CommandError("no permission to read it: change its mode or owner", shown) from None
    except (OSError, ValueError) as error:
        raise CommandError(f"cannot be read ({getattr(error, 'strerror', None) or error})", shown) from None


def _without_waiting(path: str, flags: int) -> int:
    """Opens without waiting for the other end, should a pipe have taken the place of the file this very moment."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_answers_text(path: str, stdin: bytes | None = None) -> str:
    """The text of an answers file; `-` is what stdin gave."""
    file = "-" if path == "-" else path
    data = stdin if path == "-" and stdin is not None else read_bytes(path)
    text, problems = decode(data, file)
    if problems:
        raise AnswersError(problems)
    return text


def load_ruleset(overlays: tuple[str, ...] = ()) -> RuleSet:
    """The shipped rule set with overlays on top; RulesError with all problems."""
    if not overlays:
        return _shipped_ruleset()
    sets = [("rules", _read_set(rules_directory(), "rules"))]
    for overlay in overlays:
        if not os.path.isdir(overlay):
            raise CommandError("is no directory of rules: name the folder that holds the YAML files", overlay)
        sets.append((Path(overlay).name, _read_set(Path(overlay), overlay)))
    return compile_ruleset(sets)


def _shipped_ruleset() -> RuleSet:
    """The shipped rule set: compiled once for each state of its files and of the compiler."""
    base = rules_directory()
    files = [(name, read_bytes(str(path))) for name, path in _rule_files(base, "rules")]
    parts = [part for name, data in files for part in (name.encode(), data)]
    key = key_of(parts, package_modules("ruleset"))
    return kept("rules", key, lambda: compile_ruleset([("rules", [_parsed(name, data) for name, data in files])]))


def load_directory(directory: str) -> RuleSet:
    """The rule set that stands whole in one folder; RulesError with all problems."""
    if not os.path.isdir(directory):
        raise CommandError("is no directory of rules: name the folder that holds the YAML files", directory)
    return compile_ruleset([("rules", _read_set(Path(directory), directory))])


def answers_below(path: str) -> list[str]:
    """The answers files of a folder, sorted: YAML files whose first key is `answers`; of a file itself."""
    if not os.path.isdir(path):
        return [path]
    found = sorted(p for p in Path(path).rglob("*.y*ml") if p.suffix in (".yaml", ".yml") and p.is_file())
    return [str(p) for p in found if _says_answers(p)]


def _says_answers(path: Path) -> bool:
    with path.open("rb") as stream:
        return any(line.startswith(b"answers:") for line in stream.read(4096).splitlines())


def _read_set(directory: Path, label: str) -> list[tuple[Node | None, Source]]:
    return [_parsed(name, read_bytes(str(path))) for name, path in _rule_files(directory, label)]


def _rule_files(directory: Path, label: str) -> list[tuple[str, Path]]:
    """(name in messages, path) of the rule files of a folder, in order; RulesError if there are none."""
    files = sorted(p for p in directory.rglob("*.y*ml") if p.suffix in (".yaml", ".yml"))
    if not files:
        raise RulesError(Problem(Span(label), "holds no rule files (*.yaml)"))
    return [(f"{label}/{path.relative_to(directory).as_posix()}", path) for path in files]


def _parsed(name: str, data: bytes) -> tuple[Node | None, Source]:
    text, problems = decode(data, name)
    return (None, Source(name, "", problems)) if problems else parse_yaml(text, name)


def write_text(path: str, text: str, most: int = 0o666) -> None:
    """Writes whole or not at all: a new file beside it, then a rename; what a link names is replaced, not the link.

    A file that is there keeps its mode. A new one is as readable as the umask and `most` allow: the mode of the file
    that it was made from, which may be private.
    """
    try:
        now = os.stat(path) if os.path.exists(path) else None
        if now is not None and stat.S_ISDIR(now.st_mode):
            raise CommandError("is a directory: name a file in it", path)
        if now is not None and not stat.S_ISREG(now.st_mode):
            Path(path).write_text(text, encoding="utf-8")
            return
        target = Path(os.path.realpath(path))
        sweep(target, older_than=_SECONDS_OF_A_WRITE)
        with written(target, text.encode("utf-8")) as part:
            os.chmod(part, stat.S_IMODE(now.st_mode) if now is not None else default_mode() & most)
            os.replace(part, target)
    except FileNotFoundError:
        raise CommandError("its folder does not exist: make it first", path) from None
    except OSError as error:
        raise CommandError(f"cannot be written ({error.strerror or error})", path) from None


def mode_of(path: str) -> int:
    """The mode of a file, to be the most that what is made from it may have; 0o666 where there is none."""
    try:
        now = os.stat(path)
    except (OSError, ValueError):
        return 0o666
    return stat.S_IMODE(now.st_mode) if stat.S_ISREG(now.st_mode) else 0o666
