"""Where the bytes of an import come from: a file, or a stream that can be read only once."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from longshore.errors import RequestRefused
from longshore.readers import CsvOptions, Format, open_blocks
from longshore.sources.block_stream import BlockStream

# Told the bytes read so far and the total; the total is None when nobody knows it.
Progress = Callable[[int, int | None], None]

_NOTHING_ASKED = CsvOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What `AttachmentStore.write` reads, plain, gzipped, in an archive or in a workbook; exactly
    one of path and stream."""

    name: str  # its extension is a hint at the format
    format: Format | None = None  # None: by name and content
    encoding: str | None = None  # of a CSV, a codec of Python; None: by the content
    sheet: str | None = None  # of a workbook; None: the one that names most fields
    # Whether the cells of a CSV are as `spreadsheet_cells.guarded` writes them; None: as its name
    # and its cells show.
    is_guarded: bool | None = False
    csv: CsvOptions = _NOTHING_ASKED  # what else is said of a CSV
    keeps_original: bool = True  # beside what is made of a workbook or archive
    path: Path | None = None
    stream: BinaryIO | None = None
    stream_bytes: int | None = None  # how many it has; None: nobody knows

    @classmethod
    def from_path(
        cls,
        path: Path,
        *,
        format: Format | None = None,
        encoding: str | None = None,
        csv: CsvOptions = _NOTHING_ASKED,
    ) -> "Source":
        return cls(name=path.name, format=format, encoding=encoding, csv=csv, path=path)

    @classmethod
    def from_stream(
        cls,
        stream: BinaryIO,
        *,
        name: str = "standard input",
        format: Format | None = None,
        encoding: str | None = None,
        csv: CsvOptions = _NOTHING_ASKED,
        stream_bytes: int | None = None,
    ) -> "Source":
        """The caller closes the stream; it is read to its end once and never sought."""
        return cls(
            name=name,
            format=format,
            encoding=encoding,
            csv=csv,
            stream=stream,
            stream_bytes=stream_bytes,
        )

    def of_blocks(
        self, blocks: Iterable[bytes], *, name: str | None = None, format: Format | None = None
    ) -> "Source":
        """The same said of other bytes, which are read once."""
        return replace(
            self,
            name=name or self.name,
            format=format or self.format,
            path=None,
            stream=cast(BinaryIO, BlockStream(blocks)),
            stream_bytes=None,
        )

    @contextmanager
    def open(self, progress: Progress | None = None) -> Iterator[Iterator[bytes]]:
        """The raw bytes in blocks, gunzipped.

        Raises RequestRefused for what cannot be opened or read, and at the end for a file that
        changed while it was read: half of one version and half of another is neither.
        """
        if self.path is None:
            assert self.stream is not None
            yield self._guard(self.stream, None, progress)
            return
        with ExitStack() as stack:
            try:
                file = stack.enter_context(open(self.path, "rb"))
            except OSError as error:
                raise _refusal(str(self.path), error) from error
            before = os.fstat(file.fileno())
            yield self._guard(file, before if stat.S_ISREG(before.st_mode) else None, progress)

    def _guard(
        self, file: BinaryIO, before: os.stat_result | None, progress: Progress | None
    ) -> Iterator[bytes]:
        total = before.st_size if before is not None else self.stream_bytes
        read_bytes = 0

        def on_read(count: int) -> None:
            nonlocal read_bytes
            read_bytes = count
            if progress is not None:
                progress(count, total)

        try:
            yield from open_blocks(file, on_read=on_read)
            if before is None:
                return
            after = os.fstat(file.fileno())
        except OSError as error:
            raise _refusal(self.name, error) from error
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns) or (
            read_bytes != before.st_size
        ):
            raise RequestRefused(
                f"the file changed while it was read: {self.path}",
                hint="wait until it is written completely, then import it again",
            )


def _refusal(name: str, error: OSError) -> RequestRefused:
    if isinstance(error, FileNotFoundError):
        return RequestRefused(f"there is no such file: {name}")
    if isinstance(error, IsADirectoryError):
        return RequestRefused(f"this is a directory, not a file: {name}")
    if isinstance(error, PermissionError):
        return RequestRefused(f"the file may not be read: {name}", hint="check its permissions")
    return RequestRefused(f"the file cannot be read: {name}: {error.strerror or error}")
