"""Opening a zip archive whose list of files is no larger than anybody needs."""

import zipfile
from typing import BinaryIO

from longshore.workbooks.errors import WorkbookRefused

# The list is kept in memory as objects, ten times as large: 20,000 files have about 2 MB.
_LIST_BYTES_MAX = 4 << 20
_END = b"PK\x05\x06"
_END_BYTES = 22
_COMMENT_BYTES_MAX = 1 << 16
_BEYOND = 0xFFFFFFFF  # the size stands in the record of large archives (APPNOTE.TXT, 4.3.14)


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """The archive in a file that can be sought.

    Raises zipfile.BadZipFile for what is none, WorkbookRefused for one of too many files.
    """
    size = _list_bytes(file)
    if size > _LIST_BYTES_MAX:
        raise WorkbookRefused(
            f"the list of the files in the archive has {size:,} bytes, at most "
            f"{_LIST_BYTES_MAX:,} are read",
            hint="make an archive of the one file that is meant",
        )
    return zipfile.ZipFile(file)


def _list_bytes(file: BinaryIO) -> int:
    """How long the list is; 0 where the end of the archive does not say it."""
    length = file.seek(0, 2)
    file.seek(max(length - _END_BYTES - _COMMENT_BYTES_MAX, 0))
    tail = file.read()
    file.seek(0)
    start = tail.rfind(_END)
    if start < 0 or start + _END_BYTES > len(tail):
        return 0
    size = int.from_bytes(tail[start + 12 : start + 16], "little")
    if size != _BEYOND:
        return size
    # The record stands before its locator of 20 bytes, and the list before the record.
    end = length - len(tail) + start
    file.seek(max(end - 20 - 56, 0))
    record = file.read(56)
    file.seek(0)
    is_record = record.startswith(b"PK\x06\x06")
    return int.from_bytes(record[40:48], "little") if is_record else length
