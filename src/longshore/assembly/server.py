"""The server put together: endpoints, what they work with, and a worker beside them.

Only a server needs the endpoints, and they take longer to load than many a command to run, so they
are loaded when somebody serves.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from longshore.access import Permissions, RateLimits
from longshore.assembly.parts import Parts
from longshore.engine import RecordWriter
from longshore.jobs import WorkerProcess
from longshore.operations import Operations
from longshore.records import record_tables

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from longshore.api import Services, Submit


def make_services(
    parts: Parts, operations: Operations, submit: "Submit", wake: Callable[[], None]
) -> "Services":
    """What the endpoints work with; `wake` tells whoever runs imports that one waits."""
    from longshore.api import ImportStore, JournalStore, Pools, RecordStore, Services

    def on_stopped(environment: int) -> None:
        parts.claims.announce_freed(environment)
        wake()

    settings, catalogue = parts.settings, parts.catalogue
    database, attachments, public_ids = parts.database, parts.attachments, parts.public_ids
    imports = ImportStore(
        database, catalogue, attachments, settings, waits_for=parts.forerunners.oldest
    )
    return Services(
        settings=settings,
        database=database,
        catalogue=catalogue,
        attachments=attachments,
        writer=RecordWriter(database, catalogue, settings, public_ids),
        submit=submit,
        of_attachment=imports.of_attachment,
        stores={
            "records": RecordStore(catalogue, record_tables(), public_ids, database.record_secrets),
            "imports": imports,
            "journal": JournalStore(catalogue, public_ids),
        },
        operations=operations,
        tokens=parts.tokens,
        permissions=Permissions(catalogue),
        rate_limits=RateLimits(settings, catalogue),
        pools=Pools(uploads_max=settings.uploads_max),
        observer=parts.observer,
        wake=wake,
        on_stopped=on_stopped,
    )


def make_server(
    parts: Parts,
    operations: Operations,
    submit: "Submit",
    worker: WorkerProcess | None,
    enter: Callable[[], None],
) -> "ASGIApp":
    """An ASGI application that keeps a worker while it lives, or has none.

    `enter` is called when it starts, before the worker does.
    """
    from longshore.api import WithLifespan, create_asgi_application

    if worker is None:
        services = make_services(parts, operations, submit, lambda: None)
        application = create_asgi_application(services)
        return WithLifespan(application, on_start=enter, on_stop=lambda: None)

    def start() -> None:
        enter()
        worker.start()

    services = make_services(parts, operations, submit, worker.ring)
    return WithLifespan(create_asgi_application(services), on_start=start, on_stop=worker.stop)
