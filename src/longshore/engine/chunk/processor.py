"""One chunk: its rows judged as columns, those that are odd applied in order, and all merged.

A chunk may end before any row but its first: the rest is another chunk, and the result is the
same. Flat rows depend on no other row, so those behind the end are simply left out.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from longshore.database import NewIds, Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.flat_changes import FlatChanges, flat_changes
from longshore.engine.chunk.flat_rows import FlatRows, FlatWay
from longshore.engine.chunk.loader import DatabaseSource, Loader, RecordSource
from longshore.engine.chunk.made_values import MadeValues
from longshore.engine.chunk.odd_rows import OddRows
from longshore.engine.chunk.rule_rows import RuleRunner
from longshore.engine.chunk.sizes import Pace
from longshore.engine.chunk.target_columns import Named
from longshore.engine.plan.nodes import Plan
from longshore.engine.row.applier import Applier
from longshore.engine.row.chunk_state import ChunkState
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.outcomes import ChunkResult
from longshore.imports import RowOutcome
from longshore.settings import Settings

# The share of a chunk's time that loading and applying may take; flushing takes about as long.
_APPLY_SHARE = 0.6
_CLOCK_ROWS = 32  # odd rows between two looks at the clock
# Where rows whose amounts were to be shown have failed, so many others are asked next.
_AMOUNT_ROWS_MORE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkLimits:
    """What ends a chunk early."""

    records: int  # held in memory
    seconds: float  # of loading and applying; infinite: no limit

    @classmethod
    def of(cls, settings: Settings) -> "ChunkLimits":
        """What the settings say about a chunk's end."""
        milliseconds = settings.chunk_milliseconds
        return cls(
            records=settings.chunk_records,
            seconds=milliseconds / 1000 * _APPLY_SHARE if milliseconds else float("inf"),
        )


@dataclass(slots=True, kw_only=True)
class Tally:
    """How far the rows of an import have come, and when too many have failed."""

    inputs_size: int
    skip_errors: bool
    errors: int  # before the chunk
    amounts_wanted: int = 0  # rows whose amounts are still to be shown as money

    @property
    def is_over_threshold(self) -> bool:
        """More than 10 % of all rows have failed, and that matters."""
        return not self.skip_errors and self.errors * 10 > self.inputs_size


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessedChunk:
    """A chunk gone through, with what it leaves to be written."""

    first_row: int
    result: ChunkResult
    applier: Applier  # what its odd rows did, and the records that flat ones named first
    flat: FlatChanges | None  # what its flat rows did
    ids: NewIds


class _MoreOdd(Exception):
    """Rows that looked flat are not; the chunk is judged again, and nothing has been written."""

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__()
        self.rows = rows


class ChunkProcessor:
    """Loads and applies the chunks of one plan, in the caller's transactions; writes nothing."""

    def __init__(
        self,
        plan: Plan,
        *,
        limits: ChunkLimits,
        sources: Mapping[str, RecordSource] | None = None,
        all_odd: bool = False,
    ) -> None:
        """`sources` say where records are read, if not in the database; with `all_odd` every row
        goes the way of odd ones."""
        self.plan = plan
        self.limits = limits
        if sources is None:
            sources = {name: DatabaseSource(table) for name, table in plan.tables.items()}
        self.loader = Loader(sources)
        is_flat = not all_odd and FlatWay.is_open_to(plan)
        self.way = FlatWay(plan, sources) if is_flat else None
        self.made_values = MadeValues(plan.root, sources)
        self._pace = Pace()

    def process(
        self,
        tx: Transaction,
        candidates: Candidates,
        *,
        first_row: int,
        ids: NewIds,
        tally: Tally,
        on_point: Callable[[str], None],
    ) -> ProcessedChunk:
        """Go through rows until the chunk ends.

        `ids` are for the records that they create; `on_point` hears the names of moments. `tally`
        counts on.
        """
        candidates = candidates.slice(0, self._pace.offer(self._rows_within(candidates)))
        forced: set[int] = set()
        if self.way is not None and tally.amounts_wanted:
            # Amounts are shown by the way of odd rows.
            every = range(len(candidates))
            forced.update(self.way.first_amounts(candidates, every, tally.amounts_wanted))
        while True:
            counted = replace(tally)
            passage = _Passage(self, tx, candidates, forced, first_row, ids, counted)
            try:
                chunk = passage.go_through(on_point)
            except _MoreOdd as more:
                forced.update(more.rows)
                ids.wind_to(0)
                continue
            tally.errors, tally.amounts_wanted = counted.errors, counted.amounts_wanted
            self._pace.note(offered=len(candidates), consumed=chunk.result.consumed)
            return chunk

    def _rows_within(self, candidates: Candidates) -> int:
        """How many rows hold no more records than a chunk may, themselves and their elements."""
        most = self.limits.records
        columns = [candidates.column(each.slot) for each in self.plan.root.collections]
        named = [column for column in columns if column.count(ABSENT) != len(column)]
        if not named:
            return max(most, 1)
        held = 0
        for row, cells in enumerate(zip(*named, strict=True)):
            held += 1 + sum(len(elements) for elements in cells if elements is not ABSENT)
            if held > most:
                return max(row, 1)
        return len(candidates)


