"""Append to the journal and read it back, always in the order in which things happened."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, or_, select, update

from longshore.database import Transaction
from longshore.journal.actors import Actor, ActorKind, columns_of, stored_actor
from longshore.journal.fields import event_number
from longshore.journal.images import read_images, store_images
from longshore.journal.tables import creations, entries, events

_PAGE = 1000
_FIRST_PAGE_BACKWARDS = 50  # mostly the last few entries say what is asked for

# Until there were actors, this was the only migration that changed records.
_RESPELLING = Actor(ActorKind.MIGRATION, 6)

# The id of the last entry that an import has made, given its id twice; nothing, null or 0 when it
# has made none. In the order of the index, so that no other entry is looked at.
LAST_ENTRY_OF_IMPORT = (
    "SELECT CASE WHEN import_id = ? THEN id ELSE 0 END FROM entries WHERE import_id <= ?"
    " ORDER BY import_id DESC, id DESC LIMIT 1"
)


class NewEntry(NamedTuple):
    """A change of one record."""

    environment: int
    import_id: int | None  # of an actor with an id: that id
    row_number: int | None
    table_name: str
    record_type: str
    record_id: int
    event: str  # "update" or "destroy"
    changes: str  # JSON: {field: [before, after]}
    image_id: int | None  # of the stored images, where the record is destroyed
    at: int
    actor_kind: str | None  # None for an import
    actor_id: int | None
    restores: int | None = None  # id of the entry of a destruction that is taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """A record that is destroyed."""

    table_name: str
    record_type: str
    record_id: int
    image: Mapping[str, object]  # the whole record, without what is confidential


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpdates:
    """Changes of records by the rows of an import, or by an undo, as columns in the order of the
    changes."""

    row_numbers: Sequence[int] | None  # None: no row made them
    table_names: Sequence[str]
    record_types: Sequence[str]
    record_ids: Sequence[int]
    changes: Sequence[str]  # JSON: {field: [before, after]}
    # Of an undo: the entry before which the fields are again what they were then.
    undoes: Sequence[int] | None = None


class Creation(NamedTuple):
    """Records that an import created in one table within one chunk: those whose `creator_id` is
    the import's, from the first id to the last."""

    import_id: int
    table_name: str
    first_id: int
    last_id: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A stored entry."""

    id: int  # ascending in the order of the changes
    environment: int
    actor: Actor
    import_id: int | None
    row_number: int | None
    table_name: str
    record_type: str
    record_id: int
    event: str  # "update", "destroy" or "restore"
    changes: Mapping[str, tuple[Any, Any]]  # field -> before, after
    image: Mapping[str, Any] | None  # the whole record, where it is destroyed or comes back
    restores: int | None  # id of the entry of the destruction that is taken back
    undoes: int | None  # of an undo: the entry before which the fields are what they were then
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A named happening."""

    id: int
    environment: int
    name: str
    resource_type: str
    resource_id: int
    actor: Actor | None  # who made it happen; None: the resource itself
    payload: Mapping[str, Any]
    at: int


def append_entries(tx: Transaction, rows: Sequence[NewEntry]) -> None:
    """Add entries."""
    if rows:
        tx.insert("entries", NewEntry._fields, rows)


def append_updates(
    tx: Transaction, updates: NewUpdates, *, environment: int, actor: Actor, at: int
) -> None:
    """Add entries of updates, as many as a chunk has."""
    if updates.record_ids:
        # What is null in all rows is not named.
        constants = {name: value for name, value in columns_of(actor).items() if value is not None}
        columns: dict[str, Sequence[object] | None] = {
            "row_number": updates.row_numbers,
            "table_name": updates.table_names,
            "record_type": updates.record_types,
            "record_id": updates.record_ids,
            "changes": updates.changes,
            "undoes": updates.undoes,
        }
        tx.insert_columns(
            "entries",
            {name: values for name, values in columns.items() if values is not None},
            {"environment": environment, "event": "update", "at": at, **constants},
        )


def append_destructions(
    tx: Transaction, destroyed: Sequence[Destroyed], *, environment: int, actor: Actor
) -> None:
    """Add entries of records that are destroyed, as many as a chunk has; none comes twice."""
    images = store_images(tx, environment, {each.record_id: each.image for each in destroyed})
    append_entries(
        tx,
        [
            NewEntry(
                environment=environment,
                row_number=None,
                table_name=each.table_name,
                record_type=each.record_type,
                record_id=each.record_id,
                event="destroy",
                changes="{}",
                image_id=images[each.record_id],
                at=tx.now(),
                **columns_of(actor),
            )
            for each in destroyed
        ],
    )


def append_restores(
    tx: Transaction, destructions: Sequence[Entry], *, environment: int, actor: Actor
) -> None:
    """Add entries of records that come back as they were before these destructions, as many as a
    chunk has; none comes twice."""
    assert all(each.event == "destroy" for each in destructions), "nothing else is taken back"
    # Once more, because destructions of older releases have images that are not packed.
    images = {each.record_id: each.image for each in destructions if each.image is not None}
    stored = store_images(tx, environment, images)
    append_entries(
        tx,
        [
            NewEntry(
                environment=environment,
                row_number=None,
                table_name=each.table_name,
                record_type=each.record_type,
                record_id=each.record_id,
                event="update",
                changes="{}",
                image_id=stored[each.record_id],
                at=tx.now(),
                restores=each.id,
                **columns_of(actor),
            )
            for each in destructions
        ],
    )


