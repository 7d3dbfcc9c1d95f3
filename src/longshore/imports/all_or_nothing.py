"""An import that is all or nothing, from stage to stage (`stage`).

Theory: while rows are judged, and as long as no chunk is committed behind that, nothing is written,
so the import can be ended by one UPDATE like any other. Once some of it is written it cannot: then
whoever wants it to end has it go back (`go_back`), by one UPDATE as well. Both name the stage in
their condition, and the runner looks at the stage in each transaction that writes; so the answer
to whoever stops it is final, whatever crashes.

All functions work in the caller's transaction.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, or_, update

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.findings import forget_findings
from longshore.imports.import_ import Import
from longshore.imports.ledger import LedgerEntry, replace_in_ledger
from longshore.imports.row_outcome import RowOutcome
from longshore.imports.stage import Stage
from longshore.imports.status import Status
from longshore.imports.store import read_import
from longshore.imports.store_moved import StoreMoved
from longshore.imports.tables import imports
from longshore.imports.texts import storable, storable_json
from longshore.runs import Run, claim_lost, is_claimed, note_chunk

_NO_ROWS: Mapping[str, Any] = {
    "checkpoint_row": None,
    "checkpoint_line": None,
    "checkpoint_offset": None,
    "processed_count": 0,
    "errors_count": 0,
    "warnings_count": 0,
    "created_count": 0,
    "updated_count": 0,
    "unchanged_count": 0,
    "skipped_count": 0,
}


def begin_judging(tx: Transaction, import_id: ImportId) -> None:
    """Judge the rows from the first one on, whatever somebody has judged before; in the transaction
    that claims the import. One that has come further stays where it is."""
    judging = update(imports).where(
        imports.c.id == import_id,
        imports.c.all_or_nothing,
        _is_judged_next(),
    )
    begun = tx.connection.execute(judging.values(**_NO_ROWS, stage=Stage.JUDGING))
    if begun.rowcount:
        forget_findings(tx, import_id)


def begin_writing(tx: Transaction, run: Run) -> Import:
    """Write what was judged, from the first row on: no row has failed. Raises ClaimLost."""
    import_id = ImportId(run.id)
    forget_findings(tx, import_id, with_pins=False)
    begun = tx.connection.execute(
        update(imports)
        .where(
            imports.c.id == import_id,
            imports.c.stage == Stage.JUDGING,
            imports.c.errors_count == 0,
            is_claimed(run.id, run.fence),
        )
        .values(**_NO_ROWS, stage=Stage.WRITING, updated_at=tx.now())
    )
    if begun.rowcount != 1:
        raise claim_lost()
    note_chunk(tx, run.id, run.fence)
    return read_import(tx, import_id)


def go_back(
    tx: Transaction,
    import_id: ImportId,
    why: str | None,
    run: Run | None = None,
    moved: StoreMoved | None = None,
) -> bool:
    """Have what an import has written taken back; False: nothing is, it has ended, or it goes back
    already. With its `run` also: that was lost.

    `why` is for people; None: somebody has asked for it. `moved` is what its rows were judged by,
    and is otherwise.
    """
    asked = update(imports).where(
        imports.c.id == import_id,
        imports.c.status == Status.IN_PROGRESS,
        imports.c.stage == Stage.WRITING,
        imports.c.checkpoint_row.is_not(None),
    )
    if run is not None:
        asked = asked.where(is_claimed(run.id, run.fence))
    values: dict[str, Any] = {"stage": Stage.GOING_BACK, "interruption_reason": storable(why)}
    if moved is not None:
        values["moved"] = storable_json(moved.to_dict())
    return tx.connection.execute(asked.values(**values, updated_at=tx.now())).rowcount == 1


def note_taken_back(tx: Transaction, run: Run, before: LedgerEntry, after: LedgerEntry) -> Import:
    """Say what is left of a chunk, in the transaction that takes it back; the import with the
    counts that follow. Chunks are taken back from the last one on. Raises ClaimLost."""
    import_id = ImportId(run.id)
    replace_in_ledger(tx, import_id, after)
    less = [was - left for was, left in zip(before.counts, after.counts, strict=True)]
    created, updated = less[RowOutcome.CREATED], less[RowOutcome.UPDATED]
    skipped = -less[RowOutcome.SKIPPED]
    columns = imports.c
    noted = tx.connection.execute(
        update(imports)
        .where(
            columns.id == import_id,
            columns.status == Status.IN_PROGRESS,
            columns.stage == Stage.GOING_BACK,
            func.coalesce(columns.taken_back_row, columns.checkpoint_row + 1) > before.first_row,
        )
        .values(
            created_count=columns.created_count - created,
            updated_count=columns.updated_count - updated,
            unchanged_count=columns.unchanged_count + created + updated,  # skipped rows are of it
            skipped_count=columns.skipped_count + skipped,
            taken_back_row=before.first_row,
            updated_at=tx.now(),
        )
    )
    if noted.rowcount != 1:
        raise claim_lost()
    note_chunk(tx, run.id, run.fence)
    return read_import(tx, import_id)


def has_written_nothing() -> ColumnElement[bool]:
    """Whether an import of the query's `imports` has nothing to take back: it can be ended."""
    columns = imports.c
    return or_(
        columns.stage.is_(None), columns.stage == Stage.JUDGING, columns.checkpoint_row.is_(None)
    )


def _is_judged_next() -> ColumnElement[bool]:
    return or_(imports.c.stage.is_(None), imports.c.stage == Stage.JUDGING)
