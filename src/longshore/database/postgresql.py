"""Everything that is special to PostgreSQL: its connections, its settings, its locks, its errors.

Rules for whoever changes this module:
- Nothing is set on a connection for longer than a transaction, and no session lock is taken: a
  server of the API may stand behind a pooler that hands out connections by transaction.
- Every write transaction takes its locks before it reads anything, in one order for all.
- A lost connection is `DatabaseAway`, which whoever has work in hand repeats; it never becomes a
  finding about a row.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy import exc as sqlalchemy_errors

from longshore.database.errors import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseUnusable,
    NotPermitted,
    StatementRefused,
    StatementTimedOut,
    StorageDamaged,
    StorageFull,
)
from longshore.database.postgresql_transaction import PostgresqlTransaction
from longshore.database.transactions import STATEMENTS_KEPT, Locks
from longshore.errors import LongshoreError, RequestRefused
from longshore.identifiers import PublicIds
from longshore.settings import Settings

_VERSION_MIN = 140000  # server_version_num
_CONNECT_SECONDS = 10
# A process that said nothing for so long does not run any more.
_SILENT_MILLISECONDS = 60_000
# A transaction whose process is stopped or cut off between two statements holds its locks for so
# long; chunks think for less than a second at a time.
_IDLE_SECONDS = 15
# How long a connection may say nothing before the peer is asked whether it is there.
_KEEPALIVE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}

_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_BEGIN_WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

# Locks of the whole installation have this first number; those of an environment its number.
_INSTALLATION = 0
# Whoever migrates holds this one.
MIGRATION_LOCK = (_INSTALLATION, 1)
_ADMINISTRATION_LOCK = (_INSTALLATION, 2)
_WHOLE = 0  # the second number of the lock of a whole environment


class PostgresqlDialect:
    """One PostgreSQL database, shared by any number of processes on any hosts."""

    is_embedded = False

    def __init__(
        self,
        url: str,
        settings: Settings,
        *,
        application_name: str = "longshore",
        is_pooled: bool = False,
        connections: int | None = None,  # None: as many as the settings allow
    ) -> None:
        self._settings = settings
        self._application_name = application_name
        self._is_pooled = is_pooled
        self._connections = connections or settings.database_connections
        self._wait_seconds = settings.lock_wait_seconds
        self.url = url
        self.place = place_of(url)
        self._options: dict[str, Any] = {
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": application_name,
            "client_encoding": "utf8",
            **_KEEPALIVE,
        }
        # What the address says wins, but for the name: by it a takeover finds the connections.
        given = conninfo_to_dict(url).keys() - {"application_name"}
        self._options = {key: v for key, v in self._options.items() if key not in given}
        # A statement prepared on one connection of a pooler is unknown to the next.
        self._prepare_threshold = None if is_pooled else 5
        self.engine = self._create_engine()
        statement = {"statement_timeout": settings.statement_timeout_seconds}
        # Somebody may look at what is read for long; it keeps nobody waiting.
        self._reading = _timeouts(statement)
        self._writing = _timeouts(
            {
                **statement,
                "lock_timeout": settings.lock_wait_seconds,
                "idle_in_transaction_session_timeout": _IDLE_SECONDS,
            }
        )

    @contextmanager
    def transaction(
        self,
        public_ids: PublicIds,
        *,
        for_writing: bool,
        locks: Locks | None = None,
        seconds: float | None = None,
    ) -> Iterator[PostgresqlTransaction]:
        """A snapshot, or a unit of changes that holds its locks from the beginning."""
        settings = self._writing if for_writing else self._reading
        if seconds is not None:
            settings = _timeouts({"statement_timeout": seconds})
        if locks:
            # A table that was never analyzed looks small, and reading it whole looks cheap.
            settings += ", set_config('enable_seqscan', 'off', true)"
            # A plan that is kept for any keys compares each row with all of them, where it goes
            # through a whole index.
            settings += ", set_config('plan_cache_mode', 'force_custom_plan', true)"
        keys = _keys(locks) if for_writing else []
        begin = _BEGIN_WRITING if for_writing else _BEGIN_READING
        with ExitStack() as stack:
            yield self._begun(stack, public_ids, begin=begin, settings=settings, keys=keys)

    def _begun(
        self,
        stack: ExitStack,
        public_ids: PublicIds,
        *,
        begin: str,
        settings: str,
        keys: Sequence[tuple[int, int, bool]],
    ) -> PostgresqlTransaction:
        """A transaction that the stack ends.

        A connection may be lost since it was used last, because the database was restarted, say.
        The round trip that begins the transaction shows it, and another connection begins anew.
        """
        others_left = self._connections
        while True:
            with ExitStack() as attempt:
                plain = attempt.enter_context(self.engine.connect())
                # The driver begins nothing by itself, which would be a round trip of its own.
                connection = plain.execution_options(isolation_level="AUTOCOMMIT")
                whole = attempt.enter_context(connection.begin())
                tx = PostgresqlTransaction(connection, public_ids)
                try:
                    tx.begin(begin, settings, keys)
                except psycopg.OperationalError:
                    if not (others_left and tx.is_lost):
                        raise
                    others_left -= 1
                    connection.invalidate()
                    whole.rollback()
                else:
                    stack.push(attempt.pop_all())
                    return tx

    def is_set_up(self) -> bool:
        """Nothing but the schema is needed."""
        return True

    @contextmanager
    def migrating(self, *, alone: bool) -> Iterator[Connection]:
        """A transaction that nobody else is in, waited for as long as it takes.

        `alone` means that no process of the installation lives when it commits; raises
        RequestRefused when one does.
        """
        with self.engine.connect() as connection, connection.begin():
            driver: Any = connection.connection.driver_connection
            self._check_server(driver)
            driver.execute("SELECT pg_advisory_xact_lock(%s, %s)", MIGRATION_LOCK)
            yield connection
            if alone:
                self._refuse_living(driver)

    def translate(self, error: Exception) -> LongshoreError | None:
        """What an error of the driver means to a caller; None: a bug, to be raised as it is."""
        if isinstance(error, sqlalchemy_errors.TimeoutError):
            return self._busy("all connections are in use")
        cause = error.orig if isinstance(error, sqlalchemy_errors.DBAPIError) else error
        if not isinstance(cause, psycopg.Error):
            return None
        state = cause.sqlstate or ""
        message = _first_line(cause)
        if state == "55P03":
            return self._busy(
                f"other programs have been writing for {self._wait_seconds:g} seconds"
            )
        if state == "57014":
            return StatementTimedOut(message)
        if state in _BUSY:
            return self._busy(message)
        if state.startswith(_REFUSED):
            return StatementRefused(message)
        if state == "53100":
            return StorageFull(
                f"no space left for the database {self.place}",
                hint="free some space and run it again; nothing that was committed is lost",
            )
        if state.startswith("XX0"):
            return StorageDamaged(f"the database {self.place} is damaged: {message}")
        if state.startswith(_AWAY) or (
            not state and isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
        ):
            return _unreachable(self.place, cause)
        if state == "42501":
            return NotPermitted(
                f"the database {self.place} refuses: {message}",
                reason=message,
                hint="its user needs to select, insert, update and delete in all tables; whoever "
                "owns them can grant that",
            )
        if state.startswith(("28", "3D", "3F")):
            return DatabaseUnusable(
                f"the database {self.place} refuses: {message}",
                hint="check LONGSHORE_DATABASE_URL and the rights of its user",
            )
        return None

    def is_there(self) -> bool:
        """Whether somebody connects as this process does."""
        try:
            self._connect().close()
        except psycopg.Error as error:
            return not isinstance(self.translate(error), DatabaseAway)
        return True

    def apart(self) -> "PostgresqlDialect":
        """The same database, over one connection of its own."""
        return PostgresqlDialect(
            self.url,
            self._settings,
            application_name=self._application_name,
            is_pooled=self._is_pooled,
            connections=1,
        )

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _create_engine(self) -> Engine:
        return create_engine(
            # The address, with its password, stays out of SQLAlchemy's messages.
            "postgresql+psycopg://",
            creator=self._connect,
            pool_size=self._connections,
            max_overflow=0,
            pool_use_lifo=True,  # statements are prepared on the connection that was used last
            pool_timeout=self._wait_seconds,
            query_cache_size=200,
        )

    def _connect(self) -> "psycopg.Connection[Any]":
        connection = psycopg.connect(
            self.url, prepare_threshold=self._prepare_threshold, **self._options
        )
        connection.prepared_max = STATEMENTS_KEPT
        return connection

    def _check_server(self, driver: "psycopg.Connection[Any]") -> None:
        row = driver.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
            " current_setting('server_encoding')"
        ).fetchone()
        assert row is not None
        number, version, encoding = row
        if number < _VERSION_MIN:
            raise RequestRefused(
                f"the database {self.place} is PostgreSQL {version}, expected 14 or newer"
            )
        if encoding != "UTF8":
            raise RequestRefused(
                f"the database {self.place} is encoded as {encoding}, expected UTF8",
                hint="CREATE DATABASE longshore ENCODING 'UTF8' TEMPLATE template0",
            )

    def _refuse_living(self, driver: "psycopg.Connection[Any]") -> None:
        living = driver.execute(
            "SELECT kind, pid, host FROM processes"
            " WHERE heartbeat_at > extract(epoch FROM clock_timestamp()) * 1000 - %s"
            " ORDER BY started_at",
            [_SILENT_MILLISECONDS],
        ).fetchall()
        if living:
            names = ", ".join(f"{kind} {pid} on {host}" for kind, pid, host in living)
            raise RequestRefused(
                f"processes work with the database {self.place}, and it is to be upgraded to a "
                f"schema that they do not know: {names}",
                hint="stop all servers and workers, then run this again; one that was killed is "
                "forgotten after a minute",
            )

    def _busy(self, message: str) -> DatabaseBusy:
        return DatabaseBusy(
            f"the database is busy: {message}",
            hint="try again, or wait longer with LONGSHORE_LOCK_WAIT_SECONDS",
        )


def place_of(url: str) -> str:
    """Host and name of a database, without the user and the password; raises RequestRefused for
    what is no address."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise RequestRefused(
            "LONGSHORE_DATABASE_URL is not an address of PostgreSQL",
            hint="expected postgresql://user:password@host:port/name",
        ) from None
    host = parts.get("host") or parts.get("hostaddr") or "localhost"
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{parts.get('dbname') or parts.get('user') or ''} at {host}{port}"


