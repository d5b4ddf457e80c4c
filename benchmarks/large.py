"""How long a large workload takes to judge, of whose questions half are answered: the search behind each verdict is then longest.

python benchmarks/large.py
"""

from __future__ import annotations

import random
import time

LARGE = {"access_patterns": 6, "components": 4, "interfaces": 3, "hand_overs": 3}
WORKLOADS = 10


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
    """(verdicts, seconds of processor time) of one large workload."""
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.files import load_ruleset

    ruleset = load_ruleset()
    answers = parse_answers(half_known(seed), "large.yaml", ruleset)
    start = time.process_time()
    assessment = evaluate(ruleset, answers)
    return len(assessment.verdicts), time.process_time() - start


def main() -> None:
    found = sorted(judged(seed) for seed in range(WORKLOADS))
    slowest = max(seconds for _, seconds in found)
    print(f"{found[0][0]} verdicts, half of the answers known: {slowest:.2f} s for the slowest of {len(found)} workloads")


if __name__ == "__main__":
    main()
