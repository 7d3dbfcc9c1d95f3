"""Sets of record ids that are small.

Ids of an installation are given in ascending order, so those of one import lie close together: a
set is a bitmap in pages, an eighth of a byte for each id between the lowest and the highest (some
15 MB for a million records scattered among a hundred million).
"""

from collections.abc import Iterator, Mapping
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
