"""`ask`: the wizard."""

from __future__ import annotations

import errno
import gc
import os
import signal
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, NoReturn

import click
from msgspec import Struct

from wa_advisor.commands.again import Again, quoted, shown
from wa_advisor.commands.shared import RULES
from wa_advisor.errors import AdvisorError, CommandError
from wa_advisor.wizard.stopping import Interrupted, Stopped, ended_by_signals

if TYPE_CHECKING:
    from wa_advisor.engine.evaluate import Assessment, Verdict
    from wa_advisor.model import RuleSet
    from wa_advisor.saving import AnswersFile
    from wa_advisor.wizard.interview import Interview

DEFAULT_FILE = "answers.yaml"
TERMINAL_GONE = 129
"""As after a hang-up: there is nobody left to be told anything."""
REPORT_HEAD = b"# Architecture recommendation: "


class Run(Struct, frozen=True, kw_only=True):
    """How the wizard was called: the command that takes it up again, and whether colours are wanted."""

    again: Again
    color: str

    @property
    def answers(self) -> str:
        return self.again.answers


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
    run = Run(again=Again(answers=answers, rules=rules, plain=plain), color=color)
    if no_input or click.get_current_context().find_root().params.get("no_input"):
        _without_asking(run)
        return
    plain = _face_is_plain(plain, run)
    # a shell that starts something in the background has it ignore Ctrl-C, and all that this starts; who is asked may stop
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with ended_by_signals():
        try:
            (_in_lines if plain else _on_screen)(run)
        except (KeyboardInterrupt, Stopped) as stop:  # before the first question; later ones say what is kept
            _farewell(f"Stopped. Begin again with: {run.again.ask}", stop)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise SystemExit(TERMINAL_GONE) from None


def _in_lines(run: Run) -> None:
    """The interview in the plain face, and the report."""
    with ExitStack() as held:
        with Interrupted().kept():
            from wa_advisor.files import load_ruleset
            from wa_advisor.saving import AnswersFile
            from wa_advisor.wizard.plain import run_plain

            file = held.enter_context(AnswersFile(run.answers))
            interview = _begin(file, load_ruleset(run.again.rules))
        with _told(run, file):
            run_plain(interview, _read_line, _write, _columns, piped=not sys.stdin.isatty())
            _finish(interview, file, run)


def _on_screen(run: Run) -> None:
    """The interview in the rich face, its first page drawn before all else is loaded, and the report."""
    from wa_advisor.wizard.first import early_page
    from wa_advisor.wizard.rich.curtain import Curtain

    stream = sys.stderr if sys.stderr.isatty() else sys.stdout
    with Curtain(early_page(shown(run.answers), there=_has_text(run.answers)), stream) as curtain, ExitStack() as held:
        with Interrupted().kept():
            from wa_advisor.files import load_ruleset
            from wa_advisor.saving import AnswersFile

            file = held.enter_context(AnswersFile(run.answers))
            from wa_advisor.wizard.rich.app import run_rich

            interview = _begin(file, load_ruleset(run.again.rules))
            gc.freeze()  # the rules stay to the end: they need not be looked through for waste
        with _told(run, file):
            curtain.handed_over()
            run_rich(interview, colour=has_colour(run.color), stream=stream, started=curtain.covered)
            _finish(interview, file, run)


def _has_text(path: str) -> bool:
    try:
        return os.path.getsize(path) > 0
    except (OSError, ValueError):
        return False


def _face_is_plain(plain: bool, run: Run) -> bool:
    """Whether the plain face is used; CommandError where nobody can be asked."""
    if sys.stdin.isatty() and (sys.stderr.isatty() or sys.stdout.isatty()):
        return plain or bool(os.environ.get("ACCESSIBLE")) or os.environ.get("TERM", "") in ("dumb", "")
    if plain and not sys.stdin.isatty() and _has_lines():
        return True
    raise CommandError(
        f"there is no terminal to ask in: run it in one, or write {shown(run.answers)} by hand "
        f"(`{_template(run)}` gives every question) and run `{run.again.command('report')}`"
        f"{'; with --plain the lines of a pipe are the answers' if not plain and _has_lines() else ''}",
        "ask",
    )


def _template(run: Run) -> str:
    rules = "".join(f" --rules {quoted(r)}" for r in run.again.rules)
    return f"wa-advisor template{rules} > {quoted(run.answers)}"


