"""Imports submitted: their source is stored, and they wait to be run."""

from collections.abc import Callable
from dataclasses import replace

from longshore.access import Environment, check_environment
from longshore.database import Database, DatabaseAway, Transaction
from longshore.imports import (
    Import,
    ImportRequest,
    NewImport,
    check_unfinished,
    create_import,
    supersede_older,
)
from longshore.operations.asker import Asker
from longshore.operations.column_spellings import DecidedColumns
from longshore.operations.found import Found
from longshore.operations.mapping_drift import drift_notices
from longshore.operations.preparation import Preparation
from longshore.operations.resource_reader import ResourceReader, settled
from longshore.operations.selection import Selection
from longshore.operations.uploads import NoSuchUpload
from longshore.runs import Claims
from longshore.sources import AttachmentStore, Source, StoredAttachment
from longshore.uploads import UploadUnusable, get_upload, lock_upload, note_used


class Submissions:
    """Takes what is to be imported."""

    def __init__(
        self,
        database: Database,
        attachments: AttachmentStore,
        preparation: Preparation,
        claims: Claims,
        reader: ResourceReader,
        *,
        enter: Callable[[], None],  # says that this process is there, before it keeps an import
        unfinished_max: int,
    ) -> None:
        self._database = database
        self._attachments = attachments
        self._preparation = preparation
        self._claims = claims
        self._reader = reader
        self.enter = enter
        self._unfinished_max = unfinished_max

    def submit(
        self,
        environment: Environment,
        source: Source,
        request: ImportRequest,
        *,
        is_plan: bool = False,
        to_run: bool = False,
        rows_max: int | None = None,
        on_read: Callable[[int, int | None], None] | None = None,
        on_superseded: Callable[[Import], None] | None = None,
        on_created: Callable[[Transaction, Import], None] = lambda _tx, _import: None,
    ) -> Import:
        """Store the source and create a pending import of it, or with `is_plan` a plan.

        With `to_run` it is this process that will run it, and no worker takes it meanwhile.
        With `on_superseded` the older imports that it would wait for are interrupted in the moment
        that it is created, and that hears of each. `on_read` hears the bytes read so far and their
        total, where it is known. `on_created` is called in the transaction that creates the import.
        Raises RequestRefused for a source that cannot be read or has more than `rows_max` rows, or
        a request that cannot be met, such as SourceRepeated; then nothing of it is kept.
        """
        type_ = self._preparation.importable_type(request.resource_type)
        if to_run:
            self.enter()
        parent = self._preparation.parent(environment, type_, request.parent)
        stored = self._preparation.store(
            self._attachments, source, request, rows_max=rows_max, on_read=on_read
        )

        def new() -> NewImport:
            made = self._preparation.import_of(
                environment, source.name, request, stored, self._attachments, parent=parent
            )
            return replace(made, is_plan=is_plan)

        return self.create(
            environment,
            stored,
            new,
            to_run=to_run,
            on_superseded=on_superseded,
            on_created=on_created,
        )

    def create(
        self,
        environment: Environment,
        stored: StoredAttachment | None,
        new: Callable[[], NewImport],
        *,
        to_run: bool,
        check: Callable[[Transaction], None] = lambda _tx: None,
        on_superseded: Callable[[Import], None] | None = None,
        on_created: Callable[[Transaction, Import], None] = lambda _tx, _import: None,
    ) -> Import:
        """Create the pending import that `new` says, whose source is stored; without it, that is
        removed. None: somebody else keeps it.

        `check` refuses, at the beginning of the transaction; the rest is `submit`'s.
        """
        try:
            made = new()
            with self._database.write() as tx:
                check_environment(tx, environment.number)
                check(tx)
                import_ = create_import(tx, made, unfinished_max=None)
                superseded = [] if on_superseded is None else supersede_older(tx, import_.id)
                check_unfinished(
                    tx,
                    environment.number,
                    unfinished_max=self._unfinished_max,
                    are_plans=made.is_plan,
                )
                if to_run:
                    self._claims.reserve(tx, import_.run)
                else:
                    self._claims.announce(tx, import_.run)
                on_created(tx, import_)
        except DatabaseAway:
            # Whether the import is there is not known; what is left of none is swept later.
            raise
        except BaseException:
            if stored is not None:
                self._attachments.delete(stored.name)
            raise
        if on_superseded is not None:
            for each in superseded:
                on_superseded(each)
            self._claims.announce_freed(environment.number)
        return import_

    def submit_and_read(
        self,
        asker: Asker,
        source: Source,
        request: ImportRequest,
        selection: Selection,
        *,
        rows_max: int,
        on_stored: Callable[[], None],
    ) -> Found:
        """Store the source and create a pending import of it; the import as it was created.

        `on_stored` is called as soon as it may run, before its attachment is read for the answer.
        Raises as `submit` does: UnreadableSource, TooManyRows and TooManyUnfinished among it.
        """
        created: list[Found] = []

        def read(tx: Transaction, import_: Import) -> None:
            created.append(self._read(tx, asker, import_, selection))

        self.submit(asker.environment, source, request, rows_max=rows_max, on_created=read)
        on_stored()
        found = created[-1]
        return replace(found, resource=settled(found.resource, is_lenient=True))

    def submit_upload_and_read(
        self,
        asker: Asker,
        upload_id: int,
        request: ImportRequest,
        selection: Selection,
        *,
        on_stored: Callable[[], None],
    ) -> Found:
        """Create a pending import of an upload, whose attachment is the import's from then on; the
        import as it was created.

        Raises as `submit_and_read` does, and NoSuchUpload and UploadUnusable.
        """
        created: list[Found] = []

        def read(tx: Transaction, import_: Import) -> None:
            created.append(self._read(tx, asker, import_, selection))

        self.submit_upload(asker.environment, upload_id, request, on_created=read)
        on_stored()
        found = created[-1]
        return replace(found, resource=settled(found.resource, is_lenient=True))

    def submit_upload(
        self,
        environment: Environment,
        upload_id: int,
        request: ImportRequest,
        *,
        is_plan: bool = False,
        on_created: Callable[[Transaction, Import], None],
    ) -> Import:
        """As `submit`, of an upload."""
        with self._database.read() as tx:
            upload = get_upload(tx, environment.number, upload_id)
        if upload is None:
            raise NoSuchUpload
        stored = upload.usable()
        if request.resource_type != upload.resource_type:
            raise UploadUnusable(
                f"its rows are {upload.resource_type}, and not {request.resource_type}",
                state=upload.state,
            )
        says_nothing = not request.column_map and request.mapping is None
        if says_nothing:
            request = replace(request, column_map=upload.reading.column_map)
        type_ = self._preparation.importable_type(request.resource_type)
        parent = self._preparation.parent(environment, type_, request.parent)
        drift = drift_notices(self._attachments, stored, request)
        if says_nothing and request.decimal is None and upload.columns is not None:
            columns = upload.columns
            decided = DecidedColumns(column_map=columns.column_map, notices=columns.notices)
        else:
            decided = self._preparation.decided(type_, request, stored, self._attachments)
        prepared = self._preparation.of_request(
            environment, type_, stored.layout, request, decided, parent=parent
        )
        new = self._preparation.new_import(
            environment, upload.name, request, stored, parent, prepared, decided, drift
        )

        def use(tx: Transaction, import_: Import) -> None:
            note_used(tx, upload_id, import_.id)
            on_created(tx, import_)

        return self.create(
            environment,
            None,
            lambda: replace(new, is_plan=is_plan),
            to_run=False,
            check=lambda tx: _check_usable(tx, environment, upload_id),
            on_created=use,
        )

    def _read(self, tx: Transaction, asker: Asker, import_: Import, selection: Selection) -> Found:
        return self._reader.written(tx, asker, "imports", import_.id, selection, action="create")


def _check_usable(tx: Transaction, environment: Environment, upload_id: int) -> None:
    """Refuse an upload that was used, deleted or has expired meanwhile."""
    upload = lock_upload(tx, environment.number, upload_id)
    if upload is None:
        raise NoSuchUpload
    upload.usable()
