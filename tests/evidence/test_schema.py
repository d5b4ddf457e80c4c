"""Definitions as dumps and people write them -> keys, views, routines."""

from __future__ import annotations

import subprocess
import sys

import pytest

import wa_advisor
from wa_advisor.evidence.sql.schema import Schema

PRIMARY, UNIQUE = "primary", "unique"


def keys_of(schema: Schema, table: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    found = schema.table(table)
    assert found is not None
    return sorted((k.kind, k.parts, k.predicate) for k in found.keys)


ONE_TABLE = [
    ("postgres", "CREATE TABLE t (id int PRIMARY KEY, b text)", [(PRIMARY, ("id",), ())]),
    ("postgres", 'CREATE TABLE IF NOT EXISTS "S"."t" ("Id" int, CONSTRAINT "PK" PRIMARY KEY ("Id"))', [(PRIMARY, ("id",), ())]),
    ("postgres", "CREATE TABLE t (a int, b int, PRIMARY KEY (b, a)); -- PRIMARY KEY (c)", [(PRIMARY, ("b", "a"), ())]),
    ("postgres", "CREATE TABLE t (key text NOT NULL, index int, PRIMARY KEY (key))", [(PRIMARY, ("key",), ())]),
    ("postgres", "CREATE TABLE t (a int); ALTER TABLE ONLY public.t ADD CONSTRAINT x PRIMARY KEY (a)", [(PRIMARY, ("a",), ())]),
    ("postgres", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN IF NOT EXISTS id serial PRIMARY KEY, ADD UNIQUE (a)",
     [(PRIMARY, ("id",), ()), (UNIQUE, ("a",), ())]),
    ("postgres", "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY USING INDEX i",
     [(PRIMARY, ("a",), ())]),
    ("postgres", "CREATE TABLE t (a int, b int); CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY t USING btree "
     "(a DESC NULLS LAST, b int4_ops) INCLUDE (c) NULLS NOT DISTINCT WITH (fillfactor='70') TABLESPACE x", [(UNIQUE, ("a", "b"), ())]),
    ("postgres", "CREATE TABLE t (a text); CREATE UNIQUE INDEX ON t (lower((a)::text) text_pattern_ops)", [(UNIQUE, ("(lower(a))",), ())]),
    ("postgres", "CREATE TABLE t (a text); CREATE UNIQUE INDEX ON t (((a)::text))", [(UNIQUE, ("a",), ())]),
    ("postgres", "CREATE TABLE t (a int, b text); CREATE UNIQUE INDEX i ON t (a, COALESCE(b, ''::text))",
     [(UNIQUE, ("a", "(COALESCE(b, ''))"), ())]),
    ("postgres", "CREATE TABLE t (a int, d timestamp); CREATE UNIQUE INDEX i ON t (a) WHERE (d IS NULL)",
     [(UNIQUE, ("a",), ("d is null",))]),
    ("postgres", "CREATE TABLE t (a int, b bool, c text); CREATE UNIQUE INDEX i ON t (a) WHERE (b IS TRUE AND ((c)::text = 'x'::text))",
     [(UNIQUE, ("a",), ("b", "c = 'x'"))]),
    ("postgres", "CREATE TABLE t (a int UNIQUE, b int DEFAULT 5 CHECK (b > 0) UNIQUE NULLS NOT DISTINCT)",
     [(UNIQUE, ("a",), ()), (UNIQUE, ("b",), ())]),
    ("postgres", "CREATE TABLE t (a int, r tsrange, EXCLUDE USING gist (a WITH =, r WITH &&))", []),
    ("postgres", "CREATE TABLE t (id int, at tstzrange, PRIMARY KEY (id, at WITHOUT OVERLAPS))", []),
    ("postgres", "CREATE TABLE t (a int DEFAULT nextval('x; PRIMARY KEY (a)'), b text DEFAULT $q$); UNIQUE (b)$q$)", []),
    ("postgres", "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (LIKE p INCLUDING ALL)", [(PRIMARY, ("a",), ())]),
    ("postgres", "CREATE TABLE t (a int PRIMARY KEY); ALTER TABLE t DROP CONSTRAINT t_pkey, DROP COLUMN a", []),
    ("postgres", "CREATE TABLE x (a int PRIMARY KEY); ALTER TABLE x RENAME TO t", [(PRIMARY, ("a",), ())]),
    ("postgres", "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); DROP INDEX i", []),
    ("postgres", "CREATE UNLOGGED TABLE t (a int REFERENCES o (id) DEFERRABLE UNIQUE DEFERRABLE)", [(UNIQUE, ("a",), ())]),
    ("postgres", "COPY public.t (a) FROM stdin;\nCREATE TABLE t (x int PRIMARY KEY);\n\\.\nCREATE TABLE t (a int PRIMARY KEY);",
     [(PRIMARY, ("a",), ())]),
    ("postgres", "CREATE TABLE t (a int PRIMARY KEY) PARTITION BY HASH (a); CREATE UNIQUE INDEX i ON o (a)", [(PRIMARY, ("a",), ())]),
    ("mysql", "CREATE TABLE `t` (`id` int(11) NOT NULL AUTO_INCREMENT COMMENT 'UNIQUE', `b` varchar(9), PRIMARY KEY (`id`), "
     "UNIQUE KEY `b` (`b`(5)), KEY `k` (`b`), FULLTEXT KEY (`b`)) ENGINE=InnoDB", [(PRIMARY, ("id",), ()), (UNIQUE, ("b",), ())]),
    ("mysql", "CREATE TABLE t (id int KEY, b int UNIQUE KEY)", [(PRIMARY, ("id",), ()), (UNIQUE, ("b",), ())]),
    ("mysql", "CREATE TABLE t (a int, b int, CONSTRAINT `c` UNIQUE INDEX `i` USING BTREE (`a` DESC,`b`) COMMENT 'x', INDEX (a))",
     [(UNIQUE, ("a", "b"), ())]),
    ("mysql", "CREATE TABLE t (a varchar(9), UNIQUE KEY f ((lower(`a`))))", [(UNIQUE, ("(lower(a))",), ())]),
    ("mysql", "CREATE TABLE t (a int); CREATE UNIQUE INDEX i USING HASH ON t (a)", [(UNIQUE, ("a",), ())]),
    ("mysql", "CREATE TABLE p (a int primary key); CREATE TABLE t LIKE p", [(PRIMARY, ("a",), ())]),
    ("mysql", "CREATE TABLE t (a int); ALTER TABLE t ADD PRIMARY KEY (a), ADD UNIQUE u (b), ADD KEY (c)",
     [(PRIMARY, ("a",), ()), (UNIQUE, ("b",), ())]),
    ("mysql", "/*!40000 DROP TABLE IF EXISTS t */; /*!50100 CREATE TABLE t (a int PRIMARY KEY) */;\n# CREATE TABLE t (a int);\n",
     [(PRIMARY, ("a",), ())]),
    ("mysql", "CREATE TABLE t (a int, s varchar(9) DEFAULT 'it\\'s; ', PRIMARY KEY (a))", [(PRIMARY, ("a",), ())]),
    ("tsql", "CREATE TABLE [dbo].[t]([Id] [int] IDENTITY(1,1) NOT NULL,\nCONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id] ASC) WITH (X = ON) "
     "ON [PRIMARY]) ON [PRIMARY]\nGO\n", [(PRIMARY, ("id",), ())]),
    ("tsql", "CREATE TABLE t (a int)\nGO\nCREATE UNIQUE NONCLUSTERED INDEX [i] ON [dbo].[t] ([a] ASC) INCLUDE ([b]) WHERE ([a] IS NOT NULL) "
     "WITH (X = ON) ON [PRIMARY]\nGO", [(UNIQUE, ("a",), ("not a is null",))]),
    ("oracle", 'CREATE TABLE "S"."T" ("A" NUMBER(6,0) NOT NULL ENABLE, CONSTRAINT "P" PRIMARY KEY ("A") USING INDEX (CREATE UNIQUE INDEX '
     '"S"."P" ON "S"."T" ("A") PCTFREE 10) ENABLE) TABLESPACE "U"', [(PRIMARY, ("a",), ())]),
    ("sqlite", "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT UNIQUE ON CONFLICT REPLACE, c) WITHOUT ROWID, STRICT",
     [(PRIMARY, ("a",), ()), (UNIQUE, ("b",), ())]),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "expected"), ONE_TABLE)
