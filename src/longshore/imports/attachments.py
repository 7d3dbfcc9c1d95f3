"""The stored bytes of an import's source: read as often as needed, wherever they came from.

A source is read once: while a survey judges it, what it has judged is compressed into the
attachment. So standard input needs no second copy, and what is refused leaves nothing behind.
An attachment is two files: NAME, one gzip member that anybody's gunzip takes, and NAME.index,
its restart points. Without the index every row can still be read, from the start.
"""

import errno
import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from longshore.errors import LongshoreError, PermanentError, RequestRefused
from longshore.imports.recording import Recording
from longshore.imports.restart_points import (
    DamagedMember,
    MemberWriter,
    RestartPoint,
    read_member,
)
from longshore.imports.sources import Progress, Source
from longshore.readers import (
    HEAD_BYTES,
    Format,
    Layout,
    Position,
    Rows,
    UnreadableSource,
    choose_format,
    peek,
    read_rows,
    survey,
)

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BUFFER_BYTES = 1 << 18


class StorageFull(PermanentError):
    """There is no room for the attachment."""


class AttachmentNotWritable(PermanentError):
    """The folder of attachments cannot be written to."""


class TooManyRows(RequestRefused):
    """The source has more rows than the import may have."""

    def __init__(self, message: str, *, rows_max: int) -> None:
        super().__init__(message)
        self.rows_max = rows_max


class AttachmentMissing(LongshoreError):
    """There is no attachment of this name."""


