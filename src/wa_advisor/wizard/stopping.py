"""Signals that end a run, or lay it aside: the terminal is put back before either.

A signal that ends processes becomes `Stopped`, so that it leaves by the same ways as Ctrl-C: what is half written is
taken away, the lock let go, and who looks at the terminal is told how to go on. Signals that the process was started
to ignore (`nohup`) stay ignored, and what a system has no signal for is left out.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT")


class Stopped(BaseException):
    """A signal that ends processes has come; no `except Exception` on the way out may keep it."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)

    @property
    def exit_code(self) -> int:
        """What a shell would report of a process that the signal ended."""
        return 128 + self.number


@contextmanager
def on_signals(act: Callable[[int], None], *names: str) -> Iterator[None]:
    """While the block runs, these signals are given to `act`, by number; those that were ignored stay so."""
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name in names:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, lambda n, _: act(n))
    try:
        yield
    finally:
        for number, was in before.items():
            signal.signal(number, was)


@contextmanager
def ended_by_signals(act: Callable[[int], None] | None = None) -> Iterator[None]:
    """While the block runs, a signal that ends processes raises Stopped where it comes, or is given to `act`."""
    with on_signals(act or _stop, *_ENDING):
        yield


def _stop(number: int) -> None:
    raise Stopped(number)


class Interrupted:
    """Ctrl-C while modules are loaded, where an exception may be swallowed by who runs the import: it is remembered."""

    def __init__(self) -> None:
        self.asked: BaseException | None = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """While the block runs; what was swallowed in it is raised at its end."""
        hook = sys.unraisablehook
        sys.unraisablehook = lambda found: None if found.exc_value is self.asked else hook(found)
        try:
            with on_signals(self._interrupt, "SIGINT"), ended_by_signals(self._stop):
                yield
        finally:
            sys.unraisablehook = hook
        if self.asked is not None:
            raise self.asked

    def _interrupt(self, number: int) -> None:
        self.asked = KeyboardInterrupt()
        raise self.asked

    def _stop(self, number: int) -> None:
        self.asked = Stopped(number)
        raise self.asked


def can_suspend() -> bool:
    """Whether there is a shell to continue what stops: the first process of a session has none, nor what runs in its group."""
    if not hasattr(signal, "SIGTSTP") or signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN:
        return False
    return os.getpgrp() != os.getsid(0)


def suspend(*, group: bool) -> None:
    """Stops this process (`group`: and all of its job, as Ctrl-Z does) until it is continued."""
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.kill(0 if group else os.getpid(), signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, before)
