"""An undo itself, and what it keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from longshore.identifiers import ImportId, RunId
from longshore.runs import Run


class KeptReason(StrEnum):
    """Why something stays as it is."""

    CHANGED_SINCE = "changed_since"  # somebody else has changed it since
    REFERRED_TO = "referred_to"  # another record refers to it
    KEY_TAKEN = "key_taken"  # another record has the key by now
    TARGET_GONE = "target_gone"  # a record that it would refer to is gone
    WOULD_BE_INVALID = "would_be_invalid"  # a row could not make the record so
    DESTROYED_SINCE = "destroyed_since"  # the record is gone
    HISTORY_PURGED = "history_purged"  # nobody knows any more what it was


class UndoStatus(StrEnum):
    """Where an undo stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUndo:
    """An undo that is asked for: of an import, or of an undo."""

    environment: int
    tables: frozenset[str]  # of the records that it may write
    changes_count: int  # that it is going to look at
    import_id: ImportId | None = None
    undo_id: RunId | None = None
    application_id: int | None = None  # who asks; None: somebody at a terminal
    group_id: int | None = None  # the import group that is taken back by it with others


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """A stored undo at one moment; times are milliseconds since 1970."""

    id: RunId  # also that of its run
    run: Run  # as it was at the same moment
    environment: int
    application_id: int | None
    import_id: ImportId | None  # whose changes it takes back; None: those of an undo
    undo_id: RunId | None  # likewise
    status: UndoStatus
    checkpoint: int | None  # of the step that was committed last; they descend
    changes_count: int
    done_count: int
    restored_count: int  # records with fields given back, or that are there again
    removed_count: int  # records that are gone
    kept_count: int  # records that keep something
    started_at: int | None
    completed_at: int | None
    interrupted_at: int | None
    interruption_reason: str | None
    created_at: int
    updated_at: int
    group_id: int | None  # the import group that is taken back by it with others

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in (UndoStatus.COMPLETED, UndoStatus.INTERRUPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPart:
    """Fields of a record, or all of it, that stay as they are."""

    record_id: int
    table_name: str
    record_type: str
    fields: Sequence[str]  # of one unit; none: the whole record
    reason: KeptReason
    row_number: int | None = None  # whose change it was
    detail: Mapping[str, object] = field(default_factory=dict)  # what stands behind the reason
