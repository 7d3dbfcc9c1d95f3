"""Updates taken back as columns: of records that were changed once, and by nobody else since.

That is what nearly all updates of an import are. Where there is anything to judge that takes more
than a look at a column, a key that another record may have say, they go the way of all others.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import eq
from typing import Any

import msgspec

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.engine.chunk.key_columns import key_column
from longshore.engine.plan.table_plans import KeyPlan
from longshore.engine.undoing.stored_table import StoredTable, existing
from longshore.engine.undoing.taken_back import TakenBack
from longshore.engine.undoing.undo_family import UndoFamily
from longshore.journal import Actor, LaterEntry, MadeUpdate, NewUpdates, append_updates
from longshore.records import SumWriter, TableReader, sum_writers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shape:
    """How records are given back of which the same fields were changed."""

    table: StoredTable
    fields: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]  # that are read: those of the fields first
    reader: TableReader  # of the creator and these columns
    present: tuple[int, ...]  # fields that must not be blank, by index
    targets: tuple[tuple[int, str], ...]  # fields that hold ids, and the tables of these
    keys: tuple[KeyPlan, ...]  # that follow from the fields
    sums: tuple[SumWriter, ...]  # over records of the table

    def index(self, column: str) -> int:
        """Where a column stands in a row that is read, behind id and creator."""
        return self.columns.index(column) + 2


class FlatUpdatesBack:
    """Takes updates back as columns; for one environment."""

    def __init__(
        self,
        catalogue: Catalogue,
        table: Callable[[str], StoredTable],
        *,
        environment: int,
        family: UndoFamily,
        actor: Actor,
    ) -> None:
        self._catalogue = catalogue
        self._table = table
        self._environment = environment
        self._maker_id = family.maker.id
        self._actor = actor
        self._shapes: dict[tuple[str, tuple[str, ...]], _Shape | None] = {}

    def take_back(
        self,
        tx: Transaction,
        updates: Sequence[MadeUpdate],
        later: Mapping[int, Sequence[LaterEntry]],
    ) -> tuple[TakenBack, list[MadeUpdate]]:
        """Give back what can be as columns; the updates that are to go another way. `later` is what
        was changed since in their records."""
        taken = TakenBack()
        others: list[MadeUpdate] = []
        repeated = _repeated([each.record_id for each in updates])
        groups: dict[tuple[str, tuple[str, ...]], list[MadeUpdate]] = {}
        for update in updates:
            if update.record_id in later or update.record_id in repeated:
                others.append(update)
            else:
                key = (update.table_name, tuple(update.changes))
                groups.setdefault(key, []).append(update)
        for key, group in groups.items():
            if key not in self._shapes:
                self._shapes[key] = self._shape(*key)
            shape = self._shapes[key]
            others += group if shape is None else self._give_back(tx, shape, group, taken)
        others.sort(key=lambda each: each.id)
        return taken, others

    def _shape(self, table_name: str, fields: tuple[str, ...]) -> _Shape | None:
        """How records with these changed fields are given back; None: not as columns."""
        table = self._table(table_name)
        plan = table.plan
        if not fields or any(name not in plan.index for name in fields):
            return None
        changed = frozenset(plan.index[name] for name in fields)
        keys = [key for key in plan.keys if any(part.column in changed for part in key.parts)]
        links = {each.column: each for each in table.declared.links}
        kinds = {each.type_column for each in table.declared.links}
        required = [table.judged_fields(type_, changed) for type_ in table.declared.types]
        columns = {tuple(each.column for each in of_type) for of_type in required}
        if (
            any(key.is_unique for key in keys)
            or any(name in kinds for name in fields)
            or any(name in links and links[name].target is None for name in fields)
            or any(column in changed for column, _ in table.names)
            or not changed.isdisjoint(table.bounded)
            or any(each.holds is not None for of_type in required for each in of_type)
            or len(columns) != 1
        ):
            return None
        sums = tuple(sum_writers(self._catalogue, [table_name]))
        parts = (plan.columns[part.column] for key in keys for part in key.parts)
        parents = (link for each in sums for of, link in each.links if of == table_name)
        types = ("type",) if "type" in plan.index else ()
        read = tuple(dict.fromkeys((*fields, *parts, *parents, *types)))
        present = {plan.columns[column] for column in columns.pop() if column is not None}
        return _Shape(
            table=table,
            fields=fields,
            units=tuple(
                {table.unit_of(name): tuple(table.unit_of(name)) for name in fields}.values()
            ),
            columns=read,
            reader=TableReader(table_name, ("creator_id", *read)),
            present=tuple(at for at, name in enumerate(fields) if name in present),
            targets=tuple(
                (at, links[name].target or "") for at, name in enumerate(fields) if name in links
            ),
            keys=tuple(keys),
            sums=sums,
        )

    def _give_back(
        self, tx: Transaction, shape: _Shape, group: Sequence[MadeUpdate], taken: TakenBack
    ) -> list[MadeUpdate]:
        """Give back a group of updates; those that are to go another way."""
        by_id = {each.record_id: each for each in group}
        rows = shape.reader.by_id(tx, by_id)
        others = []
        if len(rows) < len(group):
            there = {row[0] for row in rows}
            others = [each for each in group if each.record_id not in there]
        rows = [row for row in rows if row[1] != self._maker_id]  # they live or die whole
        if not rows:
            return others
        updates = [by_id[row[0]] for row in rows]
        before = _before(shape, updates)
        odd = self._odd(tx, shape, rows, before)
        if any(odd):
            others += compress(updates, odd)
            is_flat = [not each for each in odd]
            rows, updates = [*compress(rows, is_flat)], [*compress(updates, is_flat)]
            before = [[*compress(column, is_flat)] for column in before]
        if rows:
            self._write(tx, shape, rows, updates, before, taken)
        return others

    def _odd(
        self,
        tx: Transaction,
        shape: _Shape,
        rows: Sequence[Sequence[Any]],
        before: Sequence[Sequence[Any]],
    ) -> list[bool]:
        """Which records are to be looked at one by one: something is wrong with what they would
        become, or they are so already."""
        odd = [False] * len(rows)
        for at, column in enumerate(before):
            current = [row[at + 2] for row in rows]
            if any(map(eq, current, column)):
                odd = [is_odd or a == b for is_odd, a, b in zip(odd, current, column, strict=True)]
        for at in shape.present:
            odd = [
                is_odd or value is None or (value.__class__ is str and not value.strip())
                for is_odd, value in zip(odd, before[at], strict=True)
            ]
        for at, table in shape.targets:
            wanted = {*before[at]} - {None}
            gone = wanted - existing(tx, table, wanted)
            if gone:
                odd = [is_odd or id in gone for is_odd, id in zip(odd, before[at], strict=True)]
        return odd

    def _write(
        self,
        tx: Transaction,
        shape: _Shape,
        rows: Sequence[Sequence[Any]],
        updates: Sequence[MadeUpdate],
        before: Sequence[Sequence[Any]],
        taken: TakenBack,
    ) -> None:
        table, plan, now = shape.table, shape.table.plan, tx.now()
        ids = [row[0] for row in rows]
        cells: list[Sequence[Any]] = [()] * len(plan.columns)
        for at, name in enumerate(shape.columns):
            is_given = at < len(shape.fields)
            cells[plan.index[name]] = before[at] if is_given else [row[at + 2] for row in rows]
        for key in shape.keys:
            cells[key.column] = key_column(key, cells, len(rows))
        written = (
            *(plan.index[name] for name in shape.fields),
            *(key.column for key in shape.keys),
        )
        table.writer.change_columns(tx, [(written, ids, cells)], now=now)
        for writer in shape.sums:
            parents = {
                id
                for of, link in writer.links
                if of == table.name
                for id in (*(row[shape.index(link)] for row in rows), *cells[plan.index[link]])
            }
            writer.recompute(tx, parents - {None})
            taken.tables.add(writer.table)
        self._append(tx, shape, rows, updates, before)
        taken.tables.add(table.name)
        taken.restored_count += len(rows)
        taken.given_back += [(ids, unit) for unit in shape.units]

    def _append(
        self,
        tx: Transaction,
        shape: _Shape,
        rows: Sequence[Sequence[Any]],
        updates: Sequence[MadeUpdate],
        before: Sequence[Sequence[Any]],
    ) -> None:
        encode = msgspec.json.Encoder().encode
        booleans = shape.table.plan.booleans
        fields, end = shape.fields, len(shape.fields) + 2
        changes: list[Mapping[str, tuple[Any, Any]]] = [
            dict(zip(fields, zip(row[2:end], values, strict=True), strict=True))
            for row, values in zip(rows, zip(*before, strict=True), strict=True)
        ]
        if not booleans.isdisjoint(fields):
            changes = [typed_changes(each, booleans) for each in changes]
        append_updates(
            tx,
            NewUpdates(
                row_numbers=None,
                table_names=[each.table_name for each in updates],
                record_types=[each.record_type for each in updates],
                record_ids=[each.record_id for each in updates],
                changes=[encode(each).decode() for each in changes],
                undoes=[each.id for each in updates],
            ),
            environment=self._environment,
            actor=self._actor,
            at=tx.now(),
        )


def typed_changes(
    changes: Mapping[str, tuple[Any, Any]], booleans: Collection[str]
) -> Mapping[str, tuple[Any, Any]]:
    """Changes with booleans as such: SQLite gives back the integers that it stores for them."""
    return {
        name: (_truth(values[0]), _truth(values[1])) if name in booleans else values
        for name, values in changes.items()
    }


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _before(shape: _Shape, updates: Sequence[MadeUpdate]) -> list[list[Any]]:
    """What the fields of records are to be again, as columns."""
    return [[each.changes[name][0] for each in updates] for name in shape.fields]


def _repeated(ids: Sequence[int]) -> set[int]:
    """The ids that stand more than once."""
    if len(set(ids)) == len(ids):
        return set()
    return {id for id, count in Counter(ids).items() if count > 1}
