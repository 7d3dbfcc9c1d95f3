"""The application that serves the dashboard: all pages, and what goes around every one of them."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from longshore.dashboard.endpoint import Page, PageEndpoint
from longshore.dashboard.headers import WithHeaders
from longshore.dashboard.pages import all_pages
from longshore.dashboard.refusals import not_found
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.services import DashboardServices
from longshore.dashboard.static_files import STATIC_PATH, static_files

__all__ = ["DASHBOARD_PATH", "create_dashboard"]


def create_dashboard(services: DashboardServices) -> ASGIApp:
    """The ASGI application for all paths under `DASHBOARD_PATH`."""
    routes = [
        Route(DASHBOARD_PATH + path, PageEndpoint(services=services, page=page))
        for path, page in all_pages()
    ]
    nothing_here = Page(handlers={"GET": _nothing}, asks_for_session=False)
    router = Router(
        [Route(STATIC_PATH + "/{digest}/{name}", _Static()), *routes],
        redirect_slashes=False,
        default=PageEndpoint(services=services, page=nothing_here),
    )
    return WithHeaders(router, services.observer)


def _nothing(request: PageRequest) -> Response:
    raise not_found("page")


class _Static:
    """Sends files; they are asked for by addresses that change with them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = static_files().get(scope["path_params"]["name"])
        if found is None or scope["method"] not in ("GET", "HEAD"):
            await Response(status_code=404)(scope, receive, send)
            return
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        }
        body = found.contents
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = found.compressed
        await Response(body, media_type=found.media_type, headers=headers)(scope, receive, send)
