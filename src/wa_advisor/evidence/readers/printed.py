"""What psql and mysql print: aligned tables, boxes, expanded records (`\\x`, `\\G`) -> rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from wa_advisor.evidence.readers.statistics import KNOWN, RowErrors, RowReader, StatementRow, clean_names, needs_columns

LINES = str.maketrans({"│": "|", "║": "|", "┼": "+", "╬": "+", "─": "-", "═": "-", "┬": "+", "┴": "+", "├": "+", "┤": "+",
                        "┌": "+", "┐": "+", "└": "+", "┘": "+", "↵": "+"})  # fmt: skip
RULE = re.compile(r"\s*[+|]?-[-+|]*-[+|]?\s*")
RECORD = re.compile(r"-\[ RECORD \d+ \][-+]*|\*+ (\d+)\. row \*+|\* Record \d+")
_FOOTER = re.compile(r"\(\d+ rows?\)|\d+ rows? in set.*|Time: .*", re.IGNORECASE)


def read_aligned(lines: Iterable[str], file: str, errors: RowErrors) -> Iterator[StatementRow]:
    """The rows of a table whose columns are told by the line of dashes under its header."""
    header, line, rows, starts = "", 0, None, [0]
    held: list[str] = []
    start = 0
    for line, raw in enumerate(lines, 1):
        text = raw.rstrip("\n").translate(LINES)
        if rows is None:
            if RULE.fullmatch(text) and ("|" in header or clean_names([header])[0] in KNOWN):
                starts = _starts(header)
                names = clean_names(_cells(header, starts))
                needs_columns(names, file, line - 1)
                rows = RowReader(names, errors)
            header = header if RULE.fullmatch(text) and not header.strip() else text
            continue
        if RULE.fullmatch(text) or not text.strip() or _FOOTER.fullmatch(text.strip()):
            continue
        cells = _cells(text, starts)
        if held and cells[rows.calls].strip() == "" and len(cells) == len(held):
            held = [_join(a, b) for a, b in zip(held, cells, strict=True)]
            continue
        if held:
            yield from _finish(held, start, rows, len(starts), errors)
        held, start = cells, line
    if held and rows is not None:
        yield from _finish(held, start, rows, len(starts), errors)


def _starts(header: str) -> list[int]:
    """Where each column begins: at the bars of the header."""
    return [-1 if header[:1] != "|" else 0, *(m.start() for m in re.finditer(r"\|", header[1:].rstrip(" |")))]


def _cells(text: str, starts: list[int]) -> list[str]:
    """The cells of a line, cut at the header's bars when they stand there too, else at bars from the left."""
    bars = [s + 1 for s in starts[1:]]
    body = text.rstrip()
    body = body[:-1] if starts[0] == 0 and body.endswith("|") else body
    if all(b < len(body) and body[b] == "|" for b in bars):
        edges = [starts[0], *bars, len(body)]
        return [body[a + 1 : b] for a, b in pairwise(edges)]
    parts = (body[1:] if starts[0] == 0 else body).split("|", len(starts) - 1)
    return parts


def _join(first: str, more: str) -> str:
    """A cell with its next line; a dot at the end and one at the begin mark a line that psql wrapped."""
    if first.rstrip().endswith(".") and more.startswith("."):
        return first.rstrip()[:-1] + more[1:]
    return re.sub(r"\s*\+$", "", first.rstrip()) + "\n" + more if more.strip() else first


def _finish(cells: list[str], line: int, rows: RowReader, width: int, errors: RowErrors) -> Iterator[StatementRow]:
    if len(cells) != width:
        errors.add(line, f"{len(cells)} columns of {width}")
        return
    row = rows.row([re.sub(r"\s*\+$", "", c.strip()) for c in cells], line)
    if row is not None:
        yield row


# -- expanded --------------------------------------------------------------------------------------------


def read_expanded(lines: Iterable[str], file: str, errors: RowErrors) -> Iterator[StatementRow]:
    """The rows of records printed one field a line."""
    record: list[tuple[str, str]] = []
    start = 0
    for line, raw in enumerate(lines, 1):
        text = raw.rstrip("\n").translate(LINES)
        if RECORD.fullmatch(text.strip()):
            yield from _record(record, start, file, errors)
            record, start = [], line + 1
        elif not text.strip() and "|" not in text:
            continue
        elif _FOOTER.fullmatch(text.strip()) and record:
            continue
        elif start or _is_field(text):
            if record and _is_field(text) and text.split("|")[0].strip().lower() == record[0][0].lower():
                yield from _record(record, start, file, errors)
                record, start = [], 0
            start = start or line
            _field(text, record)
    yield from _record(record, start, file, errors)


_FIELD = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(?:\||:)(.*)", re.DOTALL)


def _is_field(text: str) -> bool:
    """Whether a line of unaligned output begins a known field."""
    return "|" in text and text.split("|")[0].strip().lower() in KNOWN


def _field(text: str, record: list[tuple[str, str]]) -> None:
    """Adds a field, or a further line of the last one."""
    match = _FIELD.match(text)
    name = match[1].lower() if match else ""
    if match and (name in KNOWN or re.match(r"\s*\|", text[match.end(1) :]) or not record):
        record.append((match[1], match[2].strip()))
    elif record:
        last, value = record[-1]
        more = text.split("|", 1)[1] if re.match(r"\s*\|", text) else text
        record[-1] = (last, re.sub(r"\s*\+$", "", value) + "\n" + more.strip())


def _record(record: list[tuple[str, str]], line: int, file: str, errors: RowErrors) -> Iterator[StatementRow]:
    if not record:
        return
    names = clean_names(n for n, _ in record)
    needs_columns(names, file, line)
    row = RowReader(names, errors).row([re.sub(r"\s*\+$", "", v) for _, v in record], line)
    if row is not None:
        yield row
