"""How many requests wait for what becomes of others, which costs each a connection."""

from collections.abc import Iterator
from contextlib import contextmanager

_PLACES = 256


class WaitingRoom:
    """The places of one process; used in its event loop alone."""

    def __init__(self, places: int = _PLACES) -> None:
        self._free = places

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Have a place within the block; False: there is none left."""
        has_place = self._free > 0
        if not has_place:
            yield False
            return
        self._free -= 1
        try:
            yield True
        finally:
            self._free += 1
