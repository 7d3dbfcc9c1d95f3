"""What a mapping document means for the columns of one source.

Fields that are a column as it stands become part of the map of columns, which costs nothing; all
others are made, row by row. What the options of a command say of columns is laid over the document.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from longshore.catalogue import Catalogue, ResourceType
from longshore.engine.plan.field_kinds import weight_unit_field
from longshore.engine.plan.field_names import FieldNames, input_names, says_cents
from longshore.engine.values.money_units import CENTS, DECIMAL, is_of_cents, split_unit
from longshore.mapping import (
    DecimalMark,
    Destination,
    FieldMapping,
    FromColumn,
    FromConstant,
    FromTemplate,
    MadeField,
    MappingDocument,
    MappingRefused,
    chain_of,
    unit_left,
    unit_made,
)
from longshore.readers import Format, Layout

_IGNORED = ""  # in a map of columns: the column is left out
_SHOWN_MAX = 20
# So many names of JSON keys are remembered by a survey; with more, nobody knows which there are.
_NAMES_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedFields:
    """The fields of a document, by how they come about."""

    column_map: Mapping[str, str]  # columns that are fields as they stand, or are left out
    made: tuple[MadeField, ...] = ()
    taken: frozenset[str] = frozenset()  # columns that only fields are made of
    units: Mapping[str, str] = field(default_factory=dict)  # of amounts and weights that are made


def mapped_fields(
    catalogue: Catalogue,
    type_: ResourceType,
    layout: Layout,
    column_map: Mapping[str, str],
    document: MappingDocument | None,
) -> MappedFields:
    """The fields that a document and a map of columns, which wins, make of a source.

    Raises MappingRefused for what the source or the type does not have.
    """
    if document is None:
        return MappedFields(column_map=column_map)
    if document.resource_type not in (None, type_.name):
        raise MappingRefused(
            f"the mapping is for {document.resource_type}, and {type_.name} are imported",
            path=("type",),
        )
    asked = {split_unit(meaning)[0] for meaning in column_map.values()}
    fields = {name: each for name, each in document.fields.items() if name not in asked}
    _check_columns(layout, fields)
    for name, each in fields.items():
        _check_field(catalogue, type_, layout, name, each)
    return _divided(type_, layout, column_map, document, fields)


def merged_mapping(document: MappingDocument, column_map: Mapping[str, str]) -> MappingDocument:
    """A document that says what these say together."""
    fields = dict(document.fields)
    for column, meaning in column_map.items():
        name, unit = split_unit(meaning)
        if name != _IGNORED:
            fields[name] = FieldMapping(origin=FromColumn(column=column), unit=unit)
    ignored = [column for column, meaning in column_map.items() if meaning == _IGNORED]
    return replace(document, fields=fields, ignore=(*document.ignore, *ignored))


def _divided(
    type_: ResourceType,
    layout: Layout,
    column_map: Mapping[str, str],
    document: MappingDocument,
    fields: Mapping[str, FieldMapping],
) -> MappedFields:
    """The fields that are columns as they stand, and those that are made."""
    is_tabular = layout.format is Format.CSV
    plain = dict(column_map)
    units: dict[str, str] = {}
    made = []
    for name, each in fields.items():
        path = ("fields", name)
        destination = Destination(resource_type=type_, field=name)
        chain = chain_of(each, destination, document.decimal, path)
        unit = unit_left(each, document.decimal, path) or _unit(each, document.decimal)
        if unit is None and weight_unit_field(type_, name) is not None:
            unit = unit_made(each)
        origin = each.origin
        # A key of an object is made, so that it may have the name of another field.
        if isinstance(origin, FromColumn) and chain is None and is_tabular:
            column = origin.column
            if column not in plain:
                plain[column] = name if unit is None else f"{name}:{unit}"
                continue
        if unit is not None and unit != CENTS:
            units[name] = unit
        made.append(
            MadeField(
                field=name,
                columns=each.columns,
                template=origin.template if isinstance(origin, FromTemplate) else None,
                constant=origin.constant if isinstance(origin, FromConstant) else None,
                chain=chain,
            )
        )
    _check_twice(layout, made)
    used = {column for each in made for column in each.columns}
    there = frozenset(layout.columns)
    for column in document.ignore:
        if column in there and column not in used:
            plain.setdefault(column, _IGNORED)
    return MappedFields(
        column_map=plain,
        made=tuple(made),
        taken=frozenset(used - plain.keys()),
        units=units,
    )


def _unit(mapping: FieldMapping, decimal: DecimalMark | None) -> str | None:
    """The unit that a document gives an amount, with what it says of all decimals."""
    return mapping.unit if mapping.unit != DECIMAL or decimal is None else f"{DECIMAL}-{decimal}"


def _check_columns(layout: Layout, fields: Mapping[str, FieldMapping]) -> None:
    """Refuse columns that the source does not have, all of them together."""
    if layout.format is not Format.CSV and len(layout.columns) >= _NAMES_MAX:
        return
    wanted = {column: name for name, each in fields.items() for column in each.columns}
    missing = [column for column in wanted if column not in layout.columns]
    if not missing:
        return
    listed = ", ".join(map(repr, missing[:_SHOWN_MAX]))
    what = "the column" if len(missing) == 1 else f"the {len(missing)} columns"
    columns = ", ".join(layout.columns[:_SHOWN_MAX])
    raise MappingRefused(
        f"the source does not have {what} {listed} that the mapping names",
        path=("fields", wanted[missing[0]]) if len(missing) == 1 else ("fields",),
        hint="; ".join([*_nearest(missing, layout.columns), f"its columns are {columns}"]),
    )


def _nearest(missing: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
    for name in missing[:_SHOWN_MAX]:
        if nearest := get_close_matches(name, columns, n=1):
            yield f"did you mean {nearest[0]!r}?"


def _check_field(
    catalogue: Catalogue,
    type_: ResourceType,
    layout: Layout,
    name: str,
    mapping: FieldMapping,
) -> None:
    """Refuse what is no field, and an amount of which nobody says in what it is."""
    path = ("fields", name)
    known = FieldNames(catalogue, type_)
    names = known.names if layout.format is Format.CSV else input_names(catalogue, type_)
    if name not in names and not known.is_exact(name):
        nearest = get_close_matches(name, names, n=1)
        raise MappingRefused(
            f"{type_.name} have no field {name!r} that can be imported",
            path=path,
            hint=f"did you mean {nearest[0]}?" if nearest else None,
        )
    if layout.format is not Format.CSV:
        for column in mapping.columns:
            if "." in column and column.partition(".")[0] in type_.nested:
                raise MappingRefused(
                    f"a key inside a nested record cannot be mapped: {column!r}", path=path
                )
    if isinstance(mapping.origin, FromConstant):
        if _is_secret(catalogue, type_, name):
            raise MappingRefused(
                "is a secret, and a constant is shown with the import",
                path=path,
                hint="give it in a column",
            )
        return
    if not is_of_cents(name):
        if mapping.unit is not None:
            raise MappingRefused(f"{name} is not a field of cents, and has no unit", path=path)
        return
    makes_cents = [use.transform.name for use in mapping.transforms if use.transform.makes_cents]
    if makes_cents and mapping.unit is not None:
        raise MappingRefused(
            f"{makes_cents[0]} makes cents of it, so it has no unit", path=(*path, "unit")
        )
    if not makes_cents and mapping.unit is None and not all(map(says_cents, mapping.columns)):
        raise MappingRefused(
            f"{name} takes cents, and nothing says that the values of "
            f"{', '.join(map(repr, mapping.columns))} are cents",
            path=path,
            hint='write unit = "cents" if they are, unit = "decimal" if they are decimals such as '
            "12.50",
        )


def _is_secret(catalogue: Catalogue, type_: ResourceType, name: str) -> bool:
    """Whether a field, dotted ones included, is what nobody may see."""
    first, dot, rest = name.partition(".")
    if dot and first in type_.nested:
        (relationship,) = (each for each in type_.relationships if each.name == first)
        targets = catalogue.targets_of(relationship)
        return any(_is_secret(catalogue, catalogue.types[each], rest) for each in targets)
    return any(
        each.name == first and (each.confidential or each.discarded) for each in type_.attributes
    )


def _check_twice(layout: Layout, made: Sequence[MadeField]) -> None:
    for each in made:
        for column in each.columns:
            numbers = [at for at, name in enumerate(layout.columns, 1) if name == column]
            if len(numbers) > 1:
                listed = " and ".join(map(str, numbers))
                raise MappingRefused(
                    f"the columns {listed} are all named {column!r}",
                    path=("fields", each.field),
                    hint="rename them, so that it is known which one is meant",
                )