def _has_lines() -> bool:
    """Whether standard input is a pipe or a file; /dev/null and closed inputs answer nothing."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def _begin(file: AnswersFile, ruleset: RuleSet) -> Interview:
    from datetime import date

    from wa_advisor.saving import ChangedOutside, SaveError
    from wa_advisor.wizard.document import new_text, read_document
    from wa_advisor.wizard.interview import Interview, SaveFailed

    text = file.read()
    document = read_document(new_text(ruleset) if text is None else text, shown(file.path), ruleset)

    def save(new: str) -> str | None:
        try:
            file.save(new)
        except ChangedOutside:
            return _others_text(file, ruleset)
        except SaveError as error:
            raise SaveFailed(str(error)) from None
        return None

    interview = Interview(document, save, resumed=text is not None, today=date.today().isoformat())
    interview.notice = file.owner_notice
    return interview


def _others_text(file: AnswersFile, ruleset: RuleSet) -> str:
    """What someone else has made of the file; SaveFailed, as often as it is tried, until it can be read."""
    from wa_advisor.wizard.document import read_document
    from wa_advisor.wizard.interview import SaveFailed

    try:
        text = file.look()
        read_document(text, shown(file.path), ruleset)
    except AdvisorError as error:
        problem = error.problems[0]
        line = f"line {problem.span.line}: " if problem.span.line else ""
        raise SaveFailed(
            f"not saved: the file was changed by someone else and cannot be read ({line}{problem.message}). "
            "Nothing is written over it: mend it, then answer again"
        ) from None
    file.take_over(text)
    return text


@contextmanager
def _told(run: Run, file: AnswersFile) -> Iterator[None]:
    """An interview that is interrupted says how to go on."""
    from wa_advisor.wizard.plain import InputEnded, TooManyMistakes

    try:
        yield
    except (KeyboardInterrupt, EOFError, Stopped) as stop:
        _farewell(f"Stopped. {_kept(run, file)}", stop)
    except InputEnded:
        _write("\n")
        if sys.stdin.isatty():
            _farewell(f"Stopped. {_kept(run, file)}", KeyboardInterrupt())
        raise CommandError(f"the input ended before the interview did. {_kept(run, file)}", "ask") from None
    except TooManyMistakes:
        raise CommandError(f"too many lines in a row were no answers. {_kept(run, file)}", "ask") from None


def _farewell(text: str, stop: BaseException) -> NoReturn:
    """Says a last word, where anybody can still hear it, and ends with the exit code of what stopped the run."""
    said, colon, command = text.partition(" with: ")
    with suppress(OSError, ValueError):
        _write("\n")
        _tell(f"{said}{colon}".rstrip(), command)
    raise SystemExit(stop.exit_code if isinstance(stop, Stopped) else 130) from None


def has_colour(option: str) -> bool:
    """`--color`, else NO_COLOR, FORCE_COLOR and what the terminal is."""
    if option != "auto":
        return option == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or os.environ.get("TERM", "") != "vt100"


def _kept(run: Run, file: AnswersFile) -> str:
    """Where the answers are, and how to go on; what is not there any more is not said to be there."""
    name, again = shown(run.answers), f"go on with: {run.again.ask}"
    return {
        "none": "Nothing was answered, so nothing was saved.",
        "saved": f"All answers are in {name}; {again}",
        "changed": f"{name} was changed by someone else after the last answer was saved: look at it, then {again}",
        "gone": f"{name} was removed by someone else: put it back, then {again}",
    }[file.standing]


def _read_line() -> str | None:
    """The next line, as UTF-8 whatever the locale says; UnicodeDecodeError where it is none."""
    line = sys.stdin.buffer.readline()
    return line.decode("utf-8").rstrip("\r\n") if line else None


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _columns() -> int:
    """How wide the terminal is that is written to; 0 where it is none, and lines are not broken."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns if sys.stderr.isatty() else 0
    except (OSError, ValueError):
        return 0


def _tell(text: str, command: str = "") -> None:
    """A text whose lines are broken between words, and a command whole: on a line of its own where it does not fit."""
    from wa_advisor.wizard.rich.cells import cells, wrapped

    width = _columns()
    if not width or cells(f"{text} {command}") < width:
        _write(f"{text} {command}".rstrip() + "\n")
        return
    _write("".join(f"{line}\n" for line in wrapped(text, width - 1)) + (f"  {command}\n" if command else ""))


def report_path(answers: str) -> str:
    """Where the report of an answers file goes: `cart.yaml` -> `cart.report.md` beside it."""
    stem, ending = os.path.splitext(answers)
    return f"{stem if ending in ('.yaml', '.yml') else answers}.report.md"


