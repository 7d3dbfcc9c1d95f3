"""/api/import_plans: what an import would do, made by a worker and kept until it is applied."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.api.bodies import read_resource_object, require_key
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, ApiErrors, explained_error, validation_error
from longshore.api.labels import is_fired
from longshore.api.plan_documents import plan_document
from longshore.api.queries import parse_page_query
from longshore.api.resource_documents import page_links, page_meta
from longshore.api.resources import addressed_key
from longshore.api.responses import created_response
from longshore.api.row_queries import parse_row_query
from longshore.api.submissions import received_submission, told_refusals
from longshore.errors import RequestRefused
from longshore.imports import ImportFinished, TooManyUnfinished
from longshore.json_text import encode_json
from longshore.operations import (
    IMPORT_PLANS,
    SHOWN_ROWS_MAX,
    NoSuchPlan,
    Resource,
)

APPLY = "_apply"
INTERRUPT = "_interrupt"

# Documents of plans are long: their logs are among them.
PLANS_PAGE_SIZE_MAX = 25


def create_import_plan(request: ApiRequest) -> Response:
    """POST /api/import_plans: with the attributes of an import."""
    request.context.require(Action.CREATE, "imports")
    services = request.services
    declared = replace(services.catalogue.types["imports"], name=IMPORT_PLANS)

    def document(plan: Resource) -> dict[str, Any]:
        return {"data": plan_document(plan, request.context)}

    with received_submission(request, declared) as submission, told_refusals(submission):
        if submission.request.all_or_nothing:
            raise explained_error(
                "all_or_nothing",
                "is invalid",
                pointer="/data/attributes/all_or_nothing",
                reason="a plan writes nothing: it shows beforehand which rows would fail",
            )
        plan = request.operations.import_plans.create(
            request.asker,
            submission.source if submission.upload_id is None else submission.upload_id,
            submission.request,
            answer=lambda plan: encode_json(document(plan)),
            rows_max=services.settings.import_inputs_max,
            on_stored=services.wake,
        )
    return created_response(document(plan))


def list_import_plans(request: ApiRequest) -> dict[str, Any]:
    """GET /api/import_plans: newest first."""
    request.context.require(Action.READ, "imports")
    page = parse_page_query(request.query, size_max=PLANS_PAGE_SIZE_MAX).page
    found = request.operations.import_plans.list(request.asker, offset=page.offset, limit=page.size)
    return {
        "data": [plan_document(plan, request.context) for plan in found.plans],
        "meta": page_meta(found.count, page),
        "links": page_links(request, found.count, page),
    }


def retrieve_import_plan(request: ApiRequest) -> dict[str, Any]:
    """GET /api/import_plans/{id}"""
    request.context.require(Action.READ, "imports")
    key = addressed_key(request)
    with _told():
        plan = request.operations.import_plans.read(request.asker, key)
    return {"data": plan_document(plan, request.context)}


def list_import_plan_rows(request: ApiRequest) -> dict[str, Any]:
    """GET /api/import_plans/{id}/rows: what would become of each row, in their order."""
    request.context.require(Action.READ, "imports")
    page, outcomes = parse_row_query(request.query, size_max=SHOWN_ROWS_MAX)
    key = addressed_key(request)
    with _told():
        found = request.operations.import_plans.rows_page(
            request.asker,
            key,
            outcomes,
            offset=page.offset,
            limit=page.size,
            may_read=request.context.may_read,
        )
    return {
        "data": [
            {"id": str(attributes["row"]), "type": "import_plan_rows", "attributes": attributes}
            for attributes in found.rows
        ],
        "meta": {**page_meta(found.count, page), **found.counts},
        "links": page_links(request, found.count, page),
    }


def change_import_plan(request: ApiRequest) -> dict[str, Any]:
    """PATCH /api/import_plans/{id}: `_apply` begins to do what it has found, `_interrupt` stops it,
    and nothing else can be said."""
    request.context.require(Action.UPDATE, "imports")
    key = addressed_key(request)
    trigger = _read_trigger(request)
    operations = request.operations

    def document(plan: Resource) -> dict[str, Any]:
        return {"data": plan_document(plan, request.context)}

    with _told():
        if trigger == APPLY:
            request.context.require(Action.CREATE, "imports")
            plan = operations.plan_applier.apply_and_show(
                request.asker,
                key,
                answer=lambda plan: encode_json(document(plan)),
                on_stored=request.services.wake,
            )
        else:
            plan = operations.import_plans.interrupt(request.asker, key)
            request.services.wake()
    return document(plan)


def remove_import_plan(request: ApiRequest) -> None:
    """DELETE /api/import_plans/{id}: stopped if it runs, then hidden with all that it has found."""
    request.context.require(Action.DESTROY, "imports")
    key = addressed_key(request)
    with _told():
        request.operations.import_plans.delete(request.asker, key)
    request.services.wake()


@contextmanager
def _told() -> Iterator[None]:
    """What an operation refuses becomes an error of the table."""
    try:
        yield
    except NoSuchPlan as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    except ImportFinished as error:
        raise validation_error(
            "status",
            f"is {error.status}, only pending and in_progress plans can be interrupted",
            pointer="/data/attributes/status",
            value=str(error.status),
        ) from error
    except TooManyUnfinished as error:
        raise validation_error("base", error.message, pointer="/data") from error
    except RequestRefused as error:  # PlanNotApplicable, or its file cannot be read any more
        raise explained_error(
            APPLY, "cannot be applied", pointer=f"/data/attributes/{APPLY}", reason=error.message
        ) from error


def _read_trigger(request: ApiRequest) -> str:
    """What a body asks for; refuses one that asks for anything else."""
    data = read_resource_object(request.body, IMPORT_PLANS)
    require_key(data, request.parameters["id"])
    given = data.get("attributes") or {}
    if not isinstance(given, dict):
        detail = "Attributes must be a hash."
        raise ApiError("INVALID_DATA_FORMAT", detail=detail, pointer="/data/attributes")
    unknown = [
        ApiError("PARAM_NOT_ALLOWED", param=name, pointer=f"/data/attributes/{name}")
        for name in given
        if name not in (APPLY, INTERRUPT)
    ]
    if unknown:
        raise ApiErrors(unknown)
    fired = [name for name in (APPLY, INTERRUPT) if is_fired(name, given.get(name))]
    if len(fired) != 1:
        at_fault = INTERRUPT if INTERRUPT in given else APPLY
        raise explained_error(
            at_fault,
            "is invalid",
            pointer=f"/data/attributes/{at_fault}",
            reason=f"true for {APPLY} applies the plan, true for {INTERRUPT} stops it: one of both",
        )
    return fired[0]
