"""A mended file of failed rows: which row each of its lines is, and what its cells are."""

import json
import tempfile
import weakref
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from longshore.errors import RequestRefused
from longshore.imports import StillFailing
from longshore.operations.edited_columns import EditedColumns
from longshore.operations.mended_guard import header_shows_guard, rows_show_guard
from longshore.operations.mended_source import store_mended
from longshore.readers import REPORT_COLUMNS, Format, Layout, Rows, Unreadable, of_guarded_cells
from longshore.sources import AttachmentStore, Source
from longshore.spreadsheet_cells import SPREADSHEET_SAFE, guarded, looks_guarded

ROW = REPORT_COLUMNS[0]
INPUT = "_input"  # what stands for a row of JSON that is no object

_SHOWN_MAX = 5  # columns that a message names


class MendedRefused(RequestRefused):
    """The file is not one of failed rows of the import."""


@dataclass(frozen=True, slots=True)
class MendedRow:
    """What a line of the file says that a row is."""

    values: Any  # by column; of JSON the whole row
    beyond: Sequence[str] | None  # cells behind the header; None: nothing is said of them


class MendedRows:
    """The rows of a file by their numbers; taken in their order, whatever that of the lines is."""

    def __init__(self, layout: Layout) -> None:
        """`layout` is that of the source whose rows were mended."""
        self._encoding = layout.encoding if layout.format is Format.CSV else None
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed with this
        weakref.finalize(self, self._file.close)
        self._numbers = array("q")
        self._offsets = array("q")
        self._order: Iterator[int] = iter(())
        self._next: int | None = None
        self.added: tuple[str, ...] = ()  # columns of the file that the source does not have
        self.is_encodable = True  # in the encoding of the source
        self.unreadable_count = 0  # lines that cannot be cut into cells
        self.may_be_guarded = False  # a cell has an apostrophe as against spreadsheets

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, number: int, row: MendedRow) -> None:
        if self._encoding is not None and not self.may_be_guarded:
            cells = (each for each in row.values.values() if isinstance(each, str))
            self.may_be_guarded = any(map(looks_guarded, cells))
        line = json.dumps([row.values, row.beyond], ensure_ascii=False)
        if self.is_encodable and self._encoding is not None:
            try:
                line.encode(self._encoding)
            except UnicodeEncodeError:
                self.is_encodable = False
        self._numbers.append(number)
        self._offsets.append(self._file.tell())
        self._file.write(line.encode("utf-8", "surrogatepass") + b"\n")

    def begin(self) -> None:
        """To be called when all rows were added, before the first is taken."""
        numbers = self._numbers
        self._order = iter(sorted(range(len(numbers)), key=numbers.__getitem__))
        self._next = next(self._order, None)

    def take(self, number: int) -> MendedRow | None:
        """The row of this number, which is greater than that taken before; None: it is not in the
        file."""
        at = self._next
        while at is not None and self._numbers[at] < number:
            at = self._next = next(self._order, None)
        if at is None or self._numbers[at] != number:
            return None
        self._file.seek(self._offsets[at])
        values, beyond = json.loads(self._file.readline().decode("utf-8", "surrogatepass"))
        return MendedRow(values, beyond)

    def cells(self, number: int) -> Mapping[str, Any] | None:
        """The values of `take`, of a file that is a table."""
        row = self.take(number)
        return None if row is None else row.values


def read_mended_rows(
    source: Source,
    layout: Layout,
    columns: EditedColumns,
    failing: StillFailing,
    rows: Iterable[tuple[int, Any]],
) -> MendedRows:
    """The rows of a file that somebody has mended; memory does not grow with their cells.

    `layout` and `columns` are those of the source of the rows, and `rows` those that fail, each
    with its number, by which a file is told to be guarded where nobody has said it. Raises
    MendedRefused, and RequestRefused for what cannot be read.
    """
    # A name that stands there twice may do so in the file.
    known = {each for each, count in Counter(layout.columns).items() if count == 1}
    known |= set(REPORT_COLUMNS)
    known |= set(map(guarded, known))
    with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
        store = AttachmentStore(Path(folder))
        as_said = replace(source, is_guarded=bool(source.is_guarded))
        stored = store_mended(store, as_said, layout, known, ROW)
        if stored.layout.format is Format.CSV and layout.format is not Format.CSV:
            raise MendedRefused(
                f"{source.name} is a table, and the source of the import is JSON",
                hint="write the failed rows to a .json file, and mend that",
            )

        def read(read_as: Layout) -> MendedRows:
            reader = _reader_of(source.name, read_as, layout, columns)
            return _read(source.name, reader, store.open(stored.name, read_as), layout, failing)

        as_guarded = of_guarded_cells(stored.layout)
        if source.is_guarded is not None or as_guarded == stored.layout:
            return read(stored.layout)
        if SPREADSHEET_SAFE in source.name or header_shows_guard(
            stored.layout.columns, layout.columns
        ):
            return read(as_guarded)
        mended = read(stored.layout)
        if not mended.may_be_guarded or not rows_show_guard(mended.cells, rows, layout.keys):
            mended.begin()
            return mended
        return read(as_guarded)


