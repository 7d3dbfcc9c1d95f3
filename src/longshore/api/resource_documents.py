"""Documents of what was read: one resource, or a page of a list, with what they include."""

from collections.abc import Sequence
from typing import Any

from longshore.access import Action
from longshore.api.compound_documents import (
    Included,
    check_include,
    include_related,
    is_to_one,
    read_fields,
    shown_fields,
)
from longshore.api.context import ApiRequest, RequestContext
from longshore.api.documents import resource_document
from longshore.api.errors import ApiError
from longshore.api.queries import Page, Query, filter_error, page_url
from longshore.api.stores import Criteria, Deferred, Reading, Resource
from longshore.records import FilterRefused, Ids, SortRefused, Within


def list_document(
    request: ApiRequest,
    reading: Reading,
    resource_type: str,
    query: Query,
    *,
    within: Within | None = None,
) -> dict[str, Any]:
    """A page of the resources of a type that pass the query's filters."""
    context = request.context
    check_query(context, resource_type, query)
    if query.after is not None:
        raise ApiError("PARAM_NOT_ALLOWED", param="page[after]", parameter="page[after]")
    criteria = Criteria(filters=query.filters, within=within)
    store = context.services.store_of(resource_type)
    try:
        count = store.count(reading, resource_type, criteria)
        found = store.find(
            reading,
            resource_type,
            criteria,
            sort=query.sort,
            offset=query.page.offset,
            limit=query.page.size,
            fields=read_fields(context.services.catalogue, query, resource_type),
        )
    except FilterRefused as refused:
        raise filter_error(refused) from refused
    except SortRefused as refused:
        raise ApiError(
            "INVALID_SORT_CRITERIA",
            criterion=refused.criterion,
            type=resource_type,
            parameter="sort",
        ) from refused
    document = data_document(context, reading, query, found)
    document["meta"] = page_meta(count, query.page)
    document["links"] = page_links(request, count, query.page)
    return document


def with_deferred(document: dict[str, Any]) -> dict[str, Any]:
    """The document with what is read when the snapshot is closed."""
    data = document["data"]
    for each in data if isinstance(data, list) else [data]:
        attributes = each["attributes"]
        for name, value in attributes.items():
            if isinstance(value, Deferred):
                attributes[name] = value.read()
    return document


def one_document(
    context: RequestContext, reading: Reading, resource_type: str, query: Query, found: Resource
) -> dict[str, Any]:
    """The document of one resource."""
    check_query(context, resource_type, query)
    document = data_document(context, reading, query, [found])
    (document["data"],) = document["data"]
    return document


def read_one(
    context: RequestContext,
    reading: Reading,
    resource_type: str,
    key: int,
    query: Query,
    *,
    action: str = "retrieve",
) -> Resource | None:
    """The resource of a type with this key, if it is in the environment."""
    found = context.services.store_of(resource_type).find(
        reading,
        resource_type,
        Criteria(within=Ids(ids=[key])),
        fields=read_fields(context.services.catalogue, query, resource_type),
        action=action,
    )
    return next(iter(found), None)


def check_query(context: RequestContext, resource_type: str, query: Query) -> None:
    """Refuse what leads nowhere or to what the application may not read."""
    check_include(context, resource_type, query.include)
    for filter_ in query.filters:
        for condition in filter_.conditions:
            for path in condition.alternatives:
                types = [name for step in path.steps for name in (step.types or [step.target])]
                for name in (*types, path.owner):
                    if name:
                        context.require(Action.READ, name)


def data_document(
    context: RequestContext, reading: Reading, query: Query, found: Sequence[Resource]
) -> dict[str, Any]:
    """The resources and what the query includes of them."""
    included = include_related(context, reading, query, found)
    document: dict[str, Any] = {
        "data": [resource_object(context, query, each, included) for each in found]
    }
    if query.include:
        document["included"] = [
            resource_object(context, query, each, included) for each in included.resources
        ]
    return document


def resource_object(
    context: RequestContext, query: Query, resource: Resource, included: Included
) -> dict[str, Any]:
    """A resource as the query wants it shown."""
    catalogue = context.services.catalogue
    declared = catalogue.types[resource.type]
    followed = included.linkage_of(catalogue, resource)
    linkage: dict[str, Any] = {}
    for relationship in declared.relationships:
        if (targets := followed.get(relationship.name)) is not None:
            identifiers = [{"type": each.type, "id": each.id} for each in targets]
            if is_to_one(relationship):
                linkage[relationship.name] = identifiers[0] if identifiers else None
            else:
                linkage[relationship.name] = identifiers
    return resource_document(
        declared,
        resource.id,
        resource.attributes,
        context.origin,
        meta=resource.meta,
        fields=shown_fields(catalogue, query, resource.type),
        linkage=linkage,
    )


def page_meta(count: int, page: Page) -> dict[str, int]:
    """How long a list is; an empty one has no pages."""
    return {"record_count": count, "page_count": -(-count // page.size)}


def page_links(request: ApiRequest, count: int, page: Page) -> dict[str, str]:
    """The addresses of other pages; there is none before the first or after the last."""
    last = max(page_meta(count, page)["page_count"], 1)
    numbers = {
        "first": 1,
        "prev": min(page.number - 1, last),
        "next": page.number + 1,
        "last": last,
    }
    return {
        name: page_url(request.url, request.query, Page(number=number, size=page.size))
        for name, number in numbers.items()
        if 1 <= number <= last
    }
