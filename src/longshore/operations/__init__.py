"""What anybody may ask of an installation; the API, the terminal and a dashboard call it.

Promises: each operation is whole: it opens the transactions that it needs, and what it answers was
read in one of them. Knows nothing of HTTP, of options of a command, nor of how answers are shown.
"""

from longshore.operations.activity import (
    HAPPENINGS,
    PEOPLE,
    Activity,
    ActivityPage,
    ActivityPlace,
    Happening,
)
from longshore.operations.applications import ApplicationChoice, Applications
from longshore.operations.asker import Asker
from longshore.operations.attachment_addresses import Signature, public_id_in
from longshore.operations.authors import Author
from longshore.operations.blames import Blames, RecordBlame
from longshore.operations.budget import AnswerTooLarge
from longshore.operations.changes import Changes, ChangesFound, Changing, ShownChange
from longshore.operations.cleanup import Cleanup
from longshore.operations.draft_applier import DraftApplier, StopRuleReached
from longshore.operations.draft_columns import (
    ColumnsLook,
    DraftColumns,
    FieldExample,
    FittingMapping,
    MissingField,
    TargetField,
)
from longshore.operations.draft_edits import (
    DraftEdit,
    new_conversion,
    new_edit,
    read_edits,
    with_edits,
    without_edit,
)
from longshore.operations.draft_fetches import DraftFetches, FetchState
from longshore.operations.draft_findings import DraftFindings, PlannedRow, planned_outcomes
from longshore.operations.draft_fixes import Fix
from longshore.operations.draft_found import DraftFound, FileLine, FoundGroup, FoundMember
from longshore.operations.draft_looks import DraftBeingRead, DraftLooks
from longshore.operations.draft_plan import DraftPlan
from longshore.operations.draft_plans import DraftPlans
from longshore.operations.draft_sources import (
    DraftSources,
    DraftUndecided,
    dialect_options_of,
    mapping_of,
)
from longshore.operations.drafts import Drafts, NoSuchDraft
from longshore.operations.dry_runs import DryRuns
from longshore.operations.events import Events
from longshore.operations.failed_cells import SourceForm
from longshore.operations.failed_in_file import FailedInFile
from longshore.operations.failed_rows import (
    UNCUT_HINT,
    FailedRow,
    digest_counts,
    error_attributes,
    error_group_attributes,
    match_failed_rows,
)
from longshore.operations.failed_sheet import write_failed_sheet
from longshore.operations.failed_text import FailedText
from longshore.operations.forerunners import Forerunners
from longshore.operations.found import Found
from longshore.operations.grants import Grant, Grants
from longshore.operations.group_applier import GroupApplier
from longshore.operations.group_attributes import (
    IMPORT_GROUPS,
    GroupOrigin,
    GroupShown,
    shown_group,
    tried_group,
)
from longshore.operations.group_causes import GroupCauses
from longshore.operations.group_forms import GroupForms, type_of_name
from longshore.operations.group_resources import GroupFound, GroupResources, GroupsFound
from longshore.operations.group_source import GroupMember, GroupRequest, GroupSource
from longshore.operations.group_sources import (
    GroupOptions,
    GroupSources,
    SingleType,
    SourceNotRecognised,
)
from longshore.operations.group_submissions import GroupSubmissions
from longshore.operations.group_trials import GroupTrials
from longshore.operations.histories import Histories, HistoryPart, ToldChange
from longshore.operations.import_attributes import same_content_document, waits_for_document
from longshore.operations.import_choices import choices_of_import
from longshore.operations.import_groups import GroupsPage, ImportGroups, NoSuchGroup
from longshore.operations.import_kind import ImportKind
from longshore.operations.import_lists import ImportLists, ImportsListed, ListChoices
from longshore.operations.import_plans import (
    IMPORT_PLANS,
    ImportPlans,
    NoSuchPlan,
    PlansPage,
)
from longshore.operations.import_results import (
    SHOWN_WITHIN_ROWS,
    FailedRowsPage,
    ImportResults,
    Relatives,
)
from longshore.operations.import_rows import NOT_LISTED, SHOWN_ROWS_MAX
from longshore.operations.import_runs import ImportRuns
from longshore.operations.import_store import ImportStore
from longshore.operations.import_words import (
    KEPT_REASONS,
    OVER_THRESHOLD,
    STAGES_SHOWN,
    detail_shown,
    interruption_reason,
    is_nothing_written,
    mapping_shown,
    message_of,
    rules_shown,
    stage_shown,
)
from longshore.operations.imports import ErrorsPage, Imports, NoSuchImport, RowsFound, RowsPage
from longshore.operations.inclusion import INCLUDE_LINKS_MAX, Included, TooManyLinks
from longshore.operations.incoming_parts import PART_BYTES_MAX, EmptyPart
from longshore.operations.inputs import echo_inputs
from longshore.operations.inspections import FirstRow, Inspection, Inspections, LeftOut
from longshore.operations.journal_store import JournalStore
from longshore.operations.key_meetings import KeyMeeting
from longshore.operations.keyed_requests import KeyedRequests
from longshore.operations.live_confirmations import (
    Confirmation,
    LiveConfirmations,
    NotConfirmed,
)
from longshore.operations.needed_records import NEEDED_TYPES, NeededRecords
from longshore.operations.open_columns import ColumnOpen, read_as
from longshore.operations.operations import Operations
from longshore.operations.organizations import Organizations
from longshore.operations.parents import Parents
from longshore.operations.phases import phase_of
from longshore.operations.plan_applier import PlanApplier, PlanNotApplicable
from longshore.operations.plan_kind import PlanKind
from longshore.operations.planned_changes import PlannedChanges, PlannedChangesPage
from longshore.operations.preparation import Preparation
from longshore.operations.progress import FAILED_SHOWN_MAX, ProgressReader, Running
from longshore.operations.progress_seen import ProgressSeen, Watched, WatchedType
from longshore.operations.record_fields import RecordField, main_fields, record_fields, record_name
from longshore.operations.record_store import RecordStore
from longshore.operations.record_writes import RecordWrites, Written
from longshore.operations.records import Export, Records, RecordsFound, RecordsPage, RecordsQuery
from longshore.operations.remaining_time import Sample, rows_per_second, seconds_left
from longshore.operations.resource_reader import Check, ResourceReader, allow
from longshore.operations.resources import Listed, ListPart, Resources
from longshore.operations.retries import Retries, Retry, RetryConflict, RetryRefused
from longshore.operations.saved_mappings import (
    MappingNameTaken,
    NoSuchMapping,
    SavedMappings,
)
from longshore.operations.selection import (
    IncludeTree,
    Selection,
    find_relationship,
    is_to_one,
    shown_fields,
    target_type,
)
from longshore.operations.sign_ins import Door, SignInPostponed, SignInRefused, SignIns
from longshore.operations.status import (
    ImportStanding,
    InstallationStatus,
    RunStanding,
    Standing,
    StatusReader,
)
from longshore.operations.status_words import amiss_shown, standing_shown
from longshore.operations.stores import Criteria, Resource, Stores
from longshore.operations.submissions import Submissions
from longshore.operations.suggested_mappings import field_to_give, suggested_mapping, suggested_toml
from longshore.operations.trials import Trial, TrialSources
from longshore.operations.undo_attributes import IMPORT_UNDOS
from longshore.operations.undo_kind import UndoKind
from longshore.operations.undo_starts import NoSuchUndo, UndoConflict, UndoFinished, UndoRefused
from longshore.operations.undos import KeptPage, Undos, UndoShown, UndosPage
from longshore.operations.unit_columns import conversion_of
from longshore.operations.upload_kind import UploadKind
from longshore.operations.uploads import (
    DigestMismatch,
    IncomingPart,
    NoSuchUpload,
    Uploads,
)
from longshore.operations.waits import Wait, WaitReason, freeing, named_forerunner

