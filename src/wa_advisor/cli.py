"""The command line: names the commands, imports the one that runs, and turns what went wrong into an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import TextIO

import click

from wa_advisor import __version__
from wa_advisor.errors import AdvisorError, Problem, render_problem

COMMANDS = {
    "ask": "Ask in the terminal; create or resume an answers file.",
    "report": "Write the recommendation report for an answers file.",
    "explain": "Why this option, why not the others, and what would change it.",
    "check": "The gate for CI: exit 1 when the proposal does not pass.",
    "compare": "What changed between two answers files or saved assessments.",
    "template": "An answers-file stub with every question as a comment.",
    "workload": "What share of your SQL is key-value, single-table, relational.",
    "rules": "For authors of rules: check, show, schema, cases.",
    "completion": "Print the completion script of bash, zsh, fish or PowerShell.",
}

MOST_PROBLEMS = 200


class LazyGroup(click.Group):
    """Finds each command in the module of `wa_advisor.commands` with its name, when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"wa_advisor.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from wa_advisor.errors import did_you_mean

            ctx.fail(f'no command "{args[0][:40]}"{did_you_mean(args[0], COMMANDS, what="commands")}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wa-advisor", message="%(prog)s %(version)s")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), help="Colours; by default as NO_COLOR and the terminal say."
)
@click.option("--no-input", is_flag=True, help="Never prompt.")
def cli(color: str | None, no_input: bool) -> None:
    """Serverless-architecture decision assistant for AWS design reviews."""
    if color == "never":
        os.environ["NO_COLOR"] = "1"
    elif color == "always":
        os.environ.pop("NO_COLOR", None)
        os.environ["FORCE_COLOR"] = "1"


def wants_color() -> bool | None:
    """Whether colours are asked for or forbidden; None leaves it to what the stream is."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def drawn(problem: Problem) -> str:
    """A problem with its place in bold and its marker in red."""
    first, _, rest = render_problem(problem).partition("\n")
    where, _, message = first.partition(": ")
    line, _, marker = rest.rpartition("\n")
    lead, _, _ = marker.partition("^")
    below = f"\n{line}\n{lead}{click.style(marker[len(lead) :], fg='red', bold=True)}" if rest else ""
    return f"{click.style(where, bold=True)}: {message}{below}"


def main() -> None:
    """Runs the command line; what a user can mend is drawn on stderr, never as a traceback."""
    stand_in_for_closed_streams()
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has had enough
        _never_mind(sys.stdout)
        code = 0
    except OSError as error:
        _never_mind(sys.stdout)
        where = error.filename or "the output"
        _say(
            f"{where}: cannot be {'used' if error.filename else 'written'} ({error.strerror or error}): mend that, and run it again"
        )
        code = 2
    if code:
        raise SystemExit(code)


def _run() -> int:
    """The exit code of the command."""
    if os.environ.get("_WA_ADVISOR_COMPLETE", "").startswith("powershell"):
        import_module("wa_advisor.commands.completion")  # makes PowerShell known to click
    try:
        cli.main(prog_name="wa-advisor", standalone_mode=False)
    except AdvisorError as error:
        for problem in list(error.problems)[:MOST_PROBLEMS]:
            _say(drawn(problem))
        if len(error.problems) > MOST_PROBLEMS:
            _say(f"and {len(error.problems) - MOST_PROBLEMS:,} more problems")
        return 2
    except (click.exceptions.Abort, KeyboardInterrupt):
        return 130
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return 2
    return 0


def _say(line: str) -> None:
    """A line on stderr, if that can be written to: there is no other place to complain at."""
    with suppress(OSError):
        click.echo(line, err=True, color=wants_color())


def stand_in_for_closed_streams() -> None:
    """Gives a stream to each of the three that the process was started without (`<&-`, `>&-`, `2>&-`).

    What is then read is empty, and what is written fails as on a full disk, but for complaints, which go nowhere. Their
    numbers are taken too, so that no file that is opened later gets one of them and is mistaken for a terminal.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")


def _never_mind(stream: TextIO) -> None:
    """What is still to be written to a stream is let go, so that Python does not try again at its end and complain."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
