"""A process that stores and reads a source of 128 MiB, and tells how much memory that took."""

import json
import os
import resource
import sys
from collections.abc import Iterator

from longshore.settings import Settings
from longshore.sources import Source, open_attachments

_ROW_BYTES = 1 << 10
_ROWS_COUNT = 128 << 10


class Rows:
    """A stream of CSV that is made while it is read, of digits that hardly compress."""

    def __init__(self) -> None:
        self._rows = self._made()
        self._rest = b""

    def read(self, size: int) -> bytes:
        while len(self._rest) < size and (row := next(self._rows, b"")):
            self._rest += row
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def _made(self) -> Iterator[bytes]:
        yield b"code\n"
        for _ in range(_ROWS_COUNT):
            yield os.urandom(_ROW_BYTES // 2).hex().encode() + b"\n"


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


store = open_attachments(Settings(attachments=sys.argv[1], s3_endpoint=sys.argv[2]))
before = peak_bytes()
stored = store.write(Source.from_stream(Rows(), name="rows.csv"))  # type: ignore[arg-type]
written = peak_bytes()
assert sum(map(len, store.blocks(stored.name))) == stored.raw_bytes
store.delete(stored.name)
json.dump(
    {
        "stored_bytes": stored.stored_bytes,
        "writing_bytes": written - before,
        "reading_bytes": peak_bytes() - written,
    },
    sys.stdout,
)
