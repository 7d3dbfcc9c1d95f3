"""What a client says of how an upload is to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from longshore.readers import CsvOptions, Format

_CSV = ("delimiter", "quote", "escape", "header_row", "header_rows")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """As the options of `longshore import`; None: by name and content."""

    format: Format | None = None
    encoding: str | None = None  # a codec of Python
    csv: CsvOptions = field(default_factory=CsvOptions)
    sheet: str | None = None
    is_guarded: bool = False  # `spreadsheet_safe` on the wire
    column_map: Mapping[str, str] = field(default_factory=dict)  # column or key -> field, "": none

    def to_dict(self) -> dict[str, Any]:
        """The options that were given, as JSON-safe values."""
        given: dict[str, Any] = {
            "format": None if self.format is None else self.format.value,
            "encoding": self.encoding,
            **{name: getattr(self.csv, name) for name in _CSV},
            "sheet": self.sheet,
            "spreadsheet_safe": self.is_guarded or None,
            "column_map": dict(self.column_map) or None,
        }
        return {name: value for name, value in given.items() if value is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "ReadingOptions":
        """The options that `to_dict` described."""
        return cls(
            format=Format(values["format"]) if "format" in values else None,
            encoding=values.get("encoding"),
            csv=CsvOptions(
                delimiter=values.get("delimiter"),
                quote=values.get("quote"),
                escape=values.get("escape"),
                header_row=values.get("header_row"),
                header_rows=values.get("header_rows"),
            ),
            sheet=values.get("sheet"),
            is_guarded=values.get("spreadsheet_safe", False),
            column_map=values.get("column_map", {}),
        )
