"""Finds, reads and writes files; knows where the rules are."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from wa_advisor.errors import AnswersError, CommandError, Problem, RulesError, Span
from wa_advisor.kept import kept, key_of, package_modules
from wa_advisor.model import RuleSet
from wa_advisor.ruleset.compile import compile_ruleset
from wa_advisor.ruleset.source import MAX_BYTES, Node, Source, decode, parse_yaml

_HERE = Path(__file__).resolve().parent


def rules_directory() -> Path:
    """The shipped rule set: inside the installed package, else in the checkout."""
    packed = _HERE / "rules"
    return packed if packed.is_dir() else _HERE.parent.parent / "rules"


def read_bytes(path: str, most: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file (or a pipe), one more than `most` at most; CommandError says what is wrong with it."""
    try:
        if os.path.isdir(path):
            raise CommandError("is a directory: name a file in it", path)
        with open(path, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return stream.read(most + 1)
            before = os.fstat(stream.fileno()).st_mtime_ns
            data = stream.read(most + 1)
            if os.stat(path).st_mtime_ns != before:
                raise CommandError("changed while it was read: run the command again", path)
            return data
    except FileNotFoundError:
        raise CommandError("no such file: check the path", path) from None
    except PermissionError:
        raise CommandError("no permission to read it: change its mode or owner", path) from None
    except (OSError, ValueError) as error:
        raise CommandError(f"cannot be read ({getattr(error, 'strerror', None) or error})", path) from None


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


def write_text(path: str, text: str) -> None:
    """Writes whole or not at all: a new file beside it, then a rename."""
    target = Path(path)
    try:
        if target.is_dir():
            raise CommandError("is a directory: name a file in it", path)
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")
            return
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, mode if mode is not None else 0o666 & ~mask)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except FileNotFoundError:
        raise CommandError("its folder does not exist: make it first", path) from None
    except OSError as error:
        raise CommandError(f"cannot be written ({error.strerror or error})", path) from None
