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

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, overload

from longshore.database import NewIds
from longshore.engine.plan.table_plans import KeyPlan, TablePlan, ValuesByColumn
from longshore.engine.row.record_index import RecordIndex, Shape, TargetIndex

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


class RecordsOf(Sequence[Record]):
    """Records in id order, as they are when somebody looks at them."""

    def __init__(self, table: "TableState", ids: Sequence[int]) -> None:
        self._table = table
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | Sequence[Record]:
        if isinstance(index, slice):
            return [self._table.record(id) for id in self._ids[index]]
        return self._table.record(self._ids[index])

    def __iter__(self) -> Iterator[Record]:
        return iter(self[:])


class TableState:
    """The identity map of one table."""

    __slots__ = ("_indexes", "by_id", "by_key", "changed", "children", "plan")

    def __init__(self, plan: TablePlan) -> None:
        self.plan = plan
        self.by_id: dict[int, Record | None] = {0: None}  # 0 stands for what is no id
        # Per key: the holder of a unique value; the values of which all holders are here.
        self.by_key: tuple[dict[str, Record | None], ...] = tuple({} for _ in plan.keys)
        # Per column of a parent: the stored parents of which all children are here.
        self.children: dict[int, set[int]] = {column: set() for column in plan.parent_columns}
        self.changed: list[int] = []  # ids of records that came, changed or went, in that order
        self._indexes: dict[Any, Any] = {}

    def record(self, id: int) -> Record:
        """A record that is here."""
        record = self.by_id[id]
        assert record is not None
        return record

    def index(self, column: int, shape: Shape = ()) -> RecordIndex:
        """The records by a column and what a shape compares."""
        found: RecordIndex | None = self._indexes.get((column, shape))
        if found is None:
            found = self._indexes[column, shape] = RecordIndex(self, column, shape)
        return found

    def index_of_targets(
        self,
        column: int,
        shape: Shape,
        *,
        target_column: int,
        targets: "TableState",
        target_shape: Shape,
    ) -> TargetIndex:
        """The same, and by what a shape compares of the target in a column."""
        key = (column, shape, target_column, target_shape)
        found: TargetIndex | None = self._indexes.get(key)
        if found is None:
            found = self._indexes[key] = TargetIndex(
                self,
                column,
                shape,
                target_column=target_column,
                targets=targets,
                target_shape=target_shape,
            )
        return found


class ChunkState:
    """The identity maps of a chunk, its demands and the undo log of the row at hand."""

    def __init__(
        self,
        tables: Iterable[TablePlan],
        ids: NewIds,
        generated_keys: set[str] | None = None,
    ) -> None:
        """`generated_keys` is added to, for somebody who wants to know them."""
        self.tables = {plan.name: TableState(plan) for plan in tables}
        self.demands: dict[str, Demands] = {}
        self.collecting = False
        self.missed = False  # something was asked for that nobody has loaded
        self.records_count = 0  # loaded and created
        self.ids = ids  # for records that are created
        # Keys that follow from ids alone; that one is sought says nothing about the rows.
        self.generated_keys: set[str] = set() if generated_keys is None else generated_keys
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []
        self.touched: dict[Record, tuple[list[Any], tuple[int, ...] | None]] = {}
        self.created: list[Record] = []
        self._ids_before = ids.taken

    # Lookups

    def find(self, table: TableState, id: int) -> Record | None:
        """The record with this id."""
        try:
            return table.by_id[id]
        except KeyError:
            if self.ids.has(id):
                return None
            self.demanded(table.plan.name).ids.add(id)
            self._missing()
            return None

    def find_by_key(self, table: TableState, index: int, key: str) -> Any:
        """The holder(s) of a key's value: Record or None; several when the key is not unique."""
        plan = table.plan.keys[index]
        if key not in table.by_key[index]:
            self.demanded(table.plan.name).keys.setdefault(index, set()).add(key)
            self._missing()
            return None if plan.is_unique else ()
        return table.by_key[index][key] if plan.is_unique else holders_here(table, plan, key)

    def is_of_chunk(self, plan: KeyPlan, values: ValuesByColumn) -> bool:
        """Whether a key names a record of this chunk: then nothing that is stored has it."""
        for part in plan.parts:
            if part.is_target:
                target = values[part.column]
                if target is not None and self.ids.has(target):
                    return True
        return False

    def children_of(self, table: TableState, column: int, parent: int) -> Sequence[Record]:
        """The records of a table whose column holds the parent's id, in id order."""
        if parent not in table.children[column] and not self.ids.has(parent):
            self.demanded(table.plan.name).children.setdefault(column, set()).add(parent)
            self._missing()
            return ()
        return RecordsOf(table, table.index(column).ids(parent))

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
        self.missed = True
        if not self.collecting:
            raise Missing

    # Changes of a row

    def create(self, table: TableState, values: list[Any]) -> Record:
        """A record that the row at hand creates, with the next id."""
        record = Record(table, self.ids.take(), values, is_new=True)
        table.by_id[record.id] = record
        table.changed.append(record.id)
        self.created.append(record)
        for index, key in enumerate(table.plan.keys):
            value = values[key.column]
            if value is not None:
                self._hold(table, index, value, record)
        return record

    def replace(self, record: Record, values: list[Any]) -> None:
        """Give a record other values; its keys follow."""
        table = record.table
        old = record.values
        self.touched.setdefault(record, (old, record.tags))
        record.values = values
        table.changed.append(record.id)
        for index, key in enumerate(table.plan.keys):
            if values[key.column] != old[key.column]:
                self._release(table, index, old[key.column], record)
                self._hold(table, index, values[key.column], record)

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
            record.table.changed.append(record.id)
        for record in self.created:
            del record.table.by_id[record.id]
            record.table.changed.append(record.id)
        self.ids.wind_to(self._ids_before)
        self.begin_row()

    def _hold(self, table: TableState, index: int, key: str | None, record: Record) -> None:
        if key is not None and table.plan.keys[index].is_unique:
            self._set(table.by_key[index], key, record)

    def _release(self, table: TableState, index: int, key: str | None, record: Record) -> None:
        if key is not None and table.plan.keys[index].is_unique:
            holders = table.by_key[index]
            if holders.get(key, record) is record:
                self._set(holders, key, None)

    def _set(self, holders: dict[str, Record | None], key: str, record: Record | None) -> None:
        self._undo.append((holders, key, holders.get(key, _NOTHING)))
        holders[key] = record

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
                table.changed.append(id)
                self.records_count += 1
                for index, key in enumerate(table.plan.keys):
                    value = values[key.column]
                    if key.is_unique and value is not None:
                        table.by_key[index].setdefault(value, record)
            yield record


def holders_here(table: TableState, key: KeyPlan, value: str) -> Sequence[Record]:
    """The records at hand that have the value of a key which is not unique, in id order."""
    return RecordsOf(table, table.index(key.column).ids(value))
