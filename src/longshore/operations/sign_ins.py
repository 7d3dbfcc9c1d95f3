"""People who come into the dashboard: by a one-time code, or by an application's credentials."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from longshore.access import (
    Application,
    ApplicationKind,
    Environment,
    Session,
    SignInTries,
    authenticate,
    check_environment,
    create_sign_in_code,
    end_session,
    find_session,
    open_session,
    read_environment,
    take_sign_in_code,
)
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused, RetryableError
from longshore.observations import Observer, SessionOpened, SignInFailed

# Whose people may look at the dashboard.
_KINDS = (
    ApplicationKind.INTEGRATION,
    ApplicationKind.WEBAPP,
    ApplicationKind.CLI,
    ApplicationKind.IMPORTS,
)


class SignInRefused(RequestRefused):
    """What was given opens nothing."""


class SignInPostponed(SignInRefused):
    """Too many wrong tries were made; the next one may be made in so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Try again in {_seconds(seconds)}.")
        self.seconds = seconds


def _seconds(seconds: int) -> str:
    return "1 second" if seconds == 1 else f"{seconds} seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where somebody wants to come in."""

    client: str  # the machine that asks
    organization: str | None  # slug that the host names; None: it names none


_HERE = Door(client="local", organization=None)  # within the process


class SignIns:
    """The sessions of one installation."""

    def __init__(
        self,
        database: Database,
        observer: Observer,
        *,
        read_seconds: float,
        tries: SignInTries | None = None,
    ) -> None:
        self._database = database
        self._observer = observer
        self._read_seconds = read_seconds
        self._tries = tries or SignInTries()

    def create_code(self, environment: Environment) -> str:
        """A code that opens one session of an environment, within 15 minutes."""
        with self._database.write() as tx:
            check_environment(tx, environment.number)
            return create_sign_in_code(tx, environment)

    def by_code(self, code: str, door: Door = _HERE) -> Session:
        """The session that a code opens; raises SignInRefused."""
        with self._told(door), self._database.write() as tx:
            session = take_sign_in_code(tx, code)
            if session is None:
                raise SignInRefused(
                    "this link was used already, or is older than 15 minutes",
                    hint="longshore dashboard makes another one",
                )
            if door.organization not in (None, session.environment.organization):
                # Raised within the transaction, so the code is not used up.
                raise SignInRefused(
                    "this link is of another organization than the address of this page"
                )
        return self._opened(session, door)

    def by_credentials(self, client_id: str, secret: str, door: Door = _HERE) -> Session:
        """The session of an application that proves itself; raises SignInRefused."""
        names = (f"address {door.client}", f"client {client_id[:100]}")
        with self._told(door):
            if seconds := self._tries.begin(names):
                raise SignInPostponed(seconds)
            try:
                session = self._proved(client_id, secret, door)
            except RetryableError:
                self._tries.forgive(names)  # it was never looked at
                raise
        self._tries.forgive(names)
        return self._opened(session, door)

    def find(self, token: str) -> Session | None:
        """The session of a cookie; None where it has ended."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return find_session(tx, token)

    def end(self, session: Session) -> None:
        """Sign somebody out, on every device that has the cookie."""
        with self._database.write() as tx:
            end_session(tx, session.token)

    def _proved(self, client_id: str, secret: str, door: Door) -> Session:
        with self._database.write() as tx:
            application = authenticate(tx, client_id, secret)
            if application is None or not _is_at(tx, application, door):
                raise SignInRefused(
                    "this ID and secret do not belong together, or the application was deleted"
                )
            if application.kind not in _KINDS:
                raise SignInRefused("this application cannot use the dashboard")
            environment = read_environment(tx, application.environment)
            check_environment(tx, environment.number)
            return open_session(tx, environment, application)

    @contextmanager
    def _told(self, door: Door) -> Iterator[None]:
        """Observe who comes in vain, without what was given."""
        try:
            yield
        except SignInRefused as refused:
            self._observer.observe(SignInFailed(client=door.client, reason=refused.message))
            raise

    def _opened(self, session: Session, door: Door) -> Session:
        application = session.application
        self._observer.observe(
            SessionOpened(
                client=door.client,
                application=None
                if application is None
                else self._database.public_ids.encode(application.id),
                organization=session.environment.organization,
                mode=str(session.environment.mode),
            )
        )
        return session


def _is_at(tx: Transaction, application: Application, door: Door) -> bool:
    slug = read_environment(tx, application.environment).organization
    return door.organization in (None, slug)
