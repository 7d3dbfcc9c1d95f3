"""Where the rows of a retry stand in the source of the first import.

A retry is run like any import: its rows are numbered from 1, and so are its counts, its ledger and
its stored errors, which any release can go on with. Its origins say which row of the first import
each of them is, and on which line that stands; whatever is told of a row is told by these. Both
numbers grow with the rows. They are packed by pages, about two bytes a row.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.import_ import Import
from longshore.imports.ledger_columns import pack_numbers, unpack_numbers
from longshore.imports.tables import import_origins, imports

_PAGE_ROWS = 4096


@dataclass(frozen=True, slots=True)
class _Page:
    """The origins of consecutive rows, as they are stored."""

    first_row: int
    rows_count: int
    first_origin: int
    packed: bytes


class Origins:
    """Which row of the first import each row of an import is; of one that is no retry, itself."""

    def __init__(self, pages: Sequence[_Page] = ()) -> None:
        self._pages = pages
        self._firsts = [page.first_row for page in pages]
        self._unpacked: tuple[_Page, list[int], list[int]] | None = None  # the page used last

    def __bool__(self) -> bool:
        """Whether any row has another number or line than its own."""
        return bool(self._pages)

    def place(self, row: int, line: int) -> tuple[int, int]:
        """Number and line of a row in the first import, by its own."""
        if not self._pages:
            return row, line
        page, numbers, lines = self._page(bisect_right(self._firsts, row) - 1)
        index = row - page.first_row
        return numbers[index], lines[index]

    def numbers(self) -> Sequence[int]:
        """The number in the first import of each row, in their order, of all pages."""
        return [number for at in range(len(self._pages)) for number in self._page(at)[1]]

    def row_from(self, number: int) -> int:
        """The own number of the first row that is this one of the first import, or behind it."""
        if not self._pages:
            return number
        at = bisect_right([page.first_origin for page in self._pages], number) - 1
        if at < 0:
            return self._pages[0].first_row
        page, numbers, _ = self._page(at)
        return page.first_row + bisect_left(numbers, number)

    def _page(self, at: int) -> tuple[_Page, list[int], list[int]]:
        page = self._pages[at]
        if self._unpacked is None or self._unpacked[0] is not page:
            numbers, lines = unpack_numbers(page.packed, page.rows_count, 2)
            self._unpacked = (page, numbers, lines)
        return self._unpacked


OWN_ROWS: Final = Origins()


def read_origins(tx: Transaction, import_id: ImportId) -> Origins:
    """The origins of the rows of an import."""
    is_retry = select(imports.c.retry_of).where(imports.c.id == import_id)
    if tx.connection.execute(is_retry).scalar_one_or_none() is None:
        return OWN_ROWS
    columns = import_origins.c
    query = (
        select(columns.first_row, columns.rows_count, columns.first_origin, columns.packed)
        .where(columns.import_id == import_id)
        .order_by(columns.first_row)
    )
    return Origins([_Page(*row) for row in tx.connection.execute(query)])


def origins_of(tx: Transaction, import_: Import) -> Origins:
    """The origins of the rows of an import; nothing is asked for one that is no retry."""
    return OWN_ROWS if import_.retry_of is None else read_origins(tx, import_.id)


def origin_in_first(
    tx: Transaction, import_id: ImportId, own_number: int, line: int | None
) -> tuple[int, int | None]:
    """Number and line in the first import of one row of a retry; only its page is read."""
    columns = import_origins.c
    query = (
        select(columns.first_row, columns.rows_count, columns.first_origin, columns.packed)
        .where(columns.import_id == import_id, columns.first_row <= own_number)
        .order_by(columns.first_row.desc())
        .limit(1)
    )
    found = tx.connection.execute(query).first()
    if found is None:
        return own_number, line
    return Origins([_Page(*found)]).place(own_number, 0)


def write_origins(
    tx: Transaction, import_id: ImportId, numbers: Sequence[int], lines: Sequence[int]
) -> None:
    """Store the origins of all rows of a retry, in the transaction that creates it."""
    rows = [
        {
            "import_id": import_id,
            "first_row": start + 1,
            "rows_count": len(numbers[start : start + _PAGE_ROWS]),
            "first_origin": numbers[start],
            "packed": pack_numbers(
                numbers[start : start + _PAGE_ROWS], lines[start : start + _PAGE_ROWS]
            ),
        }
        for start in range(0, len(numbers), _PAGE_ROWS)
    ]
    tx.connection.execute(insert(import_origins), rows)
