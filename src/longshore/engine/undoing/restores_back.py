"""Records brought back that an undo has destroyed: with their ids, creators, times, links and tags.

A record comes back whole, or stays away: where another one has its key by now, what it refers to is
gone, or a row could not make it any more. What is confidential is in no image, so it does not come
back; a record that must have it stays away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.catalogue import Catalogue, Table
from longshore.database import Transaction
from longshore.engine.undoing.stored_table import (
    TAGS,
    RecordTarget,
    StoredTable,
    existing,
    taken_keys,
)
from longshore.engine.undoing.taken_back import TakenBack, changed_since, whole
from longshore.engine.undoing.undo_family import UndoFamily
from longshore.journal import Actor, Entry, append_restores, later_entries
from longshore.records import ZoneKeeper, read_tags, sum_writers, write_tags
from longshore.undos import KeptPart, KeptReason

_ALL_ENTRIES = 1 << 62
_ZONE_BITS = 12
_NOT_NULL: Mapping[str, object] = {"metadata": "{}"}


@dataclass(slots=True, eq=False)
class _GoneRecord:
    """A record that is to come back."""

    entry: Entry
    table: StoredTable
    image: Mapping[str, Any]
    values: list[Any]  # as the table is laid out
    refused: tuple[KeptReason, Mapping[str, object]] | None = None

    @property
    def id(self) -> int:
        return self.entry.record_id


@dataclass(frozen=True, slots=True)
class _AskedTargets:
    """What records that are to come back would refer to."""

    absent: Sequence[_GoneRecord]
    asked: Sequence[tuple[_GoneRecord, RecordTarget]]
    there: Mapping[str, set[int]]  # by table: those of the targets that are there

    def refuse(self, tx: Transaction) -> bool:
        """Refuse records that would refer to what is not there, and does not come back either, as
        it is known so far; whether there are any."""
        coming = {(each.table.name, each.id) for each in self.absent if each.refused is None}
        is_any = False
        for each, target in self.asked:
            if each.refused is not None or target.id in self.there.get(target.table or "", ()):
                continue
            if (target.table, target.id) not in coming:
                column = target.column
                detail = {
                    "field": TAGS if column is None else each.table.plan.columns[column],
                    "id": tx.public_ids.encode(target.id),
                }
                each.refused = (KeptReason.TARGET_GONE, detail)
                is_any = True
        return is_any


class RestoresBack:
    """Brings records back; for one environment."""

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
        self._family = family
        self._actor = actor
        self._zones = ZoneKeeper(catalogue, environment)
        (self._tag_table,) = catalogue.tag_tables

    def take_back(self, tx: Transaction, destructions: Sequence[Entry]) -> TakenBack:
        """Bring back what these entries destroyed, all of one step, in the caller's transaction."""
        taken = TakenBack()
        known = [each for each in destructions if each.table_name in self._catalogue.tables]
        if not known:
            return taken
        later = later_entries(
            tx,
            [each.record_id for each in known],
            self._family.maker,
            behind_id=min(each.id for each in known),
            own_to=_ALL_ENTRIES,
        )
        there: set[int] = set()
        for name in {each.table_name for each in known}:
            ids = [each.record_id for each in known if each.table_name == name]
            there |= existing(tx, name, ids)
        absent = []
        for gone in known:
            if gone.record_id in there:
                continue  # it came back before
            since = [each for each in later.get(gone.record_id, ()) if each.event == "destroy"]
            if since and since[-1].id > gone.id and not self._family.has_taken_back(since[-1]):
                taken.kept.append(
                    _away(gone, KeptReason.DESTROYED_SINCE, changed_since(tx, since[-1]))
                )
            else:
                absent.append(self._absent(gone))
        self._judge(tx, absent)
        back = [each for each in absent if each.refused is None]
        for name in self._catalogue.tables:
            of_table = [each for each in back if each.table.name == name]
            if of_table:
                self._write(tx, of_table)
                taken.tables.add(name)
        self._tag(tx, back)
        taken.tables |= self._recompute_sums(tx, back)
        # What is referred to first: whoever goes through these from the last destroys it last.
        back.sort(key=lambda each: each.entry.id, reverse=True)
        append_restores(
            tx,
            [each.entry for each in back],
            environment=self._environment,
            actor=self._actor,
        )
        taken.restored_count = len(back)
        for each in absent:
            if each.refused is None:
                taken.given_back.append(((each.id,), ()))
            else:
                taken.kept.append(_away(each.entry, *each.refused))
        return taken

    def _absent(self, entry: Entry) -> _GoneRecord:
        table, image = self._table(entry.table_name), entry.image or {}
        values = [image.get(name, _NOT_NULL.get(name)) for name in table.plan.columns]
        table.compute_keys(values)
        return _GoneRecord(entry, table, image, values)

    def _judge(self, tx: Transaction, absent: Sequence[_GoneRecord]) -> None:
        for each in absent:
            if each.entry.image is None:
                each.refused = (KeptReason.HISTORY_PURGED, {})
        self._judge_names(tx, absent)
        targets = self._asked_targets(tx, absent)
        targets.refuse(tx)
        self._judge_keys(tx, absent)
        for each in absent:
            if each.refused is None:
                changed = frozenset(range(len(each.values)))
                wrong = each.table.errors(each.entry.record_type, each.values, changed)
                if wrong:
                    errors = {name: [str(said)] for name, said in wrong.values()}
                    each.refused = (KeptReason.WOULD_BE_INVALID, {"errors": errors})
        # What stays away takes along what refers to it.
        while targets.refuse(tx):
            pass

    def _judge_names(self, tx: Transaction, absent: Sequence[_GoneRecord]) -> None:
        for table in {each.table for each in absent}:
            for column, name in table.names:
                naming = [
                    each
                    for each in absent
                    if each.table is table and each.refused is None and each.values[column]
                ]
                there = table.existing_names(tx, name, {each.values[column] for each in naming})
                for each in naming:
                    if each.values[column] not in there:
                        detail = {"field": name.column}
                        each.refused = (KeptReason.TARGET_GONE, detail)

    def _judge_keys(self, tx: Transaction, absent: Sequence[_GoneRecord]) -> None:
        for table in {each.table for each in absent}:
            for key in table.unique_keys:
                wanted = {
                    each.values[key.column]: each
                    for each in absent
                    if each.table is table and each.refused is None
                }
                wanted.pop(None, None)
                for text, holder in taken_keys(tx, table, key, wanted).items():
                    detail = {"field": key.error_part.field, "id": tx.public_ids.encode(holder)}
                    wanted[text].refused = (KeptReason.KEY_TAKEN, detail)

    def _asked_targets(self, tx: Transaction, absent: Sequence[_GoneRecord]) -> "_AskedTargets":
        """What these records would refer to."""
        asked = [
            (each, target)
            for each in absent
            if each.refused is None
            for target in (
                *each.table.targets(each.values, range(len(each.values))),
                *(RecordTarget(None, self._tag_table, tag) for tag in each.image.get(TAGS) or ()),
            )
        ]
        wanted: dict[str, set[int]] = {}
        for _, target in asked:
            if target.table is not None:
                wanted.setdefault(target.table, set()).add(target.id)
        there = {name: existing(tx, name, ids) for name, ids in wanted.items()}
        return _AskedTargets(absent, asked, there)

    def _write(self, tx: Transaction, absent: Sequence[_GoneRecord]) -> None:
        table = absent[0].table
        ids = sorted(each.id for each in absent)
        by_id = {each.id: each for each in absent}
        ordered = [by_id[id] for id in ids]
        columns: dict[str, Sequence[object]] = {"id": ids}
        planned = zip(
            table.plan.columns, zip(*(each.values for each in ordered), strict=True), strict=True
        )
        columns |= dict(planned)
        for name in _beside(table.declared, columns):
            columns[name] = [each.image.get(name) for each in ordered]
        tx.insert_columns(table.name, columns)
        zones: dict[int, list[int]] = {}
        for id in ids:
            zones.setdefault(id >> _ZONE_BITS, []).append(id)
        for of_zone in zones.values():
            self._zones.keep(tx, table.name, of_zone[0], of_zone[-1])

    def _tag(self, tx: Transaction, back: Sequence[_GoneRecord]) -> None:
        """Give records their tags again, and tags those of their bearers that are there."""
        pairs = {(each.id, tag) for each in back for tag in each.image.get(TAGS) or ()}
        pairs |= {(bearer, each.id) for each in back for bearer in each.image.get("bearers") or ()}
        if not pairs:
            return
        bearers = {record for record, _ in pairs}
        there: set[int] = set()
        for name, table in self._catalogue.tables.items():
            if table.linked and bearers - there:
                there |= existing(tx, name, bearers - there)
        borne = read_tags(tx, bearers & there)
        added: dict[int, list[int]] = {}
        for record, tag in sorted(pairs):
            if record in there and tag not in borne.get(record, ()):
                added.setdefault(record, []).append(tag)
        write_tags(tx, [(record, (), given) for record, given in added.items()])

    def _recompute_sums(self, tx: Transaction, back: Sequence[_GoneRecord]) -> set[str]:
        """Compute the sums over records that are back; the tables of these sums."""
        summed = set()
        tables = {each.table.name for each in back}
        for writer in sum_writers(self._catalogue, tables):
            parents = {
                each.image[link]
                for children, link in writer.links
                for each in back
                if each.table.name == children and each.image.get(link) is not None
            }
            if parents:
                writer.recompute(tx, parents)
                summed.add(writer.table)
        return summed


def _away(entry: Entry, reason: KeptReason, detail: Mapping[str, object]) -> KeptPart:
    """What is said of a record that stays away."""
    return whole(entry.record_id, entry.table_name, entry.record_type, reason, detail=detail)


def _beside(table: Table, columns: Mapping[str, object]) -> Sequence[str]:
    """What a record has beside the columns of its plan: its creator, its times, its sums."""
    stored = ("creator_id", *(each.name for each in table.attributes))
    return [name for name in stored if name not in columns]
