"""The first page while the rules are still read: it stands after a twentieth of a second, and takes keys.

Reading the rules and loading what draws the screen takes several times longer than starting Python, and the
first page says little that hangs on them. So it is drawn before, by hand; keys pressed meanwhile wait in the
terminal and are taken as soon as the interview runs. Where a terminal cannot be set up like that, nothing is drawn.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any, TextIO

from wa_advisor.wizard.rich.cells import Line, drawable, glyphs_for, locale_as_started
from wa_advisor.wizard.rich.draw import draw
from wa_advisor.wizard.rich.state import fresh
from wa_advisor.wizard.screen import Screen
from wa_advisor.wizard.stopping import can_suspend, on_signals, suspend

_SHOW = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J"
_HIDE = "\x1b[2J\x1b[?1049l\x1b[?25h"
_BOLD = ("class:title", "class:question", "class:here", "class:key")


class Curtain:
    """Up from `with` until it is `covered`, or until the end of the block if the interview never began."""

    def __init__(self, screen: Screen, stream: TextIO) -> None:
        self.screen = screen
        self.stream = stream
        self._before: Any = None
        self._up = False
        self._signals = ExitStack()

    def __enter__(self) -> Curtain:
        self._before = _without_echo()
        if self._before is not None:
            self._up = True
            try:
                self._signals.enter_context(on_signals(self._laid_aside, "SIGTSTP"))
                self._write(_SHOW + _lines(self.screen, self.stream))
            except BaseException:  # Ctrl-C, or nowhere to write to: the terminal is put back all the same
                self.__exit__(None, None, None)
                raise
        return self

    def handed_over(self) -> None:
        """The interview sees to signals from here on, and draws soon."""
        self._signals.close()

    def covered(self) -> None:
        """The interview has drawn over what stands there, and leaves the screen itself; the terminal's mode is put back at the end."""
        self._up = False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._signals.close()
        if self._up:
            with suppress(OSError):  # a terminal that was closed
                self._write(_HIDE)
        if self._before is not None:
            _set_mode(self._before)

    def _laid_aside(self, number: int) -> None:
        """Ctrl-Z: the shell has its terminal back until it takes this up again."""
        if not can_suspend():
            return
        self._write(_HIDE)
        _set_mode(self._before)
        suspend(group=False)
        _without_echo()
        self._write(_SHOW + _lines(self.screen, self.stream))

    def _write(self, text: str) -> None:
        """Past the stream's own buffer, which a signal may have caught in the middle of something."""
        data = text.encode(self.stream.encoding or "utf-8", "replace")
        while data:
            data = data[os.write(self.stream.fileno(), data) :]


def _set_mode(mode: Any) -> None:
    import termios

    with suppress(OSError, ValueError, termios.error):
        termios.tcsetattr(sys.stdin, termios.TCSANOW, mode)


def _without_echo() -> Any:
    """The mode the terminal was in, after keys have stopped to show on it; None where that cannot be done."""
    try:
        import termios

        before = termios.tcgetattr(sys.stdin)
        quiet = [*before]
        quiet[3] &= ~(termios.ECHO | termios.ICANON)  # Ctrl-C still interrupts
        quiet[0] &= ~termios.ICRNL  # Enter is what it will be for the interview
        termios.tcsetattr(sys.stdin, termios.TCSANOW, quiet)
    except (ImportError, OSError, ValueError):
        return None
    except Exception as error:  # termios.error is no OSError
        if type(error).__name__ != "error":
            raise
        return None
    return before


def _lines(screen: Screen, stream: TextIO) -> str:
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        size = os.terminal_size((80, 24))
    glyphs = glyphs_for(stream.encoding or "", locale_as_started())
    picture = draw(fresh(screen), max(10, size.columns), max(3, size.lines), glyphs)
    return "\r\n".join(_styled(line) for line in [*picture.above, *picture.below])


def _styled(line: Line) -> str:
    """Bold only: it is the same on every terminal, and colours come with the interview."""
    return "".join(f"\x1b[1m{drawable(text)}\x1b[0m" if style in _BOLD else drawable(text) for style, text in line)
