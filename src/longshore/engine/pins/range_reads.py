"""What the rows of a range have read: the pin of the range, and what differs from another one.

The digest is of all that was read, to the last bit. What is packed beside it has a checksum for
each item: enough to name the records that differ, too little to say that none does.
"""

import hashlib
import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain
from operator import sub
from typing import Any
from zlib import crc32

import msgspec
from isal import isal_zlib

from longshore.errors import PermanentError
from longshore.imports import RangePin

_DIGEST_BYTES = 16
_LEVEL = 1
_VERSION = 1  # of what is packed
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode

_InflatingFailed: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # see its .pyi
_DAMAGE = (ValueError, TypeError, KeyError, struct.error, msgspec.DecodeError, _InflatingFailed)


class PinDamaged(PermanentError):
    """What is stored of a range is not what was packed."""


class MovedHow(StrEnum):
    """What has become of something that was read."""

    CHANGED = "changed"
    CAME = "came"  # it was not there, or was none of those that were found
    GONE = "gone"  # it is not there any more, or is none of those that are found


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedItem:
    """Something that a range has read, and that is not what it was."""

    table: str
    how: MovedHow
    # Of the record; the negative place of one that the run has made (`MadeRecords`); None: it is
    # known only by what was sought.
    record: int | None
    column: str | None = None  # where was sought
    key: str | None = None  # what was sought, as keys are spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReads:
    """What was read of one table; columns, sorted by name."""

    names: Sequence[int]  # of the records that were found
    contents: Sequence[bytes]  # their pinned values
    ids_missing: Sequence[int]  # sought and not found
    keys_missing: Mapping[str, Sequence[str]]  # by column, sought and not found
    tagged: Sequence[int]  # names of the records whose tags were read
    tags: Sequence[tuple[int, ...]]  # names of these


class RangeReads:
    """All that the rows of one range have read, and what became of them."""

    def __init__(self, first_row: int, outcomes: bytes, tables: Mapping[str, TableReads]) -> None:
        self.tables = tables  # by name
        self.pin = RangePin(
            first_row=first_row,
            digest=_digest(outcomes, tables),
            packed=isal_zlib.compress(_packed(tables), _LEVEL),
        )

    def moved_since(self, before: RangePin) -> list[MovedItem]:
        """What differs from what the same range read at another time. Raises PinDamaged.

        Empty where all that differs is what became of rows.
        """
        if before.digest == self.pin.digest:
            return []
        stored = _unpacked(before)
        nothing = _Unpacked({}, frozenset(), {}, {})
        moved: dict[MovedItem, None] = {}
        for name in sorted({*self.tables, *stored}):
            reads = self.tables.get(name, _NO_READS)
            moved.update(dict.fromkeys(_moved(name, stored.get(name, nothing), reads)))
        return list(moved)


_NO_READS = TableReads(names=(), contents=(), ids_missing=(), keys_missing={}, tagged=(), tags=())


def _digest(outcomes: bytes, tables: Mapping[str, TableReads]) -> bytes:
    hashed = hashlib.blake2b(outcomes, digest_size=_DIGEST_BYTES)
    for name, reads in tables.items():
        lengths = list(map(len, reads.contents))
        hashed.update(
            _encode(
                [name, reads.names, lengths, reads.ids_missing, reads.keys_missing, reads.tagged]
            )
        )
        hashed.update(b"".join(reads.contents))
        hashed.update(_encode(reads.tags))
    return hashed.digest()


# What is packed of a table: names and checksums of records, ids that are missing, checksums of keys
# that are missing by column, names of tagged records and checksums of their tags.


@dataclass(frozen=True, slots=True)
class _Unpacked:
    records: Mapping[int, int]  # name -> checksum
    ids_missing: frozenset[int]
    keys_missing: Mapping[str, frozenset[int]]  # column -> checksums
    tags: Mapping[int, int]


def _packed(tables: Mapping[str, TableReads]) -> bytes:
    return _encode(
        [
            _VERSION,
            {
                name: [
                    _packed_numbers(reads.names),
                    _checksums(reads.contents),
                    _packed_numbers(reads.ids_missing),
                    {
                        column: _checksums(map(str.encode, keys))
                        for column, keys in reads.keys_missing.items()
                    },
                    _packed_numbers(reads.tagged),
                    _checksums(map(_encode, reads.tags)),
                ]
                for name, reads in tables.items()
            },
        ]
    )


def _unpacked(pin: RangePin) -> dict[str, _Unpacked]:
    try:
        version, tables = _decode(isal_zlib.decompress(pin.packed))
        if version != _VERSION:
            raise ValueError(f"it is of a kind that this release does not know: {version}")
        return {
            name: _Unpacked(
                dict(zip(_numbers(names), _words(contents), strict=True)),
                frozenset(_numbers(ids)),
                {column: frozenset(_words(sums)) for column, sums in keys.items()},
                dict(zip(_numbers(tagged), _words(tags), strict=True)),
            )
            for name, (names, contents, ids, keys, tagged, tags) in tables.items()
        }
    except _DAMAGE as error:
        raise PinDamaged(
            f"the pin of the rows from {pin.first_row} on cannot be read: {error}",
            hint="a later release may have stored it; otherwise the database was damaged",
        ) from error


def _packed_numbers(numbers: Sequence[int]) -> bytes:
    """Numbers as the differences from each to the next, which compress well."""
    return array("q", map(sub, numbers, chain((0,), numbers))).tobytes()


def _numbers(packed: bytes) -> Sequence[int]:
    return list(accumulate(array("q", packed)))


def _checksums(items: Any) -> bytes:
    return array("I", map(crc32, items)).tobytes()


def _words(packed: bytes) -> Sequence[int]:
    return array("I", packed)


def _moved(table: str, before: _Unpacked, now: TableReads) -> Iterator[MovedItem]:
    """What differs in a table."""
    changed, came, gone = MovedHow.CHANGED, MovedHow.CAME, MovedHow.GONE
    for name, content in zip(now.names, now.contents, strict=True):
        if name not in before.records:
            yield MovedItem(table=table, how=came, record=name)
        elif before.records[name] != crc32(content):
            yield MovedItem(table=table, how=changed, record=name)
    for name, tags in zip(now.tagged, now.tags, strict=True):
        if name in before.tags and before.tags[name] != crc32(_encode(tags)):
            yield MovedItem(table=table, how=changed, record=name)
    for name in (*(before.records.keys() - set(now.names)), *now.ids_missing):
        if name not in before.ids_missing:
            yield MovedItem(table=table, how=gone, record=name)
    for column, keys in now.keys_missing.items():
        known = before.keys_missing.get(column, frozenset())
        for key in keys:
            if crc32(key.encode()) not in known:
                yield MovedItem(table=table, how=gone, record=None, column=column, key=key)
