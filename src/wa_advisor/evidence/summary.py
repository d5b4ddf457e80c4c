"""Workload -> the terminal summary and the Markdown section. Only normalised text is in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wa_advisor.evidence.judged import COUNTED, Judged
from wa_advisor.evidence.patterns import Finding, Pattern, findings_of, patterns_of
from wa_advisor.evidence.workload import HISTORY, Workload

WIDTH = 30
YARDSTICK = (
    "70 / 20 / 10 is history, not a target: Werner Vogels wrote in October 2017 that about 70 % of the operations on Amazon's relational "
    "databases before Dynamo used only a primary key and returned one row, and about 20 % returned a set of rows of one table. The 10 is the "
    "remainder, he did not call it relational. He spoke of rows returned; writes and unique keys are counted here in addition."
)
RULES = "The rules by which statements are classified are printed by `wa-advisor workload --definition`."
SOURCE = "https://www.allthingsdistributed.com/2017/10/a-decade-of-dynamo.html"


def percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _headline(workload: Workload) -> list[tuple[str, str]]:
    """Per class its share, or its interval when keys are guessed, or nothing."""
    if workload.mix is None:
        return []
    if workload.interval:
        return [(n, _between(*workload.interval[n])) for n in COUNTED]
    return [(n, percent(workload.mix[n])) for n in COUNTED]


def _between(low: float, high: float) -> str:
    first, last = percent(low), percent(high)
    return last if first == last else f"{first.removesuffix(' %')} to {last}"


def render_text(workload: Workload) -> str:
    """The summary for a terminal."""
    files = "1 file" if len(workload.files) == 1 else f"{len(workload.files)} files"
    lines = [f"{workload.total:,} calls that count, of {len(workload.statements):,} statements in {files}", ""]
    shown = dict(_headline(workload))
    for name in COUNTED:
        if workload.mix is None:
            lines.append(f"  {name:<13} {workload.calls[name]:>12,} calls")
            continue
        bar = "#" * round(workload.mix[name] * WIDTH)
        lines.append(f"  {name:<13} {shown[name]:>16}  {bar:<{WIDTH}}  (history: {HISTORY[name]} %)")
    lines += [f"  no headline: {reason}" for reason in workload.why_no_mix]
    lines += ["", *[f"  {line}" for line in _beside(workload)], "", YARDSTICK, SOURCE]
    for name in COUNTED:
        heaviest = [j for j in workload.statements if j.name == name][:10]
        lines += (
            ["", f"Heaviest {name} statements", *[f"  {line}" for j in heaviest for line in _statement_lines(j)]]
            if heaviest
            else []
        )
    against = _against(workload)
    lines += ["", "What stands against the operations", *[f"  {what}: {stops}" for what, stops in against]] if against else []
    opaque = [j for j in workload.statements if j.name == "opaque"]
    lines += ["", "Opaque", *[f"  {_one_line(j)}: {j.why}" for j in opaque[:20]]] if opaque else []
    lines += (
        ["", "Findings", *[f"  {line}" for f in findings_of(workload) for line in _finding_lines(f)]]
        if findings_of(workload)
        else []
    )
    lines += (
        ["", "Candidate access patterns", *[f"  {_pattern_line(p)}" for p in patterns_of(workload)[:20]]]
        if workload.total
        else []
    )
    lines += ["", "Notes", *[f"  {n}" for n in workload.notes]] if workload.notes else []
    lines += ["", RULES.replace("`", "")]
    return "\n".join(lines) + "\n"


def _beside(workload: Workload) -> list[str]:
    """The lines beside the headline: reads, keys, what is outside the 100 %, transactions."""
    lines: list[str] = []
    if workload.reads_only:
        lines.append("reads only: " + " / ".join(percent(workload.reads_only[n]) for n in COUNTED))
    for name, parts in (("key-value", _key_parts(workload)), ("relational", _join_parts(workload))):
        if parts:
            lines.append(f"{name}: " + ", ".join(f"{what} {percent(calls / workload.total)}" for what, calls in parts))
    sure = _confidence(workload)
    if sure and [c for c, _ in sure] != ["declared"]:
        lines.append("how the classes are known: " + ", ".join(f"{c} {percent(n / workload.total)}" for c, n in sure))
    for name in ("not-counted", "opaque"):
        if workload.calls[name]:
            lines.append(f"{name}: {workload.calls[name]:,} calls ({_by_kind(workload, name)})")
    lines += _transaction_lines(workload)
    return lines


def _key_parts(workload: Workload) -> list[tuple[str, int]]:
    found = {"by primary key": 0, "by unique key": 0, "inserts": 0}
    for one in workload.statements:
        if one.name == "key-value":
            what = "inserts" if one.kind in ("put", "upsert") else "by unique key" if one.key == "unique" else "by primary key"
            found[what] += one.calls
    return [(k, v) for k, v in found.items() if v]


def _join_parts(workload: Workload) -> list[tuple[str, int]]:
    all_calls = workload.calls["relational"]
    easy = sum(j.calls for j in workload.statements if j.name == "relational" and j.kind == "join-lookup")
    return [("denormalisable", easy), ("other", all_calls - easy)] if all_calls else []


def _against(workload: Workload) -> list[tuple[str, str]]:
    """What stands against the DynamoDB operation of each kind that was seen, the heaviest kind first."""
    found: dict[tuple[str, str], int] = {}
    for one in workload.statements:
        if one.name in COUNTED and one.statement.stops:
            what = f"{one.kind} by a unique key" if one.key == "unique" else one.kind
            entry = what, one.statement.stops
            found[entry] = found.get(entry, 0) + one.calls
    return sorted(found, key=lambda e: (-found[e], e))


def _confidence(workload: Workload) -> list[tuple[str, int]]:
    """Calls that count by how sure their class is, the surest first."""
    found = dict.fromkeys(("declared", "observed", "assumed", "unknown"), 0)
    for one in workload.statements:
        if one.name in COUNTED:
            found[one.statement.confidence] += one.calls
    return [(c, n) for c, n in found.items() if n]


def _by_kind(workload: Workload, name: str) -> str:
    kinds: dict[str, int] = {}
    for one in workload.statements:
        if one.name == name:
            kinds[one.kind] = kinds.get(one.kind, 0) + one.calls
    return ", ".join(f"{kind} {calls:,}" for kind, calls in sorted(kinds.items(), key=lambda k: (-k[1], k[0])))


def _transaction_lines(workload: Workload) -> list[str]:
    found = workload.transactions
    if found is None:
        return ["transactions: not measurable here, the file does not show sessions"]
    if not found["explicit"]:
        return ["transactions: none of several statements was seen"]
    shares = ", ".join(f"{kind} {count:,}" for kind, count in _mapping(found["kinds"]).items())
    lines = [f"transactions: {found['explicit']:,} ({shares}), {_size(found['statements'])} statements each"]
    if found["writing"]:
        fit = found["share_that_fits"]
        lines.append(
            f"together change {_size(found['tables_changed'])} tables and {_size(found['keys_changed'])} keys; of the {found['writing']:,} "
            f"that write, {(fit if isinstance(fit, float) else 0) * 100:.0f} % fit one DynamoDB transaction (at most 100 items)"
        )
        lines += [
            f"does not fit: {_mapping(e)['transactions']:,} with {why}" for why, e in _mapping(found["not_fitting"]).items()
        ]
    return [*lines, "a transaction that reads, computes and then writes needs a version condition on every item it read"]


def _mapping(value: object) -> Mapping[str, Any]:
    assert isinstance(value, Mapping)
    return value


def _size(value: object) -> str:
    sizes = _mapping(value)
    return f"{sizes['average']:g} (at most {sizes['most']:,})"


def _one_line(one: Judged) -> str:
    text = "".join(c if c.isprintable() else " " for c in one.text)
    return f"{one.calls:,} x {text[:100]}{'..' if len(text) > 100 else ''}"


def _statement_lines(one: Judged) -> list[str]:
    operation = f" -> {one.operation}" if one.operation else ""
    key = f" ({one.key})" if one.key else ""
    return [_one_line(one), f"    {one.kind}{key}{operation}; {one.why}"]


def _finding_lines(one: Finding) -> list[str]:
    more = f"    and {len(one.statements) - 3} more" if len(one.statements) > 3 else ""
    return [
        f"{one.title}: {one.calls:,} calls ({percent(one.share)}). {one.advice}",
        *[f"    {_one_line(s)}" for s in one.statements[:3]], *([more] if more else []),
    ]  # fmt: skip


def _pattern_line(one: Pattern) -> str:
    rows = f", {one.rows_per_call:.3g} rows a call" if one.rows_per_call is not None else ""
    return f"{percent(one.share):>7}  {_plain(one.name)} ({one.class_name}{rows})"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


# -- Markdown --------------------------------------------------------------------------------------------


def render_markdown(workload: Workload) -> str:
    """The section for a report: the mix as a table, the heaviest statements, findings and notes."""
    lines = ["## Measured workload", "", f"{workload.total:,} calls that count, of {len(workload.statements):,} statements.", ""]
    if workload.mix is None:
        lines += [f"No headline: {_cell(r)}." for r in workload.why_no_mix] + [""]
    lines += ["| class | calls | share | history |", "|---|---:|---:|---:|"]
    shown = dict(_headline(workload))
    lines += [f"| {n} | {workload.calls[n]:,} | {shown.get(n, '')} | {HISTORY[n]} % |" for n in COUNTED]
    lines += ["", *[f"- {_cell(line)}" for line in _beside(workload)], "", f"{YARDSTICK} [Source]({SOURCE})", "", RULES, ""]
    lines += [
        "### Heaviest statements",
        "",
        "| calls | class | kind | operation | statement | why |",
        "|---:|---|---|---|---|---|",
    ]
    for one in [j for j in workload.statements if j.name in COUNTED][:20]:
        lines.append(
            f"| {one.calls:,} | {one.name} | {_cell(one.kind)} | {_cell(one.operation)} | {_code(one.text)} | {_cell(one.why)} |"
        )
    for title, rows in (
        ("What stands against the operations", [f"- {_cell(what)}: {_cell(stops)}" for what, stops in _against(workload)]),
        ("Candidate access patterns", _pattern_rows(workload)),
        ("Findings", _finding_rows(workload)),
        ("Opaque", _opaque_rows(workload)),
        ("Notes", _note_rows(workload)),
    ):
        lines += ["", f"### {title}", "", *rows] if rows else []
    return "\n".join(lines) + "\n"


def _pattern_rows(workload: Workload) -> list[str]:
    found = patterns_of(workload)[:20]
    head = ["| share | pattern | class | rows a call |", "|---:|---|---|---:|"]
    rows = [
        f"| {percent(p.share)} | {_cell(p.name)} | {p.class_name} | {'' if p.rows_per_call is None else f'{p.rows_per_call:.3g}'} |"
        for p in found
    ]
    return head + rows if rows else []


def _finding_rows(workload: Workload) -> list[str]:
    rows: list[str] = []
    for one in findings_of(workload):
        rows.append(f"- {one.title}: {one.calls:,} calls ({percent(one.share)}). {one.advice}")
        rows += [f"  - {s.calls:,} x {_code(s.text)}" for s in one.statements[:5]]
    return rows


def _opaque_rows(workload: Workload) -> list[str]:
    return [f"- {j.calls:,} x {_code(j.text)}: {_cell(j.why)}" for j in workload.statements if j.name == "opaque"][:20]


def _note_rows(workload: Workload) -> Sequence[str]:
    return [f"- {_cell(n)}" for n in workload.notes]


def _code(text: str) -> str:
    """A code span that nothing in the text can leave, short enough for a table."""
    short = _plain(text)
    short = (short[:160] + "..") if len(short) > 160 else short
    fence = "`" * (max((len(m) for m in re.findall(r"`+", short)), default=0) + 1)
    return f"{fence} {short} {fence}".replace("|", "\\|")


def _cell(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|~!@&$])", r"\\\1", _plain(text))
