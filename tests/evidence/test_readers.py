"""Every form of file: recognised by its content, read to the same statements, nothing lost."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
from pathlib import Path

import pytest
import zstandard

from wa_advisor.errors import AdvisorError
from wa_advisor.evidence import reading
from wa_advisor.evidence.readers import feed
from wa_advisor.evidence.reading import ReadOptions, read_stream
from wa_advisor.evidence.tally import Tally

HERE = Path(__file__).resolve().parent
FORMATS = HERE / "formats"
LOGS = HERE / "logs"
EXPECTED = [
    pytest.param(folder / name, sum(entry["calls"].values()), id=f"{folder.name}/{name}")
    for folder in (FORMATS, *sorted(LOGS.iterdir()))
    for name, entry in json.loads((folder / "expected.json").read_text()).items()
]
FORMS = {
    "mysql_slow_55.log": "MySQL slow log", "mysql_slow_percona.log": "MySQL slow log", "pg_rds.log": "PostgreSQL log",
    "pg_default_prefix.log": "PostgreSQL log", "pg_pgbadger_prefix.log": "PostgreSQL log", "pgss.jsonl": "JSON lines",
    "pgss_bom_semicolon.csv": "CSV", "pgss_psql_aligned.txt": "a printed table", "plain_pg.sql": "SQL statements",
    "digest_mysql8.csv": "CSV",
}  # fmt: skip


DEFAULT = ReadOptions()


def read(data: bytes, name: str = "x", options: ReadOptions = DEFAULT) -> Tally:
    tally = Tally()
    read_stream(io.BytesIO(data), name, tally, options)
    return tally


def counts(tally: Tally) -> dict[str, int]:
    return {s.shape.text: s.calls for s in tally.statements if s.calls}


def transactions(tally: Tally) -> dict[frozenset[tuple[str, int]], int]:
    texts = [s.shape.text for s in tally.statements]
    return {frozenset((texts[n], times) for n, times in key): count for key, count in tally.transactions.items()}


@pytest.mark.parametrize(("path", "calls"), EXPECTED)
def test_all_calls_are_read(path: Path, calls: int) -> None:
    tally = read(path.read_bytes(), path.name)
    extra = 1 if path.name == "pg_stat_statements.json" else 0  # its own COPY is in it, which the label list leaves out
    assert sum(s.calls for s in tally.statements) == calls + extra
    assert tally.files[0].entries == calls + extra
    assert tally.files[0].misfits == 0


@pytest.mark.parametrize(("name", "form"), FORMS.items())
def test_form_is_told_by_content(name: str, form: str) -> None:
    assert read((FORMATS / name).read_bytes(), "no-name").files[0].form == form


TWINS = [
    ("pgbench/csvlog_simple.csv", "pgbench/stderr_simple.log"),
    ("pgbench/csvlog_prepared.csv", "pgbench/stderr_prepared.log"),
    ("pgbench/csvlog_extended_errors.csv", "pgbench/stderr_extended_errors.log"),
    ("sysbench-mariadb/digest.csv", "sysbench-mariadb/digest.tsv"),
    ("sysbench-mariadb/digest.csv", "sysbench-mariadb/digest.json"),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_two_forms_of_one_run_agree(one: str, other: str) -> None:
    first, second = read((LOGS / one).read_bytes()), read((LOGS / other).read_bytes())
    assert counts(first) == counts(second)
    assert transactions(first) == transactions(second)


PRINTED = sorted(p for p in (FORMATS / "printed").iterdir() if p.name not in ("v.csv", "wrapped.txt"))


@pytest.mark.parametrize("path", PRINTED, ids=lambda p: p.name)
def test_what_psql_prints(path: Path) -> None:
    assert counts(read(path.read_bytes())) == counts(read((FORMATS / "printed" / "v.csv").read_bytes()))


def test_wrapped_output_keeps_its_rows() -> None:
    wrapped = read((FORMATS / "printed" / "wrapped.txt").read_bytes())
    assert wrapped.files[0].entries == 12
    assert wrapped.files[0].misfits == 0


PACKERS = {
    "gzip": gzip.compress, "zstd": zstandard.compress, "bzip2": bz2.compress, "xz": lzma.compress,
    "two gzip members": lambda d: gzip.compress(d[:50_000]) + gzip.compress(d[50_000:]),
    "two zstd frames": lambda d: zstandard.compress(d[:50_000]) + zstandard.compress(d[50_000:]),
    "UTF-16": lambda d: d.decode().encode("utf-16"), "CRLF": lambda d: d.replace(b"\n", b"\r\n"),
    "a mark of UTF-8": lambda d: b"\xef\xbb\xbf" + d,
}  # fmt: skip


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS.keys())
@pytest.mark.parametrize("name", ["pgbench/csvlog_simple.csv", "sysbench-mariadb/slow.log", "sysbench-mariadb/digest.tsv"])
def test_packed_and_recoded(pack: object, name: str) -> None:
    data = (LOGS / name).read_bytes()
    assert callable(pack)
    assert counts(read(pack(data))) == counts(read(data))


@pytest.mark.parametrize(
    "name", ["pgbench/csvlog_extended_errors.csv", "pgbench/stderr_extended_errors.log", "sysbench-mariadb/slow.log"]
)
@pytest.mark.parametrize("size", [3_000, 20_000])
def test_blocks_and_processes_change_nothing(name: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (LOGS / name).read_bytes()
    whole = read(data)
    monkeypatch.setattr(reading.Feed.blocks, "__defaults__", (size,))
    monkeypatch.setattr(reading, "SAMPLE", 2_000)
    monkeypatch.setattr(reading, "WORTH_PROCESSES", 10_000)
    for processes in (1, 2):
        pieces = read(data, options=ReadOptions(processes=processes))
        assert counts(pieces) == counts(whole)
        assert pieces.transactions == whole.transactions
        assert {s.shape.text: (s.peak, s.line) for s in pieces.statements if s.calls} == {
            s.shape.text: (s.peak, s.line) for s in whole.statements if s.calls
        }


def test_line_numbers_point_at_the_statement() -> None:
    for name in ("pgbench/csvlog_simple.csv", "pgbench/stderr_simple.log", "sysbench-mariadb/slow.log"):
        lines = (LOGS / name).read_text().split("\n")
        for one in read((LOGS / name).read_bytes()).statements:
            word = one.shape.text.split()[0]
            assert word in lines[one.line - 1], (name, one.line)


# -- logs in detail --------------------------------------------------------------------------------------

PREFIXES = [
    ("%m [%p] ", "2026-01-05 10:00:00.123 UTC [47] "),
    (
        "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
        "2026-01-05 10:00:00 UTC [47]: [3-1] user=app,db=shop,app=my app,client=10.0.0.5 ",
    ),
    ("%t:%r:%u@%d:[%p]:", "2026-01-05 10:00:00 UTC:10.0.0.5(43210):app@shop:[47]:"),
    ("%m [%p] %q%u@%d ", "2026-01-05 10:00:00.123 UTC [47] app@shop "),
    ("< %m >", "< 2026-01-05 10:00:00.123 +02 >"),
    ("%t-%c-", "2026-01-05 10:00:00 UTC-6b03ad66.7a71-"),
    ("%n %p ", "1767607200.123 47 "),
    ("%n [%p] %q%u@%d ", "1767607200.123 [47] app@shop "),
    ("%m %b[%p] ", "2026-01-05 10:00:00.123 UTC client backend[47] "),
    ("%h %m [%p]: ", "10.0.0.5 2026-01-05 10:00:00.123 UTC [47]: "),
    ("", ""),
]


@pytest.mark.parametrize(("prefix", "text"), PREFIXES)
def test_common_prefixes(prefix: str, text: str) -> None:
    log = f"{text}LOG:  duration: 0.2 ms  statement: SELECT a\n\tFROM t\n\tWHERE id = 5\n{text}LOG:  checkpoint starting: time\n"
    for options in (ReadOptions(), ReadOptions(prefix=prefix)):
        tally = read(log.encode(), options=options)
        assert counts(tally) == {"SELECT a FROM t WHERE id = ?": 1}
        assert tally.files[0].misfits == 0


def test_a_prefix_in_brackets_is_no_json() -> None:
    log = b"[2026-01-05 10:00:00.123 UTC] 0 LOG:  statement: SELECT a FROM t\n"
    assert counts(read(log, options=ReadOptions(prefix="[%m] %x "))) == {"SELECT a FROM t": 1}


def test_a_prefix_of_ones_own() -> None:
    log = b"@@2026-01-05 10:00:00 UTC/app/47@@LOG:  statement: SELECT 1 FROM t\n"
    with pytest.raises(AdvisorError, match="give it with --log-line-prefix"):
        read(log)
    assert counts(read(log, options=ReadOptions(prefix="@@%t/%u/%p@@"))) == {"SELECT ? FROM t": 1}
    with pytest.raises(AdvisorError, match="is no escape of log_line_prefix"):
        read(log, options=ReadOptions(prefix="%y"))


P = "2026-01-05 10:00:00.123 UTC [47] "
MESSAGES = [
    ("extended protocol counts execute only", ["LOG:  duration: 1 ms  parse p: SELECT a FROM t", "LOG:  duration: 1 ms  bind p: SELECT a FROM t",
     "LOG:  duration: 1 ms  execute p: SELECT a FROM t"], {"SELECT a FROM t": 1}),
    ("a portal that goes on is no new execution", ["LOG:  execute p/c: SELECT a FROM t", "LOG:  execute fetch from p/c: SELECT a FROM t"],
     {"SELECT a FROM t": 1}),
    ("log_statement and log_duration", ["LOG:  statement: SELECT a FROM t", "LOG:  duration: 0.9 ms"], {"SELECT a FROM t": 1}),
    ("a failed statement is taken back", ["LOG:  statement: SELECT x FROM t", 'ERROR:  column "x" does not exist at character 8',
     "STATEMENT:  SELECT x FROM t"], {}),
    ("a statement that ran before stays", ["LOG:  duration: 1 ms  statement: SELECT x FROM t", "ERROR:  canceled",
     "STATEMENT:  SELECT x FROM t"], {"SELECT x FROM t": 1}),
    ("a warning takes nothing back", ["LOG:  statement: SELECT x FROM t", "WARNING:  odd", "STATEMENT:  SELECT x FROM t"], {"SELECT x FROM t": 1}),
    ("EXECUTE has its text in DETAIL", ["LOG:  statement: EXECUTE p(5);", "DETAIL:  prepare: PREPARE p (int) AS SELECT a FROM t WHERE id = $1;"],
     {"SELECT a FROM t WHERE id = ?": 1}),
    ("a message inside a literal", ["LOG:  statement: INSERT INTO l VALUES ('LOG:  statement: SELECT 9 FROM x')"], {"INSERT INTO l VALUES (?)": 1}),
    ("several statements in one message", ["LOG:  statement: BEGIN; SELECT a FROM t; COMMIT"], {"BEGIN": 1, "SELECT a FROM t": 1, "COMMIT": 1}),
    ("auto_explain's plans are no statements", ["LOG:  duration: 3 ms  plan:\n\tQuery Text: SELECT a FROM t\n\tSeq Scan on t"], {}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), [m[1:] for m in MESSAGES], ids=[m[0] for m in MESSAGES])
def test_postgres_messages(lines: list[str], expected: dict[str, int]) -> None:
    padding = "".join(f"{P}{line}\n" for line in lines)
    assert counts(read((padding + f"{P}LOG:  connection received\n").encode())) == expected


def test_syslog_pieces_mixed_between_processes() -> None:
    head = "Jan  5 10:00:0{} db postgres[{}]: [{}-{}] "
    lines = [
        head.format(0, 47, 3, 1) + "LOG:  duration: 1 ms  statement: SELECT a",
        head.format(0, 48, 9, 1) + "LOG:  duration: 1 ms  statement: SELECT b FROM u WH",
        head.format(0, 47, 3, 2) + "#011FROM t",
        head.format(1, 48, 9, 2) + "ERE id = 7",
        head.format(1, 48, 10, 1) + "LOG:  disconnection: session time: 0:00:00.1",
    ]
    assert counts(read("\n".join(lines).encode())) == {"SELECT a FROM t": 1, "SELECT b FROM u WHERE id = ?": 1}


def test_what_journald_caught() -> None:
    head = "Jan 05 10:00:00 db postgres[47]: "
    lines = [
        head + "2026-01-05 10:00:00.123 UTC [47] LOG:  statement: SELECT a",
        head + "\tFROM t",
        head + "2026-01-05 10:00:00.123 UTC [47] LOG:  x",
    ]
    assert counts(read("\n".join(lines).encode())) == {"SELECT a FROM t": 1}


OLD_CSVLOG = [23, 24, 26]  # PostgreSQL 12, 13, 14


@pytest.mark.parametrize("columns", OLD_CSVLOG)
def test_csvlog_of_every_version(columns: int) -> None:
    data = (LOGS / "pgbench/csvlog_simple.csv").read_text()
    cut = "\n".join(
        line.removesuffix(f",{line.rsplit(',', 1)[-1]}").rsplit(",", 25 - columns)[0] if columns < 26 else line
        for line in data.splitlines()
    )
    names = "log_time,user_name,database_name,process_id,connection_from,session_id\n"
    tally = read((names + cut + "\n").encode())
    assert counts(tally) == counts(read(data.encode()))
    assert tally.files[0].misfits == 0


def test_jsonlog() -> None:
    base = {"timestamp": "2026-01-05 10:00:00.123 UTC", "pid": 47, "session_id": "a.b", "error_severity": "LOG"}
    rows = [
        {**base, "message": "statement: SELECT a FROM t WHERE id = 5"},
        {**base, "message": "statement: SELECT z FROM t"},
        {**base, "error_severity": "ERROR", "message": "no column", "statement": "SELECT z FROM t"},
        {**base, "message": "duration: 1 ms  bind p: SELECT a FROM t"},
    ]
    tally = read("\n".join(json.dumps(r) for r in rows).encode() + b'\n{"timestamp": "2026')
    assert counts(tally) == {"SELECT a FROM t WHERE id = ?": 1}
    assert tally.files[0].misfits_named == [(5, "19 characters of another form")]


def test_general_log() -> None:
    log = (
        "/usr/sbin/mysqld, Version: 8.0.36. started with:\nTcp port: 3306  Unix socket: /s\nTime                 Id Command    Argument\n"
        "2026-01-05T10:00:00.123456Z\t   12 Connect\tapp@web1 on shop using TCP/IP\n"
        "2026-01-05T10:00:00.123456Z\t   12 Query\tSELECT *\nFROM users\nWHERE id = 42\n"
        "2026-01-05T10:00:00.123456Z\t   12 Prepare\tSELECT * FROM kv WHERE k = ?\n"
        "2026-01-05T10:00:00.123456Z\t   12 Execute\tSELECT * FROM kv WHERE k = 'x'\n"
        "260105 10:00:01\t   13 Query\tEXECUTE p USING @a\n\t\t   13 Execute\tSELECT 1 FROM t\n\t\t   13 Quit\t\n"
    )
    expected = {"SELECT * FROM users WHERE id = ?": 1, "SELECT * FROM kv WHERE k = ?": 1, "SELECT ? FROM t": 1}
    assert counts(read(log.encode())) == expected


def test_slow_log_body_with_a_header_inside_a_string() -> None:
    data = (FORMATS / "mysql_slow_80.log").read_bytes()
    hidden = b"'a;\n# Time: 2026-01-05T10:00:05.123456Z\n# User@Host: x'"
    assert counts(read(data.replace(b"'# Time: 5'", hidden))) == counts(read(data))


def test_slow_log_rows_and_failures() -> None:
    entry = "# Time: 260105 10:00:00\n# User@Host: a[a] @ h []\n# Query_time: 0.0001  Lock_time: 0 Rows_sent: {}  Rows_examined: 1{}\nSET timestamp=1;\n{};\n"
    log = entry.format(3, "", "SELECT a FROM t WHERE b = 1") + entry.format(5, "", "SELECT a FROM t WHERE b = 2")
    failed = entry.format(0, " Thread_id: 1 Errno: 1064", "SELECT broken FROM t")
    tally = read((log + failed).encode())
    assert [(s.calls, s.rows, s.row_calls) for s in tally.statements] == [(2, 8, 2)]
    assert tally.files[0].skipped["failed statements"] == 1


def test_plain_sql_bodies_delimiters_and_copy() -> None:
    sql = """
