"""What Ctrl-C (SIGINT), SIGTERM and SIGHUP do to a command that works on rows.

- While a source is read nothing is applied, so each stops it at the next block.
- While an import runs they stop it after the chunk in hand. Ctrl-C means "I do not want this":
  the import is interrupted, as by `longshore interrupt`. SIGTERM means "this process must go":
  the import stays open, and `longshore resume` goes on where it stopped. SIGHUP, which a terminal
  sends when it is closed, means the same; a process that was started with `nohup` ignores it.
- A second signal stops at once; the chunk in hand is rolled back and the import stays open. A
  second SIGHUP does not: the shell and the terminal send one each.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = [
    "ReadableWhileStopping",
    "StopRequested",
    "Stops",
    "interruptible",
    "silence",
    "stop_signals",
    "watch_for_stops",
]

_STANDARD_ERROR = 2


class StopRequested(BaseException):
    """Someone asked the process to stop; like KeyboardInterrupt no ordinary handler takes it."""


class Stops:
    """The signals that came in while `watch_for_stops` watched."""

    def __init__(self, woken: int) -> None:
        self.asked: signal.Signals | None = None  # the first one
        self.woken = woken  # a file descriptor that can be read once a signal came in

    @property
    def is_asked(self) -> bool:
        """Whether the process is to stop as soon as nothing is half done."""
        return self.asked is not None

    @property
    def is_interruption(self) -> bool:
        """Whether the import is to be interrupted, and not only left for later."""
        return self.asked is signal.SIGINT

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or as soon as a signal comes in."""
        if self.asked is None:
            select.select([self.woken], [], [], seconds)

    def check(self) -> None:
        """Raise StopRequested if a signal came in; called where nothing is half done."""
        if self.asked is not None:
            raise StopRequested

    def receive(self, number: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        if self.asked is not None:
            if number == signal.SIGHUP:
                return
            raise StopRequested
        self.asked = signal.Signals(number)
        words = b"\nstopping after the rows in hand; once more stops at once\n"
        try:
            # Not print: the signal may have come in the middle of one.
            os.write(_STANDARD_ERROR, words)
        except OSError:
            # The terminal is gone; what is said from here on must not end the command early.
            silence(sys.stdout.fileno(), sys.stderr.fileno())


def stop_signals() -> list[signal.Signals]:
    """The signals that ask this process to stop; not a SIGHUP that `nohup` has it ignore."""
    asked = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        asked.append(signal.SIGHUP)
    return asked


def silence(*descriptors: int) -> None:
    """Send what is still written to these file descriptors nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in descriptors:
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt for as long as the block lasts, so that what is half
    done is put in order."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def watch_for_stops() -> Iterator[Stops]:
    """Take the signals that ask to stop over for as long as the block lasts."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    stops = Stops(woken)
    wake_before = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    before = {number: signal.signal(number, stops.receive) for number in stop_signals()}
    try:
        yield stops
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wake_before)
        os.close(wake)
        os.close(woken)


class ReadableWhileStopping:
    """A file descriptor to read from until a signal comes in: someone may never type the rest.

    A plain read would go on when the handler has returned (PEP 475), and would miss a signal that
    comes just before it blocks.
    """

    def __init__(self, descriptor: int, stops: Stops) -> None:
        self._descriptor = descriptor
        self._stops = stops

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, none at the end; raises StopRequested."""
        select.select([self._descriptor, self._stops.woken], [], [])
        self._stops.check()
        return os.read(self._descriptor, size)
