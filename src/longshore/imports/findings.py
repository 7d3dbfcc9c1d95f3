"""All that is stored of the rows of an import or a plan, beside its counts."""

from sqlalchemy import Table, delete

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.pins import forget_pins
from longshore.imports.tables import (
    import_change_sizes,
    import_differences,
    import_error_chunks,
    import_errors,
    import_ledger,
    import_log_heads,
    import_warnings,
)

_TABLES: tuple[Table, ...] = (
    import_change_sizes,
    import_differences,
    import_error_chunks,
    import_errors,
    import_ledger,
    import_log_heads,
    import_warnings,
)


def forget_findings(tx: Transaction, import_id: ImportId, *, with_pins: bool = True) -> None:
    """Remove what became of the rows, what was found wrong with them, and what their judgement has
    read; that is kept without `with_pins`."""
    for table in _TABLES:
        tx.connection.execute(delete(table).where(table.c.import_id == import_id))
    if with_pins:
        forget_pins(tx, import_id)
