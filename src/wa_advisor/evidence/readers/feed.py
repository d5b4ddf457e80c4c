"""A byte stream, unpacked and cleaned: gzip, zstd, bzip2 and xz opened, UTF-16 turned into UTF-8, one kind of line end.

Nothing is read whole: a block is what the caller asks for. A stream that ends early gives what it had, and
`cut_short` says so.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from wa_advisor.errors import AdvisorError, CommandError, Problem, Span

BLOCK = 4 << 20
MAX_RECORD = 64 << 20


class _Reads(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Feed:
    """Clean bytes of a stream, in order. `taken` counts the bytes of the stream itself, for progress."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self.cut_short = ""
        self.taken = 0
        self._stream = stream
        self._head = b""
        self._carriage = b""
        self._source: _Reads = _Counted(self)
        self._unpack()
        self._decoder = self._wide()

    # -- opening ---------------------------------------------------------------------------------------

    def _raw(self, size: int) -> bytes:
        data = self._head[:size]
        self._head = self._head[size:]
        if len(data) < size:
            more = self._stream.read(size - len(data))
            self.taken += len(more)
            data += more
        return data

    def _unpack(self) -> None:
        self._head = self._raw(8)
        for magic, (name, make) in _PACKED.items():
            if self._head.startswith(magic):
                self._source = _Unpacked(self._source, make, name)
        if self._head.startswith(b"PK\x03\x04"):
            raise CommandError("is a zip archive: unpack it and name the file in it", self.name)

    def _wide(self) -> codecs.IncrementalDecoder | None:
        """A decoder when the text is UTF-16; the mark of UTF-8 is dropped."""
        start = self._unpacked(4)
        encoding = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(start[:2])
        self._ahead = start[2:] if encoding else start.removeprefix(b"\xef\xbb\xbf")
        return codecs.getincrementaldecoder(encoding)("replace") if encoding else None

    def _unpacked(self, size: int) -> bytes:
        if self.cut_short:
            return b""
        try:
            return self._source.read(size)
        except EOFError as error:
            self.cut_short = str(error)
        return b""

    # -- reading ---------------------------------------------------------------------------------------

    def read(self, size: int = BLOCK) -> bytes:
        """About `size` clean bytes; empty at the end."""
        while True:
            data = self._ahead + self._unpacked(size)
            self._ahead = b""
            last = not data
            if self._decoder is not None:
                data = self._decoder.decode(data, last).encode("utf-8", "replace")
            data = self._carriage + data
            self._carriage = b""
            if data.endswith(b"\r") and not last:
                data, self._carriage = data[:-1], b"\r"
            if data or last:
                return _clean(data)

    def blocks(self, sample: bytes, cut: Callable[[bytes], int], size: int = BLOCK) -> Iterator[tuple[bytes, int]]:
        """(block, line of its first byte): `sample` was read before; `cut` finds where the last record begins."""
        line = 1
        rest = sample
        while True:
            data = self.read(size)
            rest += data
            if not data:
                if rest:
                    yield rest, line
                return
            if len(rest) < size:
                continue
            at = cut(rest)
            if not at:
                self._bounded(rest, line)
            if at:
                block, rest = rest[:at], rest[at:]
                yield block, line
                line += block.count(b"\n")

    def _bounded(self, rest: bytes, line: int) -> None:
        """Raises when one record is larger than any statement: a quote before it is not closed, or the file is no log."""
        if len(rest) > MAX_RECORD:
            message = f"one record of more than {MAX_RECORD >> 20} MB begins here: is a quote not closed?"
            blank = len(rest) - len(rest.lstrip())
            raise AdvisorError(Problem(Span(self.name, line + rest.count(b"\n", 0, blank)), message))

    def lines(self, sample: bytes) -> Iterator[str]:
        """The lines as text, with their ends; a byte that is no UTF-8 is read as Latin-1."""
        rest = sample
        line = 1
        while True:
            data = self.read()
            rest += data
            at = rest.rfind(b"\n") + 1 if data else len(rest)
            self._bounded(rest if not at else b"", line)
            line += rest.count(b"\n", 0, at)
            if at:
                yield from _split(text_of(rest[:at]))
            rest = rest[at:]
            if not data:
                return


def _latin(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("wa_advisor.latin", _latin)


def text_of(data: bytes) -> str:
    """UTF-8 text; bytes that are none are read as Latin-1."""
    return data.decode("utf-8", "wa_advisor.latin")


def _split(text: str) -> list[str]:
    """Lines with their ends, split at line feeds only: other separators may stand inside a statement."""
    parts = text.split("\n")
    return [p + "\n" for p in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _clean(data: bytes) -> bytes:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    return data.replace(b"\x00", b" ") if b"\x00" in data else data


class _Counted:
    """The stream as the unpackers see it."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def read(self, size: int = BLOCK) -> bytes:
        return self._feed._raw(BLOCK if size < 0 else size)


class _Frame(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


def _gzip() -> _Frame:
    import zlib

    return zlib.decompressobj(wbits=31)


def _zstd() -> _Frame:
    try:
        import zstandard
    except ImportError:
        raise CommandError("zstd needs the package zstandard: install it, or unpack the file") from None
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()


def _bzip2() -> _Frame:
    import bz2

    return bz2.BZ2Decompressor()


def _xz() -> _Frame:
    import lzma

    return lzma.LZMADecompressor()


_PACKED: dict[bytes, tuple[str, Callable[[], _Frame]]] = {
    b"\x1f\x8b": ("gzip", _gzip), b"\x28\xb5\x2f\xfd": ("zstd", _zstd), b"BZh": ("bzip2", _bzip2), b"\xfd7zXZ\x00": ("xz", _xz),
}  # fmt: skip


class _Unpacked:
    """Frames of one kind, unpacked a small piece at a time so that a bomb cannot fill the memory.

    What was unpacked before the data ends or breaks is given first; the next read raises.
    """

    def __init__(self, source: _Reads, make: Callable[[], _Frame], name: str) -> None:
        self._source = source
        self._make = make
        self._name = name
        self._frame = make()
        self._ready = b""
        self._open = True
        self._broken = ""

    def read(self, size: int = BLOCK, /) -> bytes:
        parts = [self._ready]
        have = len(self._ready)
        while have < size and not self._broken and (piece := self._source.read(4096)):
            parts.append(self._unpack(piece))
            have += len(parts[-1])
        data = b"".join(parts)
        self._ready = data[size:]
        if not data and (self._broken or self._open):
            raise EOFError(self._broken or f"the {self._name} file ends early")
        return data[:size]

    def _unpack(self, piece: bytes) -> bytes:
        out = b""
        try:
            while piece:
                self._open = True
                out += self._frame.decompress(piece)
                if not self._frame.eof:
                    break
                piece = self._frame.unused_data.lstrip(b"\x00")
                self._frame = self._make()
                self._open = False
        except MemoryError:
            raise
        except Exception:  # each library has errors of its own for damaged data
            self._broken = f"the {self._name} file is damaged"
        return out
