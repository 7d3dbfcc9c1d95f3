"""The judgement of a source, range by range: what an import would do, and what that follows from.

Rows go through an overlay, as in a dry run, but in the fixed ranges of pins and without a clock: so
what each range reads is a function of its rows and of the store alone, and whoever goes through the
same rows over the same store finds the same pins.
"""

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice

from longshore.database import Database, NewIds, Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.limits import ChunkLimits
from longshore.engine.chunk.loader import RecordSource
from longshore.engine.chunk.loop import go_through
from longshore.engine.chunk.overview import ChunkOverview, Overview
from longshore.engine.chunk.passage import ProcessedChunk
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.processor import ChunkProcessor
from longshore.engine.chunk.tally import Tally
from longshore.engine.overlay_pass import OverlayPass
from longshore.engine.picture import Picture
from longshore.engine.pins.made_records import MadeRecords
from longshore.engine.pins.range_reads import MovedItem, RangeReads
from longshore.engine.pins.ranges import RANGE_ROWS, cut_ranges
from longshore.engine.pins.reads import Reads
from longshore.engine.row.changes import RecordChange
from longshore.engine.values.outcomes import ChunkResult
from longshore.errors import PermanentError
from longshore.identifiers import first_id
from longshore.imports import RangePin, RowsOfGroup, StopRules
from longshore.readers import Position, Rows
from longshore.settings import Settings

# Records of which only what their rows ask for is wanted are numbered from here.
_SEQUENCE_NOWHERE = (1 << 40) - (1 << 32)
_NO_RULES = StopRules()


