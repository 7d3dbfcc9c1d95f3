"""The failed rows of an import as a file: mended, it can be imported in its turn.

It has the columns of the source, then `_row` (the row's number), `_errors` and `_codes`, which an
import ignores. A CSV is written as its source is: with the same separator, quotes, line ends and
encoding, and holds messages as one text, `name: can't be blank; code: has already been taken`, and
codes in the same order, `blank; taken`. JSON holds both by attribute, as an import's `errors_log`
does. A name that ends in .xlsx makes a workbook, whatever the source is: `failed_sheet` says what
stands in it.
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from longshore.cli.endings import silence_output
from longshore.cli.failed_cells import FailedTable, SourceForm, codes_of, messages_of
from longshore.cli.failed_sheet import write_failed_sheet
from longshore.cli.files import check_can_write, spreadsheet_safe_name, written_whole
from longshore.cli.messages import counted, printable, say, warn
from longshore.cli.workbooks import check_name, is_workbook_name
from longshore.errors import PermanentError

if TYPE_CHECKING:
    from longshore.imports import LoggedError
    from longshore.operations import FailedRow
    from longshore.readers import CsvRules

__all__ = ["STANDARD_OUTPUT", "FailedRowsFile", "SourceForm"]

STANDARD_OUTPUT = Path("-")

# A JSON row that is no object has no columns; it stands under this name.
INPUT = "_input"

# The lines of a row of CSV that could not be cut into cells stand under this name.
UNREADABLE = "unreadable"

_TABLES = (".csv", ".tsv")
# Delimiters that are found again in any file.
_FOUND = ",;\t|"
_TREES = (".json", ".ndjson", ".jsonl")
_BY_LINE = (".ndjson", ".jsonl")

_UTF_8 = "utf-8"
_UNICODE = ("utf-8", "utf-16", "utf-32")
# A lone surrogate, which no encoding has bytes for, is spelled as JSON would.
_ERRORS = "backslashreplace"
_MARK = "\ufeff"
_COPY_CHARACTERS = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRowsFile:
    """Where failed rows are written to."""

    path: Path  # or STANDARD_OUTPUT
    is_spreadsheet_safe: bool = False  # cells that a spreadsheet could compute are guarded

    @classmethod
    def of_option(
        cls, path: Path, *, is_spreadsheet_safe: bool = False, source: Path | None
    ) -> FailedRowsFile:
        """The file that somebody named; `source` is the file that is read.

        Raises RequestRefused for one that could not be written.
        """
        if path != STANDARD_OUTPUT:
            check_name(path)
            # No cell of a workbook is computed, and none of a tree.
            if is_spreadsheet_safe and path.suffix.lower() not in _TREES:
                path = path if is_workbook_name(path) else spreadsheet_safe_name(path)
            check_can_write(path, source=source)
        return cls(path=path, is_spreadsheet_safe=is_spreadsheet_safe)

    def of_type(self, resource_type: str) -> FailedRowsFile:
        """The file of one of several types: `failed.csv` as `failed.skus.csv`."""
        path = self.path
        return replace(self, path=path.with_name(f"{path.stem}.{resource_type}{path.suffix}"))

    def check(self) -> None:
        """Raise RequestRefused where it could not be written."""
        check_can_write(self.path)

    @property
    def is_standard_output(self) -> bool:
        return self.path == STANDARD_OUTPUT

    def write(self, rows: Iterable[FailedRow], source: SourceForm) -> int:
        """Write the rows, in the format that the file's name says, else in that of their source,
        and say how many. The file appears whole or not at all.

        Raises PermanentError for a full disk, and for rows that a workbook cannot hold.
        """
        counter = _RowCounter()
        if is_workbook_name(self.path):
            write_failed_sheet(counter.counting(rows), source, self.path)
            say(f"{counted(counter.count, 'failed row')} written to {self.name}")
            return counter.count
        writer = _Writer(self, source, counter.counting(rows))
        try:
            lacking = self._write(writer)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise PermanentError(f"{self.name} cannot be written: {error.strerror}") from error
        say(
            f"{counted(counter.count, 'failed row')} written to {self.name}",
            hint=writer.hint and f"import it with {writer.hint}",
        )
        if lacking is not None:
            warn(
                f"{self.name} is in UTF-8: {writer.encoding}, the encoding of the source, has no "
                f"{lacking!r}",
                hint="import it without --encoding",
            )
        return counter.count

    @property
    def name(self) -> str:
        """How messages call it."""
        return "standard output" if self.is_standard_output else printable(str(self.path))

    def beside(self) -> AbstractContextManager[object]:
        """Send what the block reports to standard error, where the rows have standard output."""
        return redirect_stdout(sys.stderr) if self.is_standard_output else nullcontext()

    def _write(self, writer: _Writer) -> str | None:
        """Write the rows; a character that the encoding of their source has not, or None."""
        with tempfile.TemporaryFile("w+", encoding=_UTF_8, errors=_ERRORS, newline="") as spool:
            # Only at the end it is known whether the encoding can hold it all.
            lacking = _spool(writer.pieces(), spool, writer.encoding)
            encoding = writer.encoding if lacking is None else _UTF_8
            mark = _MARK if writer.has_mark or lacking is not None else ""
            with self._opened() as output:
                output.write(mark.encode(encoding))
                while piece := spool.read(_COPY_CHARACTERS):
                    output.write(piece.encode(encoding))
            return lacking

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        if not self.is_standard_output:
            with written_whole(self.path) as file:
                yield file
            return
        try:
            yield sys.stdout.buffer
            sys.stdout.flush()
        except BrokenPipeError:
            silence_output()  # nobody reads them, and the import ended as it did


class _RowCounter:
    """Counts the rows that pass through it."""

    def __init__(self) -> None:
        self.count = 0

    def counting(self, rows: Iterable[FailedRow]) -> Iterator[FailedRow]:
        for row in rows:
            self.count += 1
            yield row


class _Writer:
    """The text of a file of failed rows, piece by piece."""

    def __init__(self, file: FailedRowsFile, source: SourceForm, rows: Iterator[FailedRow]) -> None:
        from longshore.readers import CsvRules, LineWriter

        self._source = source
        self._rows = rows
        self._extension = extension = file.path.suffix.lower()
        self._is_table = extension in _TABLES or (extension not in _TREES and source.is_tabular)
        self._is_guarded = file.is_spreadsheet_safe
        as_source = self._is_table and source.is_tabular
        self.encoding = source.layout.encoding if as_source else _UTF_8
        self.has_mark = as_source and source.text.has_mark
        layout = source.layout
        rules = layout.rules
        if (extension == ".tsv" and layout.delimiter != "\t") or not layout.delimiter:
            # What is no separator of the source is a character of its cells.
            separator = "\t" if extension == ".tsv" else ","
            rules = CsvRules(encoding=layout.encoding, delimiter=separator)
        self._line = LineWriter(rules, source.text, is_guarded=self._is_guarded)
        self.hint = _reading_hint(rules) if self._is_table else None

    def pieces(self) -> Iterator[str]:
        return self._table() if self._is_table else self._objects()

    def _table(self) -> Iterator[str]:
        from longshore.readers import REPORT_COLUMNS, Unreadable

        table = FailedTable(self._source)
        line = self._line
        yield line.of([*table.names, *REPORT_COLUMNS])
        unreadable: list[str] = []
        for row in self._rows:
            if isinstance(row.values, Unreadable):
                unreadable.append(row.values.text)
                continue
            held, beyond = table.cells(row)
            found = map(line.plain, (messages_of(row.errors), codes_of(row.errors)))
            yield line.of([*held, f"{row.number}", *found, *beyond])
        # Lines that cannot be cut into cells stand as they were, where no row comes after them.
        for text in unreadable:
            yield text + self._source.text.line_end

    def _objects(self) -> Iterator[str]:
        from longshore.readers import REPORT_COLUMNS, Unreadable

        by_line = self._extension in _BY_LINE
        opening, separator, closing = ("", "\n", "\n") if by_line else ("[\n", ",\n", "\n]\n")
        count = 0
        for count, row in enumerate(self._rows, 1):
            values = row.values
            if isinstance(values, Unreadable):
                values = {UNREADABLE: values.text}
            elif self._source.is_tabular:
                values = dict(zip(self._source.layout.keys, values, strict=False))
            elif not isinstance(values, dict):
                values = {INPUT: values}
            errors = _by_attribute(row.errors, lambda error: error.message)
            codes = _by_attribute(row.errors, lambda error: error.code)
            found = zip(REPORT_COLUMNS, (row.number, errors, codes), strict=True)
            document = {**values, **dict(found)}
            yield opening if count == 1 else separator
            yield json.dumps(document, ensure_ascii=False)
        if count:
            yield closing
        elif not by_line:
            yield "[]\n"


def _reading_hint(rules: CsvRules) -> str | None:
    """How the file is to be read where that is not found out of itself; None where it is."""
    options = []
    if rules.delimiter not in _FOUND:
        delimiter = "blank" if rules.delimiter == " " else rules.delimiter
        options.append(f"--delimiter {shlex.quote(delimiter)}")
    if rules.quote != '"':
        options.append(f"--quote {shlex.quote(rules.quote or 'none')}")
    if rules.escape:
        options.append(f"--escape {shlex.quote(rules.escape)}")
    return " ".join(options) or None


def _spool(pieces: Iterable[str], spool: Any, encoding: str) -> str | None:
    """Write the pieces; the first character among them that the encoding has not, or None."""
    lacking = None
    is_complete = encoding.startswith(_UNICODE)
    for piece in pieces:
        if lacking is None and not is_complete:
            try:
                piece.encode(encoding)
            except UnicodeEncodeError as error:
                lacking = piece[error.start]
        spool.write(piece)
    spool.seek(0)
    return lacking


def _by_attribute(
    errors: Iterable[LoggedError], told: Callable[[LoggedError], str | None]
) -> dict[str, list[str | None]]:
    log: dict[str, list[str | None]] = {}
    for error in errors:
        log.setdefault(error.attribute, []).append(told(error))
    return log
