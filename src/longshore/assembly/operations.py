"""The operations of an installation, made of its parts."""

from longshore.assembly.parts import Parts
from longshore.engine import RecordWriter
from longshore.operations import (
    Activity,
    Applications,
    Blames,
    Changes,
    DraftApplier,
    DraftColumns,
    DraftFetches,
    DraftFindings,
    DraftLooks,
    DraftPlans,
    Drafts,
    DraftSources,
    DryRuns,
    Events,
    Grants,
    GroupApplier,
    GroupForms,
    GroupResources,
    GroupSources,
    GroupSubmissions,
    GroupTrials,
    Histories,
    ImportGroups,
    ImportLists,
    ImportPlans,
    ImportResults,
    ImportRuns,
    Imports,
    ImportStore,
    JournalStore,
    KeyedRequests,
    LiveConfirmations,
    NeededRecords,
    Operations,
    Organizations,
    Parents,
    PlanApplier,
    PlannedChanges,
    ProgressReader,
    Records,
    RecordStore,
    RecordWrites,
    ResourceReader,
    Resources,
    Retries,
    SavedMappings,
    SignIns,
    StatusReader,
    Stores,
    Submissions,
    TrialSources,
    Undos,
    Uploads,
)
from longshore.records import record_tables


def make_operations(parts: Parts) -> Operations:
    """What front ends may ask of an installation."""
    database, settings, catalogue = parts.database, parts.settings, parts.catalogue
    public_ids, seconds = parts.public_ids, settings.read_seconds
    store = ImportStore(
        database, catalogue, parts.attachments, settings, waits_for=parts.forerunners.oldest
    )
    stores = Stores(
        catalogue=catalogue,
        by_package={
            "records": RecordStore(catalogue, record_tables(), public_ids, database.record_secrets),
            "imports": store,
            "journal": JournalStore(catalogue, public_ids),
        },
    )
    reader = ResourceReader(stores, settings)
    submissions = Submissions(
        database,
        parts.attachments,
        parts.preparation,
        parts.claims,
        reader,
        enter=parts.presence.enter_where_shared,
        unfinished_max=settings.imports_unfinished_max,
    )
    presence = parts.presence
    keyed_requests = KeyedRequests(
        database,
        stores,
        reader,
        process=parts.name,
        be_known=presence.be_known,
        is_alive=presence.is_alive,
        read_seconds=seconds,
    )
    if parts.kind == "server":
        presence.also(keyed_requests.release_owed, name="request keys")
    imports = Imports(
        database,
        catalogue,
        parts.attachments,
        store,
        reader,
        waits_for=parts.forerunners.oldest,
        on_stopped=parts.claims.announce_freed,
        announce=parts.claims.announce,
        read_seconds=seconds,
        cell_bytes_max=settings.cell_bytes_max,
    )
    group_submissions = GroupSubmissions(
        database,
        parts.attachments,
        parts.preparation,
        parts.claims,
        submissions,
        unfinished_max=settings.imports_unfinished_max,
    )
    trial_sources = TrialSources(database, parts.preparation, settings)
    plans = ImportPlans(
        database,
        parts.attachments,
        parts.preparation,
        submissions,
        imports,
        on_stopped=parts.claims.announce_freed,
        identifiers_max=settings.errors_log_identifiers_max,
        read_seconds=seconds,
    )
    status = StatusReader(database, settings, parts.claims, parts.forerunners)
    import_runs = ImportRuns(database, parts.driver, parts.claims)
    import_groups = ImportGroups(
        database,
        parts.attachments,
        import_runs,
        on_stopped=parts.claims.announce_freed,
        read_seconds=seconds,
    )
    undos = Undos(
        database,
        catalogue,
        settings,
        parts.claims,
        parts.driver,
        waits_for=parts.forerunners.oldest,
        enter=presence.enter_where_shared,
        read_seconds=seconds,
    )
    drafts = Drafts(
        database,
        parts.attachments,
        settings,
        enter=parts.presence.enter_where_shared,
    )
    group_sources = GroupSources(database, catalogue, settings)
    saved_mappings = SavedMappings(database, catalogue, read_seconds=seconds)
    draft_sources = DraftSources(
        database,
        catalogue,
        settings,
        parts.attachments,
        drafts,
        group_sources,
        parts.preparation,
        saved_mappings,
    )
    draft_plans = DraftPlans(
        database,
        parts.attachments,
        parts.preparation,
        submissions,
        group_submissions,
        draft_sources,
    )
    plan_applier = PlanApplier(database, parts.preparation, submissions, plans, settings)
    group_applier = GroupApplier(
        database, settings, parts.preparation, submissions, group_submissions
    )
    group_forms = GroupForms(catalogue, parts.attachments)
    group_trials = GroupTrials(trial_sources)
    confirmations = LiveConfirmations(database, catalogue, read_seconds=seconds)
    return Operations(
        organizations=Organizations(database, parts.attachments),
        applications=Applications(database, parts.tokens, parts.observer),
        grants=Grants(database, parts.tokens, read_seconds=seconds),
        resources=Resources(database, stores, reader, read_seconds=seconds),
        record_writes=RecordWrites(RecordWriter(database, catalogue, settings, public_ids), reader),
        keyed_requests=keyed_requests,
        events=Events(database, reader),
        histories=Histories(database, catalogue, reader, read_seconds=seconds),
        blames=Blames(database, catalogue, read_seconds=seconds),
        changes=Changes(database, catalogue, imports),
        records=Records(database, catalogue, read_seconds=seconds),
        parents=Parents(database, catalogue),
        imports=imports,
        import_plans=plans,
        plan_applier=plan_applier,
        submissions=submissions,
        group_forms=group_forms,
        needed_records=NeededRecords(group_forms, group_trials, group_submissions, import_groups),
        group_sources=group_sources,
        group_applier=group_applier,
        group_resources=GroupResources(
            database,
            store,
            reader,
            plans,
            group_submissions,
            import_groups,
            undos,
            read_seconds=seconds,
        ),
        group_submissions=group_submissions,
        group_trials=group_trials,
        import_groups=import_groups,
        uploads=Uploads(
            database,
            catalogue,
            parts.attachments,
            settings,
            parts.claims,
            enter=parts.presence.enter_where_shared,
            on_point=parts.on_point,
        ),
        import_lists=ImportLists(database, read_seconds=seconds),
        import_results=ImportResults(
            database,
            catalogue,
            parts.attachments,
            read_seconds=seconds,
            cell_bytes_max=settings.cell_bytes_max,
        ),
        drafts=drafts,
        draft_fetches=DraftFetches(database, drafts, settings),
        draft_sources=draft_sources,
        draft_plans=draft_plans,
        draft_findings=DraftFindings(
            database, catalogue, settings, parts.attachments, parts.preparation
        ),
        draft_applier=DraftApplier(
            database, settings, plan_applier, group_applier, draft_plans, confirmations
        ),
        live_confirmations=confirmations,
        planned_changes=PlannedChanges(
            database,
            catalogue,
            read_seconds=seconds,
            cell_bytes_max=settings.cell_bytes_max,
        ),
        sign_ins=SignIns(database, parts.observer, read_seconds=seconds),
        draft_looks=DraftLooks(draft_sources),
        draft_columns=DraftColumns(database, catalogue, parts.preparation, saved_mappings),
        retries=Retries(
            database, parts.attachments, parts.preparation, submissions, group_submissions, reader
        ),
        dry_runs=DryRuns(trial_sources),
        saved_mappings=saved_mappings,
        undos=undos,
        import_runs=import_runs,
        status=status,
        progress=ProgressReader(database, settings, status, read_seconds=seconds),
        cleanup=parts.cleanup,
        activity=Activity(database, read_seconds=seconds),
    )
