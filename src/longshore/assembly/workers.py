"""The two workers: the embedded one, and the one that the job engine wakes."""

import time
import traceback
from collections.abc import Callable

from longshore.assembly.claims import DistributedClaims
from longshore.assembly.cleanup import Cleanup
from longshore.assembly.parts import Parts
from longshore.assembly.runs import Runs
from longshore.errors import LongshoreError, RequestRefused
from longshore.identifiers import ImportId
from longshore.imports import ImportUnreadable, ImportWaits, unfinished
from longshore.jobs import (
    Bell,
    ImportRunning,
    QueueWorker,
    WaitingImport,
    Worker,
    is_running,
    worker_application,
)
from longshore.observations import AttemptCrashed, Observer, TidyingFailed

# An import that runs gives way after so long when another environment waits.
_TURN_SECONDS = 2.0


def make_worker(parts: Parts, runs: Runs, cleanup: Cleanup) -> "EmbeddedWorker | DistributedWorker":
    """The worker that fits the database, working in this process."""
    if isinstance(parts.claims, DistributedClaims):
        return DistributedWorker(parts, parts.claims, runs, cleanup)
    return EmbeddedWorker(parts, runs, cleanup)


class EmbeddedWorker:
    """Runs what waits in a data folder, of which it is the only worker or one of a few."""

    def __init__(self, parts: Parts, runs: Runs, cleanup: Cleanup) -> None:
        self._parts = parts
        self._runs = runs
        self._cleanup = cleanup

    def work(self, bell: Bell) -> None:
        """Work until the bell says to stop."""
        Worker(
            waiting=self._waiting,
            run=self._run,
            tidy=lambda: _tidy(self._cleanup, self._parts.observer),
            bell=bell,
            observer=self._parts.observer,
        ).work()

    def _waiting(self) -> list[WaitingImport]:
        with self._parts.database.read() as tx:
            unblocked = unfinished(tx, only_unblocked=True)
        encode = self._parts.public_ids.encode
        return [
            WaitingImport(each.id, each.environment, encode(each.id))
            for each in unblocked
            if not is_running(self._parts.settings.data, each.id)
        ]

    def _run(self, id: ImportId, should_stop: Callable[[], bool]) -> None:
        try:
            self._runs.run(id, should_stop=should_stop)
        except RequestRefused as error:
            # Somebody who was faster may run it already.
            if not isinstance(error.__cause__, ImportRunning | ImportWaits):
                raise


class DistributedWorker:
    """Runs what waits in a shared database, beside any number of others."""

    def __init__(
        self, parts: Parts, claims: DistributedClaims, runs: Runs, cleanup: Cleanup
    ) -> None:
        self._parts = parts
        self._claims = claims
        self._runs = runs
        self._cleanup = cleanup

    def work(self, bell: Bell) -> None:
        """Work until the bell says to stop."""
        settings, observer = self._parts.settings, self._parts.observer
        QueueWorker(
            application=lambda run: worker_application(
                settings.database_url,
                application_name=self._parts.name,
                run=run,
                tidy=lambda: _tidy(self._cleanup, observer),
            ),
            take_turn=self._take_turn,
            bell=bell,
            observer=observer,
            name=self._parts.name,
            heartbeat_seconds=settings.heartbeat_seconds,
            silent_seconds=settings.takeover_seconds,
        ).work()

    def _take_turn(self, is_stopping: Callable[[], bool]) -> None:
        """Run the imports whose turn it is, one after the other; of those that are faster
        elsewhere, none.

        One that ends lets the next one of its tables begin, for which no job needs to come.
        """
        while not is_stopping() and self._has_run_one(is_stopping):
            pass

    def _has_run_one(self, is_stopping: Callable[[], bool]) -> bool:
        """Whether another one may be looked for."""
        looked_at = time.monotonic()

        def should_stop(environment: int) -> bool:
            nonlocal looked_at
            if is_stopping():
                return True
            if time.monotonic() - looked_at < _TURN_SECONDS:
                return False
            looked_at = time.monotonic()
            return self._claims.waits_elsewhere(environment)

        try:
            with self._claims.claimed_next() as import_:
                if import_ is None:
                    return False
                environment = import_.environment
                self._runs.run_claimed(import_, should_stop=lambda: should_stop(environment))
        except ImportUnreadable:
            return True  # it rests, and was observed
        except LongshoreError:
            # It was given back, and observed; or the database is away, and the sweeper finds what
            # waits when it is back.
            return False
        except Exception as error:
            self._parts.observer.observe(
                AttemptCrashed(error=repr(error), traceback=traceback.format_exc())
            )
            return False
        return True


def _tidy(cleanup: Cleanup, observer: Observer) -> None:
    """Tidy as far as it goes: what fails in it is told, and never ends a worker."""
    try:
        cleanup.tidy()
    except (LongshoreError, OSError) as error:
        observer.observe(TidyingFailed(reason=str(error)))  # the next time comes soon
