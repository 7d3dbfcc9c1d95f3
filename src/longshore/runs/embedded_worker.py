"""The worker of a data folder: runs what waits, one run at a time, environments in turn."""

import time
import traceback
from collections.abc import Callable, Sequence
from typing import Protocol

from longshore.errors import LongshoreError
from longshore.identifiers import RunId
from longshore.jobs import Bell
from longshore.observations import AttemptCrashed, Observer
from longshore.runs.run import Run
from longshore.runs.turns import Turn, next_in_turn

# How long an idle worker sleeps: a run that another program left is found after this.
_LOOK_SECONDS = 1.0
TIDY_SECONDS = 600.0


class Drives(Protocol):
    """Whoever takes runs on (`driver.RunDriver`)."""

    def run(self, run_id: RunId, *, should_stop: Callable[[], bool]) -> object:
        """Take a run to its end, or until `should_stop`, which is asked after each chunk."""

    def gives_way(self, run: Run) -> bool:
        """Whether it gives way to runs of other environments after its turn."""

    def is_resting(self, run_id: RunId) -> bool:
        """Whether it failed a moment ago."""


class EmbeddedWorker:
    """Works until its bell says to stop.

    `waiting` gives the runs that nobody has, in the order in which they are to be run. `tidy`
    removes what nobody needs any more; it is called at the beginning and now and then.
    """

    def __init__(
        self,
        *,
        waiting: Callable[[], Sequence[Run]],
        driver: Drives,
        tidy: Callable[[], None],
        observer: Observer,
        tidy_seconds: float = TIDY_SECONDS,
    ) -> None:
        self._all_waiting = waiting
        self._driver = driver
        self._tidy = tidy
        self._observer = observer
        self._tidy_seconds = tidy_seconds
        self._tidies_at = time.monotonic()
        self._served = 0  # environment whose turn was last

    def work(self, bell: Bell) -> None:
        """Work until the bell says to stop; raises what `waiting` raises."""
        while not bell.is_stopping:
            if time.monotonic() >= self._tidies_at:
                self._tidy()
                self._tidies_at = time.monotonic() + self._tidy_seconds
            chosen = next_in_turn(self._waiting(), served=self._served)
            if chosen is None:
                bell.wait(_LOOK_SECONDS)
                continue
            self._served = chosen.environment
            self._take_turn(chosen, bell)

    def _take_turn(self, chosen: Run, bell: Bell) -> None:
        turn = Turn(
            is_stopping=lambda: bell.is_stopping,
            waits_elsewhere=lambda: (
                self._driver.gives_way(chosen)
                and any(each.environment != chosen.environment for each in self._waiting())
            ),
        )
        try:
            self._driver.run(chosen.id, should_stop=turn.is_over)
        except LongshoreError:
            pass  # somebody was faster; or it was given back, rests, and was observed
        except Exception as error:
            # A bug, met by what this run does. The worker goes on with the others; this one is
            # interrupted when it has failed so often as the settings allow.
            self._observer.observe(
                AttemptCrashed(error=repr(error), traceback=traceback.format_exc())
            )

    def _waiting(self) -> list[Run]:
        return [each for each in self._all_waiting() if not self._driver.is_resting(each.id)]
