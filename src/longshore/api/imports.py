"""What is special to imports beside their creation: changes, deletion, errors and rows."""

from typing import Any

from longshore.access import Action
from longshore.api.bodies import read_update_body
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, validation_error
from longshore.api.import_answers import ImportAnswer
from longshore.api.import_rows import SHOWN_ROWS_MAX, row_attributes, row_counts
from longshore.api.labels import is_fired, read_labels
from longshore.api.queries import parse_page_query
from longshore.api.resource_documents import page_links, page_meta
from longshore.api.row_queries import parse_row_query
from longshore.database import Transaction
from longshore.imports import (
    Import,
    ImportFinished,
    LoggedError,
    count_errors,
    count_ledger,
    delete_import,
    get_import,
    interrupt_import,
    list_errors,
    list_ledger,
    update_import,
)

# Errors are many and small, and who asks for them wants them all.
ERRORS_PAGE_SIZE_MAX = 1000

_INTERRUPT = "_interrupt"


def change_import(request: ApiRequest) -> dict[str, Any]:
    """PATCH /api/imports/{id}: reference, reference_origin, metadata; `_interrupt` stops it.

    All of it or nothing: what is asked beside an interruption that is refused does not happen.
    """
    services = request.services
    declared = services.catalogue.types["imports"]
    request.context.require(Action.UPDATE, "imports")
    answer = ImportAnswer(request, "update")
    key = _key(request)
    body = read_update_body(
        services.catalogue, declared, request.body, id_=request.parameters["id"]
    )
    given = dict(body.values)
    asks_to_stop = is_fired(_INTERRUPT, given.pop(_INTERRUPT, None))
    changes = read_labels(request, declared, given)
    application_id = request.context.proven.application.id
    with services.database.write() as tx:
        import_ = _addressed(request, tx, key)
        if asks_to_stop:
            _interrupt(tx, import_, application_id)
        answer.read(tx, update_import(tx, import_, changes, application_id=application_id))
    if asks_to_stop:
        services.on_stopped(request.context.environment.number)
    return answer.document()


def remove_import(request: ApiRequest) -> None:
    """DELETE /api/imports/{id}: stopped if it runs, then hidden; what it imported stays."""
    request.context.require(Action.DESTROY, "imports")
    application_id = request.context.proven.application.id
    with request.services.database.write() as tx:
        import_ = _addressed(request, tx, _key(request))
        delete_import(tx, import_.id, application_id=application_id)
    request.services.on_stopped(request.context.environment.number)


def list_import_errors(request: ApiRequest) -> dict[str, Any]:
    """GET /api/imports/{id}/errors: one entry per message, in the order of the rows."""
    request.context.require(Action.READ, "imports")
    page = parse_page_query(request.query, size_max=ERRORS_PAGE_SIZE_MAX).page
    with request.services.read() as tx:
        import_ = _addressed(request, tx, _key(request))
        count = count_errors(tx, import_.id)
        errors = list_errors(tx, import_.id, offset=page.offset, limit=page.size)
    return {
        "data": [
            _error_object(error, page.offset + index) for index, error in enumerate(errors, 1)
        ],
        "meta": page_meta(count, page),
        "links": page_links(request, count, page),
    }


def list_import_rows(request: ApiRequest) -> dict[str, Any]:
    """GET /api/imports/{id}/rows: what became of each row that was gone through, in their order."""
    request.context.require(Action.READ, "imports")
    page, outcomes = parse_row_query(request.query, size_max=SHOWN_ROWS_MAX)
    with request.services.read() as tx:
        import_ = _addressed(request, tx, _key(request))
        counts = count_ledger(tx, import_.id)
        rows = list_ledger(tx, import_.id, outcomes=outcomes, offset=page.offset, limit=page.size)
        shown = row_attributes(tx, request.services.catalogue, import_, rows)
        told = row_counts(tx, import_)
    count = sum(counts[outcome] for outcome in outcomes)
    return {
        "data": [
            {"id": str(attributes["row"]), "type": "import_rows", "attributes": attributes}
            for attributes in shown
        ],
        "meta": {**page_meta(count, page), **told},
        "links": page_links(request, count, page),
    }


def _key(request: ApiRequest) -> int:
    key = request.services.public_ids.decode(request.parameters["id"])
    if key is None:
        raise ApiError("RECORD_NOT_FOUND")
    return key


def _addressed(request: ApiRequest, tx: Transaction, key: int) -> Import:
    import_ = get_import(tx, request.context.environment.number, key)
    if import_ is None:
        raise ApiError("RECORD_NOT_FOUND")
    return import_


def _interrupt(tx: Transaction, import_: Import, application_id: int) -> None:
    try:
        interrupt_import(tx, import_.id, application_id=application_id)
    except ImportFinished as error:
        raise validation_error(
            "status",
            f"is {import_.status}, only pending and in_progress imports can be interrupted",
            pointer="/data/attributes/status",
            value=str(import_.status),
        ) from error


def _error_object(error: LoggedError, number: int) -> dict[str, Any]:
    attributes = {
        "row": error.row,
        "line": error.line,
        "identifier": error.identifier,
        "attribute": error.attribute,
        "message": error.message,
        "value": error.value,
    }
    if error.expected is not None:
        attributes["expected"] = error.expected
    return {"id": str(number), "type": "import_errors", "attributes": attributes}
