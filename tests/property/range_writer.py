"""Ranges of rows written as an import does that is pinned to a plan, and what they read."""

from collections.abc import Iterator

from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.engine import Prepared
from longshore.engine.chunk.flusher import Flusher
from longshore.engine.chunk.loader import DatabaseSource
from longshore.engine.chunk.overview import Overview
from longshore.engine.chunk.tally import Tally
from longshore.engine.judge import ranged_processor
from longshore.engine.pins.made_records import MadeRecords
from longshore.engine.pins.range_reads import RangeReads
from longshore.engine.pins.ranges import cut_ranges
from longshore.engine.pins.reads import Reads
from longshore.imports import Import
from longshore.journal import Actor, ActorKind
from longshore.readers import Rows
from longshore.settings import Settings


class RangeWriter:
    """Writes the rows of one import."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        settings: Settings,
        prepared: Prepared,
        import_: Import,
    ) -> None:
        plan = prepared.plan
        self._database = database
        self._settings = settings
        self._prepared = prepared
        self._reads = Reads(plan, MadeRecords())
        stored = {name: DatabaseSource(table) for name, table in plan.tables.items()}
        self._processor = ranged_processor(
            prepared, settings, self._reads, self._reads.sources(stored)
        )
        self._flusher = Flusher(plan, catalogue, actor=Actor(ActorKind.IMPORT, import_.id))
        self._tally = Tally(
            inputs_size=import_.inputs_size,
            skip_errors=import_.skip_errors,
            errors=0,
            rules=import_.stop_rules,
        )
        self._overview = Overview(prepared)
        self._is_stopped = False

    def write(self, batches: Iterator[Rows], *, range_rows: int) -> list[RangeReads]:
        """Write all rows; what each range has read."""
        pieces: dict[int, list[Rows]] = {}
        for piece in cut_ranges(batches, self._settings.chunk_bytes, range_rows=range_rows):
            pieces.setdefault((piece.first - 1) // range_rows, []).append(piece)
        ranges = []
        for of_range in pieces.values():
            if self._is_stopped:
                break
            with self._database.write() as tx:
                outcomes = b"".join(self._outcomes(tx, piece) for piece in of_range)
            ranges.append(self._reads.end_range(of_range[0].first, outcomes))
            self._processor.start_afresh()
        return ranges

    def _outcomes(self, tx: Transaction, rows: Rows) -> bytes:
        outcomes = b""
        candidates = self._prepared.convert(rows.values)
        while rows and not self._is_stopped:
            self._tally.amounts_wanted = self._overview.amounts_wanted
            chunk = self._processor.process(
                tx,
                candidates,
                first_row=rows.first,
                ids=tx.new_ids(self._prepared.plan.environment),
                tally=self._tally,
                on_point=lambda _point: None,
            )
            self._overview.take(self._overview.of_chunk(tx, rows, candidates, chunk.result))
            self._flusher.flush(tx, chunk)
            self._reads.take(chunk)
            consumed = chunk.result.consumed
            outcomes += bytes(chunk.result.outcomes)
            rows = rows.slice(consumed, len(rows))
            candidates = candidates.slice(consumed, len(candidates))
            self._is_stopped = chunk.result.is_stopped
        return outcomes
