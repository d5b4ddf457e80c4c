"""One stream -> the tally: recognises the form, then reads it block by block, with several processes when that pays."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol

from msgspec import Struct

from wa_advisor.errors import AdvisorError, Problem, Span
from wa_advisor.evidence.readers.batch import Batch, Collector
from wa_advisor.evidence.readers.feed import BLOCK, Feed, text_of
from wa_advisor.evidence.readers.recognise import SAMPLE, Form, recognise
from wa_advisor.evidence.readers.statistics import RowErrors, StatementRow
from wa_advisor.evidence.tally import FileTally, LogTally, Tally, add_rows

if TYPE_CHECKING:
    from concurrent.futures import Future

WORTH_PROCESSES = 8 << 20
Progress = Callable[[int], None]


class ReadOptions(Struct, frozen=True, kw_only=True):
    """`prefix` is a log_line_prefix, `family` the quoting rules when known, `processes` 0 for as many as help."""

    prefix: str | None = None
    family: str = ""
    processes: int = 0


class BlockReader(Protocol):
    """A reader of logs; `cut` and `extract` need no more than the block."""

    name: str
    parallel: bool

    def cut(self, data: bytes) -> int: ...

    def extract(self, block: bytes, line: int) -> Batch: ...


def read_stream(stream: BinaryIO, name: str, tally: Tally, options: ReadOptions, progress: Progress = lambda taken: None) -> None:
    """Counts what a stream says; AdvisorError when its form is not known or a needed column is missing."""
    feed = Feed(stream, name)
    sample = _sample(feed)
    if feed.cut_short and not sample.strip():
        raise AdvisorError(Problem(Span(name), f"{feed.cut_short} before its first block: copy it again"))
    form = recognise(sample, name, whole=len(sample) < SAMPLE, prefix=options.prefix, family=options.family)
    file = FileTally(name, form.name)
    tally.files.append(file)
    if form.kind in ("delimited", "aligned", "expanded", "json", "jsonlines"):
        errors = RowErrors()
        lines = _watched(feed.lines(sample), feed, progress)
        add_rows(tally, file, form.family, _rows(form, lines, name, text_of(sample), errors))
        file.misfits, file.misfits_named = errors.count, errors.named
    else:
        _read_log(feed, sample, form, tally, file, options, progress)
    if feed.cut_short:
        file.notes.append(f"{feed.cut_short}: what came before was read")


def _sample(feed: Feed) -> bytes:
    sample = b""
    while len(sample) < SAMPLE and (more := feed.read(SAMPLE)):
        sample += more
    return sample


def _watched(lines: Iterable[str], feed: Feed, progress: Progress) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number % 20_000 == 0:
            progress(feed.taken)
        yield line


def _rows(form: Form, lines: Iterable[str], name: str, sample: str, errors: RowErrors) -> Iterable[StatementRow]:
    if form.kind == "delimited":
        from wa_advisor.evidence.readers.delimited import read_delimited

        return read_delimited(lines, name, form.detail, sample, errors)
    if form.kind in ("aligned", "expanded"):
        from wa_advisor.evidence.readers.printed import read_aligned, read_expanded

        return (read_aligned if form.kind == "aligned" else read_expanded)(lines, name, errors)
    from wa_advisor.evidence.readers.jsonrows import read_json, read_json_lines

    return (read_json if form.kind == "json" else read_json_lines)(lines, name, errors)


# -- logs ------------------------------------------------------------------------------------------------


def make_reader(form: Form, keep: frozenset[str]) -> BlockReader:
    """The reader of a log's form."""
    collector = Collector(form.family, keep)
    if form.kind == "stderr":
        from wa_advisor.evidence.readers.stderr import StderrLog

        return StderrLog(collector, form.detail)
    if form.kind == "sql":
        from wa_advisor.evidence.readers.plainsql import PlainSql

        return PlainSql(collector, form.family)
    from wa_advisor.evidence.readers import csvlog, generallog, jsonlog, slowlog, syslog

    kinds: dict[str, Callable[[Collector], BlockReader]] = {
        "csvlog": csvlog.CsvLog, "jsonlog": jsonlog.JsonLog, "syslog": syslog.SysLog, "slowlog": slowlog.SlowLog,
        "generallog": generallog.GeneralLog,
    }  # fmt: skip
    return kinds[form.kind](collector)


def _read_log(
    feed: Feed, sample: bytes, form: Form, tally: Tally, file: FileTally, options: ReadOptions, progress: Progress
) -> None:
    reader = make_reader(form, tally.keep)
    counter = LogTally(tally, file, form.family)
    blocks = feed.blocks(sample, reader.cut)
    held: list[tuple[bytes, int]] = []
    processes = options.processes or _cores()
    size = 0
    for block, line in blocks:
        held.append((block, line))
        size += len(block)
        if not reader.parallel or processes < 2 or size < WORTH_PROCESSES:
            counter.add(reader.extract(block, line))
            held.clear()
            progress(feed.taken)
        else:
            break
    if held:
        _read_in_processes(held, blocks, form, tally.keep, counter, processes, lambda: progress(feed.taken))
    finish = getattr(reader, "finish", None)
    if finish is not None:
        counter.add(finish())


def _cores() -> int:
    """The cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_READER: BlockReader | None = None


def _start_process(form: Form, keep: frozenset[str]) -> None:
    global _READER
    _READER = make_reader(form, keep)


def _extract(block: bytes, line: int) -> tuple[int, Batch]:
    assert _READER is not None
    return os.getpid(), _READER.extract(block, line)


def _read_in_processes(
    held: list[tuple[bytes, int]], blocks: Iterator[tuple[bytes, int]], form: Form, keep: frozenset[str], counter: LogTally,
    processes: int, progress: Callable[[], None],
) -> None:  # fmt: skip
    """Blocks are read by several processes and counted here, in the order of the file."""
    from concurrent.futures import ProcessPoolExecutor

    waiting: deque[Future[tuple[int, Batch]]] = deque()
    with ProcessPoolExecutor(processes, initializer=_start_process, initargs=(form, keep)) as pool:
        for block, line in _chain(held, blocks):
            waiting.append(pool.submit(_extract, block, line))
            if len(waiting) > processes + 1:
                process, batch = waiting.popleft().result()
                counter.add(batch, process)
                progress()
        while waiting:
            process, batch = waiting.popleft().result()
            counter.add(batch, process)


def _chain(held: list[tuple[bytes, int]], blocks: Iterator[tuple[bytes, int]]) -> Iterator[tuple[bytes, int]]:
    yield from held
    held.clear()
    yield from blocks


__all__ = ["BLOCK", "ReadOptions", "read_stream"]
