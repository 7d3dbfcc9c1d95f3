"""PATCH /api/events/{id}: how an event is called; `_trigger` tells it once more."""

from typing import Any

from longshore.access import Action
from longshore.api.bodies import read_update_body
from longshore.api.context import ApiRequest
from longshore.api.labels import is_fired, read_labels
from longshore.api.queries import parse_document_query
from longshore.api.resource_documents import check_query, one_document
from longshore.api.resources import addressed
from longshore.operations import Selection

_TYPE = "events"
_TRIGGER = "_trigger"


def change_event(request: ApiRequest) -> dict[str, Any]:
    """PATCH /api/events/{id}: reference, reference_origin, metadata.

    An event that is told once more is told to the webhooks that listen, and there are none yet.
    """
    context, services = request.context, request.services
    declared = services.catalogue.types[_TYPE]
    context.require(Action.UPDATE, _TYPE)
    query = parse_document_query(services.catalogue, _TYPE, request.query)
    check_query(context, _TYPE, query)
    key = addressed(request, declared, Selection.nothing_of(_TYPE)).resource.key
    body = read_update_body(
        services.catalogue, declared, request.body, id_=request.parameters["id"]
    )
    given = dict(body.values)
    is_fired(_TRIGGER, given.pop(_TRIGGER, None))
    changes = read_labels(request, declared, given)
    found = request.operations.events.change(request.asker, key, changes, query)
    return one_document(context, query, found)
