"""The step Check of an import that is prepared: what it would do, mended and applied."""

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from longshore.dashboard.answers import page, way_on
from longshore.dashboard.check_errors import errors_shown
from longshore.dashboard.check_options import options_shown
from longshore.dashboard.check_place import (
    COLUMNS_SHOWN,
    PAGE_ROWS,
    TABS,
    CheckPlace,
    check_address,
    done_already,
    import_address,
    place_of,
)
from longshore.dashboard.endpoint import Page
from longshore.dashboard.import_words import things, with_things
from longshore.dashboard.pages.files import failed_file_text, failed_text
from longshore.dashboard.pages.new import found_draft
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.watching import watch_of
from longshore.dashboard.whole_numbers import VERSION_MAX, whole_number
from longshore.dashboard.wizard import steps_of
from longshore.dashboard.words import page_hint
from longshore.dialects import DialectRefused
from longshore.drafts import Draft, DraftChangedMeanwhile
from longshore.errors import RequestRefused
from longshore.imports import LARGE_PERCENT, Import
from longshore.notices import APOSTROPHE_CODES
from longshore.operations import (
    SHOWN_WITHIN_ROWS,
    ColumnOpen,
    DraftPlan,
    PlannedChangesPage,
    planned_outcomes,
    read_edits,
)
from longshore.readers import CELLS_COLUMN, SOURCE_COLUMN

_PATIENCE_SECONDS = 0.5  # until a page says that the file is read
_MADE_COLUMNS = (SOURCE_COLUMN, CELLS_COLUMN)


def _check(request: PageRequest) -> Response:
    """GET /new/{id}/check"""
    return check_shown(request, found_draft(request))


def _begin(request: PageRequest) -> Response:
    """POST /new/{id}/check: the same, from the step before."""
    found_draft(request)
    return way_on(check_address(request.parameters["id"]))


def _applied(request: PageRequest) -> Response:
    """GET /new/{id}/apply: what was made of it, or where it is made."""
    draft = found_draft(request)
    done = done_already(request, draft)
    if (
        done is None
        or request.operations.draft_applier.store_moved(request.asker, draft) is not None
    ):
        return way_on(check_address(request.parameters["id"]))
    return done


def _apply(request: PageRequest) -> Response:
    """POST /new/{id}/apply: exactly what was shown, or nothing."""
    draft = found_draft(request)
    try:
        applied = request.operations.draft_applier.apply(
            request.asker,
            draft,
            version=whole_number(request.value("version"), VERSION_MAX) or 0,
            typed=request.value("typed"),
            wake=request.services.wake,
        )
    except RequestRefused as refused:
        return check_shown(request, found_draft(request), refused=refused)
    return way_on(import_address(request, applied))


def _failed(request: PageRequest) -> Response:
    """GET /new/{id}/failed.csv: the rows with errors, with what is wrong with them."""
    plan = request.operations.draft_plans.found(request.asker, found_draft(request))
    if plan is None or plan.is_expired:
        raise PageRefused(404, "the rows were not checked yet", hint="check them first")
    if plan.is_of_dialect and plan.group is not None:
        return failed_file_text(request, plan.group, "failed.csv")
    return failed_text(request, plan.member(request.asked("of")), "failed.csv")


# What is shown


