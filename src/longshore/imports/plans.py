"""What plans have beside imports: what they were decided by, and their end of being kept.

A plan is a row of imports of its own kind. It has counts, a ledger and logs as an import has them,
differences in the place of a journal, and pins. It has no events.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.findings import forget_findings
from longshore.imports.store import is_plan
from longshore.imports.tables import imports
from longshore.imports.texts import storable_json


def note_pinned(
    tx: Transaction,
    import_id: ImportId,
    *,
    pinned: Mapping[str, Any],
    table_counters: Mapping[str, int],
) -> None:
    """Say what was decided, and how far the counters of tables were, before the first row."""
    tx.connection.execute(
        update(imports)
        .where(imports.c.id == import_id)
        .values(pinned=storable_json(pinned), table_counters=storable_json(table_counters))
    )


def read_pinned(
    tx: Transaction, import_id: ImportId
) -> tuple[Mapping[str, Any], Mapping[str, int]]:
    """What was decided before the first row, and the counters of tables; empty before that."""
    query = select(imports.c.pinned, imports.c.table_counters).where(imports.c.id == import_id)
    pinned, table_counters = tx.connection.execute(query).one()
    return json.loads(pinned or "{}"), json.loads(table_counters or "{}")


def expired_plans(tx: Transaction, *, limit: int) -> list[tuple[ImportId, str]]:
    """Plans whose time is over and whose attachment is still there: id, name of the attachment."""
    columns = imports.c
    query = (
        select(columns.id, columns.attachment_name)
        .where(is_plan(), columns.expires_at <= tx.now(), columns.attachment_expired_at.is_(None))
        .order_by(columns.id)
        .limit(limit)
    )
    return [(ImportId(row.id), row.attachment_name) for row in tx.connection.execute(query)]


def expire_plan(tx: Transaction, plan_id: ImportId) -> None:
    """Remove what a plan has found, and say that its attachment is gone; its counts stay."""
    forget_findings(tx, plan_id)
    tx.connection.execute(
        update(imports).where(imports.c.id == plan_id).values(attachment_expired_at=tx.now())
    )
