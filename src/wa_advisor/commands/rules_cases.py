"""`rules cases`: published workloads as answers, and how far the verdicts agree with what their owners chose."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wa_advisor.commands.shared import RULES
from wa_advisor.errors import AnswersError, CommandError, Problem, Span, did_you_mean

if TYPE_CHECKING:
    from wa_advisor.engine.agreement import Agreement, Expectation
    from wa_advisor.model import RuleSet

FILES = ("answers.yaml", "expected.yaml")


@click.command("cases")
@click.argument("folder", metavar="DIR")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--all", "whole", is_flag=True, help="List every expectation, not only those that are not met.")
@RULES
def rules_cases(folder: str, form: str, whole: bool, rules: tuple[str, ...]) -> None:
    """How far the verdicts over the cases in DIR agree with what is expected.

    Each case is a folder with `answers.yaml` and `expected.yaml` (strength; class and, by decision, expected and not:
    the options by item). Exit 1 if a verdict is one that is called wrong, or fewer than 95 % of the strong cases agree.
    """
    from wa_advisor.engine.agreement import share_right
    from wa_advisor.files import load_ruleset

    ruleset = load_ruleset(rules)
    rows = [row for case in case_folders(folder) for row in judge_case(case, ruleset)]
    text = json.dumps([_row(r) for r in rows], indent=2) if form == "json" else agreement_text(rows, whole=whole)
    click.echo(text)
    right, total = share_right(rows)
    if any(r.outcome == "forbidden" for r in rows) or right * 100 < total * 95:
        raise SystemExit(1)


def case_folders(folder: str) -> list[Path]:
    """The folders below `folder` that hold a case, by name."""
    found = sorted(p for p in Path(folder).glob("*") if all((p / name).is_file() for name in FILES))
    if not found:
        raise CommandError(f"holds no cases: each is a folder with {' and '.join(FILES)}", folder)
    return found


def judge_case(case: Path, ruleset: RuleSet) -> list[Agreement]:
    """Each expectation of one case held against its verdicts; AnswersError if it names an item that the answers lack."""
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.agreement import agreements, missing_items
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.files import read_answers_text

    path = str(case / FILES[0])
    assessment = evaluate(ruleset, parse_answers(read_answers_text(path), path, ruleset))
    expectation = read_expectation(case / FILES[1])
    missing = missing_items(expectation, assessment)
    if missing:
        raise AnswersError([Problem(Span(str(case / FILES[1])), f"{m}: the answers have no such item") for m in missing])
    return list(agreements(expectation, assessment))


def read_expectation(path: Path) -> Expectation:
    """The expectation in a file; AnswersError with what is wrong with it."""
    from wa_advisor.engine.agreement import STRENGTHS, Expectation
    from wa_advisor.files import read_answers_text
    from wa_advisor.ruleset.compile import canonical
    from wa_advisor.ruleset.source import parse_yaml

    root, source = parse_yaml(read_answers_text(str(path)), str(path))
    if root is None or root.kind != "mapping":
        raise AnswersError(source.problems or [Problem(Span(str(path)), "is no mapping: write `strength:` and `expected:`")])
    data: dict[str, Any] = canonical(root)
    strength = data.get("strength")
    if strength not in STRENGTHS:
        hint = did_you_mean(str(strength), STRENGTHS, what="strengths")
        raise AnswersError([Problem(Span(str(path)), f"`strength` is {strength}{hint}")])
    right = _tokens(data.get("expected"))
    if data.get("class"):
        right = {"class": {item: [one] for item, one in data["class"].items()}, **right}
    return Expectation(case=path.parent.name, strength=strength, right=right, wrong=_tokens(data.get("not")))


def _tokens(part: Any) -> dict[str, dict[str, list[str]]]:
    """{field: {item: tokens}}; a token may stand as {choice: .., why: ..}."""
    found: dict[str, dict[str, list[str]]] = {}
    for field, items in (part or {}).items() if isinstance(part, Mapping) else ():
        for item, tokens in items.items() if isinstance(items, Mapping) else ():
            listed = tokens if isinstance(tokens, list) else [tokens]
            found.setdefault(field, {})[item] = [t["choice"] if isinstance(t, Mapping) else t for t in listed]
    return found


# -- the tables --------------------------------------------------------------------------------------


def agreement_text(rows: list[Agreement], *, whole: bool = False) -> str:
    """The agreement by field and strength, by class or group, and what is not met."""
    from wa_advisor.engine.agreement import STRENGTHS

    fields = dict.fromkeys(r.field for r in rows)
    lines = [_line("field", *STRENGTHS, "all", "forbidden")]
    for field in [*fields, ""]:
        lines.append(_counts(field or "all", [r for r in rows if not field or r.field == field]))
    kinds = sorted({(r.field, r.kind) for r in rows})
    lines += ["", _line("by class", *STRENGTHS, "all", "forbidden")]
    lines += [_counts(f"{f}: {k}", [r for r in rows if (r.field, r.kind) == (f, k)]) for f, k in kinds if k]
    listed = [r for r in rows if whole or r.outcome != "right"]
    if listed:
        lines += ["", "every expectation:" if whole else "not met:"]
    for r in listed:
        wanted = f", expected {' or '.join(r.expected)}" if r.expected else ""
        lines.append(
            f"  {r.outcome:9} {r.case} ({r.strength}) {r.field} of {r.item}: {r.got or 'no choice'} ({r.certainty}){wanted}"
        )
    return "\n".join(lines)


def _counts(label: str, rows: list[Agreement]) -> str:
    from wa_advisor.engine.agreement import STRENGTHS

    parts = [[r for r in rows if r.strength == s] for s in STRENGTHS] + [rows]
    return _line(label, *(_share(p) for p in parts), str(sum(r.outcome == "forbidden" for r in rows)))


def _share(rows: Iterable[Agreement]) -> str:
    found = list(rows)
    return f"{sum(r.outcome == 'right' for r in found)}/{len(found)}" if found else "-"


def _line(label: str, *cells: str) -> str:
    return f"{label:34}" + "".join(f"{cell:>11}" for cell in cells)


def _row(row: Agreement) -> dict[str, Any]:
    return {
        "case": row.case, "strength": row.strength, "field": row.field, "item": row.item, "class": row.kind,
        "expected": list(row.expected), "choice": row.got, "certainty": row.certainty, "outcome": row.outcome,
    }  # fmt: skip
