"""What must be known of a source to read it again, from its start or from any position."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from longshore.readers.csv_rules import CsvRules
from longshore.readers.rows import Position
from longshore.workbooks import column_letters


class Format(StrEnum):
    """How the rows of a source are written down."""

    CSV = "csv"
    JSON = "json"  # one array
    NDJSON = "ndjson"  # one value per line


# The columns that a file of failed rows has behind those of its source: the row's number, what is
# wrong with it, and the codes of that. Files of older releases have no codes. Lines that could not
# be cut into cells stand there without them.
REPORT_COLUMNS = ("_row", "_errors", "_codes")

# The columns that rows have behind their fields that were made of another file's rows: the row and
# the line there (`12:34`), and what fields were made of that are not what stood there, as JSON:
# {field: [column, cell]}, and [column, cell, code, [parts of its message]] for a value that could
# not be made.
SOURCE_COLUMN = "_source"
CELLS_COLUMN = "_cells"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The findings of a survey; small, and serialisable by `to_dict` and `from_dict`."""

    format: Format
    encoding: str  # a codec of Python; of JSON "utf-8"
    delimiter: str  # one character or several; "" where the format has none
    columns: tuple[str, ...]  # the header of a CSV; for JSON every key, in order of first sight
    first: Position  # where the first row is looked for: after byte order mark and header
    is_guarded: bool = False  # cells stand there as `spreadsheet_cells.guarded` writes them
    is_enclosed: bool = False  # the array of rows is part of a document: JSON goes on behind it
    has_resources: bool = False  # elements of JSON may be resource objects, see `resources`
    quote: str = '"'  # one character; "" where quotes are text
    escape: str = ""  # takes a quote, or itself, as text; "" where a quote is doubled for that
    header: tuple[str, ...] = ()  # the names of the header of a CSV as they stand there, trimmed
    header_line: int = 1  # physical line on which the header of a CSV starts
    header_rows: int = 1  # records that are the header, from there on
    end_offset: int | None = None  # where the rows end; None: where the source ends
    # Of a workbook, of which the CSV was made; its rows give the lines (`sheet_lines`).
    sheet: str = ""
    # Of a Parquet file, likewise: the number of the last row of each row group.
    row_groups: tuple[int, ...] = ()
    # Counted by the rules of releases before 0.2: blank rows are rows, and any quotes are read.
    is_lenient: bool = False

    @property
    def is_tabular(self) -> bool:
        """Whether the rows are lists of cells below a header; else they are values of JSON."""
        return self.format is Format.CSV

    @property
    def rules(self) -> CsvRules:
        """How the text of a CSV is cut into cells."""
        return CsvRules(
            encoding=self.encoding,
            delimiter=self.delimiter,
            quote=self.quote,
            escape=self.escape,
            header=self.header,
        )

    @property
    def is_new(self) -> bool:
        """Whether releases cannot read by it that know delimiters of one character only, and tables
        that end with their source."""
        return len(self.delimiter) > 1 or self.end_offset is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns by names of which each stands once: those without one, and those of the
        name of another, are told by their numbers."""
        keys: dict[str, None] = {}  # in their order, and found at once in a wide source
        for number, name in enumerate(self.columns, 1):
            if not name:
                name = f"column {number}"
            keys[f"{name} (column {number})" if name in keys else name] = None
        return tuple(keys)

    @property
    def has_lines_of_rows(self) -> bool:
        """Whether a line is counted for each row of what the CSV was made of, and no other."""
        return bool(self.sheet or self.row_groups)

    def cell(self, column: str | None, line: int) -> str | None:
        """How a spreadsheet program calls the cell of a column, as `keys` names it, in the row on
        a line: `Prices!C17`; and where the source has no such column, the row: `Prices!17:17`. Of
        Parquet the row group and the column. None for any other source."""
        if not self.has_lines_of_rows:
            return None
        is_there = column is not None and column in self.keys
        if self.row_groups:
            group = f"row group {bisect_left(self.row_groups, line - 1) + 1}"
            return f"{group}, {column}" if is_there else group
        if column is None or not is_there:
            return f"{self.sheet}!{line}:{line}"
        return f"{self.sheet}!{column_letters(self.keys.index(column))}{line}"

    def to_dict(self) -> dict[str, Any]:
        """The layout as JSON-safe values."""
        values: dict[str, Any] = {
            "format": self.format.value,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "columns": list(self.columns),
            "first": [self.first.row, self.first.line, self.first.offset],
            "is_enclosed": self.is_enclosed,
            "has_resources": self.has_resources,
        }
        if self.is_guarded:
            values["is_guarded"] = True
        if self.sheet:
            values["sheet"] = self.sheet
        if self.row_groups:
            values["row_groups"] = list(self.row_groups)
        if self.format is Format.CSV and not self.is_lenient:
            values["quote"] = self.quote
            values["escape"] = self.escape
            values["header"] = list(self.header)
            values["header_line"] = self.header_line
        if self.header_rows != 1:
            values["header_rows"] = self.header_rows
        if self.end_offset is not None:
            values["end_offset"] = self.end_offset
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Layout":
        """The layout that `to_dict` described, of this release or of one before."""
        format = Format(values["format"])
        return cls(
            format=format,
            encoding=values["encoding"],
            delimiter=values["delimiter"],
            columns=tuple(values["columns"]),
            first=Position(*values["first"]),
            is_guarded=values.get("is_guarded", False),
            sheet=values.get("sheet", ""),
            row_groups=tuple(values.get("row_groups", ())),
            # Layouts that an older release stored have neither.
            is_enclosed=values.get("is_enclosed", False),
            has_resources=values.get("has_resources", False),
            quote=values.get("quote", '"'),
            escape=values.get("escape", ""),
            header=tuple(values.get("header", ())),
            header_line=values.get("header_line", 1),
            header_rows=values.get("header_rows", 1),
            end_offset=values.get("end_offset"),
            is_lenient=format is Format.CSV and "quote" not in values,
        )
