"""Where chunks begin and end: rows as they were read, cut into those that are committed together.

Readers yield rows as they come from the source; a chunk has as many as the settings say, however
they came, because each costs a commit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from longshore.readers import Rows
from longshore.settings import Settings

# What a chunk has at the most where the settings leave it open. An embedded database has one
# writer, and the others wait for the end of its chunk. On PostgreSQL only those who write the
# same tables of the same environment do, and a chunk costs a dozen answers of the server.
_ROWS_EMBEDDED = 2000
_ROWS_SHARED = 5000

# The least that a chunk is offered after one that ended early.
_OFFER_MIN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkSizes:
    """How long chunks may be, at the most."""

    rows_first: int
    rows: int
    bytes: int  # of the source; a chunk has one row at least

    @classmethod
    def of(cls, settings: Settings, *, is_embedded: bool) -> "ChunkSizes":
        rows = settings.chunk_rows or (_ROWS_EMBEDDED if is_embedded else _ROWS_SHARED)
        return cls(
            rows_first=min(settings.chunk_rows_first, rows), rows=rows, bytes=settings.chunk_bytes
        )


class Pace:
    """How many rows a chunk is offered: about as many as the one before it could take.

    A chunk may end early, because its records or its time are used up. What it was offered beyond
    that was looked at in vain, and would be again by the next one: for orders with many lines that
    cost four times what they themselves did.
    """

    def __init__(self) -> None:
        self._rows: int | None = None  # None: no chunk has ended early so far

    def offer(self, available: int) -> int:
        """How many of the rows at hand the next chunk is offered."""
        return available if self._rows is None else min(available, self._rows)

    def note(self, *, offered: int, consumed: int) -> None:
        """Say how many of the rows that it was offered a chunk has taken."""
        if consumed < offered:
            self._rows = max(consumed * 9 // 8, _OFFER_MIN)
        elif self._rows is not None:
            self._rows = max(self._rows, offered) * 5 // 4


def cut(batches: Iterator[Rows], sizes: ChunkSizes) -> Iterator[Rows]:
    """The rows of the batches in chunks as long as may be."""
    rows_max = sizes.rows_first
    held: list[Rows] = []  # consecutive, and together less than a chunk
    for batch in batches:
        held.append(batch)
        while held and _is_full(held, rows_max, sizes.bytes):
            chunk, held = _first(held, rows_max, sizes.bytes)
            yield chunk
            rows_max = sizes.rows
    while held:
        chunk, held = _first(held, rows_max, sizes.bytes)
        yield chunk
        rows_max = sizes.rows


def _is_full(held: Sequence[Rows], rows_max: int, bytes_max: int) -> bool:
    """Whether no more rows may join these."""
    return sum(map(len, held)) >= rows_max or held[-1].end_offset - held[0].offsets[0] >= bytes_max


def _first(held: Sequence[Rows], rows_max: int, bytes_max: int) -> tuple[Rows, list[Rows]]:
    """The longest chunk at the head of rows, and what is left of them."""
    rows = Rows.joined(held)
    stop = min(rows_max, len(rows))
    first = rows.offsets[0]
    while stop > 1 and rows.position(stop).offset - first > bytes_max:
        stop //= 2
    rest = rows.slice(stop, len(rows))
    return rows.slice(0, stop), [rest] if rest else []
