"""The threads of a server, parted by what they wait for, so that nothing keeps the rest waiting.

Writers wait for the lock of the database, uploads for their clients, readers for neither. A pool of
threads for each means that readers go on while all writers wait. Of the uploads one application has
a quarter at most: whoever sends slowly keeps waiting itself, and nobody else.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

Result = TypeVar("Result")

_READERS = 40
_WRITERS = 16


class Pools:
    """How many requests of a kind are worked on at a time; the next ones wait without a thread."""

    def __init__(self, *, uploads_max: int) -> None:
        self._readers = CapacityLimiter(_READERS)
        self._writers = CapacityLimiter(_WRITERS)
        self._uploads = CapacityLimiter(uploads_max)
        self._uploads_per_caller = max(uploads_max // 4, 1)
        self._callers: dict[object, tuple[CapacityLimiter, int]] = {}  # with those who use it

    async def read(self, step: Callable[[], Result]) -> Result:
        """Run what waits for nobody."""
        return await to_thread.run_sync(step, limiter=self._readers)

    async def write(self, step: Callable[[], Result]) -> Result:
        """Run what may wait for other writers."""
        return await to_thread.run_sync(step, limiter=self._writers)

    async def upload(self, caller: object, step: Callable[[], Result]) -> Result:
        """Run what waits for its client; `caller` is the application that it belongs to."""
        async with self._share_of(caller) as share, share:
            return await to_thread.run_sync(step, limiter=self._uploads)

    @asynccontextmanager
    async def _share_of(self, caller: object) -> AsyncIterator[CapacityLimiter]:
        new = CapacityLimiter(self._uploads_per_caller)
        share, users = self._callers.get(caller, (new, 0))
        self._callers[caller] = share, users + 1
        try:
            yield share
        finally:
            share, users = self._callers.pop(caller)
            if users > 1:
                self._callers[caller] = share, users - 1
