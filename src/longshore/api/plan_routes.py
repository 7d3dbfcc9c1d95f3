"""The routes of plans."""

from starlette.routing import BaseRoute, Route

from longshore.api.endpoints import Endpoint
from longshore.api.import_plans import (
    change_import_plan,
    create_import_plan,
    list_import_plan_rows,
    list_import_plans,
    remove_import_plan,
    retrieve_import_plan,
)
from longshore.api.progress import watch_import_plan
from longshore.api.services import Services


def plan_routes(services: Services) -> list[BaseRoute]:
    """To stand before the routes of the resources, which would take `import_plans` for a type."""
    return [
        Route(
            "/api/import_plans",
            Endpoint(
                services=services,
                handlers={"GET": list_import_plans, "POST": create_import_plan},
                streams={"POST": services.settings.import_bytes_max},
            ),
        ),
        Route(
            "/api/import_plans/{id}",
            Endpoint(
                services=services,
                handlers={
                    "GET": retrieve_import_plan,
                    "PATCH": change_import_plan,
                    "DELETE": remove_import_plan,
                },
                keyed=frozenset(("PATCH",)),
            ),
        ),
        Route(
            "/api/import_plans/{id}/progress",
            Endpoint(services=services, handlers={"GET": watch_import_plan}, is_json_api=False),
        ),
        Route(
            "/api/import_plans/{id}/rows",
            Endpoint(services=services, handlers={"GET": list_import_plan_rows}),
        ),
    ]
