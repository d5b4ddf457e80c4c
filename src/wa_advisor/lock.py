"""An advisory lock on a file of its own, which tells who holds it.

The system lets go of it when the process ends, however it ends, so that no stale lock ever has to be judged.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wa_advisor.errors import CommandError


def locked(path: Path, shown: str) -> int:
    """The descriptor of the lock file, with the lock on it; CommandError about `shown` names the process that holds it."""
    for _ in range(20):
        lock = _opened(path, shown)
        if not _try_lock(lock):
            owner = _owner(lock)
            os.close(lock)
            raise CommandError(f"another wizard has it open{owner}: finish that one, or name another file", shown)
        if _same_file(path, lock):
            with suppress(OSError):  # who holds it is a kindness only: a full disk must not stop the wizard
                os.ftruncate(lock, 0)
                os.write(lock, f"{os.getpid()}\n".encode())
            return lock
        os.close(lock)
    raise CommandError("cannot be locked: try again", shown)


@contextmanager
def signals_later() -> Iterator[None]:
    """What would end the process waits for the end of the block: between the file and the lock on it nobody knows of either."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def release(path: Path, lock: int) -> None:
    """Lets go. The file is removed while still held: who opens it later finds another file and tries again."""
    if os.name == "nt":  # where an open file cannot be removed
        os.close(lock)
    with suppress(OSError):
        path.unlink(missing_ok=True)
    if os.name != "nt":
        with suppress(OSError):
            os.close(lock)


def _opened(path: Path, shown: str) -> int:
    # a link planted under this name must not have what it names emptied
    flags = os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        return os.open(path, flags | os.O_RDWR, 0o666)
    except OSError as error:
        if isinstance(error, PermissionError):
            with suppress(OSError):  # what another user has left: to lock it, reading is enough
                return os.open(path, flags & ~os.O_CREAT | os.O_RDONLY)
        raise CommandError(f"cannot be locked ({error.strerror or error}): {_remedy(path, error)}", shown) from None


def _remedy(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free some space first"
    if os.path.lexists(path):
        return f"{path.name} beside it is in the way: remove it if no other wizard has the file open"
    return "its folder has to be writable"


def _owner(lock: int) -> str:
    """` (process 4711)`, or nothing where that cannot be told."""
    with suppress(OSError):
        os.lseek(lock, 0, os.SEEK_SET)
        owner = os.read(lock, 40).strip()
        return f" (process {owner.decode()})" if owner.isdigit() else ""
    return ""


def _try_lock(lock: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(lock, 1_000, os.SEEK_SET)  # beyond the text, so that the other process can read who holds it
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # only Windows has it
            os.lseek(lock, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _same_file(path: Path, lock: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(lock))
    except OSError:
        return False
