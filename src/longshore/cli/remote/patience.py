"""Waiting for a server that cannot answer at the moment, without becoming deaf to Ctrl-C."""

from __future__ import annotations

import select
import time

from longshore.cli.messages import say
from longshore.cli.remote.refusals import ServerUnanswered
from longshore.cli.stops import Stops

__all__ = ["Patience", "pause"]

# So long a server may be away: a restart takes seconds, and imports go on after it.
_AWAY_SECONDS = 120.0
_AWAY_SECONDS_WHEN_STOPPING = 5.0
_FIRST_SECONDS = 0.5
_LONGEST_SECONDS = 10.0
# Whoever counts requests lets the next one in after an hour at the latest.
_THROTTLED_SECONDS_MAX = 3600.0
_SAID_SECONDS = 3.0  # a shorter wait is not worth a line


def pause(stops: Stops, seconds: float) -> None:
    """Let time go by; a signal ends it early and raises StopRequested."""
    if stops.is_asked:
        time.sleep(seconds)  # the signal that would end it has been
        return
    select.select([stops.woken], [], [], seconds)
    stops.check()


class Patience:
    """How long one request is tried again."""

    def __init__(self, stops: Stops) -> None:
        self._stops = stops
        self._is_stopping = stops.is_asked  # then it is a request of the command's end
        self._began = time.monotonic()
        self._next_seconds = _FIRST_SECONDS
        self._has_said = False

    def bear(self, error: ServerUnanswered) -> None:
        """Wait before the next try.

        Raises the error when there was enough of them, StopRequested when a signal has come.
        """
        if not self._is_stopping:
            self._stops.check()
        seconds = error.retry_seconds
        if seconds is None:
            seconds = self._next_seconds
            self._next_seconds = min(seconds * 2, _LONGEST_SECONDS)
        away = _AWAY_SECONDS_WHEN_STOPPING if self._is_stopping else _AWAY_SECONDS
        if error.is_throttled and not self._is_stopping:
            away = _THROTTLED_SECONDS_MAX
        waited = time.monotonic() - self._began
        if waited + seconds > away:
            raise error
        if not self._has_said and waited + seconds > _SAID_SECONDS:
            say(f"waiting: {error.message}")
            self._has_said = True
        pause(self._stops, seconds)
