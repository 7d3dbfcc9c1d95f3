"""How a mended file of failed rows is read: as the source of its rows is, where it still can be.

The file was written as the source is, and what a program finds out of a few rows may be another
encoding, or other quotes, than whoever imported the source has named. A cell that is read otherwise
than it was written would be taken for one that was mended.
"""

import codecs
from collections.abc import Collection, Iterator
from dataclasses import replace

from longshore.errors import RequestRefused
from longshore.readers import CsvOptions, Format, Layout
from longshore.sources import AttachmentStore, Source, StoredAttachment

_UTF_8 = "utf-8"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # workbooks and archives say all by themselves


def store_mended(
    store: AttachmentStore, source: Source, layout: Layout, known: Collection[str], row_column: str
) -> StoredAttachment:
    """Store a file that can be read again; `layout` is that of the source of its rows, `known` are
    names that columns of the file may have.

    Separator and quotes are those of the source if the file has the column of row numbers then,
    and no unknown one. A file in UTF-8 is read as such, another in the encoding of the source.
    Raises RequestRefused for what cannot be read.
    """

    def write(read_as: Source) -> StoredAttachment:
        return store.write(read_as, is_field=lambda name: name in known)

    if layout.format is not Format.CSV or source.path is None or source.format is not None:
        return write(source)
    encoding = _encoding(source, layout.encoding)
    if encoding is None:
        return write(source)
    source = replace(source, encoding=encoding)
    options = CsvOptions(delimiter=layout.delimiter, quote=layout.quote, escape=layout.escape)
    try:
        stored = write(replace(source, format=Format.CSV, csv=options))
    except RequestRefused:
        return write(source)
    columns = stored.layout.columns
    if row_column in columns and all(each in known for each in columns if each):
        return stored
    return write(source)


def _encoding(source: Source, of_rows: str) -> str | None:
    """The encoding of a file that was written in another one, or has been saved as UTF-8 since;
    None: it says what it is, or is neither."""
    with source.open() as blocks:
        first = next(blocks, b"")
        if first.startswith((*_MARKS, *_PACKED)):
            return None
        is_utf_8 = _decodes(_chained(first, blocks), _UTF_8)
    if is_utf_8:
        return _UTF_8
    with source.open() as blocks:
        return of_rows if _decodes(blocks, of_rows) else None


def _chained(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from blocks


def _decodes(blocks: Iterator[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks:
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
