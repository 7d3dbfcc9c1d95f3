"""The failed rows of an import as a file: mended, it can be imported in its turn.

It has the columns of the source, then `_row` (the row's number) and `_errors`, which an import
ignores. A CSV holds messages as one text, `name: can't be blank; code: has already been taken`;
JSON holds them by attribute, as an import's `errors_log` does.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from longshore.cli.files import written_whole

if TYPE_CHECKING:
    from longshore.assembly import FailedRow
    from longshore.imports import LoggedError
    from longshore.readers import Layout, Rows

__all__ = ["match_failed_rows", "write_failed_rows"]

ROW = "_row"
ERRORS = "_errors"
# A JSON row that is no object has no columns; it stands under this name.
INPUT = "_input"

_OURS = (ROW, ERRORS)  # a file of failed rows may have been the source
_TABLES = {".csv": ",", ".tsv": "\t"}  # extension -> delimiter
_TREES = (".json", ".ndjson", ".jsonl")


def write_failed_rows(path: Path, rows: Iterable[FailedRow], layout: Layout) -> int:
    """Write the rows, in the format that the file's name says, else in that of their source.

    `layout` is that of the source. Returns how many rows were written. The file appears whole or
    not at all.
    """
    from longshore.readers import Format

    is_tabular = layout.format is Format.CSV
    extension = path.suffix.lower()
    as_table = extension in _TABLES or (extension not in _TREES and is_tabular)
    names = _names(layout.columns, is_tabular=is_tabular)
    with written_whole(path) as file:
        if as_table:
            delimiter = _TABLES.get(extension, ",")
            return _write_table(file, rows, names, is_tabular=is_tabular, delimiter=delimiter)
        by_line = extension in (".ndjson", ".jsonl")
        return _write_objects(file, rows, names, is_tabular=is_tabular, by_line=by_line)


def match_failed_rows(
    batches: Iterable[Rows], errors: Iterable[LoggedError]
) -> Iterator[FailedRow]:
    """The rows of a source that errors are about, both in the order of the rows."""
    from longshore.assembly import FailedRow

    by_row = itertools.groupby(errors, key=lambda error: error.row)
    number, found = next(by_row, (None, iter(())))
    for rows in batches:
        while number is not None and number < rows.first + len(rows):
            index = number - rows.first
            yield FailedRow(
                number=number,
                line=rows.lines[index],
                values=rows.values[index],
                errors=list(found),
            )
            number, found = next(by_row, (None, iter(())))
        if number is None:
            return


def _write_table(
    file: TextIO,
    rows: Iterable[FailedRow],
    columns: Sequence[str],
    *,
    is_tabular: bool,
    delimiter: str,
) -> int:
    # The csv module quotes a cell that holds a character of its line end, and no other line break.
    writer = csv.writer(_Lines(file), delimiter=delimiter, lineterminator="\r\n")
    kept = [index for index, name in enumerate(columns) if name not in _OURS]
    writer.writerow([*(columns[index] for index in kept), ROW, ERRORS])
    count = 0
    for row in rows:
        count += 1
        cells = row.values if is_tabular else _cells(row.values, columns)
        # What stands beyond the header stays there, so that nothing is lost and the error is
        # found again.
        beyond = [*cells[len(columns) :]]
        while beyond and not beyond[-1]:
            beyond.pop()
        held = [cells[index] if index < len(cells) else "" for index in kept]
        writer.writerow([*held, row.number, _text_of(row.errors), *beyond])
    return count


class _Lines:
    """A file that takes lines which end in CRLF, and ends them with LF."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> int:
        return self._file.write(line.removesuffix("\r\n") + "\n")


def _write_objects(
    file: TextIO,
    rows: Iterable[FailedRow],
    columns: Sequence[str],
    *,
    is_tabular: bool,
    by_line: bool,
) -> int:
    opening, separator, closing = ("", "\n", "\n") if by_line else ("[\n", ",\n", "\n]\n")
    count = 0
    for count, row in enumerate(rows, 1):
        values = dict(zip(columns, row.values, strict=False)) if is_tabular else row.values
        if not isinstance(values, dict):
            values = {INPUT: values}
        document = {**values, ROW: row.number, ERRORS: _by_attribute(row.errors)}
        file.write(opening if count == 1 else separator)
        file.write(json.dumps(document, ensure_ascii=False))
    if count:
        file.write(closing)
    elif not by_line:
        file.write("[]\n")
    return count


def _names(columns: Sequence[str], *, is_tabular: bool) -> list[str]:
    """The columns that a row of the source has itself."""
    names = list(columns)
    if is_tabular:
        while names and not names[-1]:
            names.pop()  # a delimiter at the end of the header makes a column without a name
        return names
    # The columns of a JSON source also name what stands inside its nested collections.
    known = set(names)
    return [name for name in names if name.rpartition(".")[0] not in known]


def _cells(values: Any, columns: Sequence[str]) -> list[str]:
    """The cells of a JSON row: its texts as they are, everything else in JSON's spelling."""
    if not isinstance(values, Mapping):
        return [json.dumps(values, ensure_ascii=False)]
    return [_cell(values.get(name)) for name in columns]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text_of(errors: Iterable[LoggedError]) -> str:
    return "; ".join(f"{error.attribute}: {error.message}" for error in errors)


def _by_attribute(errors: Iterable[LoggedError]) -> dict[str, list[str]]:
    log: dict[str, list[str]] = {}
    for error in errors:
        log.setdefault(error.attribute, []).append(error.message)
    return log
