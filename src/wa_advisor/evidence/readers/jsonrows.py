"""JSON documents and JSON lines -> rows, an object at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from wa_advisor.errors import AdvisorError, Problem, Span
from wa_advisor.evidence.readers.statistics import RowErrors, StatementRow, rows_of_objects

MAX_WHOLE = 200_000_000
Found = tuple[Mapping[str, object], int]


def read_json_lines(lines: Iterable[str], file: str, errors: RowErrors) -> Iterator[StatementRow]:
    """The rows of a file with one object a line."""
    return rows_of_objects(_objects_of_lines(lines, errors), file, errors)


def _objects_of_lines(lines: Iterable[str], errors: RowErrors) -> Iterator[Found]:
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        try:
            record = json.loads(text)
        except (ValueError, RecursionError):
            errors.add(number, "it is no whole JSON object")
            continue
        if isinstance(record, dict):
            yield record, number
        else:
            errors.add(number, "it is no JSON object")


def read_json(lines: Iterable[str], file: str, errors: RowErrors) -> Iterator[StatementRow]:
    """The rows of a JSON array of objects, or of the first such array inside an object."""
    return rows_of_objects(_objects_of_text(lines, file, errors), file, errors)


def _objects_of_text(lines: Iterable[str], file: str, errors: RowErrors) -> Iterator[Found]:
    source = iter(lines)
    text = next((t for t in source if t.strip()), "")
    if text.lstrip().startswith("["):
        yield from _array(text.lstrip()[1:], source, file, errors)
        return
    parts = [text]
    size = 0
    for line in source:
        parts.append(line)
        size += len(line)
        if size > MAX_WHOLE:
            raise AdvisorError(Problem(Span(file), "one JSON object of more than 200 MB: export an array of rows, or JSON lines"))
    try:
        document = json.loads("".join(parts))
    except (ValueError, RecursionError) as error:
        raise AdvisorError(Problem(Span(file, getattr(error, "lineno", 1)), "is no whole JSON: export it again")) from None
    yield from ((r, 1) for r in _first_list(document))


def _array(text: str, source: Iterator[str], file: str, errors: RowErrors) -> Iterator[Found]:
    """Objects of an array, decoded as soon as they are whole: braces are counted before the decoder is asked."""
    line, held, start, depth = 1, "", 1, 0
    while True:
        for piece, change in _braces(text):
            depth += change
            held += piece
            if change < 0 and depth == 0:
                yield from _decoded(held, start, errors)
                held = ""
        line += 1
        if depth == 0:
            held, start = "", line
        following = next(source, None)
        if following is None:
            break
        text = following
    if depth:
        errors.add(start, "the file ends inside it")


def _decoded(text: str, line: int, errors: RowErrors) -> Iterator[Found]:
    try:
        record = json.loads(text[text.index("{") :])
    except (ValueError, RecursionError):
        errors.add(line, "it is no whole JSON object")
        return
    yield record, line


_STRING_OR_BRACE = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}]')


def _braces(text: str) -> Iterator[tuple[str, int]]:
    """Pieces of a line with what each does to the depth of braces outside strings; JSON strings end on their line."""
    start = 0
    for match in _STRING_OR_BRACE.finditer(text):
        if match[0] in "{}":
            yield text[start : match.end()], 1 if match[0] == "{" else -1
            start = match.end()
    yield text[start:], 0


def _first_list(document: object) -> list[Mapping[str, object]]:
    waiting = [document]
    while waiting:
        here = waiting.pop(0)
        if isinstance(here, list) and here and isinstance(here[0], dict):
            return [r for r in here if isinstance(r, dict)]
        if isinstance(here, dict):
            waiting += list(here.values())
    return [document] if isinstance(document, dict) else []
