"""One wizard's hold on one answers file: locked against a second wizard, saved whole or not at all.

The lock is an advisory lock on a file beside the answers (`.cart.yaml.lock`): the answers file itself is
replaced at every save, and a lock on a replaced file guards nothing. The system lets go of it when the
process ends, however it ends, so that no stale lock ever has to be judged.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from wa_advisor.errors import AnswersError, CommandError
from wa_advisor.files import read_bytes
from wa_advisor.ruleset.source import decode

_BOM = b"\xef\xbb\xbf"


class SaveError(Exception):
    """The text could not be saved; what was saved before is still there. The message ends in what to do."""


class AnswersFile:
    """An answers file held by this process; use it in a `with`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.target = Path(os.path.realpath(path))  # a link stays a link: what it names is replaced
        self._lock: IO[str] | None = None
        self._bom = b""
        self._saved: bytes | None = None

    def __enter__(self) -> AnswersFile:
        if self.target.is_dir():
            raise CommandError("is a directory: name a file in it", self.path)
        if not self.target.parent.is_dir():
            raise CommandError("its folder does not exist: make it first", self.path)
        self._lock = _locked(self._beside(".lock"), self.path)
        self._sweep()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._lock is not None:
            # removed while still held: who opens it later finds another file and tries again
            if os.name == "nt":  # where an open file cannot be removed
                self._lock.close()
            with suppress(OSError):
                self._beside(".lock").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def read(self) -> str | None:
        """The text of the file as it is now; None if there is no file yet."""
        if not self.target.exists():
            self._saved = None
            return None
        data = read_bytes(str(self.target))
        text, problems = decode(data, self.path)
        if problems:
            raise AnswersError(problems)
        self._saved = data
        self._bom = _BOM if data.startswith(_BOM) else b""
        return text

    def changed_outside(self) -> bool:
        """Whether someone else has written the file since it was last read or saved here."""
        try:
            return self.target.read_bytes() != self._saved
        except FileNotFoundError:
            return self._saved is not None
        except OSError:
            return False

    def save(self, text: str) -> None:
        """Writes a new file beside the old one, then puts it in its place; its mode is kept."""
        data = self._bom + text.encode("utf-8")
        name = ""
        try:
            mode = stat.S_IMODE(self.target.stat().st_mode) if self.target.exists() else None
            handle, name = tempfile.mkstemp(dir=self.target.parent, prefix=f".{self.target.name}.", suffix=".part")
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(name, _new_mode() if mode is None else mode)
            os.replace(name, self.target)
        except OSError as error:
            if name:
                Path(name).unlink(missing_ok=True)
            why = error.strerror or str(error)
            raise SaveError(f"not saved ({why}): {_remedy(error)}; everything saved before is kept") from None
        self._saved = data

    def _beside(self, ending: str) -> Path:
        return self.target.with_name(f".{self.target.name}{ending}")

    def _sweep(self) -> None:
        """Takes away what a wizard that was killed while saving left half written."""
        for part in self.target.parent.glob(f".{_literal(self.target.name)}.*.part"):
            part.unlink(missing_ok=True)


def _literal(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _new_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _remedy(error: OSError) -> str:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "free some space, then answer again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "make the folder writable, then answer again"
    return "mend that, then answer again"


def _locked(path: Path, shown: str) -> IO[str]:
    """An open file with the lock on it; CommandError names the process that holds it."""
    for _ in range(20):
        try:
            stream = open(path, "a+", encoding="utf-8")
        except OSError as error:
            why = error.strerror or str(error)
            raise CommandError(f"cannot be locked ({why}): its folder has to be writable", shown) from None
        if not _try_lock(stream):
            stream.seek(0)
            owner = stream.read(40).strip()
            stream.close()
            who = f" (process {owner})" if owner.isdigit() else ""
            raise CommandError(f"another wizard has it open{who}: finish that one, or name another file", shown)
        if _same_file(path, stream):
            with suppress(OSError):  # who holds it is a kindness only: a full disk must not stop the wizard
                stream.truncate(0)
                stream.write(f"{os.getpid()}\n")
                stream.flush()
            return stream
        stream.close()
    raise CommandError("cannot be locked: try again", shown)


def _try_lock(stream: IO[str]) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            stream.seek(1_000)  # beyond the text, so that the other process can read who holds it
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # only Windows has it
        else:
            import fcntl

            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _same_file(path: Path, stream: IO[str]) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False
