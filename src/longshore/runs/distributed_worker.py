"""The worker of a shared database, beside any number of others: takes the runs whose turn it is
when a job wakes it."""

import traceback
from collections.abc import Callable

from longshore.errors import LongshoreError, RetryableError
from longshore.jobs import Bell, QueueWorker, queue_of, worker_application
from longshore.observations import AttemptCrashed, Observer
from longshore.runs.claims import DistributedClaims
from longshore.runs.driver import RunDriver
from longshore.runs.turns import Turn
from longshore.settings import Settings


class DistributedWorker:
    """Works until its bell says to stop; `name` is that of its process."""

    def __init__(
        self,
        settings: Settings,
        claims: DistributedClaims,
        driver: RunDriver,
        *,
        name: str,
        tidy: Callable[[], None],
        observer: Observer,
    ) -> None:
        self._settings = settings
        self._claims = claims
        self._driver = driver
        self._name = name
        self._tidy = tidy
        self._observer = observer

    def work(self, bell: Bell) -> None:
        """Work until the bell says to stop."""
        queues = [queue_of(kind) for kind in self._claims.kinds]
        QueueWorker(
            application=lambda run: worker_application(
                self._settings.database_url,
                application_name=self._name,
                tidied_in=queues[0],
                run=run,
                tidy=self._tidy,
            ),
            take_turn=self._take_turns,
            bell=bell,
            observer=self._observer,
            name=self._name,
            queues=queues,
            heartbeat_seconds=self._settings.heartbeat_seconds,
            silent_seconds=self._settings.takeover_seconds,
        ).work()

    def _take_turns(self, is_stopping: Callable[[], bool]) -> None:
        """Take the runs whose turn it is, one after the other; of those that are faster elsewhere,
        none.

        One that ends lets the next one of its tables begin, for which no job needs to come.
        """
        while not is_stopping() and self._has_run_one(is_stopping):
            pass

    def _has_run_one(self, is_stopping: Callable[[], bool]) -> bool:
        """Whether another one may be looked for."""
        has_claimed = False
        try:
            with self._claims.claimed_next() as run:
                if run is None:
                    return False
                has_claimed = True
                turn = Turn(
                    is_stopping=is_stopping,
                    waits_elsewhere=lambda: (
                        self._driver.gives_way(run)
                        and self._claims.waits_elsewhere(run.environment)
                    ),
                )
                self._driver.run_claimed(run, should_stop=turn.is_over)
        except LongshoreError as error:
            # A run that failed was given back, rests, and was observed; others may do better.
            # Where the database is away, the sweeper finds what waits when it is back.
            return has_claimed and not isinstance(error, RetryableError)
        except Exception as error:
            self._observer.observe(
                AttemptCrashed(error=repr(error), traceback=traceback.format_exc())
            )
            return False
        return True
