"""The zip archive of a workbook, read part by part in bounded memory.

A part is never unpacked to a file, so the names in an archive are only names. XML with a document
type is refused: neither format has one, and entities are how a small file becomes a large one.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import BinaryIO
from xml.parsers import expat

from longshore.workbooks.archive import open_archive
from longshore.workbooks.errors import WorkbookRefused

_PARTS_MAX = 20_000
_PART_BYTES_MAX = 16 << 30  # unpacked; a sheet that is full has about 10 GB
_READ_BYTES = 1 << 16
_TAG_BYTES_MAX = 4 << 20  # of a tag or a comment, which the parser keeps as a whole
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the compound file of old workbooks and encrypted ones
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OLD_HEAD_BYTES = 1 << 20

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


class Package:
    """The parts of one workbook; `file` can be sought and stays open as long as this is used."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises WorkbookRefused for what is no archive, with what it is where that shows."""
        _refuse_compound_file(file)
        try:
            self._archive = open_archive(file)
        except _DAMAGED as error:
            raise _damaged(error) from error
        infos = self._archive.infolist()
        if len(infos) > _PARTS_MAX:
            raise WorkbookRefused(
                f"the workbook has {len(infos):,} parts, at most {_PARTS_MAX:,} are read",
                hint="save it again in a spreadsheet program, or as CSV",
            )
        # Programs differ in the case of names, and in whether one begins with a slash.
        self._infos = {_key(info.filename): info for info in infos}

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return _key(name) in self._infos

    def read(self, name: str, bytes_max: int) -> bytes:
        """A small part as a whole; raises WorkbookRefused."""
        return b"".join(self.blocks(name, bytes_max))

    def parse(
        self,
        name: str,
        *,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
        bytes_max: int = _PART_BYTES_MAX,
    ) -> Iterator[None]:
        """Have the handlers hear what stands in a part of XML, block by block; names come without
        their prefixes.

        Yields after each block, so that whoever iterates takes what the handlers have gathered.
        Raises WorkbookRefused.
        """
        parser = XmlParser(name, start=start, end=end, text=text)
        for block in self.blocks(name, bytes_max):
            parser.feed(block)
            yield
        parser.close()
        yield

    def blocks(self, name: str, bytes_max: int = _PART_BYTES_MAX) -> Iterator[bytes]:
        """A part as bytes, block by block. Raises WorkbookRefused."""
        info = self._infos.get(_key(name))
        if info is None:
            raise WorkbookRefused(f"the workbook is incomplete: it has no part {name}")
        if info.flag_bits & 1:
            raise _encrypted()
        size = 0
        try:
            # What the archive says of a size may be wrong, so what is read is counted.
            with closing(self._archive.open(info)) as part:
                while block := part.read(_READ_BYTES):
                    size += len(block)
                    if size > bytes_max:
                        raise WorkbookRefused(
                            f"the part {name} of the workbook has more than {bytes_max:,} bytes",
                            hint="delete what is not needed from the workbook, or save it as CSV",
                        )
                    yield block
        except _DAMAGED as error:
            raise _damaged_part(name, error) from error


class XmlParser:
    """Hears XML that comes in pieces; raises WorkbookRefused for what is none."""

    def __init__(
        self,
        name: str,
        *,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> None:
        self._name = name
        self._fed_bytes = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True

        def first_start(tag: str, attributes: dict[str, str]) -> None:
            """Most parts have no prefixes, and need none taken off at millions of elements."""
            if ":" in tag:
                local = _LocalNames()
                parser.StartElementHandler = lambda tag, found: start(local[tag], found)
                parser.EndElementHandler = lambda tag: end(local[tag])
            else:
                parser.StartElementHandler, parser.EndElementHandler = start, end
            parser.StartElementHandler(tag, attributes)

        parser.StartDoctypeDeclHandler = self._refuse_document_type
        parser.StartElementHandler = first_start
        parser.CharacterDataHandler = text

    def feed(self, block: bytes) -> None:
        """Hear the next bytes."""
        self._parse(block, is_last=False)

    def close(self) -> None:
        """There are no more bytes."""
        self._parse(b"", is_last=True)

    def _parse(self, block: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(block, is_last)
        except expat.ExpatError as error:
            raise _damaged_part(self._name, error) from error
        self._fed_bytes += len(block)
        if self._fed_bytes - self._parser.CurrentByteIndex > _TAG_BYTES_MAX:
            raise WorkbookRefused(
                f"the part {self._name} of the workbook has a tag of more than "
                f"{_TAG_BYTES_MAX:,} bytes",
                hint="save it again in a spreadsheet program, or as CSV",
            )

    def _refuse_document_type(self, *_found: object) -> None:
        raise WorkbookRefused(
            f"the part {self._name} of the workbook declares a document type, which none has",
            hint="save it again in a spreadsheet program, or as CSV",
        )


class _LocalNames(dict[str, str]):
    """Names of elements without their prefixes, each made once."""

    def __missing__(self, tag: str) -> str:
        name = tag.rpartition(":")[2]
        if len(self) < 10_000:  # a file of made-up names keeps no more
            self[tag] = name
        return name


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_compound_file(file: BinaryIO) -> None:
    file.seek(0)
    head = file.read(_OLD_HEAD_BYTES)
    file.seek(0)
    if not head.startswith(_OLD):
        return
    if _ENCRYPTED_STREAM in head:
        raise _encrypted()
    raise WorkbookRefused(
        "this is a workbook of the old format .xls, which is not read",
        hint="save it as .xlsx, or as CSV",
    )


def _encrypted() -> WorkbookRefused:
    return WorkbookRefused(
        "the workbook is encrypted with a password",
        hint="open it in a spreadsheet program and save it without a password",
    )


def _damaged(error: Exception) -> WorkbookRefused:
    return WorkbookRefused(
        f"the workbook cannot be read: {error}", hint="save it again in a spreadsheet program"
    )


def _damaged_part(name: str, error: Exception) -> WorkbookRefused:
    return WorkbookRefused(
        f"the part {name} of the workbook cannot be read: {error}",
        hint="save it again in a spreadsheet program",
    )
