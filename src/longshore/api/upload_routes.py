"""The routes of uploads."""

from starlette.routing import BaseRoute, Route

from longshore.api.endpoints import Endpoint
from longshore.api.services import Services
from longshore.api.uploads import (
    add_part,
    change_upload,
    create_upload,
    list_uploads,
    remove_upload,
    retrieve_upload,
)
from longshore.operations import PART_BYTES_MAX


def upload_routes(services: Services) -> list[BaseRoute]:
    """To stand before the routes of the resources, which would take `uploads` for a type."""
    return [
        Route(
            "/api/uploads",
            Endpoint(services=services, handlers={"GET": list_uploads, "POST": create_upload}),
        ),
        Route(
            "/api/uploads/{id}",
            Endpoint(
                services=services,
                handlers={
                    "GET": retrieve_upload,
                    "PATCH": change_upload,
                    "DELETE": remove_upload,
                },
            ),
        ),
        Route(
            "/api/uploads/{id}/parts",
            Endpoint(
                services=services,
                handlers={"PUT": add_part},
                is_json_api=False,
                streams={"PUT": PART_BYTES_MAX},
            ),
        ),
    ]
