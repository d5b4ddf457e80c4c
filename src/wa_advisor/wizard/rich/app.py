"""The application: keys -> State -> replies -> the next screen. prompt_toolkit reads the keys and puts up the lines.

One application runs for the whole interview, on the alternate screen: validation stands beside the question, a
resize draws all anew, and the scrollback is left as it was. Back is Shift-Tab and never Esc: on a slow line the
first byte of an arrow key arrives alone and is taken for it once ESCAPE_SECONDS are over. So Esc only closes what a
key has opened, and loses nothing that was typed.

The input line wraps between words, which the toolkit's own does not. The lines of a text that the terminal marks as
pasted are joined: a line break in it is no Enter, which would answer what comes next.
"""

from __future__ import annotations

import gc
import sys
from asyncio import TimerHandle
from collections.abc import Callable
from typing import Any

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Point
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.keys import Keys as Names
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    UIContent,
    VSplit,
    Window,
)
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.styles import Style

from wa_advisor.wizard.interview import Interview
from wa_advisor.wizard.rich.burst import joined, with_pastes
from wa_advisor.wizard.rich.cells import Line, cells, drawable, glyphs_for, locale_as_started, typed_rows
from wa_advisor.wizard.rich.draw import Picture, draw
from wa_advisor.wizard.rich.keys import Keys
from wa_advisor.wizard.rich.state import FILTER, MAIN, State, fresh
from wa_advisor.wizard.stopping import Stopped, can_suspend, ended_by_signals, on_signals, suspend

ESCAPE_SECONDS = 0.3
IDLE_SECONDS = 1.0
"""After so long without a key the memory is looked through for waste, which between two keys would be felt."""
JOINED = "a pasted text was joined into one line: Enter takes it"

COLOURS = {
    "title": "bold", "rule": "ansibrightblack", "dim": "ansibrightblack", "question": "bold", "here": "bold ansicyan",
    "problem": "bold ansired", "notice": "ansiyellow", "status": "ansigreen", "key": "bold", "heading": "bold underline",
}  # fmt: skip
NO_COLOURS = {
    "title": "bold", "question": "bold", "here": "bold reverse", "problem": "bold", "key": "bold", "heading": "underline",
}  # fmt: skip


def run_rich(interview: Interview, *, colour: bool, started: Callable[[], None] = lambda: None, **streams: Any) -> None:
    """Asks until the interview is over; KeyboardInterrupt when the person stops. `started` is called when a screen is up."""
    before, collects = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(0.0005)  # what is judged aside gives way to a key at once
    gc.disable()  # until the person rests
    try:
        _Face(interview, colour=colour, started=started, **streams).run()
    finally:
        sys.setswitchinterval(before)
        if collects:
            gc.enable()