def append_creations(tx: Transaction, rows: Sequence[Creation]) -> None:
    """Say which records a chunk has created."""
    if rows:
        tx.insert("creations", Creation._fields, rows)


def append_event(
    tx: Transaction,
    *,
    environment: int,
    name: str,
    resource_type: str,
    resource_id: int,
    actor: Actor | None = None,
    payload: Mapping[str, object] | None = None,
) -> int:
    """Say that something happened; without an actor, the resource did it by itself.

    Returns the number of the event in the journal.
    """
    is_application = actor is not None and actor.kind is ActorKind.APPLICATION
    appended = tx.connection.execute(
        insert(events).values(
            environment=environment,
            name=name,
            resource_type=resource_type,
            resource_id=resource_id,
            application_id=actor.id if actor is not None and is_application else None,
            actor_kind=None if actor is None else actor.kind,
            actor_id=None if actor is None else actor.id,
            payload=json.dumps(payload or {}, ensure_ascii=False, sort_keys=True),
            at=tx.now(),
        )
    )
    key = appended.inserted_primary_key
    assert key is not None, "one row was inserted"
    return int(key[0])


def update_event(
    tx: Transaction,
    environment: int,
    id_: int,
    changes: Mapping[str, object],
    *,
    actor: Actor,
) -> None:
    """Set `reference`, `reference_origin` and `metadata` of an event, whichever are named.

    What differs from what was there becomes an entry.
    """
    assert changes.keys() <= {"reference", "reference_origin", "metadata"}, "read-only"
    is_meant = (events.c.environment == environment) & (
        events.c.id == event_number(environment, id_)
    )
    before = tx.connection.execute(select(events).where(is_meant)).mappings().one()
    values = {
        name: json.dumps(value, sort_keys=True) if name == "metadata" else value
        for name, value in changes.items()
    }
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return
    now = tx.now()
    tx.connection.execute(update(events).where(is_meant).values(**changed, updated_at=now))
    entry = NewEntry(
        environment=environment,
        row_number=None,
        table_name="events",
        record_type="events",
        record_id=id_,
        event="update",
        changes=json.dumps({name: [before[name], value] for name, value in changed.items()}),
        image_id=None,
        at=now,
        **columns_of(actor),
    )
    append_entries(tx, [entry])


def entries_of_import(
    tx: Transaction, import_id: int, *, after_id: int = 0, limit: int | None = None
) -> Iterator[Entry]:
    """What an import changed, oldest first."""
    return read_entries(tx, entries.c.import_id == import_id, after_id, limit)


def entries_of_rows(
    tx: Transaction, import_id: int, numbers: Sequence[int], *, behind_id: int, last_id: int
) -> Iterator[Entry]:
    """What a few rows of an import changed, oldest first; their entries are behind the first of
    these ids, up to the second."""
    columns = entries.c
    condition = and_(
        columns.import_id == import_id, columns.id <= last_id, columns.row_number.in_(numbers)
    )
    return read_entries(tx, condition, behind_id, limit=None)


def history_of_record(
    tx: Transaction, record_id: int, *, after_id: int = 0, limit: int | None = None
) -> Iterator[Entry]:
    """What was changed in a record, oldest first; its creation is not among it."""
    return read_entries(tx, entries.c.record_id == record_id, after_id, limit)


def history_backwards(tx: Transaction, record_id: int) -> Iterator[Entry]:
    """What was changed in a record, newest first, for as long as somebody goes on reading; without
    what it was when it was destroyed."""
    left_out = [column for column in entries.c if column.name not in ("image", "image_id")]
    query = select(*left_out).where(entries.c.record_id == record_id)
    query, size = query.order_by(entries.c.id.desc()), _FIRST_PAGE_BACKWARDS
    rows = tx.connection.execute(query.limit(size)).mappings().all()
    while rows:
        yield from (_entry({**row, "image": None}) for row in rows)
        if len(rows) < size:
            return
        size = _PAGE
        before = query.where(entries.c.id < rows[-1]["id"]).limit(size)
        rows = tx.connection.execute(before).mappings().all()


def entries_of_undo(
    tx: Transaction, undo_id: int, *, after_id: int = 0, limit: int | None = None
) -> Iterator[Entry]:
    """What an undo changed, oldest first."""
    columns = entries.c
    condition = and_(columns.actor_kind == ActorKind.UNDO, columns.actor_id == undo_id)
    return read_entries(tx, condition, after_id, limit)


def has_changed(tx: Transaction, import_id: int) -> bool:
    """Whether an import has ever created or changed a record."""
    of_import = [exists().where(table.c.import_id == import_id) for table in (creations, entries)]
    return bool(tx.connection.execute(select(or_(*of_import))).scalar_one())


