"""The mapping that an inspection suggests, as a document that a person can finish.

Whatever is sure enough to be in a command is in the document, so it can be imported with as it is;
all else stands in comments, with what was seen and why it is left out.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from longshore.catalogue import Attribute, Catalogue, ValueType
from longshore.engine import FieldNames
from longshore.mapping import (
    TRANSFORMS,
    ColumnLook,
    FieldSuggestion,
    MappingDocument,
    MappingRefused,
    ValueKind,
    field_lines,
    mapping_toml,
    read_mapping,
)
from longshore.operations.inspections import Inspection, LeftOut
from longshore.readers import Format

_UNITS: Mapping[ValueKind, str] = {
    ValueKind.DECIMAL_COMMA: "decimal-comma",
    ValueKind.DECIMAL_POINT: "decimal-point",
}
_MARKS: Mapping[ValueKind, str] = {
    ValueKind.DECIMAL_COMMA: "comma",
    ValueKind.DECIMAL_POINT: "point",
}
_WEIGHT_UNITS: Mapping[str, str] = {
    "g": "gr",
    "gr": "gr",
    "gram": "gr",
    "grams": "gr",
    "kg": "kg",
    "kgs": "kg",
    "lb": "lb",
    "lbs": "lb",
    "oz": "oz",
}
_WORD = re.compile(r"[^\W_]+")
_WEIGHT = "weight"
_UNIT_OF_WEIGHT = "unit_of_weight"


def suggested_mapping(catalogue: Catalogue, found: Inspection) -> MappingDocument:
    """The document of what is sure enough."""
    return read_mapping(_values(catalogue, found))


def suggested_toml(catalogue: Catalogue, found: Inspection, *, name: str) -> str:
    """The document as TOML, commented; `name` is the file's."""
    document = suggested_mapping(catalogue, found)
    columns = {each.number: each for each in found.columns}
    comments = {
        each.field: list(_about(columns[each.column], each.reason, each.confidence))
        for each in found.fields
    }
    type_ = found.resource_type or "TYPE"
    before = [
        f"A mapping of {name}, as it is suggested. Look through it, then",
        f"  longshore import {type_} {name} --mapping THIS_FILE",
        "Each [fields.NAME] takes a column, a constant or a template such as",
        '"{Brand} {Title}"; transforms change its values one after another.',
    ]
    return mapping_toml(
        document, before=before, fields=comments, after=list(_rest(catalogue, found))
    )


def _values(catalogue: Catalogue, found: Inspection) -> dict[str, Any]:
    values: dict[str, Any] = {"version": 1}
    layout = found.stored.layout
    if found.resource_type is not None:
        values["type"] = found.resource_type
    if layout.sheet and len(found.stored.sheets) > 1:
        values["sheet"] = layout.sheet
    if layout.format == "csv" and layout.header_line != 1:
        values["header_row"] = layout.header_line
    columns = {each.number: each for each in found.columns}
    ignored = [columns[each.column].name for each in found.left_out if each.is_asked]
    if ignored:
        values["ignore"] = ignored
    fields: dict[str, Any] = {}
    for each in found.fields:
        if _is_inside(catalogue, found, columns[each.column].name):
            continue  # it is this field by its name, and no mapping can name it
        fields[each.field] = _field(catalogue, found, columns[each.column], each)
    if any(use["name"] == "unit" for each in fields.values() for use in each.get("transforms", ())):
        fields[_UNIT_OF_WEIGHT] = {"constant": "gr"}  # what the transform makes
    if fields:
        values["fields"] = fields
    return values


def _is_inside(catalogue: Catalogue, found: Inspection, column: str) -> bool:
    """Whether a column is a key inside a nested record of JSON."""
    if found.resource_type is None or found.stored.layout.format is Format.CSV:
        return False
    outer, dot, _ = column.partition(".")
    return bool(dot) and outer in catalogue.types[found.resource_type].nested


def _field(
    catalogue: Catalogue, found: Inspection, column: ColumnLook, suggestion: FieldSuggestion
) -> dict[str, Any]:
    values: dict[str, Any] = {"column": column.name}
    if suggestion.is_decimal:
        marks = [kind for kind in _UNITS if column.kinds.get(kind)]
        values["unit"] = _UNITS[marks[0]] if len(marks) == 1 else "decimal"
        return values
    attribute = _attribute(catalogue, found.resource_type, suggestion.field)
    has_unit = any(each.field == _UNIT_OF_WEIGHT for each in found.fields)
    transforms = list(_transforms(attribute, column, has_unit)) if attribute is not None else []
    transforms = [each for each in transforms if _is_known(each)]
    if transforms:
        values["transforms"] = transforms
    return values


