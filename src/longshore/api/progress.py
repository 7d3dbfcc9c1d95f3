"""/api/imports/{id}/progress: how an import gets on, as events that the server sends."""

from starlette.responses import Response

from longshore.access import Action
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError
from longshore.api.resources import addressed_key
from longshore.api.responses import error_response
from longshore.operations import WatchedType
from longshore.web import EVENT_STREAM, EventStream, TooManyStreams

_ACCEPTED = frozenset((EVENT_STREAM, "text/*", "*/*"))
# When a client may ask again for a stream that there was no place for.
_REFUSED_SECONDS = "10"


def watch_import(request: ApiRequest) -> Response:
    """GET /api/imports/{id}/progress"""
    return _watched(request, "imports")


def watch_import_plan(request: ApiRequest) -> Response:
    """GET /api/import_plans/{id}/progress"""
    return _watched(request, "import_plans")


def watch_import_group(request: ApiRequest) -> Response:
    """GET /api/import_groups/{id}/progress"""
    return _watched(request, "import_groups")


def watch_import_undo(request: ApiRequest) -> Response:
    """GET /api/import_undos/{id}/progress"""
    return _watched(request, "import_undos")


def _watched(request: ApiRequest, type_: WatchedType) -> Response:
    request.context.require(Action.READ, "imports")
    progress = request.operations.progress
    watched = progress.watched(request.asker, type_, addressed_key(request))
    if watched is None:
        raise ApiError("RECORD_NOT_FOUND")
    _check_accept(request)
    return EventStream(
        request.services.streams,
        watched,
        progress.look_at(watched),
        caller=request.context.caller,
        last_id=request.headers.get("last-event-id"),
        refused=_refused,
    )


def _check_accept(request: ApiRequest) -> None:
    accept = request.headers.get("accept", "*/*")
    media_types = (each.partition(";")[0].strip().lower() for each in accept.split(","))
    if not any(media_type in _ACCEPTED for media_type in media_types):
        raise ApiError("NOT_ACCEPTABLE", media_type=EVENT_STREAM, found=accept)


def _refused(refused: TooManyStreams) -> Response:
    return error_response(
        ApiError(
            "TOO_MANY_REQUESTS",
            detail=f"{refused.message[:1].upper()}{refused.message[1:]}: {refused.hint}.",
            headers={"Retry-After": _REFUSED_SECONDS},
        )
    )
