"""Workload -> the JSON document and the CSV of statements. Only normalised text is in them."""

from __future__ import annotations

import csv
import io

from wa_advisor.evidence.judged import NAMES, Judged
from wa_advisor.evidence.patterns import Finding, Pattern, findings_of, patterns_of
from wa_advisor.evidence.workload import Workload

MAX_PATTERNS = 200
SCHEMA = "wa-advisor/workload/1"


def workload_document(workload: Workload) -> dict[str, object]:
    """The content of `--format json`; its first seven keys are a contract."""
    return {
        "schema": SCHEMA,
        "calls": {n: workload.calls[n] for n in NAMES},
        "mix": _rounded(workload.mix),
        "reads_only": _rounded(workload.reads_only),
        "interval": {n: [round(a, 6), round(b, 6)] for n, (a, b) in workload.interval.items()} if workload.interval else None,
        "statements": len(workload.statements),
        "why_no_mix": list(workload.why_no_mix),
        "kinds": _kinds(workload),
        "keys": _keys(workload),
        "confidence": _confidence(workload),
        "files": [_file(workload, i) for i in range(len(workload.files))],
        "notes": list(workload.notes),
        "transactions": workload.transactions,
        "patterns": [_pattern(p) for p in patterns_of(workload)[:MAX_PATTERNS]],
        "findings": [_finding(f) for f in findings_of(workload)],
        "heaviest": {n: [statement_record(j) for j in workload.statements if j.name == n][:10] for n in NAMES},
    }


def _rounded(mix: object) -> dict[str, float] | None:
    return {n: round(share, 6) for n, share in mix.items()} if isinstance(mix, dict) else None


def _kinds(workload: Workload) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {n: {} for n in NAMES}
    for one in workload.statements:
        kinds = found[one.name]
        kinds[one.kind] = kinds.get(one.kind, 0) + one.calls
    return {n: dict(sorted(kinds.items(), key=lambda k: (-k[1], k[0]))) for n, kinds in found.items()}


def _keys(workload: Workload) -> dict[str, int]:
    found = {"primary": 0, "unique": 0, "insert": 0}
    for one in workload.statements:
        if one.name == "key-value":
            name = "insert" if one.kind in ("put", "upsert") else "unique" if one.key == "unique" else "primary"
            found[name] += one.calls
    return found


def _confidence(workload: Workload) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in workload.statements:
        confidence = one.statement.confidence
        found[confidence] = found.get(confidence, 0) + one.calls
    return dict(sorted(found.items()))


def _file(workload: Workload, place: int) -> dict[str, object]:
    file = workload.files[place]
    return {
        "name": file.name, "form": file.form, "calls": file.entries, "misfits": file.misfits,
        "misfit_lines": [[line, what] for line, what in file.misfits_named], "left_out": dict(sorted(file.skipped.items())),
        "first": file.first or None, "last": file.last or None, "fastest_seconds": file.fastest, "sessions": file.sessions,
    }  # fmt: skip


def statement_record(one: Judged) -> dict[str, object]:
    """What the documents say of one statement."""
    counted = one.counted
    return {
        "fingerprint": counted.shape.fingerprint, "class": one.name, "kind": one.kind, "key": one.key, "operation": one.operation,
        "calls": one.calls, "rows_per_call": _round(counted.rows_per_call), "confidence": one.statement.confidence, "why": one.why, "stops": one.statement.stops,
        "at": f"{counted.file}:{counted.line}", "text": one.text[:2000],
    }  # fmt: skip


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _pattern(one: Pattern) -> dict[str, object]:
    return {
        "name": one.name, "table": one.table, "columns": list(one.columns), "class": one.class_name, "reads": one.is_read,
        "lookup": one.lookup or None, "rows_returned": one.rows_returned or None, "calls": one.calls, "share": round(one.share, 6),
        "rows_per_call": _round(one.rows_per_call), "busiest_second": one.peak or None,
        "statements": [s.counted.shape.fingerprint for s in one.statements], "at": one.where,
    }  # fmt: skip


def _finding(one: Finding) -> dict[str, object]:
    return {
        "id": one.id, "title": one.title, "advice": one.advice, "calls": one.calls, "share": round(one.share, 6),
        "statements": [s.counted.shape.fingerprint for s in one.statements],
    }  # fmt: skip


COLUMNS = (
    "fingerprint",
    "class",
    "kind",
    "key",
    "operation",
    "calls",
    "rows_per_call",
    "confidence",
    "why",
    "stops",
    "at",
    "text",
)


def statements_csv(workload: Workload) -> str:
    """One line a statement, the heaviest first; a cell never begins a formula of a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in workload.statements:
        record = statement_record(one)
        writer.writerow([_cell(record[c]) for c in COLUMNS])
    return stream.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + value
    return "" if value is None else value
