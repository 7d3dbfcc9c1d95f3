"""Pins stored and read: what the judgement of each range of rows has read of the store.

All functions work in the caller's transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.tables import import_pins


@dataclass(frozen=True, slots=True, kw_only=True)
class RangePin:
    """What the judgement of the rows of one range has read, and what became of them."""

    first_row: int
    digest: bytes  # of all of it; equal where nothing differs
    packed: bytes  # item by item, so that those that differ can be named


def write_pins(tx: Transaction, import_id: ImportId, pins: Sequence[RangePin]) -> None:
    """Store the pins of ranges of a plan, or of what is all or nothing."""
    if pins:
        values = [
            {
                "import_id": import_id,
                "first_row": pin.first_row,
                "digest": pin.digest,
                "packed": pin.packed,
            }
            for pin in pins
        ]
        tx.connection.execute(insert(import_pins), values)


def read_pin(tx: Transaction, import_id: ImportId, first_row: int) -> RangePin | None:
    """The pin of the range that begins with a row; None: there is none."""
    columns = import_pins.c
    query = select(columns.first_row, columns.digest, columns.packed).where(
        columns.import_id == import_id, columns.first_row == first_row
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _pin(*row)


def list_pins(
    tx: Transaction, import_id: ImportId, *, first_row: int = 1, limit: int
) -> Iterator[RangePin]:
    """The pins of ranges in the order of their rows, from a row on."""
    columns = import_pins.c
    query = (
        select(columns.first_row, columns.digest, columns.packed)
        .where(columns.import_id == import_id, columns.first_row >= first_row)
        .order_by(columns.first_row)
        .limit(limit)
    )
    for row in tx.connection.execute(query).all():
        yield _pin(*row)


def forget_pins(tx: Transaction, import_id: ImportId) -> None:
    """Remove the pins of all ranges."""
    tx.connection.execute(delete(import_pins).where(import_pins.c.import_id == import_id))


def _pin(first_row: int, digest: bytes, packed: bytes) -> RangePin:
    return RangePin(first_row=first_row, digest=bytes(digest), packed=bytes(packed))
