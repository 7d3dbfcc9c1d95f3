"""Records written as a file that an import takes back.

The columns are the id and what an import can set, so importing an export that nobody has changed
leaves every record as it is. Left out are therefore values that would say something twice or do
something: what is computed (`sku_code` beside `sku_id`), what only fires with a trigger, and
what nobody may see. A value that stands in for a null one is not exported as if it were stored.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Kind,
    Relationship,
    ResourceType,
    ValueType,
    meant_type,
)
from longshore.database import Transaction
from longshore.errors import RequestRefused
from longshore.records.filters import Filter
from longshore.records.record_reader import RecordReader
from longshore.records.views import RecordView
from longshore.spreadsheet_cells import guarded

_QUOTED = re.compile(r'[",\r\n]')


class ExportFormat(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportColumn:
    """One column of an export."""

    name: str  # in CSV
    key: str  # in a JSON object
    value: Callable[[RecordView], object]  # decoded JSON
    cell: Callable[[object], str]  # of a value that is not null
    writes_null: bool  # in JSON: whether null can be given back to an import
    is_text: bool = True  # in a sheet; False: numbers and truth values stand there as such


def export_columns(catalogue: Catalogue, resource_type: str) -> list[ExportColumn]:
    """The columns of a type's export; raises RequestRefused for one that takes no imports."""
    declared = _importable(catalogue, resource_type)
    family = _family(catalogue, declared)
    attributes = {each.name: each for part in family for each in part.attributes}
    relationships = {each.name: each for part in family for each in part.relationships}
    columns = [_column("id", lambda view: view.id)]
    if declared.is_abstract:
        columns.append(_column("type", lambda view: view.type))
    columns += [_attribute(each) for each in attributes.values() if _is_taken(each)]
    for relationship in relationships.values():
        if not (relationship.creatable or relationship.updatable):
            continue
        if relationship.has_column:
            columns.append(_target(relationship))
        elif relationship.linked:
            columns.append(_linked(catalogue, relationship))
    return columns


def export_records(
    reader: RecordReader,
    tx: Transaction,
    resource_type: str,
    format_: ExportFormat,
    *,
    filters: Sequence[Filter | tuple[str, str]] = (),
    limit: int | None = None,
    is_guarded: bool = False,
) -> Iterator[str]:
    """The lines of an export, each with its line end, in the order of the records' creation.

    CSV begins with a header line; with `is_guarded` none of its cells can be taken for a formula.
    Raises RequestRefused and FilterRefused before the first line.
    """
    columns = export_columns(reader.catalogue, resource_type)
    views = _views(reader, tx, resource_type, filters=filters, limit=limit)
    if format_ is ExportFormat.CSV:
        return _csv_lines(columns, views, guarded if is_guarded else str)
    return _lines(columns, views)


def export_cells(
    reader: RecordReader,
    tx: Transaction,
    resource_type: str,
    *,
    filters: Sequence[Filter | tuple[str, str]] = (),
) -> Iterator[list[str | int | float | bool | None]]:
    """The rows of an export to a sheet, whose columns are those of `export_columns`, in the order
    of the records' creation. Dates are texts of ISO 8601, to the millisecond and in UTC.

    Raises RequestRefused and FilterRefused before the first row.
    """
    columns = export_columns(reader.catalogue, resource_type)
    return _cells(columns, _views(reader, tx, resource_type, filters=filters))


def _views(
    reader: RecordReader,
    tx: Transaction,
    resource_type: str,
    *,
    filters: Sequence[Filter | tuple[str, str]] = (),
    limit: int | None = None,
) -> Iterator[RecordView]:
    fields, linked = _selected(reader.catalogue, resource_type)
    return reader.find(
        tx,
        resource_type,
        filters=filters,
        limit=limit,
        fields=fields,
        linked=linked,
        as_stored=True,
    )


def _cells(
    columns: Sequence[ExportColumn], views: Iterator[RecordView]
) -> Iterator[list[str | int | float | bool | None]]:
    writers = [(column.value, column.cell if column.is_text else _itself) for column in columns]
    for view in views:
        values = [(value_of(view), cell) for value_of, cell in writers]
        yield [None if value is None else cell(value) for value, cell in values]


def _itself(value: Any) -> Any:
    return value


