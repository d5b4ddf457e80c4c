"""What a file is, told from its content: its name is never looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from msgspec import Struct

from wa_advisor.errors import AdvisorError, CommandError, Problem, Span
from wa_advisor.evidence.readers import csvlog, generallog, jsonlog, printed, slowlog, syslog
from wa_advisor.evidence.readers.delimited import delimiter_of
from wa_advisor.evidence.readers.feed import text_of
from wa_advisor.evidence.readers.prefix import LEVELS, compile_prefix, recognise_prefix
from wa_advisor.evidence.readers.statistics import KNOWN, clean_names

SAMPLE = 1 << 18
_LOG_LINE = re.compile(rb"^[^\t\n]{0,200}?\b" + LEVELS + rb":  \S", re.MULTILINE)
_SQL = re.compile(
    rb"(?:^|;|\*/|\))\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|BEGIN|COMMIT|REPLACE|MERGE|SET|USE|START|DROP|ALTER|TRUNCATE|"
    rb"CALL|EXPLAIN|LOCK|GRANT|COPY|VALUES|TABLE|EXEC|EXECUTE|DECLARE|PREPARE|SHOW|DO)\b",
    re.IGNORECASE | re.MULTILINE,
)
FORMS = (
    "pg_stat_statements as CSV, TSV, JSON or psql output; PostgreSQL's csvlog, jsonlog, stderr log or syslog; MySQL's slow log, general log or "
    "events_statements_summary_by_digest; JSON lines; or plain SQL"
)


class Form(Struct, frozen=True, kw_only=True):
    """`kind` names the reader; `family` the rules of quoting; `detail` a delimiter or a prefix."""

    kind: str
    name: str
    family: str
    detail: str = ""


def recognise(sample: bytes, file: str, *, whole: bool, prefix: str | None, family: str) -> Form:
    """The form of a file from its first bytes; AdvisorError says what is read here when it is none of these."""
    if not sample.strip():
        raise AdvisorError(Problem(Span(file, 1), "is empty: export the statistics or name a log"))
    if sample.count(b"\xff") + len(re.findall(rb"[\x01-\x08\x0e-\x1a]", sample)) > len(sample) // 50:
        raise AdvisorError(Problem(Span(file, 1), f"is no text: expected {FORMS}"))
    for find in (_tables, _json, _logs):
        form = find(sample, family)
        if form is not None:
            return form
    form = _stderr(sample, prefix, file)
    if form is not None:
        return form
    if _SQL.search(_without_comments(sample)):
        return Form(kind="sql", name="SQL statements", family=family or guess_family(sample))
    raise AdvisorError(Problem(Span(file, 1), f"has no form known here: expected {FORMS}"))


def guess_family(sample: bytes) -> str:
    """The quoting rules that a text shows by itself: backquotes are MySQL's."""
    if b"`" in sample or re.search(
        rb"\b(?:ENGINE\s*=|AUTO_INCREMENT|ON DUPLICATE KEY|SQL_CALC_FOUND_ROWS)", sample, re.IGNORECASE
    ):
        return "mysql"
    names = re.search(rb"(?:FROM|JOIN|INTO|UPDATE)\s+\"|\"\.\"|\$\d|::", sample, re.IGNORECASE)
    values = re.search(rb"(?:=|LIKE|IN\s*\(|VALUES\s*\()\s*\\?\"", sample, re.IGNORECASE)
    return "mysql" if values and not names else "postgres"


def _without_comments(sample: bytes) -> bytes:
    return re.sub(rb"/\*(?!!).*?\*/|--[^\n]*", b" ", sample, flags=re.DOTALL).lstrip()


def _statistics(names: list[str], family: str, sample: bytes) -> str:
    """The columns of a server's own table say whose it is; else what was stated; else what the text shows."""
    if "digest_text" in names or "count_star" in names:
        return "mysql"
    if {"queryid", "userid", "dbid", "toplevel"} & set(names):
        return "postgres"
    return family or guess_family(sample)


