"""One wizard's hold on one answers file: locked against a second wizard, saved whole or not at all.

The lock is on a file beside the answers (`.cart.yaml.lock`): the answers file itself is replaced at every save, and a
lock on a replaced file guards nothing. That is also why a file with several names (hard links) is not taken: replacing
it would part them in silence, writing into it would leave half a file where the process is killed, and which of the two
is meant nobody has said. A symbolic link stays one: what it names is replaced.

Nothing is ever written over what someone else has written meanwhile. The last look at the file is as near to the
rename as the system allows: the new file is on the disk by then, so that a slow or full one does not widen the gap.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from wa_advisor.beside import beside, default_mode, sweep, written
from wa_advisor.errors import AnswersError, CommandError
from wa_advisor.files import read_bytes
from wa_advisor.lock import locked, release, signals_later
from wa_advisor.ruleset.source import MAX_BYTES, decode

_BOM = b"\xef\xbb\xbf"
_MANY_NAMES = (
    "the file has several names (hard links), and a save would part them: give it one name by `cp FILE NEW; mv NEW FILE`"
)


class SaveError(Exception):
    """The text could not be saved, and nothing was written. The message ends in what to do."""


class ChangedOutside(Exception):
    """Someone else has written the file since it was last read or saved here; nothing was written over it."""


class AnswersFile:
    """An answers file held by this process; use it in a `with`."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self.target = Path(os.path.realpath(path))
        except OSError:  # the folder one is in was removed
            raise CommandError("its folder does not exist: make it first", path) from None
        self._lock: int | None = None
        self._bom = b""
        self._saved: bytes | None = None

    def __enter__(self) -> AnswersFile:
        self._refuse()
        try:
            with signals_later():
                self._lock = locked(self._lock_path, self.path)
            sweep(self.target)
        except BaseException:  # Ctrl-C at this very moment
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._lock is not None:
            release(self._lock_path, self._lock)
            self._lock = None

    @property
    def _lock_path(self) -> Path:
        return beside(self.target, "lock")

    def _refuse(self) -> None:
        """CommandError for a name under which answers cannot be kept: better told before the first question."""
        try:
            now = _stat(self.target)
            if not os.path.isdir(self.target.parent):
                raise CommandError("its folder does not exist: make it first", self.path)
        except OSError as error:
            raise CommandError(f"cannot be used ({error.strerror or error}): name another file", self.path) from None
        if now is None:
            return
        if stat.S_ISDIR(now.st_mode):
            raise CommandError("is a directory: name a file in it", self.path)
        if not stat.S_ISREG(now.st_mode):
            raise CommandError("is no regular file: name another one", self.path)
        if now.st_nlink > 1:
            raise CommandError(_MANY_NAMES, self.path)
        if not _may(self.target, os.W_OK):
            raise CommandError("is write-protected: make it writable, or name another file", self.path)

    # -- reading -------------------------------------------------------------------------------------------

    def read(self) -> str | None:
        """The text of the file as it is now, known from here on; None if there is no file yet, or nothing in it."""
        if _stat(self.target) is None:
            self._saved = None
            return None
        text, data = self._look()
        self._take(data)
        return text if text.strip() else None

    def look(self) -> str:
        """The text as it is now, which stays someone else's until it is taken over; AdvisorError if it is no text."""
        text, _ = self._look()
        if not text.strip():
            raise CommandError("there is nothing in it", self.path)
        return text

    def take_over(self, text: str) -> None:
        """What was found by `look` is known from here on."""
        found, data = self._look()
        if found == text:
            self._take(data)

    def _look(self) -> tuple[str, bytes]:
        data = read_bytes(str(self.target), shown=self.path)
        text, problems = decode(data, self.path)
        if problems:
            raise AnswersError(problems)
        return text, data

    def _take(self, data: bytes) -> None:
        self._saved = data
        self._bom = _BOM if data.startswith(_BOM) else b""

    # -- how it stands -------------------------------------------------------------------------------------

    @property
    def owner_notice(self) -> str:
        """What is to be told where a save makes another person's file one's own; "" where it does not."""
        now = _stat(self.target)
        if now is None or not hasattr(os, "geteuid") or os.geteuid() in (0, now.st_uid):
            return ""
        return "The file belongs to someone else: an answer saved here makes it yours. Its group and its mode stay."

    @property
    def standing(self) -> str:
        """How the file stands against what was last read or saved: `saved`, `none` (nothing was), `changed` or `gone`."""
        if _missing(self.target):
            return "none" if self._saved is None else "gone"
        try:
            same = read_bytes(str(self.target), shown=self.path) == self._saved
        except CommandError:
            same = False
        return "saved" if same and self._here() else "changed"

    def _here(self) -> bool:
        """Whether the name still leads to the file that is held."""
        return os.path.realpath(self.path) == str(self.target)

    def _look_again(self) -> None:
        """ChangedOutside, or SaveError where the file is no longer one that can be replaced."""
        if not self._here():
            raise SaveError(f"{self.path} leads to another file now: put back what was there, or stop and begin again")
        now = _stat(self.target)
        if now is None:
            if self._saved is not None:
                raise SaveError("the file is gone: answer once more, and it is made anew with all answers")
            return
        if not stat.S_ISREG(now.st_mode):
            raise SaveError("what stands in the place of the file is no regular file: put the file back, then answer again")
        if now.st_nlink > 1:
            raise SaveError(_MANY_NAMES)
        if not _may(self.target, os.W_OK):
            raise SaveError("the file is write-protected now: make it writable, then answer again")
        try:
            same = read_bytes(str(self.target), shown=self.path) == self._saved
        except CommandError:
            same = False
        if not same:
            raise ChangedOutside

    # -- saving --------------------------------------------------------------------------------------------

    def save(self, text: str) -> None:
        """Puts a new file in the place of the old one, with its mode, owner and group; ChangedOutside, SaveError."""
        data = self._bom + text.encode("utf-8")
        if len(data) > MAX_BYTES:
            most = MAX_BYTES // 1_000_000
            raise SaveError(
                f"not saved: the file would be larger than {most} MB, which is the most that is read: shorten this answer"
            )
        try:
            with written(self.target, data) as part:
                _dress(part, self.target)
                self._look_again()
                os.replace(part, self.target)
        except SaveError as error:
            if _missing(self.target):
                self._saved = None  # told once; the next answer makes it anew
            raise SaveError(f"not saved: {error}") from None
        except OSError as error:
            raise SaveError(f"not saved ({error.strerror or error}): {_remedy(error)}") from None
        self._saved = data


def _stat(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _missing(path: Path) -> bool:
    return not os.path.lexists(path)


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def _dress(part: Path, target: Path) -> None:
    """The mode, owner, group and extended attributes of the old file on the new one, as far as this user may give them."""
    before = _stat(target)
    if before is None:
        os.chmod(part, default_mode())
        return
    now = os.stat(part)
    if hasattr(os, "chown") and (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        try:
            os.chown(part, before.st_uid, before.st_gid)
        except PermissionError:
            with suppress(PermissionError):
                os.chown(part, -1, before.st_gid)
    os.chmod(part, stat.S_IMODE(before.st_mode))
    if hasattr(os, "listxattr"):  # Linux
        with suppress(OSError):
            for name in os.listxattr(target):
                with suppress(OSError):
                    os.setxattr(part, name, os.getxattr(target, name))


def _remedy(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "free some space, then answer again; everything saved before is kept"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "make the folder writable, then answer again; everything saved before is kept"
    if error.errno == errno.ENOENT:
        return "the folder of the file is gone: put it back, then answer again"
    return "mend that, then answer again"
