"""What Ctrl-C (SIGINT) and SIGTERM do to a command that works on rows.

- While a source is read nothing is applied, so both stop it at the next block.
- While an import runs they stop it after the chunk in hand. Ctrl-C means "I do not want this":
  the import is interrupted, as by `longshore interrupt`. SIGTERM means "this process must go":
  the import stays open, and `longshore resume` goes on where it stopped.
- A second signal stops at once; the chunk in hand is rolled back and the import stays open.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

__all__ = ["ReadableWhileStopping", "StopRequested", "Stops", "watch_for_stops"]


_STANDARD_ERROR = 2


class StopRequested(BaseException):
    """Someone asked the process to stop; like KeyboardInterrupt no ordinary handler takes it."""


class _Binary(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Stops:
    """The signals that came in while `watch_for_stops` watched."""

    def __init__(self) -> None:
        self.asked: signal.Signals | None = None  # the first one
        self._at_once = False  # whether a first signal already stops at once

    @property
    def is_asked(self) -> bool:
        """Whether the process is to stop as soon as nothing is half done."""
        return self.asked is not None

    @property
    def is_interruption(self) -> bool:
        """Whether the import is to be interrupted, and not only left for later."""
        return self.asked is signal.SIGINT

    def check(self) -> None:
        """Raise StopRequested if a signal came in; called where nothing is half done."""
        if self.asked is not None:
            raise StopRequested

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Within the block a signal raises StopRequested wherever the process is."""
        self._at_once = True
        try:
            self.check()
            yield
        finally:
            self._at_once = False

    def receive(self, number: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        again = self.asked is not None
        if not again:
            self.asked = signal.Signals(number)
        if again or self._at_once:
            raise StopRequested
        # Not print: the signal may have come in the middle of one.
        os.write(_STANDARD_ERROR, b"\nstopping after the rows in hand; once more stops at once\n")


@contextmanager
def watch_for_stops() -> Iterator[Stops]:
    """Take SIGINT and SIGTERM over for as long as the block lasts."""
    stops = Stops()
    before = {
        number: signal.signal(number, stops.receive) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stops
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class ReadableWhileStopping:
    """A stream whose reads a signal cuts short: someone may never type the rest.

    Python goes on with an interrupted read when the handler returns (PEP 475).
    """

    def __init__(self, stream: _Binary, stops: Stops) -> None:
        self._stream = stream
        self._stops = stops

    def read(self, size: int = -1, /) -> bytes:
        """Read from the stream."""
        with self._stops.at_once():
            return self._stream.read(size)
