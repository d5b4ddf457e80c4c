"""The workload: mix, headline, candidate patterns, findings, evidence, and that no literal ever leaves."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from wa_advisor.answers import parse_answers
from wa_advisor.cli import cli
from wa_advisor.commands.workload import progress_line
from wa_advisor.evidence.patterns import findings_of, patterns_of
from wa_advisor.evidence.reading import ReadOptions, read_stream
from wa_advisor.evidence.sql.classify import classify_statement
from wa_advisor.evidence.sql.record import Statement
from wa_advisor.evidence.suggest import contradictions_of, rate_text, suggestions_of
from wa_advisor.evidence.tally import Tally
from wa_advisor.evidence.workload import JudgeOptions, Workload, judge, sort_shape
from wa_advisor.model import RuleSet

HERE = Path(__file__).resolve().parent
NAMES = {
    "kv": "key-value",
    "single": "single-table",
    "relational": "relational",
    "not_counted": "not-counted",
    "opaque": "opaque",
}


DIALECTS = {"postgres": "postgres", "mysql": "mysql", "other": "postgres"}


def said(sql: str, dialect: str) -> Statement:
    """A classifier for tests: the class is told by words of the statement."""
    words = sql.split()
    names = tuple(w.strip('`"') for w, b in zip(words[1:], words, strict=False) if b in ("FROM", "JOIN", "INTO", "UPDATE"))
    bound = tuple(w for w, o in itertools.pairwise(words) if o == "=" and words[0] != "UPDATE")
    why = "so the test says"
    if words[0] in ("BEGIN", "COMMIT"):
        return Statement(name="not-counted", kind="transaction", why=why)
    if "place_order" in sql:
        return Statement(name="opaque", kind="routine", why=why)
    if "JOIN" in sql:
        return Statement(name="relational", kind="join-lookup", why=why, tables=names, is_read=True)
    if "count(" in sql:
        return Statement(name="single-table", kind="aggregate", why=why, tables=names, bound=bound, is_read=True)
    if words[0] == "INSERT":
        return Statement(name="key-value", kind="put", why=why, tables=names)
    if " id = " in sql:
        kind = "update" if words[0] == "UPDATE" else "get"
        return Statement(
            name="key-value",
            kind=kind,
            key="primary",
            why=why,
            tables=names,
            key_columns=("id",),
            bound=bound,
            is_read=kind == "get",
        )
    return Statement(
        name="single-table", kind="filter" if "WHERE" in sql else "scan", why=why, tables=names, bound=bound, is_read=True
    )


def workload(*data: str, slow: float | None = None, has_schema: bool = True) -> Workload:
    tally = Tally()
    for number, text in enumerate(data):
        read_stream(io.BytesIO(text.encode()), f"{number}.log", tally, ReadOptions())
    return judge(tally, said, JudgeOptions(dialects=DIALECTS, has_schema=has_schema, slow=slow))


def rows(*entries: tuple[str, int, int]) -> str:
    return "\n".join(json.dumps({"query": q, "calls": c, "rows": r}) for q, c, r in entries)


GET, JOIN = "SELECT * FROM users WHERE id = $1", "SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = $1"
COUNT, SCAN = "SELECT count(*) FROM orders WHERE status = $1", "SELECT * FROM orders WHERE note = $1"


# -- the mix and its headline ----------------------------------------------------------------------------


def test_shares_are_over_what_counts() -> None:
    found = workload(rows((GET, 70, 70), (SCAN, 20, 200), (JOIN, 10, 10), ("BEGIN", 500, 0), ("SELECT place_order($1)", 5, 5)))
    assert found.calls == {"key-value": 70, "single-table": 20, "relational": 10, "not-counted": 500, "opaque": 5}
    assert found.mix == {"key-value": 0.7, "single-table": 0.2, "relational": 0.1}


def test_reads_only_leaves_writes_out() -> None:
    found = workload(rows((GET, 30, 30), ("INSERT INTO users (id) VALUES ($1)", 50, 50), (SCAN, 10, 10)))
    assert found.reads_only == {"key-value": 0.75, "single-table": 0.25, "relational": 0.0}


@pytest.mark.parametrize(("opaque", "has_headline"), [(11, True), (12, False)])
def test_no_headline_above_ten_percent_opaque(opaque: int, has_headline: bool) -> None:
    found = workload(rows((GET, 100, 100), ("CALL place_order($1)", opaque, 0)))
    assert (found.mix is not None) is has_headline
    assert bool(found.why_no_mix) is not has_headline


SLOW_ENTRY = "# Time: 260105 10:00:0{}\n# User@Host: a[a] @ h []\n# Query_time: {}  Lock_time: 0 Rows_sent: 1  Rows_examined: 1\nSET timestamp={};\nSELECT * FROM users WHERE id = {};\n"


@pytest.mark.parametrize(
    ("fastest", "slow", "has_headline"),
    [("0.0002", None, True), ("0.5", None, False), ("0.5", 0.0, True), ("0.0002", 1.0, False)],
)
def test_no_headline_from_a_log_of_slow_statements(fastest: str, slow: float | None, has_headline: bool) -> None:
    log = SLOW_ENTRY.format(0, "2.5", 1, 1) + SLOW_ENTRY.format(1, fastest, 2, 2)
    found = workload(log, slow=slow)
    assert (found.mix is not None) is has_headline
    assert has_headline or "slow statements only" in found.why_no_mix[0]


def test_a_parser_failure_is_opaque_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise RecursionError

    monkeypatch.setattr("wa_advisor.evidence.sql.classify.prepare", fail)
    tally = Tally()
    read_stream(io.BytesIO(rows((GET, 3, 3), ("BEGIN", 5, 0)).encode()), "x", tally, ReadOptions())
    found = judge(
        tally, lambda sql, dialect: classify_statement(sql, None, dialect), JudgeOptions(dialects=DIALECTS, has_schema=True)
    )
    assert found.calls["opaque"] == 3
    assert [j.why for j in found.statements if j.name == "opaque"] == ["rule 4: it could not be judged (RecursionError)"]


CUT = [
    "SELECT * FROM users WHERE name = 'ab",
    "SELECT * FROM users WHERE id IN (SELECT id FROM",
    "SELECT `a` FROM `users` WHERE `b` = ? AND ...",
    "<insufficient privilege>",
    "SELECT /* no end",
]


@pytest.mark.parametrize("text", CUT)
def test_cut_and_hidden_texts_are_opaque(text: str) -> None:
    found = workload(rows((GET, 100, 100), (text, 7, 7)))
    assert found.calls["opaque"] == 7


def test_texts_cut_at_a_known_length_are_opaque() -> None:
    text = "SELECT a FROM users WHERE id = $1 AND b = $2" + " AND c IS NULL" * 20
    found = workload(rows((GET, 100, 100), (text[:200], 7, 7)))
    assert found.calls["opaque"] == 7


def test_no_text_is_opaque() -> None:
    found = workload('"DIGEST_TEXT","COUNT_STAR"\n"SELECT * FROM `users` WHERE id = ?","900"\n"NULL","17"\n')
    assert found.calls["opaque"] == 17


def test_routines_are_resolved_by_their_nested_rows() -> None:
    text = 'toplevel,query,calls,rows\nt,"SELECT place_order($1, $2)",50,50\n'
    assert workload(text).calls["opaque"] == 50
    nested = workload(text + 'f,"INSERT INTO orders (id) VALUES ($1)",50,50\n')
    assert (nested.calls["opaque"], nested.calls["not-counted"], nested.calls["key-value"]) == (0, 50, 50)


def test_a_prepared_statement_is_resolved_where_its_text_is_known() -> None:
    text = "PREPARE q (int) AS SELECT * FROM users WHERE id = $1; EXECUTE q(5); EXECUTE q(6); EXECUTE other(1);"
    tally = Tally()
    read_stream(io.BytesIO(text.encode()), "x.sql", tally, ReadOptions())
    found = judge(
        tally, lambda sql, dialect: classify_statement(sql, None, dialect), JudgeOptions(dialects=DIALECTS, has_schema=False)
    )
    assert found.calls == {"key-value": 2, "single-table": 0, "relational": 0, "not-counted": 1, "opaque": 1}


def test_plain_sql_says_that_it_is_not_by_call() -> None:
    assert any("not by call" in n for n in workload("SELECT * FROM users WHERE id = 1;").notes)


# -- shapes ----------------------------------------------------------------------------------------------

ALIKE = [
    ('SAVEPOINT "s140_x2"', 'SAVEPOINT "s141_x9"'),
    ("RELEASE SAVEPOINT s1", "RELEASE SAVEPOINT s2"),
    ("ROLLBACK TO SAVEPOINT s1", "ROLLBACK TO SAVEPOINT s22"),
    ('DECLARE "c_1" NO SCROLL CURSOR FOR SELECT a FROM t', 'DECLARE "c_2" NO SCROLL CURSOR FOR SELECT a FROM t'),
    ('FETCH FORWARD 100 FROM "c_1"', 'FETCH FORWARD 2000 FROM "c_2"'),
    ("CLOSE c1", "CLOSE c2"),
    ("DEALLOCATE pdo_stmt_1", "DEALLOCATE pdo_stmt_2"),
    ("SELECT a FROM t WHERE id = 5", "SELECT a FROM t WHERE id = 'x''y'"),
    ("SELECT a FROM t WHERE id IN (1, 2)", "SELECT a FROM t WHERE id IN (1, 2, 3, 4)"),
    ("INSERT INTO t VALUES (1), (2)", "INSERT INTO t VALUES (1), (2), (now())"),
    ("SELECT a FROM t WHERE (a, b) IN ((1, 2), (3, 4))", "SELECT a FROM t WHERE (a, b) IN ((1, 2), (3, 4), (5, 6))"),
    ("UPDATE t SET a = a + 1", "UPDATE t SET a = a + -1"),
    ("SELECT a FROM t WHERE id = $1", "/* by: app */ SELECT a  FROM t -- why\n WHERE id = $3"),
    ("SELECT a FROM t WHERE b = $$x$$", "SELECT a FROM t WHERE b = $q$ $$ ' $q$"),
]
UNLIKE = [
    ("DECLARE c1 CURSOR FOR SELECT a FROM t", "DECLARE c1 CURSOR FOR SELECT a FROM u"),
    ("DELETE FROM t1", "DELETE FROM t2"),
    ("RELEASE SAVEPOINT s1", "ROLLBACK TO SAVEPOINT s1"),
    ("SELECT a FROM t WHERE id IN (1)", "SELECT a FROM t WHERE id IN (1, 2)"),
    ("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1), (2)"),
    ("SELECT a FROM t1", "SELECT a FROM t2"),
    ('SELECT "a 1" FROM t', 'SELECT "b 1" FROM t'),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_alike(one: str, other: str) -> None:
    assert len(workload(rows((one, 1, 1), (other, 1, 1))).statements) == 1


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_unlike(one: str, other: str) -> None:
    assert len(workload(rows((one, 1, 1), (other, 1, 1))).statements) == 2


# -- patterns and findings -------------------------------------------------------------------------------


def test_patterns_by_table_and_key() -> None:
    found = patterns_of(workload(rows((GET, 60, 60), ("SELECT name FROM users WHERE id = $1", 20, 20), (SCAN, 20, 2000))))
    assert [(p.name, p.class_name, p.lookup, p.rows_returned, p.calls) for p in found] == [
        ("users by id", "key-value", "full-key", "one", 80),
        ("orders by note", "single-table", "secondary-key", "few", 20),
    ]


def test_findings_name_their_statements() -> None:
    found = findings_of(workload(rows((GET, 60, 60), (JOIN, 20, 20), (COUNT, 10, 10), (SCAN, 10, 10))))
    assert [(f.id, f.calls, [s.text for s in f.statements]) for f in found] == [
        ("denormalisable-join", 20, [JOIN.replace("$1", "?")]),
        ("counter-by-aggregate", 10, [COUNT.replace("$1", "?")]),
        ("full-scan", 10, [SCAN.replace("$1", "?")]),
    ]


def test_one_lookup_a_row_is_found_in_sessions_and_in_statistics() -> None:
    line = "2026-01-05 10:00:00.123 UTC [47] LOG:  statement: {}\n"
    one = line.format("SELECT * FROM parents") + "".join(line.format(f"SELECT * FROM users WHERE id = {i}") for i in range(6))
    assert [f.id for f in findings_of(workload(one * 5)) if f.id == "repeated-lookup"] == ["repeated-lookup"]
    other = "".join(
        line.format(f"SELECT * FROM users WHERE id = {i}") + line.format(f"SELECT * FROM teams WHERE id = {i}") for i in range(6)
    )
    in_turn = findings_of(workload((line.format("SELECT * FROM parents") + other) * 5))
    assert [(f.id, len(f.statements)) for f in in_turn if f.id == "repeated-lookup"] == [("repeated-lookup", 2)]
    loop = "".join(line.format(s) for s in ("BEGIN", "SELECT * FROM users WHERE id = 1", "COMMIT")) * 6
    assert not [
        f.id for f in findings_of(workload((line.format("SELECT * FROM parents") + loop) * 5)) if f.id == "repeated-lookup"
    ]
    counted = workload(rows(("SELECT * FROM parents", 100, 1000), (GET, 1000, 1000)))
    assert [f.id for f in findings_of(counted) if f.id == "repeated-lookup"] == ["repeated-lookup"]
    assert not [
        f for f in findings_of(workload(rows(("SELECT * FROM parents", 100, 1000), (GET, 300, 300)))) if f.id == "repeated-lookup"
    ]


@pytest.mark.parametrize(
    ("rate", "text"), [(340.4, "340/s"), (0.5, "30/min"), (0.001, "3.6/h"), (0.00001, "0.864/day"), (5123, "5120/s")]
)
def test_rates_are_short(rate: float, text: str) -> None:
    from fractions import Fraction

    assert rate_text(Fraction(rate).limit_denominator(100_000)) == text


# -- evidence --------------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[str, str]:
    result = CliRunner().invoke(cli, ["workload", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def test_answers_file_is_made_and_read_back(tmp_path: Path, ruleset: RuleSet) -> None:
    log = tmp_path / "a.log"
    log.write_text("".join(SLOW_ENTRY.format(i, "0.0002", 1767607200 + i, i) for i in range(5)))
    target = tmp_path / "shop.yaml"
    run(str(log), "--answers", str(target))
    answers = parse_answers(target.read_text(), "shop.yaml", ruleset)
    (item,) = answers.items("access_patterns")
    assert item.name == "users by id"
    assert {k: (a.text, a.evidence) for k, a in item.answers.items()} == {
        "lookup": ("full-key", f"{log}:5"), "nature": ("records", f"{log}:5"),
        "average_rate": ("1/s", f"{log}:5"), "peak_rate": ("1/s", f"{log}:5"),
    }  # fmt: skip
    assert (item.observed["class"], item.observed["calls"], item.observed["share"]) == ("key-value", "5", "100.0 %")
    assert answers.observed["key-value"] == "100.0 %"


HAND = """# ours
answers: 1
workload: {name: shop}  # a shop
access_patterns:
  - name: users by id   # the page
    lookup: partition
    query_knowledge: fixed
    peak_rate: 0.5/s
