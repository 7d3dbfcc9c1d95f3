"""The texts that the cells of a workbook share, in bounded memory.

A list of a million texts takes twice the memory of their characters, so they stand one behind
another in UTF-8, and from some size on in a file without a name.
"""

import mmap
import tempfile
from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import accumulate, islice
from typing import BinaryIO, cast

from longshore.workbooks.sheet_rows import LONG_CHARACTERS

_MEMORY_BYTES = 48 << 20


class SharedStrings:
    """Appended to once, then read by number, until it is closed."""

    def __init__(self, *, memory_bytes: int = _MEMORY_BYTES) -> None:
        self.has_long = False  # some text is so long that rows of such texts have to be counted
        self._memory_bytes = memory_bytes
        self._ends = array("Q")
        self._gathered = bytearray()
        self._spilled_bytes = 0
        self._stack = ExitStack()
        self._file: BinaryIO | None = None
        self._data: bytearray | mmap.mmap = self._gathered

    def close(self) -> None:
        """Nothing more is read; the file is gone."""
        self._stack.close()

    def append(self, text: str) -> None:
        """Add the next text. Raises OSError when the disk is full."""
        self.append_bytes(text.encode("utf-8", "surrogatepass"))

    def append_bytes(self, text: bytes) -> None:
        """Add the next text, which is valid UTF-8. Raises OSError when the disk is full."""
        self._gathered += text
        if len(text) > LONG_CHARACTERS:
            self.has_long = True
        self._ends.append(self._spilled_bytes + len(self._gathered))
        if len(self._gathered) > self._memory_bytes:
            self._spill()

    def extend(self, texts: Sequence[bytes]) -> None:
        """Add the next texts, which are valid UTF-8. Raises OSError when the disk is full."""
        ends = accumulate(map(len, texts), initial=self._spilled_bytes + len(self._gathered))
        self._ends.extend(islice(ends, 1, None))
        self._gathered += b"".join(texts)
        if max(map(len, texts), default=0) > LONG_CHARACTERS:
            self.has_long = True
        if len(self._gathered) > self._memory_bytes:
            self._spill()

    def finish(self) -> None:
        """All texts are there."""
        if self._file is None:
            return
        self._spill()
        self._file.flush()
        if self._spilled_bytes:
            mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            self._data = self._stack.enter_context(mapped)

    def __len__(self) -> int:
        return len(self._ends)

    def text(self, raw: bytes) -> str:
        """The text whose number is written like this. Raises IndexError and ValueError."""
        number = int(raw)
        if number < 1:
            return self[number]
        ends = self._ends
        return self._data[ends[number - 1] : ends[number]].decode("utf-8", "replace")

    def __getitem__(self, number: int) -> str:
        """The text of this number, from 0. Raises IndexError."""
        if number < 0:
            raise IndexError(number)
        end = self._ends[number]
        start = self._ends[number - 1] if number else 0
        return self._data[start:end].decode("utf-8", "replace")

    def _spill(self) -> None:
        if self._file is None:
            self._file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115
            self._stack.callback(self._file.close)
        self._file.write(self._gathered)
        self._spilled_bytes += len(self._gathered)
        self._gathered.clear()
