"""Documents of what was read: one resource, or a page of a list, with what they include."""

from collections.abc import Sequence
from typing import Any

from longshore.access import Action
from longshore.api.context import ApiRequest, RequestContext
from longshore.api.documents import resource_document
from longshore.api.errors import ApiError
from longshore.api.includes import check_include
from longshore.api.queries import ListPage, Query, filter_error, page_url
from longshore.operations import (
    Criteria,
    Found,
    Included,
    ListPart,
    Resource,
    Selection,
    is_to_one,
    shown_fields,
)
from longshore.records import FilterRefused, SortRefused, Within


def list_document(
    request: ApiRequest,
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
    try:
        listed = request.operations.resources.list(
            request.asker,
            resource_type,
            Criteria(filters=query.filters, within=within),
            query,
            ListPart(sort=query.sort, offset=query.page.offset, limit=query.page.size),
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
    document = data_document(context, query, listed.resources, listed.included)
    document["meta"] = page_meta(listed.count, query.page)
    document["links"] = page_links(request, listed.count, query.page)
    return document


def one_document(context: RequestContext, selection: Selection, found: Found) -> dict[str, Any]:
    """The document of one resource, with what the write has warned of that made it so."""
    document = data_document(context, selection, [found.resource], found.included)
    (document["data"],) = document["data"]
    if found.warnings:
        document["meta"] = {"warnings": list(found.warnings)}
    return document


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
    context: RequestContext, query: Selection, found: Sequence[Resource], included: Included
) -> dict[str, Any]:
    """The resources and what the query includes of them."""
    document: dict[str, Any] = {
        "data": [resource_object(context, query, each, included) for each in found]
    }
    if query.include:
        document["included"] = [
            resource_object(context, query, each, included) for each in included.resources
        ]
    return document


def resource_object(
    context: RequestContext, query: Selection, resource: Resource, included: Included
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


def page_meta(count: int, page: ListPage) -> dict[str, int]:
    """How long a list is; an empty one has no pages."""
    return {"record_count": count, "page_count": -(-count // page.size)}


def page_links(request: ApiRequest, count: int, page: ListPage) -> dict[str, str]:
    """The addresses of other pages; there is none before the first or after the last."""
    last = max(page_meta(count, page)["page_count"], 1)
    numbers = {
        "first": 1,
        "prev": min(page.number - 1, last),
        "next": page.number + 1,
        "last": last,
    }
    return {
        name: page_url(request.url, request.query, ListPage(number=number, size=page.size))
        for name, number in numbers.items()
        if 1 <= number <= last
    }
