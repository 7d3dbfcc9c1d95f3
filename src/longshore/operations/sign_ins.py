"""People who come into the dashboard: by a one-time code, or by an application's credentials."""

from longshore.access import (
    ApplicationKind,
    Environment,
    Session,
    authenticate,
    check_environment,
    create_sign_in_code,
    end_session,
    find_session,
    open_session,
    read_environment,
    take_sign_in_code,
)
from longshore.database import Database
from longshore.errors import RequestRefused

# Whose people may look at the dashboard.
_KINDS = (
    ApplicationKind.INTEGRATION,
    ApplicationKind.WEBAPP,
    ApplicationKind.CLI,
    ApplicationKind.IMPORTS,
)


class SignInRefused(RequestRefused):
    """What was given opens nothing."""


class SignIns:
    """The sessions of one installation."""

    def __init__(self, database: Database, *, read_seconds: float) -> None:
        self._database = database
        self._read_seconds = read_seconds

    def create_code(self, environment: Environment) -> str:
        """A code that opens one session of an environment, within 15 minutes."""
        with self._database.write() as tx:
            check_environment(tx, environment.number)
            return create_sign_in_code(tx, environment)

    def by_code(self, code: str) -> Session:
        """The session that a code opens; raises SignInRefused."""
        with self._database.write() as tx:
            session = take_sign_in_code(tx, code)
        if session is None:
            raise SignInRefused(
                "this link was used already, or is older than 15 minutes",
                hint="`longshore dashboard` makes another one",
            )
        return session

    def by_credentials(self, client_id: str, secret: str) -> Session:
        """The session of an application that proves itself; raises SignInRefused."""
        with self._database.write() as tx:
            application = authenticate(tx, client_id, secret)
            if application is None:
                raise SignInRefused(
                    "this ID and secret do not belong together, or the application was deleted"
                )
            if application.kind not in _KINDS:
                raise SignInRefused("this application cannot use the dashboard")
            environment = read_environment(tx, application.environment)
            check_environment(tx, environment.number)
            return open_session(tx, environment, application)

    def find(self, token: str) -> Session | None:
        """The session of a cookie; None where it has ended."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return find_session(tx, token)

    def end(self, session: Session) -> None:
        """Sign somebody out, on every device that has the cookie."""
        with self._database.write() as tx:
            end_session(tx, session.token)
