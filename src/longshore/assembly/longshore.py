"""One opened installation, and what a person may want of it."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from longshore import __version__
from longshore.assembly.cleanup import Cleanup
from longshore.assembly.import_kind import ImportKind
from longshore.assembly.operations import make_operations
from longshore.assembly.parts import make_parts
from longshore.assembly.respelled_keys import respell_once
from longshore.assembly.server import make_server, make_services
from longshore.assembly.status import InstallationStatus, read_status
from longshore.database import Database
from longshore.errors import LongshoreError, RequestRefused
from longshore.identifiers import ImportId, PublicIds, RunId
from longshore.imports import (
    KIND,
    Import,
    read_import,
)
from longshore.jobs import Bell, RunTaken, WorkerProcess, is_running, process_name
from longshore.observations import (
    NullObserver,
    Observer,
    ProcessStarted,
    ProcessStopped,
    TidyingFailed,
)
from longshore.runs import (
    DistributedClaims,
    DistributedWorker,
    EmbeddedWorker,
    Run,
    RunDriver,
    RunWaits,
    read_run,
    unblocked_runs,
)
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
    """One opened installation."""

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
        self._parts = make_parts(
            settings,
            database,
            name=name or process_name(kind),
            kind=kind,
            observer=observer,
            on_point=on_point,
        )
        self._has_started = False  # it has told so
        self.settings = settings
        self.database = database
        self.catalogue = self._parts.catalogue
        self.attachments = self._parts.attachments
        self._observer = observer
        self._claims = self._parts.claims
        self._presence = self._parts.presence
        self._cleanup = Cleanup(self._parts)
        imports = ImportKind(
            database,
            self._parts.catalogue,
            settings,
            self._parts.attachments,
            self._parts.preparation,
            self._cleanup,
            observer,
            on_point=on_point,
        )
        self._driver = RunDriver(
            database, self._claims, self._presence, {KIND: imports}, observer, on_point=on_point
        )
        self._operations = make_operations(self._parts)
        self.organizations = self._operations.organizations
        self.applications = self._operations.applications
        self.imports = self._operations.imports
        self.records = self._operations.records
        self.submissions = self._operations.submissions
        self.dry_runs = self._operations.dry_runs

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
        self._claims.close()
        try:
            self._cleanup.close()
        except LongshoreError as error:
            self._observer.observe(TidyingFailed(reason=error.message))
        if self._has_started:
            stopped = ProcessStopped(kind=self._parts.kind, process=self._parts.name)
            self._observer.observe(stopped)
        try:
            self.leave()
        except LongshoreError:
            pass  # the database is away; the silence tells the others
        self.database.close()

    @property
    def public_ids(self) -> PublicIds:
        """How ids of this installation are written outside."""
        return self._parts.public_ids

    def run(
        self,
        import_id: int,
        *,
        on_progress: Callable[[Import], None] = lambda _import: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Import:
        """Run an import to its end, or until `should_stop`; the import as it is then.

        A finished import is returned as it is. Raises RequestRefused when another process runs it,
        or older imports come first.
        """
        encode = self.public_ids.encode
        try:
            self._driver.run(RunId(import_id), on_progress=on_progress, should_stop=should_stop)
        except RunTaken as error:
            raise RequestRefused(
                f"another process runs the import {encode(import_id)}",
                hint="`longshore show` tells how far it is",
            ) from error
        except RunWaits as error:
            raise RequestRefused(
                f"the import {encode(import_id)} cannot begin: {error.message}",
                hint="`longshore status` tells who runs it, `longshore resume` finishes both",
            ) from error
        return self.read_import(import_id)

    def is_running(self, import_: Import) -> bool:
        """Whether a process runs the import at this moment."""
        with self.database.read() as tx:
            return import_.id in self._claims.runners_of(tx, [read_run(tx, import_.id)])

    def read_import(self, import_id: int) -> Import:
        """The import with this id, which exists, as it is at this moment."""
        with self.database.read() as tx:
            return read_import(tx, ImportId(import_id))

    def sweep_attachments(self) -> int:
        """Remove files that a killed process left in the attachments; their number."""
        return self._cleanup.sweep_attachments()

    def expire_attachments(self) -> int:
        """Remove the attachments of imports that ended longer ago than they are to be kept; the
        number removed."""
        return self._cleanup.expire_attachments()

    def expire_secrets(self) -> int:
        """Remove the attachments with passwords or keys of imports that ended longer ago than they
        are to be kept; the number removed."""
        return self._cleanup.expire_secrets()

    def services(self, *, wake: Callable[[], None] = lambda: None) -> "Services":
        """What the endpoints work with; `wake` tells whoever runs imports that one waits."""
        return make_services(self._parts, self._operations, wake)

    def server(self, worker_command: Sequence[str] | None) -> "ASGIApp":
        """The server: an ASGI application that keeps a worker while it lives, or has none.

        `worker_command` starts another process that calls `work`.
        """
        worker = None if worker_command is None else self.worker_process(worker_command)
        return make_server(self._parts, self._operations, worker, self.enter)

    def worker_process(self, command: Sequence[str]) -> WorkerProcess:
        """Another process that calls `work`, on the same database; not started yet."""
        silence_seconds = self.settings.worker_silence_seconds
        environment = {
            # Not as an argument, which everybody on the machine could read.
            "LONGSHORE_DATABASE_URL": self.settings.database_url,
            "LONGSHORE_WORKER_SILENCE_SECONDS": str(silence_seconds),
        }
        return WorkerProcess(command, self._observer, environment, silence_seconds=silence_seconds)

    def status(self) -> InstallationStatus:
        """Who is there, and what runs, waits or is stuck."""
        return read_status(self.database, self.settings, self._claims, self._parts.forerunners)

    def enter(self) -> None:
        """Say that this process is there, for as long as it is open.

        Raises RequestRefused when others keep their attachments in another place.
        """
        self._presence.enter()
        if self._parts.kind == "server":
            self._tell_start()

    def leave(self) -> None:
        """Say that this process ends, as `close` does: the database stays open. Without `enter`
        it does nothing."""
        self._presence.leave()

    def check_attachments(self) -> None:
        """Raise RequestRefused when other processes keep their attachments in another place."""
        self._presence.check()

    def work(self, bell: Bell) -> None:
        """Run what waits, of all environments, until the bell says to stop."""
        self.enter()
        # Behind the line for people that it waits, which whoever starts it looks for.
        self._tell_start()
        self._worker().work(bell)

    def _worker(self) -> EmbeddedWorker | DistributedWorker:
        """The worker that fits the database, working in this process."""
        if isinstance(self._claims, DistributedClaims):
            return DistributedWorker(
                self.settings,
                self._claims,
                self._driver,
                name=self._parts.name,
                tidy=self._cleanup.tidy_as_far_as_it_goes,
                observer=self._observer,
            )
        return EmbeddedWorker(
            waiting=self._waiting,
            driver=self._driver,
            tidy=self._cleanup.tidy_as_far_as_it_goes,
            observer=self._observer,
        )

    def _waiting(self) -> list[Run]:
        with self.database.read() as tx:
            unblocked = unblocked_runs(tx, kinds={KIND})
        return [each for each in unblocked if not is_running(self.settings.data, each.id)]

    def tidy(self) -> None:
        """Remove what nobody needs: leftovers of killed processes, old attachments, old keys."""
        self._cleanup.tidy()

    # How it is done

    def _tell_start(self) -> None:
        if not self._has_started:
            self._has_started = True
            started = ProcessStarted(
                kind=self._parts.kind, process=self._parts.name, version=__version__
            )
            self._observer.observe(started)
