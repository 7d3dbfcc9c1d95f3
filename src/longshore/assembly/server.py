"""The server put together: endpoints, what they work with, and a worker beside them.

Only a server needs the endpoints, and they take longer to load than many a command to run, so they
are loaded when somebody serves.
"""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from longshore.access import Permissions, RateLimits
from longshore.assembly.parts import Parts
from longshore.jobs import WorkerProcess
from longshore.operations import Operations

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from longshore.api import Services


def make_services(parts: Parts, operations: Operations, wake: Callable[[], None]) -> "Services":
    """What the endpoints work with; `wake` tells whoever runs imports that one waits."""
    from longshore.api import Services
    from longshore.web import EventStreams, Pools

    settings = parts.settings
    pools = Pools(uploads_max=settings.uploads_max)
    return Services(
        settings=settings,
        public_ids=parts.public_ids,
        catalogue=parts.catalogue,
        attachments=parts.attachments,
        operations=operations,
        tokens=parts.tokens,
        permissions=Permissions(parts.catalogue),
        rate_limits=RateLimits(settings, parts.catalogue),
        pools=pools,
        streams=EventStreams(
            operations.progress.look, pools, parts.observer, streams_max=settings.streams_max
        ),
        observer=parts.observer,
        wake=wake,
    )


def make_server(
    parts: Parts,
    operations: Operations,
    workers: Sequence[WorkerProcess],
) -> "ASGIApp":
    """An ASGI application that keeps workers while it lives, or has none."""
    from longshore.api import WithLifespan

    def ring() -> None:
        for worker in workers:
            worker.ring()

    def start() -> None:
        parts.presence.begin()
        for worker in workers:
            worker.start()

    def stop() -> None:
        # Beside each other: each may have a chunk in hand.
        stops = [threading.Thread(target=worker.stop) for worker in workers]
        for each in stops:
            each.start()
        for each in stops:
            each.join()

    services = make_services(parts, operations, ring)
    return WithLifespan(
        _application(services),
        on_start=start,
        on_stop=stop,
        on_signal=services.streams.stop,
    )


def _application(services: "Services") -> "ASGIApp":
    """The dashboard under its path, and the API everywhere else."""
    from longshore.api import create_asgi_application
    from longshore.dashboard import DASHBOARD_PATH

    api = create_asgi_application(services)
    dashboard = _dashboard(services)

    async def application(scope: "Scope", receive: "Receive", send: "Send") -> None:
        path = scope.get("path", "")
        is_page = path == DASHBOARD_PATH or path.startswith(DASHBOARD_PATH + "/")
        await (dashboard if is_page else api)(scope, receive, send)

    return application


def _dashboard(services: "Services") -> "ASGIApp":
    """The pages, over what the API works with as well."""
    from longshore.dashboard import DashboardServices, create_dashboard

    return create_dashboard(
        DashboardServices(
            settings=services.settings,
            public_ids=services.public_ids,
            catalogue=services.catalogue,
            attachments=services.attachments,
            operations=services.operations,
            permissions=services.permissions,
            rate_limits=services.rate_limits,
            pools=services.pools,
            streams=services.streams,
            observer=services.observer,
            wake=services.wake,
        )
    )
