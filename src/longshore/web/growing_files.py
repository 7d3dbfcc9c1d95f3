"""A file that is sent while it is written.

What writes it may hold a snapshot of a database, and whoever gets it may be slow: so a thread of
its own writes it to the disk, as fast as that goes, and it is sent from there.
"""

import io
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

_BLOCK_BYTES = 1 << 16

Write = Callable[[BinaryIO], None]


class GrowingFile(Iterator[bytes]):
    """What `write` writes to the file that it is given, in blocks. That file cannot be sought.

    Where nobody wants the blocks any more, `write` fails as soon as it goes on.
    """

    def __init__(self, write: Write, *, patience_seconds: float) -> None:
        """Waits until all is written, but not longer than its patience; raises what `write` raises
        by then. What it raises later is raised behind the blocks that were sent."""
        self._file = _WrittenFile()
        self._offset = 0
        self._is_closed = False
        arguments = (self._file, write)
        threading.Thread(target=_fill, args=arguments, name="sent-file", daemon=True).start()
        try:
            self._file.wait(patience_seconds)
        except BaseException:
            self.close()
            raise

    def __next__(self) -> bytes:
        block = b"" if self._is_closed else self._file.read(self._offset)
        if not block:
            self.close()
            raise StopIteration
        self._offset += len(block)
        return block

    def close(self) -> None:
        """Nobody wants the rest; calling it again does nothing."""
        if not self._is_closed:
            self._is_closed = True
            self._file.leave()

    def __del__(self) -> None:
        # Of an answer whose client has gone nobody asks for the first block, nor closes anything.
        self.close()


def _fill(file: "_WrittenFile", write: Write) -> None:
    error = None
    try:
        with io.BufferedWriter(_End(file), _BLOCK_BYTES) as end:
            write(cast(BinaryIO, end))
    except Exception as raised:  # told to whoever gets the file
        error = raised
    file.finish(error)


class _NobodyReads(Exception):
    """Whoever was to get the file has gone."""


class _WrittenFile:
    """A file with one writer and one reader, each in a thread of its own."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  `leave` closes it
        self._changed = threading.Condition()
        self._size = 0
        self._is_written = False
        self._error: Exception | None = None
        self._is_left = False  # by one of the two

    def append(self, data: memoryview) -> int:
        """As many of the bytes as the disk takes at once; raises _NobodyReads."""
        with self._changed:
            if self._is_left:
                raise _NobodyReads
            written = os.pwrite(self._file.fileno(), data, self._size)
            self._size += written
            self._changed.notify_all()
        return written

    def finish(self, error: Exception | None) -> None:
        """Nothing more is written, and why, if that was not the end."""
        with self._changed:
            self._is_written, self._error = True, error
            self._changed.notify_all()
        self.leave()

    def wait(self, seconds: float) -> None:
        """Until all is written, at most so long; raises what its writer did."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_written, seconds)
            if self._error is not None:
                raise self._error

    def read(self, offset: int) -> bytes:
        """Bytes from there on, once there are some; none at the end. Raises what its writer did."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_written or self._size > offset)
            if self._size == offset and self._error is not None:
                raise self._error
        return os.pread(self._file.fileno(), _BLOCK_BYTES, offset)

    def leave(self) -> None:
        """Each of the two calls it once; the last one closes the file."""
        with self._changed:
            if self._is_left:
                self._file.close()
            self._is_left = True


class _End(io.RawIOBase):
    """The end of a file, as something to write to."""

    def __init__(self, file: _WrittenFile) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        return self._file.append(data)
