"""Who guesses secrets waits: wrong tries are counted in memory, for whoever sends them and for what
they are about.

A try counts from its beginning until it is known to be right, so that many at once are no way
around the limit. Each process counts for itself. Memory is bounded: beyond `_COUNTED_MAX` names,
the one that was counted longest ago is forgotten.
"""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

TRIES_MAX = 5
TRIES_SECONDS = 60

_COUNTED_MAX = 20_000


class SignInTries:
    """Counts wrong tries; threads may share it."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, names: Sequence[str]) -> int:
        """Count a try for all of these names; 0: it may be made. Otherwise nothing was counted, and
        the next one may be made after so many seconds."""
        now = self._now()
        with self._lock:
            all_tries = [self._of(name, now) for name in names]
            full = [tries[0] for tries in all_tries if len(tries) >= TRIES_MAX]
            if full:
                return max(1, math.ceil(max(full) + TRIES_SECONDS - now))
            for tries in all_tries:
                tries.append(now)
        return 0

    def forgive(self, names: Sequence[str]) -> None:
        """Forget the last try of these names: it was right."""
        with self._lock:
            for name in names:
                if tries := self._tries.get(name):
                    tries.pop()

    def _of(self, name: str, now: float) -> deque[float]:
        """The tries of a name within the last minute, oldest first."""
        tries = self._tries.setdefault(name, deque())
        self._tries.move_to_end(name)
        if len(self._tries) > _COUNTED_MAX:
            self._tries.popitem(last=False)
        while tries and tries[0] <= now - TRIES_SECONDS:
            tries.popleft()
        return tries
