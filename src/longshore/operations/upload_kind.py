"""Checks of uploads as a kind of run: a source is read to its end, and kept as an attachment.

A check that is ended at any moment begins again at the first byte: what it has stored by then is
swept.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO, cast

from longshore.catalogue import Catalogue
from longshore.database import Database, DatabaseAway
from longshore.engine import field_test, nested_paths
from longshore.errors import LongshoreError, RequestRefused
from longshore.imports import ImportRequest
from longshore.operations.preparation import Preparation
from longshore.operations.uploads import upload_limits
from longshore.outgoing import DownloadLimits, OutgoingFailed, open_download
from longshore.readers import UnreadableSource
from longshore.runs import UNLOCKED, Completed, End, Failed, Released, Run
from longshore.settings import Settings
from longshore.sources import (
    AttachmentMissing,
    AttachmentStore,
    PartDamaged,
    Source,
    StoredAttachment,
    StoredPart,
)
from longshore.uploads import (
    CheckedColumns,
    CheckRefusal,
    Upload,
    UploadLife,
    forget_parts,
    note_read,
    note_ready,
    note_refused,
    open_totals,
    parts_of,
    read_upload,
)

_NOTED_SECONDS = 1.0  # how often is told how far a check is


class _Stopped(Exception):
    """The check is to be given back."""


class UploadKind(UploadLife):
    """Checks uploads (`runs.RunKind`)."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        settings: Settings,
        attachments: AttachmentStore,
        preparation: Preparation,
        *,
        on_point: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._kept_milliseconds = upload_limits(settings).kept_milliseconds
        super().__init__(kept_milliseconds=self._kept_milliseconds)
        self._database = database
        self._catalogue = catalogue
        self._attachments = attachments
        self._preparation = preparation
        self._on_point = on_point  # hears the names of moments, for tests

    def go_on(
        self, run: Run, *, on_progress: Callable[[Any], None], should_stop: Callable[[], bool]
    ) -> End:
        """Read the source from its first byte to its end."""
        with self._database.read() as tx:
            upload, parts = read_upload(tx, run.id), parts_of(tx, run.id)
        try:
            stored, read_bytes = self._checked(run, upload, parts, should_stop)
        except _Stopped:
            return Released()
        except OutgoingFailed as error:
            if run.attempts < self._settings.import_attempts_max:
                return Failed(error, is_counted=True)
            return self._refused(run, error)
        except (RequestRefused, PartDamaged, AttachmentMissing) as error:
            return self._refused(run, error)
        self._on_point("checked")
        try:
            columns = self._columns(upload, stored)
            with self._database.write(UNLOCKED) as tx:
                self.hold(tx, run.id)
                kept = self._kept_milliseconds
                note_ready(tx, run, stored, columns, read_bytes=read_bytes, kept_milliseconds=kept)
        except DatabaseAway:
            # Whether it was noted is not known; what is left of none is swept later.
            raise
        except BaseException:
            self._attachments.delete(stored.name)
            raise
        return Completed()

    def _refused(self, run: Run, error: LongshoreError) -> Completed:
        with self._database.write(UNLOCKED) as tx:
            self.hold(tx, run.id)
            kept = self._kept_milliseconds
            note_refused(tx, run, _refusal(error), kept_milliseconds=kept)
        return Completed()

    def gives_way(self, run: Run) -> bool:
        """It would begin again each time."""
        return False

    def after(self, run: Run) -> None:
        """Remove the bytes as they came: they are kept as an attachment, or of no use."""
        with self._database.write(UNLOCKED) as tx:
            self.hold(tx, run.id)
            names = forget_parts(tx, run.id)
        self._attachments.parts.delete(names)

    def _columns(self, upload: Upload, stored: StoredAttachment) -> CheckedColumns | None:
        """How the columns are spelled, for which all rows may have to be read; None where that
        cannot be decided: an import is told so, or says more."""
        type_ = self._catalogue.types[upload.resource_type]
        request = ImportRequest(resource_type=type_.name, column_map=upload.reading.column_map)
        try:
            decided = self._preparation.decided(type_, request, stored, self._attachments)
        except RequestRefused:
            return None
        return CheckedColumns(column_map=decided.column_map, notices=decided.notices)

    def _checked(
        self, run: Run, upload: Upload, parts: list[StoredPart], should_stop: Callable[[], bool]
    ) -> tuple[StoredAttachment, int]:
        """What is kept of the source, and how many bytes were read."""
        type_ = self._catalogue.types[upload.resource_type]
        reading = upload.reading
        noted_at, read_bytes = time.monotonic(), 0

        def on_read(done: int, _total: int | None) -> None:
            nonlocal noted_at, read_bytes
            read_bytes = done
            if should_stop():
                raise _Stopped
            self._on_point("checking")
            if time.monotonic() - noted_at >= _NOTED_SECONDS:
                with self._database.write(UNLOCKED) as tx:
                    self.hold(tx, run.id)
                    note_read(tx, run, done)
                noted_at = time.monotonic()

        def on_wait() -> None:
            if should_stop():
                raise _Stopped

        with self._opened(upload, parts, on_wait) as (file, name):
            source = Source(
                name=name,
                format=reading.format,
                encoding=reading.encoding,
                sheet=reading.sheet,
                is_guarded=reading.is_guarded,
                csv=reading.csv,
                stream=file,
            )
            stored = self._attachments.write(
                source,
                descend=nested_paths(self._catalogue, type_),
                is_field=field_test(self._catalogue, type_, reading.column_map),
                progress=on_read,
                is_ahead=True,
            )
        return stored, read_bytes

    @contextmanager
    def _opened(
        self, upload: Upload, parts: list[StoredPart], on_wait: Callable[[], None]
    ) -> Iterator[tuple[BinaryIO, str]]:
        """The bytes, and what the file is called."""
        url = upload.source_url
        if url is None:
            with self._attachments.parts.open(parts) as file:
                yield file, upload.name
            return
        with open_download(url, self._download_limits(upload), on_wait=on_wait) as download:
            # What the answer says counts, unless the client has said something else.
            name = download.name if upload.name == url.file_name else upload.name
            yield cast(BinaryIO, download), name

    def _download_limits(self, upload: Upload) -> DownloadLimits:
        """As long as an upload may be, and the open ones of its environment together."""
        limits = DownloadLimits.of(self._settings)
        with self._database.read() as tx:
            _count, open_bytes = open_totals(tx, upload.environment)
        left = self._settings.uploads_open_bytes_max - open_bytes + upload.received_bytes
        bytes_max = min(limits.bytes_max, self._settings.upload_bytes_max, max(left, 0))
        return replace(limits, bytes_max=bytes_max)


def _refusal(error: LongshoreError) -> CheckRefusal:
    if isinstance(error, UnreadableSource):
        return CheckRefusal(
            message=error.message, hint=error.hint, line=error.line, column=error.column
        )
    return CheckRefusal(message=error.message, hint=error.hint, line=None, column=None)
