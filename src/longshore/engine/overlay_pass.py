"""Rows gone through over an overlay: as an import would, chunk after chunk, and nothing is written.

What the rows would have made of the records is kept in a picture; later chunks look there before
they look at the stored records. So whoever drives it is right beyond the first chunk.
"""

from longshore.database import Database
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.overview import ChunkOverview, Overview
from longshore.engine.chunk.passage import ProcessedChunk
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.processor import ChunkProcessor
from longshore.engine.chunk.tally import Tally
from longshore.engine.picture import PictureView
from longshore.readers import Rows


class OverlayPass:
    """One pass through the rows of a source, by a processor that reads from a picture."""

    def __init__(
        self,
        database: Database,
        prepared: Prepared,
        view: PictureView,
        processor: ChunkProcessor,
        tally: Tally,
    ) -> None:
        self._database = database
        self._view = view
        self._processor = processor
        self._tally = tally
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
                ids=self._view.next_ids(),
                tally=self._tally,
                on_point=_ignore,
            )
            added = overview.of_chunk(tx, rows, candidates, chunk.result)
            self._view.take_over(tx, chunk)
        overview.take(added)
        return chunk, added


def _ignore(_point: str) -> None:
    return None
