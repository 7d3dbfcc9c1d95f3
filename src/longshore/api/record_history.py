"""The history of one record.

The journal keeps no entry for a creation, because one per created record would halve the speed of
imports. It is told all the same: the record as it is, with every later change taken back.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from longshore.api.changes import Change
from longshore.catalogue import Catalogue, Sum, ValueType
from longshore.clock import format_datetime
from longshore.database import Transaction
from longshore.journal import history_of_record
from longshore.json_text import decode_stored
from longshore.records import TableReader, read_tags

_TAGS = "tags"


def history_of(
    tx: Transaction, catalogue: Catalogue, table: str, record_id: int, *, after: int | None
) -> Iterator[Change]:
    """The changes of a record, oldest first: all, or those behind number `after`."""
    values = RecordValues(tx, catalogue, table)
    if after is None:
        yield _creation(tx, values, record_id)
    for entry in history_of_record(tx, record_id, after_id=after or 0):
        if entry.event == "update":
            yield Change(
                number=entry.id,
                at=entry.at,
                event="update",
                payload=values.shown(entry.changes),
                actor=entry.import_id,
                by_migration=entry.import_id is None,
            )


def _creation(tx: Transaction, values: "RecordValues", record_id: int) -> Change:
    creator, at, record = values.read(record_id)
    taken_back: set[str] = set()
    for entry in history_of_record(tx, record_id):
        for field, (before, _) in entry.changes.items():
            if field not in taken_back:
                taken_back.add(field)
                record[field] = before
    given = {field: (None, value) for field, value in record.items() if value not in (None, (), [])}
    return Change(number=0, at=at, event="create", payload=values.shown(given), actor=creator)


class RecordValues:
    """The fields of one table's records, and how their stored values are shown."""

    def __init__(self, tx: Transaction, catalogue: Catalogue, table: str) -> None:
        self._tx = tx
        declared = catalogue.tables[table]
        self._table = table
        self._attributes = {
            each.name: each.type
            for each in declared.attributes
            if each.fetchable
            and not each.confidential
            and not isinstance(each.computed, Sum)
            and each.name not in ("created_at", "updated_at", "type")
        }
        self._links = {link.column for link in declared.links}
        self._types = {link.type_column for link in declared.links if link.adds_type_column}
        self._is_tagged = bool(declared.linked)

    def read(self, record_id: int) -> tuple[int | None, int, dict[str, Any]]:
        """Who created a record and when, and its fields as they are stored."""
        names = [*self._attributes, *sorted(self._links), *sorted(filter(None, self._types))]
        reader = TableReader(self._table, ["creator_id", "created_at", *names])
        ((_, creator, at, *values),) = reader.by_id(self._tx, [record_id])
        record = dict(zip(names, values, strict=True))
        if self._is_tagged:
            record[_TAGS] = read_tags(self._tx, [record_id]).get(record_id, ())
        return creator, at, record

    def shown(self, changes: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[object, object]]:
        """Changes with their values as on the wire; what is nobody's business is left out."""
        known = {*self._attributes, *self._links, *self._types, _TAGS}
        return {
            field: (self._shown(field, before), self._shown(field, after))
            for field, (before, after) in changes.items()
            if field in known
        }

    def _shown(self, field: str, value: Any) -> object:
        if value is None:
            return None
        if field in self._links:
            return self._tx.public_ids.encode(value)
        if field == _TAGS:
            return [self._tx.public_ids.encode(each) for each in value]
        match self._attributes.get(field):
            case ValueType.DATETIME:
                return format_datetime(value)
            case ValueType.BOOLEAN:
                return bool(value)
            case ValueType.OBJECT | ValueType.ARRAY if isinstance(value, str):
                return decode_stored(value)
            case _:
                return value