class _Face:
    def __init__(
        self,
        interview: Interview,
        *,
        colour: bool,
        started: Callable[[], None],
        stream: Any = None,
        input: Any = None,
        output: Any = None,
    ) -> None:
        self.interview = interview
        self.started = started
        self.interrupted = False
        self.keys: Keys = Keys(interview, self)
        self.filling = False
        self.buffer = Buffer(multiline=False, on_text_changed=self._edited, on_cursor_position_changed=self._edited)
        self.state = fresh(interview.screen())
        self.output = output or create_output(stdout=stream)
        self.glyphs = glyphs_for(self.output.encoding() or "", locale_as_started())
        self.picture = Picture([], None, [])
        self.size = (0, 0)
        self.fill()
        depth = ColorDepth.DEPTH_4_BIT if colour else ColorDepth.DEPTH_1_BIT
        self.application: Application[None] = Application(
            layout=self._layout(), key_bindings=self._bindings(), style=Style.from_dict(COLOURS if colour else NO_COLOURS),
            full_screen=True, color_depth=depth, input=with_pastes(input or create_input(), self._typing), output=self.output,
            enable_page_navigation_bindings=False,
        )  # fmt: skip
        self.application.ttimeoutlen = ESCAPE_SECONDS
        self.application.after_render += lambda _: self._rest()
        self.sweep: TimerHandle | None = None

    def run(self) -> None:
        with (
            ended_by_signals(lambda number: self._soon(self._leave, Stopped(number))),
            on_signals(lambda _: self._soon(self._suspend, False), "SIGTSTP"),
            on_signals(lambda _: self._soon(self._anew), "SIGCONT"),
            on_signals(lambda _: self._interrupt(), "SIGINT"),
        ):
            self.application.run(handle_sigint=False)

    def _rest(self) -> None:
        """A screen is up: what the next pages may need is begun, and when nothing is pressed, the memory is cleared."""
        self.started()
        if self.interrupted:
            self._leave(KeyboardInterrupt())
            return
        self.interview.look_ahead()
        loop = self.application.loop
        if self.sweep is not None:
            self.sweep.cancel()
        if loop is not None:
            self.sweep = loop.call_later(IDLE_SECONDS, gc.collect)

    # -- signals ---------------------------------------------------------------------------------------

    def _soon(self, act: Callable[..., None], *given: Any) -> None:
        """Does it between two keys: a signal may come in the middle of anything, and the terminal is put back by the loop."""
        loop = self.application.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(act, *given)
        elif given and isinstance(given[0], Stopped):
            raise given[0]

    def _interrupt(self) -> None:
        """Ctrl-C before the keys are read as keys: it ends the run as soon as that can be done in order."""
        self.interrupted = True
        self._soon(self._leave, KeyboardInterrupt())

    def _leave(self, stop: BaseException) -> None:
        if not self.application.is_done:
            self.application.exit(exception=stop)

    def _suspend(self, group: bool) -> None:
        if can_suspend() and not self.application.is_done:
            run_in_terminal(lambda: suspend(group=group))

    def _anew(self) -> None:
        """After a stop that nothing could be done about: the terminal is as the shell has left it."""
        if not self.application.is_done:
            self.application.input.raw_mode().__enter__()  # it is left for good by the one round the whole run
            self.application.renderer.reset(leave_alternate_screen=False)
            self.output.enter_alternate_screen()
            self.output.erase_screen()
            self.output.cursor_goto(0, 0)
            self.application.invalidate()

    # -- what the keys act on --------------------------------------------------------------------------

    @property
    def line(self) -> str:
        return self.buffer.text

    def fill(self, text: str | None = None) -> None:
        """The input line with a text in it; without one, with what the screen has."""
        screen = self.state.screen
        offered = screen.suggestion if screen.kind == "line" and not screen.value else ""
        if screen.kind == "form":
            done = len(self.state.values)
            offered = screen.fields[done].value if done < len(screen.fields) and not screen.state else ""
            text = offered or (screen.fields[done].value if done < len(screen.fields) else "") if text is None else text
        elif text is None:
            text = screen.value or offered if screen.kind == "line" else ""
        self.filling = True
        self.buffer.set_document(Document(text, len(text)))
        self.filling = False
        self.state.suggested = self.state.mode == MAIN and bool(text) and text == offered

    def insert(self, text: str) -> None:
        """A text at the cursor; a suggestion that nobody touched makes room for it."""
        if self.state.suggested:
            self.buffer.set_document(Document("", 0))
        self.buffer.insert_text(text)

    def paste(self, text: str) -> None:
        """What was pasted, in one line. On a list it is no key, and chooses nothing."""
        line, lines = joined(text)
        if not self.state.wants_line:
            self.keys.stray(line)
            return
        again = self.state.note == JOINED
        self.insert(line)
        if lines > 1 or again:
            self.state.note = JOINED

    def _edited(self, _: Buffer) -> None:
        if not self.filling:
            self.keys.typed()

    def _typing(self) -> bool:
        """Whether a text that comes at once is one: a search is typed ahead of, and its Enter goes on to the next page."""
        return self.state.wants_line and self.state.mode != FILTER

    def show(self, state: State) -> None:
        self.state = state

    def over(self) -> None:
        self.application.exit()

    def stop(self) -> None:
        self.application.exit(exception=KeyboardInterrupt())

    # -- drawing ---------------------------------------------------------------------------------------

    def _draw(self) -> Picture:
        size = self.output.get_size()
        self.picture = draw(self.state, max(10, size.columns), max(3, size.rows), self.glyphs, self.line)
        return self.picture

    def _above(self) -> StyleAndTextTuples:
        return _flat(self._draw().above)

    def _below(self) -> StyleAndTextTuples:
        return _flat(self.picture.below)

    def _layout(self) -> Layout:
        typing = Condition(lambda: self.state.wants_line)
        reading = FormattedTextControl(self._above, focusable=True, show_cursor=False, get_cursor_position=lambda: Point(0, 0))
        self.above = Window(reading, height=self._above_height, wrap_lines=False, always_hide_cursor=True)
        prompt = FormattedTextControl(lambda: self.picture.prompt or "")
        self.input = Window(_Typed(buffer=self.buffer), height=self._rows_typed, wrap_lines=False)
        line = VSplit([Window(prompt, width=lambda: cells(self.picture.prompt or ""), height=self._rows_typed), self.input])
        below = Window(FormattedTextControl(self._below), wrap_lines=False)
        return Layout(HSplit([self.above, ConditionalContainer(line, typing), below]), focused_element=self.above)

    def _rows_typed(self) -> int:
        """How many rows the input line takes; what stands before it is as high."""
        return max(1, self.picture.typing)

    def _above_height(self) -> int:
        return len(self._draw().above)

    def focus(self) -> None:
        """The keyboard goes to the input line where there is one."""
        self.application.layout.focus(self.input if self.state.wants_line else self.above)

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        for keys, action, typing in self.keys.table():
            self._bind(bindings, keys, action, typing)
        self._bind(bindings, ("c-z",), lambda: self._suspend(True), None)
        typing_now = Condition(lambda: self.state.wants_line)
        bindings.add(Names.BracketedPaste, eager=True)(lambda event: self.paste(event.data))
        bindings.add(Names.Any, filter=typing_now)(lambda event: self.insert(event.data))
        bindings.add(Names.Any, filter=~typing_now)(lambda event: self.keys.stray(event.data))
        return bindings

    def _bind(self, bindings: KeyBindings, keys: tuple[str, ...], action: Callable[[], None], typing: bool | None) -> None:
        """One action on its keys; `typing` False where the key is a letter of the answer while one is typed."""
        wanted = Condition(lambda: typing is None or self.state.wants_line == typing)

        def handler(event: KeyPressEvent) -> None:
            action()
            if not self.interview.over:
                self.focus()

        for key in keys:
            bindings.add(*key.split(" "), filter=wanted, eager=True)(handler)


def _flat(lines: list[Line]) -> StyleAndTextTuples:
    found: StyleAndTextTuples = []
    for number, line in enumerate(lines):
        if number:
            found.append(("", "\n"))
        found.extend((style, drawable(text)) for style, text in line)
    return found


class _Typed(BufferControl):
    """The input line over as many rows as it needs, broken between words."""

    def create_content(self, width: int, height: int, preview_search: bool = False) -> UIContent:
        rows = typed_rows(self.buffer.text, width)
        row, before = 0, self.buffer.cursor_position
        while row < len(rows) - 1 and before >= len(rows[row]):
            before -= len(rows[row])
            row += 1
        return UIContent(
            get_line=lambda number: [("", drawable(rows[number]))],
            line_count=len(rows),
            cursor_position=Point(x=len(drawable(rows[row][:before])), y=row),
        )
