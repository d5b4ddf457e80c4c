"""What is shipped: a wheel made from the source archive works where nothing of the checkout is, with the tracked rules."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wa_advisor import __version__

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "reports" / "shopping-cart" / "answers.yaml"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MODULE_OF = {"pyyaml": "yaml"}


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment of its own that holds the wheel, and the archives it came from."""

    wheel: Path
    archive: Path
    bin: Path
    home: Path

    def run(self, *command: str, **options: Any) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL", "PIP"))}
        return subprocess.run(
            [str(self.bin / command[0]), *command[1:]], cwd=self.home, env=environment, capture_output=True, text=True, **options
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Builds without a network, and installs without one.

    What the wheel depends on is lent by the environment that runs the tests, through a .pth file: it shows the
    libraries but not the checkout, which is there by a .pth of its own and those are not followed twice.
    """
    home = tmp_path_factory.mktemp("elsewhere")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(home / "dist"), str(ROOT)]
    made = subprocess.run(build, capture_output=True, text=True, cwd=home)
    assert made.returncode == 0, made.stdout + made.stderr
    (wheel,) = (home / "dist").glob("*.whl")
    (archive,) = (home / "dist").glob("*.tar.gz")
    venv.create(home / "env", with_pip=False)
    python = home / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    done = subprocess.run(pip, capture_output=True, text=True, cwd=home)
    assert done.returncode == 0, done.stderr
    (site,) = (home / "env").glob("[Ll]ib/**/site-packages")
    lent = next(p for p in sys.path if p.endswith("site-packages") and (Path(p) / "click").is_dir())
    (site / "lent.pth").write_text(lent + "\n", "utf-8")
    return Installed(wheel, archive, python.parent, home)


def tracked(folder: str) -> dict[str, bytes]:
    """The tracked files of a folder by their path in it; without git, those that lie there."""
    listed = subprocess.run(["git", "ls-files", "-z", folder], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\0") if listed.returncode == 0 and listed.stdout else []
    if not names:
        names = [p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix != ".pyc"]
    return {n.removeprefix(folder + "/"): (ROOT / n).read_bytes() for n in names if n and (ROOT / n).is_file()}


@pytest.mark.slow
def test_the_wheel_holds_the_tracked_rules_and_source_and_nothing_else(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        held = {n: wheel.read(n) for n in wheel.namelist() if ".dist-info/" not in n}
    rules = {n.removeprefix("wa_advisor/rules/"): data for n, data in held.items() if n.startswith("wa_advisor/rules/")}
    source = {n.removeprefix("wa_advisor/"): data for n, data in held.items() if not n.startswith("wa_advisor/rules/")}
    assert rules == tracked("rules")
    assert source == tracked("src/wa_advisor")
    assert rules
    assert any(name.endswith(".j2") for name in source)


@pytest.mark.slow
def test_the_source_archive_holds_what_a_build_needs(installed: Installed) -> None:
    with tarfile.open(installed.archive) as archive:
        names = {n.partition("/")[2] for n in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "src/wa_advisor/cli.py", "rules/ruleset.yaml"} <= names
    assert not {n for n in names if n.startswith((".venv", "build/", "dist/", ".git/"))}


@pytest.mark.slow
def test_the_installed_command_makes_a_report_elsewhere(installed: Installed) -> None:
    copy = installed.home / "answers.yaml"
    copy.write_bytes(SAMPLE.read_bytes())
    where = installed.run("python", "-c", "import wa_advisor.files as f; print(f.__file__); print(f.rules_directory())")
    assert all(line.startswith(str(installed.home / "env")) for line in where.stdout.split()), where
    made = installed.run("wa-advisor", "report", "answers.yaml", "-o", "report.md")
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    own = subprocess.run(
        [sys.executable, "-m", "wa_advisor", "report", "answers.yaml"], cwd=installed.home, capture_output=True, check=True
    )
    assert (installed.home / "report.md").read_bytes() == own.stdout != b""
    assert installed.run("wa-advisor", "rules", "check").returncode == 0


@pytest.mark.slow
def test_the_module_names_itself_like_the_command(installed: Installed) -> None:
    version = f"wa-advisor {__version__}\n"
    for command in (("wa-advisor",), ("python", "-m", "wa_advisor")):
        assert installed.run(*command, "--version").stdout == version
        assert installed.run(*command, "--help").stdout.startswith("Usage: wa-advisor [OPTIONS] COMMAND")
        assert installed.run(*command, "report").stderr.startswith("wa-advisor report:")


def imported() -> Iterator[str]:
    """The top-level names that the source imports from outside."""
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def test_what_is_imported_is_declared() -> None:
    declared = {re.split(r"[^\w-]", d)[0].lower() for d in PROJECT["dependencies"]}
    foreign = set(imported()) - set(sys.stdlib_module_names) - {"wa_advisor"}
    assert "click" in foreign
    assert foreign <= {MODULE_OF.get(d, d.replace("-", "_")) for d in declared}


def test_the_declared_versions_of_python() -> None:
    assert PROJECT["requires-python"] == ">=3.11"
    versions = {c.rpartition(" ")[2] for c in PROJECT["classifiers"] if re.search(r"Python :: 3\.", c)}
    assert versions == {"3.11", "3.12", "3.13", "3.14"}


def test_the_version_on_the_first_line_of_the_changelog_is_the_package_version() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings and (headings[0].startswith(__version__) or headings[0].lower().startswith("unreleased"))
