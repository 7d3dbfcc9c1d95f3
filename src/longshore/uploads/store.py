"""The store of uploads. All functions work in the caller's transaction; those that change an upload
are called by whoever has locked it (`lock_upload`)."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update

from longshore.database import Transaction
from longshore.identifiers import ImportId, RunId
from longshore.notices import Notice
from longshore.outgoing import OutgoingUrl
from longshore.readers import Format, Layout
from longshore.runs import NewRun, Run, create_run
from longshore.sources import StoredAttachment, StoredPart
from longshore.uploads.reading_options import ReadingOptions
from longshore.uploads.tables import upload_parts, uploads
from longshore.uploads.upload import (
    PARTS_MAX,
    CheckedColumns,
    CheckRefusal,
    NewUpload,
    OffsetConflict,
    TooManyUploads,
    Upload,
    UploadIncomplete,
    UploadLimits,
    UploadNotReceiving,
    UploadTooLarge,
)
from longshore.uploads.upload_state import UploadState

CHECK = "upload_check"  # the kind of run

_columns = uploads.c
_parts = upload_parts.c
# Not of an upload as it is told.
_ASIDE = {"run_id"}
_OWN = [column for column in _columns if column.name not in _ASIDE]


def create_upload(tx: Transaction, new: NewUpload, limits: UploadLimits) -> Upload:
    """Store an upload that waits for its bytes. Raises TooManyUploads and UploadTooLarge."""
    count, size = open_totals(tx, new.environment)
    if count >= limits.open_max:
        raise TooManyUploads(
            f"{count} uploads are open, at most {limits.open_max} may be",
            hint="import or delete one of them",
        )
    if new.size is not None:
        _check_size(new.size, limits)
        _check_total(size + new.size, limits)
    (id_,) = tx.reserve_ids(new.environment, 1)
    tx.connection.execute(
        insert(uploads).values(
            id=id_,
            environment=new.environment,
            application_id=new.application_id,
            state=UploadState.RECEIVING,
            name=new.name,
            resource_type=new.resource_type,
            size=new.size,
            reading=_json(new.reading.to_dict()),
            source_url=None if new.source_url is None else new.source_url.text,
            created_at=tx.now(),
            updated_at=tx.now(),
            expires_at=tx.now() + limits.kept_milliseconds,
        )
    )
    return read_upload(tx, id_)


def get_upload(tx: Transaction, environment: int, upload_id: int) -> Upload | None:
    """The upload of an environment, or None."""
    query = _selected().where(_columns.id == upload_id, _columns.environment == environment)
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else _upload(row)


def lock_upload(tx: Transaction, environment: int, upload_id: int) -> Upload | None:
    """The same, and nobody else changes it until the transaction ends."""
    query = _selected().where(_columns.id == upload_id, _columns.environment == environment)
    row = tx.connection.execute(query.with_for_update()).mappings().one_or_none()
    return None if row is None else _upload(row)


def read_upload(tx: Transaction, upload_id: int) -> Upload:
    """The upload with this id, which exists."""
    query = _selected().where(_columns.id == upload_id)
    return _upload(tx.connection.execute(query).mappings().one())


def list_uploads(
    tx: Transaction, environment: int, *, offset: int, limit: int
) -> tuple[list[Upload], int]:
    """Uploads of an environment, newest first, and how many there are in all."""
    is_of = _columns.environment == environment
    count = tx.connection.execute(select(func.count()).where(is_of)).scalar_one()
    query = _selected().where(is_of).order_by(_columns.id.desc()).limit(limit).offset(offset)
    return [_upload(row) for row in tx.connection.execute(query).mappings()], count


def part_at(tx: Transaction, upload_id: int, offset: int) -> StoredPart | None:
    """The part that begins there; None: none does."""
    query = select(upload_parts).where(_parts.upload_id == upload_id, _parts.first_byte == offset)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else StoredPart(name=row.name, length=row.length, digest=row.digest)


def parts_of(tx: Transaction, upload_id: int) -> list[StoredPart]:
    """All parts of an upload, in their order."""
    query = select(upload_parts).where(_parts.upload_id == upload_id).order_by(_parts.first_byte)
    return [
        StoredPart(name=row.name, length=row.length, digest=row.digest)
        for row in tx.connection.execute(query)
    ]


def add_part(
    tx: Transaction, upload: Upload, offset: int, part: StoredPart, limits: UploadLimits
) -> bool:
    """Take a part whose bytes are safe; False: the same one is there already, under another name.

    Raises UploadNotReceiving, OffsetConflict, UploadTooLarge and TooManyUploads.
    """
    if upload.state is not UploadState.RECEIVING:
        raise UploadNotReceiving(upload.state)
    if offset != upload.received_bytes:
        known = part_at(tx, upload.id, offset)
        if known is not None and (known.length, known.digest) == (part.length, part.digest):
            return False
        raise offset_conflict(upload, offset)
    received = offset + part.length
    _check_size(received, limits)
    if upload.size is not None and received > upload.size:
        raise UploadTooLarge(
            f"the upload was announced with {upload.size} bytes, and would have {received}"
        )
    if upload.parts_count >= PARTS_MAX:
        raise UploadTooLarge(f"the upload has {PARTS_MAX} parts: send longer ones")
    _check_total(open_totals(tx, upload.environment)[1] + part.length, limits)
    tx.connection.execute(
        insert(upload_parts).values(
            upload_id=upload.id,
            first_byte=offset,
            length=part.length,
            digest=part.digest,
            name=part.name,
        )
    )
    _change(
        tx,
        upload.id,
        received_bytes=received,
        parts_count=upload.parts_count + 1,
        expires_at=tx.now() + limits.kept_milliseconds,
    )
    return True


def offset_conflict(upload: Upload, offset: int) -> OffsetConflict:
    """What to say when bytes do not follow those that are there."""
    return OffsetConflict(
        f"the upload has {upload.received_bytes} bytes, and the part begins at {offset}",
        offset=upload.received_bytes,
    )


def begin_check(tx: Transaction, upload: Upload) -> Run:
    """All bytes are there, or can be fetched: have them checked. Raises UploadNotReceiving and
    UploadIncomplete."""
    if upload.state is not UploadState.RECEIVING:
        raise UploadNotReceiving(upload.state)
    is_sent = upload.source_url is None
    if is_sent and not upload.received_bytes:
        raise UploadIncomplete("nothing was sent of the upload")
    if is_sent and upload.size not in (None, upload.received_bytes):
        raise UploadIncomplete(
            f"{upload.received_bytes} of {upload.size} bytes of the upload were sent"
        )
    run = create_run(
        tx, NewRun(kind=CHECK, environment=upload.environment, tables=None), id=upload.id
    )
    _change(tx, upload.id, state=UploadState.CHECKING, run_id=run.id, expires_at=None)
    return run


def note_used(tx: Transaction, upload_id: int, import_id: ImportId) -> None:
    """An import was made of the upload: its attachment is the import's from here on."""
    _change(tx, upload_id, import_id=import_id)


