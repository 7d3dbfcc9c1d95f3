"""What changed and what happened, appended in the transaction that changes it.

Promises: nothing of it is ever altered, and it is read in the order in which it happened. It
stores what it is given: who appends leaves out what is confidential.
"""

from longshore.journal.actors import Actor, ActorKind, columns_of, requested_by
from longshore.journal.fields import event_fields, event_id
from longshore.journal.outbox import hand_over, mark_dispatched, undispatched
from longshore.journal.reversal import (
    LaterEntry,
    MadeUpdate,
    count_of_undo,
    later_entries,
    page_of_undo,
    updates_of_import,
)
from longshore.journal.store import (
    LAST_ENTRY_OF_IMPORT,
    Creation,
    Destroyed,
    Entry,
    Event,
    NewEntry,
    NewUpdates,
    append_creations,
    append_destructions,
    append_entries,
    append_event,
    append_restores,
    append_updates,
    created_by_import,
    created_range,
    entries_of_import,
    entries_of_rows,
    entries_of_undo,
    events_of,
    has_changed,
    history_backwards,
    history_of_record,
    update_event,
)

__all__ = [
    "LAST_ENTRY_OF_IMPORT",
    "Actor",
    "ActorKind",
    "Creation",
    "Destroyed",
    "Entry",
    "Event",
    "LaterEntry",
    "MadeUpdate",
    "NewEntry",
    "NewUpdates",
    "append_creations",
    "append_destructions",
    "append_entries",
    "append_event",
    "append_restores",
    "append_updates",
    "columns_of",
    "count_of_undo",
    "created_by_import",
    "created_range",
    "entries_of_import",
    "entries_of_rows",
    "entries_of_undo",
    "event_fields",
    "event_id",
    "events_of",
    "hand_over",
    "has_changed",
    "history_backwards",
    "history_of_record",
    "later_entries",
    "mark_dispatched",
    "page_of_undo",
    "requested_by",
    "undispatched",
    "update_event",
    "updates_of_import",
]
