"""The only place where the parts meet: from settings to something that imports.

Front ends (the command line, a server) call what stands here; each call is one thing that a
person wants. Nothing else reads the environment or knows all parts.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from longshore.access import (
    DEFAULT_ORGANIZATION,
    ApplicationKind,
    Credentials,
    Environment,
    Mode,
    Permissions,
    RateLimits,
    Tokens,
    add_environment,
    create_application,
    has_organizations,
    open_environment,
    read_environment,
)
from longshore.catalogue import Catalogue, ResourceType, load_catalogue
from longshore.database import Database
from longshore.engine import (
    DryRun,
    ImportRunner,
    Plan,
    Prepared,
    RecordWriter,
    find_parent,
    prepare,
    run_dry,
)
from longshore.errors import LongshoreError, RequestRefused
from longshore.identifiers import ImportId, PublicIds
from longshore.imports import (
    AttachmentDamaged,
    AttachmentMissing,
    AttachmentStore,
    Import,
    LoggedError,
    NewImport,
    Source,
    StoredAttachment,
    attachment_names,
    claim_import,
    create_import,
    delete_import,
    errors_of,
    get_import,
    interrupt_claimed,
    interrupt_import,
    open_attachments,
    read_import,
    release_import,
    unfinished_imports,
)
from longshore.imports import (
    ImportRequest as ImportRequest,
)
from longshore.jobs import (
    Bell,
    ImportRunning,
    RunnerLock,
    WaitingImport,
    Worker,
    WorkerProcess,
    is_running,
    runner_lock,
)
from longshore.observations import NullObserver, Observer
from longshore.readers import Layout, Rows
from longshore.records import record_tables
from longshore.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from longshore.api import Services

# Whoever writes an attachment touches it more often than this.
_LEFTOVER_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRow:
    """A row that failed, as it was read, with what was wrong with it."""

    number: int
    line: int
    values: Any  # a list of cells, or a decoded JSON value
    errors: Sequence[LoggedError]


def open_longshore(
    settings: Settings,
    *,
    observer: Observer | None = None,
    on_point: Callable[[str], None] = lambda _point: None,
) -> "Longshore":
    """Open the data folder of the settings; it is made and migrated where needed.

    `on_point` is called with the names of moments in a chunk's life, for tests that end the
    process there. Raises RequestRefused when the folder cannot be used.
    """
    observer = observer or NullObserver()
    database = Database.open(settings.data, settings, observer)
    return Longshore(settings, database, observer=observer, on_point=on_point)


class Longshore:
    """One opened installation."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        observer: Observer,
        on_point: Callable[[str], None],
    ) -> None:
        self.settings = settings
        self.database = database
        self.catalogue: Catalogue = load_catalogue()
        self.attachments = open_attachments(settings)
        self._observer = observer
        self._on_point = on_point
        # Of imports that were submitted to be run here, until they are.
        self._held: dict[int, RunnerLock] = {}

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
        for lock in self._held.values():
            lock.release()
        self._held.clear()
        self.database.close()

    @property
    def public_ids(self) -> PublicIds:
        """How ids of this installation are written outside."""
        return self.database.public_ids

    def environment(self, slug: str, mode: str) -> Environment:
        """The environment of an organization in a mode.

        The default organization is made on first use; another one that nobody has created is
        refused.
        """
        return open_environment(self.database, slug, mode)

    # Imports

    def submit(
        self,
        environment: Environment,
        source: Source,
        request: ImportRequest,
        *,
        to_run: bool = False,
        rows_max: int | None = None,
        on_read: Callable[[int, int | None], None] | None = None,
    ) -> Import:
        """Store the source and create a pending import of it.

        With `to_run` it is this process that will `run` it, and no worker takes it meanwhile.
        `on_read` hears the bytes read so far and their total, where it is known. Raises
        RequestRefused for a source that cannot be read or has more than `rows_max` rows, or a
        request that cannot be met; then nothing of it is kept.
        """
        type_ = self.importable_type(request.resource_type)
        parent = self._parent(environment, type_, request.parent)
        stored = self.attachments.write(
            source, descend=_descend(type_), rows_max=rows_max, progress=on_read
        )
        try:
            prepared = self._prepare(
                environment.number,
                environment.flags,
                type_,
                layout=stored.layout,
                column_map=request.column_map,
                parent=parent,
            )
            new = self._new_import(environment, source, request, stored, parent, prepared.plan)
            with ExitStack() as undo:
                with self.database.write() as tx:
                    import_ = create_import(
                        tx, new, unfinished_max=self.settings.imports_unfinished_max
                    )
                    if to_run:
                        # Before it can be seen, or a worker might be faster.
                        lock = undo.enter_context(runner_lock(self.settings.data, import_.id))
                undo.pop_all()
            if to_run:
                self._held[import_.id] = lock
            return import_
        except BaseException:
            self.attachments.delete(stored.name)
            raise

    def run(
        self,
        import_id: int,
        *,
        on_progress: Callable[[Import], None] = lambda _import: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Import:
        """Run an import to its end, or until `should_stop`; the import as it is then.

        A finished import is returned as it is. Raises RequestRefused when another process runs it.
        """
        id = ImportId(import_id)
        try:
            lock = self._held.pop(id, None) or runner_lock(self.settings.data, id)
        except ImportRunning as error:
            raise RequestRefused(
                f"another process runs the import {self.public_ids.encode(id)}",
                hint="`longshore show` tells how far it is",
            ) from error
        with lock:
            with self.database.write() as tx:
                import_ = claim_import(tx, id, attempts_max=self.settings.import_attempts_max)
                if import_ is None:
                    return read_import(tx, id)
                flags = read_environment(tx, import_.environment).flags
            return self._run_claimed(import_, flags, on_progress, should_stop)

    def dry_run(
        self,
        environment: Environment,
        source: Source,
        request: ImportRequest,
        *,
        on_read: Callable[[int, int | None], None] | None = None,
        on_progress: Callable[[DryRun], None] = lambda _dry_run: None,
    ) -> DryRun:
        """What an import of the source would do; nothing is written to the data folder."""
        type_ = self.importable_type(request.resource_type)
        parent = self._parent(environment, type_, request.parent)
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
            attachments = AttachmentStore(Path(folder))
            stored = attachments.write(source, descend=_descend(type_), progress=on_read)
            prepared = self._prepare(
                environment.number,
                environment.flags,
                type_,
                layout=stored.layout,
                column_map=request.column_map,
                parent=parent,
            )
            dry_run = run_dry(
                self.database,
                self.settings,
                prepared.plan,
                convert=prepared.convert,
                identify=prepared.identify,
                batches=attachments.open(stored.name, stored.layout),
                inputs_size=stored.rows_count,
                skip_errors=_skips_errors(environment, request),
                on_progress=on_progress,
            )
            dry_run.source_warnings = stored.warnings
            return dry_run

    def find_import(self, environment: Environment, public_id: str) -> Import:
        """The import of an environment; raises RequestRefused when there is none."""
        id = self.public_ids.decode(public_id.strip())
        with self.database.read() as tx:
            found = get_import(tx, environment.number, id) if id is not None else None
        if found is None:
            raise RequestRefused(
                f"there is no import {public_id!r}", hint="`longshore imports` lists them"
            )
        return found

    def interrupt(self, environment: Environment, import_id: int) -> Import:
        """Stop a pending or running import at its last committed chunk."""
        with self.database.write() as tx:
            found = get_import(tx, environment.number, import_id)
            if found is None:
                raise RequestRefused("there is no such import")
            return interrupt_import(tx, found.id)

    def delete(self, environment: Environment, import_id: int) -> None:
        """Hide an import; one that waits or runs is stopped. What it imported stays."""
        with self.database.write() as tx:
            found = get_import(tx, environment.number, import_id)
            if found is None:
                raise RequestRefused("there is no such import")
            delete_import(tx, found.id)

    def sweep_attachments(self) -> int:
        """Remove files that a killed process left in the attachments; their number."""
        with self.database.read() as tx:
            known = attachment_names(tx)
        return self.attachments.sweep(known, older_than_seconds=_LEFTOVER_SECONDS)

    def open_imports(self) -> list[Import]:
        """Imports that are pending or were left unfinished, of all environments, oldest first."""
        with self.database.read() as tx:
            return unfinished_imports(tx)

    def services(self, *, wake: Callable[[], None] = lambda: None) -> "Services":
        """What the endpoints work with; `wake` tells whoever runs imports that one waits."""
        # Only a server needs them, and they take longer to load than many a command to run.
        from longshore.api import ImportStore, JournalStore, RecordStore, Services

        settings, catalogue, public_ids = self.settings, self.catalogue, self.public_ids
        return Services(
            settings=settings,
            database=self.database,
            catalogue=catalogue,
            attachments=self.attachments,
            writer=RecordWriter(self.database, catalogue, settings, public_ids),
            submit=self.submit,
            stores={
                "records": RecordStore(catalogue, record_tables(), public_ids),
                "imports": ImportStore(self.database, catalogue, self.attachments, settings),
                "journal": JournalStore(catalogue, public_ids),
            },
            tokens=Tokens(self.database, domain=settings.domain),
            permissions=Permissions(catalogue),
            rate_limits=RateLimits(settings, catalogue),
            observer=self._observer,
            wake=wake,
        )

    def server(self, worker_command: Sequence[str]) -> "ASGIApp":
        """The server: an ASGI application that keeps a worker while it lives.

        `worker_command` starts another process that calls `work`.
        """
        from longshore.api import WithLifespan, create_asgi_application

        worker = WorkerProcess(worker_command, self._observer)
        application = create_asgi_application(self.services(wake=worker.ring))
        return WithLifespan(application, on_start=worker.start, on_stop=worker.stop)

    def first_credentials(self) -> Credentials | None:
        """Of an integration of the default organization, both made now if there is no
        organization yet; None: there is one."""
        with self.database.write() as tx:
            if has_organizations(tx):
                return None
            environment = add_environment(tx, DEFAULT_ORGANIZATION, Mode.TEST)
            return create_application(tx, environment, ApplicationKind.INTEGRATION)

    def work(self, bell: Bell) -> None:
        """Run what waits, of all environments, until the bell says to stop."""
        self.sweep_attachments()
        worker = Worker(
            waiting=self._waiting, run=self._run_waiting, bell=bell, observer=self._observer
        )
        worker.work()

    def failed_rows(self, import_: Import) -> Iterator[FailedRow]:
        """The rows of an import that failed, in their order, read from its attachment."""
        with self.database.read() as tx:
            errors = errors_of(tx, import_.id)
            pending = next(errors, None)
            for rows in self.attachments.open(import_.attachment_name, import_.layout):
                while pending is not None and pending.row < rows.first + len(rows):
                    number = pending.row
                    found = []
                    while pending is not None and pending.row == number:
                        found.append(pending)
                        pending = next(errors, None)
                    index = number - rows.first
                    yield FailedRow(
                        number=number,
                        line=rows.lines[index],
                        values=rows.values[index],
                        errors=found,
                    )
                if pending is None:
                    return

    def importable_type(self, name: str) -> ResourceType:
        """The resource type of this name; raises RequestRefused when rows cannot be imported."""
        if name in self.catalogue.creatable:
            return self.catalogue.types[name]
        nearest = get_close_matches(name, self.catalogue.creatable, n=1)
        hint = f"did you mean {nearest[0]}? " if nearest else ""
        raise RequestRefused(
            f"unknown resource type: {name}", hint=f"{hint}`longshore types` lists them all"
        )

    def plan_of(self, environment: Environment, import_: Import) -> Plan:
        """The plan of a stored import, which tells what became of its columns."""
        return self._prepare(
            environment.number,
            environment.flags,
            self.catalogue.types[import_.resource_type],
            layout=import_.layout,
            column_map=import_.column_map,
            parent=import_.parent_id,
        ).plan

    # How it is done

    def _waiting(self) -> list[WaitingImport]:
        return [
            WaitingImport(import_.id, import_.environment, self.public_ids.encode(import_.id))
            for import_ in self.open_imports()
            if not is_running(self.settings.data, import_.id)
        ]

    def _run_waiting(self, id: ImportId, should_stop: Callable[[], bool]) -> None:
        try:
            self.run(id, should_stop=should_stop)
        except RequestRefused:
            # Somebody who was faster may run it already.
            if not is_running(self.settings.data, id):
                raise

    def _run_claimed(
        self,
        import_: Import,
        flags: Mapping[str, object],
        on_progress: Callable[[Import], None],
        should_stop: Callable[[], bool],
    ) -> Import:
        prepared = self._prepare(
            import_.environment,
            flags,
            self.catalogue.types[import_.resource_type],
            layout=import_.layout,
            column_map=import_.column_map,
            parent=import_.parent_id,
        )
        runner = ImportRunner(
            database=self.database,
            catalogue=self.catalogue,
            settings=self.settings,
            observer=self._observer,
            on_progress=on_progress,
            should_stop=should_stop,
            on_point=self._on_point,
        )
        try:
            return runner.run(
                import_,
                prepared.plan,
                convert=prepared.convert,
                identify=prepared.identify,
                batches=self._rows_after_checkpoint(import_),
            )
        except (AttachmentMissing, AttachmentDamaged) as error:
            with self.database.write() as tx:
                interrupt_claimed(tx, import_.id, import_.fence, reason=error.message)
                return read_import(tx, import_.id)
        except LongshoreError:
            # A full disk and the like is not the import's fault: the attempt does not count.
            with suppress(LongshoreError), self.database.write() as tx:
                release_import(tx, import_.id, import_.fence)
            raise

    def _rows_after_checkpoint(self, import_: Import) -> Iterator[Rows]:
        last = import_.checkpoint
        batches = self.attachments.open(import_.attachment_name, import_.layout, last)
        if last is None:
            yield from batches
            return
        for rows in batches:
            done = max(last.row + 1 - rows.first, 0)
            if done < len(rows):
                yield rows.slice(done, len(rows))

    def _prepare(
        self,
        environment: int,
        flags: Mapping[str, object],
        type_: ResourceType,
        *,
        layout: Layout,
        column_map: Mapping[str, str],
        parent: int | None,
    ) -> Prepared:
        return prepare(
            type_,
            layout,
            column_map,
            catalogue=self.catalogue,
            decode_id=self.public_ids.decode,
            parent=parent,
            environment=environment,
            flags=flags,
            cell_bytes_max=self.settings.cell_bytes_max,
        )

    def _parent(
        self, environment: Environment, type_: ResourceType, text: str | None
    ) -> int | None:
        if text is None:
            return None
        with self.database.read() as tx:
            return find_parent(
                tx,
                self.catalogue,
                type_,
                text,
                environment=environment.number,
                decode_id=self.public_ids.decode,
            )

    def _new_import(
        self,
        environment: Environment,
        source: Source,
        request: ImportRequest,
        stored: StoredAttachment,
        parent: int | None,
        plan: Plan,
    ) -> NewImport:
        return NewImport(
            environment=environment.number,
            resource_type=request.resource_type,
            format=stored.layout.format.value,
            inputs_size=stored.rows_count,
            attachment_name=stored.name,
            layout=stored.layout,
            application_id=request.application_id,
            parent_resource_id=(
                request.parent_resource_id if parent is None else self.public_ids.encode(parent)
            ),
            parent_id=parent,
            skip_errors=_skips_errors(environment, request),
            reference=request.reference,
            reference_origin=request.reference_origin,
            metadata=request.metadata,
            source_name=source.name,
            column_map=request.column_map,
            ignored_columns=plan.unknown_columns,
        )


def _skips_errors(environment: Environment, request: ImportRequest) -> bool:
    """Whether failed rows never stop the import: it says so, or its organization does."""
    return request.skip_errors or bool(environment.flags["imports_skip_errors"])


def _descend(type_: ResourceType) -> frozenset[str]:
    """Keys of a row inside which there are rows and records of their own."""
    return frozenset(type_.nested)
