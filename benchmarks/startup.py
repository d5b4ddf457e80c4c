"""How long the commands take that people and CI run most, as multiples of `python -c pass` in the same run.

    python benchmarks/startup.py [RUNS]

The least of several runs counts, since everything else on the machine only adds. Python's own compiled files are there
after the first run, as they are wherever the package was installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = {
    "--version": ["--version"],
    "--help": ["--help"],
    "report, one pattern": ["report", str(ROOT / "benchmarks" / "one-pattern.yaml")],
    "report, shopping cart": ["report", str(ROOT / "reports" / "shopping-cart" / "answers.yaml")],
    "report, online shop": ["report", str(ROOT / "reports" / "online-shop" / "answers.yaml")],
}


def least(words: list[str], environment: dict[str, str], runs: int) -> float:
    """Seconds of the fastest run."""
    found = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True, env=environment)
        found.append(time.perf_counter() - begin)
    return min(found[1:])


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as prefix:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPYCACHEPREFIX": prefix}
        base = least([sys.executable, "-c", "pass"], environment, runs)
        print(f"{'python -c pass':24} {base * 1000:6.0f} ms")
        for name, words in COMMANDS.items():
            took = least([sys.executable, "-m", "wa_advisor", *words], environment, runs)
            print(f"{name:24} {took * 1000:6.0f} ms  {took / base:5.1f} x")


if __name__ == "__main__":
    main()
