"""Storing a source while it is surveyed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from longshore.readers import Format, Layout, Position, Rows
from longshore.sources.restart_points import MemberWriter


class Recorder:
    """Holds the blocks that the survey takes until it has judged them, then stores them.

    So every restart point lies exactly where a row starts. With `as_array` rows that stand one
    after another, or as an array in a document, are stored as the equivalent JSON array: each
    row keeps its line and its text, and nothing of what stands before and behind the rows is
    kept but its lines.
    """

    def __init__(self, writer: MemberWriter, *, as_array: bool) -> None:
        self._writer = writer
        self._as_array = as_array
        self._first_offset: int | None = None  # of the first row, in the array
        self._separated: list[int] = []  # offsets of rows that need a comma before them
        self._pending = bytearray()
        self._judged_bytes = 0
        self.is_finished = False

    def watch(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks, remembered as they pass."""
        for block in blocks:
            self._pending += block
            yield block

    def note(self, rows: Rows, format: Format) -> None:
        """Which rows stand before the position that is judged next, and how."""
        if not self._as_array:
            return
        offsets = list(rows.offsets)
        if self._first_offset is None:
            opening = bytes(self._pending[: offsets[0] - self._judged_bytes])
            self._writer.write(b"\n" * opening.count(b"\n") + b"[")
            self._first_offset = self._writer.raw_bytes
            del self._pending[: len(opening)]
            self._judged_bytes += len(opening)
            offsets = offsets[1:]
        # The elements of an array are separated already.
        self._separated = offsets if format is Format.NDJSON else []

    def judged(self, position: Position) -> None:
        """All bytes before `position` were read; a row starts there, or the source ends."""
        count = position.offset - self._judged_bytes
        if not self._as_array:
            self._writer.write(bytes(self._pending[:count]))
        elif self._first_offset is not None:
            self._writer.write(self._array_text(bytes(self._pending[:count])))
        del self._pending[:count]
        self._judged_bytes = position.offset
        self._writer.mark(position.row, position.line)

    def finish(self) -> None:
        """The source was surveyed to its end."""
        self._writer.write(b"]" if self._as_array else bytes(self._pending))
        self._writer.finish()
        self.is_finished = True

    def layout(self, surveyed: Layout) -> Layout:
        """How to read what was stored of a source that is read like `surveyed`."""
        if not self._as_array:
            return surveyed
        assert self._first_offset is not None, "a source without rows is refused"
        first = replace(surveyed.first, offset=self._first_offset)
        return replace(surveyed, format=Format.JSON, first=first, is_enclosed=False)

    def _array_text(self, rows: bytes) -> bytes:
        """What was judged, with a comma where each row starts that needs one.

        A comma stands before its row and not after the one before, because only then it is
        known that there is one.
        """
        starts = [offset - self._judged_bytes for offset in self._separated]
        self._separated = []
        is_first = bool(starts) and starts[0] > 0
        if rows.endswith(b"\n") and rows.count(b"\n") == len(starts) + is_first:
            # Each row is a line, and begins it.
            separated = rows.replace(b"\n", b"\n,", len(starts) - 1 + is_first)
            return separated if is_first else b"," + separated
        pieces = [rows[start:end] for start, end in pairwise([0, *starts, len(rows)])]
        return b",".join(pieces)
