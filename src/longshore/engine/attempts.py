"""Transactions of a run, repeated until they are committed."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from longshore.database import DatabaseAway
from longshore.engine.checkpointer import Checkpointer
from longshore.errors import RetryableError
from longshore.imports import CheckpointMoved
from longshore.observations import ChunkRetried, Observer

_RETRY_SECONDS = 0.05  # before the first repetition; doubled up to the next
_RETRY_SECONDS_MAX = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Commits rows whatever comes in between: what is only busy or away passes by."""

    checkpointer: Checkpointer
    observer: Observer
    should_stop: Callable[[], bool]

    def commit(self, first_row: int, transaction: Callable[[], None]) -> float:
        """Return when a transaction of the rows from `first_row` on is committed; the seconds that
        it took in the end.

        Raises what no repetition mends, StatementRefused among it.
        """
        wait_seconds = _RETRY_SECONDS
        while True:
            started = time.monotonic()
            try:
                transaction()
                return time.monotonic() - started
            except RetryableError as error:
                if self.should_stop() and isinstance(error, DatabaseAway):
                    # Nobody knows when it comes back, and somebody else may go on then.
                    raise
                self.observer.observe(
                    ChunkRetried(
                        import_id=self.checkpointer.public_id,
                        first_row=first_row,
                        reason=error.message,
                        seconds=wait_seconds,
                    )
                )
                time.sleep(wait_seconds)
                wait_seconds = min(wait_seconds * 2, _RETRY_SECONDS_MAX)
                may_be_in = isinstance(error, DatabaseAway | CheckpointMoved)
                if may_be_in and self.checkpointer.has_committed():
                    return time.monotonic() - started