def test_keys(dialect: str, text: str, expected: list[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
    assert keys_of(wa_advisor.load_schema(text, dialect), "t") == sorted(expected)


def test_views_routines_and_sequences() -> None:
    text = """
    CREATE TABLE t (a int PRIMARY KEY);
    CREATE VIEW v AS SELECT NULL::int AS a;
    CREATE OR REPLACE VIEW public.v WITH (security_barrier='true') AS SELECT t.a FROM t WHERE (t.a > 5) WITH CASCADED CHECK OPTION;
    CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
    CREATE OR REPLACE FUNCTION app.f(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
    CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE hidden (a int PRIMARY KEY); END $$;
    CREATE SEQUENCE s START WITH 1;
    """
    schema = wa_advisor.load_schema(text, "postgres")
    assert set(schema.views) == {"v"}
    assert "CHECK" not in schema.views["v"].query
    assert set(schema.tables) == {"t", "m"}
    assert schema.routines == {"f", "p"}
    assert schema.sequences == {"s"}


def test_data_in_a_dump_is_left_out() -> None:
    row = "INSERT INTO `t` VALUES (1,'it\\'s; CREATE TABLE x (a int PRIMARY KEY)'),(2,'b');\n"
    schema = wa_advisor.load_schema(
        "CREATE TABLE `t` (`a` int, PRIMARY KEY (`a`));\n" + row * 3 + "CREATE TABLE u (b int PRIMARY KEY);", "mysql"
    )
    assert set(schema.tables) == {"t", "u"}


def test_one_name_in_two_schemas() -> None:
    schema = wa_advisor.load_schema(
        "CREATE TABLE a.t (id int PRIMARY KEY, n int UNIQUE); CREATE TABLE b.t (id int, n int UNIQUE);", "postgres"
    )
    assert keys_of(schema, "t") == [(UNIQUE, ("n",), ())]
    found = wa_advisor.classify_statement("SELECT * FROM a.t WHERE id = 1", schema, "postgres")
    assert (found.name, found.key) == ("key-value", "primary")


def test_one_name_in_two_databases_of_one_dump() -> None:
    text = "USE `a`; CREATE TABLE `t` (`id` int, `n` int, PRIMARY KEY (`id`)); USE `b`; CREATE TABLE `t` (`id` int, `n` int, PRIMARY KEY (`n`));"
    schema = wa_advisor.load_schema(text, "mysql")
    names = [wa_advisor.classify_statement(f"SELECT * FROM {t} WHERE id = 1", schema, "mysql").name for t in ("t", "a.t", "b.t")]
    assert names == ["single-table", "key-value", "single-table"]
    old = "SET search_path = x, pg_catalog; CREATE TABLE t (id int); SET search_path = y; CREATE TABLE t (id int PRIMARY KEY);"
    assert keys_of(wa_advisor.load_schema(old, "postgres"), "t") == []


@pytest.mark.parametrize("text", ["", "no definitions", "CREATE", "CREATE TABLE", "CREATE TABLE t", "CREATE TABLE t (", "ALTER TABLE t ADD",
                                  "CREATE UNIQUE INDEX ON", "CREATE UNIQUE INDEX i ON t (", "CREATE VIEW v", "'", "$x$", "/*", "DROP TABLE",
                                  "CREATE TABLE t (a int PRIMARY KEY", "ALTER TABLE t RENAME TO", "CREATE TABLE t (,)", "\x00\ufffd;"])  # fmt: skip
def test_broken_definitions_never_raise(text: str) -> None:
    for dialect in ("postgres", "mysql", "tsql", "nonsense"):
        wa_advisor.load_schema(text, dialect)


def test_every_beginning_of_a_dump_can_be_read() -> None:
    from labels import HERE

    text = (HERE / "cases" / "schema_postgres.sql").read_text(encoding="utf-8")
    for end in range(0, len(text), 23):
        wa_advisor.load_schema(text[:end], "postgres")


LEAN = [
    ("import wa_advisor", False),
    ("import wa_advisor; wa_advisor.load_schema", False),
    ("import wa_advisor; wa_advisor.classify_statement", True),
    ("from wa_advisor.cli import cli", False),
    ("import wa_advisor.commands.workload, wa_advisor.evidence.judging, wa_advisor.evidence.summary", False),
]


@pytest.mark.parametrize(("code", "loads"), LEAN)
def test_the_parser_is_loaded_by_those_who_need_it(code: str, loads: bool) -> None:
    check = f"{code}\nimport sys\nprint('sqlglot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(loads)
