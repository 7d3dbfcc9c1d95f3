"""The worker on PostgreSQL: takes a turn for each job that comes, until it is to stop.

The job engine's loop lives in the main thread, an import in another one; both are of one process,
which does nothing else. When the database goes away the loop ends and is begun again, while the
import in hand waits for the database by itself.
"""

import asyncio
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from longshore.jobs.bell import Bell
from longshore.observations import AttemptCrashed, Observer, QueueLost

if TYPE_CHECKING:
    from procrastinate import App

_LOOK_SECONDS = 0.1  # between two looks at the bell
_AGAIN_SECONDS = 0.5  # before the loop is begun again; doubled up to the next
_AGAIN_SECONDS_MAX = 10.0


class QueueWorker:
    """Takes turns until its bell says to stop.

    `take_turn` runs an import that waits to its end, or until what it is given says that it is to
    stop; with nothing to run it returns at once.
    """

    def __init__(
        self,
        *,
        application: "Callable[[Callable[[], None]], App]",  # given what to call for each job
        take_turn: Callable[[Callable[[], bool]], None],
        bell: Bell,
        observer: Observer,
        name: str,
        queues: Sequence[str],
        heartbeat_seconds: float,
        silent_seconds: float,
    ) -> None:
        self._application = application
        self._take_turn = take_turn
        self._bell = bell
        self._observer = observer
        self._name = name
        self._queues = queues
        self._heartbeat_seconds = heartbeat_seconds
        self._silent_seconds = silent_seconds

    def work(self) -> None:
        """Work until the bell says to stop; an import in hand is given back at a chunk's end."""
        pause = _AGAIN_SECONDS
        while not self._bell.is_stopping:
            try:
                asyncio.run(self._serve_until_stopped())
            except Exception as error:
                # Whatever it is, most of all the database being away: the next loop begins anew,
                # and what was under way has left its trace in the database.
                self._observer.observe(QueueLost(reason=_first_line(error), seconds=pause))
                self._bell.wait(pause)
                pause = min(pause * 2, _AGAIN_SECONDS_MAX)
            else:
                pause = _AGAIN_SECONDS

    async def _serve_until_stopped(self) -> None:
        # The bell is listened to while connections are opened too, which are waited for in vain
        # when the database is away.
        serving = asyncio.create_task(self._serve())
        watching = asyncio.create_task(self._watch_bell())
        try:
            await asyncio.wait((serving, watching), return_when=asyncio.FIRST_COMPLETED)
        finally:
            watching.cancel()
        if not serving.done():
            serving.cancel()  # it lets the job in hand end
        try:
            await serving
        except asyncio.CancelledError:
            pass

    async def _serve(self) -> None:
        app = self._application(self._run)
        try:
            await app.open_async()
            await app.run_worker_async(
                name=self._name,
                queues=self._queues,
                install_signal_handlers=False,
                delete_jobs="always",
                fetch_job_polling_interval=self._heartbeat_seconds,
                update_heartbeat_interval=self._heartbeat_seconds,
                stalled_worker_timeout=self._silent_seconds,
            )
        finally:
            # Also where opening was cancelled: a task of the pool that is about to connect takes
            # no notice of a cancellation, and would be waited for without end.
            await app.close_async()

    async def _watch_bell(self) -> None:
        while not self._bell.is_stopping:
            await asyncio.sleep(_LOOK_SECONDS)

    def _run(self) -> None:
        try:
            self._take_turn(lambda: self._bell.stop_is_asked)
        except Exception as error:
            # A bug beside any import: the next job may do better, and nothing is lost.
            self._observer.observe(
                AttemptCrashed(error=repr(error), traceback=traceback.format_exc())
            )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
