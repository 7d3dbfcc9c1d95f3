"""What there is one of for each token: its organization and its application."""

from collections.abc import Mapping
from typing import Any

from longshore.access import Action
from longshore.api.context import ApiRequest
from longshore.api.queries import parse_document_query
from longshore.api.resource_documents import check_query, one_document
from longshore.clock import format_datetime
from longshore.operations import Resource


def retrieve_organization(request: ApiRequest) -> dict[str, Any]:
    """GET /api/organization"""
    found = request.operations.organizations.read(request.context.environment.organization)
    return _document(
        request,
        "organizations",
        found.id,
        {
            **found.flags,
            "name": found.name,
            "slug": found.slug,
            "domain": f"{found.slug}.{request.services.settings.domain}",
            "created_at": format_datetime(found.created_at),
            "updated_at": format_datetime(found.updated_at),
        },
    )


def retrieve_application(request: ApiRequest) -> dict[str, Any]:
    """GET /api/application"""
    found = request.context.proven.application
    return _document(
        request,
        "applications",
        found.id,
        {
            "name": found.name,
            "kind": str(found.kind),
            "public_access": found.is_public,
            "redirect_uri": found.redirect_uri,
            "scopes": found.scopes,
            "created_at": format_datetime(found.created_at),
            "updated_at": format_datetime(found.updated_at),
        },
    )


def _document(
    request: ApiRequest, resource_type: str, id_: int, values: Mapping[str, object]
) -> dict[str, Any]:
    """The document of a singleton; attributes that are not kept have their defaults."""
    context, catalogue = request.context, request.services.catalogue
    context.require(Action.READ, resource_type)
    declared = catalogue.types[resource_type]
    query = parse_document_query(catalogue, resource_type, request.query)
    resource = Resource(
        key=id_,
        type=resource_type,
        id=request.services.public_ids.encode(id_),
        attributes={
            each.name: values.get(each.name, each.default)
            for each in declared.attributes
            if each.fetchable
        },
    )
    check_query(context, resource_type, query)
    found = request.operations.resources.include(request.asker, resource, query)
    document = one_document(context, query, found)
    document["data"]["links"]["self"] = request.url  # it has no address with an id
    return document
