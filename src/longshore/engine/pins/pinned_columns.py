"""What of the records of a table a pin compares: the values of records, whole columns at a time.

Left out is what follows from other columns (keys, sums) and what says when something happened.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from longshore.engine.pins.made_records import MadeRecords
from longshore.engine.plan.generators import Generator
from longshore.engine.plan.nodes import Node, Plan
from longshore.engine.plan.table_plans import KeyPlan, PinnedAs, TablePlan

_encode = msgspec.msgpack.Encoder().encode
_GENERATED = "generated"  # stands for what a generator has made of an id


class PinnedColumns:
    """The pinned columns of one table."""

    def __init__(self, table: TablePlan, generated: Sequence[tuple[int, Generator]]) -> None:
        """`generated` are the columns whose values follow from ids, where a row gives none."""
        self._table = table
        self._generated = generated
        self._at = {column: at for at, (column, _) in enumerate(table.pinned)}
        # Keys made of ids, with how many of their parts are ids; these stand first.
        self._keys_of_ids = {
            table.columns[key.column]: (key, count)
            for key in table.keys
            if (count := sum(part.is_target for part in key.parts))
        }
        assert all(_begins_with_targets(key) for key, _ in self._keys_of_ids.values())
        self._id_columns = {
            table.columns[column] for column, how in table.pinned if how is PinnedAs.TARGET
        }

    def contents(self, made: MadeRecords, rows: Sequence[Sequence[Any]]) -> list[bytes]:
        """The pinned values of records (id, then the columns of the table), each as bytes."""
        if not self._at:
            return [b""] * len(rows)
        if not rows:
            return []
        columns = list(zip(*rows, strict=True))
        pinned = [_compared(how, columns[column + 1], made) for column, how in self._table.pinned]
        if self._generated and made.may_have_any(columns[0]):
            self._mask(made, columns[0], rows, pinned)
        return list(map(_encode, zip(*pinned, strict=True)))

    def key_names(self, made: MadeRecords, column: str, values: Collection[Any]) -> list[str]:
        """What stands for values that were sought in a column: keys, texts, or ids of parents."""
        if column in self._id_columns:
            return list(map(str, made.names(list(values))))
        if column not in self._keys_of_ids or not made.count:
            return list(values)
        key, count = self._keys_of_ids[column]
        return [_key_name(made, value, key.prefix, count) for value in values]

    def _mask(
        self,
        made: MadeRecords,
        ids: Sequence[int],
        rows: Sequence[Sequence[Any]],
        pinned: list[Sequence[Any]],
    ) -> None:
        """Put a word in place of values that were generated for records which the run has made."""
        index = self._table.index
        own = [at for at, id in enumerate(ids) if made.place(id)]
        for column, generator in self._generated:
            if column not in self._at:
                continue
            cells = list(pinned[self._at[column]])
            for at in own:
                value = rows[at][column + 1]
                if _is_made(value, generator.make(rows[at][1:], index, ids[at])):
                    cells[at] = _GENERATED
            pinned[self._at[column]] = cells


def pinned_columns(plan: Plan) -> Mapping[str, PinnedColumns]:
    """The pinned columns of all tables of a plan."""
    generated: dict[str, dict[int, Generator]] = {}
    for node in _nodes(plan.root):
        for column, generator in node.generated:
            if generator.is_of_id:
                generated.setdefault(node.table.name, {})[column] = generator
    return {
        name: PinnedColumns(table, list(generated.get(name, {}).items()))
        for name, table in plan.tables.items()
    }


def _nodes(root: Node) -> Iterator[Node]:
    """All nodes by which rows make records."""
    nodes = [root]
    while nodes:
        node = nodes.pop()
        yield node
        nodes += node.nested.values()
        for step in (*node.targets, *node.deferred):
            nodes += (naming.creates for naming in step.namings if naming.creates is not None)


def _compared(how: PinnedAs, cells: Sequence[Any], made: MadeRecords) -> Sequence[Any]:
    """Cells of a column as both databases and an overlay have them."""
    return _WAYS[how](cells, made)


_WAYS: Mapping[PinnedAs, Callable[[Sequence[Any], MadeRecords], Sequence[Any]]] = {
    PinnedAs.PLAIN: lambda cells, _: cells,
    PinnedAs.TARGET: lambda cells, made: made.names(cells),
    PinnedAs.BOOLEAN: lambda cells, _: [None if cell is None else bool(cell) for cell in cells],
    PinnedAs.FLOAT: lambda cells, _: [None if cell is None else float(cell) for cell in cells],
    PinnedAs.MOMENT: lambda cells, _: [cell is not None for cell in cells],
}


def _begins_with_targets(key: KeyPlan) -> bool:
    """Whether texts stand behind all ids of a key, so that ids are found without reading texts."""
    are_targets = [part.is_target for part in key.parts]
    return are_targets == sorted(are_targets, reverse=True)


def _key_name(made: MadeRecords, key: str, prefix: str, count: int) -> str:
    """A key with names in place of the ids, of which it has so many, of records that were made."""
    parts = key[len(prefix) :].split("\x1f", count)
    for at in range(count):
        place = made.place(int(parts[at])) if parts[at].isdecimal() else 0
        if place:
            parts[at] = f"#{place}"
    return prefix + "\x1f".join(parts)


def _is_made(value: Any, made: Any) -> bool:
    """Whether a value is the one that a generator makes, or one behind it where that was taken."""
    if value == made:
        return True
    if value.__class__ is not str or not value.startswith(made):
        return False
    return bool(value.removeprefix(made).removeprefix("-").isdecimal())