class AttachmentDamaged(LongshoreError):
    """The attachment is not what was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAttachment:
    """What is known of an attachment once it is safe on the disk."""

    name: str  # opaque; a file name in the store's folder
    layout: Layout
    rows_count: int
    raw_bytes: int
    stored_bytes: int
    warnings: tuple[str, ...]


class AttachmentStore:
    """Attachments as files in one folder, which is made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(
        self,
        source: Source,
        *,
        descend: frozenset[str] = frozenset(),
        rows_max: int | None = None,
        progress: Progress | None = None,
    ) -> StoredAttachment:
        """Survey and store `source`; when this returns, it survives a crash of the machine.

        `descend` is `survey`'s. Raises RequestRefused for a source that cannot be read, TooManyRows
        when there are more than `rows_max`, StorageFull and AttachmentNotWritable; then nothing is
        left behind.
        """
        name = f"{secrets.token_hex(16)}.gz"
        with source.open(progress) as blocks, self._new_files(name) as (file, index):
            head, blocks = peek(blocks, HEAD_BYTES)
            format = choose_format(head, format=source.format, name=source.name)
            writer = MemberWriter(file)
            recording = Recording(writer, as_array=format is Format.NDJSON)
            found = survey(
                recording.watch(blocks),
                format=format,
                descend=descend,
                on_position=_limited(recording.judged, rows_max),
            )
            _refuse_more(found.rows_count, rows_max)
            recording.finish()
            index.write(_encode_index(writer.points, writer.raw_bytes))
        return StoredAttachment(
            name=name,
            layout=recording.layout(found.layout),
            rows_count=found.rows_count,
            raw_bytes=writer.raw_bytes,
            stored_bytes=writer.stored_bytes,
            warnings=found.warnings,
        )

    @contextmanager
    def spool(self) -> Iterator[BinaryIO]:
        """A file without a name, for bytes of a source that is still to be judged.

        It lies on the same disk as the attachments, and is gone after the block, or when its
        process dies. Raises StorageFull and AttachmentNotWritable, also for what the block writes.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder) as file:
                yield cast(BinaryIO, file)
        except OSError as error:
            raise _not_stored(self._folder, error) from error

    def open(self, name: str, layout: Layout, start: Position | None = None) -> Iterator[Rows]:
        """The rows of the attachment, all of them or from `start` on.

        Raises AttachmentMissing at once, AttachmentDamaged while reading.
        """
        blocks = self.blocks(name, start.offset if start is not None else 0)
        return _read(name, blocks, layout, start)

    def blocks(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """The raw bytes, decompressed, from `offset` on. Raises as `open` does."""
        if not self.exists(name):
            raise AttachmentMissing(f"the attachment is gone: {self.path(name)}")
        return self._inflated(name, offset)

    def path(self, name: str) -> Path:
        """Where the gzip file is kept."""
        return self._folder / name

    def exists(self, name: str) -> bool:
        return self.path(name).is_file()

    def delete(self, name: str) -> None:
        """Remove the attachment; one that is gone already is fine."""
        self.path(name).unlink(missing_ok=True)
        self._index_path(name).unlink(missing_ok=True)

    def sweep(self, known: Collection[str], *, older_than_seconds: float) -> int:
        """Remove what a killed process left behind; the number of files removed.

        That is whatever belongs to none of the `known` attachments and was not touched for so
        long that nobody can be writing it still.
        """
        removed = 0
        if not self._folder.is_dir():
            return removed
        latest = time.time() - older_than_seconds
        for path in self._folder.iterdir():
            name = path.name.removeprefix(".").removesuffix(".part").removesuffix(".index")
            is_whole = not path.name.startswith(".")
            with suppress(OSError):
                if not (is_whole and name in known) and path.stat().st_mtime < latest:
                    path.unlink()
                    removed += 1
        return removed

    def _index_path(self, name: str) -> Path:
        return self._folder / f"{name}.index"

    @contextmanager
    def _new_files(self, name: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        """Two files that appear under their names, synced, if the block succeeds.

        The index comes first: an attachment is there when its gzip file is.
        """
        paths = (self._index_path(name), self.path(name))
        parts = [path.with_name(f".{path.name}.part") for path in paths]
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _create(parts[0]) as index, _create(parts[1]) as file:
                yield file, index
                _sync(index)
                _sync(file)
            for part, path in zip(parts, paths, strict=True):
                part.rename(path)
            _sync_folder(self._folder)
        except BaseException as error:
            for leftover in (*parts, *paths):
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise _not_stored(self._folder, error) from error
            raise

    def _inflated(self, name: str, offset: int) -> Iterator[bytes]:
        points, raw_bytes = self._read_index(name)
        end = offset
        try:
            with open(self.path(name), "rb") as file:
                for block in read_member(file, points, offset):
                    end += len(block)
                    yield block
        except FileNotFoundError as error:
            raise AttachmentMissing(f"the attachment is gone: {self.path(name)}") from error
        except (OSError, DamagedMember) as error:
            raise _damaged(name, str(error)) from error
        if raw_bytes is not None and end != raw_bytes:
            raise _damaged(name, f"it has {end} bytes of {raw_bytes}")

    def _read_index(self, name: str) -> tuple[list[RestartPoint], int | None]:
        """The restart points and the number of raw bytes; none when the index is unusable."""
        try:
            index = json.loads(self._index_path(name).read_bytes())
            points = [
                RestartPoint(Position(row, line, offset), stored)
                for row, line, offset, stored in index["points"]
            ]
            return points, int(index["raw_bytes"])
        except (OSError, ValueError, LookupError, TypeError):
            return [], None


def _limited(
    judged: Callable[[Position], None], rows_max: int | None
) -> Callable[[Position], None]:
    """The same, but it ends a survey that has found more rows than may be."""

    def judged_within(position: Position) -> None:
        _refuse_more(position.row - 1, rows_max)
        judged(position)

    return judged if rows_max is None else judged_within


def _refuse_more(rows_count: int, rows_max: int | None) -> None:
    if rows_max is not None and rows_count > rows_max:
        raise TooManyRows(f"the source has more than {rows_max} rows", rows_max=rows_max)


def _read(
    name: str, blocks: Iterator[bytes], layout: Layout, start: Position | None
) -> Iterator[Rows]:
    try:
        yield from read_rows(blocks, layout, start)
    except UnreadableSource as error:
        # The survey read these bytes to their end, so they are other bytes.
        raise _damaged(name, error.message) from error


def _encode_index(points: list[RestartPoint], raw_bytes: int) -> bytes:
    entries = [
        [point.position.row, point.position.line, point.position.offset, point.stored_offset]
        for point in points
    ]
    return json.dumps({"raw_bytes": raw_bytes, "points": entries}).encode()


def _create(path: Path) -> BinaryIO:
    """A new file that only its owner may read: sources hold personal data."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "wb", buffering=_BUFFER_BYTES)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """A rename survives a crash only when its folder is synced too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_stored(folder: Path, error: OSError) -> PermanentError:
    if error.errno in _FULL:
        return StorageFull(
            f"there is no room for the source in {folder}", hint="free some space, or use --data"
        )
    return AttachmentNotWritable(
        f"the source cannot be stored in {folder}: {error.strerror or error}",
        hint="check the permissions of the folder",
    )


def _damaged(name: str, found: str) -> AttachmentDamaged:
    return AttachmentDamaged(f"the attachment {name} is damaged: {found}")