def _csv_lines(
    columns: Sequence[ExportColumn], views: Iterator[RecordView], written: Callable[[str], str]
) -> Iterator[str]:
    yield ",".join(written(column.name) for column in columns) + "\n"
    writers = [(column.value, column.cell) for column in columns]
    for view in views:
        cells = []
        for value_of, cell in writers:
            value = value_of(view)
            text = "" if value is None else written(cell(value))
            if _QUOTED.search(text):
                text = '"' + text.replace('"', '""') + '"'
            cells.append(text)
        yield ",".join(cells) + "\n"


def _lines(columns: Sequence[ExportColumn], views: Iterator[RecordView]) -> Iterator[str]:
    encode = msgspec.json.encode
    for view in views:
        values = {}
        for column in columns:
            value = column.value(view)
            if value is not None or column.writes_null:
                values[column.key] = value
        yield encode(values).decode() + "\n"


def _importable(catalogue: Catalogue, resource_type: str) -> ResourceType:
    if resource_type in catalogue.creatable:
        return catalogue.types[resource_type]
    declared = catalogue.types.get(resource_type)
    if declared is not None and declared.is_abstract:
        hint = f"export one of {', '.join(declared.concrete)}"
    else:
        close = meant_type(catalogue, resource_type, catalogue.creatable)
        hint = f"did you mean {close}?" if close else "longshore types lists those that can"
    raise RequestRefused(f"not a type that can be exported: {resource_type}", hint=hint)


def _family(catalogue: Catalogue, declared: ResourceType) -> list[ResourceType]:
    """The type and, where it is abstract, those of its records."""
    return [declared, *(catalogue.types[name] for name in declared.concrete)]


def _selected(catalogue: Catalogue, resource_type: str) -> tuple[list[str], list[str]]:
    """The attributes and to-one relationships to read, and the tables of links."""
    fields: list[str] = []
    linked: list[str] = []
    for declared in _family(catalogue, catalogue.types[resource_type]):
        fields += [each.name for each in declared.attributes if _is_taken(each)]
        for relationship in declared.relationships:
            if not (relationship.creatable or relationship.updatable):
                continue
            if relationship.linked:
                linked.append(relationship.name)
            elif relationship.has_column:
                fields.append(relationship.name)
    return fields, list(dict.fromkeys(linked))


def _is_taken(attribute: Attribute) -> bool:
    """Whether an import can set the attribute, and reading shows what it would set."""
    return (
        (attribute.creatable or attribute.updatable)
        and attribute.stored
        and attribute.fetchable
        and not attribute.confidential
        and attribute.accepted_with is None
        and attribute.name != "type"
    )


def _column(name: str, value: Callable[[RecordView], object]) -> ExportColumn:
    return ExportColumn(name=name, key=name, value=value, cell=str, writes_null=False)


def _attribute(attribute: Attribute) -> ExportColumn:
    name = attribute.name
    return ExportColumn(
        name=name,
        key=name,
        value=lambda view: view.attributes.get(name),
        cell=_CELLS[attribute.type],
        # Null would be an error for what is required, and makes a value of what is generated.
        writes_null=attribute.required is None
        and attribute.generated is None
        and attribute.names is None,
        is_text=attribute.type not in _NOT_TEXTS,
    )


def _target(relationship: Relationship) -> ExportColumn:
    name = relationship.name
    assert relationship.kind is Kind.TO_ONE
    return ExportColumn(
        name=f"{name}_id",
        key=f"{name}_id",
        value=lambda view: view.to_one.get(name),
        cell=str,
        writes_null=relationship.required is None,
    )


def _linked(catalogue: Catalogue, relationship: Relationship) -> ExportColumn:
    """Linked records by the attribute that is their key: a list in a cell, objects in JSON."""
    name = relationship.name
    (part,) = catalogue.types[relationship.targets[0]].keys[0].parts
    return ExportColumn(
        name=f"{name}.{part}",
        key=name,
        value=lambda view: [{part: value} for value in view.linked.get(name, ())],
        cell=lambda value: ",".join(each[part] for each in value),  # type: ignore[attr-defined]
        writes_null=False,
    )


_NOT_TEXTS = (ValueType.INTEGER, ValueType.FLOAT, ValueType.BOOLEAN)


def _text(value: object) -> str:
    return str(value)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


_CELLS: Mapping[ValueType, Callable[[object], str]] = {
    ValueType.STRING: _text,
    ValueType.INTEGER: _text,
    ValueType.FLOAT: repr,
    ValueType.BOOLEAN: lambda value: "true" if value else "false",
    ValueType.DATETIME: _text,
    ValueType.OBJECT: _json,
    ValueType.ARRAY: _json,
}
