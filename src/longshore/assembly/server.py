"""The server put together: endpoints, what they work with, and a worker beside them.

Only a server needs the endpoints, and they take longer to load than many a command to run, so they
are loaded when somebody serves.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from longshore.access import Permissions, RateLimits
from longshore.assembly.parts import Parts
from longshore.jobs import WorkerProcess
from longshore.operations import Operations

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from longshore.api import Services


def make_services(parts: Parts, operations: Operations, wake: Callable[[], None]) -> "Services":
    """What the endpoints work with; `wake` tells whoever runs imports that one waits."""
    from longshore.api import Services
    from longshore.web import Pools

    settings = parts.settings
    return Services(
        settings=settings,
        public_ids=parts.public_ids,
        catalogue=parts.catalogue,
        attachments=parts.attachments,
        operations=operations,
        tokens=parts.tokens,
        permissions=Permissions(parts.catalogue),
        rate_limits=RateLimits(settings, parts.catalogue),
        pools=Pools(uploads_max=settings.uploads_max),
        observer=parts.observer,
        wake=wake,
    )


def make_server(
    parts: Parts,
    operations: Operations,
    worker: WorkerProcess | None,
) -> "ASGIApp":
    """An ASGI application that keeps a worker while it lives, or has none."""
    from longshore.api import WithLifespan, create_asgi_application

    if worker is None:
        services = make_services(parts, operations, lambda: None)
        application = create_asgi_application(services)
        return WithLifespan(application, on_start=parts.presence.begin, on_stop=lambda: None)

    def start() -> None:
        parts.presence.begin()
        worker.start()

    services = make_services(parts, operations, worker.ring)
    return WithLifespan(create_asgi_application(services), on_start=start, on_stop=worker.stop)
