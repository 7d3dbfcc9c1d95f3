"""Python's cyclic collector, kept out of the loop over rows.

A chunk makes some hundred thousand objects that live until its end. The collector walks over them
again and again and finds nothing: a tenth to a fifth of an import's time. So it rests while chunks
are worked on, and is called between them, when what a chunk held together in circles is free.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_CHUNKS = 8  # between two collections


class Collector:
    """Collects every few chunks."""

    def __init__(self) -> None:
        self._chunks = 0

    def after_chunk(self) -> None:
        self._chunks += 1
        if self._chunks % _CHUNKS == 0:
            gc.collect(1)


@contextmanager
def resting_collector() -> Iterator[Collector]:
    """Let the collector rest; nested or unwanted (`gc.disable`) it stays as it was."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield Collector()
    finally:
        if was_enabled:
            gc.enable()
