"""Sets of record ids, and the records of consecutive rows, both small.

Ids of an installation are given in ascending order, so those of one import lie close together: a
set is a bitmap in pages, an eighth of a byte for each id between the lowest and the highest (some
15 MB for a million records scattered among a hundred million), and what rows have named is stored
as the differences from row to row, compressed: 0.2 bytes a row where records are created or come
in the order of their ids, some 5 where they come in any order.
"""

import base64
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import sub
from typing import TypeAlias

_PAGE_BITS = 12
_PAGE = 1 << _PAGE_BITS

# Ids as a bitmap: number of the page -> its bits.
Pages: TypeAlias = Mapping[int, int]


class RecordSet:
    """A set of ids."""

    def __init__(self) -> None:
        self._pages: dict[int, int] = {}

    def __contains__(self, id: int) -> bool:
        return bool(self._pages.get(id >> _PAGE_BITS, 0) >> (id & (_PAGE - 1)) & 1)

    def has_any(self, pages: Pages) -> bool:
        """Whether an id of these is in the set."""
        held = self._pages.get
        return any(held(page, 0) & bits for page, bits in pages.items())

    def add(self, pages: Pages) -> None:
        for page, bits in pages.items():
            self._pages[page] = self._pages.get(page, 0) | bits


def pages_of(ids: set[int]) -> dict[int, int]:
    """A set of ids as a bitmap."""
    if not ids:
        return {}
    low, high = min(ids), max(ids)
    if high - low + 1 == len(ids):
        return dict(_pages_between(low, high))
    pages: dict[int, int] = {}
    for id in ids:
        page = id >> _PAGE_BITS
        pages[page] = pages.get(page, 0) | 1 << (id & (_PAGE - 1))
    return pages


def _pages_between(low: int, high: int) -> Iterator[tuple[int, int]]:
    for page in range(low >> _PAGE_BITS, (high >> _PAGE_BITS) + 1):
        first = max(low - page * _PAGE, 0)
        last = min(high - page * _PAGE, _PAGE - 1)
        yield page, ((1 << (last - first + 1)) - 1) << first


@dataclass(frozen=True, slots=True)
class RowRecords:
    """The record of each of consecutive rows (0: the row failed), and the line of each."""

    first: int  # number of the first row
    text: str  # both columns, compressed, as text that every database stores alike

    @classmethod
    def of(cls, first: int, records: Sequence[int], lines: Sequence[int]) -> "RowRecords":
        data = b"".join(map(_compressed, (records, lines)))
        return cls(first, base64.b64encode(data).decode())

    def columns(self) -> tuple[list[int], list[int]]:
        """The records and the lines, by row."""
        data = base64.b64decode(self.text)
        reader = zlib.decompressobj()
        records = _decompressed(reader.decompress(data))
        return records, _decompressed(zlib.decompress(reader.unused_data))


def _compressed(values: Sequence[int]) -> bytes:
    differences = array("q", [values[0], *map(sub, values[1:], values)])
    return zlib.compress(differences.tobytes(), level=1)


def _decompressed(data: bytes) -> list[int]:
    differences = array("q")
    differences.frombytes(data)
    return list(accumulate(differences))
