"""Numbers whose unit stands in a column beside them: which columns give them, and what they are in
another unit.

A factor of 1,000 is not seen by whoever looks at one number. So a cell is read exactly as the
import reads it, or left alone; and what is written for it shows the same decimal mark as it did,
because the marks of all cells say together how their column is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from longshore.catalogue import NUMBER, Catalogue, ResourceType
from longshore.edits import Scalar
from longshore.engine import SourceColumns, source_columns
from longshore.imports import Import
from longshore.mapping import FieldMapping, FromColumn, MappingDocument
from longshore.spellings import (
    WEIGHT_UNITS,
    DecimalMark,
    Spelling,
    mark_of,
    marked_number,
    plain_decimal,
    read_number,
    weight_unit_of,
)

_EXACT = Context(prec=200)
_CHARACTERS_MAX = 60  # of a number that is converted
_DIGITS_MAX = 30  # before its point, and between that and its first digit
_READS_UNITS = "unit"  # the transform that converts weights
_READS_AS_WRITTEN = "number"  # the transform that reads numbers, and leaves them what they are


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberColumn:
    """A column of numbers, and how the import reads them."""

    column: str  # as `Layout.keys` names it
    is_spelled: bool = False  # False: they stand there as on the wire
    decimal: DecimalMark | None = None  # of spelled ones; None: each shows it by itself
    is_made: bool = False  # True: the import itself makes numbers of the other unit of them

    def to_dict(self) -> dict[str, Any]:
        """As a change of a draft keeps it."""
        decimal = None if self.decimal is None else str(self.decimal)
        return {
            "column": self.column,
            "is_spelled": self.is_spelled,
            "decimal": decimal,
            "is_made": self.is_made,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "NumberColumn":
        """What `to_dict` wrote."""
        decimal = values["decimal"]
        return cls(
            column=values["column"],
            is_spelled=values["is_spelled"],
            decimal=None if decimal is None else DecimalMark(decimal),
            is_made=values.get("is_made", False),
        )

    def converted(self, cell: Scalar, factor: Decimal) -> Scalar:
        """A cell with its number times a factor; None: it has no number that is read for sure."""
        if self.is_made:
            return cell
        value = self._read(cell)
        if value is None:
            return None
        made = _EXACT.multiply(value, factor)
        if made and abs(made.adjusted()) > _DIGITS_MAX:
            return None
        if not isinstance(cell, str):
            return int(made) if made == made.to_integral_value() else float(made)
        text = self._written(made, cell)
        return text if self._read(text) == made else None

    def _read(self, cell: Scalar) -> Decimal | None:
        if isinstance(cell, bool) or cell is None:
            return None
        if not isinstance(cell, str):
            value = Decimal(str(cell))
            return value if value.is_finite() else None
        text: str | None = cell.strip()
        if len(cell) > _CHARACTERS_MAX:
            return None
        if self.is_spelled:
            text = read_number(cell, self.decimal)
        elif NUMBER.fullmatch(cell.strip()) is None:
            text = None
        return None if text is None else Decimal(text)

    def _written(self, value: Decimal, before: str) -> str:
        mark = self.decimal or mark_of(before)
        if mark is None and value != value.to_integral_value():
            mark = DecimalMark.POINT
        return plain_decimal(value) if mark is None else marked_number(value, mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitConversion:
    """How numbers of a unit that a type does not take become those of one that it takes."""

    to: str
    factor: Decimal
    numbers: Sequence[NumberColumn]

    @property
    def converted(self) -> Sequence[str]:
        """The columns whose cells are changed."""
        return [each.column for each in self.numbers if not each.is_made]

    def of(self, count: int) -> str:
        """What so many of the other unit are, to be shown."""
        return f"{_EXACT.multiply(self.factor, Decimal(count)).normalize():,f}"


def unit_of(type_: ResourceType, attribute: str, value: str) -> tuple[str, Decimal] | None:
    """The unit that a type takes for what somebody calls one, and how many of it that is; None: the
    attribute is no unit, or nobody knows what is meant."""
    if not is_unit_field(type_, attribute):
        return None
    unit = weight_unit_of(value)
    if unit is None:
        return None
    to, factor = WEIGHT_UNITS[unit]
    enums = (each.enum for each in type_.attributes if each.name == attribute)
    return (to, factor) if any(to in enum for enum in enums) else None


def is_unit_field(type_: ResourceType, attribute: str) -> bool:
    """Whether an attribute says in which unit other ones are."""
    return any(each.unit == attribute for each in type_.attributes)


def columns_of(catalogue: Catalogue, plan: Import) -> SourceColumns | None:
    """What the columns of a plan mean; None: its rows are made of those of another file, whose
    cells its dialect knows."""
    if plan.source_columns is not None:
        return None
    type_ = catalogue.types[plan.resource_type]
    return source_columns(catalogue, type_, plan.layout, plan.column_map, plan.mapping)


def conversion_of(
    catalogue: Catalogue, plan: Import, column: str, value: str
) -> UnitConversion | None:
    """What would make the unit of all rows with this value in a column one that their type takes;
    None: nothing would, or not surely."""
    columns = columns_of(catalogue, plan)
    if columns is None:
        return None
    type_ = catalogue.types[plan.resource_type]
    return conversion_by(type_, columns, plan.mapping, column=column, value=value)


def conversion_by(
    type_: ResourceType,
    columns: SourceColumns,
    mapping: MappingDocument | None,
    *,
    column: str,
    value: str,
) -> UnitConversion | None:
    """The same, by what the columns of a source mean; `mapping` is the document that says so."""
    fields = columns.fields_by_column().get(column, [])
    if len(fields) != 1 or _as_it_stands(columns, mapping, fields[0]) is None:
        return None
    known = unit_of(type_, fields[0], value)
    if known is None:
        return None
    to, factor = known
    numbers = []
    for each in type_.attributes:
        if each.unit != fields[0] or each.name not in columns.fields:
            continue
        found = _made_column(columns, mapping, each.name, value) or _number_column(
            columns, mapping, each.name
        )
        if found is None or columns.fields_by_column()[found.column] != [each.name]:
            return None
        numbers.append(found)
    return UnitConversion(to=to, factor=factor, numbers=numbers)


def _made_column(
    columns: SourceColumns, mapping: MappingDocument | None, field: str, value: str
) -> NumberColumn | None:
    """The column of numbers that name this unit themselves, or are read in it, so that the import
    converts them; None: it gives no such numbers."""
    unit = weight_unit_of(value)
    column = _as_it_stands(columns, mapping, field)
    if column is not None:
        spelled = columns.units.get(field)
        is_made = spelled is not None and Spelling.of(spelled).unit == unit
        return NumberColumn(column=column, is_made=True) if is_made else None
    mapped = None if mapping is None else mapping.fields.get(field)
    if mapped is None or unit is None or not isinstance(mapped.origin, FromColumn):
        return None
    if [use.transform.name for use in mapped.transforms] != [_READS_UNITS]:
        return None
    (use,) = mapped.transforms
    given = {each.name: each.default for each in use.transform.parameters} | dict(use.parameters)
    is_made = given["from"] in (None, unit) and given["to"] == WEIGHT_UNITS[unit][0]
    return NumberColumn(column=mapped.origin.column, is_made=True) if is_made else None


def _number_column(
    columns: SourceColumns, mapping: MappingDocument | None, field: str
) -> NumberColumn | None:
    """The column that gives a field its numbers; None: none does, or not as they stand there."""
    spelled = columns.units.get(field)
    if spelled is not None and Spelling.of(spelled).unit is not None:
        return None  # they are converted while they are read
    column = _as_it_stands(columns, mapping, field)
    if column is not None:
        if spelled is None:
            return NumberColumn(column=column)
        return NumberColumn(column=column, is_spelled=True, decimal=Spelling.of(spelled).decimal)
    mapped = None if mapping is None else mapping.fields.get(field)
    if mapped is None or not isinstance(mapped.origin, FromColumn):
        return None
    if [use.transform.name for use in mapped.transforms] != [_READS_AS_WRITTEN]:
        return None
    return NumberColumn(
        column=mapped.origin.column, is_spelled=True, decimal=_mark_of(mapped, mapping)
    )


def _as_it_stands(
    columns: SourceColumns, mapping: MappingDocument | None, field: str
) -> str | None:
    """The only column of this name that a field is without any transform."""
    feeding = columns.feeding().get(field, [])
    if len(feeding) != 1 or list(columns.names).count(feeding[0]) != 1:
        return None
    if any(each.field == field and each.is_changed for each in columns.made):
        return None
    return feeding[0]


def _mark_of(mapped: FieldMapping, mapping: MappingDocument | None) -> DecimalMark | None:
    (use,) = mapped.transforms
    given: Any = use.parameters.get("decimal", None if mapping is None else mapping.decimal)
    return DecimalMark(given) if given in tuple(DecimalMark) else None
