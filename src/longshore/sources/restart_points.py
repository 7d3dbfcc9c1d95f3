"""One gzip member in which reading can start at many places.

A full flush ends the deflate block and forgets the window (zlib manual, Z_FULL_FLUSH), so what
follows it can be inflated alone. Anybody's gunzip still reads the whole file as one member.

ISA-L writes and reads it three to four times as fast as zlib does (decision 1). It misreads headers
that come in pieces or hold more than ours, so `read_member` looks at the header itself, and other
people's gzip is left to zlib (`readers.blocks`).
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from isal import isal_zlib

from longshore.readers import Position, peek

POINT_BYTES = 1 << 20  # raw bytes between two restart points, at least

_LEVEL = 1  # as fast as none, and a quarter smaller; higher levels gain nothing
_GZIP_WINDOW_BITS = 31  # zlib manual: 15 bits of window plus 16 for the gzip wrapper
_RAW_WINDOW_BITS = -15
_HEADER = b"\x1f\x8b\x08\0"  # RFC 1952: deflated, without names, comments and whatever else
_HEADER_BYTES = 10
_INFLATED_BYTES_MAX = 1 << 20

_InflatingFailed: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # see its .pyi


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
        self._content = hashlib.sha256()
        self._compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP_WINDOW_BITS)

    def write(self, data: bytes) -> None:
        self.raw_bytes += len(data)
        self._content.update(data)
        self._store(self._compressor.compress(data))

    def mark(self, row: int, line: int) -> None:
        """A row starts at the next byte; make a restart point of it if the last one is far."""
        last = self.points[-1].position.offset if self.points else 0
        if self.raw_bytes - last >= POINT_BYTES:
            self._store(self._compressor.flush(isal_zlib.Z_FULL_FLUSH))
            position = Position(row, line, self.raw_bytes)
            self.points.append(RestartPoint(position, self.stored_bytes))

    def finish(self) -> None:
        self._store(self._compressor.flush())

    @property
    def content_digest(self) -> str:
        """What tells the raw bytes written so far from any others."""
        return self._content.hexdigest()

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
    if start is None:
        head, stored = peek(stored, _HEADER_BYTES)
        if not head.startswith(_HEADER[: len(head)]):
            raise DamagedMember("its gzip header is not as it was written")
    inflator = isal_zlib.decompressobj(_GZIP_WINDOW_BITS if start is None else _RAW_WINDOW_BITS)
    surplus = offset - (0 if start is None else start.position.offset)
    for block in _inflate(stored, inflator):
        if surplus < len(block):
            yield block[surplus:]
        surplus = max(surplus - len(block), 0)


def _inflate(stored: Iterator[bytes], inflator: isal_zlib.Decompress) -> Iterator[bytes]:
    try:
        while not inflator.eof:
            packed = inflator.unconsumed_tail or next(stored, b"")
            block = inflator.decompress(packed, _INFLATED_BYTES_MAX)
            if not packed and not block:
                raise DamagedMember("it ends too early")
            if block:
                yield block
    except _InflatingFailed as error:
        raise DamagedMember(str(error)) from error
