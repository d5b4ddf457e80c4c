"""The order of statements inside sessions -> transactions, and lookups repeated one after the other.

Blocks arrive in the order of the file; what is open at the end of one goes on in the next. Only the shapes of transactions
are kept, each once with its count, so memory does not grow with the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby, islice
from operator import eq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wa_advisor.evidence.tally import Counted, Tally

MAX_TRANSACTIONS = 20_000
MAX_SESSIONS = 50_000
MAX_OPEN = 2_000
MIN_RUN = 3
NOTHING, BEGIN, COMMIT, ROLLBACK = range(4)


class SessionTally:
    """Adds each block's sessions to the tally."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._open: dict[bytes, list[int]] = {}
        self._seen: Counter[tuple[int, ...]] = Counter()

    def add(self, sessions: Mapping[bytes, Sequence[int]], known: Mapping[int, Sequence[Counted]]) -> bool:
        """Whether there was a session; `known` tells the statements of the block's local numbers."""
        numbers_of = {n: found[0].number for n, found in known.items() if len(found) == 1}
        control_of = {c.number: c.control for found in known.values() for c in found if c.control}
        controls = frozenset(control_of)
        found = False
        for session, local in sessions.items():
            if not session:
                continue
            found = True
            numbers = _translated(local, numbers_of, known)
            if any(map(eq, numbers, islice(numbers, 1, None))):
                self._add_runs(numbers)
            if session in self._open or not controls.isdisjoint(numbers):
                self._add_transactions(session, numbers, control_of)
        self._flush()
        return found

    def _add_runs(self, numbers: Sequence[int]) -> None:
        statements = self._tally.statements
        before = -1
        for number, group in groupby(numbers):
            length = sum(1 for _ in group)
            if length >= MIN_RUN:
                one = statements[number]
                one.repeated += length
                one.runs += 1
                if before >= 0:
                    one.after[before] += 1
            before = number

    def _add_transactions(self, session: bytes, numbers: list[int], control_of: Mapping[int, int]) -> None:
        current = self._open.pop(session, None)
        start = 0
        for place in [i for i, n in enumerate(numbers) if n in control_of]:
            control = control_of[numbers[place]]
            if control == COMMIT and current is not None:
                self._seen[tuple((current + numbers[start:place])[:MAX_OPEN])] += 1
            self._tally.rolled_back += control == ROLLBACK and current is not None
            current = [] if control == BEGIN else None
            start = place + 1
        if current is not None and len(self._open) < MAX_SESSIONS:
            self._open[session] = (current + numbers[start:])[:MAX_OPEN]

    def _flush(self) -> None:
        """Sequences become shapes: which statements, how often each."""
        found = self._tally.transactions
        for sequence, count in self._seen.items():
            key = tuple(sorted(Counter(sequence).items()))
            if not key:
                continue
            if key in found or len(found) < MAX_TRANSACTIONS:
                found[key] += count
            else:
                self._tally.overflowed += count
        self._seen.clear()


def _translated(local: Sequence[int], numbers_of: Mapping[int, int], known: Mapping[int, Sequence[Counted]]) -> list[int]:
    """The statements' own numbers; a text of several statements gives several."""
    try:
        return list(map(numbers_of.__getitem__, local))
    except KeyError:
        return [one.number for n in local for one in known[n]]
