"""Storing a source while it is surveyed."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace

from longshore.imports.restart_points import MemberWriter
from longshore.readers import Format, Layout, Position


class Recording:
    """Holds the blocks that the survey takes until it has judged them, then stores them.

    So every restart point lies exactly where a row starts. With `as_array` NDJSON is stored as
    the equivalent JSON array: each line keeps its number and the text of its value.
    """

    def __init__(self, writer: MemberWriter, *, as_array: bool) -> None:
        self._writer = writer
        self._as_array = as_array
        self._opened = False  # the bracket of the array is written
        self._pending = bytearray()
        self._judged_bytes = 0
        self._mark_bytes = 0  # of the byte order mark, which an array does without

    def watch(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks, remembered as they pass."""
        for block in blocks:
            self._pending += block
            yield block

    def judged(self, position: Position) -> None:
        """All bytes before `position` were read; a row starts there, or the source ends."""
        count = position.offset - self._judged_bytes
        self._store(bytes(self._pending[:count]))
        del self._pending[:count]
        self._judged_bytes = position.offset
        self._writer.mark(position.row, position.line)

    def finish(self) -> None:
        """The source was surveyed to its end."""
        self._store(bytes(self._pending))
        if self._as_array:
            self._writer.write(b"]")
        self._writer.finish()

    def layout(self, surveyed: Layout) -> Layout:
        """How to read what was stored of a source that is read like `surveyed`."""
        if not self._as_array:
            return surveyed
        bracket_bytes = 1
        offset = surveyed.first.offset - self._mark_bytes + bracket_bytes
        return replace(surveyed, format=Format.JSON, first=replace(surveyed.first, offset=offset))

    def _store(self, data: bytes) -> None:
        self._writer.write(self._array_text(data) if self._as_array else data)

    def _array_text(self, lines: bytes) -> bytes:
        """Whole lines with the array's bracket or a comma before each that holds a value.

        A comma stands before its value and not after the one before, because only then it is
        known that there is one.
        """
        if not self._opened and lines.startswith(codecs.BOM_UTF8):
            self._mark_bytes = len(codecs.BOM_UTF8)
            lines = lines[self._mark_bytes :]
        separated: list[bytes] = []
        for line in lines.split(b"\n"):
            if line and not line.isspace():
                separated.append((b"," if self._opened else b"[") + line)
                self._opened = True
            else:
                separated.append(line)
        return b"\n".join(separated)
