"""A Parquet file: its columns, its row groups, and its rows as lines of CSV.

Memory does not depend on what the file says it holds. A page of a megabyte can unpack to gigabytes,
and a row of one byte can mean a text of megabytes that stands once in the dictionary of its column:
so pages and dictionaries are measured before they are read, and as few rows are read at once as
would fit if all their values were as long as the longest.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import TYPE_CHECKING, Any, BinaryIO

from longshore.errors import RequestRefused
from longshore.parquet.column_texts import NoText, Texts, flat_columns, text_maker
from longshore.parquet.dictionaries import longest_text
from longshore.parquet.footer import RowGroup, read_footer
from longshore.parquet.page_sizes import DICTIONARY_PAGE, ParquetPage, pages
from longshore.parquet.thrift import DamagedStruct

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

MAGIC = b"PAR1"

_COLUMNS_MAX = 16_384
_ROWS_READ = 10_000  # at once
_BYTES_READ = 8 << 20  # that they may take, about
_OBJECT_BYTES = 60  # of a text in memory, beside its characters
_PAGE_BYTES_MAX = 256 << 20
_PAGE_ELEMENTS_MAX = 5_000_000  # of a column with lists
_TEXT_BYTES_MAX = 64 << 30
_FILE_BUFFER_BYTES = 1 << 16
# Encodings by their numbers in parquet.thrift.
_DICTIONARY = (2, 8)
_SHARING = (7,)  # a value may begin as the one before, so it can be as long as its page


class ParquetRefused(RequestRefused):
    """The file is damaged, encrypted, or larger than what may be read; nothing of it is."""


class ParquetTable:
    """An opened file."""

    def __init__(self, file: BinaryIO, parquet: ParquetFile, groups: Sequence[RowGroup]) -> None:
        self._file = file
        self._parquet = parquet
        self._groups = groups
        # The number of the last row of each row group, from 1.
        self.row_groups: Sequence[int] = tuple(accumulate(each.rows_count for each in groups))

    def blocks(self) -> Iterator[bytes]:
        """The text of the file, block by block: a header, and a line for each row; a row may take
        several where a value does. Raises ParquetRefused."""
        import pyarrow

        try:
            size = 0
            for block in self._blocks():
                size += len(block)
                if size > _TEXT_BYTES_MAX:
                    raise ParquetRefused(
                        f"the Parquet file has more than {_TEXT_BYTES_MAX:,} bytes of text"
                    )
                yield block
        except (pyarrow.ArrowException, OSError) as error:
            raise _damaged() from error

    def _blocks(self) -> Iterator[bytes]:
        empty = self._parquet.schema_arrow.empty_table()
        names = [name for name, _ in _flat(empty)]
        yield _lines([names])
        for number in range(len(self.row_groups)):
            if not self._groups[number].rows_count:
                continue
            batches = self._parquet.iter_batches(
                batch_size=self._rows_at_once(number), row_groups=[number], use_threads=False
            )
            for batch in batches:
                columns = [_texts(number, name, column) for name, column in _flat(batch)]
                yield _lines(zip(*columns, strict=True))

    def _rows_at_once(self, group: int) -> int:
        """How many rows of a row group may be read together."""
        row_bytes = 0.0
        for index, chunk in enumerate(self._groups[group].columns):
            column = self._parquet.schema.column(index)
            has_lists = column.max_repetition_level > 0
            place = _place(group, column.path)
            try:
                found = list(pages(self._file, chunk.start, chunk.packed_bytes))
                _check_pages(found, place, has_lists=has_lists)
                is_text = column.physical_type == "BYTE_ARRAY"
                entry_bytes = self._longest_entry(found, chunk.codec) if is_text else 0
            except DamagedStruct:
                raise _damaged(place) from None
            longest = _longest(found, column, entry_bytes)
            if has_lists and longest > _PAGE_BYTES_MAX:
                raise ParquetRefused(
                    f"{place}: a row could have more than {_PAGE_BYTES_MAX:,} bytes",
                    hint="write smaller pages",
                )
            row_bytes += longest + _OBJECT_BYTES
        return max(1, min(_ROWS_READ, int(_BYTES_READ / max(row_bytes, 1))))

    def _longest_entry(self, found: Sequence[ParquetPage], codec: int) -> int:
        """The length of the longest text of the dictionary of a column."""
        longest = 0
        for page in found:
            if page.kind == DICTIONARY_PAGE:
                self._file.seek(page.start)
                data = self._file.read(page.packed_bytes)
                longest = max(longest, longest_text(data, page.unpacked_bytes, codec))
        return longest


@contextmanager
def open_parquet(file: BinaryIO) -> Iterator[ParquetTable]:
    """The table of a file, which is read as long as the block lasts; the caller closes the file.

    Raises ParquetRefused, also where the extra is not installed.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise ParquetRefused(
            "the source is a Parquet file, and what reads those is not installed",
            hint="install longshore with the extra parquet: pip install 'longshore[parquet]'",
        ) from error
    try:
        parquet = ParquetFile(file, buffer_size=_FILE_BUFFER_BYTES)
        columns_count = len(parquet.schema)
        if columns_count > _COLUMNS_MAX:
            raise ParquetRefused(f"the Parquet file has more than {_COLUMNS_MAX:,} columns")
        groups = read_footer(file)
        if any(len(each.columns) != columns_count for each in groups):
            raise DamagedStruct
    except (pyarrow.ArrowException, OSError, DamagedStruct) as error:
        if "ncrypt" in str(error):
            raise ParquetRefused("the Parquet file is encrypted") from error
        raise _damaged() from error
    yield ParquetTable(file, parquet, groups)


