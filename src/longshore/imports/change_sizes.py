"""How much each row of a plan would change, so that the rows that change the most come first.

The size of a change is one byte, 0 for a row that updates nothing. Amounts of money come first, by
the per cent by which the one that changes the most does: exactly up to 100 %, in steps beyond that.
Behind them are rows without such an amount, by how many fields change.

Each range of rows has one entry, a byte for each of its rows, in a table of its own: a million rows
are read in some ten milliseconds, where what they change fills a hundred megabytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from isal import isal_zlib
from sqlalchemy import select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.tables import import_change_sizes

_LEVEL = 1
_INSERT = "INSERT INTO import_change_sizes (import_id, first_row, packed) VALUES (?, ?, ?)"

_FIELDS_MAX = 40  # sizes up to this are numbers of fields
_SIZE_MAX = 255
_EXACT_MAX, _TENS_MAX = 100, 1_000  # per cent; beyond that in steps of 10, then of 100


def percent_changed(before: Any, after: Any) -> int | None:
    """By how many per cent an amount changes, rounded up, so that `20` is no more than 20 %; None:
    one of both is no amount. What was zero changes by more than can be said."""
    if not isinstance(before, int) or not isinstance(after, int):
        return None
    if not before:
        return _TENS_MAX * 10 if after else 0
    return -(-abs(after - before) * 100 // abs(before))


def size_of_change(*, percent: int = 0, fields: int = 1) -> int:
    """The size of what a row changes: by the per cent of an amount, or by its fields where no
    amount changes."""
    if percent <= 0:
        return max(min(fields, _FIELDS_MAX), 1)
    steps = min(percent, _EXACT_MAX)
    if percent > _EXACT_MAX:
        steps += -(-(min(percent, _TENS_MAX) - _EXACT_MAX) // 10)
    if percent > _TENS_MAX:
        steps += -(-(percent - _TENS_MAX) // 100)
    return min(_FIELDS_MAX + steps, _SIZE_MAX)


LARGE_PERCENT = 20  # an amount that changes by more than that is looked at by itself
LARGE_CHANGE = size_of_change(percent=LARGE_PERCENT + 1)
AMOUNT_CHANGE = size_of_change(percent=1)  # and all that are larger


def append_change_sizes(tx: Transaction, import_id: ImportId, first_row: int, sizes: bytes) -> None:
    """Store the sizes of the rows of a range, from its first on, when its differences are."""
    packed = isal_zlib.compress(sizes, _LEVEL)
    tx.execute(_INSERT, (import_id, first_row, packed))


@dataclass(frozen=True)
class ChangeSizes:
    """The sizes of all rows of a plan."""

    parts: Sequence[tuple[int, bytes]]  # the first row of a range, and the sizes from there on

    def count(self, *, at_least: int = 1) -> int:
        """How many rows have such a size or a larger one."""
        return len(self._joined.translate(None, bytes(range(at_least))))

    def largest(self, *, at_least: int = 1, offset: int, limit: int) -> list[int]:
        """A page of the numbers of the rows that have such a size or a larger one: the largest
        first, those of one size in the order of the file."""
        found: list[int] = []
        # The first pages are asked for most: the sizes behind them are not counted.
        for size in range(_SIZE_MAX, at_least - 1, -1):
            if len(found) == limit:
                break
            count = self._joined.count(size)
            if offset >= count:
                offset -= count
                continue
            found += self._of_size(size, offset, limit - len(found))
            offset = 0
        return found

    def _of_size(self, size: int, offset: int, limit: int) -> list[int]:
        found: list[int] = []
        for first_row, sizes in self.parts:
            count = sizes.count(size)
            if offset >= count:
                offset -= count
                continue
            rows = (first_row + at for at, each in enumerate(sizes) if each == size)
            found += islice(rows, offset, offset + limit - len(found))
            offset = 0
            if len(found) == limit:
                break
        return found

    @cached_property
    def _joined(self) -> bytes:
        return b"".join(sizes for _, sizes in self.parts)


def read_change_sizes(tx: Transaction, import_id: ImportId) -> ChangeSizes:
    """The sizes of the rows of a plan; none of one that an older release has made."""
    columns = import_change_sizes.c
    query = (
        select(columns.first_row, columns.packed)
        .where(columns.import_id == import_id)
        .order_by(columns.first_row)
    )
    return ChangeSizes(
        [(first, isal_zlib.decompress(packed)) for first, packed in tx.connection.execute(query)]
    )
