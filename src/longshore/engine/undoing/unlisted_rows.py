"""Rows of an import of which no ledger was kept: nobody knows any more what they did."""

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports import count_ledger, read_import
from longshore.undos import KeptPart, KeptReason

# Stands for the records that such rows have made or changed: none has this number.
NO_RECORD = 0


def unlisted_rows(tx: Transaction, import_id: ImportId) -> list[KeptPart]:
    """What is said of them: an older release has gone through them, or the ledger was removed."""
    import_ = read_import(tx, import_id)
    missing = import_.consumed_count - sum(count_ledger(tx, import_id).values())
    if missing <= 0:
        return []
    return [
        KeptPart(
            record_id=NO_RECORD,
            table_name="",
            record_type=import_.resource_type,
            fields=(),
            reason=KeptReason.HISTORY_PURGED,
            detail={"rows": missing},
        )
    ]
