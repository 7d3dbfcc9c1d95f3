"""Refresh tokens: what an application shows instead of asking somebody again.

Given to `webapp` applications only, whose official clients expect one; whoever has a secret at
hand has no use for it (RFC 6749, section 4.4.3).
"""

from sqlalchemy import delete, insert, select

from longshore.access.applications import Application, ApplicationKind
from longshore.access.secrets import digest_of, random_text
from longshore.access.tables import refresh_tokens
from longshore.database import Transaction

_LIFETIME_MILLISECONDS = 14 * 24 * 3600 * 1000  # docs.commercelayer.io, "Refresh token"


def issue_refresh_token(tx: Transaction, application: Application, scope: str) -> str | None:
    """A refresh token for the scope; None for an application that gets none."""
    if application.kind is not ApplicationKind.WEBAPP:
        return None
    token = random_text()
    tx.connection.execute(delete(refresh_tokens).where(refresh_tokens.c.expires_at <= tx.now()))
    tx.connection.execute(
        insert(refresh_tokens).values(
            digest=digest_of(token),
            application_id=application.id,
            scope=scope,
            expires_at=tx.now() + _LIFETIME_MILLISECONDS,
        )
    )
    return token


def take_refresh_token(tx: Transaction, application: Application, token: str) -> str | None:
    """The scope of a refresh token, which is used up by it; None for one that is worth nothing."""
    theirs = (
        refresh_tokens.c.digest == digest_of(token),
        refresh_tokens.c.application_id == application.id,
    )
    query = select(refresh_tokens.c.scope).where(*theirs, refresh_tokens.c.expires_at > tx.now())
    scope: str | None = tx.connection.execute(query).scalar()
    tx.connection.execute(delete(refresh_tokens).where(*theirs))
    return scope
