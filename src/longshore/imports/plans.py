"""What plans have beside imports: what they were decided by, and their end of being kept.

A plan is a row of imports of its own kind. It has counts, a ledger and logs as an import has them,
differences in the place of a journal, and pins. It has no events.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select, update

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.findings import forget_findings
from longshore.imports.status import UNFINISHED
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


def shares_attachment(tx: Transaction, import_id: ImportId) -> bool:
    """Whether the attachment of an import or a plan is that of another one as well, by which it is
    still needed: a plan has it in common with the imports that apply it."""
    columns = imports.c
    own = select(func.coalesce(columns.plan_id, columns.id)).where(columns.id == import_id)
    plan_id = own.scalar_subquery()
    query = select(columns.id).where(
        or_(columns.id == plan_id, columns.plan_id == plan_id),
        columns.id != import_id,
        columns.attachment_expired_at.is_(None),
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def source_digest_of(tx: Transaction, plan_id: ImportId) -> str | None:
    """By which the source of a plan is known; None: it is the same as no other."""
    query = select(imports.c.source_digest).where(imports.c.id == plan_id)
    digest: str | None = tx.connection.execute(query).scalar_one()
    return digest


def applications_of(tx: Transaction, plan_id: ImportId) -> list[ImportId]:
    """The imports that apply a plan, oldest first; also deleted ones."""
    query = select(imports.c.id).where(imports.c.plan_id == plan_id).order_by(imports.c.id)
    return [ImportId(id) for id in tx.connection.execute(query).scalars()]


def expired_plans(tx: Transaction, *, limit: int) -> list[tuple[ImportId, str]]:
    """Plans whose time is over and whose attachment is still there: id, name of the attachment;
    without those that are being applied."""
    columns, applying = imports.c, imports.alias()
    is_applied = (
        select(applying.c.id)
        .where(applying.c.plan_id == columns.id, applying.c.status.in_(UNFINISHED))
        .exists()
    )
    query = (
        select(columns.id, columns.attachment_name)
        .where(is_plan(), columns.expires_at <= tx.now(), columns.attachment_expired_at.is_(None))
        .where(~is_applied)
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