def _transforms(
    attribute: Attribute, column: ColumnLook, has_unit: bool
) -> Iterator[dict[str, Any]]:
    """What turns the values of a column into those of an attribute; `has_unit`: another column says
    in which unit weights are."""
    if attribute.name == _WEIGHT and not has_unit:
        yield from _weight(column)
    elif attribute.type in (ValueType.FLOAT, ValueType.INTEGER):
        if column.kind in _MARKS and column.kind is not ValueKind.DECIMAL_POINT:
            yield {"name": "number", "decimal": _MARKS[column.kind]}
        elif column.kind in (ValueKind.DECIMAL, ValueKind.SEPARATED):
            yield {"name": "number"}
    elif attribute.type is ValueType.BOOLEAN and column.kind is ValueKind.BOOLEAN:
        yield {"name": "boolean"}
    elif attribute.type is ValueType.DATETIME and column.kind is ValueKind.DATE:
        yield {"name": "date"}


def _is_known(use: Mapping[str, Any]) -> bool:
    """Whether there is such a transform; without one a column of a table is read by what all of its
    values show."""
    parameters = {name: value for name, value in use.items() if name != "name"}
    try:
        TRANSFORMS[use["name"]].read(parameters, ())
    except (KeyError, MappingRefused):
        return False
    return True


def _weight(column: ColumnLook) -> Iterator[dict[str, Any]]:
    """Units stand in the cells or in the header; other weights are as the rows' own unit says."""
    words = (each.casefold() for each in _WORD.findall(column.name))
    unit = next((_WEIGHT_UNITS[each] for each in words if each in _WEIGHT_UNITS), None)
    mark = {"decimal": _MARKS[column.kind]} if column.kind in _MARKS else {}
    if unit is not None:
        yield {"name": "unit", "from": unit, **mark}
    elif column.kind is ValueKind.MEASURE:
        yield {"name": "unit"}
    elif column.kind is ValueKind.DECIMAL_COMMA:
        yield {"name": "number", **mark}


def _rest(catalogue: Catalogue, found: Inspection) -> Iterator[str]:
    """What is left to do, as lines of comments."""
    columns = {each.number: each for each in found.columns}
    open_ = {each.field for each in found.left_out if each.choices}
    missing = [each for each in found.missing if each not in open_]
    if missing:
        yield f"{found.resource_type} need these as well:"
        for name in missing:
            yield ""
            yield from field_lines(field_to_give(catalogue, found, name), {"constant": ""})
        yield ""
    left_out = [each for each in found.left_out if columns[each.column].name]
    if left_out:
        yield "These columns are in no field. To take one, name its field:"
    for each in left_out:
        column = columns[each.column]
        yield ""
        yield from _about(column, each.reason, None)
        yield from _guess(found, column, each)


def field_to_give(catalogue: Catalogue, found: Inspection, name: str) -> str:
    """The field by which people give something that a type needs: a record by its name or code."""
    assert found.resource_type is not None, "what is needed is so by a type"
    names = FieldNames(catalogue, catalogue.types[found.resource_type]).names
    choices = (name, f"{name}.name", f"{name}.code", f"{name}_id")
    return next((each for each in choices if each in names), name)


def _guess(found: Inspection, column: ColumnLook, out: LeftOut) -> Iterator[str]:
    values: dict[str, Any] = {"column": column.name}
    if out.choices:
        values["unit"] = "decimal"
    for line in field_lines(out.field or "FIELD", values):
        yield f'{line}  # or "cents"' if line.startswith("unit") else line


def _about(column: ColumnLook, reason: str, confidence: str | None) -> Iterator[str]:
    samples = " | ".join(column.samples) or "no values"
    blank = f"; {column.blanks_count:,} blank" if column.blanks_count else ""
    yield f"{samples}{blank}"
    sure = f" ({confidence} confidence)" if confidence else ""
    yield f"{reason}{sure}"


def _attribute(catalogue: Catalogue, resource_type: str | None, field: str) -> Attribute | None:
    if resource_type is None:
        return None
    declared = catalogue.types[resource_type]
    *holders, name = field.split(".")
    for holder in holders:
        targets = [each.targets[0] for each in declared.relationships if each.name == holder]
        if not targets or targets[0] not in catalogue.types:
            return None
        declared = catalogue.types[targets[0]]
    return next((each for each in declared.attributes if each.name == name), None)
