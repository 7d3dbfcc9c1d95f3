"""Updates taken back: fields of records become again what they were.

Where a record was changed once, and by nobody else, that is done as columns (`flat_updates`). Of
the others, the fields that a step changed are parted into units. A unit is given back when nobody
else has changed one of its fields since, and a row could make the record so. Thousands of records
are looked at together: what they refer to, who has their keys and what was changed since is read
once for all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.engine.undoing.flat_updates import FlatUpdatesBack, typed_changes
from longshore.engine.undoing.provenance import UnitOrigin, unit_origin
from longshore.engine.undoing.stored_table import (
    TAGS,
    JudgingTerms,
    RecordTarget,
    StoredTable,
    existing,
    taken_keys,
)
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
from longshore.records import TableReader, read_tags, sum_writers, write_tags
from longshore.undos import KeptPart, KeptReason

Later = Mapping[int, Sequence[LaterEntry]]  # by record


@dataclass(slots=True, eq=False)
class _Part:
    """Changed fields of one unit."""

    unit: frozenset[str]
    values: dict[int, Any]  # by column, as they are to be
    undoes: int  # the first change that is taken back
    row_number: int | None
    tags: tuple[int, ...] | None = None  # as they are to be
    refused: tuple[KeptReason, Mapping[str, object]] | None = None


@dataclass(slots=True, eq=False)
class _Returning:
    """A record of which something is to be given back."""

    id: int
    type: str
    before: Sequence[Any]
    parts: list[_Part]
    is_first: bool  # nothing of it was given back by the same undo
    tags: tuple[int, ...] = ()
    after: list[Any] = field(default_factory=list)

    def settle(self, table: StoredTable) -> None:
        """Compute what it becomes, without the parts that are refused."""
        self.after = after = list(self.before)
        changed: set[int] = set()
        for part in self.parts:
            if part.refused is None and part.values:
                for column, value in part.values.items():
                    after[column] = value
                changed |= part.values.keys()
        table.compute_keys(after, changed)

    def part_of(self, column: int) -> _Part | None:
        """The part that changes a column."""
        for part in self.parts:
            if part.refused is None and column in part.values:
                return part
        return None


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
        (self._tag_table,) = {
            catalogue.types[each.targets[0]].table
            for table in catalogue.tables.values()
            for each in table.linked
        }

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
            self._judge(tx, table, records)
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
    ) -> _Returning | None:
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
        return _Returning(own[0].record_id, table.type_of(values), values, parts, is_first)

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

    def _part(self, table: StoredTable, unit: frozenset[str], origin: UnitOrigin) -> _Part:
        values = origin.values
        return _Part(
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

    def _judge(self, tx: Transaction, table: StoredTable, records: Sequence[_Returning]) -> None:
        """Refuse the parts that a row could not make so."""
        self._read_tags(tx, records)
        for record in records:
            record.settle(table)
        self._judge_names(tx, table, records)
        self._judge_targets(tx, table, records)
        for record in records:
            self._judge_values(table, record)
        while True:
            refused = self._judge_keys(tx, table, records)
            if not refused:
                return
            for record in refused:
                record.settle(table)

    def _read_tags(self, tx: Transaction, records: Sequence[_Returning]) -> None:
        tagged = [each for each in records if any(part.tags is not None for part in each.parts)]
        if tagged:
            tags = read_tags(tx, [each.id for each in tagged])
            for record in tagged:
                record.tags = tags.get(record.id, ())

    def _judge_names(
        self, tx: Transaction, table: StoredTable, records: Sequence[_Returning]
    ) -> None:
        for column, name in table.names:
            naming = [
                (record, part)
                for record in records
                if (part := record.part_of(column)) is not None and part.values[column]
            ]
            texts = {part.values[column] for _, part in naming}
            there = table.existing_names(tx, name, texts)
            for record, part in naming:
                if part.values[column] not in there:
                    part.refused = (KeptReason.TARGET_GONE, {"field": name.column})
                    record.settle(table)

    def _judge_targets(
        self, tx: Transaction, table: StoredTable, records: Sequence[_Returning]
    ) -> None:
        wanted: dict[str, set[int]] = {}
        asked: list[tuple[_Returning, _Part, RecordTarget]] = []
        for record in records:
            for part in record.parts:
                for target in table.targets(record.after, part.values):
                    asked.append((record, part, target))
                for tag in part.tags or ():
                    asked.append((record, part, RecordTarget(None, self._tag_table, tag)))
        for _, _, target in asked:
            if target.table is not None:
                wanted.setdefault(target.table, set()).add(target.id)
        there = {name: existing(tx, name, ids) for name, ids in wanted.items()}
        for record, part, target in asked:
            if part.refused is None and (
                target.table is None or target.id not in there[target.table]
            ):
                column = target.column
                name = TAGS if column is None else table.plan.columns[column]
                detail = {"field": name, "id": tx.public_ids.encode(target.id)}
                part.refused = (KeptReason.TARGET_GONE, detail)
                record.settle(table)

    def _judge_values(self, table: StoredTable, record: _Returning) -> None:
        changed = frozenset(
            column for part in record.parts if part.refused is None for column in part.values
        )
        wrong = table.errors(record.type, record.after, changed)
        if not wrong:
            return
        for column, (name, said) in wrong.items():
            unit = table.unit_of(table.plan.columns[column])
            for part in record.parts:
                if part.refused is None and part.unit == unit:
                    part.refused = (KeptReason.WOULD_BE_INVALID, {"errors": {name: [str(said)]}})
        record.settle(table)

    def _judge_keys(
        self, tx: Transaction, table: StoredTable, records: Sequence[_Returning]
    ) -> list[_Returning]:
        """Refuse parts by which a record would get a key that another one keeps; the records of
        which something is refused."""
        refused: dict[int, _Returning] = {}
        ours = {record.id: record for record in records}
        for key in table.unique_keys:
            column = key.column
            wanted: dict[str, int] = {}
            meeting: list[tuple[_Returning, int]] = []
            for record in records:
                text = record.after[column]
                if text is None or text == record.before[column]:
                    continue
                if text in wanted:
                    meeting.append((record, wanted[text]))
                else:
                    wanted[text] = record.id
            for text, holder in taken_keys(tx, table, key, wanted).items():
                keeps = holder not in ours or ours[holder].after[column] == text
                if keeps and holder != wanted[text]:
                    meeting.append((ours[wanted[text]], holder))
            for record, holder in meeting:
                for part_ in key.parts:
                    part = record.part_of(part_.column)
                    if part is not None:
                        detail = {
                            "field": key.error_part.field,
                            "id": tx.public_ids.encode(holder),
                        }
                        part.refused = (KeptReason.KEY_TAKEN, detail)
                        refused[record.id] = record
        return list(refused.values())

    def _write(
        self,
        tx: Transaction,
        table: StoredTable,
        records: Sequence[_Returning],
        taken: TakenBack,
    ) -> None:
        changed = []
        tags = []
        entries: list[tuple[_Returning, int, dict[str, tuple[Any, Any]]]] = []
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

    def _park(self, tx: Transaction, table: StoredTable, records: Sequence[_Returning]) -> None:
        """Take keys from their holders where another record gets them."""
        for key in table.unique_keys:
            column = key.column
            moved = [each for each in records if each.before[column] != each.after[column]]
            taken = {each.after[column] for each in moved} - {None}
            parked = [each.id for each in moved if each.before[column] in taken]
            table.writer.park(tx, table.plan.columns[column], sorted(parked))

    def _recompute_sums(
        self, tx: Transaction, table: StoredTable, records: Sequence[_Returning]
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
        entries: Sequence[tuple[_Returning, int, Mapping[str, tuple[Any, Any]]]],
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
    record: _Returning,
    part: _Part,
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
