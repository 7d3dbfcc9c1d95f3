"""Attachments as files in one folder, which is made when first needed.

A file is written under another name, synced and renamed, so that it is whole under its own.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from longshore.errors import PermanentError
from longshore.sources.attachment_place import (
    BLOCK_BYTES,
    AttachmentMissing,
    AttachmentNotWritable,
    AttachmentStoreFull,
    Kept,
)
from longshore.sources.restart_points import Sink

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class AttachmentFolder:
    """A place that is a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def location(self) -> str:
        return f"the folder {self.folder.resolve()}"

    @contextmanager
    def new_pair(self, first: str, second: str) -> Iterator[tuple[Sink, Sink]]:
        with self._new_files(first, second) as (one, other):
            yield one, other

    @contextmanager
    def new(self, name: str) -> Iterator[Sink]:
        with self._new_files(name) as (file,):
            yield file

    def read(self, name: str, offset: int) -> Iterator[bytes]:
        path = self.folder / name
        if not path.is_file():
            raise AttachmentMissing(f"the attachment is gone: {path}")
        return _blocks(path, offset)

    def exists(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def check(self) -> None:
        if self.folder.exists() and not os.access(self.folder, os.W_OK | os.X_OK):
            raise not_stored(self.folder, PermissionError(errno.EACCES, "Permission denied"))

    def remove(self, *keys: str) -> None:
        try:
            for key in keys:
                (self.folder / key).unlink(missing_ok=True)
        except OSError as error:
            raise AttachmentNotWritable(
                f"an attachment cannot be removed from {self.folder}: {error.strerror or error}",
                hint="check the permissions of the folder",
            ) from error

    def kept(self) -> Iterator[Kept]:
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            with suppress(OSError):
                yield Kept(path.name, path.stat().st_mtime)

    def signed_url(self, name: str, seconds: int) -> str | None:
        return None

    @contextmanager
    def spool(self) -> Iterator[BinaryIO]:
        """It lies on the same disk as the attachments, for which there must be room anyway."""
        try:
            _make(self.folder)
            with tempfile.TemporaryFile(dir=self.folder) as file:
                yield cast(BinaryIO, file)
        except BrokenPipeError:
            raise  # of somebody who reads what the block writes elsewhere: a file has no reader
        except OSError as error:
            raise not_stored(self.folder, error) from error

    @contextmanager
    def _new_files(self, *names: str) -> Iterator[list[BinaryIO]]:
        paths = [self.folder / name for name in names]
        parts = [path.with_name(f".{path.name}.part") for path in paths]
        try:
            _make(self.folder)
            with ExitStack() as opened:
                files = [opened.enter_context(_create(part)) for part in parts]
                yield files
                for file in files:
                    _sync(file)
            for part, path in zip(parts, paths, strict=True):
                part.rename(path)
            _sync_folder(self.folder)
        except BaseException as error:
            for leftover in (*parts, *paths):
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise not_stored(self.folder, error) from error
            raise


def not_stored(folder: Path, error: OSError) -> PermanentError:
    """What to say when a folder could not be written to."""
    if error.errno in _FULL:
        return AttachmentStoreFull(
            f"there is no room for the source in {folder}", hint="free some space, or use --data"
        )
    return AttachmentNotWritable(
        f"the source cannot be stored in {folder}: {error.strerror or error}",
        hint="check the permissions of the folder",
    )


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _blocks(path: Path, offset: int) -> Iterator[bytes]:
    try:
        with open(path, "rb") as file:
            file.seek(offset)
            while block := file.read(BLOCK_BYTES):
                yield block
    except FileNotFoundError as error:
        raise AttachmentMissing(f"the attachment is gone: {path}") from error


def _create(path: Path) -> BinaryIO:
    """A new file that only its owner may read: sources hold personal data."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "wb", buffering=BLOCK_BYTES)


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
