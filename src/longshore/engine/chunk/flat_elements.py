"""Elements of nested collections judged as columns, where their owners are about to be created.

A new record has no elements that are stored, so its elements need no match: each is created. Where
one of them is not surely fine, or two touch one key, their owner is odd.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from longshore.database import Transaction
from longshore.engine.chunk.key_columns import key_column, repeated, rows_with
from longshore.engine.chunk.newcomers import Newcomers
from longshore.engine.chunk.node_columns import NodeColumns
from longshore.engine.chunk.record_matcher import Matches
from longshore.engine.chunk.rule_rows import RuleRunner
from longshore.engine.chunk.sheet import Sheet, picked
from longshore.engine.chunk.target_columns import Sources
from longshore.engine.plan.nodes import Collection
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.values.candidate import ABSENT

_FIRST_OWNER: Final = -(1 << 40)  # the ids that owners do not have yet are counted down from here


class FlatElements:
    """The elements of one collection that flat rows create."""

    def __init__(
        self,
        table: TablePlan,
        owner_column: int,
        owners: Sequence[int],
        values: Sequence[Sequence[Any]],
    ) -> None:
        self.table = table
        self.owners = owners  # the row of each element, ascending
        self.values = list(values)  # columns of the table
        self.ids: list[int] = []
        self._owner_column = owner_column
        self._counts: Mapping[int, int] = {}

    def leave_out(self, odd: bytearray) -> None:
        """Take away the elements of odd rows."""
        if any(odd[row] for row in self.owners):
            kept = [at for at, row in enumerate(self.owners) if not odd[row]]
            self.owners = [self.owners[at] for at in kept]
            self.values = [picked(column, kept) for column in self.values]
        self._counts = Counter(self.owners)

    def count(self, row: int) -> int:
        """How many elements a row has."""
        return self._counts.get(row, 0)

    def end_before(self, end: int) -> None:
        """Leave out the elements of rows from one on; the others have their ids."""
        count = bisect_left(self.owners, end)
        if count < len(self.owners):
            self.owners = self.owners[:count]
            self.values = [column[:count] for column in self.values]

    def settle(self, ids: Mapping[int, int]) -> None:
        """Put the ids of the owners in place, by row; in keys as well."""
        at_owner = self._owner_column
        self.values[at_owner] = [ids[row] for row in self.owners]
        for plan in self.table.keys:
            if any(part.column == at_owner for part in plan.parts):
                self.values[plan.column] = key_column(plan, self.values, len(self.owners))


class ElementColumns:
    """Judges the elements of one collection."""

    def __init__(self, collection: Collection, owner: TablePlan, sources: Sources) -> None:
        node = collection.node
        self._collection = collection
        self._owner_table = owner
        self._node = node
        self._columns = NodeColumns(node, sources)
        tags = node.tags
        self._odd_slots = [*node.collection_slots]
        if tags is not None:
            self._odd_slots += [
                slot
                for slot in (*tags.set_slots, tags.add_slot, tags.remove_slot)
                if slot is not None
            ]
        self._is_open = (
            not node.generated
            and all(
                any(part.column == collection.owner_column for part in key.parts)
                for key in node.table.keys
                if key.is_unique or key.matches
            )
            and not any(naming.creates for step in node.targets for naming in step.namings)
        )

    def mark_owners(self, sheet: Sheet, matches: Matches) -> None:
        """Make the rows odd whose elements cannot be judged as columns."""
        slot = self._collection.slot
        if sheet.names(slot):
            records = matches.records
            sheet.mark(
                row
                for row, elements in enumerate(sheet.fields[slot])
                if elements is not ABSENT
                and elements
                and (not self._is_open or records[row] is not None)
            )

    def judge(
        self,
        tx: Transaction,
        sheet: Sheet,
        rows: Sequence[int],
        values: Sequence[Sequence[Any]],
        rules: RuleRunner,
    ) -> FlatElements:
        """Judge the elements of rows that create a record with these values.

        Rows with an element that is not surely fine become odd.
        """
        collection, node = self._collection, self._node
        table, at_owner = node.table, collection.owner_column
        column = sheet.fields[collection.slot]
        owners: list[int] = []
        fields: list[Sequence[Any]] = []
        wrong: list[int] = []
        for row in rows:
            elements = column[row]
            if elements is not ABSENT:
                for element, findings in elements:
                    if findings:
                        wrong.append(len(owners))
                    owners.append(row)
                    fields.append(element)
        if not owners:
            return FlatElements(table, at_owner, (), [()] * len(table.columns))
        inside = Sheet(list(zip(*fields, strict=True)) or [()], len(owners))
        inside.mark(wrong)
        for slot in self._odd_slots:
            inside.mark_named(slot)
        if node.id_slot is not None:
            ids = inside.fields[node.id_slot]
            inside.mark(at for at, id in enumerate(ids) if id is not ABSENT and id is not None)
        self._columns.read(tx, inside, Newcomers())
        inside.values[at_owner] = [_FIRST_OWNER - row for row in owners]
        for plan, keys in zip(table.keys, self._columns.keys(inside), strict=True):
            if plan.is_unique or plan.matches:
                inside.mark(rows_with(keys, repeated(keys)))
        every = range(len(owners))
        stand_ins = [_FIRST_OWNER - row for row in rows]
        with rules.knowing(self._owner_table, stand_ins, values):
            judged = self._columns.finished(tx, inside, every, inside.values, None, rules)
        self._columns.check_presence(inside, every, judged)
        sheet.mark(owners[at] for at, is_odd in enumerate(inside.odd) if is_odd)
        return FlatElements(table, at_owner, owners, judged)
