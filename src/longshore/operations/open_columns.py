"""Columns whose values may mean two things, and which of these somebody says that they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from longshore.engine import is_open_unit, with_mark
from longshore.errors import RequestRefused
from longshore.mapping import MappingDocument
from longshore.spellings import DateOrder, DecimalMark

_ORDER = "order"
_DECIMAL = "decimal"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnReading:
    """One way to read a column."""

    spelling: str  # a DateOrder or a DecimalMark
    example: str  # what stands there
    meaning: str  # and what that is then


class ColumnOpen(RequestRefused):
    """The values of a column may mean two things, and none of them shows which."""

    def __init__(
        self, message: str, *, hint: str, column: str, field: str, readings: Sequence[ColumnReading]
    ) -> None:
        super().__init__(message, hint=hint)
        self.column = column
        self.field = field
        self.readings = readings


def read_as(mapping: MappingDocument | None, field: str, spelling: str) -> MappingDocument:
    """A mapping that reads the column of a field so, as a `ColumnReading` says.

    Raises RequestRefused where there is nothing to be said of it.
    """
    of_field = None if mapping is None else mapping.fields.get(field)
    name = _ORDER if spelling in tuple(DateOrder) else _DECIMAL
    if mapping is not None and of_field is not None and _is_spelling(spelling):
        transforms = list(of_field.transforms)
        for index, use in enumerate(transforms):
            if any(each.name == name for each in use.transform.parameters):
                given: Mapping[str, Any] = {**use.parameters, name: spelling}
                transforms[index] = replace(use, parameters=given)
                changed = replace(of_field, transforms=tuple(transforms))
                return replace(mapping, fields={**mapping.fields, field: changed})
        if name == _DECIMAL and of_field.unit is not None and is_open_unit(of_field.unit):
            changed = replace(of_field, unit=with_mark(of_field.unit, DecimalMark(spelling)))
            return replace(mapping, fields={**mapping.fields, field: changed})
    raise RequestRefused(
        f"the column of {field} cannot be read so", hint="say it in the step Columns"
    )


def _is_spelling(text: str) -> bool:
    return text in tuple(DateOrder) or text in tuple(DecimalMark)
