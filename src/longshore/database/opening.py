"""The database: opened once per process, then read and written in transactions."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol

import sqlalchemy as sa

from longshore.database.errors import NotPermitted, ReadTooLong, StatementTimedOut
from longshore.database.founding import read_installation
from longshore.database.location import prepare_file, prepare_folder
from longshore.database.migrating import (
    is_current,
    migrate,
    needs_to_be_alone,
    revision_of,
    revisions,
)
from longshore.database.sqlite import DATABASE_NAME, SqliteDialect
from longshore.database.transactions import Locks, Transaction
from longshore.errors import LongshoreError, RequestRefused
from longshore.identifiers import PublicIdKeys, PublicIds, RecordSecrets
from longshore.observations import DatabaseMigrated, NullObserver, Observer
from longshore.settings import Settings

_FIRST_COMMAND = "longshore import TYPE FILE is the first command, and makes it"


class DatabaseDialect(Protocol):
    """What is special to one kind of database."""

    @property
    def place(self) -> str:
        """What messages call the database."""

    @property
    def is_embedded(self) -> bool:
        """Whether it is in the data folder, and whoever opens it may upgrade it."""

    def transaction(
        self,
        public_ids: PublicIds,
        *,
        for_writing: bool,
        locks: Locks | None = None,
        seconds: float | None = None,
    ) -> AbstractContextManager[Transaction]:
        """A snapshot to read from, or a unit of changes that holds its locks.

        What is read within `seconds` has so long, on PostgreSQL each statement of it.
        """

    def is_set_up(self) -> bool:
        """Whether nothing is missing but the schema."""

    def migrating(self, *, alone: bool) -> AbstractContextManager[sa.Connection]:
        """A write transaction that nobody else is in; `alone`: nor has the database open."""

    def translate(self, error: Exception) -> LongshoreError | None:
        """What an error of the driver means to a caller; None: a bug, to be raised as it is."""

    def is_there(self) -> bool:
        """Whether the database can be reached; it may take as long as connecting does."""

    def apart(self) -> "DatabaseDialect":
        """The same database, over one connection of its own."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Migration:
    """What an upgrade has done."""

    place: str  # what messages call the database
    before: str | None  # revision; None: the database was empty
    after: str
    has_changed: bool  # the tables of the job engine have versions of their own


