"""CSV, TSV and other delimited exports -> rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

from wa_advisor.evidence.readers.statistics import KNOWN, RowErrors, RowReader, StatementRow, clean_names, needs_columns

DELIMITERS = (",", ";", "\t", "|")
_ESCAPE = re.compile(r"\\([0bnrtZN\\'\"])")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": " ", "b": " ", "Z": " ", "N": "", "\\": "\\", "'": "'", '"': '"'}


def delimiter_of(header: str) -> str:
    """The delimiter of a header line with a known column; empty when it is no header."""
    for delimiter in DELIMITERS:
        names = clean_names(header.rstrip("\n").split(delimiter))
        if (len(names) > 1 and len(KNOWN.intersection(names)) >= min(2, len(names))) or (delimiter == "," and names[0] in KNOWN):
            return delimiter
    return ""


def read_delimited(lines: Iterable[str], file: str, delimiter: str, sample: str, errors: RowErrors) -> Iterator[StatementRow]:
    """The rows of a file with a header; AdvisorError when a needed column is missing."""
    header = sample.split("\n", 1)[0]
    quoted = '"' in header or f'{delimiter}"' in sample or '\n"' in sample
    if quoted or delimiter in ",;":
        return _quoted(lines, file, delimiter, sample, errors)
    return _plain(lines, file, delimiter, errors)


def _quoted(lines: Iterable[str], file: str, delimiter: str, sample: str, errors: RowErrors) -> Iterator[StatementRow]:
    csv.field_size_limit(1 << 28)
    escape = "\\" if '\\"' in sample and '\\""' not in sample else None
    reader = csv.reader(lines, delimiter=delimiter, escapechar=escape)
    names = clean_names(next(reader, []))
    needs_columns(names, file, 1)
    rows = RowReader(names, errors)
    line = reader.line_num + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            errors.add(line, f"it is no CSV ({error})")
            line = reader.line_num + 1
            continue
        if cells is None:
            return
        if len(cells) == len(names):
            row = rows.row(cells, line)
            if row is not None:
                yield row
        elif any(c.strip() for c in cells) and not _is_footer(cells):
            errors.add(line, f"{len(cells)} columns of {len(names)}")
        line = reader.line_num + 1


def _is_footer(cells: list[str]) -> bool:
    return len(cells) == 1 and re.fullmatch(r"\(\d+ rows?\)", cells[0].strip()) is not None


def _plain(lines: Iterable[str], file: str, delimiter: str, errors: RowErrors) -> Iterator[StatementRow]:
    """Rows without quotes: a delimiter or line end inside the text is found by counting columns."""
    source = iter(lines)
    names = clean_names(next(source, "").rstrip("\n").split(delimiter))
    needs_columns(names, file, 1)
    rows = RowReader(names, errors)
    for text, line in _whole_rows(source, delimiter, len(names), rows):
        cells = _fold(text.split(delimiter), len(names), rows.text, delimiter)
        if cells is None:
            errors.add(line, f"{text.count(delimiter) + 1} columns of {len(names)}")
            continue
        row = rows.row([_unescape(c) for c in cells] if delimiter == "\t" else cells, line)
        if row is not None:
            yield row


def _whole_rows(source: Iterable[str], delimiter: str, width: int, rows: RowReader) -> Iterator[tuple[str, int]]:
    """Lines, with those joined that belong to one row."""
    held, start = "", 0
    for line, raw in enumerate(source, 2):
        text = raw.rstrip("\n")
        if re.fullmatch(r"\(\d+ rows?\)", text.strip()) or not (text or held):
            continue
        if held and _starts(text, delimiter, width, rows) and held.count(delimiter) >= width - 1:
            yield held, start
            held = ""
        if held and _starts(text, delimiter, width, rows):
            yield held, start
            held = ""
        start = start if held else line
        held = f"{held}\n{text}" if held else text
        if held.count(delimiter) >= width - 1 and rows.text != width - 1:
            yield held, start
            held = ""
    if held:
        yield held, start


def _starts(text: str, delimiter: str, width: int, rows: RowReader) -> bool:
    """Whether a line is the beginning of a row: its calls stand where they should."""
    cells = text.split(delimiter)
    return len(cells) >= width and rows.calls < rows.text and cells[rows.calls].strip().isdigit()


def _fold(cells: list[str], width: int, text: int, delimiter: str) -> list[str] | None:
    """The cells, with a text that held delimiters put together again; None when cells are missing."""
    extra = len(cells) - width
    if extra < 0:
        return None
    return [*cells[:text], delimiter.join(cells[text : text + extra + 1]), *cells[text + extra + 1 :]]


def _unescape(cell: str) -> str:
    if cell in ("\\N", "NULL"):
        return "NULL"
    return _ESCAPE.sub(lambda m: _ESCAPED[m[1]], cell) if "\\" in cell else cell
