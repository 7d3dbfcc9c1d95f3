"""A real shop: imports, single writes and undos on a database, and what they have written."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from typing import Any

from sqlalchemy import text

from longshore.access import ensure_environment, set_organization
from longshore.catalogue import ValueType, load_catalogue
from longshore.database import Database, Transaction
from longshore.engine import RecordWriter, UndoRunner, WriteOutcome
from longshore.identifiers import ImportId, RunId
from longshore.imports import Import, RowOutcome, ledger_entries
from longshore.journal import ActorKind
from longshore.runs import RunLife, read_run, take_run
from longshore.settings import Settings
from longshore.undos import KIND as UNDO
from longshore.undos import (
    NewUndo,
    UndoLife,
    UndoStatus,
    create_undo,
    kept_of,
    read_undo,
)
from tests.property.sides import EngineSide, with_ids
from tests.property.strategies import ImportCall, Ref
from tests.property.undoing.history import Author, Write
from tests.property.undoing.naive_undo import WHOLE, Part
from tests.property.undoing.store import Records, unit_of

APPLICATION = 77  # the id of who writes single records
SOMEBODY = Author(None)

# Tables that the examples write, and those of the records that they refer to.
TABLES = (
    "shipping_categories",
    "addresses",
    "price_lists",
    "markets",
    "stock_locations",
    "customer_groups",
    "coupons",
    "tags",
    "skus",
    "prices",
    "price_tiers",
    "customers",
    "customer_addresses",
    "sku_lists",
    "sku_list_items",
    "stock_items",
    "orders",
    "line_items",
)


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo says that it has done, and what it has written."""

    author: Author
    writes: Sequence[Write]
    kept: Mapping[Part, str]  # the reason
    restored_count: int
    removed_count: int
    kept_count: int


class _Died(BaseException):
    """Ends a process that undoes."""


