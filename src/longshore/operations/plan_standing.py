"""Whether a plan is still kept, and what applies it."""

from longshore.database import Transaction
from longshore.imports import Import, Status, applications_of, read_import


def is_expired(tx: Transaction, plan: Import) -> bool:
    """Whether a plan is not kept any more, or only until it is tidied up."""
    is_over = plan.expires_at is not None and plan.expires_at <= tx.now()
    return is_over or plan.attachment_expired_at is not None


def applied_by(tx: Transaction, plan: Import) -> Import | None:
    """The last import that applies a plan, or has done so."""
    ids = applications_of(tx, plan.id)
    return read_import(tx, ids[-1]) if ids else None


def is_void(application: Import) -> bool:
    """Whether an import that applies a plan was stopped before it changed anything."""
    has_changed = application.created_count or application.updated_count
    return application.status is Status.INTERRUPTED and not has_changed
