"""Identifiers: what they are inside, and how they are written for people and clients.

Inside, an id is the number of its environment times 2^40 plus a number of one sequence that all
types share. So an id names its environment, and ids sort in the order in which they were given.
Outside it is ten letters and digits, drawn as if by lot: however many of them somebody knows, they
tell neither an order nor how many lie between (`PublicIds`).
"""

import hashlib
import math
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from typing import NewType, TypeAlias

__all__ = [
    "EVENTS_FROM",
    "SEQUENCE_BITS",
    "ImportId",
    "Permutation",
    "PublicIdKeys",
    "PublicIds",
    "RecordId",
    "RecordSecrets",
    "RunId",
    "environment_of",
    "environment_range",
    "first_id",
    "is_planned",
    "new_key",
    "new_secret",
]

RecordId = NewType("RecordId", int)
RunId: TypeAlias = int  # also the id of what is run, whatever that is
ImportId = NewType("ImportId", int)

SEQUENCE_BITS = 40
# Events have a sequence of their own. It begins behind the numbers that records can reach, so that
# an id means one thing only, whatever its type.
EVENTS_FROM = 1 << (SEQUENCE_BITS - 1)
_SEQUENCE_MASK = (1 << SEQUENCE_BITS) - 1

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 10
_BASE = len(_ALPHABET)
_MODULUS: int = _BASE**_LENGTH
# Two digits at a time: a table of 3,844 pairs makes five steps of ten.
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
_PAIR_BASE: int = _BASE**2
_PAIR_VALUES = {pair: value for value, pair in enumerate(_PAIRS)}

# Records name the same few others again and again.
_IDS_REMEMBERED = 1024


def environment_of(id_: int) -> int:
    """The number of the environment that an id belongs to."""
    return id_ >> SEQUENCE_BITS


def is_planned(id_: int) -> bool:
    """Whether it is the id of a record that there is not: a plan would create it. Of records alone,
    as events have ids there."""
    return id_ & _SEQUENCE_MASK >= EVENTS_FROM


def first_id(environment: int) -> int:
    """The id that comes before all ids of an environment: its number with sequence 0."""
    return environment << SEQUENCE_BITS


def environment_range(environment: int) -> tuple[int, int]:
    """The lowest and the highest id that an environment can hold, both included."""
    return first_id(environment) + 1, first_id(environment + 1) - 1


def new_secret() -> int:
    """A random secret for the ids that a release before 0.2 would give (`PublicIdKeys`)."""
    while True:
        secret = secrets.randbelow(_MODULUS)
        # Small multipliers would leave neighbours looking like neighbours.
        if secret > 2**50 and math.gcd(secret, _MODULUS) == 1:
            return secret


def new_key() -> bytes:
    """A random key for the public ids of one installation."""
    return secrets.token_bytes(32)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicIdKeys:
    """What the public ids of one installation are written with."""

    key: bytes
    # Of ids that were given before there was a key; no id of a younger installation is.
    secret: int
    records_before: int = 0  # the last number of the sequence that was given then
    events_before: int = 0  # the number of the last event


