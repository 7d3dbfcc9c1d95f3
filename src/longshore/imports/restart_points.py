"""One gzip member in which reading can start at many places.

A full flush ends the deflate block and forgets the window (zlib manual, Z_FULL_FLUSH), so what
follows it can be inflated alone. Anybody's gunzip still reads the whole file as one member.
"""

import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from longshore.readers import Position

POINT_BYTES = 1 << 20  # raw bytes between two restart points, at least

_LEVEL = 1  # higher levels cost more time than the import of the rows
_GZIP_WINDOW_BITS = 31  # zlib manual: 15 bits of window plus 16 for the gzip wrapper
_RAW_WINDOW_BITS = -15
_READ_BYTES = 1 << 17
_INFLATED_BYTES_MAX = 1 << 20


class DamagedMember(Exception):
    """The bytes are not what was written."""


@dataclass(frozen=True, slots=True)
class RestartPoint:
    """A row that starts right after a full flush."""

    position: Position  # its offset counts raw bytes
    stored_offset: int  # bytes from the start of the gzip file


class MemberWriter:
    """Writes the member to `file`, which it neither syncs nor closes."""

    def __init__(self, file: BinaryIO) -> None:
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


def read_member(file: BinaryIO, points: Sequence[RestartPoint], offset: int) -> Iterator[bytes]:
    """The raw bytes from `offset` on, starting at the nearest point before it.

    Raises DamagedMember; the checksum is verified only when reading from the start.
    """
    index = bisect_right(points, offset, key=lambda point: point.position.offset) - 1
    inflator = zlib.decompressobj(_GZIP_WINDOW_BITS)
    surplus = offset
    if index >= 0:
        inflator = zlib.decompressobj(_RAW_WINDOW_BITS)
        surplus -= points[index].position.offset
        file.seek(points[index].stored_offset)
    for block in _inflate(file, inflator):
        if surplus < len(block):
            yield block[surplus:]
        surplus = max(surplus - len(block), 0)


def _inflate(file: BinaryIO, inflator: "zlib._Decompress") -> Iterator[bytes]:
    try:
        while not inflator.eof:
            stored = inflator.unconsumed_tail or file.read(_READ_BYTES)
            block = inflator.decompress(stored, _INFLATED_BYTES_MAX)
            if not stored and not block:
                raise DamagedMember("it ends too early")
            if block:
                yield block
    except zlib.error as error:
        raise DamagedMember(str(error)) from error
