"""What is wrong with rows that were gone through, written to the logs of their import or plan."""

from longshore.database import Transaction
from longshore.engine.chunk.log_rows import error_rows, warning_rows
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.values.outcomes import ChunkResult
from longshore.imports import Import, RowOutcome, grow_log_heads, log_errors, log_warnings
from longshore.readers import Rows


def write_logs(
    tx: Transaction, written: Import, prepared: Prepared, rows: Rows, result: ChunkResult
) -> None:
    """Log what became of rows, in the transaction that counts them; `written` is the import with
    these counts."""
    errors = error_rows(tx, rows, result, prepared)
    warnings = warning_rows(rows, result, prepared)
    log_errors(tx, written.id, errors)
    log_warnings(tx, written.id, warnings)
    grow_log_heads(
        tx,
        written,
        errors,
        warnings,
        failed_count=result.counts[RowOutcome.FAILED],
        warned_count=len(result.warnings),
    )
