"""What a chunk knows of the database, and what its rows have made of it.

Records are held in one identity map per table, by id and by each key. `None` in a map says that
the database has nothing there; an absent entry says that nobody asked. So a lookup has three
answers, and the third is a demand:

- applying a row, it raises `Missing`; the caller loads what is demanded and applies the row again,
- collecting (`demands` of many rows at once), it counts as nothing, so that the row goes on and
  shows its further demands.

Every change of a row is written to the undo log, so that a failed row, or one that met `Missing`,
leaves no trace: no customer it would have created, no number it would have taken.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from longshore.database import NewIds
from longshore.engine.plan.table_plans import KeyPlan, TablePlan, ValuesByColumn

_NOTHING: Final = object()  # an entry that the undo log removes again


class Missing(Exception):
    """A row needs something that the chunk has not loaded; it stands in `ChunkState.demands`."""


class Record:
    """A stored thing as the chunk sees it. `values` is replaced, never changed in place."""

    __slots__ = ("id", "is_new", "stored", "stored_tags", "table", "tags", "values")

    def __init__(self, table: "TableState", id: int, values: list[Any], *, is_new: bool) -> None:
        self.table = table
        self.id = id
        self.values = values  # laid out by TablePlan.columns
        self.stored: list[Any] | None = None if is_new else values  # as the database has it
        self.is_new = is_new
        self.tags: tuple[int, ...] | None = () if is_new else None  # ascending; None: not loaded
        self.stored_tags: tuple[int, ...] | None = self.tags


@dataclass(slots=True)
class Demands:
    """What to load for one table."""

    ids: set[int] = field(default_factory=set)
    keys: dict[int, set[str]] = field(default_factory=dict)  # index of the key -> values
    children: dict[int, set[int]] = field(default_factory=dict)  # column of the parent -> parents
    tags: set[int] = field(default_factory=set)  # records whose tags are wanted

    def __bool__(self) -> bool:
        return bool(self.ids or self.keys or self.children or self.tags)


class TableState:
    """The identity map of one table."""

    __slots__ = ("by_id", "by_key", "children", "plan")

    def __init__(self, plan: TablePlan) -> None:
        self.plan = plan
        self.by_id: dict[int, Record | None] = {0: None}  # 0 stands for what is no id
        # Per key: the holder of a unique value, or the tuple of holders of one that is not unique.
        self.by_key: tuple[dict[str, Any], ...] = tuple({} for _ in plan.keys)
        self.children: dict[int, dict[int, tuple[Record, ...]]] = {
            column: {} for column in plan.parent_columns
        }


class ChunkState:
    """The identity maps of a chunk, its demands and the undo log of the row at hand."""

    def __init__(self, tables: Iterable[TablePlan], ids: NewIds) -> None:
        self.tables = {plan.name: TableState(plan) for plan in tables}
        self.demands: dict[str, Demands] = {}
        self.collecting = False
        self.records_count = 0  # loaded and created
        self.ids = ids  # for records that are created
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []
        self.touched: dict[Record, tuple[list[Any], tuple[int, ...] | None]] = {}
        self.created: list[Record] = []
        self._ids_before = ids.taken

    @property
    def first_new_id(self) -> float:
        """Ids from here on exist only in this chunk."""
        return self.ids.first

    # Lookups

    def find(self, table: TableState, id: int) -> Record | None:
        """The record with this id."""
        try:
            return table.by_id[id]
        except KeyError:
            if id >= self.first_new_id:
                return None
            self.demanded(table.plan.name).ids.add(id)
            self._missing()
            return None

    def find_by_key(self, table: TableState, index: int, key: str) -> Any:
        """The holder(s) of a key's value: Record or None; a tuple when the key is not unique."""
        try:
            return table.by_key[index][key]
        except KeyError:
            self.demanded(table.plan.name).keys.setdefault(index, set()).add(key)
            self._missing()
            return None if table.plan.keys[index].is_unique else ()

    def is_of_chunk(self, plan: KeyPlan, values: ValuesByColumn) -> bool:
        """Whether a key names a record of this chunk: then nothing that is stored has it."""
        for part in plan.parts:
            if part.is_target:
                target = values[part.column]
                if target is not None and target >= self.first_new_id:
                    return True
        return False

    def children_of(self, table: TableState, column: int, parent: int) -> tuple[Record, ...]:
        """The records of a table whose column holds the parent's id, in id order."""
        try:
            return table.children[column][parent]
        except KeyError:
            if parent >= self.first_new_id:
                return ()
            self.demanded(table.plan.name).children.setdefault(column, set()).add(parent)
            self._missing()
            return ()

    def tags_of(self, record: Record) -> tuple[int, ...]:
        """The ids of a record's tags, ascending."""
        if record.tags is None:
            self.demanded(record.table.plan.name).tags.add(record.id)
            self._missing()
            return ()
        return record.tags

    def demanded(self, table: str) -> Demands:
        """What is demanded of a table so far, to be added to."""
        return self.demands.setdefault(table, Demands())

    def _missing(self) -> None:
        if not self.collecting:
            raise Missing

    # Changes of a row

    def create(self, table: TableState, values: list[Any]) -> Record:
        """A record that the row at hand creates, with the next id."""
        record = Record(table, self.ids.take(), values, is_new=True)
        by_id = table.by_id
        by_id[record.id] = record
        self._undo.append((by_id, record.id, _NOTHING))
        self.created.append(record)
        for column, of_parent in table.children.items():
            self._add_child(of_parent, values[column], record)
        for index, key in enumerate(table.plan.keys):
            value = values[key.column]
            if value is not None:
                self._hold(table, index, value, record)
        return record

    def replace(self, record: Record, values: list[Any]) -> None:
        """Give a record other values; its keys and parents follow."""
        table = record.table
        old = record.values
        self.touched.setdefault(record, (old, record.tags))
        record.values = values
        for index, key in enumerate(table.plan.keys):
            if values[key.column] != old[key.column]:
                self._release(table, index, old[key.column], record)
                self._hold(table, index, values[key.column], record)
        for column, of_parent in table.children.items():
            if values[column] != old[column]:
                self._remove_child(of_parent, old[column], record)
                self._add_child(of_parent, values[column], record)

    def retag(self, record: Record, tags: tuple[int, ...]) -> None:
        """Give a record another set of tags, ascending."""
        self.touched.setdefault(record, (record.values, record.tags))
        record.tags = tags

    def begin_row(self) -> None:
        self._undo.clear()
        self.touched = {}
        self.created = []
        self._ids_before = self.ids.taken

    def undo_row(self) -> None:
        """Take back everything since `begin_row`."""
        for mapping, key, before in reversed(self._undo):
            if before is _NOTHING:
                del mapping[key]
            else:
                mapping[key] = before
        for record, (values, tags) in self.touched.items():
            record.values = values
            record.tags = tags
        self.ids.wind_to(self._ids_before)
        self.begin_row()

    def _set(self, mapping: dict[Any, Any], key: Any, value: Any) -> None:
        self._undo.append((mapping, key, mapping.get(key, _NOTHING)))
        mapping[key] = value

    def _hold(self, table: TableState, index: int, key: str | None, record: Record) -> None:
        if key is None:
            return
        holders = table.by_key[index]
        plan = table.plan.keys[index]
        if plan.is_unique:
            self._undo.append((holders, key, holders.get(key, _NOTHING)))
            holders[key] = record
        elif key in holders or self.is_of_chunk(plan, record.values):
            # Nobody asked for any other value that is absent here: whoever does loads the stored
            # holders first, and those of this chunk with them.
            self._set(holders, key, _in_id_order((*holders.get(key, ()), record)))

    def _release(self, table: TableState, index: int, key: str | None, record: Record) -> None:
        if key is None:
            return
        holders = table.by_key[index]
        if table.plan.keys[index].is_unique:
            if holders.get(key, record) is record:
                self._set(holders, key, None)
        elif key in holders:
            self._set(holders, key, tuple(each for each in holders[key] if each is not record))

    def _add_child(
        self, of_parent: dict[int, tuple[Record, ...]], parent: int | None, record: Record
    ) -> None:
        if parent is None:
            return
        if parent in of_parent or parent >= self.first_new_id:
            self._set(of_parent, parent, _in_id_order((*of_parent.get(parent, ()), record)))

    def _remove_child(
        self, of_parent: dict[int, tuple[Record, ...]], parent: int | None, record: Record
    ) -> None:
        if parent is not None and parent in of_parent:
            rest = tuple(child for child in of_parent[parent] if child is not record)
            self._set(of_parent, parent, rest)

    # What was loaded

    def adopt(self, table: TableState, rows: Iterable[tuple[Any, ...]]) -> Iterator[Record]:
        """Take over loaded rows (id, then TablePlan.columns); yields the record of each.

        A record that is here already stays as it is: the chunk may have changed it.
        """
        for id, *values in rows:
            record = table.by_id.get(id)
            if record is None:
                record = Record(table, id, values, is_new=False)
                table.by_id[id] = record
                self.records_count += 1
                for index, key in enumerate(table.plan.keys):
                    value = values[key.column]
                    if key.is_unique and value is not None:
                        table.by_key[index].setdefault(value, record)
            yield record

    def holders_in_chunk(self, table: TableState, index: int) -> dict[str, list[Record]]:
        """The records at hand by the value of a key, whether or not anybody asked for it."""
        column = table.plan.keys[index].column
        holders: dict[str, list[Record]] = {}
        for record in table.by_id.values():
            if record is not None and record.values[column] is not None:
                holders.setdefault(record.values[column], []).append(record)
        return holders


def _in_id_order(records: tuple[Record, ...]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda record: record.id))
