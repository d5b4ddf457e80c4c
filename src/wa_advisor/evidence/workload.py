"""Counted statements -> the Workload: every shape judged once, the mix with what it does not say.

Shares are over key-value, single-table and relational. Not counted and opaque stand beside them; when too much is
opaque, or a log holds slow statements only, there is no headline and `why_no_mix` says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from wa_advisor.evidence.fingerprint import Shape
from wa_advisor.evidence.interval import could_be_keyed, interval_of
from wa_advisor.evidence.judged import COUNTED, NAMES, Judged
from wa_advisor.evidence.observed import observe
from wa_advisor.evidence.sql.record import Statement
from wa_advisor.evidence.tally import MAX_STATEMENTS, Bucket, Counted, FileTally, Tally

Classify = Callable[[str, str], Statement]
HISTORY = {"key-value": 70, "single-table": 20, "relational": 10}
MAX_OPAQUE = 0.10
SLOW, SLOW_IF_FEW, FEW = (
    0.001,
    0.01,
    50,
)  # seconds, seconds, entries: a full log of some size has statements faster than a millisecond


class Workload(Struct, frozen=True, kw_only=True):
    """The statements by weight, the calls by class, and the shares (None where no headline can stand)."""

    statements: Sequence[Judged]
    files: Sequence[FileTally]
    calls: Mapping[str, int]
    mix: Mapping[str, float] | None
    reads_only: Mapping[str, float] | None
    interval: Mapping[str, tuple[float, float]] | None
    why_no_mix: Sequence[str]
    notes: Sequence[str]
    tally: Tally
    has_schema: bool
    transactions: Mapping[str, object] | None = None

    @property
    def total(self) -> int:
        """The calls that count."""
        return sum(self.calls[n] for n in COUNTED)


class JudgeOptions(Struct, frozen=True, kw_only=True):
    """`dialects` maps rules of quoting to the classifier's dialects; `slow` is a threshold a person stated, in seconds."""

    dialects: Mapping[str, str]
    has_schema: bool
    slow: float | None = None


def judge(tally: Tally, classify: Classify, options: JudgeOptions) -> Workload:
    """The Workload of a tally; `classify` is asked once for each shape."""
    cut = frozenset(n for f in tally.files for n in f.cut)
    found = [_judged(one, classify, options.dialects, cut) for one in tally.statements if one.calls]
    by_names = _without_resolved(_with_prepared(found, classify, options.dialects))
    judged = list(by_names) if options.has_schema else observe(by_names)
    judged.sort(key=lambda j: (-j.calls, j.text))
    calls = Counter(dict.fromkeys(NAMES, 0))
    for one in judged:
        calls[one.name] += one.calls
    reasons = _no_headline(calls, tally, options.slow)
    guessed = not options.has_schema or any(could_be_keyed(j) for j in by_names)
    return Workload(
        statements=judged, files=tally.files, calls=dict(calls), mix=None if reasons else shares(judged),
        reads_only=None if reasons else shares([j for j in judged if j.is_read]),
        interval=interval_of(by_names) if guessed and not reasons else None,
        why_no_mix=reasons, notes=_notes(tally, options, judged), tally=tally, has_schema=options.has_schema,
    )  # fmt: skip


def shares(judged: Sequence[Judged]) -> dict[str, float] | None:
    """The three shares of what counts, by calls; None without calls."""
    calls = Counter[str]()
    for one in judged:
        calls[one.name] += one.calls
    total = sum(calls[n] for n in COUNTED)
    return {n: calls[n] / total for n in COUNTED} if total else None


# -- one statement ---------------------------------------------------------------------------------------


def _judged(one: Counted, classify: Classify, dialects: Mapping[str, str], cut: frozenset[int]) -> Judged:
    if one.bucket is not None:
        why = "rare statements, judged one by one when they were read and summed by kind"
        name, kind, is_read = one.bucket
        return Judged(counted=one, statement=Statement(name=name, kind=kind, why=why, confidence="unknown", is_read=is_read))
    own = _own_judgement(one, cut)
    if own is None:
        return Judged(counted=one, statement=classify(one.shape.sql, dialects[one.family]))
    name, kind, why = own
    return Judged(counted=one, statement=Statement(name=name, kind=kind, why=why, confidence="unknown"))


def sort_shape(shape: Shape, family: str, classify: Classify, dialects: Mapping[str, str]) -> Bucket:
    """(class, kind, whether it reads) of one shape, for statements that are not kept one by one."""
    judged = _judged(Counted(-1, shape, family, "", 0, 0), classify, dialects, frozenset())
    return judged.name, judged.kind, judged.is_read


def _own_judgement(one: Counted, cut: frozenset[int]) -> tuple[str, str, str] | None:
    """(name, kind, why) of what needs no parser."""
    shape = one.shape
    if shape.cut:
        return "opaque", "unparsed", shape.cut
    if shape.text.lower().startswith("administrator command"):
        return "not-counted", "admin", "a command of the protocol, not a statement"
    if shape.text.endswith("...") and not shape.text.endswith(("(...", ", ...")):
        return "opaque", "unparsed", "the text ends in dots: it is cut"
    if one.number in cut:
        return "opaque", "unparsed", "the longest text of its file, of a length at which texts are cut"
    return None


