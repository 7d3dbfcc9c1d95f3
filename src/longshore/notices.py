"""What a person should know of a source or an import as a whole, though it stops nothing.

A notice is shown once, whatever the number of rows that it is about: as a warning in the terminal,
and in `meta.warnings` of an import and of a dry run. What a single row is warned of is another
thing, and stands in the import's `warnings_log`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class NoticeCode(StrEnum):
    """What a notice is about; programs may rely on it, so a code is never given another meaning."""

    ENCODING_GUESSED = "encoding_guessed"  # the source is not UTF-8, and does not say what it is
    TWICE_ENCODED = "twice_encoded"  # texts of UTF-8 that were read as Windows-1252 once before
    FOREIGN_IDS = "foreign_ids"  # rows give ids that are not of this environment
    TOO_MANY_KEYS = "too_many_keys"  # rows of JSON have more keys than are looked at
    RECORDS_REPEATED = "records_repeated"  # a row names a record that an earlier row has named
    LATER_ROWS_OVERWRITTEN = "later_rows_overwritten"  # a retry has, with what an earlier row gives
    TOTAL_ROWS = "total_rows"  # failed rows that look like the total below a table
    BARCODES_SCIENTIFIC = "barcodes_scientific"  # the same in a column that is not imported
    CODES_SCIENTIFIC = "codes_scientific"  # a spreadsheet has made a number of a code
    MEMBERS_LEFT_OUT = "members_left_out"  # of a JSON document, beside its rows

    LINES_ABOVE_HEADER = "lines_above_header"  # titles or comments, which were skipped
    HEADER_OF_TWO_LINES = "header_of_two_lines"  # names of which stand in two lines
    TABLE_BELOW = "table_below"  # another one, where the one that was asked for ends
    NOTES_BELOW = "notes_below"  # the table, which were left out
    BACKSLASHES_ESCAPE = "backslashes_escape"  # quotes inside of cells follow a backslash
    APOSTROPHES_QUOTE = "apostrophes_quote"  # cells stand between apostrophes
    APOSTROPHES_GUARD = "apostrophes_guard"  # cells against spreadsheets, and are taken off
    APOSTROPHES_KEPT = "apostrophes_kept"  # before = + - @, where they may guard cells
    BACKSLASHES_KEPT = "backslashes_kept"  # before quotes or each other, where they may be escapes
    HEADER_REPEATED = "header_repeated"  # in the middle of the source; such a line is no row
    ROWS_IN_CELL = "rows_in_cell"  # a cell of several lines that look like rows
    SHORT_ROWS = "short_rows"  # with fewer cells than the header

    COLUMN_OVERRIDDEN = "column_overridden"  # a constant of the mapping stands in its place
    VALUES_SPELLED = "values_spelled"  # a column is read as people write, not as the wire
    SPELLING_OPEN = "spelling_open"  # values that may mean two things, and no value shows which
    SPELLING_CONTRADICTED = "spelling_contradicted"  # values of one column show two spellings
    VALUES_BLANK = "values_blank"  # `-` and the like, which are read as blank

    MAPPING_DRIFTED = "mapping_drifted"  # the source differs from what a saved mapping was made for

    SHEET_CHOSEN = "sheet_chosen"  # of a workbook with several
    PARTS_LEFT_OUT = "parts_left_out"  # of a group's source: their names are no resource types
    PARTS_EMPTY = "parts_empty"  # of a group's source: they have no rows
    HIDDEN_ROWS = "hidden_rows"  # of a sheet, which were read like all others

    DIALECT = "dialect"  # what the rows of another system's file become, or do not
    DIALECT_COLUMNS = "dialect_columns"  # of such a file that have no home
    DIALECT_MADE = "dialect_made"  # records that were made on the way, which the file needs


# What is said of apostrophes before = + - @ that nobody has said anything of.
APOSTROPHE_CODES = frozenset({NoticeCode.APOSTROPHES_GUARD, NoticeCode.APOSTROPHES_KEPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A finding about a source or an import; a small value that can be stored as JSON."""

    code: NoticeCode | str  # a text that a later release has stored has no member here
    message: str  # one sentence without its full stop
    hint: str | None = None  # what to do about it
    count: int | None = None  # of the rows or places that it is about; None: it is about the whole
    first: tuple[Mapping[str, object], ...] = ()  # the first of them: numbers and short texts

    def to_dict(self) -> dict[str, Any]:
        """The notice as JSON-safe values."""
        return {
            "code": str(self.code),
            "message": self.message,
            "hint": self.hint,
            "count": self.count,
            "first": [dict(each) for each in self.first],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Notice":
        """The notice that `to_dict` described."""
        return cls(
            code=_known(values["code"]),
            message=values["message"],
            hint=values["hint"],
            count=values["count"],
            first=tuple(values["first"]),
        )


def _known(code: str) -> NoticeCode | str:
    try:
        return NoticeCode(code)
    except ValueError:
        return code