def check_shown(
    request: PageRequest, draft: Draft, *, refused: RequestRefused | None = None
) -> Response:
    """The page of a draft as it is; `refused` is what was asked for in vain."""
    operations, asker = request.operations, request.asker
    draft_id = request.parameters["id"]
    plans = operations.draft_plans
    if not draft.is_received:
        return way_on(f"{DASHBOARD_PATH}/new/{draft_id}")
    if draft.import_id is not None:
        moved = operations.draft_applier.store_moved(asker, draft)
        if moved is None:
            return way_on(import_address(request, draft))
        message = _with_things(request, moved.message)
        return _page(request, draft, "check_moved.html", moved=moved, message=message)
    plan = plans.found(asker, draft)
    if plan is None:
        try:
            made = plans.prepared(
                asker, draft, wake=request.services.wake, seconds=_PATIENCE_SECONDS
            )
            if made is None:
                return _page(request, draft, "check_reading.html")
            draft = found_draft(request)
        except DraftChangedMeanwhile:
            draft = found_draft(request)
        except RequestRefused as error:
            return _page(
                request,
                draft,
                "check_refused.html",
                error=error,
                hint=page_hint(error.hint),
                is_of_file=isinstance(error, DialectRefused),
                is_open=isinstance(error, ColumnOpen),
                edits=read_edits(draft.choices.edits)[::-1],
                status=422,
            )
        plan = plans.found(asker, draft)
        if plan is None:
            return way_on(check_address(draft_id))
    if not plan.is_finished:
        return _page(
            request,
            draft,
            "check_running.html",
            plan=plan,
            watch=watch_of(
                request,
                "import_plans" if plan.group is None else "import_groups",
                request.services.public_ids.encode(
                    plan.members[0].id if plan.group is None else plan.group.id
                ),
                page_address=check_address(draft_id),
            ),
        )
    if plan.is_expired or not plan.is_whole:
        return _page(request, draft, "check_stopped.html", plan=plan)
    return _found(request, draft, plan, refused)


def _found(
    request: PageRequest, draft: Draft, plan: DraftPlan, refused: RequestRefused | None
) -> Response:
    """What a whole plan has found."""
    draft_id = request.parameters["id"]
    applier = request.operations.draft_applier
    form = request.form if request.method == "POST" else request.query
    place = place_of(form, plan)
    member = plan.member(place.of)
    of = member.resource_type if plan.group is not None else None
    place = replace(place, of=of)
    edits = read_edits(draft.choices.edits)
    reason = applier.stop_reason(draft, plan)
    return _page(
        request,
        draft,
        "check.html",
        status=200 if refused is None else 409,
        plan=plan,
        member=member,
        of=of,
        place=place,
        sentences=[_sentence(request, each, plan.group is not None) for each in plan.members],
        tabs=[
            {
                "name": name,
                "title": title,
                "count": _count(member, name),
                "address": place.address(draft_id, show=name, changes="", page=1),
            }
            for name, title in TABS
        ],
        edits=[
            {"id": each.id, "sentence": each.sentence, "is_planned": each.id in plan.made_with}
            for each in reversed(edits)
        ],
        reason=reason,
        refused=refused,
        hint=None if refused is None else page_hint(refused.hint),
        apostrophes=_apostrophes(plan),
        moved=_with_things(request, applier.moved(request.asker, plan)),
        confirmation=request.operations.live_confirmations.needed(request.asker, plan.members),
        import_words=_import_words(plan),
        options=options_shown(draft.choices, plan),
        **_content(request, draft, plan, member, place),
    )


