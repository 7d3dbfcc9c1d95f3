"""Runs taken to their ends by this process: claimed, gone on with, and given back."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from longshore.database import Database
from longshore.errors import LongshoreError
from longshore.identifiers import RunId
from longshore.observations import AttemptFailed, Observer
from longshore.runs.claims import Claims
from longshore.runs.ends import CONSEQUENCES, Completed, End, Failed, Interrupted, Lost, Released
from longshore.runs.kind import RunKind
from longshore.runs.life import read_run, release_run
from longshore.runs.presence import Presence
from longshore.runs.rests import rest_seconds
from longshore.runs.run import ClaimLost, Ending, Run


@dataclass(slots=True)
class _Failures:
    """Of one run in a row, in this process."""

    count: int
    rests_until: float  # of the monotonic clock


class RunDriver:
    """Takes the runs of an installation on, in this process."""

    def __init__(
        self,
        database: Database,
        claims: Claims,
        presence: Presence,
        kinds: Mapping[str, RunKind],
        observer: Observer,
        *,
        on_point: Callable[[str], None] = lambda _point: None,
    ) -> None:
        self._database = database
        self._claims = claims
        self._presence = presence
        self._kinds = kinds
        self._observer = observer
        # Hears the names of moments, for tests that end the process there.
        self._on_point = on_point
        self._failures: dict[RunId, _Failures] = {}

    def run(
        self,
        run_id: RunId,
        *,
        on_progress: Callable[[Any], None] = lambda _done: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Run:
        """Take a run to its end, or until `should_stop`; the run as it is then.

        One that has ended is returned as it is. Raises RunTaken when another process has it,
        RunWaits when older ones come first, and what made an attempt fail.
        """
        self._presence.enter_where_shared()
        with self._claims.claimed(run_id) as run:
            return self.run_claimed(run, on_progress=on_progress, should_stop=should_stop)

    def run_claimed(
        self,
        run: Run,
        *,
        on_progress: Callable[[Any], None] = lambda _done: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Run:
        """As `run`, for one that this process has claimed."""
        kind = self._kinds[run.kind]
        end = _ENDS[run.ending]
        if end is None:
            try:
                end = kind.go_on(run, on_progress=on_progress, should_stop=should_stop)
            except ClaimLost:
                end = Lost()
            except LongshoreError as error:
                # A full disk and the like is not the run's fault: the attempt does not count.
                end = Failed(error, is_counted=False)
            except Exception as error:
                end = Failed(error, is_counted=True)
            except BaseException:
                # Whoever stops the program in the middle of a chunk has asked for it.
                self._follow(run, Released())
                raise
        if isinstance(end, Failed):
            self._follow(run, end)
            raise end.error
        if isinstance(end, Lost):
            # Whoever asked for the run may have stopped it too, and is to be rid of what it leaves.
            end = _ENDS[self._current(run).ending] or end
        self._follow(run, end)
        return self._current(run)

    def gives_way(self, run: Run) -> bool:
        """Whether a run gives way to those of other environments after its turn."""
        return self._kinds[run.kind].gives_way(run)

    def is_resting(self, run_id: RunId) -> bool:
        """Whether a run has failed here a moment ago. The run itself says so too, unless the
        database could not be written to."""
        failures = self._failures.get(run_id)
        return failures is not None and time.monotonic() < failures.rests_until

    def _current(self, run: Run) -> Run:
        with self._database.read() as tx:
            return read_run(tx, run.id)

    def _follow(self, run: Run, end: End) -> None:
        """Do what follows from an end."""
        self._on_point("ending")
        follows = CONSEQUENCES[type(end)]
        rest = 0.0
        if follows.rests:
            assert isinstance(end, Failed), "nothing else has a reason to be told"
            rest = self._note_failure(run, end)
        else:
            self._failures.pop(run.id, None)
        if follows.gives_back:
            self._give_back(run, rest, is_counted=isinstance(end, Failed) and end.is_counted)
        if follows.frees:
            self._claims.announce_freed(run.environment)
            self._kinds[run.kind].after(run)

    def _note_failure(self, run: Run, end: Failed) -> float:
        """For how many seconds a run is to rest that has failed once more."""
        known = self._failures.get(run.id)
        count = 1 if known is None else known.count + 1
        rest = rest_seconds(count)
        self._failures[run.id] = _Failures(count, time.monotonic() + rest)
        public_id = self._database.public_ids.encode(run.id)
        self._observer.observe(
            AttemptFailed(import_id=public_id, attempts=count, reason=end.reason)
        )
        return rest

    def _give_back(self, run: Run, rest: float, *, is_counted: bool) -> None:
        # Where the database is away, others find it when it is silent.
        with suppress(LongshoreError), self._database.write() as tx:
            self._kinds[run.kind].hold(tx, run.id)  # as the heartbeat does, which goes on meanwhile
            until = tx.now() + int(rest * 1000) if rest else None
            if release_run(tx, run.id, run.fence, rests_until=until, is_counted=is_counted):
                self._claims.announce(tx, run, delay_seconds=rest)
                self._on_point("releasing")


# How a run has ended already, by what is stored of it.
_ENDS: Mapping[Ending | None, End | None] = {
    None: None,
    Ending.COMPLETED: Completed(),
    Ending.INTERRUPTED: Interrupted(),
}
