"""`workload`: reads SQL statistics and logs, and says what share is key-value, single-table, relational."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO

import click

from wa_advisor.commands.shared import RULES
from wa_advisor.errors import CommandError

if TYPE_CHECKING:
    from wa_advisor.evidence.workload import Workload

DIALECTS = ("postgres", "mysql", "mariadb", "sqlite", "oracle", "tsql", "redshift", "snowflake", "bigquery")


def _printed(name: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    """A flag that prints a file of the package and ends."""

    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            from importlib.resources import files

            sys.stdout.write(files("wa_advisor.evidence").joinpath(name).read_text(encoding="utf-8"))
            ctx.exit()

    return show


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--schema", metavar="DDL.sql", help="The tables: pg_dump --schema-only or mysqldump --no-data.")
@click.option("--dialect", type=click.Choice(DIALECTS), help="The SQL dialect, where the file does not show it.")
@click.option("--log-line-prefix", "prefix", metavar="PREFIX", help="PostgreSQL's setting, as SHOW prints it.")
@click.option("--long-query-time", type=float, metavar="SECONDS", help="The log's threshold; 0 says that everything was logged.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
@click.option("--statements", metavar="CSV", help="Write every statement with its class and why.")
@click.option("--answers", metavar="FILE", help="Add what was seen to an answers file as access patterns.")
@click.option("--processes", type=click.IntRange(0, 64), default=0, help="Processes to read with; 0 for as many as help.")
@click.option(
    "--json-schema", is_flag=True, is_eager=True, expose_value=False, callback=_printed("workload.schema.json"),
    help="Print the schema of the JSON.",
)  # fmt: skip
@click.option(
    "--definition", is_flag=True, is_eager=True, expose_value=False, callback=_printed("definition.md"),
    help="Print the rules by which statements are classified.",
)  # fmt: skip
@RULES
def workload(
    files: tuple[str, ...], schema: str | None, dialect: str | None, prefix: str | None, long_query_time: float | None, form: str,
    statements: str | None, answers: str | None, processes: int, rules: tuple[str, ...],
) -> None:  # fmt: skip
    """Classify SQL statistics or logs (`-` reads stdin): key-value, single-table or relational, by calls."""
    from wa_advisor.commands.workload_evidence import write_evidence
    from wa_advisor.evidence.document import statements_csv, workload_document
    from wa_advisor.evidence.summary import render_markdown, render_text
    from wa_advisor.files import write_text

    found = measure(files, schema, dialect, prefix, long_query_time, processes)
    if statements:
        write_text(statements, statements_csv(found))
    if answers:
        for line in write_evidence(found, answers, rules):
            click.echo(line, err=True)
    if form == "json":
        sys.stdout.write(json.dumps(workload_document(found), indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write((render_markdown if form == "markdown" else render_text)(found))


def measure(
    files: tuple[str, ...], schema: str | None, dialect: str | None, prefix: str | None, slow: float | None, processes: int
) -> Workload:
    """The Workload in these files."""
    from wa_advisor.evidence.fingerprint import family_of
    from wa_advisor.evidence.judging import judge_tally, load_definitions, make_tally
    from wa_advisor.evidence.reading import ReadOptions, read_stream

    definitions = load_definitions(_schema_text(schema) if schema else None, dialect or "")
    if schema and not definitions.schema.tables:
        raise CommandError("defines no table: give the output of pg_dump --schema-only or mysqldump --no-data", schema)
    tally = make_tally(definitions)
    family = family_of(dialect) if dialect else "mysql" if schema and definitions.family == "mysql" else ""
    options = ReadOptions(prefix=prefix, family=family, processes=processes)
    for path in files:
        with ExitStack() as stack:
            stream, size = _open(path, stack)
            read_stream(stream, path, tally, options, _Progress(path, size))
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    return judge_tally(tally, definitions, slow)


def _open(path: str, stack: ExitStack) -> tuple[BinaryIO, int]:
    """The stream of a file and its size; CommandError says what is wrong with it."""
    import os

    if path == "-":
        return sys.stdin.buffer, 0
    try:
        if os.path.isdir(path):
            raise CommandError("is a directory: name the files in it", path)
        stream = stack.enter_context(open(path, "rb"))
        return stream, os.fstat(stream.fileno()).st_size
    except FileNotFoundError:
        raise CommandError("no such file: check the path", path) from None
    except PermissionError:
        raise CommandError("no permission to read it: change its mode or owner", path) from None
    except (OSError, ValueError) as error:
        raise CommandError(f"cannot be read ({getattr(error, 'strerror', None) or error})", path) from None


MAX_SCHEMA = 200_000_000


def _schema_text(path: str) -> str:
    """The text of a dump of definitions, whatever its encoding."""
    from wa_advisor.evidence.readers.feed import Feed, text_of

    with ExitStack() as stack:
        feed = Feed(_open(path, stack)[0], path)
        parts: list[bytes] = []
        while piece := feed.read():
            parts.append(piece)
            if sum(map(len, parts)) > MAX_SCHEMA:
                raise CommandError("is larger than 200 MB: dump the definitions only, without the data", path)
        return text_of(b"".join(parts))


class _Progress:
    """A bar on stderr while a file is read, on a terminal only."""

    def __init__(self, path: str, size: int) -> None:
        self._path = "stdin" if path == "-" else path
        self._size = size
        self._start = time.monotonic()
        self._next = self._start + 0.2
        self._shown = sys.stderr.isatty()

    def __call__(self, taken: int) -> None:
        now = time.monotonic()
        if not self._shown or now < self._next:
            return
        self._next = now + 0.2
        sys.stderr.write("\r\033[K" + progress_line(self._path, taken, self._size, now - self._start))
        sys.stderr.flush()


def progress_line(path: str, taken: int, size: int, seconds: float) -> str:
    """How far a file is read: a bar and what is left where its size is known, else the bytes so far."""
    speed = taken / seconds if seconds > 0 else 0.0
    name = path if len(path) <= 32 else ".." + path[-30:]
    if not size:
        return f"{name} {taken / 1e6:,.0f} MB, {speed / 1e6:.0f} MB/s"
    done = min(1.0, taken / size)
    full = int(done * 24)
    left = f", {(size - taken) / speed:,.0f} s left" if speed and size > taken else ""
    return f"{name} [{'#' * full}{'.' * (24 - full)}] {done:4.0%} {speed / 1e6:.0f} MB/s{left}"