_PREPARE = re.compile(r"PREPARE\s+(\"(?:[^\"]|\"\")+\"|[\w$]+)\s*(?:\([^()]*\)\s*)?AS\s+(.+)", re.IGNORECASE | re.DOTALL)
_EXECUTE = re.compile(r"EXECUTE\s+(\"(?:[^\"]|\"\")+\"|[\w$]+)\s*(?:\(.*\))?;?\Z", re.IGNORECASE | re.DOTALL)


def _with_prepared(judged: Sequence[Judged], classify: Classify, dialects: Mapping[str, str]) -> list[Judged]:
    """EXECUTE of a name that the same input prepares once is the statement behind the name."""
    bodies: dict[str, set[str]] = {}
    for one in judged:
        match = _PREPARE.match(one.counted.shape.sql) if one.kind == "session" else None
        if match:
            bodies.setdefault(match[1], set()).add(match[2])
    return [_resolved(j, bodies, classify, dialects) if bodies and j.kind == "unresolved" else j for j in judged]


def _resolved(one: Judged, bodies: Mapping[str, set[str]], classify: Classify, dialects: Mapping[str, str]) -> Judged:
    match = _EXECUTE.match(one.counted.shape.sql)
    known = bodies.get(match[1], ()) if match else ()
    if len(known) != 1:
        return one
    found = classify(next(iter(known)), dialects[one.counted.family])
    return replace(one, statement=replace(found, why=f"{found.why} (prepared as {match[1] if match else ''})"))


def _without_resolved(judged: Sequence[Judged]) -> list[Judged]:
    """Calls of routines move out of opaque when their own statements stand in the same export (toplevel = f)."""
    if not any(j.counted.nested and j.name in COUNTED for j in judged):
        return list(judged)
    why = "a routine whose own statements stand in the same export (toplevel = f)"
    return [
        replace(j, statement=replace(j.statement, name="not-counted", why=why))
        if j.name == "opaque" and j.kind == "routine"
        else j
        for j in judged
    ]


# -- what the numbers do not say -------------------------------------------------------------------------


def _no_headline(calls: Mapping[str, int], tally: Tally, slow: float | None) -> list[str]:
    reasons: list[str] = []
    counted = sum(calls[n] for n in COUNTED)
    opaque = calls["opaque"]
    if counted + opaque == 0:
        reasons.append("no statement that counts was found")
    elif opaque > MAX_OPAQUE * (counted + opaque):
        share = opaque / (counted + opaque)
        reasons.append(f"{share:.0%} of the calls are opaque (more than 10 %): their class could turn the shares over")
    for file in tally.files:
        limit = _threshold(file, slow)
        if limit:
            reasons.append(
                f"{file.name} holds slow statements only ({limit}): fast lookups by key are what is missing; "
                "log everything for a while, or say --long-query-time 0 if everything was logged"
            )
    return reasons


def _threshold(file: FileTally, slow: float | None) -> str:
    """Why a log is taken for one of slow statements only; empty when it is not."""
    if slow is not None:
        return f"its threshold is {slow:g} s" if slow > 0 and file.timed else ""
    limit = SLOW_IF_FEW if file.timed < FEW else SLOW
    if file.timed and file.timed >= file.entries and file.fastest is not None and file.fastest >= limit:
        return f"the fastest took {file.fastest:g} s"
    return ""


def _notes(tally: Tally, options: JudgeOptions, judged: Sequence[Judged]) -> list[str]:
    notes: list[str] = []
    for file in tally.files:
        notes += [f"{file.name}: {n}" for n in file.notes]
        if file.misfits:
            where = ", ".join(str(line) for line, _ in file.misfits_named[:5])
            notes.append(
                f"{file.name}: {_lines(file.misfits)} did not fit and {'was' if file.misfits == 1 else 'were'} left out ({where}{', ..' if file.misfits > 5 else ''})"
            )
        if file.form == "SQL statements":
            notes.append(f"{file.name}: weighed by statement, not by call: a plain file does not say how often each runs")
        if not file.log and file.form != "SQL statements" and not file.first:
            notes.append(
                f"{file.name}: the counts begin at the last reset of the statistics; statements that were pushed out of the table are missing"
            )
    missing = sorted({t for j in judged if j.statement.could_be_keyed for t in j.statement.tables})
    if options.has_schema and missing:
        notes.append(
            f"the definitions lack tables that are used, which count as tables without keys: {', '.join(missing[:10])}"
            f"{', ..' if len(missing) > 10 else ''}; give their definitions too"
        )
    if not options.has_schema:
        notes.append(
            "without the tables' definitions keys are guessed and a view counts as a table: give --schema with the output of pg_dump --schema-only or mysqldump --no-data"
        )
    if tally.summed:
        notes.append(
            f"more than {MAX_STATEMENTS:,} distinct statements: {tally.summed:,} further texts are summed by class and kind"
        )
    if tally.overflowed:
        notes.append(f"{tally.overflowed:,} transactions of rare forms are not in the transaction measure")
    return notes


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"
