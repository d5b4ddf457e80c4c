"""Throughput and memory of `wa-advisor workload`, as ratios in one run: `python benchmarks/workload.py [--gigabytes 2]`.

The inputs are made from the sample logs of the tests, repeated, so equal texts come back more often than in a log without repetition; a log of
prepared statements repeats itself even more. Both cores are used; on a busy machine the ratios are lower. Compared are pt-query-digest on the same slow log (when it is
installed), a loop that parses every statement with sqlglot, and Python's bare csv reader over the same csvlog. Aims: 10x, 100x, 0.3x.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LOGS = Path(__file__).resolve().parent.parent / "tests" / "evidence" / "logs"
CSV = ("shop-django/csvlog.csv", "tpcc/csvlog.csv", "pgbench/csvlog_simple.csv")
SLOW = ("sysbench-mariadb/slow.log",)


def made(folder: Path, name: str, sources: tuple[str, ...], size: int) -> Path:
    """A file of about `size` bytes: the samples over and over."""
    parts = [(LOGS / s).read_bytes() for s in sources]
    path = folder / name
    with path.open("wb") as stream:
        while stream.tell() < size:
            for part in parts:
                stream.write(part)
    return path


def seconds(work: Callable[[], object], times: int = 2) -> float:
    """The best of some runs: other work on the machine only ever adds."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def run(path: Path, schema: Path | None = None) -> dict[str, object]:
    """The command itself, in a process of its own, as a user starts it."""
    command = [sys.executable, "-m", "wa_advisor", "workload", str(path), "--format", "json"]
    done = subprocess.run(command + (["--schema", str(schema)] if schema else []), capture_output=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def every_csv_row(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as stream:
        for _ in csv.reader(stream):
            pass


def every_statement_parsed(path: Path) -> int:
    """What a tool without a cache does: the message of each row is parsed."""
    import sqlglot

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    parsed = 0
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.reader(stream):
            message = row[13]
            at = message.find("statement: ")
            if at >= 0:
                try:
                    sqlglot.parse(message[at + 11 :], read="postgres")
                except sqlglot.errors.SqlglotError:
                    pass
                parsed += 1
    return parsed


def ratio_line(name: str, ratio: float, aim: float, detail: str) -> str:
    return f"{'ok  ' if ratio >= aim else 'LOW '} {name}: {ratio:.2f}x (aim {aim:g}x); {detail}"


def against_csv(folder: Path) -> list[str]:
    path = made(folder, "log.csv", CSV, 800_000_000)
    small = made(folder, "small.csv", CSV, 1_500_000)
    size, ours = path.stat().st_size, seconds(lambda: run(path))
    bare = seconds(lambda: every_csv_row(path))
    parsing = seconds(lambda: every_statement_parsed(small), 1) * size / small.stat().st_size
    rate = f"{size / ours / 1e6:.0f} MB/s"
    return [
        ratio_line(
            "csvlog, against the bare csv reader",
            bare / ours,
            0.3,
            f"{rate} with start and classes, csv {size / bare / 1e6:.0f} MB/s",
        ),
        ratio_line(
            "csvlog, against sqlglot for every statement",
            parsing / ours,
            100,
            f"{parsing:.0f} s from a sample of {small.stat().st_size:,} bytes",
        ),
    ]


def against_digest(folder: Path) -> list[str]:
    tool = shutil.which("pt-query-digest")
    if tool is None:
        return ["skip slow log, against pt-query-digest: it is not installed (percona-toolkit)"]
    path = made(folder, "slow.log", SLOW, 100_000_000)
    ours = seconds(lambda: run(path))
    theirs = seconds(lambda: subprocess.run([tool, "--no-version-check", str(path)], capture_output=True, check=False), 1)
    return [
        ratio_line(
            "slow log, against pt-query-digest",
            theirs / ours,
            10,
            f"{theirs:.1f} s and {ours:.1f} s on {path.stat().st_size / 1e6:.0f} MB",
        )
    ]


def growth(folder: Path) -> list[str]:
    """Time for twice the bytes, and for twice the shapes, against once."""
    once, twice = made(folder, "one.csv", CSV, 100_000_000), made(folder, "two.csv", CSV, 200_000_000)
    start = seconds(lambda: run(made(folder, "none.csv", CSV, 1)))
    by_bytes = (seconds(lambda: run(twice)) - start) / (seconds(lambda: run(once)) - start)
    few, many = shapes(folder, 1_500), shapes(folder, 3_000)
    by_shapes = (seconds(lambda: run(many)) - start) / (seconds(lambda: run(few)) - start)
    return [f"     twice the bytes: {by_bytes:.2f} times the time; twice the distinct shapes: {by_shapes:.2f} times the time"]


def shapes(folder: Path, count: int) -> Path:
    path = folder / f"shapes{count}.jsonl"
    lines = (json.dumps({"query": f"SELECT a, b{n} FROM t{n} WHERE id = $1 AND c{n} = $2", "calls": 5}) for n in range(count))
    path.write_text("\n".join(lines))
    return path


def memory(folder: Path, gigabytes: float) -> list[str]:
    path = made(folder, "huge.csv", CSV, int(gigabytes * 1e9))
    start = time.perf_counter()
    code = "import sys; from wa_advisor.cli import main; sys.argv[0] = 'wa-advisor'; main()"
    child = subprocess.Popen([sys.executable, "-c", code, "workload", str(path), "--format", "json"], stdout=subprocess.DEVNULL)
    peak = 0
    while child.poll() is None:
        peak = max(peak, tree_memory(child.pid))
        time.sleep(0.2)
    took = time.perf_counter() - start
    state = "ok  " if peak < 300_000_000 and child.returncode == 0 else "LOW "
    return [
        f"{state} memory: {peak / 1e6:.0f} MB at most over all processes on {path.stat().st_size / 1e9:.2f} GB, in {took:.0f} s (aim 300 MB)"
    ]


def tree_memory(pid: int) -> int:
    """Resident bytes of a process and its children."""
    total = 0
    for one in [pid, *children(pid)]:
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * resource.getpagesize()
        except (OSError, IndexError):
            continue
    return total


def children(pid: int) -> list[int]:
    try:
        found = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return found + [grand for one in found for grand in children(one)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=0.0, help="also measure the memory on a log of this size")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wa-advisor-") as name:
        folder = Path(name)
        print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
        for part in (against_csv, against_digest, growth):
            print("\n".join(part(folder)), flush=True)
        if chosen.gigabytes:
            print("\n".join(memory(folder, chosen.gigabytes)))


if __name__ == "__main__":
    main()
