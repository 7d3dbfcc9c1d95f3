"""The history of one record.

The journal keeps no entry for a creation, because one per created record would halve the speed of
imports. It is told all the same: the record as it is, or as it was when it was destroyed, with
every later change taken back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.history.changes import Change
from longshore.history.record_values import RecordValues, StoredRecord
from longshore.journal import Actor, Entry, history_of_record


def history_of(
    tx: Transaction, catalogue: Catalogue, table: str, record_id: int, *, after: int | None
) -> Iterator[Change]:
    """The changes of a record, oldest first: all, or those behind number `after`.

    The record may be gone. Of one that there never was, there are none.
    """
    values = RecordValues(tx, catalogue, table)
    if after is None:
        created = created_record(tx, catalogue, table, record_id)
        if created is not None:
            yield _creation(values, created)
    for entry in history_of_record(tx, record_id, after_id=after or 0):
        yield change_of(values, entry)


def change_of(values: RecordValues, entry: Entry) -> Change:
    """The change that an entry of the journal tells of, of a record of the values' table."""
    return Change(
        number=entry.id,
        at=entry.at,
        event=entry.event,
        payload=values.shown(_changes(values, entry)),
        actor=entry.actor,
        row_number=entry.row_number,
    )


def created_record(
    tx: Transaction, catalogue: Catalogue, table: str, record_id: int
) -> StoredRecord | None:
    """A record as it was created, its values as they are stored; None: there never was any."""
    values = RecordValues(tx, catalogue, table)
    record = values.read(record_id)
    last_image: Mapping[str, Any] | None = None
    first: dict[str, Any] = {}
    for entry in history_of_record(tx, record_id):
        for field, (before, _) in entry.changes.items():
            first.setdefault(field, before)
        if entry.image is not None:
            last_image = entry.image
    if record is None and last_image is not None:
        record = values.of_image(last_image)
    if record is None:
        return None
    return replace(record, fields={**record.fields, **first})


def _creation(values: RecordValues, created: StoredRecord) -> Change:
    given = {name: (None, value) for name, value in _given(created).items()}
    actor = None if created.creator is None else Actor(None, created.creator)
    return Change(number=0, at=created.at, event="create", payload=values.shown(given), actor=actor)


def _changes(values: RecordValues, entry: Entry) -> dict[str, tuple[Any, Any]]:
    """What an entry changed: a record that is destroyed loses all that it has, and has it again
    when it comes back."""
    if entry.image is None:
        return dict(entry.changes)
    is_restored = entry.event == "restore"
    return {
        name: (None, value) if is_restored else (value, None)
        for name, value in _given(values.of_image(entry.image)).items()
    }


def _given(record: StoredRecord) -> dict[str, Any]:
    """The fields that have a value."""
    return {name: value for name, value in record.fields.items() if value not in (None, (), [])}
