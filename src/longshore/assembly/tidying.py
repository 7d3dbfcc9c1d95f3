"""What is removed by itself, because nobody needs it."""

from longshore.database import Database
from longshore.errors import LongshoreError
from longshore.imports import (
    AttachmentStore,
    attachment_names,
    expired_attachments,
    note_expired,
)
from longshore.observations import Observer, TidyingFailed

# Whoever writes an attachment touches it more often than this.
_LEFTOVER_SECONDS = 3600
_DAY_MILLISECONDS = 24 * 3600 * 1000


def sweep_attachments(database: Database, attachments: AttachmentStore, observer: Observer) -> int:
    """Remove files that a killed process left in the attachments; their number."""
    with database.read() as tx:
        known = attachment_names(tx)
    return attachments.sweep(
        known,
        older_than_seconds=_LEFTOVER_SECONDS,
        on_failure=lambda error: observer.observe(TidyingFailed(reason=error.message)),
    )


def expire_attachments(
    database: Database, attachments: AttachmentStore, observer: Observer, *, days: float
) -> int:
    """Remove the attachments of imports that ended so many days ago, the number removed; 0 days
    keep them for ever.

    What cannot be removed is observed, and tried again the next time.
    """
    if not days:
        return 0
    with database.read() as tx:
        before = tx.now() - int(days * _DAY_MILLISECONDS)
        expired = expired_attachments(tx, ended_before=before)
    removed = 0
    for import_id, name in expired:
        try:
            attachments.delete(name)
        except LongshoreError as error:
            observer.observe(TidyingFailed(reason=error.message))
            continue
        with database.write() as tx:
            note_expired(tx, import_id)
        removed += 1
    return removed
