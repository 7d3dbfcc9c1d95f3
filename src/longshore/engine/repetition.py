"""What is only busy or away passes by: a piece of work is repeated until it is done."""

import time
from collections.abc import Callable
from typing import TypeVar

from longshore.database import DatabaseAway
from longshore.errors import RetryableError

_WAIT_SECONDS = 0.05  # before the first repetition; doubled up to the next
_WAIT_SECONDS_MAX = 5.0

Done = TypeVar("Done")


def repeated(
    attempt: Callable[[], Done],
    *,
    is_hopeless: Callable[[RetryableError], bool],
    on_retry: Callable[[RetryableError, float], None] = lambda _error, _seconds: None,
) -> Done:
    """What an attempt returns that ends well; between two of them the process waits, longer each
    time.

    `on_retry` hears why another one is needed, and how many seconds are waited for it. Raises what
    no repetition mends, and what `is_hopeless`.
    """
    seconds = _WAIT_SECONDS
    while True:
        try:
            return attempt()
        except RetryableError as error:
            if is_hopeless(error):
                raise
            on_retry(error, seconds)
            time.sleep(seconds)
            seconds = min(seconds * 2, _WAIT_SECONDS_MAX)


def away_when_stopping(should_stop: Callable[[], bool]) -> Callable[[RetryableError], bool]:
    """Whether the database is away while the process is to stop: nobody knows when it comes back,
    and somebody else may go on then."""
    return lambda error: should_stop() and isinstance(error, DatabaseAway)
