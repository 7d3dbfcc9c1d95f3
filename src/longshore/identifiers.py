"""Identifiers: what they are inside, and how they are written for people and clients.

Inside, an id is the number of its environment times 2^40 plus a number of one sequence that all
types share. So an id names its environment, and ids sort in the order in which they were given.
Outside it is ten letters and digits that tell nothing.
"""

import hashlib
import math
import secrets
from typing import NewType

__all__ = [
    "SEQUENCE_BITS",
    "ImportId",
    "PublicIds",
    "RecordId",
    "RecordSecrets",
    "environment_of",
    "environment_range",
    "first_id",
    "new_secret",
]

RecordId = NewType("RecordId", int)
ImportId = NewType("ImportId", int)

SEQUENCE_BITS = 40

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 10
_BASE = len(_ALPHABET)
_MODULUS: int = _BASE**_LENGTH
# Two digits at a time: a table of 3,844 pairs makes five steps of ten.
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
_PAIR_BASE: int = _BASE**2
_PAIR_VALUES = {pair: value for value, pair in enumerate(_PAIRS)}


def environment_of(id_: int) -> int:
    """The number of the environment that an id belongs to."""
    return id_ >> SEQUENCE_BITS


def first_id(environment: int) -> int:
    """The id that comes before all ids of an environment: its number with sequence 0."""
    return environment << SEQUENCE_BITS


def environment_range(environment: int) -> tuple[int, int]:
    """The lowest and the highest id that an environment can hold, both included."""
    return first_id(environment) + 1, first_id(environment + 1) - 1


def new_secret() -> int:
    """A random secret for the public ids of one installation."""
    while True:
        secret = secrets.randbelow(_MODULUS)
        # Small multipliers would leave neighbours looking like neighbours.
        if secret > 2**50 and math.gcd(secret, _MODULUS) == 1:
            return secret


class RecordSecrets:
    """Secrets of records, made of their ids with the installation's key."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        assert len(key) >= 16, "the key of secrets can be guessed"
        self._key = key

    def of(self, id_: int) -> str:
        """The secret of a record, the same in every process: 32 hexadecimal digits."""
        digest = hashlib.blake2b(
            id_.to_bytes(8), key=self._key, digest_size=16, person=b"record secret"
        )
        return digest.hexdigest()


class PublicIds:
    """The bijection between ids inside and the ids that people and clients see.

    A multiplication modulo 62^10 with a secret of the installation: one public id for each id,
    always ten characters, without a second column or index. It hides how many records there
    are; it is not a protection of access.
    """

    __slots__ = ("_inverse", "_secret")

    def __init__(self, secret: int) -> None:
        assert 0 < secret < _MODULUS, "the secret of the public ids is out of range"
        assert math.gcd(secret, _MODULUS) == 1, "the secret of the public ids has no inverse"
        self._secret = secret
        self._inverse: int = pow(secret, -1, _MODULUS)

    def encode(self, id_: int) -> str:
        """The public id of an id."""
        value = id_ * self._secret % _MODULUS
        value, e = divmod(value, _PAIR_BASE)
        value, d = divmod(value, _PAIR_BASE)
        value, c = divmod(value, _PAIR_BASE)
        a, b = divmod(value, _PAIR_BASE)
        return _PAIRS[a] + _PAIRS[b] + _PAIRS[c] + _PAIRS[d] + _PAIRS[e]

    def decode(self, public_id: str) -> int | None:
        """The id that a public id stands for; None for a text that is no public id."""
        if len(public_id) != _LENGTH:
            return None
        values = _PAIR_VALUES
        try:
            value = values[public_id[0:2]]
            value = value * _PAIR_BASE + values[public_id[2:4]]
            value = value * _PAIR_BASE + values[public_id[4:6]]
            value = value * _PAIR_BASE + values[public_id[6:8]]
            value = value * _PAIR_BASE + values[public_id[8:10]]
        except KeyError:
            return None
        return value * self._inverse % _MODULUS
