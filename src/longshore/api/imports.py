"""What is special to imports beside their creation: changes, deletion, errors and rows."""

from typing import Any

from longshore.access import Action
from longshore.api.bodies import read_update_body
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, validation_error
from longshore.api.labels import is_fired, read_labels
from longshore.api.queries import parse_document_query, parse_page_query
from longshore.api.resource_documents import check_query, one_document, page_links, page_meta
from longshore.api.resources import addressed_key
from longshore.api.row_queries import parse_row_query
from longshore.api.undo_refusals import undo_refusal
from longshore.imports import ImportFinished, ImportWritten
from longshore.operations import (
    SHOWN_ROWS_MAX,
    NoSuchImport,
    UndoRefused,
    digest_counts,
    error_attributes,
    error_group_attributes,
)

# Errors are many and small, and who asks for them wants them all.
ERRORS_PAGE_SIZE_MAX = 1000

_INTERRUPT = "_interrupt"
_UNDO = "_undo"


def change_import(request: ApiRequest) -> dict[str, Any]:
    """PATCH /api/imports/{id}: reference, reference_origin, metadata; `_interrupt` stops it,
    `_undo` begins to take back what it has done: the answer names the undo in `meta`.

    All of it or nothing: what is asked beside an interruption that is refused does not happen.
    """
    services = request.services
    declared = services.catalogue.types["imports"]
    request.context.require(Action.UPDATE, "imports")
    query = parse_document_query(services.catalogue, "imports", request.query)
    check_query(request.context, "imports", query)
    key = addressed_key(request)
    body = read_update_body(
        services.catalogue, declared, request.body, id_=request.parameters["id"]
    )
    given = dict(body.values)
    asks_to_stop = is_fired(_INTERRUPT, given.pop(_INTERRUPT, None))
    asks_to_undo = is_fired(_UNDO, given.pop(_UNDO, None))
    changes = read_labels(request, declared, given)
    try:
        found = request.operations.imports.change(
            request.asker, key, changes, query, interrupts=asks_to_stop, undoes=asks_to_undo
        )
    except NoSuchImport as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    except ImportFinished as error:
        raise validation_error(
            "status",
            f"is {error.status}, only pending and in_progress imports can be interrupted",
            pointer="/data/attributes/status",
            value=str(error.status),
        ) from error
    except UndoRefused as error:
        raise undo_refusal(error) from error
    if asks_to_stop or asks_to_undo:
        services.wake()
    return one_document(request.context, query, found)


def remove_import(request: ApiRequest) -> None:
    """DELETE /api/imports/{id}: stopped if it runs, then hidden; what it imported stays."""
    request.context.require(Action.DESTROY, "imports")
    try:
        request.operations.imports.delete(request.asker, addressed_key(request))
    except NoSuchImport as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    except ImportWritten as error:
        raise validation_error(
            "status",
            "is in_progress, and what is written of an import that is all or nothing must be "
            "taken back before it can be deleted",
            pointer="/data/attributes/status",
            value="in_progress",
        ) from error
    request.services.wake()


def list_import_errors(request: ApiRequest) -> dict[str, Any]:
    """GET /api/imports/{id}/errors: one entry per message, in the order of the rows."""
    request.context.require(Action.READ, "imports")
    page = parse_page_query(request.query, size_max=ERRORS_PAGE_SIZE_MAX).page
    found = request.operations.imports.errors_page(
        request.asker,
        addressed_key(request),
        offset=page.offset,
        limit=page.size,
        may_read=request.context.may_read,
    )
    if found is None:
        raise ApiError("RECORD_NOT_FOUND")
    return {
        "data": [
            {
                "id": str(page.offset + index),
                "type": "import_errors",
                "attributes": error_attributes(error),
            }
            for index, error in enumerate(found.errors, 1)
        ],
        "meta": page_meta(found.count, page),
        "links": page_links(request, found.count, page),
    }


def list_import_causes(request: ApiRequest) -> dict[str, Any]:
    """GET /api/imports/{id}/errors_digest: one entry per cause, the most frequent first."""
    request.context.require(Action.READ, "imports")
    page = parse_page_query(request.query, size_max=ERRORS_PAGE_SIZE_MAX).page
    digest = request.operations.imports.digest_of(
        request.asker, addressed_key(request), may_read=request.context.may_read
    )
    if digest is None:
        raise ApiError("RECORD_NOT_FOUND")
    groups = digest.groups[page.offset : page.offset + page.size]
    return {
        "data": [
            {
                "id": str(page.offset + index),
                "type": "import_error_groups",
                "attributes": error_group_attributes(group),
            }
            for index, group in enumerate(groups, 1)
        ],
        "meta": {**page_meta(len(digest.groups), page), **digest_counts(digest)},
        "links": page_links(request, len(digest.groups), page),
    }


def list_import_rows(request: ApiRequest) -> dict[str, Any]:
    """GET /api/imports/{id}/rows: what became of each row that was gone through, in their order."""
    request.context.require(Action.READ, "imports")
    page, outcomes = parse_row_query(request.query, size_max=SHOWN_ROWS_MAX)
    found = request.operations.imports.rows_page(
        request.asker,
        addressed_key(request),
        outcomes,
        offset=page.offset,
        limit=page.size,
        may_read=request.context.may_read,
    )
    if found is None:
        raise ApiError("RECORD_NOT_FOUND")
    return {
        "data": [
            {"id": str(attributes["row"]), "type": "import_rows", "attributes": attributes}
            for attributes in found.rows
        ],
        "meta": {**page_meta(found.count, page), **found.counts},
        "links": page_links(request, found.count, page),
    }
