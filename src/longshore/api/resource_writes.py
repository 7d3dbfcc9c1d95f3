"""The endpoints that write resources, one set for all types that are records."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from longshore.access import Action
from longshore.api.bodies import LinkedTarget, WriteBody, read_create_body, read_update_body
from longshore.api.context import ApiRequest
from longshore.api.errors import ApiError, from_findings
from longshore.api.queries import Query, parse_document_query
from longshore.api.resource_documents import check_query, one_document, read_one
from longshore.api.resources import addressed, require_action, routed_type
from longshore.api.responses import document_response
from longshore.api.stores import Criteria
from longshore.catalogue import ResourceType
from longshore.database import StatementRefused, Transaction
from longshore.engine import Moved
from longshore.records import Ids

_NO_FIELDS = frozenset[str]()


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
    written = _Written(request, declared, query, "create")
    outcome = request.services.writer.create(
        request.context.environment,
        declared.name,
        body.row,
        creator=request.context.proven.application.id,
        moved=_moved(request, body),
        on_saved=written.read,
    )
    if outcome.record_id is None:
        raise from_findings(declared, outcome.findings, body.values)
    document = written.document(outcome.warnings)
    location = document["data"]["links"]["self"]
    return document_response(document, status=201, headers={"Location": location})


def update_resource(request: ApiRequest) -> dict[str, Any]:
    """PATCH /api/{type}/{id}"""
    declared = routed_type(request)
    require_action(request, declared, "update")
    request.context.require(Action.UPDATE, declared.name)
    catalogue = request.services.catalogue
    query = parse_document_query(catalogue, declared.name, request.query)
    check_query(request.context, declared.name, query)
    key = _addressed_key(request, declared)
    written = _Written(request, declared, query, "update")
    body = read_update_body(catalogue, declared, request.body, id_=request.parameters["id"])
    _require_targets(request, declared, body)
    _refuse_parting(request, declared, body, key)
    outcome = request.services.writer.update(
        request.context.environment,
        declared.name,
        key,
        body.row,
        creator=request.context.proven.application.id,
        moved=_moved(request, body),
        on_saved=written.read,
    )
    if outcome.record_id is None:
        if any(field == "id" for field, _, _ in outcome.findings):
            raise ApiError("RECORD_NOT_FOUND")  # destroyed meanwhile
        raise from_findings(declared, outcome.findings, body.values)
    return written.document(outcome.warnings)


def delete_resource(request: ApiRequest) -> None:
    """DELETE /api/{type}/{id}"""
    declared = routed_type(request)
    require_action(request, declared, "delete")
    request.context.require(Action.DESTROY, declared.name)
    key = _addressed_key(request, declared)
    referrers: list[str] = []
    try:
        destruction = request.services.writer.delete(
            request.context.environment,
            declared.name,
            key,
            creator=request.context.proven.application.id,
        )
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


class _Written:
    """The document of a resource, read in the transaction that writes it.

    Read after it, the document could fail when the write has not: who is answered that the database
    is away then writes again.
    """

    def __init__(
        self, request: ApiRequest, declared: ResourceType, query: Query, action: str
    ) -> None:
        self._request = request
        self._declared = declared
        self._query = query
        self._action = action
        self._document: dict[str, Any] = {}

    def read(self, tx: Transaction, key: int) -> None:
        context, declared, query = self._request.context, self._declared, self._query
        reading = context.reading(tx)
        found = read_one(context, reading, declared.name, key, query, action=self._action)
        assert found is not None, "it was just written"
        self._document = one_document(context, reading, declared.name, query, found)

    def document(self, warnings: Sequence[str]) -> dict[str, Any]:
        """What was read, with what the write has warned of."""
        if warnings:
            self._document["meta"] = {"warnings": list(warnings)}
        return self._document


def _addressed_key(request: ApiRequest, declared: ResourceType) -> int:
    query = Query(fields={declared.name: _NO_FIELDS})
    with request.services.read() as tx:
        return addressed(request, request.context.reading(tx), declared, query).key


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
    with request.services.read() as tx:
        reading = request.context.reading(tx)
        kept = [
            (each.name, "cannot be taken away, delete the record instead", None)
            for each in body.parted
            if request.services.store_of(each.targets[0]).links(
                reading, declared.name, each.name, [key], limit=1
            )
        ]
    if kept:
        raise from_findings(declared, kept, body.values)


def _is_of_type(request: ApiRequest, target: LinkedTarget) -> bool:
    declared = request.services.catalogue.types.get(target.type)
    if declared is None or declared.base is None:
        return True
    key = request.services.public_ids.decode(target.id)
    if key is None:
        return False
    with request.services.read() as tx:
        reading = request.context.reading(tx)
        store = request.services.store_of(target.type)
        return store.count(reading, target.type, Criteria(within=Ids(ids=[key]))) == 1


def _class_name(declared: ResourceType) -> str:
    """`sku_list_item` as the wire's messages name it: SkuListItem."""
    return "".join(part.capitalize() for part in declared.singular.split("_"))
