"""Chunk after chunk of one plan, each tried until it is known which of its rows are odd.

A chunk may end before any row but its first: the rest is another chunk, and the result is the
same.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from longshore.database import NewIds, Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.flat_rows import FlatWay
from longshore.engine.chunk.limits import ChunkLimits
from longshore.engine.chunk.loader import DatabaseSource, Loader, RecordSource
from longshore.engine.chunk.made_values import MadeValues
from longshore.engine.chunk.passage import MoreOdd, Passage, ProcessedChunk, Ways
from longshore.engine.chunk.sizes import Pace
from longshore.engine.chunk.tally import Tally
from longshore.engine.plan.nodes import Plan
from longshore.engine.values.candidate import ABSENT


class ChunkProcessor:
    """Loads and applies the chunks of one plan, in the caller's transactions; writes nothing."""

    def __init__(
        self,
        plan: Plan,
        *,
        limits: ChunkLimits,
        sources: Mapping[str, RecordSource] | None = None,
        generated_keys: set[str] | None = None,
        all_odd: bool = False,
    ) -> None:
        """`sources` say where records are read, if not in the database; `generated_keys` is told
        the keys that follow from ids alone, before they are sought; with `all_odd` every row goes
        the way of odd ones."""
        if sources is None:
            sources = {name: DatabaseSource(table) for name, table in plan.tables.items()}
        is_flat = not all_odd and FlatWay.is_open_to(plan)
        self._ways = Ways(
            plan=plan,
            limits=limits,
            loader=Loader(sources),
            flat=FlatWay(plan, sources) if is_flat else None,
            made_values=MadeValues(plan.root, sources),
            generated_keys=generated_keys,
        )
        self._pace = Pace()

    def start_afresh(self) -> None:
        """Forget how many rows chunks could take so far: the next is offered all there are."""
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
        flat = self._ways.flat
        if flat is not None and tally.amounts_wanted:
            # Amounts are shown by the way of odd rows.
            every = range(len(candidates))
            forced.update(flat.first_amounts(candidates, every, tally.amounts_wanted))
        while True:
            counted = replace(tally)
            passage = Passage(self._ways, tx, candidates, forced, first_row, ids, counted)
            try:
                chunk = passage.go_through(on_point)
            except MoreOdd as more:
                forced.update(more.rows)
                ids.wind_to(0)
                continue
            tally.take(counted)
            self._pace.note(offered=len(candidates), consumed=chunk.result.consumed)
            return chunk

    def _rows_within(self, candidates: Candidates) -> int:
        """How many rows hold no more records than a chunk may, themselves and their elements."""
        most = self._ways.limits.records
        columns = [candidates.column(each.slot) for each in self._ways.plan.root.collections]
        named = [column for column in columns if column.count(ABSENT) != len(column)]
        if not named:
            return max(most, 1)
        held = 0
        for row, cells in enumerate(zip(*named, strict=True)):
            held += 1 + sum(len(elements) for elements in cells if elements is not ABSENT)
            if held > most:
                return max(row, 1)
        return len(candidates)
