"""Access tokens: JSON Web Tokens that say who asks, signed by the installation.

The claims are those that the official clients read (docs.commercelayer.io, "Access token"; the
SDK takes slug and domain from them, js-auth verifies the signature). What a token may do is not
written in it: it follows from its application, which is looked up each time, so that a deleted
application is shut out at once.
"""

import base64
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from longshore import clock
from longshore.access.applications import Application, ApplicationKind, get_application
from longshore.access.environments import Environment, Mode, read_environment
from longshore.access.secrets import digest_of
from longshore.access.signing_keys import ALGORITHM, SigningKeys
from longshore.access.tables import revoked_tokens
from longshore.database import Database, Transaction
from longshore.errors import LongshoreError

# Seconds; docs.commercelayer.io, "Access token", "Token expiration".
_LIFETIME_SECONDS = 7200
_LIFETIME_SECONDS_PUBLIC = 14_400
LIFETIME_SECONDS_MAX = max(_LIFETIME_SECONDS, _LIFETIME_SECONDS_PUBLIC)  # of any token

_LENGTH_MAX = 8192
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
# In ASCII only these four end in six bits of which base64url makes `-` or `_`. They occur in
# JSON nowhere but inside texts, where an escape says the same.
_MINUS_OR_UNDERSCORE = {ord(character): f"\\u{ord(character):04x}" for character in ">?~\x7f"}


class InvalidToken(LongshoreError):
    """A token that proves nothing: damaged, forged, expired, revoked, or of somebody gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token as it is given to a client."""

    token: str
    expires_in: int  # seconds
    created_at: int  # seconds since 1970
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenClaims:
    """What a valid token proves."""

    environment: Environment
    application: Application
    scope: str
    issued_at: int  # seconds since 1970
    expires_at: int  # seconds since 1970


