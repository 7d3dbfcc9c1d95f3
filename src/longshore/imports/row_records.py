"""The record that each row of an unfinished import has named, kept from chunk to chunk.

A run that goes on where another one stopped needs them to know which records come again. They are
removed when the import ends.
"""

from sqlalchemy import delete, insert, select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.tables import import_row_records


def keep_row_records(tx: Transaction, import_id: ImportId, first_row: int, records: str) -> None:
    """Store the records of a chunk's rows, in the transaction that stores the rows.

    What is there of rows from there on is of chunks that the database has lost since.
    """
    columns = import_row_records.c
    tx.connection.execute(
        delete(import_row_records).where(
            columns.import_id == import_id, columns.first_row >= first_row
        )
    )
    tx.connection.execute(
        insert(import_row_records).values(import_id=import_id, first_row=first_row, records=records)
    )


def row_records_of(tx: Transaction, import_id: ImportId, *, last_row: int) -> list[tuple[int, str]]:
    """First row and records of each chunk up to the checkpoint, in their order."""
    columns = import_row_records.c
    query = (
        select(columns.first_row, columns.records)
        .where(columns.import_id == import_id, columns.first_row <= last_row)
        .order_by(columns.first_row)
    )
    return [(row.first_row, row.records) for row in tx.connection.execute(query)]


def forget_row_records(tx: Transaction, import_id: ImportId) -> None:
    """Remove what only an unfinished import needs."""
    tx.connection.execute(
        delete(import_row_records).where(import_row_records.c.import_id == import_id)
    )
