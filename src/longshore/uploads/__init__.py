"""Uploads: the bytes of a source that are sent ahead of the import that is made of them.

Promises: a part that was answered is there, with all parts before it; an upload moves from state to
state as the table of transitions says; an upload is used by one import at most. Knows nothing of
where bytes lie, how a source is checked, and what an import does with it.

`store` is the upload as it is kept; `checking` is what its run does to it; `expiry` are those whose
time is over.
"""

from longshore.uploads.checking import CHECK, UploadLife, note_read, note_ready, note_refused
from longshore.uploads.expiry import expire_uploads, forget_uploads
from longshore.uploads.reading_options import ReadingOptions
from longshore.uploads.store import (
    add_part,
    begin_check,
    create_upload,
    delete_upload,
    forget_parts,
    get_upload,
    list_uploads,
    lock_upload,
    note_used,
    offset_conflict,
    open_totals,
    part_at,
    parts_of,
    read_upload,
    stored_names,
    upload_attachments,
)
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
    UploadUnusable,
)
from longshore.uploads.upload_state import TRANSITIONS, UploadState

__all__ = [
    "CHECK",
    "PARTS_MAX",
    "TRANSITIONS",
    "CheckRefusal",
    "CheckedColumns",
    "NewUpload",
    "OffsetConflict",
    "ReadingOptions",
    "TooManyUploads",
    "Upload",
    "UploadIncomplete",
    "UploadLife",
    "UploadLimits",
    "UploadNotReceiving",
    "UploadState",
    "UploadTooLarge",
    "UploadUnusable",
    "add_part",
    "begin_check",
    "create_upload",
    "delete_upload",
    "expire_uploads",
    "forget_parts",
    "forget_uploads",
    "get_upload",
    "list_uploads",
    "lock_upload",
    "note_read",
    "note_ready",
    "note_refused",
    "note_used",
    "offset_conflict",
    "open_totals",
    "part_at",
    "parts_of",
    "read_upload",
    "stored_names",
    "upload_attachments",
    "upload_parts",
    "uploads",
]
