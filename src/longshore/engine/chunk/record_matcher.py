"""Which stored records many rows mean, what they change in them, and which rows meet.

Rows meet where two of them mean one record, or touch one key of which one is unique or finds a
record: the order of these counts, so they are odd.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import ne
from typing import Any, TypeAlias

from longshore.database import Transaction
from longshore.engine.chunk.key_columns import repeated, rows_with
from longshore.engine.chunk.sheet import Sheet, overlaid, picked
from longshore.engine.chunk.target_columns import Sources, TargetColumn
from longshore.engine.plan.nodes import Node
from longshore.engine.values.candidate import ABSENT

StoredRecord: TypeAlias = tuple[Any, ...]  # id, then the values by column of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What the rows of a sheet mean."""

    records: Sequence[StoredRecord | None]  # by row; None: none that is stored
    by_key: Mapping[int, Sequence[int]]  # key of the table -> rows that are matched by it
    found: Sequence[int]  # rows that mean a stored record, ascending

    def of(self, rows: Sequence[int]) -> Sequence[StoredRecord]:
        """The stored records of rows that mean one."""
        return picked(self.records, rows)


class RecordMatcher:
    """Matches the rows of one node."""

    def __init__(self, node: Node, sources: Sources) -> None:
        self._node = node
        self._table = node.table
        self._source = sources[node.table.name]

    def _by_id(self, tx: Transaction, sheet: Sheet) -> dict[int, StoredRecord | None]:
        """The records of the rows that give an id, None where there is none; those are odd."""
        node = self._node
        if node.id_slot is None:
            return {}
        given = sheet.fields[node.id_slot]
        wanted = set(given) - {ABSENT, None}
        if not wanted:
            return {}
        stored = {record[0]: record for record in self._source.by_id(tx, wanted - {0})}
        by_id: dict[int, StoredRecord | None] = {}
        for row, id in enumerate(given):
            if id is ABSENT or id is None:
                continue
            record = stored.get(id)
            if record is None or not self._is_of(record):
                record = None
                sheet.odd[row] = 1
            by_id[row] = record
        return by_id

    def match(self, tx: Transaction, sheet: Sheet, keys: Sequence[Sequence[Any]]) -> Matches:
        """The stored record that each row means: by its id, else by the first key that it names.

        Rows that may mean several, or one that is not there, become odd.
        """
        by_id = self._by_id(tx, sheet)
        matched: list[StoredRecord | None] = [None] * sheet.count
        left: Sequence[int] = range(sheet.count)
        if by_id:
            for row, record in by_id.items():
                matched[row] = record
            left = [row for row in left if row not in by_id]
        by_key: dict[int, Sequence[int]] = {}
        for index in self._node.match_keys:
            column = keys[index]
            if None in column or len(left) < sheet.count:
                rows: Sequence[int] = [row for row in left if column[row] is not None]
                left = [row for row in left if column[row] is None]
            else:
                rows, left = left, ()
            if rows:
                by_key[index] = rows
                self._match_by(tx, sheet, index, column, rows, matched)
        found = [row for row, record in enumerate(matched) if record is not None]
        return Matches(records=matched, by_key=by_key, found=found)

    def _match_by(
        self,
        tx: Transaction,
        sheet: Sheet,
        index: int,
        column: Sequence[Any],
        rows: Sequence[int],
        matched: list[StoredRecord | None],
    ) -> None:
        plan = self._table.keys[index]
        name, at = self._table.columns[plan.column], plan.column + 1
        wanted = set(picked(column, rows))
        stored = self._source.by(tx, name, wanted)
        if not stored:
            return
        if plan.is_unique:
            by_key = {record[at]: record for record in stored}
            if len(rows) == sheet.count:
                matched[:] = map(by_key.get, column)
            else:
                for row in rows:
                    matched[row] = by_key.get(column[row])
            if self._node.types is not None:
                # The key is held by a record of another type: it is taken.
                others = {key for key, record in by_key.items() if not self._is_of(record)}
                sheet.mark(row for row in rows if column[row] in others)
            return
        holders: dict[Any, list[StoredRecord]] = {}
        for record in stored:
            if self._is_of(record):
                holders.setdefault(record[at], []).append(record)
        for row in rows:
            fitting = holders.get(column[row])
            if fitting is not None:
                matched[row] = fitting[0]
                if len(fitting) > 1:
                    sheet.odd[row] = 1

    def _is_of(self, record: StoredRecord) -> bool:
        """Whether a record of a family is of a type that the node means."""
        node = self._node
        if node.types is None or node.type_column is None:
            return True
        return record[node.type_column + 1] in node.types

    def changes(
        self, sheet: Sheet, targets: Sequence[TargetColumn], matches: Matches
    ) -> tuple[list[Sequence[Any]], list[Sequence[Any]]]:
        """The columns of the records that rows mean, as they are and as they would become."""
        found = matches.found
        if not found:
            nothing: list[Sequence[Any]] = [()] * len(self._table.columns)
            return nothing, nothing
        node = self._node
        stored = zip(*matches.of(found), strict=True)
        before: list[Sequence[Any]] = list[Sequence[Any]](stored)[1:]
        after = list(before)
        for slot, column in node.update_assigns:
            after[column] = overlaid(picked(sheet.fields[slot], found), before[column])
        # What found a record does not rename it: only an id does.
        for index, rows in matches.by_key.items():
            for part in self._table.keys[index].parts:
                if not part.is_target and after[part.column] is not before[part.column]:
                    after[part.column] = self._kept(part.column, matches, rows, before, after)
        for target in targets:
            step = target.step
            if step.updatable and step.column is not None:
                after[step.column] = overlaid(picked(target.ids, found), before[step.column])
                if step.type_column is not None and target.types is not None:
                    types = picked(target.types, found)
                    after[step.type_column] = overlaid(types, before[step.type_column])
        return before, after

    def _kept(
        self,
        column: int,
        matches: Matches,
        rows: Sequence[int],
        before: Sequence[Sequence[Any]],
        after: Sequence[Sequence[Any]],
    ) -> Sequence[Any]:
        """A text of the key by which rows are matched, as their records have it."""
        if len(matches.by_key) == 1 and self._node.id_slot is None:
            return before[column]
        by_this = set(rows)
        return [
            old if row in by_this else new
            for row, old, new in zip(matches.found, before[column], after[column], strict=True)
        ]

    def mark_meetings(
        self,
        tx: Transaction,
        sheet: Sheet,
        keys: list[Sequence[Any]],
        matches: Matches,
        before: Sequence[Sequence[Any]],
        after: list[Sequence[Any]],
    ) -> None:
        """Make the rows odd that touch a record or a key which another row touches as well."""
        found = matches.found
        ids = [record[0] for record in matches.of(found)]
        twice = repeated(ids)
        sheet.mark(row for row, id in zip(found, ids, strict=True) if id in twice)
        for index, plan in enumerate(self._table.keys):
            touched = list(keys[index])
            given_up: set[Any] = set()
            if found:
                self._rekey(sheet, index, found, before, after, touched, given_up)
            keys[index] = touched
            if plan.is_unique:
                sheet.mark(rows_with(touched, repeated(touched) | given_up))
                self._mark_taken(tx, sheet, index, touched, matches)
            elif index in matches.by_key:
                sheet.mark(rows_with(touched, repeated(touched) | given_up))

    def _rekey(
        self,
        sheet: Sheet,
        index: int,
        found: Sequence[int],
        before: Sequence[Sequence[Any]],
        after: list[Sequence[Any]],
        touched: list[Any],
        given_up: set[Any],
    ) -> None:
        """Let the key of stored records follow their parts; one that changes hands is odd."""
        plan = self._table.keys[index]
        stored = before[plan.column]
        for row, key in zip(found, stored, strict=True):
            touched[row] = key
        changed: set[int] = set()
        for part in plan.parts:
            old, new = before[part.column], after[part.column]
            if old is not new and old != new:
                changed.update(compress(range(len(found)), map(ne, old, new)))
        if not changed:
            return
        column = list(stored)
        for at in changed:
            values = {part.column: after[part.column][at] for part in plan.parts}
            column[at] = touched[found[at]] = plan.of(values)
            given_up.add(stored[at])
            if plan.is_unique:
                sheet.odd[found[at]] = 1
        given_up.discard(None)
        after[plan.column] = column

    def _mark_taken(
        self,
        tx: Transaction,
        sheet: Sheet,
        index: int,
        touched: Sequence[Any],
        matches: Matches,
    ) -> None:
        """Make the rows odd that would take a unique key which a stored record has.

        Rows that are matched by the key have looked: nobody has it.
        """
        by_this = matches.by_key.get(index, ())
        if len(by_this) == sheet.count:
            return
        looked = set(by_this)
        rows = [
            row
            for row, key in enumerate(touched)
            if key is not None and matches.records[row] is None and row not in looked
        ]
        if rows:
            plan = self._table.keys[index]
            at, name = plan.column + 1, self._table.columns[plan.column]
            wanted = set(picked(touched, rows))
            held = {record[at] for record in self._source.by(tx, name, wanted)}
            sheet.mark(row for row in rows if touched[row] in held)