class PublicIds:
    """The bijection between ids inside and the ids that people and clients see.

    One public id for each id, always ten characters, without a second column or index. What an id
    tells a stranger is nothing but that it exists; it is not a protection of access.

    Ids that releases before 0.2 gave stay as they were: a multiplication modulo 62^10 with a
    secret, which anybody who has two of them can undo. All others are permuted first, among
    themselves: as often as it takes to arrive at one that is none of the former. So ids before and
    ids since have no public id in common, and both directions are defined for all.
    """

    __slots__ = (
        "_changes",
        "_code_key",
        "_encode",
        "_events_before",
        "_inverse",
        "_numbers",
        "_permutation",
        "_records_before",
        "_secret",
    )

    def __init__(self, keys: PublicIdKeys) -> None:
        secret = keys.secret
        assert 0 < secret < _MODULUS, "the secret of the public ids is out of range"
        assert math.gcd(secret, _MODULUS) == 1, "the secret of the public ids has no inverse"
        self._secret = secret
        self._inverse: int = pow(secret, -1, _MODULUS)
        self._records_before = keys.records_before
        self._events_before = EVENTS_FROM + keys.events_before
        half = _BASE ** (_LENGTH // 2)
        self._permutation = Permutation(keys.key, half, purpose=b"id")
        self._changes = Permutation(keys.key, half, purpose=b"change")
        self._numbers = Permutation(keys.key, 1 << SEQUENCE_BITS // 2, purpose=b"number")
        self._code_key = keys.key
        self._encode = lru_cache(_IDS_REMEMBERED)(self._encoded)

    def encode(self, id_: int) -> str:
        """The public id of an id."""
        return self._encode(id_)

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
        id_: int = value * self._inverse % _MODULUS
        if not self._is_before(id_):
            id_ = self._permutation.back(id_)
            while self._is_before(id_):
                id_ = self._permutation.back(id_)
        return id_

    def number(self, id_: int) -> str:
        """Fourteen digits that no other number of the sequence of ids has."""
        return f"9{self._numbers.forth(id_ & _SEQUENCE_MASK):013d}"

    def code(self, id_: int) -> str:
        """A UUID that nobody can guess, the same in every process of the installation."""
        digest = hashlib.blake2b(
            id_.to_bytes(8), key=self._code_key, digest_size=16, person=b"record code"
        )
        return str(uuid.UUID(bytes=digest.digest(), version=4))

    def encode_change(self, number: int) -> str:
        """How the number of a change among all changes is written: 18 digits."""
        return f"{self._changes.forth(number):018d}"

    def decode_change(self, digits: str) -> int | None:
        """The number that is written so; None for digits that stand for none."""
        value = int(digits)
        return self._changes.back(value) if value < _MODULUS else None

    def _encoded(self, id_: int) -> str:
        if not self._is_before(id_):
            id_ = self._permutation.forth(id_)
            while self._is_before(id_):
                id_ = self._permutation.forth(id_)
        value = id_ * self._secret % _MODULUS
        value, e = divmod(value, _PAIR_BASE)
        value, d = divmod(value, _PAIR_BASE)
        value, c = divmod(value, _PAIR_BASE)
        a, b = divmod(value, _PAIR_BASE)
        return _PAIRS[a] + _PAIRS[b] + _PAIRS[c] + _PAIRS[d] + _PAIRS[e]

    def _is_before(self, id_: int) -> bool:
        """Whether an id is one of those that stay as they were."""
        sequence = id_ & _SEQUENCE_MASK
        return sequence <= self._records_before or EVENTS_FROM < sequence <= self._events_before


# A key of 32 bytes and a half of 4 fit into one block of the hash, so no key needs one of its own.
# 64 bits of what comes out are uniform modulo a half but for one part in 2^34.
_block = Struct("<32sI").pack
_blake2s = hashlib.blake2s
_word: Callable[[bytes], tuple[int]] = Struct("<Q").unpack_from
_words = Struct("<8Q").unpack
_ROUNDS = 6


class Permutation:
    """A keyed permutation of the numbers below half * half.

    A Feistel network of six rounds: each adds to one half of a number a hash of the other half and
    the round's own key. Somebody who knows far fewer pairs than a half has values, chosen as he
    likes, cannot tell it from a permutation drawn by lot (Jacques Patarin, Security of Random
    Feistel Schemes with 5 or more Rounds, CRYPTO 2004). Four rounds are not enough: among two
    million ids of one's own so many pairs meet in the middle that the distance between the first
    million and the second can be read off.
    """

    __slots__ = ("_first", "_half", "_keys", "_second")

    def __init__(self, key: bytes, half: int, *, purpose: bytes) -> None:
        assert len(key) >= 16, "the key of a permutation can be guessed"
        assert 1 < half <= 1 << 32
        self._half = half
        self._keys = tuple(
            hashlib.blake2s(bytes([number]), key=key, person=purpose).digest()
            for number in range(_ROUNDS)
        )
        # Ids are given, and mostly shown, one after another. Such neighbours have the same high
        # half, and low halves that the first round leaves neighbours: two rounds cost next to
        # nothing for them.
        self._first = lru_cache(64)(self._hash_first)
        self._second = lru_cache(64)(self._hash_eight)

    def forth(self, value: int) -> int:
        """What a number becomes."""
        half = self._half
        _, _, key3, key4, key5, key6 = self._keys
        high, low = divmod(value, half)
        low = (low + self._first(high)) % half
        high = (high + self._second(low >> 3)[low & 7]) % half
        low = (low + _word(_blake2s(_block(key3, high)).digest())[0]) % half
        high = (high + _word(_blake2s(_block(key4, low)).digest())[0]) % half
        low = (low + _word(_blake2s(_block(key5, high)).digest())[0]) % half
        high = (high + _word(_blake2s(_block(key6, low)).digest())[0]) % half
        return high * half + low

    def back(self, value: int) -> int:
        """The number that became this one."""
        half = self._half
        _, _, key3, key4, key5, key6 = self._keys
        high, low = divmod(value, half)
        high = (high - _word(_blake2s(_block(key6, low)).digest())[0]) % half
        low = (low - _word(_blake2s(_block(key5, high)).digest())[0]) % half
        high = (high - _word(_blake2s(_block(key4, low)).digest())[0]) % half
        low = (low - _word(_blake2s(_block(key3, high)).digest())[0]) % half
        high = (high - self._second(low >> 3)[low & 7]) % half
        low = (low - self._first(high)) % half
        return high * half + low

    def _hash_first(self, high: int) -> int:
        return _word(_blake2s(_block(self._keys[0], high)).digest())[0]

    def _hash_eight(self, number: int) -> tuple[int, ...]:
        """Eight hashes at once, for eight halves that follow one another."""
        return _words(hashlib.blake2b(_block(self._keys[1], number)).digest())
