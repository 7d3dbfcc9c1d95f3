"""Imports looked at and listed, with what became of their rows; stopped, changed and deleted."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from longshore.access import Environment, read_environment
from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused
from longshore.identifiers import ImportId, environment_of
from longshore.imports import (
    Digest,
    Import,
    ImportUnreadable,
    LedgerRow,
    LoggedError,
    RowOutcome,
    SameContent,
    WaitsFor,
    count_errors,
    count_ledger,
    delete_import,
    deleted_among,
    errors_of,
    get_group,
    get_import,
    get_plan,
    interrupt_import,
    ledger_rows,
    list_errors,
    list_imports,
    list_ledger,
    read_digest,
    read_import,
    same_content_of,
    unfinished_imports,
    update_import,
    warnings_log,
)
from longshore.operations.asker import Asker
from longshore.operations.attachment_addresses import Signature, check_signature
from longshore.operations.failed_rows import FailedRow, read_failed_rows
from longshore.operations.found import Found
from longshore.operations.import_refusals import refused_as_import
from longshore.operations.import_rows import SHOWN_ROWS_MAX, row_attributes, row_counts
from longshore.operations.import_store import ImportStore
from longshore.operations.resource_reader import ResourceReader, settled
from longshore.operations.selection import Selection
from longshore.operations.sent_files import SentFile, find_sent_file, first_of
from longshore.operations.stores import Resource
from longshore.operations.suggestions import MayRead, ValueSuggestions, everything, suggestions_of
from longshore.operations.undo_starts import begin_undo
from longshore.runs import Run
from longshore.sources import ORIGINAL_BYTES_MAX, AttachmentMissing, AttachmentStore
from longshore.undos import get_undo, interrupt_undo, undos_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsPage:
    """Some of the errors of an import."""

    errors: Sequence[LoggedError]
    count: int  # of all


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPage:
    """Some of the rows of an import, as they are shown."""

    rows: Sequence[Mapping[str, Any]]
    count: int  # of all with the outcomes that were asked for
    counts: Mapping[str, Any]  # how many have which outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsFound:
    """Rows of an import, and how it stood when they were looked at."""

    import_: Import
    counts: Mapping[str, Any]  # how many have which outcome
    rows: Iterator[LedgerRow]
    shown: Callable[[Iterable[LedgerRow]], Iterator[dict[str, Any]]]


class Imports:
    """The imports of one installation; each operation is one snapshot, or one transaction."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        attachments: AttachmentStore,
        store: ImportStore,
        reader: ResourceReader,
        *,
        waits_for: Callable[[Transaction, Import], WaitsFor | None],
        on_stopped: Callable[[int], None],
        announce: Callable[[Transaction, Run], None],  # says that a run waits
        read_seconds: float,
        cell_bytes_max: int,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._attachments = attachments
        self._store = store
        self._reader = reader
        self._waits_for = waits_for
        # Told the environment of an import that was stopped, for which others may have waited.
        self._on_stopped = on_stopped
        self._announce = announce
        self._read_seconds = read_seconds
        self._cell_bytes_max = cell_bytes_max

    # One import

    def deleted_among(self, asker: Asker, public_ids: Iterable[str]) -> frozenset[str]:
        """Those of some imports, named by their public ids, that were deleted, so that nothing is
        shown of them any more."""
        named = {self._database.public_ids.decode(each): each for each in public_ids}
        ids = [each for each in named if each is not None]
        if not ids:
            return frozenset()
        with self._database.read() as tx:
            found = deleted_among(tx, asker.environment.number, ids)
        return frozenset(named[each] for each in found)

    def find(
        self, environment: Environment, public_id: str, *, may_be_plan: bool = False
    ) -> Import:
        """The import of an environment, or where that may be, the plan; raises RequestRefused when
        there is none."""
        id = self._database.public_ids.decode(public_id.strip())
        found = plan = undo = group = None
        if id is not None:
            with self._database.read() as tx:
                found = get_import(tx, environment.number, id)
                if found is None:
                    plan = get_plan(tx, environment.number, id)
                    undo = get_undo(tx, environment.number, id)
                    group = get_group(tx, environment.number, id)
        if found is not None:
            return found
        if plan is not None and may_be_plan:
            return plan
        encode = self._database.public_ids.encode
        raise refused_as_import(public_id, plan=plan, undo=undo, group=group, encode=encode)

    def read(self, import_id: int) -> Import:
        """The import with this id, which exists, as it is at this moment."""
        with self._database.read() as tx:
            return read_import(tx, ImportId(import_id))

    def environment_of(self, import_: Import) -> Environment:
        """The environment that an import belongs to."""
        with self._database.read() as tx:
            return read_environment(tx, import_.environment)

    def waits_for(self, import_: Import) -> WaitsFor | None:
        """The oldest import that an import waits for, if it does."""
        with self._database.read() as tx:
            return self._waits_for(tx, import_)

    def same_content_as(self, import_: Import) -> SameContent | None:
        """The earlier import of the same content, if there is one."""
        with self._database.read() as tx:
            return same_content_of(tx, import_)

    def resource(self, asker: Asker, import_: Import, *, is_listed: bool = False) -> Resource:
        """An import as it is shown."""
        with self._database.read() as tx:
            found = self._store.resource(
                self._reader.reading(tx, asker), import_, is_listed=is_listed
            )
        return settled(found)

    def check_address(self, name: str, *, expires: str, signature: str) -> Signature:
        """What the address of an attachment is worth that somebody shows."""
        key = self._database.url_secret
        return check_signature(name, expires=expires, signature=signature, key=key)

    def with_attachment(self, public_id: str) -> Import | None:
        """The import of that id in whatever environment, for somebody to whom the address of its
        attachment was given."""
        id = self._database.public_ids.decode(public_id)
        if id is None:
            return None
        with self._database.read(seconds=self._read_seconds) as tx:
            return get_import(tx, environment_of(id), id)

    # Lists

    def list(
        self, environment: Environment, *, limit: int | None = None
    ) -> Sequence[Import | ImportUnreadable]:
        """The imports of an environment, newest first."""
        with self._database.read() as tx:
            return list_imports(tx, environment.number, limit=limit)

    def open(self) -> Sequence[Import]:
        """Imports that wait, or were left unfinished, in all environments; of each in the order of
        their places; without those that cannot be read (`unreadable`)."""
        with self._database.read() as tx:
            return [each for each in unfinished_imports(tx) if isinstance(each, Import)]

    def unreadable(self) -> Sequence[ImportUnreadable]:
        """Imports that are not finished, and that nobody can go on with in this release."""
        with self._database.read() as tx:
            return [each for each in unfinished_imports(tx) if isinstance(each, ImportUnreadable)]

    # What went wrong, and what became of the rows

    def errors(self, import_: Import, *, limit: int | None = None) -> Iterator[LoggedError]:
        """The errors of an import, by row, in one snapshot, with suggestions."""
        with self._database.read() as tx:
            suggestions = self._suggestions(tx, import_)
            yield from suggestions.of_errors(tx, errors_of(tx, import_.id, limit=limit))

    def digest(self, import_: Import) -> Digest:
        """The errors of an import by cause, with suggestions."""
        with self._database.read() as tx:
            return self._suggestions(tx, import_).of_digest(tx, read_digest(tx, import_.id))

    def warnings(self, import_: Import, *, identifiers_max: int) -> Sequence[tuple[str, str]]:
        """The first warnings about rows: row identifiers and messages."""
        with self._database.read() as tx:
            log = warnings_log(tx, import_.id, identifiers_max=identifiers_max)
        return [(name, message) for name, messages in log.items() for message in messages]

    def failed_rows(self, import_: Import) -> Iterator[FailedRow]:
        """The rows of an import that failed, in their order, read from its attachment.

        Raises RequestRefused where that is not kept any more.
        """
        if import_.attachment_expired_at is not None:
            public_id = self._database.public_ids.encode(import_.id)
            raise RequestRefused(
                f"the source of the import {public_id} is not kept any more",
                hint=f"`longshore errors {public_id}` lists what is wrong with its rows",
            )
        return read_failed_rows(self._database, self._attachments, import_)

    def original(self, import_: Import) -> Iterator[bytes]:
        """The bytes of the workbook, archive or Parquet file that an import was made from, or of
        the file before its rows were changed; of a retry those of the first import.

        Raises RequestRefused where none is kept.
        """
        with self._database.read() as tx:
            first = first_of(tx, import_)
        try:
            return self._attachments.original((first or import_).attachment_name)
        except AttachmentMissing as missing:
            raise RequestRefused(
                "no original of this import is kept",
                hint="one is kept of workbooks, archives and Parquet files of at most "
                f"{ORIGINAL_BYTES_MAX >> 20} MiB, and of files of which rows were changed in the "
                "dashboard before, as long as the attachment",
            ) from missing

    def sent_file(self, import_: Import) -> SentFile | None:
        """The file of which an import was made, as it was sent; of a retry that of the first
        import. None: it is not kept as it was sent."""
        with self._database.read() as tx:
            return find_sent_file(tx, self._attachments, import_)

    @contextmanager
    def rows(
        self, import_: Import, *, outcomes: Collection[RowOutcome], first_row: int
    ) -> Iterator[RowsFound]:
        """What became of the rows of an import from one on, to be read within the block."""
        with self._database.read() as tx:
            # Counts and rows are those of one moment.
            current = read_import(tx, import_.id)

            def shown(rows: Iterable[LedgerRow]) -> Iterator[dict[str, Any]]:
                left = iter(rows)
                while batch := list(islice(left, SHOWN_ROWS_MAX)):
                    yield from row_attributes(
                        tx, self._catalogue, current, batch, self._suggestions(tx, current)
                    )

            yield RowsFound(
                import_=current,
                counts=row_counts(current, count_ledger(tx, current.id)),
                rows=ledger_rows(tx, current.id, outcomes=outcomes, first_row=first_row),
                shown=shown,
            )

    def errors_page(
        self, asker: Asker, key: int, *, offset: int, limit: int, may_read: MayRead
    ) -> ErrorsPage | None:
        """A page of an import's errors; None: the environment has no such import.

        `may_read` says of which types suggestions may tell records.
        """
        with self._database.read(seconds=self._read_seconds) as tx:
            import_ = get_import(tx, asker.environment.number, key)
            if import_ is None:
                return None
            errors = list_errors(tx, import_.id, offset=offset, limit=limit)
            return ErrorsPage(
                count=count_errors(tx, import_.id),
                errors=list(self._suggestions(tx, import_, may_read).of_errors(tx, errors)),
            )

    def digest_of(self, asker: Asker, key: int, *, may_read: MayRead) -> Digest | None:
        """The errors of an import by cause; None: the environment has no such import."""
        with self._database.read(seconds=self._read_seconds) as tx:
            import_ = get_import(tx, asker.environment.number, key)
            if import_ is None:
                return None
            return self._suggestions(tx, import_, may_read).of_digest(
                tx, read_digest(tx, import_.id)
            )

    def rows_page(
        self,
        asker: Asker,
        key: int,
        outcomes: Collection[RowOutcome],
        *,
        offset: int,
        limit: int,
        may_read: MayRead,
        is_plan: bool = False,
    ) -> RowsPage | None:
        """A page of the rows of an import, or a plan, that have one of the outcomes; None: there is
        no such one.

        At most `SHOWN_ROWS_MAX` rows.
        """
        with self._database.read(seconds=self._read_seconds) as tx:
            get = get_plan if is_plan else get_import
            import_ = get(tx, asker.environment.number, key)
            if import_ is None:
                return None
            counts = count_ledger(tx, import_.id)
            rows = list_ledger(tx, import_.id, outcomes=outcomes, offset=offset, limit=limit)
            return RowsPage(
                rows=row_attributes(
                    tx, self._catalogue, import_, rows, self._suggestions(tx, import_, may_read)
                ),
                count=sum(counts[outcome] for outcome in outcomes),
                counts=row_counts(import_, counts),
            )

    def _suggestions(
        self, tx: Transaction, import_: Import, may_read: MayRead = everything
    ) -> ValueSuggestions:
        return suggestions_of(
            tx, self._catalogue, import_, cell_bytes_max=self._cell_bytes_max, may_read=may_read
        )

    # Changes

    def interrupt(self, asker: Asker, key: int) -> Import:
        """Stop a pending or running import at its last committed chunk.

        Raises ImportFinished, and NoSuchImport when the environment has no such import.
        """
        with self._database.write() as tx:
            found = _addressed(tx, asker, key)
            interrupted = interrupt_import(tx, found.id, application_id=asker.application_id)
        self._on_stopped(asker.environment.number)
        return interrupted

    def change(
        self,
        asker: Asker,
        key: int,
        changes: Mapping[str, object],
        selection: Selection,
        *,
        interrupts: bool = False,
        undoes: bool = False,
    ) -> Found:
        """Set `reference`, `reference_origin` and `metadata`, whichever are named, and stop the
        import or begin to take it back, where that is asked for: all of it or nothing.

        Raises ImportFinished, UndoRefused and UndoConflict, and NoSuchImport when the environment
        has no such import.
        """
        with self._database.write() as tx:
            import_ = _addressed(tx, asker, key)
            if interrupts:
                interrupt_import(tx, import_.id, application_id=asker.application_id)
            if undoes:
                undo = begin_undo(tx, self._catalogue, import_, application_id=asker.application_id)
                self._announce(tx, undo.run)
            update_import(tx, import_, changes, application_id=asker.application_id)
            found = self._reader.written(
                tx, asker, "imports", import_.id, selection, action="update"
            )
        if interrupts:
            self._on_stopped(asker.environment.number)
        return replace(found, resource=settled(found.resource, is_lenient=True))

    def delete(self, asker: Asker, key: int) -> None:
        """Hide an import; one that waits or runs is stopped, and so is what takes it back, because
        what it has done with each row is forgotten. What it imported stays.

        Raises NoSuchImport when the environment has no such import.
        """
        with self._database.write() as tx:
            found = _addressed(tx, asker, key)
            for undo in undos_of(tx, found.id):
                if not undo.is_finished:
                    interrupt_undo(tx, undo.id, reason="the import was deleted")
            delete_import(tx, found.id, application_id=asker.application_id)
        self._on_stopped(asker.environment.number)


class NoSuchImport(RequestRefused):
    """The environment has no import of that id, or it was deleted."""

    def __init__(self) -> None:
        super().__init__("there is no such import")


def _addressed(tx: Transaction, asker: Asker, key: int) -> Import:
    found = get_import(tx, asker.environment.number, key)
    if found is None:
        raise NoSuchImport
    return found
