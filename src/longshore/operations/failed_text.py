"""The failed rows of an import as a text: mended, it can be imported in its turn.

It has the columns of the source, then `_row` (the row's number), `_errors` and `_codes`, which an
import ignores. A CSV is written as its source is: with the same separator, quotes, line ends and
encoding, and holds messages as one text, `name: can't be blank; code: has already been taken`, and
codes in the same order, `blank; taken`. JSON holds both by attribute, as an import's `errors_log`
does.
"""

import json
import shlex
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from longshore.imports import LoggedError
from longshore.operations.failed_cells import FailedTable, SourceForm, codes_of, messages_of
from longshore.operations.failed_rows import FailedRow
from longshore.readers import REPORT_COLUMNS, CsvRules, LineWriter, Unreadable

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


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A file of failed rows that is made, to be copied while the block lasts."""

    blocks: Iterator[bytes]
    lacking: str | None  # a character that the encoding of the source has not: it is in UTF-8


class FailedText:
    """The text of a file of failed rows, piece by piece."""

    def __init__(
        self,
        source: SourceForm,
        rows: Iterable[FailedRow],
        *,
        extension: str,
        is_guarded: bool = False,
    ) -> None:
        """`extension` is that of the file, which says what it is to be, else it is as the source;
        with `is_guarded` cells that a spreadsheet would compute are guarded."""
        self._source = source
        self._rows = rows
        self._extension = extension
        self._is_table = extension in _TABLES or (extension not in _TREES and source.is_tabular)
        as_source = self._is_table and source.is_tabular
        self.encoding = source.layout.encoding if as_source else _UTF_8
        self._has_mark = as_source and source.text.has_mark
        layout = source.layout
        rules = layout.rules
        if (extension == ".tsv" and layout.delimiter != "\t") or not layout.delimiter:
            # What is no separator of the source is a character of its cells.
            separator = "\t" if extension == ".tsv" else ","
            rules = CsvRules(encoding=layout.encoding, delimiter=separator)
        self._line = LineWriter(rules, source.text, is_guarded=is_guarded)
        self.hint = _reading_hint(rules) if self._is_table else None

    @contextmanager
    def written(self) -> Iterator[WrittenText]:
        """The whole text, in the encoding of its source where that can hold it."""
        with tempfile.TemporaryFile("w+", encoding=_UTF_8, errors=_ERRORS, newline="") as spool:
            # Only at the end it is known whether the encoding can hold it all.
            lacking = _spool(self._pieces(), spool, self.encoding)
            encoding = self.encoding if lacking is None else _UTF_8
            mark = _MARK if self._has_mark or lacking is not None else ""

            def blocks() -> Iterator[bytes]:
                yield mark.encode(encoding)
                while piece := spool.read(_COPY_CHARACTERS):
                    yield piece.encode(encoding)

            yield WrittenText(blocks(), lacking)

    def _pieces(self) -> Iterator[str]:
        return self._table() if self._is_table else self._objects()

    def _table(self) -> Iterator[str]:
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
