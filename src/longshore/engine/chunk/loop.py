"""The loop over the rows of a source, one for all who go through them.

Who drives it says what is done with a chunk and what follows from its end: an import commits it, a
dry run keeps it in its picture.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeAlias

from longshore.engine.chunk.ahead import ahead
from longshore.engine.chunk.candidates import Candidates, RowConverter
from longshore.engine.chunk.collector import resting_collector
from longshore.readers import Rows

# Takes a chunk from the head of rows, and says how many rows it had; None: it was the last one.
Step: TypeAlias = Callable[[Rows, Candidates], int | None]


def go_through(
    pieces: Iterator[Rows],
    convert: RowConverter,
    step: Step,
    *,
    reads_ahead: bool,
) -> bool:
    """Take chunk after chunk from the rows of a source; whether the rows came to their end.

    `pieces` are these rows, each converted as a whole and taken in one chunk if it can be.
    `reads_ahead` converts the next rows in a thread while a step waits for its database.
    """
    converting = ((rows, convert(rows.values)) for rows in pieces)
    converted = ahead(converting) if reads_ahead else converting
    with resting_collector() as collector, closing(converted):
        for rows, candidates in converted:
            while rows:
                consumed = step(rows, candidates)
                collector.after_chunk()
                if consumed is None:
                    return False
                rows = rows.slice(consumed, len(rows))
                candidates = candidates.slice(consumed, len(candidates))
    return True
