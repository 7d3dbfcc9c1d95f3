"""One chunk: its rows applied in order over what is loaded, up to where the chunk ends.

Whoever applies a row cannot know beforehand all that it will look at. So a chunk begins with what
is plain to see (ids, keys and targets that rows name); when a row then misses something, the rows
from there on are asked what they would look at, all of it is loaded at once, and the row is
applied again. A chunk may end before any row but its first: the rest is another chunk, and the
result is the same.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.database import NewIds, Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.loader import Loader
from longshore.engine.plan.nodes import Node, Plan
from longshore.engine.row.applier import Applier
from longshore.engine.row.chunk_state import ChunkState, Missing
from longshore.engine.values.candidate import ABSENT, Candidate
from longshore.engine.values.outcomes import ChunkResult, RowOutcome

_CLOCK_ROWS = 32  # rows between two looks at the clock
# A look ahead costs as much as applying the rows. The first ones find what whole chunks miss; what
# is missed after so many depends on the rows before and is not to be found by looking far.
_WIDE_LOOKS = 8
_NARROW_ROWS = 16
_LOOKS_PER_ROW_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkLimits:
    """What ends a chunk early."""

    records: int  # held in memory
    seconds: float  # of loading and applying; infinite: no limit


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


def apply_chunk(
    applier: Applier,
    state: ChunkState,
    candidates: Sequence[Candidate],
    *,
    first_row: int,
    load: Callable[[], None],
    tally: Tally,
    limits: ChunkLimits,
) -> ChunkResult:
    """Apply rows until the chunk ends; `load` answers the demands of the state."""
    result = ChunkResult()
    ends_at = time.monotonic() + limits.seconds
    looks = 0
    index = 0
    while index < len(candidates):
        if index and (
            state.records_count + len(applier.created) > limits.records
            or (index % _CLOCK_ROWS == 0 and time.monotonic() > ends_at)
        ):
            break
        applier.wants_amounts = tally.amounts_wanted > 0
        try:
            outcome = applier.apply(first_row + index, candidates[index])
        except Missing:
            width = len(candidates) if looks < _WIDE_LOOKS else _NARROW_ROWS
            applier.collect(candidates[index : index + width])
            looks += 1
            assert looks < len(candidates) * _LOOKS_PER_ROW_MAX, "a row asks for ever more"
            load()
            continue
        if applier.warnings and outcome is not RowOutcome.FAILED:
            result.warnings.append((index, applier.warnings))
        if applier.foreign_ids:
            result.foreign_ids.append((index, applier.foreign_ids))
        if applier.amounts and outcome is not RowOutcome.FAILED:
            result.amounts.append((index, applier.amounts))
            tally.amounts_wanted -= 1
        result.outcomes.append(outcome)
        result.records.append(applier.record_id)
        if applier.further:
            result.further += [
                (index, record.table.plan.name, record.id) for record in applier.further
            ]
        index += 1
        if outcome is RowOutcome.FAILED:
            result.failures.append((index - 1, applier.findings))
            tally.errors += 1
            if tally.is_over_threshold:
                result.is_over_threshold = True
                break
    return result


@dataclass(frozen=True, slots=True)
class AppliedChunk:
    """A chunk gone through, with what it leaves to be written."""

    state: ChunkState
    applier: Applier
    result: ChunkResult


def go_through_chunk(
    plan: Plan,
    loader: Loader,
    tx: Transaction,
    candidates: Candidates,
    *,
    first_row: int,
    ids: NewIds,
    tally: Tally,
    limits: ChunkLimits,
    on_point: Callable[[str], None],
) -> AppliedChunk:
    """Load and apply a chunk in the caller's transaction; nothing is written.

    `ids` are for the records that it creates; `on_point` hears the names of moments.
    """
    state = ChunkState(plan.tables.values(), ids)
    applier = Applier(plan, state, now=tx.now())
    _demand_named(plan, state, candidates)
    loader.load(tx, state)
    on_point("loaded")
    result = apply_chunk(
        applier,
        state,
        candidates.rows(),
        first_row=first_row,
        load=lambda: loader.load(tx, state),
        tally=tally,
        limits=limits,
    )
    on_point("applied")
    return AppliedChunk(state, applier, result)


def _demand_named(plan: Plan, state: ChunkState, candidates: Candidates) -> None:
    """Demand what the rows name plainly: their ids, their keys of one text, their targets."""
    root = plan.root
    if root.id_slot is not None:
        _demand_ids(state, root.table.name, candidates.column(root.id_slot))
    _demand_keys(root, state, candidates)
    for step in root.targets:
        for table, _, _ in step.tables:
            if step.fill is not None:
                state.demanded(table.name).ids.add(step.fill)
            if step.id_slot is not None:
                _demand_ids(state, table.name, candidates.column(step.id_slot))
        for naming in step.namings:
            key = naming.table.keys[naming.key]
            texts = set(candidates.column(naming.slot)) - {ABSENT, None}
            keys = [key.of_text(text, folds=naming.folds) for text in texts]
            if keys:
                demanded = state.demanded(naming.table.name)
                demanded.keys.setdefault(naming.key, set()).update(
                    value for value in keys if value is not None
                )


def _demand_ids(state: ChunkState, table: str, column: Sequence[Any]) -> None:
    ids = set(column) - {ABSENT, None, 0}
    if ids:
        state.demanded(table).ids.update(ids)


def _demand_keys(root: Node, state: ChunkState, candidates: Candidates) -> None:
    for index in root.match_keys:
        key = root.table.keys[index]
        part = key.parts[0]
        slot = root.slots.get(part.field)
        if len(key.parts) > 1 or slot is None:
            continue
        texts = set(candidates.column(slot)) - {ABSENT, None}
        keys = [key.of_text(text, folds=part.folds) for text in texts]
        if keys:
            state.demanded(root.table.name).keys.setdefault(index, set()).update(
                value for value in keys if value is not None
            )
        return
