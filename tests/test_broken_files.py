"""Files and options that cannot be used, by whatever way: the exact message, exit 2, bounded time and memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from test_broken import PATTERN, Run, run  # noqa: F401 - the fixture

from wa_advisor import files

OPTIONS = [
    ("reprot a.yaml", 'no command "reprot"; did you mean report?'),
    ("--vresion", "No such option"),
    ("report", "wa-advisor report: which answers file? Name it, or write - to read stdin"),
    ("report a.yaml --format pdf", "Invalid value for '--format': 'pdf' is not one of"),
    ("report a.yaml --as-of tomorrow", '--as-of: "tomorrow" is no date: write it as 2026-11-20'),
    ("report a.yaml --as-of 2026-02-30", '--as-of: "2026-02-30" is no date: write it as 2026-11-20'),
    ("report a.yaml --as-of 20261120", '--as-of: "20261120" is no date: write it as 2026-11-20'),
    ("report a.yaml --as-of 2026-W47-5", '--as-of: "2026-W47-5" is no date: write it as 2026-11-20'),
    ("report missing.yaml", "missing.yaml: no such file: check the path"),
    ("report .", ".: is a directory: name a file in it"),
    ("report a.yaml/b.yaml", "a.yaml/b.yaml: cannot be read (Not a directory)"),
    ("report a.yaml b.yaml", "Got unexpected extra argument (b.yaml)"),
    ("report a.yaml -o nowhere/report.md", "nowhere/report.md: its folder does not exist: make it first"),
    ("report a.yaml -o .", ".: is a directory: name a file in it"),
    ("report a.yaml --template missing.j2", "missing.j2: no such file: check the path"),
    ("report a.yaml --template .", ".: is a directory: name a file in it"),
    ("report a.yaml --template a.yaml --format json", "--template: an own template is for Markdown"),
    ("report a.yaml --rules missing", "missing: is no directory of rules: name the folder that holds the YAML files"),
    ("report a.yaml --rules a.yaml", "a.yaml: is no directory of rules: name the folder that holds the YAML files"),
    ("report a.yaml --rules empty", "empty: holds no rule files (*.yaml)"),
    ("explain a.yaml data_stoer", 'wa-advisor: unknown decision "data_stoer"; did you mean data_store?'),
    ("explain a.yaml data_store q", 'wa-advisor: no item "q"; known: p'),
    ("explain missing.yaml", "missing.yaml: no such file: check the path"),
    ("check a.yaml --ignore undecide", '--ignore: unknown check "undecide"; did you mean undecided?'),
    ("check a.yaml --fail-on everything", '--fail-on: unknown check "everything"; checks: '),
    ("check a.yaml --format xml", "Invalid value for '--format': 'xml' is not one of"),
    ("check a.yaml --as-of 2026-13-01", '--as-of: "2026-13-01" is no date: write it as 2026-11-20'),
    ("rules show lokup", 'wa-advisor: nothing has the id "lokup"; did you mean lookup?'),
    ("rules chekc", "No such command 'chekc'"),
    ("compare a.yaml missing.yaml", "missing.yaml: no such file: check the path"),
]


@pytest.mark.parametrize(("line", "message"), OPTIONS, ids=[line for line, _ in OPTIONS])
def test_options(run: Run, tmp_path: Path, line: str, message: str) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_text(PATTERN, "utf-8")
    (tmp_path / "empty").mkdir()
    code, out, err = run(line)
    assert message in err
    assert (code, out) == (2, "")
    assert "Traceback" not in err


BYTES = [
    ("UTF-16", PATTERN.encode("utf-16"), "a.yaml:1:1: the file is UTF-16: save it as UTF-8"),
    ("UTF-16 without its mark", PATTERN.encode("utf-16-le"), "a.yaml:1:2: a NUL byte cannot stand in YAML: remove it"),
    ("UTF-32", PATTERN.encode("utf-32"), "a.yaml:1:1: the file is UTF-16: save it as UTF-8"),
    ("Latin-1", b"answers: 1\nworkload: {name: K\xf6ln}\n", "a.yaml:2:19: byte 0xf6 is not UTF-8 (another encoding?): save the file as UTF-8"),
    ("a NUL byte", b"answers: 1\nworkload: {name: a\x00}\n", "a.yaml:2:19: a NUL byte cannot stand in YAML: remove it"),
    ("an escape character", b"answers: 1\nworkload: {name: a\x1b[2J}\n", "a.yaml:2:19: the control character U+001B cannot stand in YAML: remove it"),
    ("a lone surrogate", b"answers: \xed\xa0\x80\n", "a.yaml:1:10: byte 0xed is not UTF-8 (another encoding?): save the file as UTF-8"),
    ("an overlong letter", b"answers: \xc0\xaf\n", "a.yaml:1:10: byte 0xc0 is not UTF-8 (another encoding?): save the file as UTF-8"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(64), "a.yaml:1:1: byte 0x89 is not UTF-8 (another encoding?): save the file as UTF-8"),
    ("a mark in the middle", "answers: 1\n\ufeffworkload: {name: w}\n".encode(), "a.yaml:2:1: the control character U+FEFF cannot stand in YAML: remove it"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), [(d, m) for _, d, m in BYTES], ids=[n for n, _, _ in BYTES])
def test_bytes(run: Run, tmp_path: Path, data: bytes, message: str) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_bytes(data)
    code, out, err = run("report a.yaml")
    assert err.splitlines()[0] == message
    assert (code, out) == (2, "")


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + PATTERN.encode(), PATTERN.replace("\n", "\r\n").encode()])
def test_a_byte_order_mark_and_other_line_ends_are_no_fault(run: Run, tmp_path: Path, data: bytes) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_bytes(data)
    assert run("report a.yaml -o report.md") == (0, "", "")


@pytest.mark.parametrize("line", ["report a.yaml", "check a.yaml", "explain a.yaml", "report b.yaml --template a.yaml"])
def test_no_permission(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:  # noqa: F811
    """Whoever runs as root may read all: so the refusal is the system's own, but made by hand."""
    (tmp_path / "a.yaml").write_text(PATTERN, "utf-8")
    (tmp_path / "b.yaml").write_text(PATTERN, "utf-8")
    real = open

    def refuse(path: object, *args: object, **more: object) -> object:
        if str(path).endswith("a.yaml") and "rules" not in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", refuse)
    code, out, err = run(line)
    assert (code, out, err) == (2, "", "a.yaml: no permission to read it: change its mode or owner\n")


