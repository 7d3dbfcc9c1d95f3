"""Records destroyed one at a time, with what they hold, unless others refer to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from longshore.catalogue import Catalogue, Kind, ResourceType, Table
from longshore.database import Transaction
from longshore.journal import append_entries
from longshore.records import RecordEraser, TableReader, sum_writers


@dataclass(frozen=True, slots=True)
class Destruction:
    """What became of a record that was to be destroyed."""

    is_found: bool
    referrers: Sequence[str] = ()  # tables whose records refer to it; then nothing is destroyed

    @property
    def is_done(self) -> bool:
        return self.is_found and not self.referrers


@dataclass(frozen=True, slots=True)
class _Doomed:
    """A record about to be destroyed."""

    table: Table
    id: int
    values: dict[str, Any]


class Destroyer:
    """Destroys records: the collections that a row may hold inside itself go with it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def destroy(
        self,
        tx: Transaction,
        resource_type: ResourceType,
        record_id: int,
        *,
        environment: int,
        creator: int,
    ) -> Destruction:
        """Destroy a record of an environment, in the caller's transaction."""
        if record_id >> 40 != environment:
            return Destruction(is_found=False)
        doomed = list(self._with_collections(tx, resource_type.table, "id", record_id))
        if not doomed or not self._is_of(resource_type, doomed[0]):
            return Destruction(is_found=False)
        referrers = sorted(set(self._referrers(tx, doomed)))
        if referrers:
            return Destruction(is_found=True, referrers=referrers)
        append_entries(tx, [self._entry(each, environment, creator, tx.now()) for each in doomed])
        eraser = RecordEraser(tx)
        for each in reversed(doomed):
            eraser.erase(each.table.name, each.id, erases_tag=self._is_tag_table(each.table))
        self._recompute_sums(tx, doomed)
        return Destruction(is_found=True)

    def _with_collections(
        self, tx: Transaction, table_name: str, column: str, value: int
    ) -> Iterator[_Doomed]:
        """The records with this value, each followed by what it holds."""
        table = self._catalogue.tables[table_name]
        names = _columns(table)
        for id, *values in TableReader(table_name, names).by(tx, column, [value]):
            yield _Doomed(table, id, dict(zip(names, values, strict=True)))
            for child_table, child_column in self._collections(table):
                yield from self._with_collections(tx, child_table, child_column, id)

    def _collections(self, table: Table) -> Iterator[tuple[str, str]]:
        """The collections that records of a table hold, as (table, column of the holder)."""
        found: dict[tuple[str, str], None] = {}
        for type_name in (table.name, *table.types):
            type_ = self._catalogue.types[type_name]
            for relationship in type_.relationships:
                is_collection = (
                    relationship.name in type_.nested
                    and relationship.kind is Kind.TO_MANY
                    and not relationship.linked
                )
                if is_collection:
                    target = self._catalogue.types[relationship.targets[0]]
                    found.setdefault((target.table, f"{relationship.inverse}_id"))
        yield from found

    def _is_of(self, resource_type: ResourceType, doomed: _Doomed) -> bool:
        type_ = doomed.values.get("type", resource_type.name)
        return type_ in self._catalogue.concrete_types(resource_type.name)

    def _referrers(self, tx: Transaction, doomed: Sequence[_Doomed]) -> Iterator[str]:
        """The tables with records that refer to one of these, and are none of them."""
        ids = {each.id for each in doomed}
        tables = {each.table.name for each in doomed}
        for name, table in self._catalogue.tables.items():
            for link in table.links:
                targets = self._catalogue.targets_of(link.relationship)
                if not tables & {self._catalogue.types[target].table for target in targets}:
                    continue
                rows = TableReader(name, []).by(tx, link.column, ids)
                if any(row[0] not in ids for row in rows):
                    yield name

    def _is_tag_table(self, table: Table) -> bool:
        return any(
            self._catalogue.types[relationship.targets[0]].table == table.name
            for each in self._catalogue.tables.values()
            for relationship in each.linked
        )

    def _recompute_sums(self, tx: Transaction, doomed: Sequence[_Doomed]) -> None:
        ids = {each.id for each in doomed}
        for writer in sum_writers(self._catalogue, {each.table.name for each in doomed}):
            parents = {
                each.values[link]
                for each in doomed
                for children, link in writer.links
                if children == each.table.name and each.values[link] is not None
            }
            if parents - ids:
                writer.recompute(tx, parents - ids)

    def _entry(
        self, doomed: _Doomed, environment: int, creator: int, now: int
    ) -> tuple[object, ...]:
        confidential = {each.name for each in doomed.table.attributes if each.confidential}
        booleans = {each.name for each in doomed.table.attributes if each.type == "boolean"}
        image = {
            # SQLite gives back the integers that it stores for booleans.
            name: bool(value) if name in booleans and value is not None else value
            for name, value in doomed.values.items()
            if name not in confidential
        }
        return (
            environment,
            creator,
            None,
            doomed.table.name,
            doomed.values.get("type", doomed.table.name),
            doomed.id,
            "destroy",
            "{}",
            msgspec.json.encode(image).decode(),
            now,
        )


def _columns(table: Table) -> list[str]:
    """The columns of fields; those of keys follow from them."""
    names = [each.name for each in table.attributes]
    for link in table.links:
        names.append(link.column)
        if link.adds_type_column and link.type_column is not None:
            names.append(link.type_column)
    return names
