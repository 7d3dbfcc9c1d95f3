"""Tokens as applications ask for them over HTTP: given, renewed, taken back."""

from dataclasses import dataclass

from longshore.access import (
    AccessToken,
    Application,
    ApplicationKind,
    InvalidToken,
    Tokens,
    authenticate,
    issue_refresh_token,
    read_environment,
    take_refresh_token,
)
from longshore.database import Database


@dataclass(frozen=True, slots=True)
class Grant:
    """What an application is given."""

    token: AccessToken
    refresh_token: str | None  # None: for its kind there is none


class Grants:
    """Gives the applications of one installation their tokens."""

    def __init__(self, database: Database, tokens: Tokens, *, read_seconds: float) -> None:
        self._database = database
        self._tokens = tokens
        self._read_seconds = read_seconds

    def authenticate(
        self, client_id: str, secret: str | None, *, organization: str | None
    ) -> Application | None:
        """The application that proves itself, if it belongs to the organization of that slug; None
        stands for any."""
        with self._database.read(seconds=self._read_seconds) as tx:
            found = authenticate(tx, client_id, secret)
            if found is None:
                return None
            slug = read_environment(tx, found.environment).organization
        return found if organization in (None, slug) else None

    def give(self, application: Application, scope: str | None) -> Grant:
        """A token; `scope` where less than all of the application's is asked for."""
        token = self._tokens.sign(application, scope)
        refresh_token = None
        if application.kind is ApplicationKind.WEBAPP:
            with self._database.write() as tx:
                refresh_token = issue_refresh_token(tx, application, token.scope)
        return Grant(token, refresh_token)

    def renew(self, application: Application, refresh_token: str) -> Grant | None:
        """A token for a refresh token, which is used up by it; None where that is worth nothing."""
        with self._database.write() as tx:
            scope = take_refresh_token(tx, application, refresh_token)
            if scope is None:
                return None
            next_token = issue_refresh_token(tx, application, scope)
        # Behind the transaction: the first signature of an installation makes its key.
        return Grant(self._tokens.sign(application, scope), next_token)

    def revoke(self, application: Application, token: str) -> bool:
        """Take back a token or a refresh token; one that is worth nothing already is well.

        False: it is of another application, and stays.
        """
        if "." not in token:
            with self._database.write() as tx:
                take_refresh_token(tx, application, token)
            return True
        try:
            claims = self._tokens.verify(token)
        except InvalidToken:
            return True
        if claims.application.id != application.id:
            return False
        self._tokens.revoke(token)
        return True
