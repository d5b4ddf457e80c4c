"""The order of statements inside sessions -> transactions, and lookups repeated one after the other.

Blocks arrive in the order of the file; what is open at the end of one goes on in the next. Only the shapes of transactions
are kept, each once with its count, so memory does not grow with the log.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from operator import eq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wa_advisor.evidence.tally import Counted, Tally

MAX_TRANSACTIONS = 20_000
MAX_SESSIONS = 50_000
MAX_OPEN = 2_000
MIN_RUN = 3
_RUNS = {period: re.compile(b"\x01{%d,}" % (period * (MIN_RUN - 1))) for period in (1, 2, 3)}
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
            if len(numbers) >= MIN_RUN:
                self._add_runs(numbers)
            if session in self._open or not controls.isdisjoint(numbers):
                self._add_transactions(session, numbers, control_of)
        self._flush()
        return found

    def _add_runs(self, numbers: Sequence[int]) -> None:
        """Statements that come again and again, alone or in turn with one or two others: `a a a`, `a b a b a b`."""
        statements = self._tally.statements
        for period, pattern in _RUNS.items():
            for match in pattern.finditer(bytes(map(eq, numbers, islice(numbers, period, None)))):
                start = match.start()
                cycle = numbers[start : start + period]
                if len(set(cycle)) < period or any(statements[n].control for n in cycle):
                    continue  # a shorter cycle, or transactions one after the other
                times = (match.end() - start) // period + 1
                for number in cycle:
                    one = statements[number]
                    one.repeated += times
                    one.runs += 1
                    if start:
                        one.after[numbers[start - 1]] += 1

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