def _content(
    request: PageRequest, draft: Draft, plan: DraftPlan, member: Import, place: CheckPlace
) -> dict[str, Any]:
    """The list that is looked at."""
    findings, count = request.operations.draft_findings, _count(member, place.show)
    if place.show == "warnings":
        after = request.asked_number("after") or 0
        warnings = findings.warnings(member, after=after, limit=PAGE_ROWS)
        last = warnings[-1].row if len(warnings) >= PAGE_ROWS else None
        return {"warnings": warnings, "next": last, "count": count, "changes": None}
    changes = _changes(request, member, place) if place.show == "updated" else None
    if changes is not None:
        count = changes.count
    pages = max((count + PAGE_ROWS - 1) // PAGE_ROWS, 1)
    number = min(place.number, pages)
    if changes is not None:
        listed = changes.rows
    else:
        listed = request.operations.import_plans.rows_page(
            request.asker,
            member.id,
            planned_outcomes(place.show),
            offset=(number - 1) * PAGE_ROWS,
            limit=PAGE_ROWS,
            may_read=request.may_read,
        ).rows
    numbers = [row["row"] for row in listed]
    shown: dict[str, Any] = {
        "count": count,
        "number": number,
        "pages": pages,
        "listed": listed,
        "changes": changes,
        "large_percent": LARGE_PERCENT,
        "columns": member.layout.keys if member.layout.keys else member.layout.columns,
    }
    if place.show == "errors":
        shown |= errors_shown(request, draft, plan, member, numbers)
    else:
        # The largest changes may stand anywhere in the file, which is read from place to place.
        has_cells = (
            changes is None
            or member.inputs_size <= SHOWN_WITHIN_ROWS
            or request.asked("cells") == "all"
        )
        cells = {
            row.number: dict(row.cells)
            for row in findings.rows(
                member, numbers if has_cells else (), may_read=request.may_read
            )
        }
        shown["has_cells"] = has_cells
        shown["cells"] = cells
        columns = [each for each in shown["columns"] if each not in _MADE_COLUMNS and has_cells]
        shown["columns"] = columns[:COLUMNS_SHOWN]
        shown["columns_left"] = len(columns) - len(shown["columns"])
        # What was made of rows of another file is known by these.
        places = {number: row.get(SOURCE_COLUMN, "").split(":") for number, row in cells.items()}
        shown["places"] = {
            number: tuple(map(int, place)) for number, place in places.items() if len(place) == 2
        }
    return shown


def _changes(request: PageRequest, member: Import, place: CheckPlace) -> PlannedChangesPage | None:
    """The rows that change records, the largest changes first; None: nobody knows how large."""
    return request.operations.planned_changes.page(
        member,
        only_large=place.only_large,
        number=place.number,
        limit=PAGE_ROWS,
        may_read=request.may_read,
    )


def _sentence(request: PageRequest, plan: Import, is_member: bool) -> dict[str, Any]:
    return {
        "type": things(plan.resource_type),
        "of": plan.resource_type if is_member else None,
        "size": plan.inputs_size,
        "created": plan.created_count,
        "updated": plan.updated_count,
        "unchanged": plan.unchanged_count,
        "skipped": plan.skipped_count,
        "failed": plan.errors_count,
    }


def _apostrophes(plan: DraftPlan) -> list[str]:
    """What is done with apostrophes before = + - @ that may guard cells against spreadsheets."""
    of_file = () if plan.group is None else plan.group.notices
    notices = [*of_file, *(each for member in plan.members for each in member.notices)]
    return list(dict.fromkeys(each.message for each in notices if each.code in APOSTROPHE_CODES))


def _with_things(request: PageRequest, message: str | None) -> str | None:
    return None if message is None else with_things(message, request.services.catalogue.types)


def _count(plan: Import, show: str) -> int:
    return {
        "created": plan.created_count,
        "updated": plan.updated_count,
        "unchanged": plan.unchanged_count + plan.skipped_count,
        "errors": plan.errors_count,
        "warnings": plan.warnings_count,
    }[show]


def _import_words(plan: DraftPlan) -> str:
    if plan.group is None:
        return f"{plan.to_write:,} {things(plan.members[0].resource_type, plan.to_write)}"
    return f"{plan.to_write:,} record{'' if plan.to_write == 1 else 's'}"


def _page(
    request: PageRequest, draft: Draft, template: str, *, status: int = 200, **values: Any
) -> Response:
    draft_id = request.parameters["id"]
    return page(
        request,
        template,
        status=status,
        title=f"Check {draft.source_name}",
        draft=draft,
        draft_id=draft_id,
        here=check_address(draft_id),
        base=f"{DASHBOARD_PATH}/new/{draft_id}",
        steps=steps_of(request, draft, "check"),
        **values,
    )


PAGES = [
    ("/new/{id}/check", Page(handlers={"GET": _check, "POST": _begin})),
    ("/new/{id}/failed.csv", Page(handlers={"GET": _failed})),
    ("/new/{id}/apply", Page(handlers={"GET": _applied, "POST": _apply})),
]
