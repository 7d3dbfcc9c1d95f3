"""Drafts: imports that somebody prepares step by step, each with its file and all that was chosen.

Promises: a part of a file that was answered is there, with all parts before it; a change that was
made on what somebody else has changed meanwhile is refused, so that nothing is lost silently. Knows
nothing of where bytes lie, what a choice means, nor of how an import is made of it.

`store` is the draft as it is kept; `expiry` are those whose time is over.
"""

from longshore.drafts.choices import DraftChoices
from longshore.drafts.draft import (
    Draft,
    DraftChangedMeanwhile,
    DraftComplete,
    DraftFetch,
    DraftIncomplete,
    DraftLimits,
    DraftOffsetConflict,
    DraftTooLarge,
    FetchRefusal,
    NewDraft,
    TooManyDrafts,
)
from longshore.drafts.expiry import expire_drafts
from longshore.drafts.store import (
    add_draft_part,
    change_draft,
    create_draft,
    delete_draft,
    draft_of_import,
    draft_part_at,
    draft_parts_of,
    get_draft,
    list_drafts,
    lock_draft,
    note_draft_answer,
    note_draft_fetch,
    note_draft_import,
    note_draft_not_fetched,
    note_draft_plan,
    note_draft_received,
    stored_draft_names,
)
from longshore.drafts.tables import import_draft_parts, import_drafts

__all__ = [
    "Draft",
    "DraftChangedMeanwhile",
    "DraftChoices",
    "DraftComplete",
    "DraftFetch",
    "DraftIncomplete",
    "DraftLimits",
    "DraftOffsetConflict",
    "DraftTooLarge",
    "FetchRefusal",
    "NewDraft",
    "TooManyDrafts",
    "add_draft_part",
    "change_draft",
    "create_draft",
    "delete_draft",
    "draft_of_import",
    "draft_part_at",
    "draft_parts_of",
    "expire_drafts",
    "get_draft",
    "import_draft_parts",
    "import_drafts",
    "list_drafts",
    "lock_draft",
    "note_draft_answer",
    "note_draft_fetch",
    "note_draft_import",
    "note_draft_not_fetched",
    "note_draft_plan",
    "note_draft_received",
    "stored_draft_names",
]
