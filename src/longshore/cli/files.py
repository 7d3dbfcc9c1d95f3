"""Files that a command writes: refused before the work if they could not be written after it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from longshore.errors import PermanentError, RequestRefused
from longshore.spreadsheet_cells import SPREADSHEET_SAFE

__all__ = [
    "check_can_write",
    "is_special",
    "spreadsheet_safe_name",
    "written_whole",
]


def check_can_write(path: Path, *, source: Path | None = None) -> None:
    """Raise RequestRefused for a file that cannot be written, or that is read as `source`."""
    if path.is_dir():
        raise RequestRefused(f"{path} is a folder", hint="name a file in it")
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        raise RequestRefused(f"{path} is the file that is read", hint="write to another file")
    folder = path.parent
    if not folder.is_dir():
        raise RequestRefused(f"{path} cannot be written: there is no folder {folder}")
    if path.exists() and not os.access(path, os.W_OK):
        raise RequestRefused(f"{path} cannot be written: permission denied")
    if not is_special(path) and not os.access(folder, os.W_OK | os.X_OK):
        raise RequestRefused(f"{path} cannot be written: the folder {folder} is read-only")


def spreadsheet_safe_name(path: Path) -> Path:
    """`skus.csv` as `skus.spreadsheet-safe.csv`; a device or a pipe keeps its name."""
    if is_special(path) or SPREADSHEET_SAFE in path.suffixes:
        return path
    return path.with_name(f"{path.stem}{SPREADSHEET_SAFE}{path.suffix}")


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of `path` when the block ends well.

    Raises PermanentError when the disk is full.
    """
    try:
        if is_special(path):
            with open(path, "wb") as file:
                yield file
        else:
            with _replacing(path.resolve()) as file:
                yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise PermanentError(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with open(handle, "wb") as file:
            yield cast(BinaryIO, file)
        temporary.chmod(_ordinary_mode())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def is_special(path: Path) -> bool:
    """Whether it is a device or a pipe, which nothing may take the place of."""
    return path.exists() and not path.is_file()


def _ordinary_mode() -> int:
    """The mode of a file made the ordinary way; a temporary file is its owner's alone."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
