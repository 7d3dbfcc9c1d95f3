"""PATCH /api/events/{id}: how an event is called; `_trigger` tells it once more."""

from typing import Any

from longshore.access import Action
from longshore.api.bodies import read_update_body
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError
from longshore.api.labels import is_fired, read_labels
from longshore.api.queries import parse_document_query
from longshore.api.resource_documents import check_query, one_document, read_one
from longshore.journal import update_event

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
    key = services.public_ids.decode(request.parameters["id"])
    if key is None:
        raise ApiError("RECORD_NOT_FOUND")
    with services.read() as tx:
        if read_one(context, context.reading(tx), _TYPE, key, query) is None:
            raise ApiError("RECORD_NOT_FOUND")
    body = read_update_body(
        services.catalogue, declared, request.body, id_=request.parameters["id"]
    )
    given = dict(body.values)
    is_fired(_TRIGGER, given.pop(_TRIGGER, None))
    changes = read_labels(request, declared, given)
    with services.database.write() as tx:
        update_event(
            tx,
            context.environment.number,
            key,
            changes,
            application_id=context.proven.application.id,
        )
        reading = context.reading(tx)
        found = read_one(context, reading, _TYPE, key, query)
        assert found is not None, "events are never removed"
        return one_document(context, reading, _TYPE, query, found)
