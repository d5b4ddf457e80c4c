"""What costs time to make and is the same for the same source: kept beside Python's own compiled files.

The place is the package's `__pycache__`, under the rules that Python has for it: nothing is written where Python itself
would not write (`PYTHONDONTWRITEBYTECODE`, a folder that is read-only), `PYTHONPYCACHEPREFIX` moves it, and who may change a
file there may change the program anyway. So a pickle is as safe to read as the modules next to it. A file is used only if its
key fits: a digest of the source, of this package's code and of Python's version. Anything else is made again.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_HERE = Path(__file__).resolve().parent
_MAGIC = b"wa-advisor kept 1\n"


def key_of(parts: Iterable[bytes], modules: Iterable[Path] = ()) -> bytes:
    """A digest of the parts, of Python's version, and of the modules as they stand (path, size, time of change)."""
    digest = hashlib.sha256(sys.version.encode())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    for module in modules:
        try:
            stat = module.stat()
        except OSError:
            continue
        digest.update(f"{module.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.digest()


def package_modules(*folders: str) -> list[Path]:
    """The modules of the package itself, and of some of its folders."""
    return sorted([*_HERE.glob("*.py"), *(p for folder in folders for p in (_HERE / folder).glob("*.py"))])


def kept(name: str, key: bytes, make: Callable[[], T]) -> T:
    """What was kept under this name for this key, else what `make` makes, which is then kept."""
    path = Path(cache_from_source(str(_HERE / f"{name}.py"))).with_suffix(".kept")
    found = _read(path, key)
    if found is not None:
        return found[0]  # type: ignore[return-value]  # its type is what `make` made under the same key
    made = make()
    if not sys.dont_write_bytecode:
        _write(path, key, made)
    return made


def _read(path: Path, key: bytes) -> tuple[object] | None:
    try:
        data = path.read_bytes()
        if data.startswith(_MAGIC + key):
            return (pickle.loads(memoryview(data)[len(_MAGIC) + len(key) :]),)
    except Exception:  # whatever is wrong with it, it is made again
        return None
    return None


def _write(path: Path, key: bytes, made: object) -> None:
    """Whole or not at all; a folder that cannot be written to is no fault."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        part.write_bytes(_MAGIC + key + pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
        os.replace(part, path)
    except (OSError, pickle.PicklingError):
        with suppress(OSError):
            part.unlink(missing_ok=True)