"""


def test_nothing_that_a_person_wrote_changes(tmp_path: Path, ruleset: RuleSet) -> None:
    target = tmp_path / "shop.yaml"
    target.write_text(HAND)
    data = tmp_path / "a.jsonl"
    data.write_text(rows((GET, 60, 60), (SCAN, 40, 400)))
    _, told = run(str(data), "--answers", str(target))
    text = target.read_text()
    for line in HAND.splitlines():
        assert line.split("#")[0].strip().rstrip("}") in text
        assert "#" not in line or line[line.index("#") :] in text
    answers = parse_answers(text, "shop.yaml", ruleset)
    assert answers.items("access_patterns")[0].answers["lookup"].value == "partition"
    assert [i.name for i in answers.items("access_patterns")] == ["users by id", "orders by note"]
    assert 'you said fixed queries ("users by id"): 40.0 % of the calls filter on columns without a key' in told
    assert 'contradiction: "users by id": you said lookup is partition' in told
    run(str(data), "--answers", str(target))
    assert target.read_text() == text


def test_a_higher_peak_than_stated_is_flagged(ruleset: RuleSet) -> None:
    found = workload("".join(SLOW_ENTRY.format(0, "0.0002", 1767607200 + (i > 2), i) for i in range(9)))
    answers = parse_answers(HAND, "a.yaml", ruleset)
    told = contradictions_of(found, answers, suggestions_of(found, ruleset))
    assert any("you said a peak of 0.5/s" in t and "shows 6/s" in t for t in told)


def test_the_report_shows_what_was_measured_beside_what_was_said(tmp_path: Path) -> None:
    folder, target = HERE / "logs" / "pgbench", tmp_path / "bank.yaml"
    run(str(folder / "pg_stat_statements.csv"), "--schema", str(folder / "schema.sql"), "--answers", str(target))
    result = CliRunner().invoke(cli, ["report", str(target)], catch_exceptions=False)
    assert result.exit_code == 0
    assert "| Class | This workload | Measured |" in result.stdout
    (line,) = [x for x in result.stdout.splitlines() if x.startswith("| key-value | ") and x.count("|") == 5]
    assert "| 99.9 % |" in line or "| 100.0 % |" in line


def test_joins_that_were_denied_are_flagged(ruleset: RuleSet) -> None:
    text = "answers: 1\nworkload: {name: shop}\naccess_patterns:\n  - {name: a, lookup: full-key, combines: none}\n"
    answers = parse_answers(text, "a.yaml", ruleset)
    found = workload(rows((GET, 60, 60), (JOIN, 40, 40)))
    told = contradictions_of(found, answers, suggestions_of(found, ruleset))
    assert told == ["you said that no request combines several kinds of record: 40.0 % of the calls are relational"]
    (item,) = [s for s in suggestions_of(found, ruleset) if s.observed["class"] == "relational"]
    assert item.answers["combines"][0] == "joins"


def test_only_questions_and_choices_of_the_rules_are_answered(ruleset: RuleSet) -> None:
    found = workload(rows((GET, 60, 60), (JOIN, 40, 40)))
    without = replace(ruleset, questions={q: v for q, v in ruleset.questions.items() if q not in ("lookup", "nature")})
    assert not {q for s in suggestions_of(found, without) for q in s.answers} & {"lookup", "nature"}


# -- outputs ---------------------------------------------------------------------------------------------


def test_json_has_its_schema_and_its_contract(tmp_path: Path) -> None:
    data = tmp_path / "a.jsonl"
    data.write_text(rows((GET, 70, 70), (SCAN, 20, 200), (JOIN, 10, 10), ("CALL place_order($1)", 1, 1)))
    shown, _ = run(str(data), "--format", "json")
    document = json.loads(shown)
    validate(document)
    assert document["schema"] == "wa-advisor/workload/1"
    assert document["calls"] == {"key-value": 70, "single-table": 20, "relational": 10, "not-counted": 0, "opaque": 1}
    assert document["mix"] == {"key-value": 0.7, "single-table": 0.2, "relational": 0.1}
    assert document["interval"] == {"key-value": [0.7, 0.7], "single-table": [0.2, 0.2], "relational": [0.1, 0.1]}
    assert document["statements"] == 4


TRANSACTIONS = [
    ("pgbench/csvlog_simple.csv", {"keyed"}, 4, 1.0),
    ("tpcc/csvlog.csv", {"keyed", "relational", "set"}, 40, 4 / 25),
]


@pytest.mark.parametrize(("name", "kinds", "writes", "fits"), TRANSACTIONS)
def test_transactions_of_published_mixes(name: str, kinds: set[str], writes: int, fits: float) -> None:
    """The kinds and sizes that are worked out by hand in `transactions.csv` beside the log."""
    folder = HERE / "logs" / name.split("/")[0]
    document = json.loads(run(str(HERE / "logs" / name), "--schema", str(folder / "schema.sql"), "--format", "json")[0])
    found = document["transactions"]
    assert set(found["kinds"]) == kinds
    assert found["writes"]["most"] == writes
    assert found["share_that_fits"] == pytest.approx(fits)
    assert sum(e["transactions"] for e in found["not_fitting"].values()) == found["writing"] - found["fit_dynamodb"]
    validate(document)


def validate(document: object) -> None:
    schema = json.loads(CliRunner().invoke(cli, ["workload", "--json-schema"]).output)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)


def test_transactions_need_sessions() -> None:
    document = json.loads(run(str(HERE / "logs" / "tpcc" / "pg_stat_statements.csv"), "--format", "json")[0])
    assert document["transactions"] is None


@pytest.mark.parametrize(
    ("taken", "size", "line"),
    [
        (50_000_000, 200_000_000, "a.log [######..................]  25% 25 MB/s, 6 s left"),
        (200_000_000, 200_000_000, "a.log [########################] 100% 100 MB/s"),
        (50_000_000, 0, "a.log 50 MB, 25 MB/s"),
    ],
)
def test_progress(taken: int, size: int, line: str) -> None:
    assert progress_line("a.log", taken, size, 2.0) == line


def test_the_rules_that_are_cited_are_printed() -> None:
    shown = CliRunner().invoke(cli, ["workload", "--definition"]).output
    for rule in range(1, 11):
        assert f"\n| {rule} | " in shown


def test_statements_csv(tmp_path: Path) -> None:
    data, target = tmp_path / "a.jsonl", tmp_path / "out.csv"
    data.write_text(rows((GET, 70, 70), (SCAN, 20, 200)))
    run(str(data), "--statements", str(target))
    records = list(csv.DictReader(target.open()))
    assert [(r["class"], r["calls"], r["why"], r["at"]) for r in records] == [
        ("key-value", "70", "rule 9: id of users, taken for its key by its name, is bound", f"{data}:1"), ("single-table", "20", "rule 10: no key of orders is known; bound: note of orders", f"{data}:2"),
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_for_people(tmp_path: Path, form: str) -> None:
    data = tmp_path / "a.jsonl"
    data.write_text(rows((GET, 70, 70), ("SELECT a FROM `x|y` WHERE `b` = 'z'", 20, 200), (JOIN, 10, 10)))
    shown, _ = run(str(data), "--format", form)
    assert "70.0 %" in shown
    assert "not a target" in shown
    assert "remainder" in shown
    if form == "markdown":
        table = [line for line in shown.splitlines() if line.startswith("| 20 ")]
        assert table[0].replace("\\|", "").count("|") == 7


def test_stdin_and_several_files(tmp_path: Path) -> None:
    data = tmp_path / "a.gz"
    data.write_bytes(gzip.compress(rows((GET, 70, 70)).encode()))
    result = CliRunner().invoke(cli, ["workload", "-", str(data), "--format", "json"], input=rows((SCAN, 30, 300)))
    assert json.loads(result.stdout)["mix"]["key-value"] == 0.7


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.csv"], ["."], [str(HERE / "formats" / "README.md")],
        [str(HERE / "formats" / "plain_pg.sql"), "--schema", str(HERE / "formats" / "plain_pg.sql")],
        [str(HERE / "formats" / "plain_pg.sql"), "--schema", "nowhere.sql"],
    ],
)  # fmt: skip
def test_bad_input_gives_exit_two_and_no_traceback(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wa_advisor", "workload", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert ": " in done.stderr
    assert not done.stdout


# -- secrets ---------------------------------------------------------------------------------------------

SECRET = "S3CR3T"
NUMBER = "4111111111111111"
PLANTED = [
    f"SELECT * FROM users WHERE name = '{SECRET}' AND card = {NUMBER}",
    f"SELECT * FROM users WHERE name = 'a''{SECRET}' /* {SECRET} */ -- {SECRET}",
    f"SELECT * FROM users WHERE name IN ('{SECRET}', '{SECRET}', '{SECRET}')",
    f"INSERT INTO users (id, name) VALUES ({NUMBER}, '{SECRET}'), (2, 'x')",
    f"SELECT * FROM users WHERE name = '{SECRET} and no end",
    f"SELECT boom FROM users WHERE name = '{SECRET}'",
    f"ALTER USER app PASSWORD '{SECRET}'",
    f"<command string '{SECRET}' not enabled>",
    f"SELECT * FROM users WHERE name = 'it\\' {SECRET}' AND id = 5",
]
POSTGRES_ONLY = [
    f"SELECT * FROM users WHERE name = E'it\\'s {SECRET}'", f"SELECT * FROM users WHERE name = $${SECRET} ' $$",
    f"DO $x$ BEGIN PERFORM '{SECRET}'; END $x$", f"SELECT * FROM users WHERE tags = '{{{SECRET}}}'::text[]",
]  # fmt: skip
MYSQL_ONLY = [
    f'SELECT * FROM `users` WHERE name = "{SECRET}"', f"SELECT * FROM users WHERE name = 'a\\'{SECRET}' # {SECRET}",
    f"SELECT * FROM users WHERE path = 'C:\\' AND name = '{SECRET}'", f"SELECT x'{NUMBER}', 0x{NUMBER} FROM users",
]  # fmt: skip


def logs_with_secrets() -> dict[str, str]:
    """The planted statements in several forms, with lines that do not fit and hold secrets too."""
    prefix = "2026-01-05 10:00:0{}.123 UTC [47] LOG:  duration: 0.2 ms  statement: {}\n"
    stderr = "".join(prefix.format(i % 9, s) for i, s in enumerate(PLANTED + POSTGRES_ONLY))
    stderr += f"2026-01-05 10:00:00.123 UTC [47] DETAIL:  parameters: $1 = '{SECRET}'\n{SECRET} {NUMBER} no log line\n"
    head = '2026-01-05 10:00:00.123 UTC,"app","shop",47,"h:1",6b.7,1,"SELECT",2026-01-05 10:00:00 UTC,3/0,0,LOG,00000,'
    tail = ',,,,,,,,,"app","client backend",,0\n'
    quoted = ["statement: " + s.replace('"', '""') for s in PLANTED + POSTGRES_ONLY]
    csvlog = "".join(f'{head}"{q}"{tail}' for q in quoted) + f"{SECRET},half a line"
    entry = "# Time: 260105 10:00:00\n# User@Host: a[a] @ h []\n# Query_time: 0.0002  Lock_time: 0 Rows_sent: 1  Rows_examined: 1\nSET timestamp=1;\n{};\n"
    slow = f"{SECRET} banner\n" + "".join(entry.format(s) for s in PLANTED + MYSQL_ONLY)
    lines = "\n".join(json.dumps({"query": s, "calls": 3}) for s in PLANTED + MYSQL_ONLY) + f'\n{{"query": "{SECRET}'
    table = (
        "query,calls\n" + "".join('"' + s.replace('"', '""') + '",3\n' for s in PLANTED + POSTGRES_ONLY) + f"{SECRET},{SECRET}\n"
    )
    plain = ";\n".join(s for s in PLANTED if "no end" not in s) + f";\nCOPY users FROM stdin;\n1\t{SECRET}\n\\.\n"
    return {"stderr": stderr, "csvlog": csvlog, "slow": slow, "jsonl": lines, "csv": table, "sql": plain}


@pytest.mark.parametrize("form", logs_with_secrets())
@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_no_secret_leaves(tmp_path: Path, form: str, output: str) -> None:
    data, target, answers = tmp_path / "in", tmp_path / "out.csv", tmp_path / "answers.yaml"
    data.write_text(logs_with_secrets()[form])
    shown = "".join(run(str(data), "--format", output, "--statements", str(target), "--answers", str(answers)))
    assert "users" in shown
    for text in (shown, target.read_text(), answers.read_text()):
        assert SECRET not in text
        assert NUMBER not in text


def test_no_predicate_of_a_partial_index_leaves(tmp_path: Path) -> None:
    data, schema, target, answers = (tmp_path / n for n in ("a.jsonl", "schema.sql", "out.csv", "answers.yaml"))
    schema.write_text(
        f"CREATE TABLE users (id int PRIMARY KEY, name text, s text); CREATE UNIQUE INDEX ON users (name) WHERE s = '{SECRET}';"
    )
    data.write_text(
        rows(
            (f"SELECT * FROM users WHERE name = 'x' AND s = '{SECRET}'", 50, 50),
            ("SELECT * FROM users WHERE name = 'x' AND s = 'y'", 9, 9),
        )
    )
    for form in ("text", "markdown", "json"):
        shown = "".join(
            run(str(data), "--schema", str(schema), "--format", form, "--statements", str(target), "--answers", str(answers))
        )
        for text in (shown, target.read_text(), answers.read_text()):
            assert SECRET not in text
    records = list(csv.DictReader(target.open()))
    assert [(r["class"], r["key"], r["calls"]) for r in records] == [("key-value", "unique", "50"), ("single-table", "", "9")]


@pytest.mark.parametrize(
    "data", [f"query,{SECRET}@x,total_time\n1,2,3\n", f'[{{"query": "{SECRET}", "total_time": 4}}]', f"{SECRET} prose\n"]
)
def test_no_secret_in_errors(tmp_path: Path, data: str) -> None:
    path = tmp_path / "in"
    path.write_text(data)
    result = CliRunner().invoke(cli, ["workload", str(path)])
    assert result.exit_code != 0
    assert SECRET not in result.output + str(result.exception)


# -- with the real classifier ----------------------------------------------------------------------------

EXPECTED = [
    pytest.param(folder, name, entry, id=f"{folder.name}/{name}")
    for folder in (HERE / "formats", *sorted((HERE / "logs").iterdir()))
    for name, entry in json.loads((folder / "expected.json").read_text()).items()
]


def schema_of(folder: Path, name: str) -> Path:
    if (folder / "schema.sql").exists():
        return folder / "schema.sql"
    return folder / ("schema_mysql.sql" if "mysql" in name else "schema_postgres.sql")


@pytest.mark.parametrize(("folder", "name", "expected"), EXPECTED)
def test_mix_is_the_labelled_one(folder: Path, name: str, expected: dict[str, dict[str, float]]) -> None:
    shown, _ = run(str(folder / name), "--schema", str(schema_of(folder, name)), "--format", "json")
    document = json.loads(shown)
    validate(document)
    extra = {"not-counted": 1} if name == "pg_stat_statements.json" else {}  # its own COPY, which the labels leave out
    assert document["calls"] == {NAMES[k]: v + extra.get(NAMES[k], 0) for k, v in expected["calls"].items()}
    if document["mix"] is not None:
        for short, share in expected["percent"].items():
            assert abs(document["mix"][NAMES[short]] * 100 - share) < 0.1


@pytest.mark.parametrize(("folder", "name", "expected"), EXPECTED)
def test_without_definitions_the_truth_lies_inside_the_interval(
    folder: Path, name: str, expected: dict[str, dict[str, float]]
) -> None:
    document = json.loads(run(str(folder / name), "--format", "json")[0])
    for short, share in expected["percent"].items() if document["interval"] else ():
        low, high = document["interval"][NAMES[short]]
        assert low * 100 - 0.01 <= share <= high * 100 + 0.01
        assert low <= document["mix"][NAMES[short]] <= high
    assert document["interval"] or document["why_no_mix"]
    assert any("pg_dump --schema-only" in n for n in document["notes"])


def test_too_many_statements_are_summed_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wa_advisor.evidence.tally.MAX_STATEMENTS", 10)
    tally = Tally(sort=lambda shape, family: sort_shape(shape, family, said, DIALECTS))
    text = rows(
        *[(f"SELECT a FROM t{n} WHERE id = $1", 2, 2) for n in range(50)], *[(f"SELECT a FROM u{n}", 3, 3) for n in range(50)]
    )
    read_stream(io.BytesIO(text.encode()), "x", tally, ReadOptions())
    found = judge(tally, said, JudgeOptions(dialects={"postgres": "postgres"}, has_schema=True))
    assert len(found.statements) == 12
    assert (found.calls["key-value"], found.calls["single-table"]) == (100, 150)
    assert any("summed by class and kind" in n for n in found.notes)


def test_columns_of_a_server_decide_the_dialect() -> None:
    tally = Tally()
    read_stream(io.BytesIO(b'DIGEST_TEXT,COUNT_STAR\n"SELECT ""x"" FROM t",5\n'), "x", tally, ReadOptions(family="postgres"))
    assert [(s.family, s.shape.text) for s in tally.statements] == [("mysql", "SELECT ? FROM t")]
