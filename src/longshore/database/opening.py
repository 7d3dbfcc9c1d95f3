"""The database: opened once per process, then read and written in transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from longshore.database.location import prepare_file, prepare_folder
from longshore.database.migrating import is_current, migrate, revision_of, revisions
from longshore.database.schema import installation
from longshore.database.sqlite import DATABASE_NAME, SqliteDialect
from longshore.database.transactions import Transaction
from longshore.identifiers import PublicIds
from longshore.observations import DatabaseMigrated, NullObserver, Observer
from longshore.settings import Settings


class Database:
    """A migrated database of one installation; may be used by several threads at once."""

    def __init__(self, dialect: SqliteDialect) -> None:
        self._dialect = dialect
        # Until the installation's secrets are read.
        self._public_ids = PublicIds(1)
        self._url_secret = b""

    @classmethod
    def open(cls, folder: Path, settings: Settings, observer: Observer | None = None) -> "Database":
        """The embedded database of a data folder, made and migrated where needed.

        Raises RequestRefused when the folder or what it holds cannot be used, DatabaseBusy when
        a migration would have to wait too long for other writers.
        """
        prepare_folder(folder)
        prepare_file(folder / DATABASE_NAME)
        database = cls(SqliteDialect(folder, lock_wait_seconds=settings.lock_wait_seconds))
        try:
            database._migrate(observer or NullObserver())
            with database.read() as tx:
                found = tx.connection.execute(select(installation)).one()
            database._public_ids = PublicIds(found.public_id_secret)
            database._url_secret = bytes.fromhex(found.url_secret)
        except BaseException:
            database.close()
            raise
        return database

    @property
    def folder(self) -> Path:
        """The data folder, which also holds attachments and lock files."""
        return self._dialect.folder

    @property
    def public_ids(self) -> PublicIds:
        """How ids of this installation are written outside."""
        return self._public_ids

    @property
    def url_secret(self) -> bytes:
        """The installation's key for signed addresses, the same in every process."""
        return self._url_secret

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One consistent snapshot, from the first statement to the end of the block."""
        with self._transaction(for_writing=False) as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """The only writer of the database; commits at the end of the block, rolls everything
        back on any exception. Raises DatabaseBusy, StorageFull, StatementRefused.

        A read transaction opened inside sees the state before it.
        """
        with self._dialect.writing(), self._transaction(for_writing=True) as tx:
            yield tx
            changes = tx.changes
        self._dialect.checkpoint_log(changes)  # others may write meanwhile

    def close(self) -> None:
        """Close all connections; no transaction may be open."""
        self._dialect.close()

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self, *, for_writing: bool) -> Iterator[Transaction]:
        with (
            self._errors_translated(),
            self._dialect.connect(for_writing=for_writing) as connection,
            connection.begin(),
        ):
            yield Transaction(connection, self._public_ids)

    @contextmanager
    def _errors_translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, DBAPIError) as error:
            meaning = self._dialect.translate(error)
            if meaning is None:
                raise
            raise meaning from error

    def _migrate(self, observer: Observer) -> None:
        with self._transaction(for_writing=False) as tx:
            current = is_current(tx.connection)
        if current and self._dialect.has_write_ahead_log():
            return
        # Another process may be doing the same: the lock first, then a second look.
        with self._dialect.writing():
            with self._errors_translated():
                self._dialect.use_write_ahead_log()
            with self._transaction(for_writing=True) as tx:
                before = revision_of(tx.connection)
                if before != revisions()[-1]:
                    migrate(tx.connection)
                    observer.observe(DatabaseMigrated(before=before, after=revisions()[-1]))
