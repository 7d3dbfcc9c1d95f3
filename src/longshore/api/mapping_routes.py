"""The routes of saved mappings, which are no resources of the catalogue."""

from starlette.routing import BaseRoute, Route

from longshore.api.endpoints import Endpoint
from longshore.api.mappings import (
    change_mapping,
    create_mapping,
    list_mapping_versions,
    list_mappings,
    remove_mapping,
    retrieve_mapping,
)
from longshore.api.services import Services


def mapping_routes(services: Services) -> list[BaseRoute]:
    """To stand before the routes of the resources."""
    return [
        Route(
            "/api/mappings",
            Endpoint(services=services, handlers={"GET": list_mappings, "POST": create_mapping}),
        ),
        Route(
            "/api/mappings/{id}",
            Endpoint(
                services=services,
                handlers={
                    "GET": retrieve_mapping,
                    "PATCH": change_mapping,
                    "DELETE": remove_mapping,
                },
            ),
        ),
        Route(
            "/api/mappings/{id}/versions",
            Endpoint(services=services, handlers={"GET": list_mapping_versions}),
        ),
    ]
