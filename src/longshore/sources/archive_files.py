"""The files in a zip archive, each read from its start to its end."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO, cast

from longshore.readers import UnreadableSource, open_blocks
from longshore.workbooks import open_archive

# What an archive starts with; an empty one with the second.
ARCHIVE_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")

_FILE_BYTES_MAX = 64 << 30  # of one file, unpacked
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file in an archive that is open."""

    name: str  # with its folders
    _archive: zipfile.ZipFile
    _info: zipfile.ZipInfo

    def blocks(self) -> Iterator[bytes]:
        """Its bytes, unpacked also where it is gzip or zstd.

        Raises UnreadableSource, for one that is encrypted at once.
        """
        if self._info.flag_bits & 1:
            raise UnreadableSource(
                "the archive is encrypted with a password", hint="unpack it, and import the file"
            )
        return _counted(self._unpacked(), self.name)

    def _unpacked(self) -> Iterator[bytes]:
        try:
            with closing(self._archive.open(self._info)) as opened:
                yield from open_blocks(cast(BinaryIO, opened))
        except _BROKEN as error:
            raise UnreadableSource(
                f"{self.name} cannot be read from the archive: {error}",
                hint="make the archive again, or unpack it",
            ) from error


def archive_files(file: BinaryIO) -> tuple[ArchiveFile, ...]:
    """The files of the archive in a file that can be sought, without what programs put beside
    them; raises as `names_in` does."""
    archive = _opened(file)
    return tuple(
        ArchiveFile(each.filename, archive, each)
        for each in archive.infolist()
        if not _is_beside(each)
    )


def names_in(file: BinaryIO) -> set[str]:
    """All names in an archive. Raises UnreadableSource for a damaged one."""
    try:
        return set(_opened(file).namelist())
    finally:
        file.seek(0)


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return open_archive(file)
    except zipfile.BadZipFile as error:
        raise UnreadableSource(
            f"the archive cannot be read: {error}", hint="make it again, or unpack it"
        ) from error


def _is_beside(member: zipfile.ZipInfo) -> bool:
    """Folders, and what programs put beside files."""
    name = member.filename.replace("\\", "/")
    return member.is_dir() or name.startswith("__MACOSX/") or name.rpartition("/")[2][:1] == "."


def _counted(blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        if size > _FILE_BYTES_MAX:
            raise UnreadableSource(f"{name} in the archive has more than {_FILE_BYTES_MAX:,} bytes")
        yield block
