"""Bytes to rows: CSV, JSON and NDJSON, each row with its number, line and position.

Promises: memory is bounded whatever the size of the source; a reader restarts at any position;
what cannot be read is refused whole by `survey`, with line and column. Knows nothing of resource
types, of what a cell means, nor of where the bytes are kept.
"""

from longshore.readers.blocks import open_blocks, peek
from longshore.readers.csv_rules import CsvOptions, CsvRules
from longshore.readers.encodings import text_codec
from longshore.readers.findings import Survey
from longshore.readers.format_choice import HEAD_BYTES, choose_format
from longshore.readers.guarded import GuardEvidence, of_guarded_cells
from longshore.readers.json_members import RowsDocument, RowsMember, find_members
from longshore.readers.layout import (
    CELLS_COLUMN,
    REPORT_COLUMNS,
    SOURCE_COLUMN,
    Format,
    Layout,
)
from longshore.readers.line_writer import LineWriter
from longshore.readers.rows import Position, Rows, Unreadable
from longshore.readers.source_survey import read_rows, survey
from longshore.readers.text_form import (
    LINE_END_BYTES_MAX,
    QUOTED_BYTES_MAX,
    CellKind,
    TextForm,
    text_form,
)
from longshore.readers.unreadable import EmptySource, UnreadableSource

__all__ = [
    "CELLS_COLUMN",
    "HEAD_BYTES",
    "LINE_END_BYTES_MAX",
    "QUOTED_BYTES_MAX",
    "REPORT_COLUMNS",
    "SOURCE_COLUMN",
    "CellKind",
    "CsvOptions",
    "CsvRules",
    "EmptySource",
    "Format",
    "GuardEvidence",
    "Layout",
    "LineWriter",
    "Position",
    "Rows",
    "RowsDocument",
    "RowsMember",
    "Survey",
    "TextForm",
    "Unreadable",
    "UnreadableSource",
    "choose_format",
    "find_members",
    "of_guarded_cells",
    "open_blocks",
    "peek",
    "read_rows",
    "survey",
    "text_codec",
    "text_form",
]
