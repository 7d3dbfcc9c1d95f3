"""Uploads begun, sent in parts, finished, looked at and removed."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from longshore.access import check_environment
from longshore.catalogue import Catalogue, importable_type
from longshore.database import Database, DatabaseAway, Locks
from longshore.errors import LongshoreError, RequestRefused
from longshore.operations.asker import Asker
from longshore.operations.incoming_parts import EmptyPart, is_same, limited
from longshore.request_keys import keep_answer
from longshore.runs import Claims, interrupt_run
from longshore.settings import Settings
from longshore.sources import AttachmentStore, StoredPart
from longshore.uploads import (
    NewUpload,
    Upload,
    UploadLimits,
    UploadNotReceiving,
    UploadState,
    UploadTooLarge,
    add_part,
    begin_check,
    create_upload,
    delete_upload,
    get_upload,
    list_uploads,
    lock_upload,
    offset_conflict,
    part_at,
)


class NoSuchUpload(RequestRefused):
    """The environment has no such upload."""

    def __init__(self) -> None:
        super().__init__("there is no such upload")


class DigestMismatch(RequestRefused):
    """The bytes of a part are not those whose digest was sent with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingPart:
    """A part as it is sent."""

    offset: int
    blocks: Iterable[bytes]
    digest: str | None = None  # SHA-256, hexadecimal, as the client says


class Uploads:
    """The uploads of one installation."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        attachments: AttachmentStore,
        settings: Settings,
        claims: Claims,
        *,
        enter: Callable[[], None],  # says that this process is there, before it keeps bytes
        on_point: Callable[[str], None],  # hears the names of moments, for tests
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._attachments = attachments
        self._parts = attachments.parts
        self._claims = claims
        self._enter = enter
        self._on_point = on_point
        self._limits = upload_limits(settings)

    def create(self, asker: Asker, new: NewUpload, *, answer: Callable[[Upload], bytes]) -> Upload:
        """Begin an upload, whose bytes are sent, or fetched by a worker; `answer` makes what is
        kept for a request that is sent again.

        Raises RequestRefused: TooManyUploads and UploadTooLarge among it.
        """
        importable_type(self._catalogue, new.resource_type)
        with self._database.write(_locks(asker)) as tx:
            check_environment(tx, asker.environment.number)
            upload = create_upload(tx, new, self._limits)
            if new.source_url is not None:
                self._claims.announce(tx, begin_check(tx, upload))
                upload = _found(get_upload(tx, asker.environment.number, upload.id))
            if asker.claim is not None:
                status = asker.claim.created_status
                keep_answer(tx, asker.claim, status=status, answer=answer(upload))
        return upload

    def read(self, asker: Asker, upload_id: int) -> Upload:
        """An upload; raises NoSuchUpload."""
        with self._database.read() as tx:
            return _found(get_upload(tx, asker.environment.number, upload_id))

    def list(self, asker: Asker, *, offset: int, limit: int) -> tuple[list[Upload], int]:
        """A page of the uploads, newest first, and how many there are in all."""
        with self._database.read() as tx:
            return list_uploads(tx, asker.environment.number, offset=offset, limit=limit)

    def add_part(self, asker: Asker, upload_id: int, part: IncomingPart) -> Upload:
        """Take the next bytes of an upload: when this returns, they are safe, and counted.

        A part that is there already, byte for byte, is taken without being stored again. Raises
        NoSuchUpload, UploadNotReceiving, OffsetConflict, DigestMismatch, EmptyPart, UploadTooLarge
        and TooManyUploads.
        """
        with self._database.read() as tx:
            upload = _found(get_upload(tx, asker.environment.number, upload_id))
            known = part_at(tx, upload.id, part.offset)
        if upload.state is not UploadState.RECEIVING:
            raise UploadNotReceiving(upload.state)
        if part.offset != upload.received_bytes:
            if known is None or not is_same(limited(part.blocks, UploadTooLarge), known):
                raise offset_conflict(upload, part.offset)
            return upload
        self._enter()
        stored = self._parts.write(limited(part.blocks, UploadTooLarge))
        is_taken = False
        try:
            _check(part, stored)
            self._on_point("part stored")
            with self._database.write(_locks(asker)) as tx:
                check_environment(tx, asker.environment.number)
                upload = _found(lock_upload(tx, asker.environment.number, upload_id))
                is_taken = add_part(tx, upload, part.offset, stored, self._limits)
                upload = _found(get_upload(tx, asker.environment.number, upload_id))
        except DatabaseAway:
            is_taken = True  # whether it is, is not known; what is left of none is swept later
            raise
        finally:
            if not is_taken:
                with suppress(LongshoreError):
                    self._parts.delete([stored.name])
        return upload

    def finish(self, asker: Asker, upload_id: int) -> Upload:
        """All bytes are there: have them checked by a worker. One that is checked, or was, is
        returned as it is.

        Raises NoSuchUpload, UploadNotReceiving and UploadIncomplete.
        """
        with self._database.write(_locks(asker)) as tx:
            check_environment(tx, asker.environment.number)
            upload = _found(lock_upload(tx, asker.environment.number, upload_id))
            if upload.state in (UploadState.CHECKING, UploadState.READY, UploadState.REFUSED):
                return upload
            run = begin_check(tx, upload)
            self._claims.announce(tx, run)
            return _found(get_upload(tx, asker.environment.number, upload_id))

    def remove(self, asker: Asker, upload_id: int) -> None:
        """Remove an upload with its bytes, whatever its state; what became an import's is the
        import's. Raises NoSuchUpload."""
        with self._database.write(_locks(asker)) as tx:
            check_environment(tx, asker.environment.number)
            upload = _found(lock_upload(tx, asker.environment.number, upload_id))
            if upload.state is UploadState.CHECKING:
                interrupt_run(tx, upload.id)
            names = delete_upload(tx, upload)
        # What cannot be removed at the moment is swept later.
        with suppress(LongshoreError):
            self._parts.delete(names)
            if upload.attachment is not None and upload.import_id is None:
                self._attachments.delete(upload.attachment.name)


def upload_limits(settings: Settings) -> UploadLimits:
    """What uploads may take up."""
    return UploadLimits(
        bytes_max=settings.upload_bytes_max,
        open_max=settings.uploads_open_max,
        open_bytes_max=settings.uploads_open_bytes_max,
        kept_milliseconds=int(settings.upload_hours * 3600 * 1000),
    )


def _found(upload: Upload | None) -> Upload:
    if upload is None:
        raise NoSuchUpload
    return upload


def _locks(asker: Asker) -> Locks:
    """Uploads of an environment are counted, so they are changed one after the other."""
    return Locks(scope=asker.environment.number, exclusive=frozenset({"uploads"}))


def _check(part: IncomingPart, stored: StoredPart) -> None:
    if part.digest not in (None, stored.digest):
        raise DigestMismatch(
            f"the SHA-256 of the part is {stored.digest}, and the client says {part.digest}"
        )
    if not stored.length:
        raise EmptyPart("the part has no bytes")
