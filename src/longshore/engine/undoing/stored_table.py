"""One table as whoever takes changes back reads, judges and writes it.

Values that are given back go through the same judgement as those of a row: what must be there,
bounds of the organization, keys of others, targets. A row also converts values; these were
converted before.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Key,
    Link,
    Relationship,
    ResourceType,
    Sum,
    keys_of_text,
)
from longshore.database import Transaction
from longshore.engine.destroyer import NameOfRecord, names_of_records
from longshore.engine.plan.node_drafts import NodeDraft
from longshore.engine.plan.nodes import RequiredField
from longshore.engine.plan.required_fields import column_of, required_fields
from longshore.engine.plan.table_drafts import TableDrafts
from longshore.engine.plan.table_plans import KeyPlan, TablePlan
from longshore.engine.undoing.field_units import field_units
from longshore.engine.values.converters import Converter, ValueRefused, converter
from longshore.error_codes import Message
from longshore.records import TableReader, TableWriter

TAGS = "tags"
_TIMES = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingTerms:
    """Under which the records of an environment are judged."""

    environment: int
    flags: Mapping[str, object]  # of the organization
    cell_bytes_max: int


@dataclass(frozen=True, slots=True)
class RecordTarget:
    """What a record refers to."""

    column: int | None  # None: it is a tag
    table: str | None  # None: no table has records of that type
    id: int


@dataclass(frozen=True, slots=True)
class _Requirement:
    field: RequiredField
    columns: frozenset[int]  # a change of which makes it be judged


class StoredTable:
    """The records of one table of an environment."""

    def __init__(self, catalogue: Catalogue, name: str, terms: JudgingTerms) -> None:
        self._catalogue = catalogue
        self._terms = terms
        self.name = name
        self.declared = catalogue.tables[name]
        self.plan = self._laid_out()
        self._units = field_units(catalogue, name)
        self.unique_keys = [key for key in self.plan.keys if key.is_unique]
        self.links = [(self.plan.index[each.column], each) for each in self.declared.links]
        # Texts that must be keys of other records, to which nothing links.
        self.names = [
            (self.plan.index[each.column], each)
            for each in names_of_records(catalogue)
            if each.table == name and each.must_exist
        ]
        self._type_column = self.plan.index.get("type")
        self.bears_tags = bool(self.declared.linked)
        self._requirements: dict[str, list[_Requirement]] = {}
        self._judged: dict[tuple[str, frozenset[int]], list[RequiredField]] = {}

    def type_of(self, values: Sequence[Any]) -> str:
        """The type of a record."""
        return self.name if self._type_column is None else str(values[self._type_column])

    def has(self, field: str) -> bool:
        """Whether records have a field, named as the journal does; they may have had others."""
        return field in self.plan.index or (field == TAGS and self.bears_tags)

    def unit_of(self, field: str) -> frozenset[str]:
        """The fields that share the fate of one, with it."""
        return self._units.get(field) or frozenset((field,))

    @cached_property
    def reader(self) -> TableReader:
        """Reads the creator of records, and then the columns of the plan."""
        return TableReader(self.name, ("creator_id", *self.plan.columns))

    @cached_property
    def writer(self) -> TableWriter:
        return TableWriter(self.name, self.plan.columns, {})

    def compute_keys(self, values: list[Any], changed: Collection[int] | None = None) -> None:
        """Compute the keys of a record; only those that have a part in `changed`, where given."""
        for key in self.plan.keys:
            if changed is None or any(part.column in changed for part in key.parts):
                values[key.column] = key.of(values)

    def errors(
        self, type_: str, values: Sequence[Any], changed: frozenset[int]
    ) -> dict[int, tuple[str, Message]]:
        """What a row could not make of a record: by column the field and what is wrong. Judged is
        what is changed, and what depends on it."""
        found: dict[int, tuple[str, Message]] = {}
        for required in self.judged_fields(type_, changed):
            assert required.column is not None, "others are judged by rows alone"
            if _is_blank(values[required.column]) and (
                required.holds is None or required.holds(values, (), ())
            ):
                found[required.column] = (required.name, required.message)
        for column in changed & self.bounded.keys():
            if values[column] is not None:
                try:
                    self.bounded[column](values[column])
                except ValueRefused as refused:
                    found.setdefault(column, (self.plan.columns[column], refused.message))
        return found

    def existing_names(
        self, tx: Transaction, name: NameOfRecord, texts: Collection[str]
    ) -> Collection[str]:
        """Those of these texts that are keys of the records that they are to name."""
        keys = {key: text for text in texts for key in keys_of_text(self._terms.environment, text)}
        column = Key(parts=(name.key,)).column
        return {keys[key] for _, key in TableReader(name.target, [column]).by(tx, column, keys)}

    def targets(self, values: Sequence[Any], columns: Collection[int]) -> Iterable[RecordTarget]:
        """The records that a record refers to by some of its columns."""
        for column, link in self.links:
            if column in columns and values[column] is not None:
                yield RecordTarget(column, self._target_table(link, values), values[column])

    def _target_table(self, link: Link, values: Sequence[Any]) -> str | None:
        if link.target is not None:
            return link.target
        assert link.type_column is not None, "of a target that may be in several tables"
        type_ = self._catalogue.get(values[self.plan.index[link.type_column]] or "")
        return None if type_ is None else type_.table

    def _laid_out(self) -> TablePlan:
        drafts = TableDrafts(self._catalogue, environment=self._terms.environment)
        for attribute in self.declared.attributes:
            if attribute.name not in _TIMES and not isinstance(attribute.computed, Sum):
                drafts.need(self.name, attribute.name)
        for link in self.declared.links:
            drafts.need(self.name, link.column)
            if link.adds_type_column and link.type_column is not None:
                drafts.need(self.name, link.type_column)
        for key in self.declared.keys:
            drafts.need_key(self.name, key)
        return drafts.lay_out()[self.name]

    @cached_property
    def bounded(self) -> Mapping[int, Converter]:
        """Columns with bounds that an organization sets."""
        return {
            self.plan.index[each.name]: converter(
                each, self._terms.flags, self._terms.cell_bytes_max
            )
            for each in self.declared.attributes
            if _is_bounded_by_flags(each) and each.name in self.plan.index
        }

    def judged_fields(self, type_: str, changed: frozenset[int]) -> list[RequiredField]:
        """The fields that must not be blank, perhaps, and are judged when some columns change."""
        found = self._judged.get((type_, changed))
        if found is None:
            found = self._judged[type_, changed] = [
                each.field for each in self._required(type_) if each.columns & changed
            ]
        return found

    def _required(self, type_: str) -> list[_Requirement]:
        if type_ not in self._requirements:
            declared = self._catalogue.types[type_]
            self._requirements[type_] = [
                _Requirement(each, self._columns_of(declared, each))
                for each in required_fields(
                    _named_by_no_row(declared), self.plan, self._terms.flags
                )
                if each.column is not None
            ]
        return self._requirements[type_]

    def _columns_of(self, type_: ResourceType, required: RequiredField) -> frozenset[int]:
        fields: tuple[Attribute | Relationship, ...] = (*type_.attributes, *type_.relationships)
        (field,) = (
            each for each in fields if each.name == required.name and each.required is not None
        )
        assert field.required is not None
        columns = (column_of(type_, name) for name in (field.name, *field.required.inputs))
        return frozenset(self.plan.index[each] for each in columns if each is not None)


def taken_keys(
    tx: Transaction, table: StoredTable, key: KeyPlan, wanted: Collection[str]
) -> dict[str, int]:
    """The stored holders of keys."""
    column = table.plan.columns[key.column]
    return {text: id for id, text in TableReader(table.name, [column]).by(tx, column, wanted)}


def existing(tx: Transaction, table: str, ids: Collection[int]) -> set[int]:
    """Those of these ids that records of a table have."""
    return {id for (id,) in TableReader(table, []).by_id(tx, ids)}


def _is_bounded_by_flags(attribute: Attribute) -> bool:
    bounds = (
        attribute.minimum,
        attribute.above,
        attribute.maximum,
        attribute.length_min,
        attribute.length_max,
    )
    return any(isinstance(bound, str) for bound in bounds)


def _is_blank(value: Any) -> bool:
    if value.__class__ is str:
        return not value or value.isspace()
    return value is None


def _named_by_no_row(resource_type: ResourceType) -> NodeDraft:
    """A node for a judgement of stored values alone."""
    return NodeDraft(
        resource_type=resource_type,
        path="",
        fields=(),
        slots={},
        matches_by_key=False,
        objects=(),
        money=(),
        targets=(),
        checks=(),
        collections=(),
        tags=None,
    )
