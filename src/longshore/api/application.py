"""The application that a server runs: all routes, and what goes around every one of them."""

import asyncio
import secrets
import time
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longshore.api.access_routes import access_routes
from longshore.api.context import ApiRequest
from longshore.api.endpoints import Answer, Endpoint, allowance_of
from longshore.api.errors import ApiError
from longshore.api.group_routes import group_routes
from longshore.api.import_routes import import_routes
from longshore.api.mapping_routes import mapping_routes
from longshore.api.plan_routes import plan_routes
from longshore.api.resource_writes import create_resource, delete_resource, update_resource
from longshore.api.resources import (
    list_linkage,
    list_related,
    list_resources,
    retrieve_resource,
)
from longshore.api.responses import RETRY_SECONDS, error_response
from longshore.api.services import Services
from longshore.api.undo_routes import undo_routes
from longshore.api.upload_routes import upload_routes
from longshore.observations import REQUEST_ID, RequestAnswered
from longshore.web import asked_path, take_version

_RATE_LIMIT_HEADERS = ("X-Ratelimit-Limit", "X-Ratelimit-Interval", "X-Ratelimit-Remaining")
_PATH_CHARACTERS = 200  # of a path, in a log line
_PIECE_BYTES = 1 << 16  # of the body of a response
_METHODS = ("GET", "POST", "PATCH", "DELETE", "PUT")


def create_asgi_application(services: Services, routes: Sequence[BaseRoute] = ()) -> ASGIApp:
    """The ASGI application; `routes` come before those of the resources."""
    nothing_here = Endpoint(
        services=services,
        handlers=dict.fromkeys(_METHODS, _not_found),
        asks_for_token=False,
        is_json_api=False,
    )
    router = Router(
        [
            *access_routes(services),
            *import_routes(services),
            *mapping_routes(services),
            *upload_routes(services),
            *undo_routes(services),
            *plan_routes(services),
            *group_routes(services),
            *routes,
            *resource_routes(services),
        ],
        redirect_slashes=False,
        default=nothing_here,
    )
    return CORSMiddleware(
        _Headed(router, services),
        # Tokens travel in a header and never in cookies, so that no page can use another's.
        allow_origins=["*"],
        allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
        allow_headers=["*"],
        expose_headers=[*_RATE_LIMIT_HEADERS, "Retry-After", "Upload-Offset", "X-Request-Id"],
    )


def resource_routes(services: Services) -> list[BaseRoute]:
    """The routes of all resource types."""
    return [
        Route(
            "/api/{type}",
            Endpoint(services=services, handlers={"GET": list_resources, "POST": create_resource}),
        ),
        Route(
            "/api/{type}/{id}",
            Endpoint(
                services=services,
                handlers={
                    "GET": retrieve_resource,
                    "PATCH": update_resource,
                    "DELETE": delete_resource,
                },
            ),
        ),
        Route(
            "/api/{type}/{id}/{relationship}",
            Endpoint(services=services, handlers={"GET": list_related}),
        ),
        Route(
            "/api/{type}/{id}/relationships/{relationship}",
            Endpoint(services=services, handlers={"GET": list_linkage}),
        ),
    ]


class _Headed:
    """Writes the headers that every response has, and answers for what fails around the endpoints.

    That is a request that is given up because the server stops, and a fault of the endpoints
    themselves: what the server would answer then is no document.
    """

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        has_started = False
        request_id = secrets.token_hex(16)
        REQUEST_ID.set(request_id)  # each request has a task, and so a context, of its own
        began = time.monotonic()
        take_version(scope)

        async def send_headed(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                self._observe(scope, message["status"], time.monotonic() - began)
                headers = MutableHeaders(raw=message["headers"])
                headers["X-Request-Id"] = request_id
                allowance = allowance_of(scope)
                if allowance is not None:
                    values = (allowance.limit, allowance.interval, allowance.remaining)
                    for name, value in zip(_RATE_LIMIT_HEADERS, values, strict=True):
                        headers[name] = str(value)
            await _send_in_pieces(message, send)

        try:
            await self._app(scope, receive, send_headed)
        except asyncio.CancelledError:
            if not has_started:
                stopping = ApiError(
                    "SERVICE_UNAVAILABLE",
                    reason="the server is stopping",
                    headers={"Retry-After": RETRY_SECONDS, "Connection": "close"},
                )
                await error_response(stopping)(scope, receive, send_headed)
            raise
        except Exception:
            if not has_started:
                await error_response(ApiError("INTERNAL_SERVER_ERROR"))(scope, receive, send_headed)
            raise

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        application = scope.get("longshore.application")
        self._services.observer.observe(
            RequestAnswered(
                method=scope["method"],
                path=asked_path(scope)[:_PATH_CHARACTERS],
                status=status,
                application=application and self._services.public_ids.encode(application),
                milliseconds=round(seconds * 1000, 1),
            )
        )


async def _send_in_pieces(message: Message, send: Send) -> None:
    """Send a message, the body of a response in pieces.

    The server waits for its client before each, so a client that does not read keeps one piece in
    memory, and not a copy of what all of them share.
    """
    body = memoryview(message.get("body", b""))
    if len(body) <= _PIECE_BYTES:
        await send(message)
        return
    for start in range(0, len(body), _PIECE_BYTES):
        piece = bytes(body[start : start + _PIECE_BYTES])
        has_more = message.get("more_body", False) or start + _PIECE_BYTES < len(body)
        await send({"type": message["type"], "body": piece, "more_body": has_more})


def _not_found(request: ApiRequest) -> Answer:
    raise ApiError("NOT_FOUND", path=request.path)
