"""The state of the naive model: records by id, and how they are found."""

from collections.abc import Iterator

from longshore.catalogue import Attribute, Catalogue, Form, Key, Relationship, ResourceType, Through
from tests.property.model.values import key_text

# A record holds its `type`, its attributes by name, the id of the target (or None) by the name of
# each to-one relationship, and the set of tag ids under `tags`.
Record = dict[str, object]


class State:
    """All records of an environment."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.records: dict[int, Record] = {}
        self.next_id = 1

    def __deepcopy__(self, memo: object) -> "State":
        """A state that shares the catalogue and nothing else."""
        double = State(self.catalogue)
        double.next_id = self.next_id
        double.records = {
            record_id: {
                name: set(value) if isinstance(value, set) else value
                for name, value in record.items()
            }
            for record_id, record in self.records.items()
        }
        return double

    def add(self, record: Record) -> int:
        record_id = self.next_id
        self.next_id += 1
        self.records[record_id] = record
        return record_id

    def find(self, resource_type: str, written: object) -> int | None:
        """The record of this type with the id as a row writes it."""
        text = written.strip() if isinstance(written, str) else ""
        if not text.isascii() or not text.isdigit():
            return None
        record = self.records.get(int(text))
        return int(text) if record is not None and self.is_of(record, resource_type) else None

    def is_of(self, record: Record, resource_type: str) -> bool:
        concrete = self.catalogue.types[resource_type].concrete
        return record["type"] in (concrete or (resource_type,))

    def of_table(self, declared: ResourceType) -> Iterator[tuple[int, Record]]:
        """The records that share the type's table, in id order."""
        for record_id, record in self.records.items():
            if self.catalogue.types[str(record["type"])].table == declared.table:
                yield record_id, record

    def holders(self, declared: ResourceType, key: Key, parts: tuple[object, ...]) -> list[int]:
        """The records whose key consists of these parts."""
        return [
            record_id
            for record_id, record in self.of_table(declared)
            if self.key_parts(declared, key, record) == parts
        ]

    def key_parts(
        self, declared: ResourceType, key: Key, record: Record
    ) -> tuple[object, ...] | None:
        """The parts as they are compared; None when the record has no such key."""
        parts = []
        for name in key.parts:
            part = key_part(declared, name, record.get(name))
            if part is None and name not in key.nullable:
                return None
            parts.append(part)
        return tuple(parts)

    def read(self, record: Record, path: tuple[str, ...]) -> object:
        """The value at the end of a chain of to-one relationships, computed if need be."""
        *relationships, name = path
        for relationship in relationships:
            target = record.get(relationship)
            if not isinstance(target, int):
                return None
            record = self.records[target]
        if name in record:
            return record[name]
        declared = self.catalogue.types[str(record["type"])]
        computed = attributes_of(declared)[name].computed
        return self.read(record, computed.path) if isinstance(computed, Through) else None


def key_part(declared: ResourceType, name: str, value: object) -> object:
    """One part of a key as it is compared."""
    attribute = attributes_of(declared).get(name)
    fold = attribute is not None and attribute.form in (Form.EMAIL, Form.TAG_NAME)
    return key_text(value, fold=fold)


def attributes_of(declared: ResourceType) -> dict[str, Attribute]:
    return {attribute.name: attribute for attribute in declared.attributes}


def relationships_of(declared: ResourceType) -> dict[str, Relationship]:
    return {relationship.name: relationship for relationship in declared.relationships}
