"""Rows gone through over an overlay: as an import would, chunk after chunk, and nothing is written.

What the rows would have made of the records is kept in a picture; later chunks look there before
they look at the stored records. So whoever drives it is right beyond the first chunk.
"""

from itertools import count

from longshore.database import Database, NewIds
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.overview import ChunkOverview, Overview
from longshore.engine.chunk.passage import ProcessedChunk
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.processor import ChunkProcessor
from longshore.engine.chunk.tally import Tally
from longshore.engine.picture import Picture
from longshore.identifiers import first_id
from longshore.readers import Rows

# Records that are created over an overlay are numbered from here, far beyond those that others
# create meanwhile: a sequence of 40 bits has room for both.
_SEQUENCE_START = 1 << 39


def is_of_overlay(id: int) -> bool:
    """Whether a record with this id is made over an overlay alone."""
    return id & ((1 << 40) - 1) > _SEQUENCE_START


class OverlayPass:
    """One pass through the rows of a source, by a processor that reads from a picture."""

    def __init__(
        self,
        database: Database,
        prepared: Prepared,
        picture: Picture,
        processor: ChunkProcessor,
        tally: Tally,
    ) -> None:
        self._database = database
        self._prepared = prepared
        self._picture = picture
        self._processor = processor
        self._tally = tally
        self._numbers = count(_SEQUENCE_START + 1)
        self.overview = Overview(prepared)

    def step(self, rows: Rows, candidates: Candidates) -> tuple[ProcessedChunk, ChunkOverview]:
        """Take a chunk from the head of rows, and keep what it has made."""
        overview = self.overview
        self._tally.amounts_wanted = overview.amounts_wanted
        with self._database.read() as tx:
            chunk = self._processor.process(
                tx,
                candidates,
                first_row=rows.first,
                ids=NewIds(first_id(self._prepared.plan.environment), self._next_numbers),
                tally=self._tally,
                on_point=_ignore,
            )
            added = overview.of_chunk(tx, rows, candidates, chunk.result)
        self._picture.take_over(chunk)
        overview.take(added)
        return chunk, added

    def _next_numbers(self, wanted: int) -> list[int]:
        return [next(self._numbers) for _ in range(wanted)]


def _ignore(_point: str) -> None:
    return None
