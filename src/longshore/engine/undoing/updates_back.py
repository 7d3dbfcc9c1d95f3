"""Updates taken back: fields of records become again what they were.

Where a record was changed once, and by nobody else, that is done as columns (`flat_updates`). Of
the others, the fields that a step changed are parted into units. A unit is given back when nobody
else has changed one of its fields since, and a row could make the record so. Thousands of records
are looked at together: what they refer to, who has their keys and what was changed since is read
once for all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.engine.undoing.flat_updates import FlatUpdatesBack, typed_changes
from longshore.engine.undoing.provenance import UnitOrigin, unit_origin
from longshore.engine.undoing.returning_judge import ReturningJudge
from longshore.engine.undoing.returning_record import ReturningPart, ReturningRecord
from longshore.engine.undoing.stored_table import TAGS, JudgingTerms, StoredTable
from longshore.engine.undoing.taken_back import TakenBack, changed_since, whole
from longshore.engine.undoing.undo_family import UndoFamily
from longshore.journal import (
    Actor,
    ActorKind,
    LaterEntry,
    MadeUpdate,
    NewUpdates,
    append_updates,
    later_entries,
)
from longshore.records import TableReader, sum_writers, write_tags
from longshore.undos import KeptPart, KeptReason

Later = Mapping[int, Sequence[LaterEntry]]  # by record


class UpdatesBack:
    """Takes updates back that one import or undo has made; for one environment."""

    def __init__(
        self, catalogue: Catalogue, terms: JudgingTerms, *, family: UndoFamily, actor: Actor
    ) -> None:
        self._catalogue = catalogue
        self._terms = terms
        self._family = family
        self._actor = actor
        self._tables: dict[str, StoredTable] = {}
        self._flat = FlatUpdatesBack(
            catalogue, self.table, environment=terms.environment, family=family, actor=actor
        )
        self._unit_lists: dict[tuple[str, tuple[str, ...]], list[frozenset[str]]] = {}
        (tag_table,) = catalogue.tag_tables
        self._judge = ReturningJudge(tag_table)

    def table(self, name: str) -> StoredTable:
        """A table as it is judged."""
        if name not in self._tables:
            self._tables[name] = StoredTable(self._catalogue, name, self._terms)
        return self._tables[name]

    def take_back(
        self, tx: Transaction, updates: Sequence[MadeUpdate], *, created: Collection[int]
    ) -> TakenBack:
        """Give back what these updates changed, all of one step, in the caller's transaction.

        Records that the import or undo itself has `created` are left out: they go whole, or stay.
        """
        known = [
            each
            for each in updates
            if each.record_id not in created and each.table_name in self._catalogue.tables
        ]
        if not known:
            return TakenBack()
        later = later_entries(
            tx,
            {each.record_id for each in known},
            self._family.maker,
            behind_id=known[0].id - 1,
            own_to=known[-1].id,
        )
        taken, others = self._flat.take_back(tx, known, later)
        taken.kept += self._confidential(tx, known)
        by_table: dict[str, dict[int, list[MadeUpdate]]] = {}
        for update in others:
            records = by_table.setdefault(update.table_name, {})
            records.setdefault(update.record_id, []).append(update)
        # Those of targets first, as they are written everywhere.
        for name in self._catalogue.tables:
            if name in by_table:
                self._take_back_in(tx, self.table(name), by_table[name], later, taken)
        return taken

    def _confidential(self, tx: Transaction, updates: Sequence[MadeUpdate]) -> Iterator[KeptPart]:
        """Confidential fields of records that rows have changed: no history is kept of them, so
        nobody knows whether they were changed as well."""
        if self._family.maker.kind is not ActorKind.IMPORT:
            return
        secrets = {type_: self._secrets(type_) for type_ in {each.record_type for each in updates}}
        if not any(secrets.values()):
            return
        told = {each.record_id: each for each in reversed(updates) if secrets[each.record_type]}
        for name in {each.table_name for each in told.values()}:
            ids = [id for id, each in told.items() if each.table_name == name]
            for id, creator in TableReader(name, ["creator_id"]).by_id(tx, ids):
                if creator != self._family.maker.id:
                    yield KeptPart(
                        record_id=id,
                        table_name=name,
                        record_type=told[id].record_type,
                        fields=secrets[told[id].record_type],
                        reason=KeptReason.HISTORY_PURGED,
                        row_number=told[id].row_number,
                    )

    def _secrets(self, type_: str) -> tuple[str, ...]:
        """The confidential fields that are kept of records of a type."""
        declared = self._catalogue.get(type_)
        if declared is None:
            return ()
        names = (each.name for each in declared.attributes if each.confidential and each.stored)
        return tuple(sorted(names))

    def _take_back_in(
        self,
        tx: Transaction,
        table: StoredTable,
        updates: Mapping[int, Sequence[MadeUpdate]],
        later: Later,
        taken: TakenBack,
    ) -> None:
        rows = {id: (creator, values) for id, creator, *values in table.reader.by_id(tx, updates)}
        records = []
        for id, own in updates.items():
            since = later.get(id, ())
            if id not in rows:
                taken.kept += self._of_gone(tx, own[0], since)
                continue
            creator, values = rows[id]
            if creator == self._family.maker.id:
                continue
            record = self._returning(tx, table, own, since, values, taken)
            if record is not None:
                records.append(record)
        if records:
            self._judge.judge(tx, table, records)
            self._write(tx, table, records, taken)
            for record in records:
                for part in record.parts:
                    if part.refused is None:
                        taken.given_back.append(((record.id,), tuple(part.unit)))
                    else:
                        taken.kept.append(_kept_part(table, record, part, *part.refused))

    def _of_gone(
        self, tx: Transaction, update: MadeUpdate, since: Sequence[LaterEntry]
    ) -> Iterator[KeptPart]:
        """What is said of a record that is not there any more."""
        if since and self._family.has_taken_back(since[-1]):
            return
        yield whole(
            update.record_id,
            update.table_name,
            update.record_type,
            KeptReason.DESTROYED_SINCE,
            row_number=update.row_number,
            detail=changed_since(tx, since[-1]) if since else {},
        )

    def _returning(
        self,
        tx: Transaction,
        table: StoredTable,
        own: Sequence[MadeUpdate],
        since: Sequence[LaterEntry],
        values: Sequence[Any],
        taken: TakenBack,
    ) -> ReturningRecord | None:
        """What may be given back of a record; None: nothing."""
        parts = []
        for unit in self._units(table, own):
            origin = unit_origin(unit, own, since, self._family)
            if origin.foreign is not None:
                taken.kept.append(
                    KeptPart(
                        record_id=own[0].record_id,
                        table_name=table.name,
                        record_type=own[0].record_type,
                        fields=tuple(sorted(unit)),
                        reason=KeptReason.CHANGED_SINCE,
                        row_number=origin.row_number,
                        detail=changed_since(tx, origin.foreign),
                    )
                )
            if origin.values:
                parts.append(self._part(table, unit, origin))
        if not parts:
            return None
        is_first = all(entry.undo_id != self._actor.id for entry in since)
        return ReturningRecord(own[0].record_id, table.type_of(values), values, parts, is_first)

    def _units(self, table: StoredTable, own: Sequence[MadeUpdate]) -> Sequence[frozenset[str]]:
        """The units that updates have changed; those left out that the table has no more."""
        names = tuple(own[0].changes)
        if len(own) > 1:
            names = tuple(dict.fromkeys(name for each in own for name in each.changes))
        key = (table.name, names)
        if key not in self._unit_lists:
            known = [name for name in names if table.has(name)]
            units = dict.fromkeys(table.unit_of(name) for name in known)
            self._unit_lists[key] = list(units)
        return self._unit_lists[key]

    def _part(self, table: StoredTable, unit: frozenset[str], origin: UnitOrigin) -> ReturningPart:
        values = origin.values
        return ReturningPart(
            unit=unit,
            values={
                table.plan.index[name]: value
                for name, value in values.items()
                if name in table.plan.index
            },
            tags=tuple(values[TAGS] or ()) if TAGS in values and table.bears_tags else None,
            undoes=origin.undoes,
            row_number=origin.row_number,
        )

    def _write(
        self,
        tx: Transaction,
        table: StoredTable,
        records: Sequence[ReturningRecord],
        taken: TakenBack,
    ) -> None:
        changed = []
        tags = []
        entries: list[tuple[ReturningRecord, int, dict[str, tuple[Any, Any]]]] = []
        for record in records:
            by_origin: dict[int, dict[str, tuple[Any, Any]]] = {}
            before, after = record.before, record.after
            for part in record.parts:
                if part.refused is not None:
                    continue
                changes = by_origin.setdefault(part.undoes, {})
                for column in part.values:
                    if before[column] != after[column]:
                        changes[table.plan.columns[column]] = (before[column], after[column])
                if part.tags is not None and set(part.tags) != set(record.tags):
                    changes[TAGS] = (record.tags, part.tags)
                    tags.append((record.id, record.tags, part.tags))
            made = [(record, origin, each) for origin, each in by_origin.items() if each]
            if not made:
                continue
            entries += made
            taken.restored_count += record.is_first
            columns = tuple(
                column for column in range(len(after)) if before[column] != after[column]
            )
            changed.append((record.id, columns, after))
        if not entries:
            return
        taken.tables.add(table.name)
        self._park(tx, table, records)
        now = tx.now()
        table.writer.change(tx, changed, now=now)
        if tags:
            write_tags(tx, tags)
        taken.tables |= self._recompute_sums(tx, table, records)
        self._append(tx, table, entries)

    def _park(
        self, tx: Transaction, table: StoredTable, records: Sequence[ReturningRecord]
    ) -> None:
        """Take keys from their holders where another record gets them."""
        for key in table.unique_keys:
            column = key.column
            moved = [each for each in records if each.before[column] != each.after[column]]
            taken = {each.after[column] for each in moved} - {None}
            parked = [each.id for each in moved if each.before[column] in taken]
            table.writer.park(tx, table.plan.columns[column], sorted(parked))

    def _recompute_sums(
        self, tx: Transaction, table: StoredTable, records: Sequence[ReturningRecord]
    ) -> set[str]:
        """Compute the sums over records that have changed; the tables of these sums."""
        summed = set()
        for writer in sum_writers(self._catalogue, [table.name]):
            parents = {
                values[table.plan.index[link]]
                for children, link in writer.links
                if children == table.name
                for record in records
                for values in (record.before, record.after)
            }
            writer.recompute(tx, parents - {None})
            summed.add(writer.table)
        return summed

    def _append(
        self,
        tx: Transaction,
        table: StoredTable,
        entries: Sequence[tuple[ReturningRecord, int, Mapping[str, tuple[Any, Any]]]],
    ) -> None:
        encode = msgspec.json.Encoder().encode
        booleans = table.plan.booleans
        updates = NewUpdates(
            row_numbers=None,
            table_names=[table.name] * len(entries),
            record_types=[record.type for record, _, _ in entries],
            record_ids=[record.id for record, _, _ in entries],
            changes=[
                encode(typed_changes(changes, booleans)).decode() for _, _, changes in entries
            ],
            undoes=[origin for _, origin, _ in entries],
        )
        append_updates(
            tx, updates, environment=self._terms.environment, actor=self._actor, at=tx.now()
        )


def _kept_part(
    table: StoredTable,
    record: ReturningRecord,
    part: ReturningPart,
    reason: KeptReason,
    detail: Mapping[str, object],
) -> KeptPart:
    return KeptPart(
        record_id=record.id,
        table_name=table.name,
        record_type=record.type,
        fields=tuple(sorted(part.unit)),
        reason=reason,
        row_number=part.row_number,
        detail=detail,
    )
