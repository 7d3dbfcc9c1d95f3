"""The routes of undos."""

from starlette.routing import BaseRoute, Route

from longshore.api.endpoints import Endpoint
from longshore.api.progress import watch_import_undo
from longshore.api.services import Services
from longshore.api.undos import change_undo, list_kept, list_undos, retrieve_undo


def undo_routes(services: Services) -> list[BaseRoute]:
    """To stand before the routes of the resources, which would take `import_undos` for a type."""
    return [
        Route("/api/import_undos", Endpoint(services=services, handlers={"GET": list_undos})),
        Route(
            "/api/import_undos/{id}",
            Endpoint(
                services=services,
                handlers={"GET": retrieve_undo, "PATCH": change_undo},
                keyed=frozenset(("PATCH",)),
            ),
        ),
        Route(
            "/api/import_undos/{id}/progress",
            Endpoint(services=services, handlers={"GET": watch_import_undo}, is_json_api=False),
        ),
        Route(
            "/api/import_undos/{id}/kept",
            Endpoint(services=services, handlers={"GET": list_kept}),
        ),
    ]