def created_by_import(tx: Transaction, import_id: int) -> Iterator[Creation]:
    """Where the records that an import created lie, in ascending order of ids."""
    query = (
        select(creations)
        .where(creations.c.import_id == import_id)
        .order_by(creations.c.first_id, creations.c.table_name)
    )
    for row in tx.connection.execute(query):
        yield Creation(*row)


def tables_created_in(tx: Transaction, import_ids: Collection[int]) -> dict[int, list[str]]:
    """The tables in which imports have created records."""
    columns = creations.c
    query = (
        select(columns.import_id, columns.table_name)
        .distinct()
        .where(columns.import_id.in_(import_ids))
        .order_by(columns.import_id, columns.table_name)
    )
    found: dict[int, list[str]] = {}
    for import_id, table in tx.connection.execute(query):
        found.setdefault(import_id, []).append(table)
    return found


def created_range(tx: Transaction, import_id: int, table: str) -> tuple[int, int] | None:
    """The first and the last id of the records that an import created in a table."""
    columns = creations.c
    query = select(func.min(columns.first_id), func.max(columns.last_id)).where(
        columns.import_id == import_id, columns.table_name == table
    )
    first, last = tx.connection.execute(query).one()
    return None if first is None else (first, last)


_SELECTED_EVENTS = select(
    events.c.id,
    events.c.environment,
    events.c.name,
    events.c.resource_type,
    events.c.resource_id,
    events.c.application_id,
    events.c.actor_kind,
    events.c.actor_id,
    events.c.payload,
    events.c.at,
)


def events_of(
    tx: Transaction, resource_id: int, *, after_id: int = 0, limit: int | None = None
) -> Iterator[Event]:
    """What happened to one record or import, oldest first."""
    query = _SELECTED_EVENTS.where(events.c.resource_id == resource_id)
    for page in _pages(tx, query, events.c.id, after_id, limit):
        for row in page:
            yield _event(row)


def events_before(
    tx: Transaction,
    environment: int,
    *,
    before_id: int | None = None,
    names: Sequence[str] = (),
    actor: Actor | None = None,
    limit: int,
) -> list[Event]:
    """What happened in an environment, newest first: all, or what is older than an event; with
    these names, and by this actor, where any is given."""
    query = _SELECTED_EVENTS.where(events.c.environment == environment)
    if before_id is not None:
        query = query.where(events.c.id < before_id)
    if names:
        query = query.where(events.c.name.in_(names))
    if actor is not None:
        is_theirs = events.c.actor_kind == actor.kind
        if actor.id is not None:
            is_theirs = and_(is_theirs, events.c.actor_id == actor.id)
        if actor.kind is ActorKind.APPLICATION:  # as events without actors name them
            is_theirs = or_(is_theirs, events.c.application_id == actor.id)
        query = query.where(is_theirs)
    rows = tx.connection.execute(query.order_by(events.c.id.desc()).limit(limit)).mappings()
    return [_event(dict(row)) for row in rows]


def _event(row: dict[str, Any]) -> Event:
    application = row.pop("application_id")
    implied = None if application is None else Actor(ActorKind.APPLICATION, application)
    actor = stored_actor(row.pop("actor_kind"), row.pop("actor_id"), implied)
    return Event(**{**row, "actor": actor, "payload": json.loads(row["payload"])})


def read_entries(
    tx: Transaction, condition: ColumnElement[bool], after_id: int, limit: int | None
) -> Iterator[Entry]:
    query = select(entries).where(condition)
    for page in _pages(tx, query, entries.c.id, after_id, limit):
        images = read_images(tx, {row["image_id"] for row in page} - {None})
        for row in page:
            image_id = row.pop("image_id")
            if image_id is not None:
                row["image"] = images[image_id][row["record_id"]]
            elif row["image"] is not None:
                row["image"] = json.loads(row["image"])
            yield _entry(row)


def _entry(row: dict[str, Any]) -> Entry:
    """The entry that stands in a row, whose image is read."""
    actor = stored_actor(row.pop("actor_kind"), row.pop("actor_id"), _implied(row))
    changes = {field: tuple(values) for field, values in json.loads(row["changes"]).items()}
    if row["restores"] is not None:
        row["event"] = "restore"
    return Entry(**{**row, "actor": actor, "changes": changes})


def _implied(entry: Mapping[str, Any]) -> Actor:
    """Who made an entry that names no actor."""
    import_id = entry["import_id"]
    return _RESPELLING if import_id is None else Actor(None, import_id)


def _pages(
    tx: Transaction,
    query: Select[Any],
    id_column: ColumnElement[int],
    after_id: int,
    limit: int | None,
) -> Iterator[Sequence[dict[str, Any]]]:
    """Rows in the order of their ids, in pages, so that memory does not grow with them."""
    left = limit
    while left is None or left > 0:
        size = _PAGE if left is None else min(left, _PAGE)
        page = query.where(id_column > after_id).order_by(id_column).limit(size)
        rows = tx.connection.execute(page).mappings().all()
        yield [dict(row) for row in rows]
        if len(rows) < size:
            return
        after_id = rows[-1][id_column]
        left = None if left is None else left - len(rows)