def _read(
    name: str,
    reader: "_TableReader | _ObjectReader",
    batches: Iterable[Rows],
    layout: Layout,
    failing: StillFailing,
) -> MendedRows:
    mended = MendedRows(layout)
    seen = bytearray(failing.size // 8 + 1)
    for rows in batches:
        for line, values in zip(rows.lines, rows.values, strict=True):
            if isinstance(values, Unreadable):
                mended.unreadable_count += 1
                continue
            number = _number(name, line, reader.number(values))
            _check(name, line, number, failing, seen)
            mended.add(number, reader.row(values))
    mended.added = reader.added
    if not len(mended):
        raise MendedRefused(f"no line of {name} can be cut into cells")
    mended.begin()
    return mended


def _check(name: str, line: int, number: int, failing: StillFailing, seen: bytearray) -> None:
    if number not in failing:
        raise MendedRefused(
            f"line {line} of {name} is row {number}, which is not one that fails",
            hint=f"the rows that fail are told by {ROW}; take lines of others out",
        )
    at, bit = number // 8, 1 << number % 8
    if seen[at] & bit:
        raise MendedRefused(f"line {line} of {name} is row {number}, which stands there already")
    seen[at] |= bit


def _number(name: str, line: int, value: object) -> int:
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    found = "nothing" if value in (None, "") else repr(value)
    raise MendedRefused(
        f"line {line} of {name} has {found} in {ROW}, which says which row it is",
        hint="import lines of your own by themselves",
    )


def _reader_of(
    name: str, layout: Layout, of_source: Layout, columns: EditedColumns
) -> "_TableReader | _ObjectReader":
    if ROW not in layout.columns:
        raise MendedRefused(
            f"{name} has no column {ROW}, which says which row each line is",
            hint="mend a file that --errors has written",
        )
    given = [each for each in layout.columns if each not in REPORT_COLUMNS]
    if layout.format is not Format.CSV and of_source.format is not Format.CSV:
        return _ObjectReader(is_whole=True)
    if layout.format is not Format.CSV:
        meant = dict(zip(given, _meant(name, given, of_source, columns), strict=True))
        return _ObjectReader(is_whole=False, meant=meant, columns=of_source.keys)
    return _TableReader(layout, _meant(name, given, of_source, columns), of_source.keys)


def _meant(
    name: str, given: Sequence[str], of_source: Layout, columns: EditedColumns
) -> Sequence[str]:
    """The columns of the source, or those to be added, that columns of the file are."""
    own = zip(of_source.columns, of_source.keys, strict=True)
    kept = [(each, key) for each, key in own if each not in REPORT_COLUMNS]
    while kept and not kept[-1][0]:
        kept.pop()
    if list(given) == [each for each, _ in kept]:
        return [key for _, key in kept]
    meant: list[str] = []
    unknown: list[str] = []
    for each in given:
        try:
            meant.append(each if each in of_source.keys else columns.column(each))
        except RequestRefused:
            unknown.append(each)
    if unknown:
        listed = ", ".join(map(repr, unknown[:_SHOWN_MAX]))
        raise MendedRefused(
            f"{name} has columns that the source of the import has not: {listed}",
            hint="it has to be a file of failed rows of this import",
        )
    if len(set(meant)) < len(meant):
        raise MendedRefused(f"{name} has several columns for one of the source")
    return meant


class _TableReader:
    """Reads lines of a table."""

    def __init__(self, layout: Layout, meant: Sequence[str], columns: Sequence[str]) -> None:
        self._width = len(layout.columns)
        self._row = layout.columns.index(ROW)
        indexes = [i for i, each in enumerate(layout.columns) if each not in REPORT_COLUMNS]
        self._meant = list(zip(indexes, meant, strict=True))
        self.added = tuple(each for each in meant if each not in columns)

    def number(self, cells: Sequence[str]) -> object:
        return cells[self._row] if self._row < len(cells) else None

    def row(self, cells: Sequence[str]) -> MendedRow:
        count = len(cells)
        values = {name: cells[at] if at < count else "" for at, name in self._meant}
        beyond = list(cells[self._width :])
        while beyond and not beyond[-1]:
            beyond.pop()
        return MendedRow(values, beyond)


class _ObjectReader:
    """Reads objects, of a source of JSON or of a table."""

    def __init__(
        self, *, is_whole: bool, meant: Mapping[str, str] = {}, columns: Sequence[str] = ()
    ) -> None:
        self._is_whole = is_whole
        self._meant = meant
        self.added = tuple(each for each in meant.values() if each not in columns)

    def number(self, row: Any) -> object:
        return row.get(ROW) if isinstance(row, dict) else None

    def row(self, row: Any) -> MendedRow:
        values = {name: value for name, value in row.items() if name not in REPORT_COLUMNS}
        if not self._is_whole:
            return MendedRow({self._meant[name]: value for name, value in values.items()}, None)
        return MendedRow(values.get(INPUT) if set(values) == {INPUT} else values, None)