class JudgementTooLarge(PermanentError):
    """What the rows would make takes more room than a judgement may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeJudged:
    """One range of rows, judged."""

    first_row: int
    rows: Rows  # that were gone through; fewer than the range has where the import would stop
    last: Position  # of the last of them
    result: ChunkResult  # by the index of the row in the range
    chunks: Sequence[ProcessedChunk]  # of which it is made: one, or several
    added: Sequence[ChunkOverview]  # what each of them adds to ledger, notices and first amounts
    overview: Overview  # of all rows so far
    reads: RangeReads
    made: MadeRecords  # by all rows so far
    # Which rows, by index in the range, ask for which of some items, so many rows at the most; only
    # while the range is at hand.
    rows_naming: Callable[[Collection[MovedItem], int], dict[int, list[MovedItem]]]

    @property
    def changes(self) -> Sequence[RecordChange]:
        """What its rows would change, in stored records and in those made before, in row order."""
        return [change for chunk in self.chunks for change in chunk.changes]

    @property
    def pin(self) -> RangePin:
        """What the judgement follows from."""
        return self.reads.pin


def judge(
    database: Database,
    settings: Settings,
    prepared: Prepared,
    *,
    batches: Iterator[Rows],
    inputs_size: int,
    skip_errors: bool,
    stop_rules: StopRules = _NO_RULES,
    disk_bytes_max: int,
    on_range: Callable[[RangeJudged], bool],
    range_rows: int = RANGE_ROWS,
    all_odd: bool = False,
    of_group: RowsOfGroup | None = None,
    picture: Picture | None = None,
) -> bool:
    """Go through all rows, and hand over range after range; nothing is written.

    The rows of a member of a group stand on the `picture` that those before it have left, and when
    they stop is judged over the rows of the whole group. False when `on_range` said that no more is
    wanted, True when the rows have come to their end, or to where an import of them would stop
    (`result.is_stopped` of the last range). Raises JudgementTooLarge.
    """
    made = MadeRecords()
    reads = Reads(prepared.plan, made)
    rows = of_group or RowsOfGroup(inputs_size=inputs_size, errors_before=0, series_before=0)
    tally = Tally(
        inputs_size=rows.inputs_size,
        skip_errors=skip_errors,
        errors=rows.errors_before,
        rules=stop_rules,
        series=rows.series_before,
    )
    with nullcontext(picture) if picture else Picture([prepared.plan]) as standing:
        view = standing.view(prepared.plan)
        sources = reads.sources(view.sources())
        processor = ranged_processor(prepared, settings, reads, sources, all_odd=all_odd)
        judgement = _Judgement(
            database,
            prepared,
            OverlayPass(database, prepared, view, processor, tally),
            processor,
            reads,
            on_range,
            inputs_size=inputs_size,
            range_rows=range_rows,
        )

        def step(rows: Rows, candidates: Candidates) -> int | None:
            consumed = judgement.step(rows, candidates)
            if standing.size > disk_bytes_max:
                raise JudgementTooLarge(
                    f"what the rows up to {rows.first + len(rows) - 1} would make takes more than "
                    f"{disk_bytes_max:,} bytes",
                    hint="raise LONGSHORE_PLAN_BYTES, or plan the file in parts",
                )
            return consumed

        pieces = cut_ranges(batches, settings.chunk_bytes, range_rows=range_rows)
        go_through(pieces, prepared.convert, step, reads_ahead=False)
    return judgement.is_wanted


def ranged_processor(
    prepared: Prepared,
    settings: Settings,
    reads: Reads,
    sources: dict[str, RecordSource],
    *,
    all_odd: bool = False,
) -> ChunkProcessor:
    """A processor whose chunks end where the rows and the store say, and never the clock.

    `sources` are those that `reads` notes. Whoever drives it has it start afresh at each range.
    """
    return ChunkProcessor(
        prepared.plan,
        limits=ChunkLimits(records=settings.chunk_records, seconds=float("inf")),
        sources=sources,
        generated_keys=reads.generated_keys,
        all_odd=all_odd,
    )


class _Judgement:
    """One judgement: the chunks of the range at hand, and what they come to."""

    def __init__(
        self,
        database: Database,
        prepared: Prepared,
        overlay_pass: OverlayPass,
        processor: ChunkProcessor,
        reads: Reads,
        on_range: Callable[[RangeJudged], bool],
        *,
        inputs_size: int,
        range_rows: int,
    ) -> None:
        self._database = database
        self._prepared = prepared
        self._pass = overlay_pass
        self._processor = processor
        self._reads = reads
        self._on_range = on_range
        self._inputs_size = inputs_size
        self._range_rows = range_rows
        self._chunks: list[tuple[Rows, ProcessedChunk, ChunkOverview]] = []
        self.is_wanted = True  # more ranges

    def step(self, rows: Rows, candidates: Candidates) -> int | None:
        """Go through a chunk; hand over its range where it ends with it."""
        chunk, added = self._pass.step(rows, candidates)
        self._reads.take(chunk)
        result = chunk.result
        consumed = result.consumed
        self._chunks.append((rows.slice(0, consumed), chunk, added))
        last = rows.first + consumed - 1
        if result.is_stopped or last % self._range_rows == 0 or last == self._inputs_size:
            self._end_range()
        return None if result.is_stopped or not self.is_wanted else consumed

    def _end_range(self) -> None:
        chunks, self._chunks = self._chunks, []
        rows = Rows.joined([each for each, _, _ in chunks])
        result = merged([chunk.result for _, chunk, _ in chunks])
        judged = RangeJudged(
            first_row=rows.first,
            rows=rows,
            last=rows.position(len(rows) - 1),
            result=result,
            chunks=[chunk for _, chunk, _ in chunks],
            added=[added for _, _, added in chunks],
            overview=self._pass.overview,
            reads=self._reads.end_range(rows.first, bytes(result.outcomes)),
            made=self._reads.made,
            rows_naming=lambda items, limit: self._rows_naming(rows, items, limit),
        )
        self.is_wanted = self._on_range(judged)
        self._processor.start_afresh()

    def _rows_naming(
        self, rows: Rows, items: Collection[MovedItem], limit: int
    ) -> dict[int, list[MovedItem]]:
        with self._database.read() as tx:
            return rows_naming(
                tx, self._prepared, self._processor, self._reads, rows, items, limit=limit
            )


def merged(results: Sequence[ChunkResult]) -> ChunkResult:
    """What became of the rows of a range, of that of its chunks."""
    if len(results) == 1:
        return results[0]
    whole = ChunkResult()
    for each in results:
        before = len(whole.outcomes)
        whole.outcomes += each.outcomes
        whole.records = [*whole.records, *each.records]
        whole.further += [(before + row, table, id) for row, table, id in each.further]
        whole.failures += [(before + row, findings) for row, findings in each.failures]
        whole.warnings += [(before + row, warnings) for row, warnings in each.warnings]
        whole.foreign_ids += [(before + row, fields) for row, fields in each.foreign_ids]
        whole.amounts += [(before + row, amounts) for row, amounts in each.amounts]
        whole.is_stopped, whole.stopped_by = each.is_stopped, each.stopped_by
    return whole


def rows_naming(
    tx: Transaction,
    prepared: Prepared,
    processor: ChunkProcessor,
    reads: Reads,
    rows: Rows,
    items: Collection[MovedItem],
    *,
    limit: int,
) -> dict[int, list[MovedItem]]:
    """Which rows ask for which of some items, by their index, so many rows at the most.

    The range is gone through again by halves, which leaves nothing behind but in `reads`, which
    forgets what the range has read."""
    candidates = prepared.convert(rows.values)
    found: dict[int, list[MovedItem]] = {}
    open_ = [(0, len(rows))] if items else []
    while open_ and len(found) < limit:
        begin, end = open_.pop()
        named = _asked_for(
            tx, processor, reads, candidates.slice(begin, end), items, prepared.plan.environment
        )
        if not named:
            continue
        if end - begin == 1:
            found[begin] = named
            continue
        middle = (begin + end) // 2
        open_ += [(middle, end), (begin, middle)]
    return found


def _asked_for(
    tx: Transaction,
    processor: ChunkProcessor,
    reads: Reads,
    candidates: Candidates,
    items: Collection[MovedItem],
    environment: int,
) -> list[MovedItem]:
    """Which of some items the first chunk of rows asks for that asks for any."""
    numbers = itertools.count(_SEQUENCE_NOWHERE)
    count = len(candidates)
    begin = 0
    while begin < count:
        reads.forget()
        processor.start_afresh()
        chunk = processor.process(
            tx,
            candidates.slice(begin, count),
            first_row=1,
            ids=NewIds(first_id(environment), lambda wanted: list(islice(numbers, wanted))),
            tally=Tally(inputs_size=1, skip_errors=True, errors=0),
            on_point=lambda _point: None,
        )
        named = reads.named_among(items)
        reads.forget()
        if named:
            return named
        begin += chunk.result.consumed
    return []
