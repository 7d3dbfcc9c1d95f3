"""Stored sources: the attachments of imports, in a folder or in a bucket.

Promises: a source is kept whole or not at all, what is kept survives a crash of the machine, and
its rows are read from any position as often as needed. Knows nothing of the imports that it is for,
nor of what a row means.
"""

from longshore.sources.archive_files import ARCHIVE_MAGIC, ArchiveFile, archive_files, names_in
from longshore.sources.attachment_location import open_attachments
from longshore.sources.attachment_place import (
    AttachmentMissing,
    AttachmentNotWritable,
    AttachmentsAway,
    AttachmentsRefused,
    AttachmentStoreFull,
)
from longshore.sources.attachments import (
    ATTACHMENT_URL_SECONDS,
    ORIGINAL_BYTES_MAX,
    AttachmentDamaged,
    AttachmentStore,
    StoredAttachment,
    TooManyRows,
)
from longshore.sources.emptiness import is_empty
from longshore.sources.part_store import PartDamaged, PartStore, StoredPart
from longshore.sources.source import Source

__all__ = [
    "ARCHIVE_MAGIC",
    "ATTACHMENT_URL_SECONDS",
    "ORIGINAL_BYTES_MAX",
    "ArchiveFile",
    "AttachmentDamaged",
    "AttachmentMissing",
    "AttachmentNotWritable",
    "AttachmentStore",
    "AttachmentStoreFull",
    "AttachmentsAway",
    "AttachmentsRefused",
    "PartDamaged",
    "PartStore",
    "Source",
    "StoredAttachment",
    "StoredPart",
    "TooManyRows",
    "archive_files",
    "is_empty",
    "names_in",
    "open_attachments",
]
