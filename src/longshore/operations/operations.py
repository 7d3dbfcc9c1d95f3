"""All operations of one opened installation, made once and given to its front ends."""

from dataclasses import dataclass

from longshore.operations.activity import Activity
from longshore.operations.applications import Applications
from longshore.operations.blames import Blames
from longshore.operations.changes import Changes
from longshore.operations.cleanup import Cleanup
from longshore.operations.draft_applier import DraftApplier
from longshore.operations.draft_columns import DraftColumns
from longshore.operations.draft_fetches import DraftFetches
from longshore.operations.draft_findings import DraftFindings
from longshore.operations.draft_looks import DraftLooks
from longshore.operations.draft_plans import DraftPlans
from longshore.operations.draft_sources import DraftSources
from longshore.operations.drafts import Drafts
from longshore.operations.dry_runs import DryRuns
from longshore.operations.events import Events
from longshore.operations.grants import Grants
from longshore.operations.group_applier import GroupApplier
from longshore.operations.group_forms import GroupForms
from longshore.operations.group_resources import GroupResources
from longshore.operations.group_sources import GroupSources
from longshore.operations.group_submissions import GroupSubmissions
from longshore.operations.group_trials import GroupTrials
from longshore.operations.histories import Histories
from longshore.operations.import_groups import ImportGroups
from longshore.operations.import_lists import ImportLists
from longshore.operations.import_plans import ImportPlans
from longshore.operations.import_results import ImportResults
from longshore.operations.import_runs import ImportRuns
from longshore.operations.imports import Imports
from longshore.operations.keyed_requests import KeyedRequests
from longshore.operations.live_confirmations import LiveConfirmations
from longshore.operations.needed_records import NeededRecords
from longshore.operations.organizations import Organizations
from longshore.operations.parents import Parents
from longshore.operations.plan_applier import PlanApplier
from longshore.operations.planned_changes import PlannedChanges
from longshore.operations.progress import ProgressReader
from longshore.operations.record_writes import RecordWrites
from longshore.operations.records import Records
from longshore.operations.resources import Resources
from longshore.operations.retries import Retries
from longshore.operations.saved_mappings import SavedMappings
from longshore.operations.sign_ins import SignIns
from longshore.operations.status import StatusReader
from longshore.operations.submissions import Submissions
from longshore.operations.undos import Undos
from longshore.operations.uploads import Uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """What can be asked, by subject."""

    organizations: Organizations
    applications: Applications
    grants: Grants
    resources: Resources
    record_writes: RecordWrites
    keyed_requests: KeyedRequests
    events: Events
    histories: Histories
    blames: Blames
    changes: Changes
    records: Records
    parents: Parents
    imports: Imports
    import_lists: ImportLists
    import_results: ImportResults
    import_plans: ImportPlans
    planned_changes: PlannedChanges
    plan_applier: PlanApplier
    submissions: Submissions
    group_forms: GroupForms
    group_resources: GroupResources
    group_sources: GroupSources
    group_submissions: GroupSubmissions
    group_trials: GroupTrials
    group_applier: GroupApplier
    import_groups: ImportGroups
    uploads: Uploads
    drafts: Drafts
    draft_fetches: DraftFetches
    draft_sources: DraftSources
    draft_plans: DraftPlans
    draft_findings: DraftFindings
    draft_applier: DraftApplier
    live_confirmations: LiveConfirmations
    draft_looks: DraftLooks
    draft_columns: DraftColumns
    needed_records: NeededRecords
    sign_ins: SignIns
    retries: Retries
    dry_runs: DryRuns
    saved_mappings: SavedMappings
    import_runs: ImportRuns
    undos: Undos
    status: StatusReader
    progress: ProgressReader
    cleanup: Cleanup
    activity: Activity
