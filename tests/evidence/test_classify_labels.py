"""Accuracy on the labelled sets, by statement and by calls."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from labels import SETS, Label, labels_of, schema_of

import wa_advisor

COUNTED = ("key-value", "single-table", "relational")


def confusion(folder: Path) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """({(label, class): statements}, the same by calls)."""
    statements: Counter[tuple[str, str]] = Counter()
    calls: Counter[tuple[str, str]] = Counter()
    for label in labels_of(folder):
        found = wa_advisor.classify_statement(label.statement, schema_of(folder, label.dialect), label.dialect)
        statements[label.name, found.name] += 1
        calls[label.name, found.name] += label.calls
    return statements, calls


CONFORMANCE = list(labels_of(SETS[0]))


@pytest.mark.parametrize("label", CONFORMANCE, ids=[c.id for c in CONFORMANCE])
def test_conformance(label: Label) -> None:
    found = wa_advisor.classify_statement(label.statement, schema_of(SETS[0], label.dialect), label.dialect)
    assert (found.name, found.kind, found.key) == (label.name, label.kind, label.key)
    assert found.operation == label.operation or label.name in ("not-counted", "opaque")
    assert found.why


@pytest.mark.parametrize("folder", SETS, ids=lambda f: f.name)
def test_accuracy(folder: Path) -> None:
    statements, calls = confusion(folder)
    assert sum(statements.values()) > 3
    assert not [pair for pair in statements if pair[1] == "key-value" and pair[0] in ("single-table", "relational")]
    right = sum(n for (label, found), n in calls.items() if label == found)
    assert right >= 0.99 * sum(calls.values())


def test_every_kind_of_the_definition_is_in_the_set() -> None:
    kinds = {c.kind for c in CONFORMANCE}
    assert kinds >= {"get", "put", "upsert", "update", "delete", "batch-get", "batch-write", "item-collection", "secondary"}
    assert kinds >= {"multi-lookup", "filter", "scan", "search", "aggregate", "set-update", "set-delete", "queue", "join-lookup"}
    assert kinds >= {"join", "self-join", "subquery", "set-op", "join-write", "insert-select", "recursive", "join-aggregate"}
