"""Transactions of a run, repeated until they are committed."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from longshore.database import DatabaseAway
from longshore.engine.checkpointer import Checkpointer
from longshore.engine.repetition import away_when_stopping, repeated
from longshore.errors import RetryableError
from longshore.imports import CheckpointMoved
from longshore.observations import ChunkRetried, Observer


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
        started = 0.0
        may_be_in = False

        def attempt() -> None:
            nonlocal started
            if may_be_in and self.checkpointer.has_committed():
                return
            started = time.monotonic()
            transaction()

        def retry(error: RetryableError, seconds: float) -> None:
            nonlocal may_be_in
            may_be_in = isinstance(error, DatabaseAway | CheckpointMoved)
            self.observer.observe(
                ChunkRetried(
                    import_id=self.checkpointer.public_id,
                    first_row=first_row,
                    reason=error.message,
                    seconds=seconds,
                )
            )

        repeated(attempt, is_hopeless=away_when_stopping(self.should_stop), on_retry=retry)
        return time.monotonic() - started
