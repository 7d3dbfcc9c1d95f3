"""One passage through the rows of a chunk: judged as columns, the odd ones applied, all merged.

Flat rows depend on no other row, so those behind the end of the chunk are simply left out.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from longshore.database import NewIds, Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.flat_changes import FlatChanges, flat_changes
from longshore.engine.chunk.flat_rows import FlatRows, FlatWay
from longshore.engine.chunk.limits import ChunkLimits
from longshore.engine.chunk.loader import Loader
from longshore.engine.chunk.made_values import MadeValues
from longshore.engine.chunk.newcomers import Named
from longshore.engine.chunk.odd_rows import OddRows
from longshore.engine.chunk.rule_rows import RuleRunner
from longshore.engine.chunk.tally import Tally
from longshore.engine.plan.nodes import Plan
from longshore.engine.row.applier import Applier
from longshore.engine.row.changes import RecordChange
from longshore.engine.row.chunk_state import ChunkState
from longshore.engine.values.outcomes import ChunkResult
from longshore.imports import RowOutcome

_CLOCK_ROWS = 32  # odd rows between two looks at the clock
# Where rows whose amounts were to be shown have failed, so many others are asked next.
_AMOUNT_ROWS_MORE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessedChunk:
    """A chunk gone through, with what it leaves to be written."""

    first_row: int
    result: ChunkResult
    applier: Applier  # what its odd rows did, and the records that flat ones named first
    flat: FlatChanges | None  # what its flat rows did
    ids: NewIds

    @property
    def changes(self) -> Sequence[RecordChange]:
        """What its rows changed in records, in the order of the rows."""
        flat, entries = self.flat, self.applier.entries
        if flat is None or not flat.changed:
            return entries
        return sorted([*flat.entries(self.first_row), *entries], key=_row)

    @property
    def created_ids(self) -> list[int]:
        """The ids of all records that its rows create, ascending."""
        ids = [record.id for record in self.applier.created]
        if self.flat is not None:
            ids += self.flat.ids
            for each in self.flat.elements:
                ids += each.ids
        ids.sort()
        return ids


def _row(change: RecordChange) -> int:
    return change.row


class MoreOdd(Exception):
    """Rows that looked flat are not; the chunk is judged again, and nothing has been written."""

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__()
        self.rows = rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How rows of one plan go, the same for all of its chunks."""

    plan: Plan
    limits: ChunkLimits
    loader: Loader
    flat: FlatWay | None  # None: every row is odd
    made_values: MadeValues
    generated_keys: set[str] | None  # is told those of all chunks


class Passage:
    """One attempt at a chunk."""

    def __init__(
        self,
        ways: "Ways",
        tx: Transaction,
        candidates: Candidates,
        forced: set[int],
        first_row: int,
        ids: NewIds,
        tally: Tally,
    ) -> None:
        plan, loader, self._way = ways.plan, ways.loader, ways.flat
        self._plan = plan
        self._made_values = ways.made_values
        self._limits = ways.limits
        self._tx = tx
        self._candidates = candidates
        self._first_row = first_row
        self._ids = ids
        self._tally = tally
        self._count = len(candidates)
        self._state = state = ChunkState(plan.tables.values(), ids, ways.generated_keys)
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
        """Raises MoreOdd."""
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
        taken: Sequence[int] = range(len(flat.creating) + 1)
        if flat.elements:
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
                self._result.is_stopped = True
                self._result.stopped_by = self._tally.stopped_by
                return row + 1
        self._give_ids(self._count)
        return self._count

    def _is_full(self, row: int, applied: int, ends_at: float) -> bool:
        held = self._state.records_count + len(self._odd.applier.created) + self._given
        return held > self._limits.records or (
            applied % _CLOCK_ROWS == _CLOCK_ROWS - 1 and time.monotonic() > ends_at
        )

    def _apply(self, row: int) -> bool:
        """Apply an odd row; False when the import ends with it."""
        applier, result, tally = self._odd.applier, self._result, self._tally
        applier.wants_amounts = tally.amounts_wanted > 0
        outcome = self._odd.apply_next()
        self._outcomes[row] = outcome
        has_effect = outcome is not RowOutcome.FAILED and outcome is not RowOutcome.SKIPPED
        if applier.warnings and has_effect:
            result.warnings.append((row, applier.warnings))
        if applier.foreign_ids and outcome is not RowOutcome.SKIPPED:
            result.foreign_ids.append((row, applier.foreign_ids))
        if applier.amounts and has_effect:
            result.amounts.append((row, applier.amounts))
            tally.amounts_wanted -= 1
        self._records[row] = applier.record_id
        result.further += [(row, each.table.plan.name, each.id) for each in applier.further]
        if outcome is RowOutcome.FAILED:
            result.failures.append((row, applier.findings))
            return tally.fail(self._first_row + row, applier.findings)
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
            raise MoreOdd([row])
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
        skipped = {row for row, _ in flat.skipped}
        rows = (row for row in range(end) if not flat.odd[row] and row not in skipped)
        return self._way.first_amounts(self._candidates, rows, _AMOUNT_ROWS_MORE)

    def _settle(self, end: int) -> FlatChanges | None:
        """What the flat rows before the end do."""
        flat = self._flat
        if flat is None or self._way is None:
            return None
        self._give_ids(end)
        flat.end_before(end)
        more = self._made_values.settle(
            self._tx, flat, self._odd.applier.created, self._state.generated_keys
        )
        more += self._first_amounts_of_flat(flat, end)
        if more:
            raise MoreOdd(more)
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
        for row, record in flat.skipped:
            outcomes[row] = RowOutcome.SKIPPED
            records[row] = record
        return changes
