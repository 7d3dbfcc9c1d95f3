"""What the rows of a chunk have done, written in bulk: records, tags, sums and journal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.engine.chunk.flat_changes import FlatChanges
from longshore.engine.chunk.passage import ProcessedChunk
from longshore.engine.plan.nodes import Plan
from longshore.engine.row.applier import Applier
from longshore.engine.row.changes import RecordChange
from longshore.engine.row.chunk_state import Record
from longshore.journal import Actor, Creation, NewUpdates, append_creations, append_updates
from longshore.records import TableWriter, ZoneKeeper, count_table_changes, sum_writers, write_tags


class Flusher:
    """Writes the chunks of one import."""

    def __init__(self, plan: Plan, catalogue: Catalogue, *, actor: Actor) -> None:
        assert actor.id is not None, "records name who created them"
        self._plan = plan
        self._actor = actor
        self._creator = actor.id
        self._writers = {
            name: TableWriter(name, table.columns, table.constants)
            for name, table in plan.tables.items()
            if table.is_written
        }
        self._sums = sum_writers(catalogue, self._writers)
        self._zones = ZoneKeeper(catalogue, plan.environment)

    def flush(self, tx: Transaction, chunk: ProcessedChunk) -> None:
        """Write everything that the rows of a chunk have made.

        The caller owns the transaction, and commits it with the checkpoint.
        """
        now = tx.now()
        applier, flat = chunk.applier, chunk.flat
        created = _by_table(applier.created)
        dirty = _by_table(list(applier.dirty))
        self._park(tx, dirty, created)
        if flat is not None and flat.ids:
            writer = self._writers[flat.table.name]
            writer.create_columns(tx, flat.ids, flat.created, creator=self._creator, now=now)
            for each in flat.elements:
                self._writers[each.table.name].create_columns(
                    tx, each.ids, each.values, creator=self._creator, now=now
                )
        for name, writer in self._writers.items():
            records = created.get(name, ())
            # Records of one table are created in the order of their ids.
            writer.create(
                tx, [(record.id, self._creator, now, now, *record.values) for record in records]
            )
        if flat is not None and flat.changed:
            groups = [(group.columns, group.ids, group.after) for group in flat.changed]
            self._writers[flat.table.name].change_columns(tx, groups, now=now)
        for name, records in dirty.items():
            self._writers[name].change(
                tx,
                [(record.id, _changed_columns(record), record.values) for record in records],
                now=now,
            )
        write_tags(tx, _changed_tags(applier, flat))
        summed = self._recompute_sums(tx, created, dirty, flat)
        environment = self._plan.environment
        written = created.keys() | dirty.keys() | summed
        if flat is not None:
            written |= flat.tables_written
        count_table_changes(tx, environment, written)
        creations = self._creations(created, flat, now)
        if creations:
            chunk.ids.keep()
            append_creations(tx, creations)
            for creation in creations:
                self._zones.keep(tx, creation.table_name, creation.first_id, creation.last_id)
        append_changes(tx, chunk.changes, environment=environment, actor=self._actor)

    def _creations(
        self, created: Mapping[str, Sequence[Record]], flat: FlatChanges | None, now: int
    ) -> list[Creation]:
        """Where the records that the chunk creates lie in each table."""
        ids = {name: [records[0].id, records[-1].id] for name, records in created.items()}
        if flat is not None and flat.ids:
            ids.setdefault(flat.table.name, []).extend((flat.ids[0], flat.ids[-1]))
            for each in flat.elements:
                ids.setdefault(each.table.name, []).extend((each.ids[0], each.ids[-1]))
        return [Creation(self._creator, name, min(of), max(of), now) for name, of in ids.items()]

    def _park(
        self,
        tx: Transaction,
        dirty: Mapping[str, Sequence[Record]],
        created: Mapping[str, Sequence[Record]],
    ) -> None:
        """Take keys from their stored holders where another record of the chunk gets them."""
        for name, records in dirty.items():
            for key in self._plan.tables[name].keys:
                if not key.is_unique:
                    continue
                column = key.column
                given_up = {
                    record.stored[column]: record.id
                    for record in records
                    if record.stored is not None
                    and record.stored[column] is not None
                    and record.stored[column] != record.values[column]
                }
                if not given_up:
                    continue
                taken = {
                    record.values[column]
                    for record in (*records, *created.get(name, ()))
                    if record.stored is None or record.stored[column] != record.values[column]
                }
                parked = [given_up[value] for value in given_up.keys() & taken]
                self._writers[name].park(
                    tx, self._plan.tables[name].columns[column], sorted(parked)
                )

    def _recompute_sums(
        self,
        tx: Transaction,
        created: Mapping[str, Sequence[Record]],
        dirty: Mapping[str, Sequence[Record]],
        flat: FlatChanges | None,
    ) -> set[str]:
        """Recompute the sums of parents whose children were touched; the tables of these."""
        summed = set()
        for writer in self._sums:
            parents: set[int] = set()
            for children, link in writer.links:
                column = self._plan.tables[children].index[link]
                for record in (*created.get(children, ()), *dirty.get(children, ())):
                    for values in (record.values, record.stored):
                        if values is not None and values[column] is not None:
                            parents.add(values[column])
                if flat is not None:
                    parents |= flat.values_touched(children, column)
            if parents:
                writer.recompute(tx, parents)
                summed.add(writer.table)
        return summed


def _changed_tags(
    applier: Applier, flat: FlatChanges | None
) -> Iterator[tuple[int, Sequence[int], Sequence[int]]]:
    """The records whose tags change: id, tags before and after."""
    for record in (*applier.created, *applier.dirty):
        if record.tags != record.stored_tags:
            yield record.id, record.stored_tags or (), record.tags or ()
    if flat is not None:
        yield from ((id, (), tags) for id, tags in flat.created_tags)
        for group in flat.changed:
            for id, tags in zip(group.ids, group.tags or (), strict=False):
                yield id, *tags


def append_changes(
    tx: Transaction, changes: Sequence[RecordChange], *, environment: int, actor: Actor
) -> None:
    """Append to the journal what rows changed in records, in this order."""
    encode = msgspec.json.Encoder().encode
    updates = NewUpdates(
        row_numbers=[change.row for change in changes],
        table_names=[change.table.name for change in changes],
        record_types=[change.record_type for change in changes],
        record_ids=[change.record_id for change in changes],
        changes=[encode(typed_changes(change)).decode() for change in changes],
    )
    append_updates(tx, updates, environment=environment, actor=actor, at=tx.now())


def typed_changes(entry: RecordChange) -> Mapping[str, Any]:
    """Changes with booleans as such: SQLite gives back the integers that it stores for them."""
    booleans = entry.table.booleans
    if booleans.isdisjoint(entry.changes):
        return entry.changes
    return {
        name: tuple(None if value is None else bool(value) for value in values)
        if name in booleans
        else values
        for name, values in entry.changes.items()
    }


def _changed_columns(record: Record) -> tuple[int, ...]:
    """The columns in which a stored record differs from what the database has."""
    before, after = record.stored, record.values
    assert before is not None
    return tuple([column for column in range(len(after)) if before[column] != after[column]])


def _by_table(records: Sequence[Record]) -> dict[str, list[Record]]:
    tables: dict[str, list[Record]] = {}
    for record in records:
        tables.setdefault(record.table.plan.name, []).append(record)
    return tables
