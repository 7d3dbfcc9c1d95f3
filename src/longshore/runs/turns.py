"""Turns: runs of several environments share a worker, one after the other.

A run gives way at the end of a chunk when its turn is over and another environment waits; it then
goes on in its next turn. So a million rows of one organization do not keep the others waiting.
"""

import time
from collections.abc import Callable, Sequence

from longshore.runs.run import Run

_TURN_SECONDS = 2.0


class Turn:
    """The turn of one run, from now on."""

    def __init__(
        self, *, is_stopping: Callable[[], bool], waits_elsewhere: Callable[[], bool]
    ) -> None:
        self._is_stopping = is_stopping
        self._waits_elsewhere = waits_elsewhere  # whether another environment waits
        self._looked_at = time.monotonic()

    def is_over(self) -> bool:
        """Whether the run is to be given back now; asked after each chunk."""
        if self._is_stopping():
            return True
        if time.monotonic() - self._looked_at < _TURN_SECONDS:
            return False
        self._looked_at = time.monotonic()
        return self._waits_elsewhere()


def next_in_turn(waiting: Sequence[Run], *, served: int) -> Run | None:
    """The first run of the environment whose turn it is, behind the one that was served last: in
    the order of their numbers, and after the last one the first again."""
    first: dict[int, Run] = {}
    for each in waiting:
        first.setdefault(each.environment, each)
    if not first:
        return None
    return first[min(first, key=lambda environment: (environment <= served, environment))]
