"""What the columns of a source mean: by their own names, or as somebody asked to read them."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from longshore.catalogue import Catalogue, ResourceType
from longshore.engine.plan.field_kinds import takes_unit
from longshore.engine.plan.field_names import FieldNames, input_names, says_cents
from longshore.engine.plan.mapped_fields import mapped_fields
from longshore.engine.values.money_units import (
    CENTS,
    DECIMAL,
    is_of_cents,
    is_unit,
    split_unit,
)
from longshore.errors import RequestRefused
from longshore.mapping import MadeField, MappingDocument
from longshore.readers import Format, Layout

# In a column map: the column is left out, as somebody asked for.
IGNORED: Final = ""

# So many names of JSON keys are remembered by a survey; with more, all fields are looked for.
_NAMES_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceColumns:
    """The columns of a source and what they mean."""

    names: Sequence[str]  # as the source has them
    # The field of each, by position. One that means nothing keeps its name; "" where it has none,
    # or where somebody asked to leave it out, or where fields are made of it. Behind them stand the
    # fields that are made. JSON: perhaps more, fields that rows may have.
    fields: Sequence[str]
    asked: frozenset[str]  # names that somebody asked to leave out
    renamed: Mapping[str, str]  # the columns that somebody gave a field, and that
    # Of fields that are given otherwise than on the wire: the unit of amounts, else the spelling.
    units: Mapping[str, str]
    made: tuple[MadeField, ...]
    taken: frozenset[str]  # names of columns that only fields are made of
    # Columns in whose place a constant stands, by name, and their field.
    overridden: Mapping[str, str]

    def left_out(self, unknown: Iterable[str]) -> tuple[str, ...]:
        """How the columns are named that have no effect, in their order; `unknown` are those of
        the fields that the type does not have."""
        remaining = dict.fromkeys(unknown)
        told = []
        for number, (name, field) in enumerate(zip(self.names, self.fields, strict=False), 1):
            if not name:
                told.append(f"column {number} has no name")
            elif name in self.asked:
                told.append(name)
            elif field in remaining:
                del remaining[field]
                told.append(name)
        return tuple(dict.fromkeys([*told, *remaining]))

    def own_names(self) -> dict[str, str]:
        """The source's own names of fields that it calls otherwise."""
        pairs = zip(self.fields, self.names, strict=False)
        own = {field: name for field, name in pairs if field and field != name}
        return own | {each.field: each.columns[0] for each in self.made if each.columns}

    def naming(self) -> dict[str, str]:
        """The keys of objects that are a field of another name, and that."""
        return {name: field for field, name in self.own_names().items()}

    def feeding(self) -> dict[str, list[str]]:
        """The columns that each field takes values from, by name."""
        feeding: dict[str, list[str]] = {}
        for name, field in zip(self.names, self.fields, strict=False):
            if field and name:
                feeding.setdefault(field, []).append(name)
        for each in self.made:
            feeding[each.field] = list(each.columns)
        return feeding

    def fields_by_column(self) -> dict[str, list[str]]:
        """The fields that take values from each column, by name; a column of none is left out."""
        fed: dict[str, list[str]] = {}
        for field, columns in self.feeding().items():
            for column in columns:
                fed.setdefault(column, []).append(field)
        return fed


