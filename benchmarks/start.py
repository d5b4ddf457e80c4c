"""How long commands take to start, as ratios to a Python that does nothing, and how long a large workload takes to judge.

    python benchmarks/start.py

Ratios and not seconds, since both come from one machine in one run. Each figure is the least processor time of several
runs, which other work on the machine disturbs less than the clock.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = str(ROOT / "reports" / "shopping-cart" / "answers.yaml")
LARGE = {"access_patterns": 6, "components": 4, "interfaces": 3, "hand_overs": 3}
COMMANDS = {"--version": ["--version"], "--help": ["--help"], "report": ["report", SAMPLE], "check": ["check", SAMPLE]}


def least(run: Callable[[], object], times: int = 9) -> float:
    """The least of the seconds of processor time that some runs take, with the processes they start."""
    found = []
    for _ in range(times):
        before = os.times()
        run()
        after = os.times()
        found.append(sum(after[:4]) - sum(before[:4]))
    return min(found)


def command(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def half_known(seed: int) -> str:
    """A workload of six patterns, four components, three interfaces and three hand-overs, half of the questions answered."""
    from wa_advisor.files import load_ruleset
    from wa_advisor.model import GROUPS, QUANTITY_TYPES, Question

    chance = random.Random(seed)
    ruleset = load_ruleset()

    def value(question: Question) -> str | None:
        if question.type == "choice":
            return chance.choice(list(question.choices))
        if question.type == "choices":
            return f"[{', '.join(c for c in question.choices if chance.random() < 0.3)}]"
        if question.type in QUANTITY_TYPES:
            return question.example or None
        return chance.choice(["yes", "no"]) if question.type == "yes-no" else None

    def given(scope: str, indent: str) -> list[str]:
        asked = [q for q in ruleset.scope_questions(scope) if chance.random() < 0.5]
        return [f"{indent}{q.id}: {v}" for q in asked if (v := value(q)) is not None]

    lines = ["answers: 1", "workload:", "  name: large", *given("workload", "  ")]
    for group, count in LARGE.items():
        lines.append(f"{group}:")
        for number in range(count):
            lines += [f"  - name: {group} {number}", *given(GROUPS[group], "    ")]
    return "\n".join(lines) + "\n"


def judged(seed: int) -> tuple[int, float]:
    """(verdicts, seconds) of one large workload."""
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.files import load_ruleset

    ruleset = load_ruleset()
    answers = parse_answers(half_known(seed), "large.yaml", ruleset)
    return len(evaluate(ruleset, answers).verdicts), least(lambda: evaluate(ruleset, answers), 1)


def main() -> None:
    many = "for _ in range(20): __import__('subprocess').run([__import__('sys').executable, '-c', 'pass'])"
    plain = least(command("-c", many), 3) / 21  # one alone is near the grain of the clock
    print(f"python -c pass: {plain * 1000:.1f} ms")
    for name, arguments in COMMANDS.items():
        print(f"{name}: {least(command('-m', 'wa_advisor', *arguments)) / plain:.1f} times that")
    found = [judged(seed) for seed in range(10)]
    slowest = max(seconds for _, seconds in found)
    print(f"{found[0][0]} verdicts, half of the answers known: {slowest:.2f} s for the slowest of {len(found)} workloads")


if __name__ == "__main__":
    main()
