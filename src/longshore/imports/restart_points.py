"""One gzip member in which reading can start at many places.

A full flush ends the deflate block and forgets the window (zlib manual, Z_FULL_FLUSH), so what
follows it can be inflated alone. Anybody's gunzip still reads the whole file as one member.
"""

import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from longshore.readers import Position

POINT_BYTES = 1 << 20  # raw bytes between two restart points, at least

_LEVEL = 1  # higher levels cost more time than the import of the rows
_GZIP_WINDOW_BITS = 31  # zlib manual: 15 bits of window plus 16 for the gzip wrapper
_RAW_WINDOW_BITS = -15
_INFLATED_BYTES_MAX = 1 << 20


class DamagedMember(Exception):
    """The bytes are not what was written."""


@dataclass(frozen=True, slots=True)
class RestartPoint:
    """A row that starts right after a full flush."""

    position: Position  # its offset counts raw bytes
    stored_offset: int  # bytes from the start of the gzip file


class Sink(Protocol):
    """What bytes are written to, in their order."""

    def write(self, data: bytes, /) -> object: ...


class MemberWriter:
    """Writes the member to `file`, which it neither syncs nor closes."""

    def __init__(self, file: Sink) -> None:
        self.points: list[RestartPoint] = []
        self.raw_bytes = 0
        self.stored_bytes = 0
        self._file = file
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_WINDOW_BITS)

    def write(self, data: bytes) -> None:
        self.raw_bytes += len(data)
        self._store(self._compressor.compress(data))

    def mark(self, row: int, line: int) -> None:
        """A row starts at the next byte; make a restart point of it if the last one is far."""
        last = self.points[-1].position.offset if self.points else 0
        if self.raw_bytes - last >= POINT_BYTES:
            self._store(self._compressor.flush(zlib.Z_FULL_FLUSH))
            position = Position(row, line, self.raw_bytes)
            self.points.append(RestartPoint(position, self.stored_bytes))

    def finish(self) -> None:
        self._store(self._compressor.flush())

    def _store(self, data: bytes) -> None:
        self._file.write(data)
        self.stored_bytes += len(data)


def nearest_point(points: Sequence[RestartPoint], offset: int) -> RestartPoint | None:
    """The last point from which the raw byte at `offset` can be reached; None: the start."""
    index = bisect_right(points, offset, key=lambda point: point.position.offset) - 1
    return points[index] if index >= 0 else None


def read_member(
    stored: Iterator[bytes], start: RestartPoint | None, offset: int
) -> Iterator[bytes]:
    """The raw bytes from `offset` on, out of the stored ones from `start` on.

    Raises DamagedMember; the checksum is verified only when reading from the start.
    """
    inflator = zlib.decompressobj(_GZIP_WINDOW_BITS if start is None else _RAW_WINDOW_BITS)
    surplus = offset - (0 if start is None else start.position.offset)
    for block in _inflate(stored, inflator):
        if surplus < len(block):
            yield block[surplus:]
        surplus = max(surplus - len(block), 0)


def _inflate(stored: Iterator[bytes], inflator: "zlib._Decompress") -> Iterator[bytes]:
    try:
        while not inflator.eof:
            packed = inflator.unconsumed_tail or next(stored, b"")
            block = inflator.decompress(packed, _INFLATED_BYTES_MAX)
            if not packed and not block:
                raise DamagedMember("it ends too early")
            if block:
                yield block
    except zlib.error as error:
        raise DamagedMember(str(error)) from error
