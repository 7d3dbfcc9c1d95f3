"""The routes of import groups."""

from starlette.routing import BaseRoute, Route

from longshore.api.endpoints import Endpoint
from longshore.api.import_groups import (
    change_import_group,
    create_import_group,
    list_import_groups,
    remove_import_group,
    retrieve_import_group,
)
from longshore.api.progress import watch_import_group
from longshore.api.services import Services


def group_routes(services: Services) -> list[BaseRoute]:
    """To stand before the routes of the resources, which would take `import_groups` for a type."""
    return [
        Route(
            "/api/import_groups",
            Endpoint(
                services=services,
                handlers={"GET": list_import_groups, "POST": create_import_group},
                streams={"POST": services.settings.import_bytes_max},
            ),
        ),
        Route(
            "/api/import_groups/{id}",
            Endpoint(
                services=services,
                handlers={
                    "GET": retrieve_import_group,
                    "PATCH": change_import_group,
                    "DELETE": remove_import_group,
                },
                keyed=frozenset(("PATCH",)),  # it may begin undos
            ),
        ),
        Route(
            "/api/import_groups/{id}/progress",
            Endpoint(services=services, handlers={"GET": watch_import_group}, is_json_api=False),
        ),
    ]
