"""One file on its way through a dialect: rows in, records of several types out.

Records are written as they come, each type into a CSV of its own with the fields as columns; what
has to be remembered meanwhile is on the disk. So memory does not grow with the file.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.decimal_marks import DecimalMarks
from longshore.dialects.header import Column, Header, Read, SourceRow, is_secret
from longshore.dialects.member_files import MemberFiles
from longshore.dialects.options import DialectOptions
from longshore.dialects.rows_told import RowsTold
from longshore.dialects.store_names import StoreNames
from longshore.dialects.store_records import NO_RECORDS, StoreRecords
from longshore.dialects.targets import Targets
from longshore.dialects.working_store import WorkingStore
from longshore.error_codes import ErrorCode
from longshore.notices import Notice, NoticeCode
from longshore.readers import REPORT_COLUMNS, Rows, Unreadable
from longshore.spellings import ColumnKind, DecimalMark, is_blank_token, is_error_token

_EXAMPLES = 3
_FIRST = 5  # rows that a notice names
_COLUMNS_NAMED = 50  # more than exports have that nobody has a home for

FieldValue = str | None | Mapping[str, Any]


class Conversion:
    """What a dialect is given: the rows of one file, and where its records go."""

    def __init__(
        self,
        header: Sequence[str],
        read: Callable[[], Iterable[Rows]],
        *,
        main_type: str,
        homes: Sequence[str],
        amounts: Sequence[str],
        names: Sequence[str],
        options: DialectOptions,
        store: StoreNames,
        files: MemberFiles,
        work: WorkingStore,
        now: int,
        first_line: int = 0,
        records: StoreRecords = NO_RECORDS,
    ) -> None:
        """`read` gives all rows, from the first on, each time; `main_type` is that as which rows
        fail that make nothing; `homes` are the columns that mean something, `amounts` those of
        amounts, with `*` behind a name all that start so, and `names` those by which records are
        named; `now` is in milliseconds."""
        self.header = Header(header)
        self.options = options
        self.now = now
        self.work = work
        self.records = records
        self.targets = Targets(store, options, self._make)
        self.examples: dict[str, list[dict[str, Any]]] = {}
        self.made: list[tuple[str, dict[str, str]]] = []  # on the way: (type, fields)
        self.rows_count = 0
        self.group_key: Read | None = None  # what rows that are read together have in common
        self._main_type = main_type
        self._homes = homes
        self._naming = {
            column.index
            for each in names
            for column in self.header.called(each)
            if column.index is not None
        }
        self._read = read
        self._first_line = first_line
        self._files = files
        self._marks = DecimalMarks(self.header, read, amounts=amounts, first_line=first_line)
        self._told: dict[str, RowsTold] = {}
        self._rest: list[Column] | None = None
        self._blank = frozenset(range(len(self.header.names)))  # columns that hold nothing so far
        self._keyed_row = 0
        self._keys: set[tuple[str, ...]] = set()

    # Rows

    def rows(self) -> Iterator[SourceRow]:
        """All rows that hold anything, in their order; what cannot be cut into cells fails."""
        self.rows_count = 0
        for batch in self._read():
            self._note_blank_columns(batch.values)
            lines = batch.lines
            for index, cells in enumerate(batch.values):
                number = batch.first + index
                if lines[index] < self._first_line:
                    continue
                self.rows_count = number
                if isinstance(cells, Unreadable):
                    self._fail_unreadable(SourceRow(number, lines[index], ()), cells)
                    continue
                row = SourceRow(number, lines[index], cells)
                filled = self._without_tokens(cells)
                if filled is not cells:
                    self._tell_of_tokens(row, filled)
                yield row._replace(cells=filled)

    def peeked_rows(self) -> Iterator[SourceRow]:
        """The same for a look ahead: nothing fails, and nothing is counted."""
        for batch in self._read():
            for index, cells in enumerate(batch.values):
                if not isinstance(cells, Unreadable) and batch.lines[index] >= self._first_line:
                    filled = self._without_tokens(cells)
                    yield SourceRow(batch.first + index, batch.lines[index], filled)

    def _without_tokens(self, cells: Sequence[str]) -> Sequence[str]:
        """The cells, with blank ones where a spreadsheet had no value, and where people have put
        `-` for the name of a record. These would be codes and texts like others."""
        found = [at for at in self._naming if at < len(cells) and is_blank_token(cells[at])]
        if "#" in "".join(cells):
            found += [at for at, cell in enumerate(cells) if "#" in cell and is_error_token(cell)]
        if not found:
            return cells
        return ["" if index in found else cell for index, cell in enumerate(cells)]

    def _tell_of_tokens(self, row: SourceRow, filled: Sequence[str]) -> None:
        for name, cell, left in zip(self.header.names, row.cells, filled, strict=False):
            if cell and not left:
                self.tell_blank(name, cell.strip(), row)

    def tell_blank(self, column: str, cell: str, row: SourceRow) -> None:
        """Say that a cell is read as blank, as it holds what stands where there is no value."""
        self.tell(
            f"values_blank:{column}",
            f"{{count}} rows have {cell!r} or the like as {column!r}, which is read as blank",
            row,
            column=column,
            cell=cell,
        )

    def decimal_mark(
        self, column: str, text: str, row: SourceRow, kind: ColumnKind = ColumnKind.AMOUNT
    ) -> DecimalMark | None:
        """What stands before the decimals of a cell: as it was asked for, or as its column shows.
        None: the cell shows it itself, or may be two numbers."""
        if self.options.decimal is not None:
            return self.options.decimal
        found = self._marks.of(column, text, kind)
        if found is None:
            return None
        if found.example is not None:
            self.tell(
                f"decimal_mark:{column}:{found.mark}",
                f"{{count}} rows have a {column} such as {text}, which is read with a decimal "
                f"{found.mark}, as {found.example} shows",
                row,
                hint="--decimal says what stands before decimals",
                column=column,
                cell=text,
            )
        return found.mark

    def defer(self, row: SourceRow) -> None:
        """Come back to a row when the rest of the file was read, by `deferred`."""
        self.work.defer(row)

    def deferred(self) -> Iterator[SourceRow]:
        """The rows to come back to."""
        return self.work.deferred()

    # Records

    def emit(
        self,
        resource_type: str,
        fields: Mapping[str, FieldValue],
        row: SourceRow,
        *,
        cells: Mapping[str, tuple[str, str]] | None = None,
        failures: Sequence[CellFailure] = (),
    ) -> None:
        """Write a record that a row makes.

        A field that is missing or "" is left as it is in the store, None clears it, and a mapping
        is written as JSON. A record of a code that a later row takes is none in the end. `cells`
        has for each field whose value was made of another text the column and its cell. With
        `failures` the record is imported, and fails with them; their fields are left blank.
        """
        if failures:
            fields = {**fields, **dict.fromkeys((each.field for each in failures), "")}
        self._files.write(resource_type, fields, row, cells, failures)
        kept = self.examples.get(resource_type, ())
        if len(kept) < _EXAMPLES:
            self.examples[resource_type] = [*kept, self._example(fields, row, cells, failures)]

    def claim_code(self, code: str, row: SourceRow, *, is_made: bool = False) -> CellFailure | None:
        """Have a row take the code of a SKU, before its records are emitted. Where an earlier row
        has it, the later one wins, or fails, as it was asked for; a made code never wins. Returns
        the failure of the row, or None."""
        earlier = self.work.claim(code, row.number, is_made=is_made)
        if earlier is None or earlier[0] == row.number:
            return None
        number, was_made = earlier
        if is_made or was_made or self.options.same_code == "error":
            return CellFailure("code", "", code, ErrorCode.TAKEN)
        self.work.supersede(code, number, row.number, is_made=is_made)
        self.tell(
            "codes_repeated",
            "{count} rows have a code that another row has as well: the last one counts",
            row,
            hint="--same-code error has such rows fail",
            named="{code!r} in rows {other:,} and {row:,}",
            code=code,
            other=number,
        )
        return None

    def is_second_of_row(self, row: SourceRow, *key: str) -> bool:
        """Whether the row has made a record with this key before, of another of its cells."""
        if row.number != self._keyed_row:
            self._keyed_row, self._keys = row.number, set()
        if key in self._keys:
            return True
        self._keys.add(key)
        return False

    # What is told

    def leave_out(self, reason: str, row: SourceRow) -> None:
        """Count a row that makes no record on purpose: `sold elsewhere`."""
        self.tell("rows_left_out:" + reason, "{count} rows are left out: " + reason, row)

    def tell(
        self,
        key: str,
        text: str,
        row: SourceRow,
        *,
        hint: str | None = None,
        count: int = 1,
        named: str | None = None,
        **values: object,
    ) -> None:
        """Tell of a row in one warning for all with this key, or of `count` rows that begin with
        it; `{count}` in the text is how many. With `named` the first of them are named behind it,
        each so: `{row}`, `{line}` and the values stand there."""
        told = self._told.get(key)
        if told is None:
            told = self._told[key] = RowsTold(text=text, hint=hint, named=named)
        told.count += count
        if len(told.first) < _FIRST:
            told.first.append({"row": row.number, "line": row.line, **values})

    def fail_row(
        self, row: SourceRow, column: str, cell: str, code: ErrorCode, *arguments: object
    ) -> None:
        """Have a row fail as a whole, as one of the first type that the dialect makes."""
        failure = CellFailure("base", column, cell, code, arguments)
        self.emit(self._main_type, {}, row, failures=(failure,))

    def notices(self) -> tuple[Notice, ...]:
        """What is to be told of the file as a whole."""
        told = [
            Notice(
                code=NoticeCode.DIALECT,
                message=_counted(each.text, each.count) + _first_named(each),
                hint=each.hint,
                count=each.count,
                first=tuple(each.first),
            )
            for each in self._told.values()
        ]
        unknown = self.columns_left_out()
        if unknown and not self.options.keep_rest:
            columns = "column" if len(unknown) == 1 else "columns"
            named = ", ".join(unknown[:_COLUMNS_NAMED])
            told.append(
                Notice(
                    code=NoticeCode.DIALECT_COLUMNS,
                    message=f"{len(unknown)} {columns} left out: {named}"
                    + (", ..." if len(unknown) > _COLUMNS_NAMED else ""),
                    hint="--keep-rest keeps them in metadata",
                )
            )
        return tuple(told)

    # Columns that have no home

    def columns_left_out(self) -> list[str]:
        """The columns of the file that have no home, and hold anything."""
        return [self.header.names[index] for index in self._homeless() if index not in self._blank]

    def _homeless(self) -> list[int]:
        homes = self._homes
        used = frozenset(self.header.used)
        exact = {index for name in homes if (index := self.header.column(name).index) is not None}
        starts = tuple(name[:-1].casefold() for name in homes if name.endswith("*"))
        return [
            index
            for index, name in enumerate(self.header.names)
            if index not in exact
            and index not in used
            and name.strip()
            and name not in REPORT_COLUMNS  # of a file of failed rows, which was mended
            and not (starts and name.strip().casefold().startswith(starts))
        ]

    def _note_blank_columns(self, rows: Sequence[Any]) -> None:
        self._blank = frozenset(
            index
            for index in self._blank
            if not any(len(cells) > index and cells[index].strip() for cells in rows)
        )

    def rest(self, row: SourceRow) -> dict[str, str]:
        """With `--keep-rest` the cells that have no home, by column, without blank ones and without
        secrets."""
        if not self.options.keep_rest:
            return {}
        if self._rest is None:
            names = self.header.names
            self._rest = [
                Column(names[index], index)
                for index in self._homeless()
                if not is_secret(names[index])
            ]
        return {column.name: cell for column in self._rest if (cell := column(row))}

    def _make(self, resource_type: str, fields: dict[str, str]) -> None:
        made = {(name, each["code"]) for name, each in self.made}
        if (resource_type, fields["code"]) in made:
            return
        self.made.append((resource_type, fields))
        self._files.write(resource_type, fields, _NO_ROW, None, ())
        self.examples.setdefault(resource_type, []).append(
            {**_MADE_ON_THE_WAY, "fields": dict(fields)}
        )

    def _example(
        self,
        fields: Mapping[str, FieldValue],
        row: SourceRow,
        cells: Mapping[str, tuple[str, str]] | None,
        failures: Sequence[CellFailure],
    ) -> dict[str, Any]:
        told = dict(cells or {}) | {each.field: (each.column, each.cell) for each in failures}
        of_row = zip(self.header.names, row.cells, strict=False)
        return {
            "row": row.number,
            "line": row.line,
            "source": {name: cell for name, cell in of_row if cell.strip() and not is_secret(name)},
            "fields": {name: value for name, value in fields.items() if value != ""},
            "cells": {name: [*each] for name, each in told.items() if not is_secret(each[0])},
            "failed": [each.field for each in failures],
        }

    def _fail_unreadable(self, row: SourceRow, cells: Unreadable) -> None:
        failure = CellFailure.of("base", "", cells.text[:200], cells.message)
        self.emit(self._main_type, {}, row, failures=(failure,))


_NO_ROW = SourceRow(0, 0, ())
_MADE_ON_THE_WAY: Mapping[str, Any] = {
    "row": None,
    "line": None,
    "source": {},
    "cells": {},
    "failed": [],
}


_ONE = re.compile(r"1 (row|SKU|price|tag|record)s\b")


def _first_named(told: RowsTold) -> str:
    """The first rows behind what is told of them: ` ('A' in rows 1 and 16, ...)`."""
    if told.named is None:
        return ""
    each = [told.named.format(**values) for values in told.first]
    return f" ({', '.join([*each, *['...'] * (told.count > len(each))])})"


def _counted(text: str, count: int) -> str:
    """The text with its number; of one thing in the singular."""
    told = text.replace("{count}", f"{count:,}")
    if count != 1 or _ONE.match(told) is None:
        return told
    told = _ONE.sub(r"1 \1", told, count=1)
    for many, one in ((" are ", " is "), (" have ", " has "), (": their ", ": its ")):
        told = told.replace(many, one, 1)
    return told
