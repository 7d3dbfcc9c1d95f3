"""Ranges of rows written as an import does that is pinned to a plan, and what they read."""

from collections.abc import Iterator, Sequence

from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.engine import Prepared
from longshore.engine.chunk.flusher import Flusher
from longshore.engine.chunk.loader import DatabaseSource
from longshore.engine.chunk.overview import Overview
from longshore.engine.chunk.processor import ChunkProcessor
from longshore.engine.chunk.tally import Tally
from longshore.engine.judge import ranged_processor
from longshore.engine.pins.made_records import MadeRecords
from longshore.engine.pins.range_reads import RangeReads
from longshore.engine.pins.ranges import cut_ranges
from longshore.engine.pins.reads import Reads
from longshore.imports import Import, LedgerEntry
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
        self._database = database
        self._settings = settings
        self._prepared = prepared
        self._ledger: list[LedgerEntry] = []
        self._flusher = Flusher(prepared.plan, catalogue, actor=Actor(ActorKind.IMPORT, import_.id))
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
            ranges.append(self._write(of_range))
        return ranges

    def _write(self, pieces: Sequence[Rows]) -> RangeReads:
        """Write a range, as a process does that goes on behind another one."""
        plan = self._prepared.plan
        reads = Reads(plan, MadeRecords.of_ledger(self._ledger))
        sources = reads.sources({name: DatabaseSource(each) for name, each in plan.tables.items()})
        processor = ranged_processor(self._prepared, self._settings, reads, sources)
        self._tally.amounts_wanted = self._overview.amounts_wanted
        with self._database.write() as tx:
            outcomes = b"".join(self._outcomes(tx, processor, reads, each) for each in pieces)
        return reads.end_range(pieces[0].first, outcomes)

    def _outcomes(
        self, tx: Transaction, processor: ChunkProcessor, reads: Reads, rows: Rows
    ) -> bytes:
        outcomes = b""
        candidates = self._prepared.convert(rows.values)
        while rows and not self._is_stopped:
            chunk = processor.process(
                tx,
                candidates,
                first_row=rows.first,
                ids=tx.new_ids(self._prepared.plan.environment),
                tally=self._tally,
                on_point=lambda _point: None,
            )
            added = self._overview.of_chunk(tx, rows, candidates, chunk.result)
            self._overview.take(added)
            self._ledger.append(added.ledger)
            self._flusher.flush(tx, chunk)
            reads.take(chunk)
            consumed = chunk.result.consumed
            outcomes += bytes(chunk.result.outcomes)
            rows = rows.slice(consumed, len(rows))
            candidates = candidates.slice(consumed, len(candidates))
            self._is_stopped = chunk.result.is_stopped
        return outcomes
