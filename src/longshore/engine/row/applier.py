"""Rows applied one after another, exactly as if they were saved one by one.

Applying is pure: it works on the identity maps of a chunk and knows no database. A row sees what
the rows before it did. All that is wrong with a row is reported together: errors of its values,
of its targets, of presence, of uniqueness and of everything nested in it; a row with any error is
undone as a whole, and so is one that the import is not to have.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.engine.plan.nodes import Node, Plan
from longshore.engine.row.changes import RecordChange
from longshore.engine.row.chunk_state import ChunkState, Record
from longshore.engine.row.draft import RowAtHand
from longshore.engine.row.limit import Limit
from longshore.engine.row.saver import Saver
from longshore.engine.values.candidate import Candidate, Finding
from longshore.engine.values.outcomes import FoundAmount
from longshore.imports import RowOutcome


class Applier:
    """Applies the rows of a chunk; what they did stands in `created`, `dirty` and `entries`."""

    def __init__(self, plan: Plan, state: ChunkState, *, now: int) -> None:
        self._root = plan.root
        self._limit = Limit(plan)
        self._state = state
        self._row = RowAtHand(state, now=now)
        self._saver = Saver(self._row, plan.root)
        self.created: list[Record] = []  # in order of creation
        self.dirty: dict[Record, None] = {}  # stored records that rows changed
        self.entries: list[RecordChange] = []
        self.saved: Record | None = None  # by the row applied last; None: it failed
        self.record_id = 0  # what the row applied last saved, or found before it failed; 0: none
        self.further: Sequence[Record] = ()  # created by the row applied last besides its own

    @property
    def findings(self) -> Sequence[Finding]:
        """What is wrong with the row applied last."""
        return self._row.findings

    @property
    def warnings(self) -> Sequence[str]:
        """What else there is to say about the row applied last."""
        return self._row.warnings

    @property
    def foreign_ids(self) -> Sequence[str]:
        """The fields in which the row applied last gives ids of another place."""
        return self._row.foreign_ids

    @property
    def amounts(self) -> Sequence[FoundAmount]:
        """The amounts of the row applied last, where they are wanted."""
        return self._row.amounts

    @property
    def wants_amounts(self) -> bool:
        """Whether the amounts of rows are to be noted."""
        return self._row.wants_amounts

    @wants_amounts.setter
    def wants_amounts(self, are_wanted: bool) -> None:
        self._row.wants_amounts = are_wanted

    def apply(self, number: int, candidate: Candidate) -> RowOutcome:
        """Apply one row; raises `Missing` (and leaves no trace) when something is not loaded."""
        state = self._state
        self.saved = None
        self.record_id = 0
        self.further = ()
        record = self._save(self._root, candidate)
        created, touched = state.created, state.touched
        is_created = any(each is record for each in created)
        findings = self._row.findings
        is_left_out = self._limit.leaves_out(record, self._row.key, findings, is_created=is_created)
        if findings or is_left_out:
            if record is not None and not is_created:
                self.record_id = record.id
            state.undo_row()
            return RowOutcome.SKIPPED if is_left_out else RowOutcome.FAILED
        assert record is not None, "a row without a record has an error"
        self.saved = record
        self.record_id = record.id
        if not created and not touched:
            return RowOutcome.UNCHANGED
        self.created += created
        is_changed = self._take_over(number, touched, created)
        if len(created) > is_created:
            self.further = [each for each in created if each is not record]
        if is_created:
            return RowOutcome.CREATED
        return RowOutcome.UPDATED if created or is_changed else RowOutcome.UNCHANGED

    def make(self, node: Node, candidate: Candidate) -> Record | None:
        """Create the record that a candidate means, or find it; None when something is wrong.

        Raises `Missing` (and leaves no trace) when something is not loaded.
        """
        record = self._save(node, candidate)
        if self._row.findings:
            self._state.undo_row()
            return None
        self.created += self._state.created
        return record

    def _save(self, node: Node, candidate: Candidate) -> Record | None:
        self._row.begin()
        try:
            return self._saver.save(node, candidate)
        except BaseException:
            self._state.undo_row()
            raise

    def collect(self, candidates: Sequence[Candidate], skips: Sequence[int]) -> None:
        """Let rows show what they need, without effect; it is then in `ChunkState.demands`.

        `skips` says how many ids others take before each of them; none before the first one.
        """
        state = self._state
        ids = state.ids
        before = ids.taken
        state.collecting = True
        try:
            for index, (candidate, skip) in enumerate(zip(candidates, skips, strict=True)):
                if index:
                    ids.take_many(skip)
                self._row.begin()
                self._saver.save(self._root, candidate)
                taken = ids.taken
                state.undo_row()
                # The next row looks for what is generated from the ids that it is going to have.
                ids.wind_to(taken)
        finally:
            state.collecting = False
            state.undo_row()
            ids.wind_to(before)

    def _take_over(
        self,
        number: int,
        touched: Mapping[Record, tuple[list[Any], tuple[int, ...] | None]],
        created: Sequence[Record],
    ) -> bool:
        """Note the records that a row changed, one entry for each; whether there are any."""
        fresh = set(created)
        is_changed = False
        for record, (values, tags) in touched.items():
            if record in fresh or (values == record.values and tags == record.tags):
                continue  # nested elements may change a record there and back
            is_changed = True
            if not record.is_new:
                self.dirty[record] = None
            table = record.table.plan
            changes: dict[str, tuple[Any, Any]] = {
                name: (values[column], record.values[column])
                for column, name in table.journaled
                if values[column] != record.values[column]
            }
            if tags != record.tags:
                changes["tags"] = (tags, record.tags)
            if changes:
                type_column = table.index.get("type")
                type_ = table.name if type_column is None else record.values[type_column]
                self.entries.append(RecordChange(number, record.id, table, type_, changes))
        return is_changed
