"""The endpoints of all resource types, one set for all: what a type has is in its declaration."""

from typing import Any

from longshore.access import Action
from longshore.api.context import ApiRequest
from longshore.api.documents import relationship_links
from longshore.api.errors import ApiError
from longshore.api.queries import parse_document_query, parse_list_query
from longshore.api.resource_documents import (
    check_query,
    list_document,
    one_document,
    page_links,
    page_meta,
)
from longshore.catalogue import Relationship, ResourceType
from longshore.operations import (
    Check,
    Found,
    Resource,
    Selection,
    allow,
    find_relationship,
    is_to_one,
    target_type,
)
from longshore.records import RelatedTo


def list_resources(request: ApiRequest) -> dict[str, Any]:
    """GET /api/{type}"""
    declared = routed_type(request)
    require_action(request, declared, "list")
    request.context.require(Action.READ, declared.name)
    query = parse_list_query(request.services.catalogue, declared.name, request.query)
    return list_document(request, declared.name, query)


def retrieve_resource(request: ApiRequest) -> dict[str, Any]:
    """GET /api/{type}/{id}"""
    declared = routed_type(request)
    require_action(request, declared, "retrieve")
    request.context.require(Action.READ, declared.name)
    query = parse_document_query(request.services.catalogue, declared.name, request.query)
    found = addressed(
        request,
        declared,
        query,
        check=lambda _type: check_query(request.context, declared.name, query),
    )
    return one_document(request.context, query, found)


def list_related(request: ApiRequest) -> dict[str, Any]:
    """GET /api/{type}/{id}/{relationship}: one resource or null, or a list."""
    declared = routed_type(request)
    request.context.require(Action.READ, declared.name)
    owner, relationship = _followed(request, declared)
    if is_to_one(relationship):
        return _related_one(request, owner, relationship)
    return _related_many(request, owner, relationship)


def list_linkage(request: ApiRequest) -> dict[str, Any]:
    """GET /api/{type}/{id}/relationships/{relationship}: types and ids only."""
    declared = routed_type(request)
    request.context.require(Action.READ, declared.name)
    owner, relationship = _followed(request, declared)
    links = relationship_links(_self_url(request, owner), relationship.name)
    if is_to_one(relationship):
        found = request.operations.resources.find_target(
            request.asker, owner, relationship, Selection()
        )
        return {"data": None if found is None else _identifier(found.resource), "links": links}
    document = _related_many(request, owner, relationship)
    identifiers = [{"type": each["type"], "id": each["id"]} for each in document["data"]]
    return {**document, "data": identifiers, "links": {**links, **document["links"]}}


def routed_type(request: ApiRequest) -> ResourceType:
    """The resource type that the path names; 404 when there is none."""
    declared = request.services.catalogue.get(request.parameters["type"])
    if declared is None or not declared.routed or declared.singleton:
        raise ApiError("NOT_FOUND", path=request.path)
    return declared


def require_action(request: ApiRequest, declared: ResourceType, action: str) -> None:
    """Refuse what resources of a type have no endpoint for."""
    if not has_action(declared, action):
        raise method_refused(request, _methods(declared, "id" in request.parameters))


def has_action(declared: ResourceType, action: str) -> bool:
    """Whether these endpoints can do so with resources of a type; they write records only."""
    is_reading = action in ("list", "retrieve")
    return action in declared.actions and (is_reading or declared.kept_by == "records")


def method_refused(request: ApiRequest, methods: list[str]) -> ApiError:
    """The method is none of those that the path has."""
    allowed = ", ".join(methods)
    return ApiError(
        "METHOD_NOT_ALLOWED", method=request.method, allowed=allowed, headers={"Allow": allowed}
    )


def addressed_key(request: ApiRequest) -> int:
    """The key of the id in the path; 404 when it is the id of nothing."""
    key = request.services.public_ids.decode(request.parameters["id"])
    if key is None:
        raise ApiError("RECORD_NOT_FOUND")
    return key


def addressed(
    request: ApiRequest, declared: ResourceType, selection: Selection, *, check: Check = allow
) -> Found:
    """The resource that the path names; 404 when the environment has none."""
    found = request.operations.resources.read(
        request.asker, declared.name, addressed_key(request), selection, check=check
    )
    if found is None:
        raise ApiError("RECORD_NOT_FOUND")
    return found


def _followed(request: ApiRequest, declared: ResourceType) -> tuple[Resource, Relationship]:
    """The resource and its relationship that the path names."""
    owner = addressed(request, declared, Selection.nothing_of(declared.name)).resource
    concrete = request.services.catalogue.types[owner.type]
    relationship = find_relationship(concrete, request.parameters["relationship"])
    if relationship is None:
        raise ApiError("NOT_FOUND", path=request.path)
    for target in relationship.targets:
        if target in request.services.catalogue.types:
            request.context.require(Action.READ, target)
    return owner, relationship


def _related_one(
    request: ApiRequest, owner: Resource, relationship: Relationship
) -> dict[str, Any]:
    catalogue = request.services.catalogue
    target = target_type(catalogue, relationship)
    query = parse_document_query(catalogue, target or owner.type, request.query)
    found = request.operations.resources.find_target(
        request.asker,
        owner,
        relationship,
        query,
        check=lambda resource_type: check_query(request.context, resource_type, query),
    )
    return {"data": None} if found is None else one_document(request.context, query, found)


def _related_many(
    request: ApiRequest, owner: Resource, relationship: Relationship
) -> dict[str, Any]:
    catalogue = request.services.catalogue
    target = target_type(catalogue, relationship)
    if target is None:
        # Its resources are outside: there are none, whatever the filters ask.
        page = parse_list_query(catalogue, owner.type, _paging(request)).page
        return {"data": [], "meta": page_meta(0, page), "links": page_links(request, 0, page)}
    if len(relationship.targets) > 1:
        target = catalogue.types[target].table
    query = parse_list_query(catalogue, target, request.query)
    within = RelatedTo(resource_type=owner.type, relationship=relationship.name, id=owner.key)
    return list_document(request, target, query, within=within)


def _self_url(request: ApiRequest, resource: Resource) -> str:
    return f"{request.context.address.api_url}/{resource.type}/{resource.id}"


def _identifier(resource: Resource) -> dict[str, str]:
    return {"type": resource.type, "id": resource.id}


def _paging(request: ApiRequest) -> list[tuple[str, str]]:
    return [(key, value) for key, value in request.query if key.startswith("page")]


def _methods(declared: ResourceType, of_one: bool) -> list[str]:
    """The methods of a list or of one resource of a type."""
    known = _METHODS_OF_ONE if of_one else _METHODS_OF_LIST
    return [method for action, method in known.items() if has_action(declared, action)]


_METHODS_OF_LIST = {"list": "GET", "create": "POST"}
_METHODS_OF_ONE = {"retrieve": "GET", "update": "PATCH", "delete": "DELETE"}
