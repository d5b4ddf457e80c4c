"""The labelled sets: folders with `labels.csv`, their schemas, and the names of the labels."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wa_advisor.evidence.sql.schema import Schema, load_schema

HERE = Path(__file__).resolve().parent
SETS = [HERE / "conformance", *sorted(p for p in (HERE / "logs").iterdir() if (p / "labels.csv").exists())]
NAMES = {
    "kv": "key-value",
    "single": "single-table",
    "relational": "relational",
    "not_counted": "not-counted",
    "opaque": "opaque",
}
KEYS = {"pk": "primary", "unique": "unique", "": ""}


@dataclass(frozen=True)
class Label:
    id: str
    dialect: str
    statement: str
    calls: int
    rows: int | None
    name: str
    kind: str
    key: str
    operation: str


def labels_of(folder: Path) -> Iterator[Label]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            yield Label(
                row["id"], row["dialect"], row["statement"], int(row["calls"]), int(row["rows"]) if row["rows"] else None,
                NAMES[row["class"]], row["kind"], KEYS[row["key"]], row["ddb"],
            )  # fmt: skip


@cache
def schema_of(folder: Path, dialect: str) -> Schema:
    path = folder / "schema.sql"
    return load_schema((path if path.exists() else folder / f"schema_{dialect}.sql").read_text(encoding="utf-8"), dialect)
