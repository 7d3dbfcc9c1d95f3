"""Errors kept in a file without a name: as many as there are, in no memory to speak of."""

import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator

import msgspec

from longshore.imports import LoggedError

_BLOCK = 1 << 16


class KeptErrors:
    """Errors in the order in which they were added; may be gone through again and again."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  closed with this
        weakref.finalize(self, self._file.close)
        self._encode = msgspec.json.Encoder().encode
        self._count = 0
        self._size = 0  # bytes of the file

    def add(self, errors: Iterable[LoggedError]) -> None:
        lines = [self._encode(error) + b"\n" for error in errors]
        data = b"".join(lines)
        self._count += len(lines)
        while data:
            written = os.pwrite(self._file.fileno(), data, self._size)
            self._size += written
            data = data[written:]

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[LoggedError]:
        decode = msgspec.json.Decoder(LoggedError).decode
        offset, held = 0, b""
        while offset < self._size:
            block = os.pread(self._file.fileno(), _BLOCK, offset)
            offset += len(block)
            *lines, held = (held + block).split(b"\n")
            yield from map(decode, lines)