class _Passage:
    """One attempt at a chunk."""

    def __init__(
        self,
        processor: ChunkProcessor,
        tx: Transaction,
        candidates: Candidates,
        forced: set[int],
        first_row: int,
        ids: NewIds,
        tally: Tally,
    ) -> None:
        plan, loader, self._way = processor.plan, processor.loader, processor.way
        self._plan = plan
        self._made_values = processor.made_values
        self._limits = processor.limits
        self._tx = tx
        self._candidates = candidates
        self._first_row = first_row
        self._ids = ids
        self._tally = tally
        self._count = len(candidates)
        self._state = state = ChunkState(plan.tables.values(), ids)
        self._flat: FlatRows | None = None
        rows: Sequence[int] = range(self._count)
        if self._way is not None:
            rules = RuleRunner(state, now=tx.now(), load=lambda: loader.load(tx, state))
            self._flat = self._way.judge(tx, candidates, rules, forced=forced)
            rows = [row for row, is_odd in enumerate(self._flat.odd) if is_odd]
        self._odd_rows = rows
        self._odd = OddRows(
            plan,
            loader,
            tx,
            state,
            candidates if len(rows) == self._count else candidates.picked(rows),
            first_row=first_row,
            rows=rows,
            skips=self._skips(rows),
        )
        self._given = 0  # of the flat rows that create a record: those that have its id
        self._result = ChunkResult()
        self._outcomes = bytearray([RowOutcome.UNCHANGED]) * self._count
        self._records = [0] * self._count

    def go_through(self, on_point: Callable[[str], None]) -> ProcessedChunk:
        """Raises _MoreOdd."""
        on_point("loaded")
        end = self._walk()
        changes = self._settle(end)
        on_point("applied")
        result = self._result
        result.outcomes = self._outcomes[:end]
        result.records = self._records[:end]
        return ProcessedChunk(
            first_row=self._first_row,
            result=result,
            applier=self._odd.applier,
            flat=changes,
            ids=self._ids,
        )

    def _skips(self, rows: Sequence[int]) -> list[int]:
        """How many ids flat rows take between each odd row and the one before it."""
        flat = self._flat
        if flat is None or not rows:
            return [0] * len(rows)
        taken = list(accumulate(map(flat.ids_taken, flat.creating), initial=0))
        before = [taken[bisect_left(flat.creating, row)] for row in rows]
        return [next_ - last for last, next_ in zip([0, *before], before, strict=False)]

    def _walk(self) -> int:
        """Apply the odd rows, and make what flat ones name first, all in row order; the end."""
        ends_at = time.monotonic() + self._limits.seconds
        makers = self._makers()
        events = sorted({*self._odd_rows, *makers}) if makers else self._odd_rows
        applied = 0
        for row in events:
            if row in makers:
                self._make(row, makers[row])
                continue
            if row and self._is_full(row, applied, ends_at):
                return row
            self._give_ids(row)
            applied += 1
            if not self._apply(row):
                self._result.is_over_threshold = True
                return row + 1
        self._give_ids(self._count)
        return self._count

    def _is_full(self, row: int, applied: int, ends_at: float) -> bool:
        held = self._state.records_count + len(self._odd.applier.created) + self._given
        return held > self._limits.records or (
            applied % _CLOCK_ROWS == _CLOCK_ROWS - 1 and time.monotonic() > ends_at
        )

    def _apply(self, row: int) -> bool:
        """Apply an odd row; False when too many have failed with it."""
        applier, result, tally = self._odd.applier, self._result, self._tally
        applier.wants_amounts = tally.amounts_wanted > 0
        outcome = self._odd.apply_next()
        self._outcomes[row] = outcome
        if applier.warnings and outcome is not RowOutcome.FAILED:
            result.warnings.append((row, applier.warnings))
        if applier.foreign_ids:
            result.foreign_ids.append((row, applier.foreign_ids))
        if applier.amounts and outcome is not RowOutcome.FAILED:
            result.amounts.append((row, applier.amounts))
            tally.amounts_wanted -= 1
        self._records[row] = applier.record_id
        result.further += [(row, each.table.plan.name, each.id) for each in applier.further]
        if outcome is RowOutcome.FAILED:
            result.failures.append((row, applier.findings))
            tally.errors += 1
            return not tally.is_over_threshold
        return True

    # Flat rows

    def _makers(self) -> dict[int, tuple[list[Named], list[Named]]]:
        """The flat rows that are the first to name a newcomer, with those that they make before
        their own record and behind it."""
        if self._flat is None:
            return {}
        newcomers, odd = self._flat.newcomers, self._flat.odd
        named = sorted({*newcomers.before, *newcomers.behind})
        seen: set[int] = set()
        makers = {}
        for row in named:
            if odd[row]:
                continue
            first: tuple[list[Named], list[Named]] = ([], [])
            for at, by_row in enumerate((newcomers.before, newcomers.behind)):
                for newcomer, text in by_row.get(row, ()):
                    if newcomer.stand_in not in seen:
                        seen.add(newcomer.stand_in)
                        first[at].append((newcomer, text))
            if first[0] or first[1]:
                makers[row] = first
        return makers

    def _make(self, row: int, named: tuple[list[Named], list[Named]]) -> None:
        """Make the newcomers that a flat row is the first to name, around its own record."""
        self._give_ids(row)
        before, behind = named
        for each in before:
            self._make_one(row, each)
        flat = self._flat
        assert flat is not None, "only flat rows name newcomers"
        is_creating = self._given < len(flat.creating) and flat.creating[self._given] == row
        if is_creating:
            flat.ids.append(self._ids.take())
            self._given += 1
        for each in behind:
            self._make_one(row, each)
        if is_creating:
            for elements in flat.elements:
                elements.ids += self._ids.take_many(elements.count(row))

    def _make_one(self, row: int, named: Named) -> None:
        applier = self._odd.applier
        before = len(applier.created)
        if not self._odd.make(*named):
            raise _MoreOdd([row])
        made = applier.created[before:]
        self._result.further += [(row, each.table.plan.name, each.id) for each in made]

    def _give_ids(self, end: int) -> None:
        """Give the flat rows before a row the ids of the records that they create."""
        if self._flat is None:
            return
        flat = self._flat
        first, stop = self._given, bisect_left(flat.creating, end, self._given)
        self._given = stop
        if not flat.elements:
            flat.ids += self._ids.take_many(stop - first)
            return
        for row in flat.creating[first:stop]:
            flat.ids.append(self._ids.take())
            for elements in flat.elements:
                elements.ids += self._ids.take_many(elements.count(row))

    def _first_amounts_of_flat(self, flat: FlatRows, end: int) -> list[int]:
        """Flat rows before the last amount that is shown, or before the end where more are wanted:
        some, as odd ones show whether they have any."""
        assert self._way is not None
        shown = self._result.amounts
        if not self._tally.amounts_wanted:
            end = shown[-1][0] if shown else 0
        rows = (row for row in range(end) if not flat.odd[row])
        return self._way.first_amounts(self._candidates, rows, _AMOUNT_ROWS_MORE)

    def _settle(self, end: int) -> FlatChanges | None:
        """What the flat rows before the end do."""
        flat = self._flat
        if flat is None or self._way is None:
            return None
        self._give_ids(end)
        flat.end_before(end)
        more = self._made_values.settle(self._tx, flat, self._odd.applier.created)
        more += self._first_amounts_of_flat(flat, end)
        if more:
            raise _MoreOdd(more)
        changes = flat_changes(self._plan.root.table, flat)
        self._result.further = sorted([*self._result.further, *changes.further])
        outcomes, records = self._outcomes, self._records
        for row in changes.rows:
            outcomes[row] = RowOutcome.CREATED
        for group in changes.changed:
            for row in group.rows:
                outcomes[row] = RowOutcome.UPDATED
        for row, record in changes.records.items():
            records[row] = record
        return changes
