"""The fields of stored records, and how a history shows their values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from longshore.catalogue import Catalogue, ResourceType, Sum, ValueType
from longshore.clock import format_datetime
from longshore.database import Transaction
from longshore.json_text import decode_stored
from longshore.records import TableReader, read_tags

_TAGS = "tags"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record as it is stored, or as it was."""

    creator: int | None  # id of the import or application that created it; None: neither
    at: int  # when it was created
    fields: Mapping[str, Any]


class RecordValues:
    """The fields of one table's records, and how their stored values are shown."""

    def __init__(
        self,
        tx: Transaction,
        catalogue: Catalogue,
        table: str,
        encode: Callable[[int], str] | None = None,  # shows ids; None: as they are known outside
    ) -> None:
        self._tx = tx
        self._encode = encode or tx.public_ids.encode
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
        self._declared = declared
        self._is_tagged = bool(declared.linked)
        self._columns = [
            *self._attributes,
            *sorted(self._links),
            *sorted(filter(None, self._types)),
        ]

    def fields_of(self, type_: ResourceType) -> list[str]:
        """The fields that records of one of the table's types have, in the order of its
        declaration; without those that are not shown with one record."""
        own = {each.name for each in type_.relationships}
        hidden = {
            each.name
            for each in type_.attributes
            if each.only_on and "retrieve" not in each.only_on
        }
        names = [each.name for each in type_.attributes if each.name in self._attributes]
        for link in self._declared.links:
            if link.relationship.name in own:
                names += [link.column, *filter(None, [link.type_column])]
        is_tagged = self._is_tagged and own & {each.name for each in self._declared.linked}
        names += [_TAGS] if is_tagged else []
        return [each for each in dict.fromkeys(names) if each not in hidden]

    def read(self, record_id: int) -> StoredRecord | None:
        """The record as it is; None: it is gone, or there never was any."""
        reader = TableReader(self._table, ["creator_id", "created_at", *self._columns])
        found = reader.by_id(self._tx, [record_id])
        if not found:
            return None
        _, creator, at, *values = found[0]
        fields = dict(zip(self._columns, values, strict=True))
        if self._is_tagged:
            fields[_TAGS] = read_tags(self._tx, [record_id]).get(record_id, ())
        return StoredRecord(creator=creator, at=at, fields=fields)

    def of_image(self, image: Mapping[str, Any]) -> StoredRecord:
        """The record as it was when it was destroyed.

        Releases before the first that packed images kept neither its creator nor its tags.
        """
        known = {*self._columns, _TAGS}
        return StoredRecord(
            creator=image.get("creator_id"),
            at=image["created_at"],
            fields={name: value for name, value in image.items() if name in known},
        )

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
            return self._encode(value)
        if field == _TAGS:
            return list(map(self._encode, value))
        match self._attributes.get(field):
            case ValueType.DATETIME:
                return format_datetime(value)
            case ValueType.BOOLEAN:
                return bool(value)
            case ValueType.OBJECT | ValueType.ARRAY if isinstance(value, str):
                return decode_stored(value)
            case _:
                return value
