"""The contents of both sides in one form, in which ids are places in id order.

An id is only a name: what counts is which record of a type is meant, and records of a type are
created in the same order on both sides. Times of the database's clock and generated values are
masked, because nobody can foresee them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from longshore.catalogue import Attribute, Catalogue, Kind, Product, Sum, ValueType
from longshore.database import Database
from tests.property.model import GENERATED_UNFORESEEABLY, Model, Record

Contents = dict[str, list[dict[str, object]]]  # table -> records in id order

MASKED = "some value"

_KEPT_AS_JSON = (ValueType.OBJECT, ValueType.ARRAY)

# Values that the random rows write into attributes that are generated otherwise.
WRITTEN = frozenset({"N1", "N2", "N3", "7", *(f"WRITTEN-{number}" for number in range(1, 44))})


@dataclass(frozen=True, slots=True)
class Naming:
    """How the records and values of one side are named."""

    catalogue: Catalogue
    places: dict[int, tuple[str, int]]  # id -> table, place among its records in id order
    masked: frozenset[tuple[str, str]]  # (table, field) of which only the presence is compared

    def place(self, record_id: object) -> tuple[str, int] | None:
        """None for null. A record that is not there is a fault."""
        if record_id is None:
            return None
        assert isinstance(record_id, int)
        return self.places[record_id]

    def tags(self, tags: Iterable[int]) -> list[int]:
        return sorted(self.places[tag][1] for tag in tags)

    def value(self, table: str, field: str, value: object) -> object:
        """A value as it is compared: what rows have not written themselves is only there."""
        if value is None or (table, field) not in self.masked or value in WRITTEN:
            return value
        return MASKED

    def entry(self, row: int | None, record_id: int, changes: Mapping[str, Any]) -> str:
        """An entry of the journal. A time that follows a time is no change worth comparing."""
        table, place = self.places[record_id]
        declared = self.catalogue.tables[table]
        links = {link.column: link.relationship.name for link in declared.links}
        texts = {one.name for one in declared.attributes if one.type in _KEPT_AS_JSON}
        named: dict[str, object] = {}
        for column, (before, after) in changes.items():
            field = links.get(column, column)
            if field == "tags":
                named[field] = [self.tags(before), self.tags(after)]
            elif field in links.values():
                named[field] = [self.place(before), self.place(after)]
            elif field in texts:
                named[field] = [_decoded(before), _decoded(after)]
            elif (table, field) not in self.masked:
                named[field] = [before, after]
            elif (before is None) != (after is None):
                named[field] = [before is None, after is None]
        return json.dumps([row, table, place, named], sort_keys=True)


def _decoded(value: object) -> object:
    """An object or array, which the journal has as the text that storage keeps."""
    return json.loads(value) if isinstance(value, str) else value


def model_naming(model: Model) -> Naming:
    ids: dict[str, list[int]] = {}
    for record_id, record in model.state.records.items():
        table = model.catalogue.types[str(record["type"])].table
        ids.setdefault(table, []).append(record_id)
    return Naming(model.catalogue, _places(ids), _masked(model.catalogue))


def stored_naming(database: Database, catalogue: Catalogue, environment: int) -> Naming:
    """The names of what a database holds of one environment."""
    ids: dict[str, list[int]] = {}
    with database.read() as tx:
        for table in catalogue.tables:
            rows = tx.fetch(f'SELECT id FROM "{table}" WHERE id >> 40 = ?', (environment,))
            ids[table] = [record_id for (record_id,) in rows]
    return Naming(catalogue, _places(ids), _masked(catalogue))


def _places(ids: Mapping[str, list[int]]) -> dict[int, tuple[str, int]]:
    return {
        record_id: (table, place)
        for table, table_ids in ids.items()
        for place, record_id in enumerate(sorted(table_ids))
    }


def _masked(catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    masked: set[tuple[str, str]] = set()
    for declared in catalogue.types.values():
        masked |= {(declared.table, one.stamps) for one in declared.triggers if one.stamps}
        masked |= {
            (declared.table, attribute.name)
            for attribute in declared.attributes
            if attribute.generated in GENERATED_UNFORESEEABLY
        }
    return frozenset(masked)


def model_contents(model: Model) -> Contents:
    """What the model holds, with the sums that storage keeps."""
    naming = model_naming(model)
    contents: Contents = {}
    for record_id in sorted(model.state.records):
        record = model.state.records[record_id]
        table = model.catalogue.types[str(record["type"])].table
        declared = model.catalogue.tables[table]
        plain: dict[str, object] = {}
        for attribute in declared.attributes:
            if attribute.name in ("created_at", "updated_at"):
                continue
            value = record.get(attribute.name)
            if isinstance(attribute.computed, Sum):
                value = _sum(model, record_id, attribute.computed)
            plain[attribute.name] = naming.value(table, attribute.name, value)
        for link in declared.links:
            plain[link.relationship.name] = naming.place(record.get(link.relationship.name))
        tags = record["tags"]
        assert isinstance(tags, set)
        plain["tags"] = naming.tags(tags)
        contents.setdefault(table, []).append(plain)
    return contents


def stored_contents(database: Database, catalogue: Catalogue, environment: int) -> Contents:
    """What the database holds of one environment."""
    with database.read() as tx:
        rows = {
            table: list(_stored_rows(tx.fetch, catalogue, table, environment))
            for table in catalogue.tables
        }
        taggings: dict[int, set[int]] = {}
        for record_id, tag_id in tx.fetch("SELECT record_id, tag_id FROM taggings"):
            taggings.setdefault(record_id, set()).add(tag_id)
    naming = stored_naming(database, catalogue, environment)
    contents: Contents = {}
    for table, declared in catalogue.tables.items():
        for row in rows[table]:
            plain: dict[str, object] = {}
            for attribute in declared.attributes:
                if attribute.name in ("created_at", "updated_at"):
                    continue
                value = stored_value(attribute, row[attribute.name])
                plain[attribute.name] = naming.value(table, attribute.name, value)
            for link in declared.links:
                plain[link.relationship.name] = naming.place(row[link.column])
            plain["tags"] = naming.tags(taggings.get(row["id"], ()))
            contents.setdefault(table, []).append(plain)
    return contents


def stored_value(attribute: Attribute, value: Any) -> object:
    """A value of the database as its declared type has it."""
    if value is None:
        return None
    if attribute.type is ValueType.BOOLEAN:
        return bool(value)
    if attribute.type in _KEPT_AS_JSON:
        return json.loads(value)
    return value


def _stored_rows(
    fetch: Any, catalogue: Catalogue, table: str, environment: int
) -> Iterator[dict[str, Any]]:
    declared = catalogue.tables[table]
    columns = ["id", *(attribute.name for attribute in declared.attributes)]
    columns += [link.column for link in declared.links]
    listed = ", ".join(f'"{column}"' for column in dict.fromkeys(columns))
    statement = f'SELECT {listed} FROM "{table}" WHERE id >> 40 = ? ORDER BY id'
    for row in fetch(statement, (environment,)):
        yield dict(zip(dict.fromkeys(columns), row, strict=True))


def _sum(model: Model, parent_id: int, declared: Sum) -> int:
    """A stored sum, computed from the children one by one."""
    parent = model.state.records[parent_id]
    (relationship,) = (
        one
        for one in model.catalogue.types[str(parent["type"])].relationships
        if one.name == declared.relationship and one.kind is Kind.TO_MANY
    )
    assert relationship.inverse is not None
    total = 0
    for child in model.state.records.values():
        if child.get(relationship.inverse) != parent_id:
            continue
        if child["type"] not in relationship.targets:
            continue
        if declared.where is None or child[declared.where[0]] == declared.where[1]:
            total += _summand(model, child, declared.of)
    return total


def _summand(model: Model, child: Record, name: str) -> int:
    (attribute,) = (
        one for one in model.catalogue.types[str(child["type"])].attributes if one.name == name
    )
    factors = attribute.computed.factors if isinstance(attribute.computed, Product) else (name,)
    product = 1
    for factor in factors:
        value = child[factor]
        if value is None:
            return 0
        assert isinstance(value, int)
        product *= value
    return product