def _finish(interview: Interview, file: AnswersFile, run: Run) -> None:
    """Writes the report beside the answers, says in a line how it stands, and what can be done next."""
    name = shown(run.answers)
    if file.standing == "none":
        _write("\nNothing was answered, so nothing was saved, and there is nothing to report.\n")
        return
    if os.path.realpath(run.answers) != str(file.target):
        raise CommandError(f"leads to another file now; the answers are in {file.target}, and there is no report yet", name)
    assessment = _assessed(run, interview.work.ruleset)
    path = write_report(assessment, run)
    _write("\n")
    _tell(standing_line(assessment.verdicts))
    _tell(f"The answers are in {name}, the report is in {shown(path)}.")
    _write("\nNext:\n")
    for command, what in (
        (run.again.command("explain"), "why each choice, and what would change it"),
        (run.again.command("check"), "the gate for CI: what is still missing"),
        (run.again.ask, "change an answer"),
    ):
        _write(f"  {command}{_beside(command, what)}\n")


def _beside(command: str, what: str) -> str:
    """What a command does: on its line where there is room, else below it."""
    from wa_advisor.wizard.rich.cells import wrapped

    room = _columns()
    if not room or len(command) + len(what) + 6 < room:
        return f"    {what}"
    return "".join(f"\n      {line}" for line in wrapped(what, room - 7))


def standing_line(verdicts: Sequence[Verdict]) -> str:
    """`5 of 8 choices are decided, 2 are leaning, 1 is open.`"""
    found = [v.certainty for v in verdicts]
    if not found:
        return "There is nothing to choose yet: no entry is listed that a choice is made for."
    if len(found) == 1:
        return f"The one choice is {found[0]}."
    decided = found.count("decided")
    parts = [f"{decided or 'None'} of {'' if decided else 'the '}{len(found)} choices {'is' if decided < 2 else 'are'} decided"]
    for certainty in ("leaning", "open"):
        if count := found.count(certainty):
            parts.append(f"{count} {'is' if count == 1 else 'are'} {certainty}")
    return f"{', '.join(parts)}."


def _assessed(run: Run, ruleset: RuleSet) -> Assessment:
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.files import read_answers_text

    return evaluate(ruleset, parse_answers(read_answers_text(run.answers), run.answers, ruleset))


def write_report(assessment: Assessment, run: Run) -> str:
    """Writes the report that `wa-advisor report` makes of the file, and returns where; CommandError says how to make it later."""
    from wa_advisor.files import mode_of, write_text
    from wa_advisor.report.render import render_report

    path = _free_path(report_path(run.answers))
    text = render_report(assessment)
    try:
        write_text(path, text, mode_of(run.answers))
    except CommandError as error:
        later = run.again.command("report", f"-o {quoted(path)}")
        raise CommandError(
            f"the report {error.problems[0].message}. All answers are in {shown(run.answers)}; make the report with: {later}",
            shown(path),
        ) from None
    return path


def _free_path(path: str) -> str:
    """`path`, or the first of `cart.report-2.md`, `-3` and so on, where no file of someone else would be written over."""
    stem, ending = os.path.splitext(path)
    names = (path if n == 1 else f"{stem}-{n}{ending}" for n in count(1))
    found = next(name for name in names if not os.path.lexists(name) or _is_report(name))
    if found != path:
        _write(f"\n{shown(path)} is no report of wa-advisor, and is left as it is.\n")
    return found


def _is_report(path: str) -> bool:
    """Whether a file begins as the reports do that are written here."""
    from wa_advisor.files import read_bytes

    try:
        return read_bytes(path, len(REPORT_HEAD) - 1).startswith(REPORT_HEAD)
    except CommandError:
        return False


def _without_asking(run: Run) -> None:
    """Exit 0 with the report where nothing is left to ask; else every open question on stdout, exit 2."""
    from wa_advisor.answers import parse_answers
    from wa_advisor.engine.evaluate import evaluate
    from wa_advisor.engine.flow import Course, Outlook, unanswered_everywhere
    from wa_advisor.files import load_ruleset, read_answers_text
    from wa_advisor.wizard.missing import missing_lines

    name = shown(run.answers)
    ruleset = load_ruleset(run.again.rules)
    if not os.path.exists(run.answers):
        raise CommandError(f"there are no answers yet: `{_template(run)}` gives every question", name)
    parsed = parse_answers(read_answers_text(run.answers), run.answers, ruleset)
    outlook = Outlook(Course(ruleset), parsed)
    found = list(unanswered_everywhere(outlook))
    if found:
        for line in missing_lines(outlook, found):
            click.echo(line)
        raise CommandError(
            f"{len(found)} question{'s are' if len(found) != 1 else ' is'} not answered: add them to the file", name
        )
    path = write_report(evaluate(ruleset, parsed), run)
    _write(f"Everything is answered; the report is in {shown(path)}.\n")
