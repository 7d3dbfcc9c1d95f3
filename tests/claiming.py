"""Imports claimed by tests as by a process of an installation."""

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports import KIND, Import, ImportLife, read_import
from longshore.runs import read_run, take_run

LIVES = {KIND: ImportLife()}


def claim_import(
    tx: Transaction,
    import_id: ImportId,
    *,
    runner: str | None = None,
    attempts_max: int | None = None,
) -> Import | None:
    """The import as its new runner has it; None: it has ended."""
    run = take_run(tx, read_run(tx, import_id), LIVES, runner=runner, attempts_max=attempts_max)
    return None if run.has_ended else read_import(tx, import_id)
