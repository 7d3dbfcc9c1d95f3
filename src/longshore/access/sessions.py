"""Sessions of people who look at the dashboard, and the one-time codes by which they come in.

What a cookie holds is 256 random bits, of which the database keeps the digest: it cannot be guessed
nor made, and signing out ends it everywhere at once.
"""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from longshore.access.applications import Application, get_application
from longshore.access.environments import Environment, read_environment
from longshore.access.secrets import digest_of, random_text
from longshore.access.tables import sessions, sign_in_codes
from longshore.database import Transaction

CODE_SECONDS = 15 * 60
SESSION_SECONDS = 12 * 3600

# One that is no text of `secrets.random_text` is no secret of ours, and is not looked for.
_LENGTH = len(random_text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who has signed in, bound to one environment."""

    environment: Environment
    application: Application | None  # None: somebody at a terminal has come in by a code
    token: str  # what the cookie holds
    expires_at: int

    @property
    def form_token(self) -> str:
        """What every form of this session carries, against requests that others have forged.

        It begins with the number of the environment, so that a form that outlives its session is
        sent again in the same one only."""
        proof = hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()
        return f"{self.environment.number}-{proof}"

    def continues(self, form_token: str) -> bool:
        """Whether a form of another session was shown in the environment of this one."""
        return form_token.partition("-")[0] == str(self.environment.number)


def create_sign_in_code(tx: Transaction, environment: Environment) -> str:
    """A code that opens one session within `CODE_SECONDS`."""
    code = random_text()
    tx.connection.execute(delete(sign_in_codes).where(sign_in_codes.c.expires_at <= tx.now()))
    tx.connection.execute(
        insert(sign_in_codes).values(
            digest=digest_of(code),
            environment=environment.number,
            expires_at=tx.now() + CODE_SECONDS * 1000,
        )
    )
    return code


def take_sign_in_code(tx: Transaction, code: str) -> Session | None:
    """The session that a code opens, which is used up by it; None where it is worth nothing."""
    if not _can_be_ours(code):
        return None
    theirs = sign_in_codes.c.digest == digest_of(code)
    query = select(sign_in_codes).where(theirs, sign_in_codes.c.expires_at > tx.now())
    row = tx.connection.execute(query).one_or_none()
    if row is None or tx.connection.execute(delete(sign_in_codes).where(theirs)).rowcount != 1:
        return None
    return open_session(tx, read_environment(tx, row.environment), None)


def open_session(
    tx: Transaction, environment: Environment, application: Application | None
) -> Session:
    """Sign somebody in: an application that has proved itself, or somebody at a terminal."""
    token = random_text()
    expires_at = tx.now() + SESSION_SECONDS * 1000
    tx.connection.execute(delete(sessions).where(sessions.c.expires_at <= tx.now()))
    tx.connection.execute(
        insert(sessions).values(
            digest=digest_of(token),
            environment=environment.number,
            application_id=None if application is None else application.id,
            token_generation=None if application is None else application.token_generation,
            created_at=tx.now(),
            expires_at=expires_at,
        )
    )
    return Session(
        environment=environment, application=application, token=token, expires_at=expires_at
    )


def find_session(tx: Transaction, token: str) -> Session | None:
    """The session of a cookie; None where it has ended, its application was deleted, or the tokens
    of that were revoked."""
    if not _can_be_ours(token):
        return None
    query = select(sessions).where(
        sessions.c.digest == digest_of(token), sessions.c.expires_at > tx.now()
    )
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        return None
    application = None
    if row.application_id is not None:
        application = get_application(tx, row.application_id)
        if application is None or application.token_generation != row.token_generation:
            return None
    return Session(
        environment=read_environment(tx, row.environment),
        application=application,
        token=token,
        expires_at=row.expires_at,
    )


def end_session(tx: Transaction, token: str) -> None:
    """Sign somebody out."""
    tx.connection.execute(delete(sessions).where(sessions.c.digest == digest_of(token)))


def _can_be_ours(text: str) -> bool:
    return len(text) == _LENGTH and text.isascii() and text.isalnum()