def _tables(sample: bytes, family: str) -> Form | None:
    text = text_of(sample)
    lines = text.split("\n")
    head = [line for line in lines[:20] if line.strip()][:6]
    if any(printed.RECORD.fullmatch(line.strip()) for line in head[:2]):
        fields = clean_names(re.findall(r"^\s*([\w.]+)\s*[|:]", text, re.MULTILINE))
        return Form(kind="expanded", name="expanded records", family=_statistics(fields, family, sample))
    starts = [line.split("|")[0].strip().lower() for line in head if "|" in line]
    if len(starts) > 1 and starts[0] != starts[1] and KNOWN.issuperset(starts[:2]) and not head[0].count("|") > 1:
        return Form(kind="expanded", name="expanded records", family=_statistics(starts, family, sample))
    for upper, lower in pairwise(head):
        names = clean_names(upper.strip().strip("|").replace("│", "|").split("|"))
        if printed.RULE.fullmatch(lower.translate(printed.LINES)) and KNOWN.intersection(names):
            return Form(kind="aligned", name="a printed table", family=_statistics(names, family, sample))
    delimiter = delimiter_of(head[0]) if head and lines[0].strip() else ""
    if delimiter:
        names = clean_names(head[0].split(delimiter))
        name = {",": "CSV", ";": "CSV", "\t": "TSV", "|": "unaligned output"}[delimiter]
        return Form(kind="delimited", name=name, family=_statistics(names, family, sample), detail=delimiter)
    return None


def _json(sample: bytes, family: str) -> Form | None:
    if not re.match(rb"\s*(?:\{|\[\s*(?:[\[{\]]|\Z))", sample):
        return None  # a log_line_prefix may begin with a bracket, too
    start = sample.lstrip()[:1]
    if jsonlog.HEAD.search(sample):
        return Form(kind="jsonlog", name=jsonlog.JsonLog.name, family="postgres")
    names = clean_names(text_of(n) for n in re.findall(rb'"(\w+)"\s*:', sample[:20_000]))
    first = sample.lstrip().split(b"\n", 1)[0].strip()
    lines = start == b"{" and first.endswith(b"}")
    family = _statistics(names, family, sample)
    return Form(kind="jsonlines" if lines else "json", name="JSON lines" if lines else "JSON", family=family)


def _logs(sample: bytes, family: str) -> Form | None:
    searches: tuple[tuple[Callable[[bytes], object], str, str, str], ...] = (
        (slowlog.HEAD.search, "slowlog", slowlog.SlowLog.name, "mysql"),
        (_csvlog, "csvlog", csvlog.CsvLog.name, "postgres"),
        (syslog.HEAD.search, "syslog", syslog.SysLog.name, "postgres"),
    )
    for search, kind, name, own in searches:
        if search(sample):
            return Form(kind=kind, name=name, family=own)
    if not _LOG_LINE.search(sample) and generallog.HEAD.search(sample):
        return Form(kind="generallog", name=generallog.GeneralLog.name, family="mysql")
    return None


def _csvlog(sample: bytes) -> bool:
    return any(csvlog.HEAD.match(line) for line in sample.split(b"\n")[:200])


def _stderr(sample: bytes, prefix: str | None, file: str) -> Form | None:
    lines = [line for line in sample.split(b"\n") if line and not line.startswith(b"\t")]
    if prefix is not None:
        pattern = re.compile(compile_prefix(prefix) + LEVELS + rb":\s")
        if not any(pattern.match(line) for line in lines):
            raise CommandError(
                f'no line of {file} begins with "{prefix[:60]}": copy the setting as SHOW prints it', "--log-line-prefix"
            )
        return Form(kind="stderr", name="PostgreSQL log", family="postgres", detail=prefix)
    found = recognise_prefix(lines[:2000])
    if found is not None:
        return Form(kind="stderr", name="PostgreSQL log", family="postgres", detail=found)
    if _LOG_LINE.search(sample) and not _SQL.match(_without_comments(sample)):
        match = _LOG_LINE.search(sample)
        line = sample.count(b"\n", 0, match.start()) + 1 if match else 1
        message = "a PostgreSQL log whose log_line_prefix is none of the common forms: give it with --log-line-prefix"
        raise AdvisorError(Problem(Span(file, line), message))
    return None
