"""What stands beside a file while it is worked on: its lock, and the new file that is to take its place.

A file is written whole or not at all: the new one beside it, on the disk to its last byte, then a rename. What a
process that was killed has left half written is known by its name and taken away by the next one that writes.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LONGEST = 200
"""Bytes of a name that others can still be made from: file systems take 255."""


def beside(target: Path, ending: str) -> Path:
    """`.NAME.ENDING` in the folder of `target`; a very long name is stood for by its digest."""
    name = target.name
    if len(os.fsencode(name)) > _LONGEST:
        import hashlib

        name = hashlib.sha256(os.fsencode(name)).hexdigest()[:32]
    return target.with_name(f".{name}.{ending}")


@contextmanager
def written(target: Path, data: bytes) -> Iterator[Path]:
    """A new file beside `target` with the data in it, readable by its owner only; taken away if nobody has renamed it."""
    part = beside(target, f"{os.urandom(4).hex()}.part")
    try:
        with open(part, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def sweep(target: Path, *, older_than: float = 0.0) -> None:
    """Takes away the parts of `target` that were left half written, if they are so many seconds old; nothing else."""
    ours = re.compile(re.escape(beside(target, "").name) + r"[0-9a-f]{8}\.part")
    with suppress(OSError):
        for entry in os.scandir(target.parent):
            if ours.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    if not older_than or time.time() - entry.stat(follow_symlinks=False).st_mtime > older_than:
                        os.unlink(entry.path)


def default_mode() -> int:
    """The mode of a new file as the umask has it."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
