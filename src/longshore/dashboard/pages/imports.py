"""One import: what became of it and of each of its rows, and what can be done about it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.endpoint import Page
from longshore.dashboard.failed_cells import failed_row
from longshore.dashboard.import_facts import facts_of
from longshore.dashboard.import_words import (
    PERSON,
    progress_of,
    sentence_of,
    status_of_import,
    things,
    with_things,
)
from longshore.dashboard.refusals import PageRefused, not_found
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.watching import watch_of
from longshore.dashboard.whole_numbers import ID_MAX
from longshore.dashboard.wizard import draft_path
from longshore.errors import RequestRefused
from longshore.imports import Digest, Import, ImportFinished, RowOutcome
from longshore.operations import (
    NotConfirmed,
    PlanNotApplicable,
    interruption_reason,
    message_of,
)

_SHOWN = 50
_CAUSES = 50
# More failed rows than that are grouped by their causes when somebody asks for it.
GROUPED_AT_ONCE = 20_000
_CAUSES_OF_SUMMARY = 3
_WARNINGS = 20
_OUTCOMES = ("created", "updated", "unchanged", "failed", "skipped")


# Pages


def _summary(request: PageRequest) -> Response:
    """GET /imports/{id}"""
    return _summary_shown(request, _found(request))


def _summary_shown(
    request: PageRequest, import_: Import, *, refused: RequestRefused | None = None
) -> Response:
    """The page that an import opens with; `refused` is what was asked for in vain."""
    digest = None
    if 0 < import_.errors_count <= GROUPED_AT_ONCE:
        digest = _digest(request, import_)
    return shown_import(
        request,
        import_,
        "import_summary.html",
        tab="",
        status=200 if refused is None else 409,
        refused=refused,
        causes=[] if digest is None else digest.groups[:_CAUSES_OF_SUMMARY],
        causes_count=0 if digest is None else digest.groups_count,
    )


def _errors(request: PageRequest) -> Response:
    """GET /imports/{id}/errors"""
    import_ = _found(request)
    results = request.operations.import_results
    is_grouped = import_.errors_count <= GROUPED_AT_ONCE or request.asked("causes") == "all"
    digest = _digest(request, import_) if is_grouped else None
    found = results.failed_rows(
        request.asker,
        import_,
        first_row=request.asked_number("from") or 1,
        limit=_SHOWN,
        may_read=request.may_read,
        reads_on=request.asked("cells") == "all",
    )
    return shown_import(
        request,
        import_,
        "import_errors.html",
        tab="/errors",
        causes=[] if digest is None else digest.groups[:_CAUSES],
        digest=digest,
        in_file=request.operations.import_groups.failed_of_member(import_),
        failed=[failed_row(import_, row) for row in found.rows],
        columns=[name for name in import_.layout.columns if name] if found.has_cells else [],
        has_cells=found.has_cells,
        next_row=found.next_row,
        first_row=request.asked_number("from") or 1,
    )


def _rows(request: PageRequest) -> Response:
    """GET /imports/{id}/rows"""
    import_ = _found(request)
    word = request.asked("outcome")
    word = word if word in _OUTCOMES else None
    outcomes = set(RowOutcome) if word is None else {RowOutcome[word.upper()]}
    first_row = request.asked_number("from") or 1
    found = request.operations.import_results.rows(
        import_, outcomes, first_row=first_row, limit=_SHOWN, may_read=request.may_read
    )
    return shown_import(
        request,
        import_,
        "import_rows.html",
        tab="/rows",
        rows=found.rows,
        counts=found.counts,
        next_row=found.next_row,
        outcome=word,
        outcomes=_OUTCOMES,
        first_row=first_row,
    )


def _history(request: PageRequest) -> Response:
    """GET /imports/{id}/history"""
    import_ = found_import(request)
    after = request.asked_number("after", ID_MAX)
    part = request.operations.histories.part(
        request.asker, "imports", import_.id, after=after, limit=_SHOWN
    )
    assert part is not None, "it was found before"
    public_ids = request.services.public_ids
    return shown_import(
        request,
        import_,
        "import_history.html",
        tab="/history",
        changes=[(each.change, _author(each.author.document(public_ids))) for each in part.changes],
        last=part.changes[-1].change.number if part.changes else None,
        is_last=part.is_last,
    )


# Actions


def _interrupt(request: PageRequest) -> Response:
    """POST /imports/{id}/interrupt"""
    request.require(Action.UPDATE, "imports")
    import_ = found_import(request)
    try:
        request.operations.imports.interrupt(request.asker, import_.id)
    except ImportFinished as finished:
        raise PageRefused(409, finished.message) from finished
    return way_on(address_of(request, import_))


def _ask_delete(request: PageRequest) -> Response:
    """GET /imports/{id}/delete"""
    request.require(Action.DESTROY, "imports")
    return shown_import(request, found_import(request), "import_delete.html", tab=None)


def _delete(request: PageRequest) -> Response:
    """POST /imports/{id}/delete"""
    request.require(Action.DESTROY, "imports")
    request.operations.imports.delete(request.asker, found_import(request).id)
    return way_on(DASHBOARD_PATH)


def _applied(request: PageRequest) -> Response:
    """GET /plans/{id}/apply: the plan, for a window that is left at this address."""
    return way_on(address_of(request, found_import(request, is_plan=True)))


def _apply(request: PageRequest) -> Response:
    """POST /plans/{id}/apply: the import of exactly what the plan has shown."""
    request.require(Action.CREATE, "imports")
    plan = found_import(request, is_plan=True)
    try:
        request.operations.live_confirmations.check(request.asker, [plan], request.value("typed"))
        import_ = request.operations.plan_applier.apply(
            request.asker.environment, plan, application_id=request.asker.application_id
        )
    except NotConfirmed as refused:
        return _summary_shown(request, plan, refused=refused)
    except PlanNotApplicable as refused:
        raise PageRefused(409, refused.message) from refused
    request.services.wake()
    return way_on(address_of(request, import_))


# What several of them need


def found_import(request: PageRequest, *, is_plan: bool = False) -> Import:
    """The import, or the plan, of the address; raises PageRefused where the environment has
    none."""
    request.require(Action.READ, "imports")
    noun = "plan" if is_plan else "import"
    asked_for = request.parameters["id"]
    try:
        found = request.operations.imports.find(
            request.asker.environment, asked_for, may_be_plan=is_plan
        )
    except RequestRefused as refused:
        raise not_found(noun) from refused
    if found.is_plan is not is_plan:
        raise not_found(noun)
    return found


def _found(request: PageRequest) -> Import:
    """What pages show of imports and of plans alike."""
    return found_import(request, is_plan=request.path.startswith(f"{DASHBOARD_PATH}/plans/"))


def _digest(request: PageRequest, import_: Import) -> Digest:
    """The errors of an import, or of a plan, by cause."""
    if import_.is_plan:
        return request.operations.imports.digest(import_)
    digest = request.operations.imports.digest_of(
        request.asker, import_.id, may_read=request.may_read
    )
    assert digest is not None, "it was found before"
    return digest


def address_of(request: PageRequest, import_: Import) -> str:
    """Where an import, or a plan, is shown."""
    kind = "plans" if import_.is_plan else "imports"
    return f"{DASHBOARD_PATH}/{kind}/{request.services.public_ids.encode(import_.id)}"


def shown_import(
    request: PageRequest,
    import_: Import,
    template: str,
    *,
    tab: str | None,
    status: int = 200,
    refused: RequestRefused | None = None,
    **values: Any,
) -> Response:
    """A page about an import: what every one of them says, and what this one does."""
    encode = request.services.public_ids.encode
    relatives = request.operations.import_results.relatives(import_, warnings_max=_WARNINGS)
    address = address_of(request, import_)
    apply_refusal = _apply_refusal(request, import_)
    confirmation = None
    if import_.is_plan and apply_refusal is None:
        confirmation = request.operations.live_confirmations.needed(request.asker, [import_])
    reason, moved = interruption_reason(import_), None
    if import_.moved:
        moved = with_things(import_.moved.message, request.services.catalogue.types)
        reason = reason and reason.replace(import_.moved.message, moved)
    draft = None
    if import_.plan_id is not None:
        made_of = import_.group_id or import_.id
        draft = request.operations.drafts.of_import(request.asker, made_of)
    return page(
        request,
        template,
        status=status,
        title=import_.source_name or things(import_.resource_type),
        import_=import_,
        refused=refused,
        apply_refusal=apply_refusal,
        confirmation=confirmation,
        id=encode(import_.id),
        address=address,
        sentence=sentence_of(import_),
        standing=status_of_import(import_, undone=relatives.takers.extent),
        counts_shown=_counts(import_, address),
        facts=facts_of(request, import_, relatives, draft),
        relatives=relatives,
        reason=reason,
        moved=moved,
        percent=progress_of(import_.consumed_count, import_.inputs_size),
        watch=None
        if import_.is_finished or tab != ""
        else watch_of(
            request, "import_plans" if import_.is_plan else "imports", encode(import_.id)
        ),
        waits_for=None if import_.is_finished else request.operations.imports.waits_for(import_),
        tabs=_tabs(import_),
        tab=tab,
        things=things,
        message_of=message_of,
        encode=encode,
        prepared=None
        if draft is None or not import_.moved
        else draft_path(request, draft, "check"),
        may_change=request.may(Action.UPDATE, "imports"),
        may_delete=request.may(Action.DESTROY, "imports"),
        may_create=request.may(Action.CREATE, "imports"),
        **values,
    )


def _apply_refusal(request: PageRequest, import_: Import) -> str | None:
    """Why a plan cannot be applied; None: it can, or is none."""
    if not import_.is_plan:
        return None
    refusal = request.operations.plan_applier.refusal(import_)
    if refusal is None:
        return None
    return with_things(refusal.message, request.services.catalogue.types)


def _counts(import_: Import, address: str) -> list[tuple[str, int, str | None]]:
    """The counters, with the rows that each counts."""
    counts = [
        ("created", import_.created_count),
        ("updated", import_.updated_count),
        ("unchanged", import_.unchanged_count),
        ("failed", import_.errors_count),
    ]
    if import_.skipped_count:
        counts.append(("skipped", import_.skipped_count))
    found: list[tuple[str, int, str | None]] = [
        (
            word,
            count,
            None
            if not count
            else f"{address}/errors"
            if word == "failed"
            else f"{address}/rows?outcome={word}",
        )
        for word, count in counts
    ]
    if left := import_.inputs_size - import_.consumed_count:
        found.append(("not reached" if import_.is_finished else "not yet", left, None))
    return found


def _tabs(import_: Import) -> list[tuple[str, str, int | None]]:
    of_rows: list[tuple[str, str, int | None]] = [
        ("", "Summary", None),
        ("/errors", "Failed rows", import_.errors_count),
        ("/rows", "Rows", import_.consumed_count),
    ]
    if import_.is_plan:
        return of_rows
    return [
        *of_rows,
        ("/history", "History", None),
        ("/files", "Files", None),
    ]


def _author(document: Mapping[str, Any]) -> str:
    """Who made a change, in words."""
    if "terminal" in document:
        return PERSON
    if "application" in document:
        kind = document["application"].get("kind")
        return f"application {document['application']['id']}" + (f" ({kind})" if kind else "")
    if "worker" in document:
        return f"{document['worker']['type'].replace('_', ' ')} {document['worker']['id']}"
    return "nobody who is known"


PAGES = [
    ("/plans/{id}", Page(handlers={"GET": _summary})),
    ("/plans/{id}/errors", Page(handlers={"GET": _errors})),
    ("/plans/{id}/rows", Page(handlers={"GET": _rows})),
    ("/plans/{id}/apply", Page(handlers={"GET": _applied, "POST": _apply})),
    ("/imports/{id}", Page(handlers={"GET": _summary})),
    ("/imports/{id}/errors", Page(handlers={"GET": _errors})),
    ("/imports/{id}/rows", Page(handlers={"GET": _rows})),
    ("/imports/{id}/history", Page(handlers={"GET": _history})),
    ("/imports/{id}/interrupt", Page(handlers={"POST": _interrupt})),
    ("/imports/{id}/delete", Page(handlers={"GET": _ask_delete, "POST": _delete})),
]