class Tokens:
    """Signs and verifies the tokens of an installation; threads may share it.

    `domain` is where clients believe the installation to be: tokens of another one are invalid.
    """

    def __init__(
        self,
        database: Database,
        *,
        domain: str,
        now: Callable[[], clock.Milliseconds] = clock.now,
    ) -> None:
        self._database = database
        self._keys = SigningKeys(database, now=now)
        self._now = now
        self.issuer = f"https://auth.{domain}"

    def sign(self, application: Application, scope: str | None = None) -> AccessToken:
        """A token for an application; `scope` where less than all its scopes is asked for."""
        import jwt

        with self._database.read() as tx:
            environment = read_environment(tx, application.environment)
        issued_at = self._now() // 1000
        lifetime = lifetime_seconds(application.kind)
        scope = scope or application.scopes
        public_ids = self._database.public_ids
        claims: dict[str, Any] = {
            "organization": {
                "id": environment.organization_id,
                "slug": environment.organization,
                "enterprise": True,
                "region": "local",
            },
            "application": {
                "id": public_ids.encode(application.id),
                "kind": str(application.kind),
                "public": application.is_public,
                "client_id": application.client_id,
                "confidential": not application.is_public,
            },
            "test": environment.mode is Mode.TEST,
            "exp": issued_at + lifetime,
            "iat": issued_at,
            "rand": secrets.randbelow(10**16) / 10**16,
            "iss": self.issuer,
            "scope": scope,
        }
        if application.token_generation:
            claims["application"]["generation"] = application.token_generation
        key = self._keys.newest()
        token = jwt.PyJWS().encode(
            encode_claims(claims),
            key.private_key,
            algorithm=ALGORITHM,
            headers={"kid": key.kid},
        )
        return AccessToken(token=token, expires_in=lifetime, created_at=issued_at, scope=scope)

    def verify(self, token: str) -> TokenClaims:
        """What a token proves; raises InvalidToken when it proves nothing."""
        claims = self._verified(token)
        application = _member(claims, "application")
        organization = _member(claims, "organization")
        with self._database.read() as tx:
            id_ = tx.public_ids.decode(str(application.get("id")))
            found = None if id_ is None else get_application(tx, id_)
            if found is None or found.client_id != application.get("client_id"):
                raise InvalidToken("the token is of an application that does not exist")
            if found.token_generation != application.get("generation", 0):
                raise InvalidToken("all tokens of the application are revoked, this one among them")
            if not self._keys.is_in_force(tx, _kid_of(token)):
                raise InvalidToken("the token is signed with a key that was replaced")
            if _is_revoked(tx, token):
                raise InvalidToken("the token is revoked")
            environment = read_environment(tx, found.environment)
        if (
            environment.organization_id != organization.get("id")
            or environment.organization != organization.get("slug")
            or (environment.mode is Mode.TEST) is not claims.get("test")
        ):
            raise InvalidToken("the token is of another environment than its application")
        return TokenClaims(
            environment=environment,
            application=found,
            scope=str(claims.get("scope")),
            issued_at=claims["iat"],
            expires_at=claims["exp"],
        )

    def revoke(self, token: str) -> None:
        """Make a valid token worth nothing for the rest of its time."""
        expires_at = self._verified(token)["exp"]
        with self._database.write() as tx:
            now = self._now() // 1000
            tx.connection.execute(delete(revoked_tokens).where(revoked_tokens.c.expires_at < now))
            if not _is_revoked(tx, token):
                tx.connection.execute(
                    insert(revoked_tokens).values(digest=_digest(token), expires_at=expires_at)
                )

    def public_keys(self) -> list[dict[str, Any]]:
        """The keys with which others can verify tokens, as JSON Web Keys."""
        return self._keys.public_documents()

    def _verified(self, token: str) -> dict[str, Any]:
        """The claims of a token that is ours, whole and not expired."""
        import jwt

        if len(token) > _LENGTH_MAX or _SHAPE.fullmatch(token) is None:
            raise InvalidToken("the token is no JSON Web Token")
        try:
            key = self._keys.find(_kid_of(token))
            if key is None:
                raise InvalidToken("the token is signed with an unknown key")
            # The algorithm is ours to say. A header that names another one is refused, or the
            # public key would pass for the secret of HS512, and `none` for a signature.
            payload = jwt.PyJWS().decode(token, key.public_key, algorithms=[ALGORITHM])
            claims = json.loads(payload)
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise InvalidToken("the token is damaged or forged") from error
        if not isinstance(claims, dict):
            raise InvalidToken("the token holds no claims")
        expires_at, issued_at = claims.get("exp"), claims.get("iat")
        if type(expires_at) is not int or type(issued_at) is not int:
            raise InvalidToken("the token does not say when it expires")
        if expires_at * 1000 <= self._now():
            raise InvalidToken("the token is expired")
        if claims.get("iss") != self.issuer:
            raise InvalidToken("the token is of another issuer")
        return claims


def lifetime_seconds(kind: ApplicationKind) -> int:
    """How long a token of an application lasts."""
    return _LIFETIME_SECONDS_PUBLIC if kind is ApplicationKind.SALES_CHANNEL else _LIFETIME_SECONDS


def encode_claims(claims: Mapping[str, Any]) -> bytes:
    """Claims as JSON whose base64url holds no `-` or `_`.

    The SDK decodes the payload with plain base64 (`atob`), which knows neither; then it finds no
    organization in the token.
    """
    text = json.dumps(claims, ensure_ascii=True, separators=(",", ":"))
    return text.translate(_MINUS_OR_UNDERSCORE).encode("ascii")


def _kid_of(token: str) -> str:
    """The name of the key in a token's header; raises ValueError for what is no header."""
    header = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    if not isinstance(header, dict) or not isinstance(header.get("kid"), str):
        raise ValueError("the header names no key")
    return str(header["kid"])


def _member(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    member = claims.get(name)
    if not isinstance(member, dict):
        raise InvalidToken(f"the token does not name its {name}")
    return member


def _is_revoked(tx: Transaction, token: str) -> bool:
    return tx.connection.execute(_REVOKED, {"digest": _digest(token)}).first() is not None


# Built once: it runs with every request.
_REVOKED = select(revoked_tokens.c.digest).where(revoked_tokens.c.digest == bindparam("digest"))


def _digest(token: str) -> str:
    # Of what is signed, not of the whole: a signature can be spelled in several ways, and each
    # would pass for a token that nobody has revoked.
    return digest_of(token.rpartition(".")[0])
