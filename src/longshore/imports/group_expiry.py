"""How long what was kept of the source of a group is kept, beside what its members have of it.

All functions work in the caller's transaction.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from longshore.database import Transaction
from longshore.imports.status import UNFINISHED
from longshore.imports.tables import import_groups, imports


def expired_group_attachments(
    tx: Transaction, *, ended_before: int | None
) -> list[tuple[int, str]]:
    """Groups whose own attachment nobody needs: id, its name. Those whose members ended all before
    that (milliseconds; None: none have ended so long ago), and those of plans whose time is
    over."""
    columns = import_groups.c
    over = and_(columns.expires_at.is_not(None), columns.expires_at <= tx.now())
    if ended_before is not None:
        over = or_(over, and_(columns.expires_at.is_(None), _have_ended(ended_before)))
    return _kept(tx, over)


def group_attachments_with_secrets(
    tx: Transaction, resource_types: Collection[str], *, ended_before: int
) -> list[tuple[int, str]]:
    """The same of groups with a member of one of these types, all of whose members ended before
    that: whatever became of a column, the file may hold more of it than its members."""
    may_hold = _has_member(imports.c.resource_type.in_(resource_types))
    return _kept(tx, and_(may_hold, _have_ended(ended_before)))


def shares_group_attachment(tx: Transaction, group_id: int) -> bool:
    """Whether the attachment of a group is that of another one as well, by which it is still
    needed: a group of plans has it in common with those that apply it."""
    columns, own = import_groups.c, import_groups.alias("own")
    query = (
        select(columns.id)
        .join(own, own.c.attachment_name == columns.attachment_name)
        .where(own.c.id == group_id, columns.id != group_id)
        .where(columns.attachment_expired_at.is_(None))
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def note_group_expired(tx: Transaction, group_id: int) -> None:
    """Say that the attachment of a group was removed."""
    tx.connection.execute(
        update(import_groups)
        .where(import_groups.c.id == group_id)
        .values(attachment_expired_at=tx.now())
    )


def _kept(tx: Transaction, condition: ColumnElement[bool]) -> list[tuple[int, str]]:
    columns = import_groups.c
    query = (
        select(columns.id, columns.attachment_name)
        .where(
            columns.attachment_name.is_not(None),
            columns.attachment_expired_at.is_(None),
            condition,
            ~_has_member(imports.c.status.in_(UNFINISHED)),
        )
        .order_by(columns.id)
    )
    return [(row.id, row.attachment_name) for row in tx.connection.execute(query)]


def _have_ended(before: int) -> ColumnElement[bool]:
    ended_at = func.coalesce(imports.c.completed_at, imports.c.interrupted_at)
    return ~_has_member(or_(ended_at.is_(None), ended_at > before))


def _has_member(condition: ColumnElement[Any]) -> ColumnElement[bool]:
    return select(imports.c.id).where(imports.c.group_id == import_groups.c.id, condition).exists()
