"""What is removed by itself, because nobody needs it."""

from longshore.database import Database
from longshore.engine import SourceSecrets
from longshore.errors import LongshoreError
from longshore.identifiers import ImportId
from longshore.imports import (
    AttachmentStore,
    ImportUnreadable,
    attachment_names,
    ended_imports,
    expired_attachments,
    note_expired,
    note_secrets,
)
from longshore.observations import Observer, TidyingFailed

# Whoever writes an attachment touches it more often than this.
_LEFTOVER_SECONDS = 3600
_PAGE_IMPORTS = 100
_HOUR_MILLISECONDS = 3600 * 1000
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


def expire_secrets(
    database: Database,
    attachments: AttachmentStore,
    secrets: SourceSecrets,
    observer: Observer,
    *,
    hours: float,
) -> int:
    """Remove the attachments in which passwords or keys stand in the open, of imports that ended
    so many hours ago; the number removed.

    What cannot be removed is observed, and tried again the next time.
    """
    removed, after = 0, 0
    while True:
        with database.read() as tx:
            ended = ended_imports(
                tx,
                secrets.resource_types,
                ended_before=tx.now() - int(hours * _HOUR_MILLISECONDS),
                after=after,
                limit=_PAGE_IMPORTS,
            )
        for import_ in ended:
            after = import_.id
            if isinstance(import_, ImportUnreadable):
                continue  # a later release knows what is in it
            if not secrets.are_in(import_):
                with database.write() as tx:
                    note_secrets(tx, import_.id, has_secrets=False)
            elif _expire(database, attachments, observer, import_.id, import_.attachment_name):
                removed += 1
        if len(ended) < _PAGE_IMPORTS:
            return removed


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
        if _expire(database, attachments, observer, import_id, name):
            removed += 1
    return removed


def _expire(
    database: Database,
    attachments: AttachmentStore,
    observer: Observer,
    import_id: ImportId,
    name: str,
) -> bool:
    """Remove an attachment, and say so of its import; False: it could not be removed."""
    try:
        attachments.delete(name)
    except LongshoreError as error:
        observer.observe(TidyingFailed(reason=error.message))
        return False
    with database.write() as tx:
        note_expired(tx, import_id)
    return True
