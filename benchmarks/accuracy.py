"""Accuracy of the classifier on every labelled set, by statement and by calls: `python benchmarks/accuracy.py`.

One confusion matrix a set: rows are labels, columns what the classifier says, each cell statements / calls.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "evidence"))

from labels import SETS, labels_of, schema_of

import wa_advisor

CLASSES = ("key-value", "single-table", "relational", "not-counted", "opaque")


def matrix(folder: Path) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """({(label, class): statements}, the same by calls)."""
    statements: Counter[tuple[str, str]] = Counter()
    calls: Counter[tuple[str, str]] = Counter()
    for label in labels_of(folder):
        found = wa_advisor.classify_statement(label.statement, schema_of(folder, label.dialect), label.dialect).name
        statements[label.name, found] += 1
        calls[label.name, found] += label.calls
    return statements, calls


def share(counts: Counter[tuple[str, str]]) -> str:
    right = sum(n for (label, found), n in counts.items() if label == found)
    return f"{100 * right / sum(counts.values()):.2f} %"


def main() -> None:
    for folder in SETS:
        statements, calls = matrix(folder)
        print(
            f"{folder.name}: {share(statements)} of {sum(statements.values())} statements, {share(calls)} of {sum(calls.values()):,} calls"
        )
        print(f"  {'label':<13}" + "".join(f"{c:>17}" for c in CLASSES))
        for label in CLASSES:
            cells = (f"{statements[label, c]} / {calls[label, c]:,}" if statements[label, c] else "." for c in CLASSES)
            print(f"  {label:<13}" + "".join(f"{c:>17}" for c in cells))


if __name__ == "__main__":
    main()