def _flat(table: Any) -> Iterator[tuple[str, Any]]:
    for name, column in zip(table.schema.names, table.columns, strict=True):
        yield from flat_columns(name, column)


def _texts(group: int, name: str, column: Any) -> Texts:
    import pyarrow

    try:
        # What damaged pages give may point anywhere.
        column.validate(full=True)
        return text_maker(column.type)(column)
    except pyarrow.ArrowInvalid as error:
        raise _damaged(_place(group, name)) from error
    except NoText as error:
        raise ParquetRefused(
            f"{_place(group, name)}: {error}", hint="write the file without this column"
        ) from error


def _lines(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _check_pages(found: Sequence[ParquetPage], place: str, *, has_lists: bool) -> None:
    if any(page.unpacked_bytes > _PAGE_BYTES_MAX for page in found):
        raise ParquetRefused(
            f"{place}: a page has more than {_PAGE_BYTES_MAX:,} bytes", hint="write smaller pages"
        )
    if has_lists and any(page.values_count > _PAGE_ELEMENTS_MAX for page in found):
        raise ParquetRefused(
            f"{place}: a page has more than {_PAGE_ELEMENTS_MAX:,} elements of lists",
            hint="write smaller pages",
        )


def _longest(found: Sequence[ParquetPage], column: Any, entry_bytes: int) -> float:
    """What the value of a row may take, about; `entry_bytes`: one that stands in the dictionary."""
    longest = 0.0
    for page in found:
        if page.kind == DICTIONARY_PAGE:
            continue
        if page.encoding in _DICTIONARY:
            value_bytes = float(entry_bytes)
        elif page.encoding in _SHARING:
            value_bytes = page.unpacked_bytes
        else:
            value_bytes = page.unpacked_bytes / max(page.values_count, 1)
        if column.physical_type == "FIXED_LEN_BYTE_ARRAY":
            value_bytes = max(value_bytes, column.length)
        # All of a page may be the list of one row.
        longest = max(
            longest, value_bytes * (page.values_count if column.max_repetition_level else 1)
        )
    return longest


def _place(group: int, column: str) -> str:
    return f"row group {group + 1}, column {column!r}"


def _damaged(place: str | None = None) -> ParquetRefused:
    place = "" if place is None else f"{place}: "
    return ParquetRefused(f"{place}the Parquet file is damaged", hint="write or copy it again")