class Shop(EngineSide):
    """Longshore on a real database, and what is written there since it was opened."""

    def __init__(self, database: Database, settings: Settings) -> None:
        super().__init__(database, settings)
        self.authors: dict[int, Author] = {}
        self.deaths = 0  # of processes that undid something
        self._writer = RecordWriter(database, self._catalogue, settings, database.public_ids)
        with database.read() as tx:
            self._last_entry = _last_entry(tx)
        self._known = self.records()

    def records(self) -> Records:
        """All records, without keys and times of change."""
        found: Records = {}
        with self._database.read() as tx:
            for table in TABLES:
                for row in _rows(tx, table, self._environment.number):
                    found[row["id"]] = row
            taggings: dict[int, list[int]] = {}
            for record, tag in tx.fetch("SELECT record_id, tag_id FROM taggings ORDER BY 1, 2"):
                taggings.setdefault(record, []).append(tag)
        for id, tags in taggings.items():
            if id in found:
                found[id]["tags"] = tuple(tags)
        return found

    def keys(self) -> dict[int, dict[str, Any]]:
        """The texts of the keys of all records."""
        with self._database.read() as tx:
            return {
                row["id"]: {name: row[name] for name in row if name.endswith("_key")}
                for table in TABLES
                for row in _raw_rows(tx, table, self._environment.number)
            }

    def carry_out(self, call: ImportCall) -> tuple[Author, list[Write]]:
        """Import; who has written, and what."""
        import_ = self._import(call, self._environment)
        author = self.authors[import_.id] = Author(import_.id)
        return author, self._written(self._creations(import_))

    def create(self, resource_type: str, row: Mapping[str, Any]) -> list[Write]:
        """Let an application create a record, if it may."""
        return self._outcome_of(
            self._writer.create(
                self._environment, resource_type, self._named(row), creator=APPLICATION
            )
        )

    def update(self, resource_type: str, record: int, row: Mapping[str, Any]) -> list[Write]:
        """Let an application change a record, if it may."""
        return self._outcome_of(
            self._writer.update(
                self._environment, resource_type, record, self._named(row), creator=APPLICATION
            )
        )

    def delete(self, resource_type: str, record: int) -> list[Write]:
        """Let an application destroy a record, if it may."""
        self._writer.delete(self._environment, resource_type, record, creator=APPLICATION)
        return self._written({})

    def set_flag(self, flag: str, value: bool) -> None:
        """Let an operator set a flag of the organization."""
        with self._database.write() as tx:
            set_organization(tx, self._environment.organization, {flag: str(value).lower()})
        self._environment = ensure_environment(self._database)

    def purge(self, author: Author) -> None:
        """Let the entries of an import be gone from the journal."""
        with self._database.write() as tx:
            tx.execute("DELETE FROM entries WHERE import_id = ?", (author.number,))
            self._last_entry = _last_entry(tx)

    def undo(self, of: Author, kills: Sequence[int] = ()) -> "Undone":
        """Take back what an import or an undo has written.

        Its process dies before each of these many points in a row, and another one goes on.
        """
        with self._database.write() as tx:
            undo = create_undo(tx, self._new_undo(of))
        author = self.authors[undo.id] = Author(undo.id, of)
        lives: Mapping[str, RunLife] = {UNDO: UndoLife()}
        for kill in (*kills, None):
            with self._database.write() as tx:
                run = take_run(tx, read_run(tx, undo.id), lives)
                undo = read_undo(tx, undo.id)
            if run.has_ended:
                break
            try:
                self._undo_runner(kill).run(undo)
            except _Died:
                self.deaths += 1
        with self._database.read() as tx:
            undo = read_undo(tx, undo.id)
            parts = list(kept_of(tx, undo.id))
        assert undo.status is UndoStatus.COMPLETED
        kept = {}
        for part in parts:
            fields = frozenset(part.fields)
            unit = WHOLE if not fields else unit_of(part.table_name, part.fields[0])
            assert fields <= unit
            kept[part.record_id, unit] = part.reason.value
        assert len(kept) == len(parts)
        return Undone(
            author,
            self._written({}),
            kept,
            undo.restored_count,
            undo.removed_count,
            undo.kept_count,
        )

    def _undo_runner(self, kill: int | None) -> UndoRunner:
        points = count()

        def on_point(_point: str) -> None:
            if next(points) == kill:
                raise _Died

        return UndoRunner(
            database=self._database,
            catalogue=self._catalogue,
            settings=self._runner.settings,
            on_point=on_point,
        )

    def _new_undo(self, of: Author) -> NewUndo:
        assert of.number is not None
        new = NewUndo(
            environment=self._environment.number,
            tables=frozenset(self._catalogue.tables),
            changes_count=0,
        )
        if of.of is None:
            return replace(new, import_id=ImportId(of.number))
        return replace(new, undo_id=RunId(of.number))

    def find(self, reference: Ref) -> int | None:
        """The id of a record."""
        return self._database.public_ids.decode(self._id_of(reference, self._environment))

    def _named(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        found: Mapping[str, Any] = with_ids(
            dict(row), lambda reference: self._id_of(reference, self._environment)
        )
        return found

    def _outcome_of(self, _outcome: WriteOutcome) -> list[Write]:
        return self._written({})

    def _creations(self, import_: Import) -> dict[int, int]:
        """The records that an import has created, each with the first row of its chunk."""
        created: dict[int, int] = {}
        with self._database.read() as tx:
            for entry in ledger_entries(tx, import_.id):
                columns = entry.columns()
                for outcome, record in zip(columns.outcomes, columns.records, strict=True):
                    if outcome == RowOutcome.CREATED:
                        created[record] = entry.first_row
                for _, _, record in columns.further:
                    created[record] = entry.first_row
        return created

    def _written(self, creations: Mapping[int, int]) -> list[Write]:
        """What was written since the last time this was asked."""
        before, after = self._known, self.records()
        with self._database.read() as tx:
            entries = _entries(tx, self._last_entry, self._environment.number)
            self._last_entry = _last_entry(tx)
            chunks = _Chunks(tx)
        writes = _in_groups([self._write_of(entry, before, after, chunks) for entry in entries])
        born = after.keys() - before.keys()
        born -= {each.record for each in writes if each.event == "restore"}
        made: list[Write] = []
        for id in sorted(born):
            author = self.authors.get(after[id]["creator_id"], SOMEBODY)
            assert (author is SOMEBODY) != (id in creations), "the ledger knows what was created"
            made.append(Write(author, creations.get(id, 0), "create", id))
        assert creations.keys() <= born, "what the ledger says was created is there"
        self._known = after
        return made + writes

    def _write_of(
        self, entry: Mapping[str, Any], was: Records, is_: Records, chunks: "_Chunks"
    ) -> Write:
        author = self._author_of(entry)
        step = 0
        if author is not SOMEBODY and author.of is None:
            step = chunks.first_row(author, entry["row_number"])
        record = entry["record_id"]
        if entry["restores"] is not None:
            return Write(author, step, "restore", record, image=is_[record])
        if entry["event"] == "destroy":
            return Write(author, step, "destroy", record, image=was[record])
        changes = {
            field: (_value(before), _value(after))
            for field, (before, after) in json.loads(entry["changes"]).items()
        }
        return Write(author, step, "update", record, changes)

    def _author_of(self, entry: Mapping[str, Any]) -> Author:
        if entry["actor_kind"] is None:
            return self.authors[entry["import_id"]]
        if entry["actor_kind"] == ActorKind.UNDO:
            return self.authors[entry["actor_id"]]
        return SOMEBODY


class _Chunks:
    """In which chunk a row was."""

    def __init__(self, tx: Transaction) -> None:
        self._firsts: dict[int, list[int]] = {}
        for import_id, first in tx.fetch(
            "SELECT import_id, first_row FROM import_ledger ORDER BY 1, 2"
        ):
            self._firsts.setdefault(import_id, []).append(first)

    def first_row(self, author: Author, row: int) -> int:
        assert author.number is not None
        return max(first for first in self._firsts[author.number] if first <= row)


def replayed(records: Records, writes: Iterable[Write]) -> Records:
    """Records after these writes, as far as the journal says."""
    found = {id: dict(record) for id, record in records.items()}
    for each in writes:
        if each.event == "destroy":
            found.pop(each.record, None)
            for record in found.values():
                record["tags"] = tuple(tag for tag in record["tags"] if tag != each.record)
        elif each.event == "restore":
            assert each.image is not None
            found[each.record] = dict(each.image)
        elif each.event == "update" and each.record in found:
            for field, (before, after) in each.changes.items():
                assert found[each.record][field] == before, (each, field)
                found[each.record][field] = after
    return found


def without_sums(records: Records) -> Records:
    """Records without what follows from others."""
    return {
        id: {name: value for name, value in record.items() if name not in SUMS}
        for id, record in records.items()
    }


SUMS = frozenset({"subtotal_amount_cents", "skus_count"})
_BOOLEANS = {
    table: frozenset(
        each.name
        for each in load_catalogue().tables[table].attributes
        if each.type is ValueType.BOOLEAN
    )
    for table in TABLES
}


def _in_groups(writes: Sequence[Write]) -> list[Write]:
    """What undos write, in steps of its own: what was done one after another, be it that fields
    were given back, or that records went or came back, is taken back in the other order."""
    found: list[Write] = []
    groups = groupby(writes, key=lambda each: (each.author, each.event))
    for number, ((author, _), of_group) in enumerate(groups):
        is_undo = author.of is not None
        found += [replace(each, step=number) if is_undo else each for each in of_group]
    return found


def _value(value: Any) -> Any:
    return tuple(sorted(value)) if isinstance(value, list) else value


def _rows(tx: Transaction, table: str, environment: int) -> Iterable[dict[str, Any]]:
    for row in _raw_rows(tx, table, environment):
        kept = {
            name: bool(value) if name in _BOOLEANS[table] and value is not None else value
            for name, value in row.items()
            if name != "updated_at" and not name.endswith("_key")
        }
        yield {"table": table, "tags": (), **kept}


def _raw_rows(tx: Transaction, table: str, environment: int) -> list[dict[str, Any]]:
    query = text(f'SELECT * FROM "{table}" WHERE id >> 40 = :here ORDER BY id')
    return [dict(row) for row in tx.connection.execute(query, {"here": environment}).mappings()]


def _entries(tx: Transaction, last: int, environment: int) -> list[dict[str, Any]]:
    """The entries of the journal behind the last one that was read."""
    query = text("SELECT * FROM entries WHERE id > :last AND environment = :here ORDER BY id")
    found = tx.connection.execute(query, {"last": last, "here": environment})
    return [dict(row) for row in found.mappings()]


def _last_entry(tx: Transaction) -> int:
    ((last,),) = tx.fetch("SELECT coalesce(max(id), 0) FROM entries")
    return int(last)
