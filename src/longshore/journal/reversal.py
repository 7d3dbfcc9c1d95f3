"""What whoever takes changes back must know of them: a part of the journal from the last to the
first, and what was changed since in the same records.

It is read for thousands of records at once, so it is no more than that.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import and_, literal_column

from longshore.database import Transaction
from longshore.journal.actors import Actor, ActorKind
from longshore.journal.store import Entry, read_entries
from longshore.journal.tables import entries


class MadeUpdate(NamedTuple):
    """What one row of an import, or one step of an undo, changed in one record."""

    id: int
    row_number: int | None
    table_name: str
    record_type: str
    record_id: int
    changes: Mapping[str, tuple[Any, Any]]  # field -> before, after


class LaterEntry(NamedTuple):
    """A change of a record behind those that are to be taken back, whoever made it."""

    id: int
    record_id: int
    actor_kind: str | None  # None: the import or the application of `import_id`
    actor_id: int | None
    import_id: int | None
    event: str  # "update" or "destroy"; a restore is an update that has `restores`
    restores: int | None
    undoes: int | None
    fields: frozenset[str]  # that an update changed

    @property
    def undo_id(self) -> int | None:
        """The undo that made it; None: nothing was taken back."""
        return self.actor_id if self.actor_kind == ActorKind.UNDO else None


_UPDATES = (
    "SELECT id, row_number, table_name, record_type, record_id, changes FROM entries"
    " WHERE import_id = ? AND id > ? AND id <= ? AND actor_kind IS NULL ORDER BY id"
)
_LATER = (
    "SELECT id, record_id, actor_kind, actor_id, import_id, event, restores, undoes, changes"
    " FROM entries WHERE record_id IN (?integers) AND id > ?"
)
_OWN_IMPORT = "actor_kind IS NULL AND coalesce(import_id, 0) = ? AND id <= ?"
_OWN_UNDO = "coalesce(actor_kind, '') = 'undo' AND coalesce(actor_id, 0) = ? AND id <= ?"
# The undo stands in the statement: an index that has only the entries of undos is found by it.
_BY_UNDO = "FROM entries WHERE actor_kind = 'undo' AND actor_id = ?"


def updates_of_import(
    tx: Transaction, import_id: int, *, behind_id: int, last_id: int
) -> list[MadeUpdate]:
    """The updates that rows of an import made, oldest first: the entries behind the first of
    these ids, up to the second."""
    decode = msgspec.json.Decoder(dict[str, tuple[Any, Any]]).decode
    return [
        MadeUpdate._make((*row, decode(changes)))
        for *row, changes in tx.fetch(_UPDATES, (import_id, behind_id, last_id))
    ]


def later_entries(
    tx: Transaction, records: Collection[int], made_by: Actor, *, behind_id: int, own_to: int
) -> dict[int, list[LaterEntry]]:
    """What was changed in records behind an entry of the journal, by record and oldest first.

    Without what an import, or an undo, made up to the entry `own_to`: that is known.
    """
    if not records:
        return {}
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    is_undo = made_by.kind is ActorKind.UNDO
    own = _OWN_UNDO if is_undo else _OWN_IMPORT
    found: dict[int, list[LaterEntry]] = {}
    rows = tx.fetch(
        f"{_LATER} AND NOT ({own}) ORDER BY id", (records, behind_id, made_by.id, own_to)
    )
    for *row, changes in rows:
        entry = LaterEntry._make((*row, frozenset(decode(changes))))
        found.setdefault(entry.record_id, []).append(entry)
    return found


def page_of_undo(
    tx: Transaction, undo_id: int, *, before_id: int | None, limit: int
) -> Sequence[MadeUpdate | Entry]:
    """The last entries of an undo before one, or of all: oldest first, some `limit` of them.

    Those of one transaction are never parted: what was destroyed together comes back together.
    """
    before = before_id or 1 << 62
    found = tx.fetch(
        f"SELECT id, at {_BY_UNDO} AND id < ? ORDER BY id DESC LIMIT ?", (undo_id, before, limit)
    )
    if not found:
        return ()
    # A transaction has one time, and two of them hardly the same one.
    ((behind,),) = tx.fetch(
        f"SELECT coalesce(max(id), 0) {_BY_UNDO} AND id < ? AND at <> ?", (undo_id, *found[-1])
    )
    page = (undo_id, behind, before)
    decode = msgspec.json.Decoder(dict[str, tuple[Any, Any]]).decode
    updates = [
        MadeUpdate._make((*row, decode(changes)))
        for *row, changes in tx.fetch(
            "SELECT id, row_number, table_name, record_type, record_id, changes"
            f" {_BY_UNDO} AND id > ? AND id < ? AND image_id IS NULL ORDER BY id",
            page,
        )
    ]
    columns = entries.c
    is_of_record = and_(
        columns.actor_kind == literal_column("'undo'"),
        columns.actor_id == undo_id,
        columns.id < before,
        columns.image_id.is_not(None),
    )
    whole = read_entries(tx, is_of_record, behind, limit=None)
    return sorted((*updates, *whole), key=lambda each: each.id)


def count_of_undo(tx: Transaction, undo_id: int) -> int:
    """How many entries an undo has made."""
    ((count,),) = tx.fetch(f"SELECT count(*) {_BY_UNDO}", (undo_id,))
    assert isinstance(count, int)
    return count
