"""Who has given the fields of a record their values (longshore's own)."""

from typing import Any

from longshore.access import Action
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError
from longshore.api.resources import addressed_key, routed_type

_TYPE = "field_blames"
_HISTORIES = "event_stores"


def list_blame(request: ApiRequest) -> dict[str, Any]:
    """GET /api/{type}/{id}/blame: every field of a record, in the order of its declaration."""
    declared = routed_type(request)
    if declared.kept_by != "records" or "retrieve" not in declared.actions:
        raise ApiError("NOT_FOUND", path=request.path)
    request.context.require(Action.READ, declared.name)
    # Whoever may read a record need not know who has changed it, a shop that anybody reads say.
    request.context.require(Action.READ, _HISTORIES)
    for key, _ in request.query:
        raise ApiError("PARAM_NOT_ALLOWED", param=key, parameter=key)
    found = request.operations.blames.of(request.asker, declared.name, addressed_key(request))
    if found is None:
        raise ApiError("RECORD_NOT_FOUND")
    return {
        "data": [{"id": each["field"], "type": _TYPE, "attributes": each} for each in found.fields],
        "meta": found.meta,
    }