def test_a_file_that_changes_under_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    path = tmp_path / "a.yaml"
    path.write_text(PATTERN, "utf-8")
    stat = os.stat
    times: list[int] = []

    def later(name: object, *args: object, **more: object) -> os.stat_result:
        if str(name) == "a.yaml":
            path.write_text(PATTERN + "# more\n", "utf-8")
            times.append(len(times))
            os.utime(path, ns=(len(times), len(times)))
        return stat(name, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(files.os, "stat", later)
    assert run("report a.yaml") == (2, "", "a.yaml: changed while it was read: run the command again\n")


@pytest.mark.parametrize("line", ["report a.yaml -o report.md", "report a.yaml --format json -o report.md"])
def test_a_full_disk_leaves_the_old_report(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_text(PATTERN, "utf-8")
    (tmp_path / "report.md").write_text("old", "utf-8")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    assert run(line) == (2, "", "report.md: cannot be written (No space left on device)\n")
    assert (tmp_path / "report.md").read_text("utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.yaml", "report.md", "rules"]


TEMPLATES = [
    ("{% if %}", "own.j2:1: "),
    ("a\n{{ workload.nmae }}\n", "own.j2:2: "),
    ("{{ missing }}", "own.j2:1: "),
    ("{% include '/etc/passwd' %}", "own.j2"),
    ("{{ ''.__class__.__mro__ }}", "own.j2"),
    ("{% for i in range(10**9) %}{{ i }}{% endfor %}", "own.j2"),
    ("{{ 1/0 }}", "own.j2"),
    ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "own.j2"),
]


@pytest.mark.parametrize(("text", "start"), TEMPLATES, ids=[t for t, _ in TEMPLATES])
def test_templates(run: Run, tmp_path: Path, text: str, start: str) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_text(PATTERN, "utf-8")
    (tmp_path / "own.j2").write_text(text, "utf-8")
    code, out, err = run("report a.yaml --template own.j2")
    assert err.startswith(start)
    assert (code, out) == (2, "")
    assert "Traceback" not in err


# -- absurd input: run apart, within a bound of memory and time --------------------------------------

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
ABSURD: list[tuple[str, Callable[[], bytes], str]] = [
    ("50 MB", lambda: b"answers: 1\n" + b"# x\n" * 12_500_000, "a.yaml: the file is larger than 2 MB: split it or send less"),
    ("50 MB of one line", lambda: b"x" * 50_000_000, "a.yaml: the file is larger than 2 MB: split it or send less"),
    ("depth 10,000", lambda: b"answers: " + b"[" * 10_000, "a.yaml:1:\\d+: nested deeper than 40 levels: nothing here needs that, flatten it"),
    ("depth 1,000,000", lambda: b"[" * 1_000_000, "a.yaml:1:\\d+: nested deeper than 40 levels: nothing here needs that, flatten it"),
    ("depth by indentation", lambda: "\n".join(" " * i + "a:" for i in range(1_900)).encode(), "a.yaml:41:\\d+: nested deeper than 40 levels"),
    ("depth by dashes", lambda: b"- " * 900_000 + b"a", "a.yaml:1:\\d+: nested deeper than 40 levels"),
    ("aliases that explode", lambda: BOMB.encode(), "a.yaml:6:42: its aliases expand to too many values: write them out"),
    ("aliases without end", lambda: b"a: &a x\nb: [" + b"*a," * 600_000 + b"]", "a.yaml:2:605: more than 200 aliases: write the values out"),
    ("values without end", lambda: b"a: [" + b"1," * 900_000 + b"]", "a.yaml:1:399999: more than 200,000 values: split the file"),
    ("anchors without end", lambda: b"".join(b"- &a%d x\n" % i for i in range(150_000)), "a.yaml:1:1: an answers file is a mapping"),
    ("keys without end", lambda: b"".join(b"k%d: 1\n" % i for i in range(90_000)), 'a.yaml:1:1: unknown key "k0"'),
    ("items without end", lambda: PATTERN.encode() + b"".join(b"  - {name: n%d, lookup: kye}\n" % i for i in range(20_000)), "a.yaml:7:"),
    ("a scalar without end", lambda: b"answers: 1\nworkload: {name: w}\nx: '" + b"y" * 1_900_000, "a.yaml:3:1900005: a quote or bracket is not closed: close it"),
    ("a quantity without end", lambda: PATTERN.encode() + b"    average_rate: " + b"9" * 1_000_000 + b"\n", 'a.yaml:7:19: "average_rate" is "9999'),
]  # fmt: skip

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (700_000_000, 700_000_000))
from wa_advisor.cli import main
main()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no bound of memory to set")
@pytest.mark.parametrize(("make", "message"), [(m, t) for _, m, t in ABSURD], ids=[n for n, _, _ in ABSURD])
def test_absurd_input_ends_soon_and_in_little_memory(tmp_path: Path, make: Callable[[], bytes], message: str) -> None:
    (tmp_path / "a.yaml").write_bytes(make())
    start = time.monotonic()
    command = [sys.executable, "-c", LIMITED, "report", "a.yaml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert re.match(message, done.stderr), done.stderr[:400]
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr) < 200_000
    assert time.monotonic() - start < 30


def test_stdin_is_read_and_bounded(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "wa_advisor", "report", "-"]
    for data, message in (
        (b"", "-:1:1: the file is empty"),
        (b"x" * 5_000_000, "-: the file is larger than 2 MB"),
        (b"\xff\xfe", "-:1:1: "),
    ):
        done = subprocess.run(command, input=data, capture_output=True, cwd=tmp_path)
        assert done.stderr.decode().startswith(message)
        assert (done.returncode, done.stdout) == (2, b"")


def test_of_many_problems_the_rest_is_counted(run: Run, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_text(PATTERN + "".join(f"k{n}: 1\n" for n in range(250)), "utf-8")
    code, _, err = run("report a.yaml")
    assert (code, err.count("unknown key"), err.splitlines()[-1]) == (2, 200, "and 50 more problems")
