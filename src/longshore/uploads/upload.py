"""An upload itself, and what is refused of one.

RequestRefused
├── OffsetConflict        bytes that do not follow those that are there
├── UploadNotReceiving    nothing more is taken, whatever it is
├── UploadIncomplete      not all is there that was announced
├── UploadTooLarge        more than an upload may have
├── TooManyUploads        more than an environment may have
└── UploadUnusable        no import can be made of it
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from longshore.errors import RequestRefused
from longshore.identifiers import ImportId, RunId
from longshore.notices import Notice
from longshore.outgoing import OutgoingUrl
from longshore.sources import StoredAttachment
from longshore.uploads.reading_options import ReadingOptions
from longshore.uploads.upload_state import UploadState

# Whoever sends short parts has few of them; the longest ones of so many are 625 GiB.
PARTS_MAX = 10_000


class OffsetConflict(RequestRefused):
    """The bytes do not follow those that are there; `offset` is where the next ones belong."""

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class UploadNotReceiving(RequestRefused):
    """The upload takes no bytes in its state."""

    def __init__(self, state: UploadState) -> None:
        super().__init__(f"the upload is {state}, and takes no more bytes")
        self.state = state


class UploadIncomplete(RequestRefused):
    """There are not as many bytes as were announced, or none."""


class UploadTooLarge(RequestRefused):
    """The upload would have more bytes, or more parts, than it may."""


class TooManyUploads(RequestRefused):
    """The environment has as many uploads, or bytes in them, as it may have."""


class UploadUnusable(RequestRefused):
    """No import can be made of the upload."""

    def __init__(self, message: str, *, state: UploadState) -> None:
        super().__init__(message)
        self.state = state


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """What uploads may take up, as the settings say."""

    bytes_max: int  # of one
    open_max: int  # of one environment
    open_bytes_max: int  # in all of these
    kept_milliseconds: int  # after the last byte, and after the check


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """An upload that is asked for."""

    environment: int
    application_id: int | None
    name: str  # of the file
    resource_type: str  # of its rows
    size: int | None  # in bytes; None: nobody has said so
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    # Where a worker fetches the bytes, perhaps with secrets; None: they are sent.
    source_url: OutgoingUrl | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRefusal:
    """Why a source cannot be imported."""

    message: str
    hint: str | None
    line: int | None  # where; None: it belongs to no place
    column: int | None  # in characters


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedColumns:
    """How the columns of a source are read, where nobody says otherwise at the import."""

    column_map: Mapping[str, str]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A stored upload at one moment; times are milliseconds since 1970."""

    id: RunId  # also that of the run that checks it
    environment: int
    application_id: int | None
    state: UploadState
    name: str
    resource_type: str
    size: int | None
    reading: ReadingOptions
    received_bytes: int
    parts_count: int
    read_bytes: int  # by the check, so far
    attachment: StoredAttachment | None  # None: it is not ready
    columns: CheckedColumns | None  # None: it is not ready, or they could not be decided
    refusal: CheckRefusal | None  # None: it was not refused
    import_id: ImportId | None  # the import that was made of it
    # Where the bytes are fetched, without secrets once the check is over; None: they are sent.
    source_url: OutgoingUrl | None
    created_at: int
    updated_at: int
    checked_at: int | None
    expires_at: int | None  # None: never in its state

    def usable(self) -> StoredAttachment:
        """What an import is made of; raises UploadUnusable."""
        if self.import_id is not None:
            raise UploadUnusable("an import was made of it already", state=self.state)
        if self.state is UploadState.READY and self.attachment is not None:
            return self.attachment
        reason = f"it is {self.state}, and not ready"
        if self.refusal is not None and self.state is UploadState.REFUSED:
            reason = f"it is {self.state}: {self.refusal.message}"
        raise UploadUnusable(reason, state=self.state)
