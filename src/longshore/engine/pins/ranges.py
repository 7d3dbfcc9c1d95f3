"""The ranges of rows that are pinned: always the same rows, whoever goes through a source."""

from bisect import bisect_right
from collections.abc import Iterator

from longshore.readers import Rows

RANGE_ROWS = 1000  # for ever: stored pins are of such ranges


def cut_ranges(
    batches: Iterator[Rows], bytes_max: int, *, range_rows: int = RANGE_ROWS
) -> Iterator[Rows]:
    """The rows of the batches in ranges; one of more bytes in several pieces.

    Where these end follows from the rows alone, and from where the batches begin, which has to be
    the beginning of a range: not from how the rows are spread over batches.
    """
    held: Rows | None = None
    for batch in batches:
        held = batch if held is None else Rows.joined([held, batch])
        while held and (stop := _complete(held, bytes_max, range_rows)):
            yield held.slice(0, stop)
            held = held.slice(stop, len(held))
    while held:
        stop = _complete(held, bytes_max, range_rows) or len(held)
        yield held.slice(0, stop)
        held = held.slice(stop, len(held))


def _complete(rows: Rows, bytes_max: int, range_rows: int) -> int:
    """How many rows at the head are a piece, whatever comes behind; 0: that is not known yet."""
    left = range_rows - (rows.first - 1) % range_rows
    # By where rows begin: where one ends is known only with the next.
    within = bisect_right(rows.offsets, rows.offsets[0] + bytes_max)
    if within < min(left, len(rows)):
        return max(within, 1)
    return left if left <= len(rows) else 0
