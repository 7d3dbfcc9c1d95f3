"""The keys that sign tokens: made on first need, kept in the database, shared by every host.

One key signs. A key that was replaced goes on verifying for a while, so that nobody is shut out
by the change. Which keys are in force is asked of the database with every token: what one process
has changed holds in all of them at once.

Cryptography is loaded where it is used: it takes a tenth of a second, and most commands of the
terminal never see a token.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, delete, insert, or_, select, update

from longshore import clock
from longshore.access.tables import signing_keys
from longshore.database import Database, Transaction

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

ALGORITHM = "RS512"  # the only one that the official js-auth verifies

_KEY_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key pair; the private half never leaves the server."""

    kid: str  # names the key in the header of a token
    private_key: RSAPrivateKey

    @property
    def public_key(self) -> RSAPublicKey:
        """What verifies signatures of the key."""
        return self.private_key.public_key()

    def public_document(self) -> dict[str, Any]:
        """The public half as a JSON Web Key (RFC 7517)."""
        from jwt.algorithms import RSAAlgorithm

        key = RSAAlgorithm.to_jwk(self.public_key, as_dict=True)
        return {
            "kid": self.kid,
            "kty": key["kty"],
            "use": "sig",
            "alg": ALGORITHM,
            "n": key["n"],
            "e": key["e"],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiringKey:
    """A key that signs no more, and verifies for a while."""

    kid: str
    retires_at: clock.Milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What has become of the keys."""

    kid: str  # of the key that signs from now on
    retiring: Sequence[RetiringKey]  # those that verify still, the last one first


class SigningKeys:
    """The keys of an installation, each parsed once; threads may share them."""

    def __init__(
        self, database: Database, *, now: Callable[[], clock.Milliseconds] = clock.now
    ) -> None:
        self._database = database
        self._now = now
        self._parsed: dict[str, SigningKey] = {}

    def newest(self) -> SigningKey:
        """The key that signs; the first one of an installation is made here."""
        with self._database.read() as tx:
            row = tx.connection.execute(_NEWEST).first()
        return self._create_first() if row is None else self._parse(row)

    def find(self, kid: str) -> SigningKey | None:
        """The key of this name, which may be retired."""
        if kid in self._parsed:
            return self._parsed[kid]
        if not (kid.isascii() and kid.isalnum()):
            return None  # such as no name is made of, and no database can be asked for all
        with self._database.read() as tx:
            row = tx.connection.execute(_BY_KID, {"kid": kid}).first()
        return None if row is None else self._parse(row)

    def is_in_force(self, tx: Transaction, kid: str) -> bool:
        """Whether signatures of this key are good at this moment."""
        row = tx.connection.execute(_RETIREMENT, {"kid": kid}).first()
        return row is not None and (row.retires_at is None or row.retires_at > self._now())

    def public_documents(self) -> list[dict[str, Any]]:
        """The keys in force as JSON Web Keys, so that tokens of every one can be verified."""
        self.newest()
        in_force = or_(signing_keys.c.retires_at.is_(None), signing_keys.c.retires_at > self._now())
        with self._database.read() as tx:
            rows = tx.connection.execute(_all_keys().where(in_force)).all()
        return [self._parse(row).public_document() for row in rows]

    def _create_first(self) -> SigningKey:
        pem = _new_pem()
        with self._database.write() as tx:
            if tx.connection.execute(_NEWEST).first() is None:  # somebody else may have made one
                _add_key(tx, pem)
            return self._parse(tx.connection.execute(_NEWEST).one())

    def _parse(self, row: Any) -> SigningKey:
        # A name belongs to one key for ever, so threads that meet here parse the same.
        known = self._parsed.get(row.kid)
        if known is None:
            known = self._parsed[row.kid] = _parse_key(row.kid, row.private_key)
        return known


def rotate_signing_key(database: Database, *, valid_seconds: int) -> Rotation:
    """Let another key sign from now on, in all processes at once.

    The key before verifies for so many seconds more, and those that were replaced before not
    longer than that; with 0, every token that was given is worth nothing at once.
    """
    pem = _new_pem()
    with database.write() as tx:
        until = tx.now() + valid_seconds * 1000
        retires_at = signing_keys.c.retires_at
        tx.connection.execute(
            update(signing_keys)
            .where(or_(retires_at.is_(None), retires_at > until))
            .values(retires_at=until)
        )
        forget_retired_keys(tx)
        kid = _add_key(tx, pem)
        rows = tx.connection.execute(
            select(signing_keys.c.kid, retires_at)
            .where(retires_at.is_not(None))
            .order_by(signing_keys.c.created_at.desc(), signing_keys.c.kid)
        )
        retiring = [RetiringKey(kid=row.kid, retires_at=row.retires_at) for row in rows]
    return Rotation(kid=kid, retiring=retiring)


def forget_retired_keys(tx: Transaction) -> None:
    """Remove the keys whose time is over: nobody needs their private halves."""
    tx.connection.execute(delete(signing_keys).where(signing_keys.c.retires_at <= tx.now()))


def _all_keys() -> Select[Any]:
    return select(signing_keys).order_by(signing_keys.c.created_at, signing_keys.c.kid)


# Built once: they run with every request, or every token.
_RETIREMENT = select(signing_keys.c.retires_at).where(signing_keys.c.kid == bindparam("kid"))
_BY_KID = select(signing_keys).where(signing_keys.c.kid == bindparam("kid"))
_NEWEST = (
    select(signing_keys)
    .where(signing_keys.c.retires_at.is_(None))
    .order_by(signing_keys.c.created_at.desc(), signing_keys.c.kid)
    .limit(1)
)


def _add_key(tx: Transaction, pem: str) -> str:
    kid = secrets.token_hex(16)
    tx.connection.execute(
        insert(signing_keys).values(kid=kid, private_key=pem, created_at=tx.now())
    )
    return kid


def _new_pem() -> str:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    # Finding primes takes a while: it is done before a transaction, for which others would wait.
    private_key = generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    return private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _parse_key(kid: str, pem: str) -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    # The key was made here; to look whether its numbers are primes would take 75 ms.
    private_key = load_pem_private_key(
        pem.encode(), password=None, unsafe_skip_rsa_key_validation=True
    )
    assert isinstance(private_key, RSAPrivateKey), "a signing key is an RSA key"
    return SigningKey(kid=kid, private_key=private_key)
