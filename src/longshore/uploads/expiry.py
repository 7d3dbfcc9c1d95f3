"""Uploads whose time is over."""

from sqlalchemy import delete, exists, select, update

from longshore.database import Transaction
from longshore.runs import runs
from longshore.uploads.store import CHECK, delete_upload, read_upload
from longshore.uploads.tables import upload_parts, uploads
from longshore.uploads.upload_state import UploadState

_PAGE = 100

_columns = uploads.c


def expire_uploads(tx: Transaction) -> tuple[int, list[str]]:
    """Let uploads expire whose time is over, the first of very many: how many, and the names of
    what was kept of them and is to be removed. What became an import's is the import's."""
    due = (
        select(_columns.id, _columns.attachment_name, _columns.import_id, _columns.state)
        .where(_columns.expires_at <= tx.now(), _columns.state != UploadState.EXPIRED)
        .order_by(_columns.id)
        .limit(_PAGE)
        .with_for_update()
    )
    names: list[str] = []
    found = tx.connection.execute(due).all()
    for row in found:
        if row.attachment_name is not None and row.import_id is None:
            names.append(row.attachment_name)
        parts = upload_parts.c
        of = parts.upload_id == row.id
        names += tx.connection.execute(select(parts.name).where(of)).scalars()
        tx.connection.execute(delete(upload_parts).where(of))
        tx.connection.execute(
            update(uploads)
            .where(_columns.id == row.id)
            .values(state=UploadState.EXPIRED, updated_at=tx.now())
        )
    return len(found), names


def forget_uploads(tx: Transaction, *, kept_milliseconds: int) -> int:
    """Forget uploads that expired so long ago, the first of very many; how many there were."""
    old = (
        select(_columns.id)
        .where(
            _columns.state == UploadState.EXPIRED,
            _columns.expires_at <= tx.now() - kept_milliseconds,
        )
        .order_by(_columns.id)
        .limit(_PAGE)
    )
    ids = list(tx.connection.execute(old).scalars())
    for id_ in ids:
        delete_upload(tx, read_upload(tx, id_))
    uploads_of = exists().where(_columns.id == runs.c.id)
    ended = runs.c.ended_at <= tx.now() - kept_milliseconds
    tx.connection.execute(delete(runs).where(runs.c.kind == CHECK, ended, ~uploads_of))
    return len(ids)
