"""The import itself: its life, its counts, what it found wrong, and its stored source.

Promises: the stored status, counts and checkpoint are true at every moment, whatever crashes, and
only the holder of the claim writes them. Knows nothing of how a row becomes a record.
"""

from longshore.imports.attachment_opening import open_attachments
from longshore.imports.attachment_place import (
    AttachmentMissing,
    AttachmentNotWritable,
    AttachmentsAway,
    AttachmentsRefused,
    StorageFull,
)
from longshore.imports.attachments import (
    ATTACHMENT_URL_SECONDS,
    AttachmentDamaged,
    AttachmentStore,
    StoredAttachment,
    TooManyRows,
)
from longshore.imports.fields import import_fields
from longshore.imports.import_ import Import, ImportRequest, NewImport
from longshore.imports.logs import (
    LOG_BYTES_MAX,
    LOG_BYTES_MAX_LISTED,
    LoggedError,
    NewError,
    NewWarning,
    count_errors,
    errors_log,
    errors_log_holds,
    errors_of,
    list_errors,
    log_errors,
    log_warnings,
    warnings_log,
    warnings_log_holds,
)
from longshore.imports.order import ImportWaits, WaitsFor
from longshore.imports.progress import (
    CheckpointMoved,
    ClaimLost,
    ImportFinished,
    beat,
    checkpoint,
    claim_import,
    complete_import,
    delete_import,
    interrupt_claimed,
    interrupt_import,
    release_import,
    reserve_import,
    supersede_older,
)
from longshore.imports.row_records import keep_row_records, row_records_of
from longshore.imports.sources import Source
from longshore.imports.status import TRANSITIONS, Status
from longshore.imports.store import (
    TooManyUnfinished,
    attachment_names,
    blockers,
    check_unfinished,
    create_import,
    expired_attachments,
    get_import,
    list_imports,
    note_expired,
    read_import,
    unfinished_imports,
    update_import,
)
from longshore.imports.template import Template, template_columns, template_row
from longshore.imports.waiting import Waiting, waiting_imports

__all__ = [
    "ATTACHMENT_URL_SECONDS",
    "LOG_BYTES_MAX",
    "LOG_BYTES_MAX_LISTED",
    "TRANSITIONS",
    "AttachmentDamaged",
    "AttachmentMissing",
    "AttachmentNotWritable",
    "AttachmentStore",
    "AttachmentsAway",
    "AttachmentsRefused",
    "CheckpointMoved",
    "ClaimLost",
    "Import",
    "ImportFinished",
    "ImportRequest",
    "ImportWaits",
    "LoggedError",
    "NewError",
    "NewImport",
    "NewWarning",
    "Source",
    "Status",
    "StorageFull",
    "StoredAttachment",
    "Template",
    "TooManyRows",
    "TooManyUnfinished",
    "Waiting",
    "WaitsFor",
    "attachment_names",
    "beat",
    "blockers",
    "check_unfinished",
    "checkpoint",
    "claim_import",
    "complete_import",
    "count_errors",
    "create_import",
    "delete_import",
    "errors_log",
    "errors_log_holds",
    "errors_of",
    "expired_attachments",
    "get_import",
    "import_fields",
    "interrupt_claimed",
    "interrupt_import",
    "keep_row_records",
    "list_errors",
    "list_imports",
    "log_errors",
    "log_warnings",
    "note_expired",
    "open_attachments",
    "read_import",
    "release_import",
    "reserve_import",
    "row_records_of",
    "supersede_older",
    "template_columns",
    "template_row",
    "unfinished_imports",
    "update_import",
    "waiting_imports",
    "warnings_log",
    "warnings_log_holds",
]
