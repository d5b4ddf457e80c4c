"""`ask`: the wizard."""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from wa_advisor.commands.shared import RULES
from wa_advisor.errors import CommandError

if TYPE_CHECKING:
    from wa_advisor.model import RuleSet
    from wa_advisor.saving import AnswersFile
    from wa_advisor.wizard.interview import Interview

DEFAULT_FILE = "answers.yaml"


@click.command()
@click.argument("answers", default=DEFAULT_FILE)
@click.option("--plain", is_flag=True, help="Numbered lines, nothing redrawn; also reads answers from a pipe.")
@click.option("--no-input", is_flag=True, help="Never prompt: say what is not answered yet, or write the report.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@RULES
def ask(answers: str, plain: bool, no_input: bool, color: str, rules: tuple[str, ...]) -> None:
    """Ask in the terminal; create or resume the answers file ANSWERS (answers.yaml unless you name another).

    Every answer is saved at once. Stop with Ctrl-C whenever you like; the same command goes on from there.
    """
    if answers == "-":
        raise CommandError("the wizard saves as it goes: name a file", "-")
    if no_input or click.get_current_context().find_root().params.get("no_input"):
        _without_asking(answers, rules)
        return
    plain = _face_is_plain(plain, answers)
    # a shell that starts something in the background has it ignore Ctrl-C, and all that this starts; who is asked may stop
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if plain:
        from wa_advisor.files import load_ruleset
        from wa_advisor.saving import AnswersFile

        with AnswersFile(answers) as file:
            interview = _begin(file, load_ruleset(rules))
            _plain(interview, file)
    else:
        try:
            interview = _rich(answers, rules, color)
        except KeyboardInterrupt:  # before the first question; later ones say what is kept
            _write(f"\nStopped. Begin again with: wa-advisor ask {quoted(answers)}\n")
            raise SystemExit(130) from None
    _finish(interview, answers)


def _rich(answers: str, rules: tuple[str, ...], color: str) -> Interview:
    """The interview in the rich face, its first page drawn before all else is loaded."""
    from wa_advisor.wizard.first import early_page
    from wa_advisor.wizard.rich.curtain import Curtain

    stream = sys.stderr if sys.stderr.isatty() else sys.stdout
    with Curtain(early_page(answers, there=os.path.exists(answers)), stream) as curtain:
        from wa_advisor.files import load_ruleset
        from wa_advisor.saving import AnswersFile

        with AnswersFile(answers) as file:
            from wa_advisor.wizard.rich.app import run_rich

            interview = _begin(file, load_ruleset(rules))
            curtain.handed_over()
            with _told(interview, file):
                run_rich(interview, colour=has_colour(color), stream=stream)
            return interview


def _face_is_plain(plain: bool, answers: str) -> bool:
    """Whether the plain face is used; CommandError where nobody can be asked."""
    if sys.stdin.isatty() and (sys.stderr.isatty() or sys.stdout.isatty()):
        return plain or bool(os.environ.get("ACCESSIBLE")) or os.environ.get("TERM", "") in ("dumb", "")
    if plain and not sys.stdin.isatty() and _has_lines():
        return True
    raise CommandError(
        f"there is no terminal to ask in: run it in one, or write {answers} by hand (`wa-advisor template > {answers}` "
        f"gives every question) and run `wa-advisor report {answers}`",
        "ask",
    )


def _has_lines() -> bool:
    """Whether standard input is a pipe or a file; /dev/null and closed inputs answer nothing."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def _begin(file: AnswersFile, ruleset: RuleSet) -> Interview:
    from datetime import date

    from wa_advisor.saving import SaveError
    from wa_advisor.wizard.document import new_text, read_document
    from wa_advisor.wizard.interview import Interview, SaveFailed

    text = file.read()
    document = read_document(new_text(ruleset) if text is None else text, file.path, ruleset)

    def save(new: str) -> str | None:
        if file.changed_outside():
            other = file.read()
            if other is not None:
                return other
        try:
            file.save(new)
        except SaveError as error:
            raise SaveFailed(str(error)) from None
        return None

    return Interview(document, save, resumed=text is not None, today=date.today().isoformat())


def _plain(interview: Interview, file: AnswersFile) -> None:
    from wa_advisor.wizard.plain import run_plain

    with _told(interview, file):
        run_plain(interview, _read_line, _write)


@contextmanager
def _told(interview: Interview, file: AnswersFile) -> Iterator[None]:
    """An interview that is interrupted says how to go on."""
    from wa_advisor.wizard.plain import InputEnded, TooManyMistakes

    try:
        yield
    except (KeyboardInterrupt, EOFError):
        _write(f"\nStopped. {_kept(interview, file)}\n")
        raise SystemExit(130) from None
    except InputEnded:
        _write("\n")
        if sys.stdin.isatty():
            _write(f"Stopped. {_kept(interview, file)}\n")
            raise SystemExit(130) from None
        raise CommandError(f"the input ended before the interview did. {_kept(interview, file)}", "ask") from None
    except TooManyMistakes:
        raise CommandError(f"too many lines in a row were no answers. {_kept(interview, file)}", "ask") from None


def has_colour(option: str) -> bool:
    """`--color`, else NO_COLOR, FORCE_COLOR and what the terminal is."""
    if option != "auto":
        return option == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or os.environ.get("TERM", "") != "vt100"


def _kept(interview: Interview, file: AnswersFile) -> str:
    if not file.target.exists():
        return "Nothing was answered, so nothing was saved."
    return f"All answers are in {file.path}; go on with: wa-advisor ask {quoted(file.path)}"


def quoted(path: str) -> str:
    """A path as it is typed in a shell."""
    import shlex

    return shlex.quote(path)


def _read_line() -> str | None:
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def report_path(answers: str) -> str:
    """Where the report of an answers file goes: `cart.yaml` -> `cart.report.md` beside it."""
    stem, ending = os.path.splitext(answers)
    return f"{stem if ending in ('.yaml', '.yml') else answers}.report.md"


def _finish(interview: Interview, answers: str) -> None:
    """Writes the report beside the answers and says what can be done next."""
    path = report_path(answers)
    write_report(answers, path, interview.work.ruleset)
    _write(
        f"\nThe answers are in {answers}, the report is in {path}.\n\nNext:\n"
        f"  wa-advisor explain {quoted(answers)}    why each choice, and what would change it\n"
        f"  wa-advisor check {quoted(answers)}      the gate for CI: what is still missing\n"
        f"  wa-advisor ask {quoted(answers)}        change an answer\n"
    )


def write_report(answers: str, path: str, ruleset: RuleSet) -> None:
    """The same report that `wa-advisor report` makes of the file, written to `path`."""
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.files import read_answers_text, write_text
    from wa_advisor.report.render import render_report

    write_text(path, render_report(evaluate(ruleset, parse_answers(read_answers_text(answers), answers, ruleset))))


def _without_asking(answers: str, rules: tuple[str, ...]) -> None:
    """Exit 0 with the report where nothing is left to ask; else every open question on stdout, exit 2."""
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.flow import Course, Outlook, unanswered_everywhere
    from wa_advisor.files import load_ruleset, read_answers_text
    from wa_advisor.wizard.missing import missing_lines

    ruleset = load_ruleset(rules)
    if not os.path.exists(answers):
        raise CommandError(f"there are no answers yet: `wa-advisor template > {answers}` gives every question", answers)
    parsed = parse_answers(read_answers_text(answers), answers, ruleset)
    outlook = Outlook(Course(ruleset), parsed)
    found = list(unanswered_everywhere(outlook))
    if found:
        for line in missing_lines(outlook, found):
            click.echo(line)
        raise CommandError(
            f"{len(found)} question{'s are' if len(found) != 1 else ' is'} not answered: add them to the file", answers
        )
    path = report_path(answers)
    write_report(answers, path, ruleset)
    _write(f"Everything is answered; the report is in {path}.\n")
