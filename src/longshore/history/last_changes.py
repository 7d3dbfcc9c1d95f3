"""Who has given a record the values that it has: the last change of each of its fields.

The journal is read from its end, and no further than the fields that are asked for need. A field
that it does not tell of has what the record was created with. That a record was gone in between and
came back changes no field.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.history.record_values import RecordValues
from longshore.journal import Actor, Entry, history_backwards


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """The change that gave a field its value, as on the wire."""

    field: str
    value: object
    before: object
    at: int
    actor: Actor | None  # who did it; None: nobody knows
    row_number: int | None  # of the import that did it; None: nobody knows, or none did
    is_creation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """That a record was gone and came back."""

    at: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChanges:
    """What is known of the fields of a record."""

    changes: Mapping[str, LastChange]  # by field, in the order of its declaration
    # The last time that it came back, if it was gone since the first of these changes.
    returned: Return | None


def last_changes(
    tx: Transaction,
    catalogue: Catalogue,
    table: str,
    record_id: int,
    *,
    fields: Collection[str],
) -> LastChanges | None:
    """The last change of each of these fields that the records of the table have; None: there is no
    such record."""
    values = RecordValues(tx, catalogue, table)
    record = values.read(record_id)
    if record is None:
        return None
    found: dict[str, Entry] = {}
    missing = set(fields)
    returned: Return | None = None
    for entry in history_backwards(tx, record_id):
        if entry.event == "restore" and returned is None:
            returned = Return(at=entry.at, actor=entry.actor)
        for field in missing & entry.changes.keys():
            found[field] = entry
        missing -= entry.changes.keys()
        if not missing:
            break
    before = {field: found[field].changes[field][0] if field in found else None for field in fields}
    known = {field: (before[field], record.fields.get(field)) for field in fields}
    created_by = None if record.creator is None else Actor(None, record.creator)
    changes = {}
    for field, (was, value) in values.shown(known).items():
        by = found.get(field)
        changes[field] = LastChange(
            field=field,
            value=value,
            before=was,
            at=record.at if by is None else by.at,
            actor=created_by if by is None else by.actor,
            row_number=None if by is None else by.row_number,
            is_creation=by is None,
        )
    return LastChanges(changes=changes, returned=returned)