def delete_upload(tx: Transaction, upload: Upload) -> list[str]:
    """Remove an upload that nobody checks; the names of its parts."""
    names = forget_parts(tx, upload.id)
    tx.connection.execute(delete(uploads).where(_columns.id == upload.id))
    return names


def forget_parts(tx: Transaction, upload_id: int) -> list[str]:
    """Remove what is known of the parts of an upload; their names."""
    names = [part.name for part in parts_of(tx, upload_id)]
    tx.connection.execute(delete(upload_parts).where(_parts.upload_id == upload_id))
    return names


def stored_names(tx: Transaction, *, environment: int | None = None) -> set[str]:
    """The names of all that is kept of uploads, or of those of an environment, beside the
    attachments of imports: attachments, and parts as long as they are not checked."""
    is_used = _columns.state.in_((UploadState.RECEIVING, UploadState.CHECKING))
    query = select(_parts.name).join(uploads).where(is_used)
    if environment is not None:
        query = query.where(_columns.environment == environment)
    names = set(tx.connection.execute(query).scalars())
    return names | upload_attachments(tx, environment=environment)


def upload_attachments(tx: Transaction, *, environment: int | None = None) -> set[str]:
    """The names of attachments of which no import was made yet."""
    query = select(_columns.attachment_name).where(
        _columns.state == UploadState.READY, _columns.import_id.is_(None)
    )
    if environment is not None:
        query = query.where(_columns.environment == environment)
    return set(tx.connection.execute(query).scalars())