DELIMITER //
CREATE PROCEDURE p() BEGIN DELETE FROM a; DELETE FROM b; END//
DELIMITER ;
SELECT 1 FROM t; -- x;
COPY t (a) FROM stdin;
1;2
DROP TABLE t;
\\.
CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END;
UPDATE t SET a = ';' WHERE id = 1
"""
    found = counts(read(sql.encode()))
    assert [text.split("(")[0].split(" SET")[0] for text in found] == [
        "CREATE PROCEDURE p", "SELECT ? FROM t", "COPY t ", "CREATE FUNCTION f", "UPDATE t",
    ]  # fmt: skip


def test_repetition_and_transactions_are_seen() -> None:
    lines = ["statement: SELECT id FROM parents"] + [f"statement: SELECT a FROM t WHERE id = {i}" for i in range(5)]
    lines += ["statement: BEGIN", "statement: UPDATE t SET a = 1 WHERE id = 1", "statement: COMMIT"]
    log = "".join(f"{P}LOG:  {line}\n" for line in lines * 3)
    tally = read(log.encode())
    repeated = next(s for s in tally.statements if s.repeated)
    assert (repeated.shape.text, repeated.calls, repeated.repeated, repeated.runs) == ("SELECT a FROM t WHERE id = ?", 15, 15, 3)
    assert [tally.statements[n].shape.text for n in repeated.after] == ["SELECT id FROM parents"]
    assert list(tally.transactions.values()) == [3]


# -- broken files ----------------------------------------------------------------------------------------

REFUSED = [
    (b"", ":1: is empty: export the statistics or name a log"),
    (b"\n \n", ":1: is empty: export the statistics or name a log"),
    (b"query,total_time\nselect 1,5\n", ':1: no column "calls" (found: query, total_time): export it with calls'),
    (b"queryid,calls\n1,5\n", ':1: no column "query" (found: queryid, calls): export it with query'),
    (b'[{"query": "select 1", "total_time": 4}]', ':1: no column "calls" (found: query, total_time): export it with calls'),
    (b"PK\x03\x04abc", "is a zip archive: unpack it and name the file in it"),
    (b"hello world\nthis is prose\n", ":1: has no form known here"),
    (bytes(range(256)) * 20, ":1: is no text"),
    (zstandard.compress(b"SELECT 1 FROM t;" * 99)[:20], "the zstd file ends early before its first block: copy it again"),
]


@pytest.mark.parametrize(("data", "message"), REFUSED)
def test_refused_with_a_message(data: bytes, message: str) -> None:
    with pytest.raises(AdvisorError) as caught:
        read(data, "x")
    assert message in str(caught.value)


def test_rows_that_do_not_fit_are_named() -> None:
    data = b'query,calls,rows\nselect 1 from t,5,5\n"select 2 from t",5\n"select 3 from t",x,5\n"select 4 from '
    tally = read(data)
    assert counts(tally) == {"select ? from t": 5}
    assert tally.files[0].misfits_named == [(3, "2 columns of 3"), (4, "its calls are no number"), (5, "1 columns of 3")]


def test_half_written_and_damaged_files_give_what_they_have() -> None:
    data = (LOGS / "pgbench/csvlog_simple.csv").read_bytes()
    half = read(data[:-150])
    assert half.files[0].entries == 303
    assert half.files[0].misfits_named == [(304, "137 characters of another form")]
    cut = read(gzip.compress(data)[:-3000])
    assert 50 < cut.files[0].entries < 304
    assert cut.files[0].notes == ["the gzip file ends early: what came before was read"]


def test_lines_between_are_named_by_line() -> None:
    data = (LOGS / "pgbench/stderr_simple.log").read_bytes()
    lines = data.split(b"\n")
    lines[4:4] = [b"rsync: connection lost"]
    lines[9:9] = [b"rsync: connection lost"]
    tally = read(b"\n".join(lines))
    assert counts(tally) == counts(read(data))
    assert [line for line, _ in tally.files[0].misfits_named] == [5, 10]


def test_no_input_ends_in_a_traceback() -> None:
    chance = random.Random(7)
    seeds = [p.read_bytes()[:6000] for p in sorted(FORMATS.glob("*")) if p.is_file()]
    for _ in range(400):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(len(data))
            data[at : at + chance.randrange(40)] = chance.choice(
                [b"", b"'", b'"', b"\n", b"\\", b"\xff", b";", b"$$", b"/*", b"(", b"\t", b"{"]
            )
        try:
            tally = read(bytes(data))
        except AdvisorError:
            continue
        assert tally.files[0].entries >= 0


@pytest.mark.parametrize("data", [b"SELECT 1 FROM t;\nSELECT 'no end", b"query,calls\nselect 1,5\nselect 2"])
def test_a_record_without_an_end_is_refused(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MAX_RECORD", 1_000_000)
    monkeypatch.setattr(feed.Feed.blocks, "__defaults__", (100_000,))
    with pytest.raises(AdvisorError, match=r"x:[23]: one record of more than 0 MB begins here"):
        read(data + b" x" * 9_000_000, "x")
