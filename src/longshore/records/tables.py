"""Tables of records, derived from the catalogue.

Every column name that is not an attribute's: `id` (environment and sequence), `creator_id` (the
import or application that made the record; no foreign key and no index, because every created
record would pay for them), `created_at`, `updated_at`, one id per to-one relationship, and one
text per key. A key's text is computed in Python and begins with the environment, so its unique
index is a border between environments as well.

Indexes are few, because each costs every import: primary key, keys, and what leads from a record
to those that refer to it. A list of one environment is a range of the primary key.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, MetaData, Table

from longshore.catalogue import Attribute, Catalogue, Key, Link, ValueType, load_catalogue
from longshore.catalogue import Table as TableDeclaration
from longshore.database import BytewiseText, Identity, metadata
from longshore.records.zones import declare_departures

_NAME_BYTES_MAX = 63

SYSTEM_COLUMNS = ("id", "creator_id", "created_at", "updated_at")

_COLUMN_TYPES: Mapping[ValueType, sa.types.TypeEngine[Any]] = {
    ValueType.STRING: BytewiseText,  # lists and filters order it alike on all databases
    ValueType.INTEGER: sa.BigInteger(),
    ValueType.FLOAT: sa.Double(),
    ValueType.BOOLEAN: sa.Boolean(create_constraint=False),
    ValueType.DATETIME: sa.BigInteger(),  # milliseconds since 1970
    ValueType.OBJECT: sa.Text(),  # canonical JSON: keys in order, no spaces
    ValueType.ARRAY: sa.Text(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTables:
    """The tables of one catalogue."""

    tables: Mapping[str, Table]  # by name, those of targets first
    taggings: Table

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]


@cache
def record_tables(catalogue: Catalogue | None = None) -> RecordTables:
    """The tables of a catalogue; without one, of longshore's own."""
    if catalogue is None or catalogue is load_catalogue():
        if "taggings" not in metadata.tables:
            declare_departures(load_catalogue(), metadata)
        return _build(load_catalogue(), metadata)
    return _build(catalogue, MetaData(naming_convention=metadata.naming_convention))


def _build(catalogue: Catalogue, holder: MetaData) -> RecordTables:
    if "taggings" in holder.tables:  # asked for as None and by name
        names = catalogue.tables
        tables = {name: holder.tables[name] for name in names}
        return RecordTables(tables=tables, taggings=holder.tables["taggings"])
    sought = _sought_links(catalogue)
    tables = {
        name: _table(declaration, holder, sought) for name, declaration in catalogue.tables.items()
    }
    return RecordTables(tables=tables, taggings=_taggings(holder))


def _table(
    declaration: TableDeclaration, holder: MetaData, sought: frozenset[tuple[str, str]]
) -> Table:
    parts: list[sa.schema.SchemaItem] = [
        Column("id", Identity, primary_key=True, autoincrement=False),
        Column("creator_id", sa.BigInteger),
        Column("created_at", sa.BigInteger, nullable=False),
        Column("updated_at", sa.BigInteger, nullable=False),
    ]
    parts += (_attribute(a) for a in declaration.attributes if a.name not in SYSTEM_COLUMNS)
    for link in declaration.links:
        is_sought = link.target is not None or (declaration.name, link.column) in sought
        parts += _link(declaration.name, link, is_sought=is_sought)
    for key in declaration.keys:
        parts += _key(declaration.name, key)
    names = [part.name for part in parts if isinstance(part, Column)]
    assert len(names) == len(set(names)), f"columns of {declaration.name} share a name: {names}"
    return Table(declaration.name, holder, *parts)


def _attribute(attribute: Attribute) -> "Column[object]":
    if attribute.name == "metadata":
        return Column("metadata", sa.Text, nullable=False, server_default=sa.text("'{}'"))
    return Column(attribute.name, _COLUMN_TYPES[attribute.type])


def _link(table: str, link: Link, *, is_sought: bool) -> Iterator[sa.schema.SchemaItem]:
    """The column of a to-one, its type, and what keeps it within the environment."""
    yield Column(link.column, sa.BigInteger)
    if link.adds_type_column:
        assert link.type_column is not None
        yield Column(link.type_column, sa.Text)
    yield sa.CheckConstraint(f"(id >> 40) = ({link.column} >> 40)", name=link.column)
    if link.target is not None:
        # Deferred: within a chunk, records are written by table and not by relationship.
        yield sa.ForeignKeyConstraint(
            [link.column],
            [f"{link.target}.id"],
            deferrable=True,
            initially="DEFERRED",
            use_alter=link.relationship.deferred,
        )
    if is_sought:
        yield _partial_index(table, link.column)


def _key(table: str, key: Key) -> Iterator[sa.schema.SchemaItem]:
    yield Column(key.column, BytewiseText)
    yield _partial_index(table, key.column, unique=key.unique)


def _partial_index(table: str, column: str, *, unique: bool = False) -> sa.Index:
    """An index of the rows that have a value; the others would be found in it by nobody."""
    has_value = sa.text(f"{column} IS NOT NULL")
    return sa.Index(
        _short(f"ix_{table}_{column}"),
        column,
        unique=unique,
        sqlite_where=has_value,
        postgresql_where=has_value,
    )


def _short(name: str) -> str:
    """A name that PostgreSQL keeps whole."""
    if len(name) <= _NAME_BYTES_MAX:
        return name
    return f"{name[: _NAME_BYTES_MAX - 9]}_{zlib.crc32(name.encode()):08x}"


def _sought_links(catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """Columns by which a relationship of another type finds its records: (table, column)."""
    found = set()
    for type_ in catalogue.types.values():
        for relationship in type_.relationships:
            if relationship.inverse is None:
                continue
            for name in relationship.targets:
                target = catalogue.get(name)
                if target is None:
                    continue
                views = {r.name: r.view_of for r in target.relationships}
                kept = views.get(relationship.inverse) or relationship.inverse
                found.add((target.table, f"{kept}_id"))
    return frozenset(found)


def _taggings(holder: MetaData) -> Table:
    """Which record bears which tag. Without a row number of its own: the key is the row."""
    return Table(
        "taggings",
        holder,
        Column("record_id", sa.BigInteger, primary_key=True),
        Column("tag_id", sa.BigInteger, primary_key=True),
        sa.CheckConstraint("(record_id >> 40) = (tag_id >> 40)", name="tag_id"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], deferrable=True, initially="DEFERRED"),
        sa.Index("ix_taggings_tag_id", "tag_id", "record_id"),
        sqlite_with_rowid=False,
    )
