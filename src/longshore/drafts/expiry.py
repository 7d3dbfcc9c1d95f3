"""Drafts whose time is over."""

from sqlalchemy import select

from longshore.database import Transaction
from longshore.drafts.store import delete_draft
from longshore.drafts.tables import import_drafts

_PAGE = 100


def expire_drafts(tx: Transaction) -> tuple[int, list[str]]:
    """Remove drafts whose time is over, the first of very many: how many, and the names of what was
    kept of their files and is to be removed."""
    due = (
        select(import_drafts.c.id)
        .where(import_drafts.c.expires_at <= tx.now())
        .order_by(import_drafts.c.id)
        .limit(_PAGE)
        .with_for_update()
    )
    found = list(tx.connection.execute(due).scalars())
    names: list[str] = []
    for draft_id in found:
        names += delete_draft(tx, draft_id)
    return len(found), names
