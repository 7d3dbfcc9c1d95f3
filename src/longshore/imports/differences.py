"""What the rows of a plan would change in stored records, in the place of a journal.

Each range of rows that changes anything has one entry, written with its checkpoint and packed, as
a journal that nobody may read would be a burden to those who read the other one.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from isal import isal_zlib
from sqlalchemy import select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.change_sizes import append_change_sizes
from longshore.imports.tables import import_differences

_LEVEL = 1
_PAGE = 16  # ranges
_INSERT = "INSERT INTO import_differences (import_id, first_row, packed) VALUES (?, ?, ?)"


class Difference(NamedTuple):
    """What one row would change in one record: field -> (before, after), as the journal has it."""

    row_number: int
    table_name: str
    record_type: str
    record_id: int
    changes: Mapping[str, tuple[Any, Any]]


def append_differences(
    tx: Transaction,
    import_id: ImportId,
    first_row: int,
    differences: Sequence[Difference],
    sizes: bytes,
) -> None:
    """Store what the rows of a range would change, in their order, and how much each of them does
    (`change_sizes`)."""
    # What a row changes may be confidential, and is no difference then.
    if differences or any(sizes):
        packed = isal_zlib.compress(_ENCODE(differences), _LEVEL)
        tx.execute(_INSERT, (import_id, first_row, packed))
        append_change_sizes(tx, import_id, first_row, sizes)


def differences_of_rows(
    tx: Transaction, import_id: ImportId, numbers: Collection[int]
) -> Iterator[Difference]:
    """What these rows would change, in the order of all rows; only the ranges that they stand in
    are read."""
    if not numbers:
        return
    wanted = frozenset(numbers)
    columns = import_differences.c
    starts = (
        select(columns.first_row)
        .where(columns.import_id == import_id, columns.first_row <= max(wanted))
        .order_by(columns.first_row)
    )
    firsts = tx.connection.execute(starts).scalars().all()
    ranges = {firsts[at - 1] for each in wanted if (at := bisect_right(firsts, each))}
    query = (
        select(columns.packed)
        .where(columns.import_id == import_id, columns.first_row.in_(sorted(ranges)))
        .order_by(columns.first_row)
    )
    for (packed,) in tx.connection.execute(query):
        for each in _DECODER.decode(isal_zlib.decompress(packed)):
            if each.row_number in wanted:
                yield each


def all_differences(tx: Transaction, import_id: ImportId) -> Iterator[Difference]:
    """Everything that rows would change, in their order; memory does not grow with it."""
    columns = import_differences.c
    after = 0
    while True:
        query = (
            select(columns.first_row, columns.packed)
            .where(columns.import_id == import_id, columns.first_row > after)
            .order_by(columns.first_row)
            .limit(_PAGE)
        )
        page = tx.connection.execute(query).all()
        for first_row, packed in page:
            yield from _DECODER.decode(isal_zlib.decompress(packed))
            after = first_row
        if len(page) < _PAGE:
            return


_ENCODE = msgspec.json.Encoder().encode
_DECODER = msgspec.json.Decoder(list[Difference])
