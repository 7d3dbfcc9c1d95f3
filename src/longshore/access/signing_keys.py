"""The keys that sign tokens: made on first need, kept in the database, shared by every host.

Cryptography is loaded where it is used: it takes a tenth of a second, and most commands of the
terminal never see a token.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

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


class SigningKeys:
    """The keys of an installation, read from the database once; threads may share them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, SigningKey] = {}

    def newest(self) -> SigningKey:
        """The key that signs; the first one of an installation is made here."""
        if not self._known:
            self._read()
        if not self._known:
            self._create_first()
        return next(reversed(self._known.values()))

    def find(self, kid: str) -> SigningKey | None:
        """The key of this name."""
        if kid not in self._known:
            self._read()  # another host may have made it
        return self._known.get(kid)

    def public_documents(self) -> list[dict[str, Any]]:
        """All keys as JSON Web Keys, so that tokens of every one of them can be verified."""
        self.newest()
        self._read()
        return [key.public_document() for key in self._known.values()]

    def _read(self) -> None:
        with self._database.read() as tx:
            self._known = self._keys(tx)

    def _create_first(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        # Finding primes takes a while; nobody who writes is to wait for it.
        private_key = generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
        pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with self._database.write() as tx:
            if not self._keys(tx):  # somebody else may have made one since
                tx.connection.execute(
                    insert(signing_keys).values(
                        kid=secrets.token_hex(16), private_key=pem.decode(), created_at=tx.now()
                    )
                )
            self._known = self._keys(tx)

    def _keys(self, tx: Transaction) -> dict[str, SigningKey]:
        """All keys by name, oldest first; those known already are not parsed again, so that
        tokens that name keys at random cost a query and no more."""
        query = select(signing_keys).order_by(signing_keys.c.created_at, signing_keys.c.kid)
        known = self._known
        return {
            row.kid: known.get(row.kid) or _parse_key(row.kid, row.private_key)
            for row in tx.connection.execute(query)
        }


def _parse_key(kid: str, pem: str) -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    # The key was made here; to look whether its numbers are primes would take 75 ms.
    private_key = load_pem_private_key(
        pem.encode(), password=None, unsafe_skip_rsa_key_validation=True
    )
    assert isinstance(private_key, RSAPrivateKey), "a signing key is an RSA key"
    return SigningKey(kid=kid, private_key=private_key)
