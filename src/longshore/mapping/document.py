"""The mapping document: which columns, constants and transforms make the fields of a type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from longshore.mapping.field_template import FieldTemplate
from longshore.mapping.transform import TransformUse
from longshore.spellings import DecimalMark as DecimalMark

MAPPING_VERSION = 1

Constant: TypeAlias = str | int | float | bool | None


class Blank(StrEnum):
    """What a blank cell means."""

    KEEP = "keep"  # nothing: what is stored stays
    CLEAR = "clear"  # null: what is stored is taken away
    ERROR = "error"  # an error of the row


@dataclass(frozen=True, slots=True, kw_only=True)
class FromColumn:
    """A field gets what stands in a column."""

    column: str

    def to_dict(self) -> dict[str, Any]:
        return {"column": self.column}


@dataclass(frozen=True, slots=True, kw_only=True)
class FromConstant:
    """A field gets the same in every row."""

    constant: Constant

    def to_dict(self) -> dict[str, Any]:
        return {"constant": self.constant}


@dataclass(frozen=True, slots=True, kw_only=True)
class FromTemplate:
    """A field gets a text that several columns are put into."""

    template: FieldTemplate

    def to_dict(self) -> dict[str, Any]:
        return {"template": self.template.text}


Origin: TypeAlias = FromColumn | FromConstant | FromTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMapping:
    """What makes one field."""

    origin: Origin
    transforms: tuple[TransformUse, ...] = ()  # in the order in which they are applied
    # Of an amount: `cents`, or decimals as `--map` names them; None: its name or a transform says.
    unit: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it takes values from."""
        match self.origin:
            case FromColumn():
                return (self.origin.column,)
            case FromTemplate():
                return self.origin.template.columns
        return ()

    def to_dict(self) -> dict[str, Any]:
        values = self.origin.to_dict()
        if self.transforms:
            values["transforms"] = [each.to_dict() for each in self.transforms]
        if self.unit is not None:
            values["unit"] = self.unit
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingDocument:
    """A mapping as it is written, saved and kept with an import."""

    fields: Mapping[str, FieldMapping] = field(default_factory=dict)  # by the name of the field
    resource_type: str | None = None
    ignore: tuple[str, ...] = ()  # columns that are left out
    blank: Blank | None = None  # None: as `keep`
    null: str | None = None  # a cell that means null
    decimal: DecimalMark | None = None  # of all that does not say otherwise
    header_row: int | None = None
    sheet: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The document as JSON-safe values; `read_mapping` reads them."""
        values: dict[str, Any] = {
            "version": MAPPING_VERSION,
            "type": self.resource_type,
            "ignore": list(self.ignore) or None,
            "blank": None if self.blank is None else str(self.blank),
            "null": self.null,
            "decimal": None if self.decimal is None else str(self.decimal),
            "header_row": self.header_row,
            "sheet": self.sheet,
        }
        values = {name: value for name, value in values.items() if value is not None}
        if self.fields:
            values["fields"] = {name: each.to_dict() for name, each in self.fields.items()}
        return values
