"""Odd rows applied one after another over the identity maps of a chunk.

Whoever applies a row cannot know beforehand all that it will look at. So a chunk begins with what
is plain to see (ids, keys and targets that its odd rows name); when a row then misses something,
the odd rows from there on are asked what they would look at, all of it is loaded at once, and the
row is applied again.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from longshore.database import Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.loader import Loader
from longshore.engine.chunk.newcomers import Newcomer
from longshore.engine.plan.nodes import KeyedTarget, Node, Plan
from longshore.engine.row.applier import Applier
from longshore.engine.row.chunk_state import ChunkState, Missing
from longshore.engine.values.candidate import ABSENT, Candidate
from longshore.imports import RowOutcome

Done = TypeVar("Done")

# A look ahead costs as much as applying the rows. The first ones find what whole chunks miss; what
# is missed after so many depends on the rows before and is not to be found by looking far.
_WIDE_LOOKS = 8
_NARROW_ROWS = 16
_LOOKS_PER_ROW_MAX = 100


class OddRows:
    """The odd rows of a chunk."""

    def __init__(
        self,
        plan: Plan,
        loader: Loader,
        tx: Transaction,
        state: ChunkState,
        candidates: Candidates,
        *,
        first_row: int,
        rows: Sequence[int],
        skips: Sequence[int],
    ) -> None:
        """`candidates` are those of `rows`, which are indexes in the chunk, ascending.

        `skips` says how many ids the flat rows take between each of them and the one before.
        """
        self.applier = Applier(plan, state, now=tx.now())
        self._state = state
        self._tx = tx
        self._loader = loader
        self._first_row = first_row
        self._rows = rows
        self._skips = skips
        self._candidates: Sequence[Candidate] = candidates.rows() if rows else ()
        self._at = 0  # the next one
        self._looks = 0
        if rows:
            _demand_named(plan, state, candidates)
            self.load()

    def load(self) -> None:
        """Load what is demanded."""
        self._loader.load(self._tx, self._state)

    def apply_next(self) -> RowOutcome:
        """Apply the next of the rows."""
        at = self._at
        outcome = self._with_what_is_missing(
            lambda: self.applier.apply(self._first_row + self._rows[at], self._candidates[at])
        )
        self._at += 1
        return outcome

    def make(self, newcomer: Newcomer, text: str) -> bool:
        """Make sure that a newcomer is there, for a flat row that names it; whether it can be."""
        assert newcomer.node is not None, "what is never made makes its rows odd"
        node = newcomer.node
        # Whoever names it has looked: it is not stored. An odd row may have made it since.
        holders = self._state.tables[newcomer.table.name].by_key[newcomer.key_index]
        holders.setdefault(newcomer.key, None)
        made = self._with_what_is_missing(lambda: self.applier.make(node, ([text], ())))
        if made is None:
            return False
        newcomer.id = made.id
        return True

    def _with_what_is_missing(self, do: Callable[[], Done]) -> Done:
        """Do something as often as it takes until nothing is missing."""
        while True:
            try:
                return do()
            except Missing:
                width = len(self._candidates) if self._looks < _WIDE_LOOKS else _NARROW_ROWS
                ahead = slice(self._at, self._at + width)
                self.applier.collect(self._candidates[ahead], self._skips[ahead])
                self._looks += 1
                bound = (len(self._candidates) + 1) * _LOOKS_PER_ROW_MAX
                assert self._looks < bound, "a row asks for ever more"
                self.load()


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
        if step.keyed is not None:
            _demand_texts(state, step.keyed, candidates)
        for naming in step.namings:
            key = naming.table.keys[naming.key]
            texts = set(candidates.column(naming.slot)) - {ABSENT, None}
            keys = [key.of_text(text, folds=naming.folds) for text in texts]
            if keys:
                demanded = state.demanded(naming.table.name)
                demanded.keys.setdefault(naming.key, set()).update(
                    value for value in keys if value is not None
                )


def _demand_texts(state: ChunkState, target: KeyedTarget, candidates: Candidates) -> None:
    """Demand the keys of targets, and of what these are made of, that are one text each."""
    slots = dict(target.texts)
    for lookup in target.lookups:
        key = lookup.table.keys[lookup.key]
        (part, *others) = key.parts
        if others or part.field not in slots:
            continue
        texts = set(candidates.column(slots[part.field])) - {ABSENT, None}
        keys = {key.of_text(text, folds=part.folds) for text in texts}
        if keys:
            demanded = state.demanded(lookup.table.name).keys.setdefault(lookup.key, set())
            demanded.update(value for value in keys if value is not None)
    for _, inner in target.inner:
        _demand_texts(state, inner, candidates)


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
