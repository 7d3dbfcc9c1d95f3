"""The worker: runs what waits, one import at a time, environments in turn.

It decides whose turn it is and for how long. An import that runs gives way at the end of a chunk
when its turn is over and another environment waits; it then goes on in its next turn. So a
million rows of one organization do not keep the others waiting.
"""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from longshore.errors import LongshoreError
from longshore.identifiers import ImportId
from longshore.jobs.bell import Bell
from longshore.observations import AttemptCrashed, AttemptFailed, Observer

# How long an idle worker sleeps: an import that another program left is found after this.
_LOOK_SECONDS = 1.0
_TURN_SECONDS = 2.0

_TIDY_SECONDS = 600.0

# An import that could not be run rests, so that it does not take all the turns.
_REST_SECONDS = 1.0  # after the first failure; doubled up to the next
_REST_SECONDS_MAX = 60.0


@dataclass(frozen=True, slots=True)
class WaitingImport:
    """An import that nobody runs."""

    id: ImportId
    environment: int
    public_id: str


@dataclass(slots=True)
class _Failure:
    count: int
    rests_until: float  # of the monotonic clock


class Worker:
    """Runs what waits until its bell says to stop.

    `waiting` gives what waits, in the order in which it is to be run. `run` runs one of them to
    its end, or until what it is given says that it is to stop, which is asked after each chunk.
    `tidy` removes what nobody needs any more; it is called at the beginning and now and then.
    """

    def __init__(
        self,
        *,
        waiting: Callable[[], Sequence[WaitingImport]],
        run: Callable[[ImportId, Callable[[], bool]], None],
        tidy: Callable[[], None],
        bell: Bell,
        observer: Observer,
        tidy_seconds: float = _TIDY_SECONDS,
    ) -> None:
        self._waiting = waiting
        self._run = run
        self._tidy = tidy
        self._tidy_seconds = tidy_seconds
        self._tidies_at = time.monotonic()
        self._bell = bell
        self._observer = observer
        self._served = 0  # environment whose turn was last
        self._failures: dict[ImportId, _Failure] = {}

    def work(self) -> None:
        """Work until the bell says to stop; raises what `waiting` raises."""
        while not self._bell.is_stopping:
            if time.monotonic() >= self._tidies_at:
                self._tidy()
                self._tidies_at = time.monotonic() + self._tidy_seconds
            waiting = self._waiting()
            self._forget_failures(waiting)
            next_ = self._next(waiting)
            if next_ is None:
                self._bell.wait(_LOOK_SECONDS)
                continue
            self._served = next_.environment
            self._take_turn(next_)

    def _next(self, waiting: Sequence[WaitingImport]) -> WaitingImport | None:
        """The first one of the environment whose turn it is."""
        first: dict[int, WaitingImport] = {}
        for each in waiting:
            if not self._rests(each):
                first.setdefault(each.environment, each)
        if not first:
            return None
        # In the order of their numbers, and after the last one the first again.
        turn = min(first, key=lambda environment: (environment <= self._served, environment))
        return first[turn]

    def _take_turn(self, import_: WaitingImport) -> None:
        looked_at = time.monotonic()

        def should_stop() -> bool:
            nonlocal looked_at
            if self._bell.is_stopping:
                return True
            if time.monotonic() - looked_at < _TURN_SECONDS:
                return False
            looked_at = time.monotonic()
            return any(
                each.environment != import_.environment and not self._rests(each)
                for each in self._waiting()
            )

        try:
            self._run(import_.id, should_stop)
        except LongshoreError as error:
            self._note_failure(import_, error.message)
        except Exception as error:
            # A bug, met by this import's rows. The worker goes on with the others; this one is
            # interrupted when it has failed so often as the settings allow.
            self._observer.observe(
                AttemptCrashed(error=repr(error), traceback=traceback.format_exc())
            )
            self._note_failure(import_, f"{type(error).__name__}: {error}")
        else:
            self._failures.pop(import_.id, None)

    def _rests(self, import_: WaitingImport) -> bool:
        failure = self._failures.get(import_.id)
        return failure is not None and time.monotonic() < failure.rests_until

    def _note_failure(self, import_: WaitingImport, reason: str) -> None:
        known = self._failures.get(import_.id)
        count = known.count + 1 if known else 1
        rest = min(_REST_SECONDS * 2 ** min(count - 1, 10), _REST_SECONDS_MAX)
        self._failures[import_.id] = _Failure(count, time.monotonic() + rest)
        self._observer.observe(
            AttemptFailed(import_id=import_.public_id, attempts=count, reason=reason)
        )

    def _forget_failures(self, waiting: Sequence[WaitingImport]) -> None:
        """Keep what is known of imports that still wait only."""
        if self._failures:
            ids = {each.id for each in waiting}
            self._failures = {id: each for id, each in self._failures.items() if id in ids}
