"""One opened installation: what it consists of, put together."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from longshore.assembly.operations import make_operations
from longshore.assembly.parts import make_parts
from longshore.assembly.respelled_keys import respell_once
from longshore.assembly.server import make_server, make_services
from longshore.assembly.workers import (
    WorkerShare,
    make_worker,
    make_worker_process,
    make_worker_processes,
)
from longshore.database import Database
from longshore.errors import LongshoreError
from longshore.identifiers import PublicIds
from longshore.jobs import Bell, WorkerProcess, process_name
from longshore.observations import NullObserver, Observer
from longshore.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from longshore.api import Services


def open_longshore(
    settings: Settings,
    *,
    kind: str = "command",
    makes: bool = True,
    observer: Observer | None = None,
    on_point: Callable[[str], None] = lambda _point: None,
) -> "Longshore":
    """Open the installation of the settings; an embedded one is made and migrated where needed.

    `kind` of process: server, worker or command. Without `makes` nothing is made where nothing
    is; that is refused. `on_point` is called with the names of moments in the life of a
    run and of its chunks, for tests that end the process there. Raises RequestRefused when the
    folder or the database cannot be used.
    """
    observer = observer or NullObserver()
    name = process_name(kind)
    database = Database.open(
        settings.data,
        settings,
        observer,
        process=name,
        is_pooled=kind == "server",
        makes=makes,
    )
    if database.is_embedded:
        try:
            respell_once(database, observer)
        except BaseException:
            database.close()
            raise
    return Longshore(settings, database, name=name, kind=kind, observer=observer, on_point=on_point)


class Longshore:
    """One opened installation: its parts, and the operations that front ends call."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        observer: Observer,
        on_point: Callable[[str], None],
        name: str | None = None,  # what the database calls this process's connections
        kind: str = "command",
    ) -> None:
        self.parts = make_parts(
            settings,
            database,
            name=name or process_name(kind),
            kind=kind,
            observer=observer,
            on_point=on_point,
        )
        self._operations = make_operations(self.parts)
        self.settings = settings
        self.database = database
        self.catalogue = self.parts.catalogue
        self.attachments = self.parts.attachments
        self.presence = self.parts.presence
        self.organizations = self._operations.organizations
        self.applications = self._operations.applications
        self.imports = self._operations.imports
        self.undos = self._operations.undos
        self.import_plans = self._operations.import_plans
        self.planned_changes = self._operations.planned_changes
        self.plan_applier = self._operations.plan_applier
        self.import_runs = self._operations.import_runs
        self.records = self._operations.records
        self.blames = self._operations.blames
        self.changes = self._operations.changes
        self.submissions = self._operations.submissions
        self.group_forms = self._operations.group_forms
        self.group_sources = self._operations.group_sources
        self.group_submissions = self._operations.group_submissions
        self.group_trials = self._operations.group_trials
        self.group_applier = self._operations.group_applier
        self.import_groups = self._operations.import_groups
        self.saved_mappings = self._operations.saved_mappings
        self.uploads = self._operations.uploads
        self.drafts = self._operations.drafts
        self.sign_ins = self._operations.sign_ins
        self.retries = self._operations.retries
        self.dry_runs = self._operations.dry_runs
        self.status = self._operations.status
        self.cleanup = self._operations.cleanup

    def __enter__(self) -> "Longshore":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what this process has; the database may be away."""
        self.parts.claims.close()
        self.cleanup.close()
        with suppress(LongshoreError):  # the silence tells the others
            self.presence.leave()
        self.database.close()

    @property
    def public_ids(self) -> PublicIds:
        """How ids of this installation are written outside."""
        return self.parts.public_ids

    def services(self, *, wake: Callable[[], None] = lambda: None) -> "Services":
        """What the endpoints work with; `wake` tells whoever runs imports that one waits."""
        return make_services(self.parts, self._operations, wake)

    def server(self, worker_command: Sequence[str] | None) -> "ASGIApp":
        """The server: an ASGI application that keeps workers while it lives, or has none.

        `worker_command` starts another process that calls `work`.
        """
        workers = (
            [] if worker_command is None else make_worker_processes(self.parts, worker_command)
        )
        return make_server(self.parts, self._operations, workers)

    def worker_process(self, command: Sequence[str]) -> WorkerProcess:
        """Another process that calls `work`, on the same database; not started yet."""
        return make_worker_process(self.parts, command)

    def work(self, bell: Bell, share: WorkerShare | None = None) -> None:
        """Run what waits, of all environments, until the bell says to stop; all of it, or this
        share, where the database is embedded."""
        self.presence.begin()
        make_worker(self.parts, share).work(bell)
