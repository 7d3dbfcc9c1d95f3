"""Values that are known only once ids are given: targets that rows make, and what is generated."""

from collections.abc import Sequence
from typing import Any

from longshore.database import Transaction
from longshore.engine.chunk.flat_rows import FlatRows
from longshore.engine.chunk.key_columns import key_column, repeated, rows_with
from longshore.engine.chunk.sheet import blank_rows
from longshore.engine.chunk.target_columns import Sources
from longshore.engine.plan.nodes import Node
from longshore.engine.row.chunk_state import Record


class MadeValues:
    """Completes the flat rows of one node."""

    def __init__(self, node: Node, sources: Sources) -> None:
        self._node = node
        self._table = node.table
        self._source = sources[node.table.name]

    def settle(
        self,
        tx: Transaction,
        flat: FlatRows,
        made: Sequence[Record],
        generated_keys: set[str],
    ) -> list[int]:
        """Put ids in place of stand-ins, and make generated values.

        Keys that follow from ids alone are added to `generated_keys` before they are sought.
        `made` are the records that odd rows have created. Returns the rows that have to be odd,
        because a generated value is what another row names, or cannot be made.
        """
        self._settle_targets(flat)
        if not self._node.generated:
            return []
        odd = self._rows_named_by(flat, made)
        required = {each.column for each in self._node.required if each.holds is None}
        for column, generator in self._node.generated:
            cells = list(flat.created[column])
            for at in blank_rows(cells):
                values = _ValuesOfOne(flat.created, at)
                cells[at] = generator.make(values, self._table.index, flat.ids[at])
            flat.created[column] = cells
            if column in required:
                odd.update(flat.creating[at] for at in blank_rows(cells))
            for index, plan in enumerate(self._table.keys):
                if any(part.column == column for part in plan.parts):
                    noted = generated_keys if generator.is_of_id else None
                    odd |= self._rekey(tx, flat, index, noted)
        return sorted(row for row in odd if not flat.odd[row])

    def _settle_targets(self, flat: FlatRows) -> None:
        """Put ids in place of the stand-ins of newcomers, in keys as well."""
        newcomers = flat.newcomers
        if not newcomers.before:
            return
        for step in (*self._node.targets, *self._node.deferred):
            column = step.column
            if column is None or not any(naming.creates for naming in step.namings):
                continue
            standing = [at for at, id in enumerate(flat.after[column]) if id is not None and id < 0]
            flat.created[column] = newcomers.settled(flat.created[column])
            flat.after[column] = newcomers.settled(flat.after[column])
            for plan in self._table.keys:
                if any(part.column == column for part in plan.parts):
                    flat.created[plan.column] = key_column(plan, flat.created, len(flat.creating))
                    cells = list(flat.after[plan.column])
                    for at in standing:
                        cells[at] = plan.of(_ValuesOfOne(flat.after, at))
                    flat.after[plan.column] = cells

    def _rows_named_by(self, flat: FlatRows, made: Sequence[Record]) -> set[int]:
        """The rows that touch a unique key which an odd row has generated."""
        rows: set[int] = set()
        for index, plan in enumerate(self._table.keys):
            if plan.is_unique:
                taken = {
                    each.values[plan.column] for each in made if each.table.plan is self._table
                }
                rows.update(rows_with(flat.keys[index], taken - {None}))
        return rows

    def _rekey(
        self, tx: Transaction, flat: FlatRows, index: int, noted: set[str] | None
    ) -> set[int]:
        """Compute a key of generated parts, and note it; the rows whose key somebody else has, and
        those who name it."""
        plan = self._table.keys[index]
        given = flat.created[plan.column]
        made = key_column(plan, flat.created, len(flat.creating))
        flat.created[plan.column] = made
        if not plan.is_unique:
            return set()
        fresh = [at for at, key in enumerate(made) if key is not None and given[at] is None]
        wanted = {made[at] for at in fresh}
        if noted is not None:
            noted.update(key for key in wanted if key is not None)
        at_key, name = plan.column + 1, self._table.columns[plan.column]
        held = {record[at_key] for record in self._source.by(tx, name, wanted)}
        held |= wanted & set(flat.keys[index])
        if len(wanted) < len(fresh):
            held |= repeated([made[at] for at in fresh])
        rows = {flat.creating[at] for at in fresh if made[at] in held}
        return rows | set(rows_with(flat.keys[index], held))


class _ValuesOfOne:
    """The values of one row, by column."""

    __slots__ = ("_at", "_columns")

    def __init__(self, columns: Sequence[Sequence[Any]], at: int) -> None:
        self._columns = columns
        self._at = at

    def __getitem__(self, column: int) -> Any:
        return self._columns[column][self._at]
