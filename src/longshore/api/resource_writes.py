"""The endpoints that write resources, one set for all types that are records."""

from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.api.bodies import LinkedTarget, WriteBody, read_create_body, read_update_body
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, from_findings
from longshore.api.queries import parse_document_query
from longshore.api.resource_documents import check_query, one_document
from longshore.api.resources import addressed, require_action, routed_type
from longshore.api.responses import created_response
from longshore.catalogue import ResourceType
from longshore.database import StatementRefused
from longshore.engine import Moved
from longshore.operations import Selection


def create_resource(request: ApiRequest) -> Response:
    """POST /api/{type}"""
    declared = routed_type(request)
    require_action(request, declared, "create")
    request.context.require(Action.CREATE, declared.name)
    catalogue = request.services.catalogue
    query = parse_document_query(catalogue, declared.name, request.query)
    check_query(request.context, declared.name, query)
    body = read_create_body(catalogue, declared, request.body)
    _require_targets(request, declared, body)
    written = request.operations.record_writes.create(
        request.asker, declared.name, body.row, query, moved=_moved(request, body)
    )
    if written.found is None:
        raise from_findings(declared, written.outcome.findings, body.values)
    return created_response(one_document(request.context, query, written.found))


def update_resource(request: ApiRequest) -> dict[str, Any]:
    """PATCH /api/{type}/{id}"""
    declared = routed_type(request)
    require_action(request, declared, "update")
    request.context.require(Action.UPDATE, declared.name)
    catalogue = request.services.catalogue
    query = parse_document_query(catalogue, declared.name, request.query)
    check_query(request.context, declared.name, query)
    key = _addressed_key(request, declared)
    body = read_update_body(catalogue, declared, request.body, id_=request.parameters["id"])
    _require_targets(request, declared, body)
    _refuse_parting(request, declared, body, key)
    written = request.operations.record_writes.update(
        request.asker, declared.name, key, body.row, query, moved=_moved(request, body)
    )
    if written.found is None:
        if any(field == "id" for field, _, _ in written.outcome.findings):
            raise ApiError("RECORD_NOT_FOUND")  # destroyed meanwhile
        raise from_findings(declared, written.outcome.findings, body.values)
    return one_document(request.context, query, written.found)


def delete_resource(request: ApiRequest) -> None:
    """DELETE /api/{type}/{id}"""
    declared = routed_type(request)
    require_action(request, declared, "delete")
    request.context.require(Action.DESTROY, declared.name)
    key = _addressed_key(request, declared)
    referrers: list[str] = []
    try:
        destruction = request.operations.record_writes.delete(request.asker, declared.name, key)
        if not destruction.is_found:
            raise ApiError("RECORD_NOT_FOUND")
        if destruction.is_done:
            return
        referrers = list(destruction.referrers)
    except StatementRefused:
        # Something refers to it that is not known to: the database had the last word.
        pass
    raise ApiError(
        "LOCKED",
        type=_class_name(declared),
        id=request.parameters["id"],
        meta={"referrers": referrers},
    )


def _addressed_key(request: ApiRequest, declared: ResourceType) -> int:
    return addressed(request, declared, Selection.nothing_of(declared.name)).resource.key


def _require_targets(request: ApiRequest, declared: ResourceType, body: WriteBody) -> None:
    """Refuse targets that are not of the type that the body says.

    The engine looks for a target in all types of a family; which one is meant, only a body says.
    """
    missing = [
        (target.relationship.name, "must exist", None)
        for target in body.targets
        if not _is_of_type(request, target)
    ]
    if missing:
        raise from_findings(declared, missing, body.values)


def _moved(request: ApiRequest, body: WriteBody) -> list[Moved]:
    """The records that shall refer to the resource, all of which may be written."""
    moved = []
    for target in body.moved:
        request.context.require(Action.UPDATE, target.type)
        inverse = target.relationship.inverse
        assert inverse is not None
        moved.append(
            Moved(
                resource_type=target.type,
                public_id=target.id,
                by=inverse,
                relationship=target.relationship.name,
            )
        )
    return moved


def _refuse_parting(request: ApiRequest, declared: ResourceType, body: WriteBody, key: int) -> None:
    """Refuse to take away what cannot be without the resource."""
    leads_somewhere = request.operations.resources.leads_somewhere
    kept = [
        (each.name, "cannot be taken away, delete the record instead", None)
        for each in body.parted
        if leads_somewhere(request.asker, declared.name, each, key)
    ]
    if kept:
        raise from_findings(declared, kept, body.values)


def _is_of_type(request: ApiRequest, target: LinkedTarget) -> bool:
    declared = request.services.catalogue.types.get(target.type)
    if declared is None or declared.base is None:
        return True
    key = request.services.public_ids.decode(target.id)
    is_there = request.operations.resources.is_there
    return key is not None and is_there(request.asker, target.type, key)


def _class_name(declared: ResourceType) -> str:
    """`sku_list_item` as the wire's messages name it: SkuListItem."""
    return "".join(part.capitalize() for part in declared.singular.split("_"))
