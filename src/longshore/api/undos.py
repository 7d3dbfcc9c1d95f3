"""/api/import_undos: what takes imports back, and what takes that back in turn.

An undo of an import begins with PATCH /api/imports/{id}.
"""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.api.bodies import read_resource_object, require_key
from longshore.api.context import ApiRequest
from longshore.api.documents import undo_document
from longshore.api.errors import ApiError, ApiErrors, validation_error
from longshore.api.labels import is_fired
from longshore.api.queries import PAGE_SIZE_MAX, parse_page_query
from longshore.api.resource_documents import page_links, page_meta
from longshore.api.resources import addressed_key
from longshore.api.responses import document_response
from longshore.api.undo_refusals import undo_refusal
from longshore.json_text import encode_json
from longshore.operations import (
    IMPORT_UNDOS,
    NoSuchUndo,
    UndoFinished,
    UndoRefused,
    UndoShown,
)

KEPT_PAGE_SIZE_MAX = 1000
INTERRUPT = "_interrupt"
UNDO = "_undo"


def list_undos(request: ApiRequest) -> dict[str, Any]:
    """GET /api/import_undos: newest first."""
    request.context.require(Action.READ, "imports")
    page = parse_page_query(request.query, size_max=PAGE_SIZE_MAX).page
    found = request.operations.undos.page(request.asker, offset=page.offset, limit=page.size)
    return {
        "data": [_resource(request, each) for each in found.undos],
        "meta": page_meta(found.count, page),
        "links": page_links(request, found.count, page),
    }


def retrieve_undo(request: ApiRequest) -> dict[str, Any]:
    """GET /api/import_undos/{id}"""
    request.context.require(Action.READ, "imports")
    try:
        shown = request.operations.undos.shown_of(request.asker, addressed_key(request))
    except NoSuchUndo as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    return {"data": _resource(request, shown)}


def list_kept(request: ApiRequest) -> dict[str, Any]:
    """GET /api/import_undos/{id}/kept: what the undo leaves as it is, by record."""
    request.context.require(Action.READ, "imports")
    page = parse_page_query(request.query, size_max=KEPT_PAGE_SIZE_MAX).page
    try:
        found = request.operations.undos.kept_page(
            request.asker, addressed_key(request), offset=page.offset, limit=page.size
        )
    except NoSuchUndo as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    return {
        "data": [
            {"id": str(page.offset + index), "type": "kept_parts", "attributes": part}
            for index, part in enumerate(found.parts, 1)
        ],
        "meta": page_meta(found.count, page),
        "links": page_links(request, found.count, page),
    }


def change_undo(request: ApiRequest) -> Response:
    """PATCH /api/import_undos/{id}: `_undo` begins to take back what it has done: the answer names
    the new undo in `meta`; `_interrupt` stops it."""
    request.context.require(Action.UPDATE, "imports")
    undos, key = request.operations.undos, addressed_key(request)
    asked = _asked(request.body, request.parameters["id"])
    try:
        if asked == UNDO:
            shown = undos.undo_undo(
                request.asker, key, answer=lambda shown: encode_json(_document(request, shown))
            )
        elif asked == INTERRUPT:
            shown = undos.interrupt(request.asker, key)
        else:
            shown = undos.shown_of(request.asker, key)
    except NoSuchUndo as error:
        raise ApiError("RECORD_NOT_FOUND") from error
    except UndoFinished as error:
        raise validation_error(
            "status",
            f"is {error.status}, only pending and in_progress undos can be interrupted",
            pointer="/data/attributes/status",
            value=str(error.status),
        ) from error
    except UndoRefused as error:
        raise undo_refusal(error) from error
    if asked is not None:
        request.services.wake()
    return document_response(_document(request, shown))


def _asked(body: bytes, id_: str) -> str | None:
    """What of the two a body asks for; raises ApiError, or ApiErrors."""
    data = read_resource_object(body, IMPORT_UNDOS)
    require_key(data, id_)
    attributes = data.get("attributes") or {}
    if not isinstance(attributes, Mapping):
        detail = "Attributes must be a hash."
        raise ApiError("INVALID_DATA_FORMAT", detail=detail, pointer="/data/attributes")
    unknown = [name for name in attributes if name not in (UNDO, INTERRUPT)]
    if unknown:
        raise ApiErrors(
            [
                ApiError("PARAM_NOT_ALLOWED", param=name, pointer=f"/data/attributes/{name}")
                for name in unknown
            ]
        )
    fired = [name for name in (UNDO, INTERRUPT) if is_fired(name, attributes.get(name))]
    if len(fired) > 1:
        raise validation_error(
            UNDO,
            "cannot be asked for together with _interrupt: only what has ended is taken back",
            pointer=f"/data/attributes/{UNDO}",
            value=True,
        )
    return fired[0] if fired else None


def _document(request: ApiRequest, shown: UndoShown) -> dict[str, Any]:
    return {"data": _resource(request, shown)}


def _resource(request: ApiRequest, shown: UndoShown) -> dict[str, Any]:
    return undo_document(shown, request.context.origin)