# Serialization failures, deadlocks, statement timeouts, no memory, no connection left.
_BUSY = frozenset(("40001", "40P01", "53200", "53300"))
# Values, constraints, limits, and what a trigger that somebody has added does not want.
_REFUSED = ("22", "23", "54", "P0")
# Connection exceptions, shutdowns and starts, read-only (a standby that was promoted elsewhere).
_AWAY = ("08", "57P", "25006", "25P03")


def _unreachable(place: str, cause: psycopg.Error) -> LongshoreError:
    message = _first_line(cause)
    if any(words in message for words in _REFUSALS):
        return DatabaseUnusable(
            f"the database {place} refuses: {message}",
            hint="check LONGSHORE_DATABASE_URL and the rights of its user",
        )
    return DatabaseAway(
        f"the database {place} is away: {message}",
        hint="start it, or check LONGSHORE_DATABASE_URL",
    )


# A failed attempt to connect bears no code, only the server's words.
_REFUSALS = ("password authentication failed", "does not exist", "no pg_hba.conf entry")


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _timeouts(seconds: Mapping[str, float]) -> str:
    """Expressions that set timeouts until the end of the transaction."""
    return ", ".join(
        f"set_config('{name}', '{int(value * 1000)}', true)" for name, value in seconds.items()
    )


def _keys(locks: Locks | None) -> list[tuple[int, int, bool]]:
    """The locks as PostgreSQL knows them, in the order in which everybody takes them."""
    if locks is None:
        return [(*_ADMINISTRATION_LOCK, True)]
    keys: Mapping[int, bool] = {
        **{_number(name): False for name in locks.shared},
        **{_number(name): True for name in locks.exclusive},
    }
    return [
        (locks.scope, _WHOLE, locks.is_whole),
        *((locks.scope, number, keys[number]) for number in sorted(keys)),
    ]


def _number(table: str) -> int:
    """A table's number, the same in every version: 1 to 2^31 - 1."""
    return zlib.crc32(table.encode()) % (2**31 - 2) + 1