class Database:
    """A migrated database of one installation; may be used by several threads at once."""

    def __init__(self, dialect: DatabaseDialect, folder: Path) -> None:
        self._dialect = dialect
        self._folder = folder
        # Until the installation's secrets are read.
        self._public_ids = PublicIds(PublicIdKeys(key=bytes(32), secret=1))
        self._url_secret = b""

    @classmethod
    def open(
        cls,
        folder: Path,
        settings: Settings,
        observer: Observer | None = None,
        *,
        process: str = "longshore",
        is_pooled: bool = False,
        to_copy: bool = False,
        makes: bool = True,
    ) -> "Database":
        """The database that the settings name, else the embedded one of a data folder.

        An embedded one is made and migrated where needed, PostgreSQL only when it is empty;
        `migrate` upgrades it. `process` is how PostgreSQL shall call the connections; `is_pooled`
        says that there may be a pooler between, `to_copy` that this process fills it with another
        installation: nobody else is let in before that is done. Without `makes` nothing is made
        where there is no database, or an empty one; that is refused. Raises RequestRefused when the
        folder or what it holds cannot be used, DatabaseBusy when a migration would have to wait
        too long for other writers, DatabaseAway.
        """
        if not makes and not settings.database_url and not cls.is_in(folder):
            raise _no_data(folder)
        dialect = _dialect(folder, settings, process=process, is_pooled=is_pooled)
        database = cls(dialect, folder)
        try:
            database._prepare(observer or NullObserver(), makes=makes)
            with database.read() as tx:
                found = read_installation(tx)
            if found.copying is not None and not to_copy:
                raise RequestRefused(
                    f"the database {database.place} holds a copy that is not complete",
                    hint="repeat `longshore copy`, it goes on where it stopped",
                )
            database._public_ids = PublicIds(found.public_id_keys)
            database._url_secret = bytes.fromhex(found.url_secret)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def migrate(cls, folder: Path, settings: Settings) -> Migration:
        """Prepare or upgrade a database; one that is current stays as it is.

        May be called by several programs at once. Raises as `open` does.
        """
        database = cls(_dialect(folder, settings), folder)
        try:
            return database._migrate()
        finally:
            database.close()

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether a folder holds an embedded database."""
        return (folder / DATABASE_NAME).is_file()

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._folder

    @property
    def is_embedded(self) -> bool:
        """Whether it is a file of this machine, for the processes of this machine."""
        return self._dialect.is_embedded

    @property
    def place(self) -> str:
        """What messages call the database; tells no secret."""
        return self._dialect.place

    @property
    def public_ids(self) -> PublicIds:
        """How ids of this installation are written outside."""
        return self._public_ids

    @property
    def url_secret(self) -> bytes:
        """The installation's key for signed addresses, the same in every process."""
        return self._url_secret

    @property
    def record_secrets(self) -> RecordSecrets:
        """The secrets of this installation's records."""
        return RecordSecrets(self._url_secret)

    @contextmanager
    def read(self, *, seconds: float | None = None) -> Iterator[Transaction]:
        """One consistent snapshot, from the first statement to the end of the block.

        Raises ReadTooLong when it is given so many seconds and they are not enough.
        """
        try:
            with (
                self._errors_translated(),
                self._dialect.transaction(
                    self._public_ids, for_writing=False, seconds=seconds
                ) as tx,
            ):
                yield tx
        except StatementTimedOut as error:
            if seconds is None:
                raise
            raise ReadTooLong(
                f"it takes longer than {seconds:g} seconds to find",
                hint="ask for less: fewer or simpler filters, no sorting, fewer includes",
            ) from error

    @contextmanager
    def write(self, locks: Locks | None = None) -> Iterator[Transaction]:
        """Changes that are serial with those of all whose locks conflict; without locks, with
        those of everybody who names none.

        Commits at the end of the block, rolls everything back on any exception. An embedded
        database has one writer at a time, whatever the locks. Raises DatabaseBusy, DatabaseAway,
        StorageFull, StatementRefused. A read transaction opened inside sees the state before it.
        """
        with (
            self._errors_translated(),
            self._dialect.transaction(self._public_ids, for_writing=True, locks=locks) as tx,
        ):
            yield tx

    def is_there(self) -> bool:
        """Whether the database can be reached at this moment, whatever this process has open.

        It may take as long as connecting does.
        """
        return self._dialect.is_there()

    def apart(self) -> "Database":
        """The same database over one connection of its own, which waits for none of this one's.

        Whoever asks for it closes it.
        """
        database = Database(self._dialect.apart(), self._folder)
        database._public_ids, database._url_secret = self._public_ids, self._url_secret
        return database

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
    def _errors_translated(self) -> Iterator[None]:
        try:
            yield
        except (LongshoreError, AssertionError):
            raise
        except Exception as error:
            # Which errors a driver has is known to its dialect alone.
            meaning = self._dialect.translate(error)
            if meaning is None:
                raise
            raise meaning from error

    def _prepare(self, observer: Observer, *, makes: bool) -> None:
        """Make sure that the schema is this version's; `makes` one where there is none."""
        place = self._dialect.place
        with self.read() as tx:
            before = revision_of(tx.connection, place)
            if is_current(tx.connection, place) and self._dialect.is_set_up():
                return
        if before is None and not makes:
            raise RequestRefused(f"the database {place} is empty", hint=_FIRST_COMMAND)
        if before is not None and not self._dialect.is_embedded:
            raise RequestRefused(
                f"the database {place} has an older schema ({before}), this version needs "
                f"{revisions()[-1]}",
                hint="`longshore migrate`, as the user who owns it, upgrades it",
            )
        done = self._migrate()
        if done.before != done.after:
            observer.observe(DatabaseMigrated(before=done.before, after=done.after))

    def _migrate(self) -> Migration:
        try:
            return self._apply_revisions()
        except NotPermitted as error:
            raise NotPermitted(
                f"the user of the database {self._dialect.place} may not bring its schema to "
                f"{revisions()[-1]}: {error.reason}",
                reason=error.reason,
                hint="run `longshore migrate` as the user who owns the database",
            ) from error

    def _apply_revisions(self) -> Migration:
        place = self._dialect.place
        steps: list[str | None] = []  # the revisions before each
        with self.read() as tx:
            before = revision_of(tx.connection, place)
        while True:
            # Another process may be doing the same: who has the lock first does it, the other one
            # finds nothing left.
            alone = needs_to_be_alone(before)
            with self._errors_translated(), self._dialect.migrating(alone=alone) as connection:
                before = revision_of(connection, place)
                if is_current(connection, place):
                    break
                if needs_to_be_alone(before) != alone:
                    continue
                steps.append(before)
                migrate(connection)
                before = revision_of(connection, place)
        return Migration(place, steps[0] if steps else before, revisions()[-1], bool(steps))


def _no_data(folder: Path) -> RequestRefused:
    place = folder.absolute()
    found = "is a file, no folder" if folder.is_file() else "holds no data of longshore"
    return RequestRefused(
        f"the data folder {place} {found}"
        if folder.exists()
        else f"there is no data folder {place}",
        hint=f"{_FIRST_COMMAND}; --data or LONGSHORE_DATA names another one",
    )


def _dialect(
    folder: Path, settings: Settings, *, process: str = "longshore", is_pooled: bool = False
) -> DatabaseDialect:
    if not settings.database_url:
        prepare_folder(folder)
        prepare_file(folder / DATABASE_NAME)
        return SqliteDialect(
            folder,
            lock_wait_seconds=settings.lock_wait_seconds,
            page_cache_bytes=settings.page_cache_bytes,
        )
    # Loaded where it is needed only: the driver takes longer to load than many a command to run.
    from longshore.database.postgresql import PostgresqlDialect

    return PostgresqlDialect(
        settings.database_url, settings, application_name=process, is_pooled=is_pooled
    )
