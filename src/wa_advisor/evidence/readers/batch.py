"""What one block of a log says, in columns and counts: small enough to hand from one process to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from msgspec import Struct, field

from wa_advisor.evidence.rough import RoughKeys

MAX_KEYS = 40_000
MAX_NAMED = 20
MAX_EXACT = 8 << 20  # bytes of texts kept to be met again


class Batch(Struct, kw_only=True):
    """`new` are texts met for the first time: (local number, text, line). The other fields speak of those numbers.

    `last` is each session's last statement logged before it ran (it may still fail), `orphans` are failures
    (session, text) whose statement stands in an earlier block. `forget` says that local numbers start anew.
    """

    new: list[tuple[int, bytes, int]] = field(default_factory=list)
    calls: Counter[int] = field(default_factory=Counter)
    seconds: Counter[tuple[bytes, int]] = field(default_factory=Counter)
    sessions: dict[bytes, list[int]] = field(default_factory=dict)
    rows: dict[int, tuple[int, int]] = field(default_factory=dict)
    last: dict[bytes, int] = field(default_factory=dict)
    orphans: list[tuple[bytes, bytes]] = field(default_factory=list)
    misfits: list[tuple[int, str]] = field(default_factory=list)
    misfit_count: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    fastest: float | None = None
    timed: int = 0
    forget: bool = False
    notes: list[str] = field(default_factory=list)


class Columns(Struct, kw_only=True):
    """The statements of one block, one entry each in every list that is not empty. `unescape` makes plain text of texts."""

    texts: Sequence[bytes]
    unescape: Callable[[bytes], bytes] | None = None
    seconds: Sequence[bytes] = ()
    sessions: Sequence[bytes] = ()
    rows: Sequence[int] = ()
    line_of: Callable[[int], int]


class Collector:
    """Turns columns into Batches; remembers which texts it has sent."""

    def __init__(self, family: str, keep: frozenset[str] = frozenset()) -> None:
        self._rough = RoughKeys(family, keep)
        self._known: dict[bytes, int] = {}
        self._exact: dict[bytes, int] = {}
        self._size = 0

    def key(self, text: bytes) -> bytes:
        return self._rough.keys([text])[0]

    def batch(self, columns: Columns) -> tuple[Batch, list[int]]:
        """The Batch, and the local number of each statement."""
        batch = Batch(forget=len(self._known) > MAX_KEYS)
        if batch.forget:
            self._known.clear()
            self._exact.clear()
            self._size = 0
        numbers = self._numbers(columns, batch)
        batch.calls = Counter(numbers)
        if columns.seconds:
            batch.seconds = Counter(zip(columns.seconds, numbers, strict=True))
        if columns.sessions:
            batch.sessions = by_session(columns.sessions, numbers)
        if columns.rows:
            batch.rows = _add_rows(numbers, columns.rows)
        return batch, numbers

    def _numbers(self, columns: Columns, batch: Batch) -> list[int]:
        """The local number of each text. Texts seen before, letter by letter, need no key: most logs repeat themselves."""
        texts = columns.texts
        exact = self._exact
        numbers = list(map(exact.get, texts))
        places = [i for i, n in enumerate(numbers) if n is None] if None in numbers else []
        if places:
            found = self._by_key(texts, places, columns, batch)
            for i in places:
                numbers[i] = found[texts[i]]
            self._remember(found)
        return numbers  # type: ignore[return-value]  # every None was filled above; a copy without them would double the work

    def _by_key(self, texts: Sequence[bytes], places: Sequence[int], columns: Columns, batch: Batch) -> dict[bytes, int]:
        """{text: local number} of texts that were not met letter by letter; new keys go into the batch."""
        first = {texts[i]: i for i in reversed(places)}
        fresh = list(dict.fromkeys([texts[i] for i in places]))
        found: dict[bytes, int] = {}
        plain = columns.unescape(b"\x00".join(fresh)).split(b"\x00") if columns.unescape else fresh
        for text, readable, key in zip(fresh, plain, self._rough.keys(plain), strict=True):
            number = self._known.get(key)
            if number is None:
                number = self._known[key] = len(self._known)
                batch.new.append((number, readable, columns.line_of(first[text])))
            found[text] = number
        return found

    def _remember(self, found: dict[bytes, int]) -> None:
        self._size += sum(map(len, found))
        if self._size > MAX_EXACT:
            self._exact.clear()
            self._size = 0
        self._exact.update(found)


def by_session(sessions: Sequence[bytes], numbers: Sequence[int]) -> dict[bytes, list[int]]:
    """The numbers of each session in the order of the log."""
    found: dict[bytes, list[int]] = {}
    get = found.get
    for session, number in zip(sessions, numbers, strict=True):
        listed = get(session)
        if listed is None:
            found[session] = [number]
        else:
            listed.append(number)
    return found


def _add_rows(numbers: Sequence[int], rows: Sequence[int]) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for number, count in zip(numbers, rows, strict=True):
        if count >= 0:
            total, calls = found.get(number, (0, 0))
            found[number] = (total + count, calls + 1)
    return found


def name_misfits(batch: Batch, found: Sequence[tuple[int, bytes]]) -> None:
    """Counts lines that fit no form, and names the first of them without their content."""
    batch.misfit_count += len(found)
    batch.misfits += [(line, _kind_of(text)) for line, text in found[:MAX_NAMED]]


def _kind_of(text: bytes) -> str:
    """What a line looks like, in words: its text may hold a secret and is never shown."""
    body = text.strip()
    if not body:
        return "an empty line"
    if b"\xff" in body or b"\x00" in body:
        return "bytes that are no text"
    return f"{len(body):,} characters of another form"