def is_open() -> ColumnElement[bool]:
    """Whether an upload takes up place, and is to become an import."""
    return or_(
        _columns.state.in_((UploadState.RECEIVING, UploadState.CHECKING)),
        and_(_columns.state == UploadState.READY, _columns.import_id.is_(None)),
    )


def open_totals(tx: Transaction, environment: int) -> tuple[int, int]:
    """How many uploads of an environment are open, and how many bytes they have."""
    query = select(func.count(), func.coalesce(func.sum(_columns.received_bytes), 0)).where(
        _columns.environment == environment, is_open()
    )
    count, size = tx.connection.execute(query).one()
    return int(count), int(size)


def _check_size(size: int, limits: UploadLimits) -> None:
    if size > limits.bytes_max:
        raise UploadTooLarge(f"an upload may have {limits.bytes_max} bytes, and not {size}")


def _check_total(size: int, limits: UploadLimits) -> None:
    if size > limits.open_bytes_max:
        raise TooManyUploads(
            f"all open uploads may have {limits.open_bytes_max} bytes, and would have {size}",
            hint="import or delete one of them",
        )


def _change(tx: Transaction, upload_id: int, **values: object) -> None:
    changed = update(uploads).where(_columns.id == upload_id)
    tx.connection.execute(changed.values(updated_at=tx.now(), **values))


def _selected() -> Select[Any]:
    return select(*_OWN)


def _upload(row: Mapping[Any, Any]) -> Upload:
    values = dict(row)
    name, found, refusal = (values.pop(each) for each in ("attachment_name", "found", "refusal"))
    import_id, source_url = values.pop("import_id"), values.pop("source_url")
    details = {} if found is None else json.loads(found)
    return Upload(
        id=RunId(values.pop("id")),
        state=UploadState(values.pop("state")),
        reading=ReadingOptions.from_dict(json.loads(values.pop("reading"))),
        attachment=None if name is None else attachment_of(name, details),
        columns=_columns_of(details.get("decided")),
        refusal=None if refusal is None else CheckRefusal(**json.loads(refusal)),
        import_id=None if import_id is None else ImportId(import_id),
        source_url=None if source_url is None else OutgoingUrl.read(source_url),
        **values,
    )


def _columns_of(decided: Mapping[str, Any] | None) -> CheckedColumns | None:
    if decided is None:
        return None
    notices = tuple(map(Notice.from_dict, decided["notices"]))
    return CheckedColumns(column_map=decided["column_map"], notices=notices)


def found_of(stored: StoredAttachment, columns: CheckedColumns | None) -> dict[str, Any]:
    """What is known of an attachment beside its name, as JSON-safe values."""
    decided = columns and {
        "column_map": dict(columns.column_map),
        "notices": [notice.to_dict() for notice in columns.notices],
    }
    return {
        "decided": decided,
        "layout": stored.layout.to_dict(),
        "rows_count": stored.rows_count,
        "raw_bytes": stored.raw_bytes,
        "stored_bytes": stored.stored_bytes,
        "content_digest": stored.content_digest,
        "notices": [notice.to_dict() for notice in stored.notices],
        "source_format": stored.source_format.value,
        "reasons": list(stored.reasons),
        "sheets": list(stored.sheets),
        "is_document": stored.is_document,
    }


def attachment_of(name: str, found: Mapping[str, Any]) -> StoredAttachment:
    """What `found_of` described."""
    return StoredAttachment(
        name=name,
        layout=Layout.from_dict(found["layout"]),
        rows_count=found["rows_count"],
        raw_bytes=found["raw_bytes"],
        stored_bytes=found["stored_bytes"],
        content_digest=found["content_digest"],
        notices=tuple(map(Notice.from_dict, found["notices"])),
        source_format=Format(found["source_format"]),
        reasons=tuple(found["reasons"]),
        sheets=tuple(found["sheets"]),
        is_document=found.get("is_document", False),
    )


def _json(value: object) -> str:
    return json.dumps(value)  # all in ASCII: no database refuses it
