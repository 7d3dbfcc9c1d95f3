"""The routes of imports and of what happened, where those of all resource types do not do."""

from starlette.routing import BaseRoute, Route

from longshore.api.blames import list_blame
from longshore.api.downloads import download_attachment
from longshore.api.endpoints import Endpoint
from longshore.api.events import change_event
from longshore.api.histories import (
    list_event_stores,
    list_event_stores_linkage,
    retrieve_event_store,
)
from longshore.api.imports import (
    change_import,
    list_import_causes,
    list_import_errors,
    list_import_rows,
    remove_import,
)
from longshore.api.progress import watch_import
from longshore.api.retries import retry_import
from longshore.api.services import Services
from longshore.api.submissions import create_import


def import_routes(services: Services) -> list[BaseRoute]:
    """To stand before the routes of the resources, which answer all other methods."""
    streams = {"POST": services.settings.import_bytes_max}
    return [
        Route(
            "/api/imports",
            Endpoint(services=services, handlers={"POST": create_import}, streams=streams),
            methods=["POST"],
        ),
        Route(
            "/api/imports/{id}",
            Endpoint(
                services=services,
                handlers={"PATCH": change_import, "DELETE": remove_import},
                keyed=frozenset(("PATCH",)),  # it may begin an undo
            ),
            methods=["PATCH", "DELETE"],
        ),
        Route(
            "/api/imports/{id}/retry",
            Endpoint(services=services, handlers={"POST": retry_import}),
        ),
        Route(
            "/api/imports/{id}/errors",
            Endpoint(services=services, handlers={"GET": list_import_errors}),
        ),
        Route(
            "/api/imports/{id}/errors_digest",
            Endpoint(services=services, handlers={"GET": list_import_causes}),
        ),
        Route(
            "/api/imports/{id}/rows",
            Endpoint(services=services, handlers={"GET": list_import_rows}),
        ),
        Route(
            "/api/imports/{id}/progress",
            Endpoint(services=services, handlers={"GET": watch_import}, is_json_api=False),
        ),
        Route(
            "/api/events/{id}",
            Endpoint(services=services, handlers={"PATCH": change_event}),
            methods=["PATCH"],
        ),
        Route(
            "/api/event_stores/{id}",
            Endpoint(services=services, handlers={"GET": retrieve_event_store}),
        ),
        Route(
            "/api/{type}/{id}/blame",
            Endpoint(services=services, handlers={"GET": list_blame}),
        ),
        Route(
            "/api/{type}/{id}/event_stores",
            Endpoint(services=services, handlers={"GET": list_event_stores}),
        ),
        Route(
            "/api/{type}/{id}/relationships/event_stores",
            Endpoint(services=services, handlers={"GET": list_event_stores_linkage}),
        ),
        Route(
            "/attachments/{name}",
            Endpoint(
                services=services,
                handlers={"GET": download_attachment},
                asks_for_token=False,
                is_json_api=False,
            ),
        ),
    ]