__all__ = [
    "FAILED_SHOWN_MAX",
    "HAPPENINGS",
    "IMPORT_GROUPS",
    "IMPORT_PLANS",
    "IMPORT_UNDOS",
    "INCLUDE_LINKS_MAX",
    "KEPT_REASONS",
    "NEEDED_TYPES",
    "NOT_LISTED",
    "OVER_THRESHOLD",
    "PART_BYTES_MAX",
    "PEOPLE",
    "SHOWN_ROWS_MAX",
    "SHOWN_WITHIN_ROWS",
    "STAGES_SHOWN",
    "UNCUT_HINT",
    "Activity",
    "ActivityPage",
    "ActivityPlace",
    "AnswerTooLarge",
    "ApplicationChoice",
    "Applications",
    "Asker",
    "Author",
    "Blames",
    "Changes",
    "ChangesFound",
    "Changing",
    "Check",
    "Cleanup",
    "ColumnOpen",
    "ColumnsLook",
    "Confirmation",
    "Criteria",
    "DigestMismatch",
    "Door",
    "DraftApplier",
    "DraftBeingRead",
    "DraftColumns",
    "DraftEdit",
    "DraftFetches",
    "DraftFindings",
    "DraftFound",
    "DraftLooks",
    "DraftPlan",
    "DraftPlans",
    "DraftSources",
    "DraftUndecided",
    "Drafts",
    "DryRuns",
    "EmptyPart",
    "ErrorsPage",
    "Events",
    "Export",
    "FailedInFile",
    "FailedRow",
    "FailedRowsPage",
    "FailedText",
    "FetchState",
    "FieldExample",
    "FileLine",
    "FirstRow",
    "FittingMapping",
    "Fix",
    "Forerunners",
    "Found",
    "FoundGroup",
    "FoundMember",
    "Grant",
    "Grants",
    "GroupApplier",
    "GroupCauses",
    "GroupForms",
    "GroupFound",
    "GroupMember",
    "GroupOptions",
    "GroupOrigin",
    "GroupRequest",
    "GroupResources",
    "GroupShown",
    "GroupSource",
    "GroupSources",
    "GroupSubmissions",
    "GroupTrials",
    "GroupsFound",
    "GroupsPage",
    "Happening",
    "Histories",
    "HistoryPart",
    "ImportGroups",
    "ImportKind",
    "ImportLists",
    "ImportPlans",
    "ImportResults",
    "ImportRuns",
    "ImportStanding",
    "ImportStore",
    "Imports",
    "ImportsListed",
    "IncludeTree",
    "Included",
    "IncomingPart",
    "Inspection",
    "Inspections",
    "InstallationStatus",
    "JournalStore",
    "KeptPage",
    "KeyMeeting",
    "KeyedRequests",
    "LeftOut",
    "ListChoices",
    "ListPart",
    "Listed",
    "LiveConfirmations",
    "MappingNameTaken",
    "MissingField",
    "NeededRecords",
    "NoSuchDraft",
    "NoSuchGroup",
    "NoSuchImport",
    "NoSuchMapping",
    "NoSuchPlan",
    "NoSuchUndo",
    "NoSuchUpload",
    "NotConfirmed",
    "Operations",
    "Organizations",
    "Parents",
    "PlanApplier",
    "PlanKind",
    "PlanNotApplicable",
    "PlannedChanges",
    "PlannedChangesPage",
    "PlannedRow",
    "PlansPage",
    "Preparation",
    "ProgressReader",
    "ProgressSeen",
    "RecordBlame",
    "RecordField",
    "RecordStore",
    "RecordWrites",
    "Records",
    "RecordsFound",
    "RecordsPage",
    "RecordsQuery",
    "Relatives",
    "Resource",
    "ResourceReader",
    "Resources",
    "Retries",
    "Retry",
    "RetryConflict",
    "RetryRefused",
    "RowsFound",
    "RowsPage",
    "RunStanding",
    "Running",
    "Sample",
    "SavedMappings",
    "Selection",
    "ShownChange",
    "SignInPostponed",
    "SignInRefused",
    "SignIns",
    "Signature",
    "SingleType",
    "SourceForm",
    "SourceNotRecognised",
    "Standing",
    "StatusReader",
    "StopRuleReached",
    "Stores",
    "Submissions",
    "TargetField",
    "ToldChange",
    "TooManyLinks",
    "Trial",
    "TrialSources",
    "UndoConflict",
    "UndoFinished",
    "UndoKind",
    "UndoRefused",
    "UndoShown",
    "Undos",
    "UndosPage",
    "UploadKind",
    "Uploads",
    "Wait",
    "WaitReason",
    "Watched",
    "WatchedType",
    "Written",
    "allow",
    "amiss_shown",
    "choices_of_import",
    "conversion_of",
    "detail_shown",
    "dialect_options_of",
    "digest_counts",
    "echo_inputs",
    "error_attributes",
    "error_group_attributes",
    "field_to_give",
    "find_relationship",
    "freeing",
    "interruption_reason",
    "is_nothing_written",
    "is_to_one",
    "main_fields",
    "mapping_of",
    "mapping_shown",
    "match_failed_rows",
    "message_of",
    "named_forerunner",
    "new_conversion",
    "new_edit",
    "phase_of",
    "planned_outcomes",
    "public_id_in",
    "read_as",
    "read_edits",
    "record_fields",
    "record_name",
    "rows_per_second",
    "rules_shown",
    "same_content_document",
    "seconds_left",
    "shown_fields",
    "shown_group",
    "stage_shown",
    "standing_shown",
    "suggested_mapping",
    "suggested_toml",
    "target_type",
    "tried_group",
    "type_of_name",
    "waits_for_document",
    "with_edits",
    "without_edit",
    "write_failed_sheet",
]