def source_columns(
    catalogue: Catalogue,
    type_: ResourceType,
    layout: Layout,
    column_map: Mapping[str, str],
    mapping: MappingDocument | None = None,
) -> SourceColumns:
    """What the columns of a source mean; raises RequestRefused for what cannot be meant.

    `column_map` says of columns which field they are, perhaps with the unit of an amount (see
    `money_columns`), or that they are IGNORED. Columns of a table
    that it does not name are the fields that they spell; the exact name of a field wins over other
    spellings, and of two that are equally near none is taken. Keys of JSON are exact. `mapping`
    says the same, and what else fields are made of; `column_map` is laid over it. A constant takes
    the place of a column that has the name of its field.
    """
    is_tabular = layout.format is Format.CSV
    mapped = mapped_fields(catalogue, type_, layout, column_map, mapping)
    column_map = mapped.column_map
    asked = frozenset(column for column, name in column_map.items() if name == IGNORED)
    known = FieldNames(catalogue, type_)
    there = frozenset(layout.columns)
    renamed = {}
    units = dict(mapped.units)
    for column, meaning in column_map.items():
        name, unit = split_unit(meaning)
        if column not in there:
            _check_missing(layout, column)
        _check_mapping(catalogue, type_, layout, column, name, known=known)
        _check_unit(catalogue, type_, column, name, unit)
        renamed[column] = name
        if unit is not None and unit != CENTS:
            units[name] = unit
    constants = {each.field for each in mapped.made if each.is_constant}
    constants -= renamed.keys()
    overridden = {name: name for name in layout.columns if name in constants}
    gone = mapped.taken | overridden.keys()
    exact = {
        column
        for column in layout.columns
        if column not in renamed
        and column not in gone
        and (not is_tabular or known.is_exact(column))
    }
    taken = exact | set(renamed.values()) | {each.field for each in mapped.made}
    meant: dict[str, tuple[int, str]] = {}
    fields = []
    for number, column in enumerate(layout.columns, 1):
        field = IGNORED if column in gone else renamed.get(column, column)
        if column not in renamed and column not in exact and column not in gone:
            spelled = known.of(column)
            field = spelled if spelled is not None and spelled not in taken else column
        if not is_tabular and _is_inside_any(column, asked):
            field = IGNORED
        # A JSON name stands twice where rows write it with a dot and others nest it.
        if field and field in meant:
            first = meant[field]
            if known.is_exact(field) if is_tabular else first[1] != column:
                raise _both_mean(first, (number, column), field)
        if field:
            meant.setdefault(field, (number, column))
        fields.append(field)
    for each in mapped.made:
        if each.field in meant:
            raise _both_mean(meant[each.field], _made_of(layout, each), each.field)
        fields.append(each.field)
    if not is_tabular and len(layout.columns) >= _NAMES_MAX:
        named = {*meant, *renamed, *(each.field for each in mapped.made)}
        fields += [name for name in input_names(catalogue, type_) if name not in named]
    return SourceColumns(
        names=layout.columns,
        fields=fields,
        asked=asked,
        renamed=renamed,
        units=units,
        made=mapped.made,
        taken=mapped.taken,
        overridden=overridden,
    )


def _made_of(layout: Layout, made: MadeField) -> tuple[int, str]:
    """The first column that a field is made of, with its number."""
    (column, *_) = made.columns
    number = layout.columns.index(column) + 1 if column in layout.columns else 0
    return number, column


def _is_inside_any(name: str, outer: frozenset[str]) -> bool:
    """Whether a dotted name stands inside a nested record of one of these names."""
    parts = name.split(".")
    return any(".".join(parts[:count]) in outer for count in range(1, len(parts)))


def _check_missing(layout: Layout, column: str) -> None:
    """Refuse a column that the source does not have; names of JSON may be beyond those seen."""
    if layout.format is Format.CSV or len(layout.columns) < _NAMES_MAX:
        nearest = get_close_matches(column, layout.columns, n=1)
        columns = ", ".join(layout.columns[:30])
        hint = f"did you mean {nearest[0]!r}? " if nearest else ""
        raise RequestRefused(
            f"the source has no column {column!r}", hint=f"{hint}its columns are {columns}"
        )


def _check_mapping(
    catalogue: Catalogue,
    type_: ResourceType,
    layout: Layout,
    column: str,
    name: str,
    *,
    known: FieldNames,
) -> None:
    is_tabular = layout.format is Format.CSV
    if name == IGNORED:
        return
    names = known.names if is_tabular else input_names(catalogue, type_)
    if name not in names and not known.is_exact(name):
        nearest = get_close_matches(name, names, n=1)
        raise RequestRefused(
            f"{type_.name} have no field {name!r} that can be imported",
            hint=f"did you mean {nearest[0]}?" if nearest else None,
        )
    if not is_tabular and column.partition(".")[0] in type_.nested and "." in column:
        raise RequestRefused(f"a key inside a nested record cannot be mapped: {column!r}")


def _check_unit(
    catalogue: Catalogue, type_: ResourceType, column: str, name: str, unit: str | None
) -> None:
    """Refuse an amount of which nobody says whether it is cents, and a unit or a spelling that no
    value of the field has."""
    if unit is not None and not takes_unit(catalogue, type_, name, unit):
        if is_unit(unit):
            raise RequestRefused(
                f"{name} is not a field of cents: nothing but its name can stand behind ="
            )
        raise RequestRefused(
            f"{name} has no values that are spelled {unit!r}",
            hint=f"--map {shlex.quote(f'{column}={name}')} reads them as the wire spells them",
        )
    if unit is None and is_of_cents(name) and not says_cents(column):
        cents, decimal = (shlex.quote(f"{column}={name}:{each}") for each in (CENTS, DECIMAL))
        raise RequestRefused(
            f"{name} takes cents, and nothing says that the values of {column!r} are cents",
            hint=f"--map {cents} if they are, --map {decimal} if they are decimals such as 12.50",
        )


def _both_mean(first: tuple[int, str], second: tuple[int, str], field: str) -> RequestRefused:
    if first[1] == second[1]:
        message = f"the columns {first[0]} and {second[0]} are both named {first[1]!r}"
    else:
        message = f"the columns {first[1]!r} and {second[1]!r} both mean {field!r}"
    return RequestRefused(
        message,
        hint="rename one of them, map it to another field, or leave it out with --ignore",
    )
