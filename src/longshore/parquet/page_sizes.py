"""How large the pages of a Parquet file are, as their own headers say.

The library that reads a file allocates what a header of a page asks for, and the metadata at the
end of the file need not agree with it. So the headers are read beforehand; their fields are those
of parquet.thrift.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from longshore.parquet.thrift import CompactReader, DamagedStruct, integer

_HEADER_BYTES = 1 << 10  # what is read at once; statistics make a few headers longer
_HEADER_BYTES_MAX = 1 << 20

DICTIONARY_PAGE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetPage:
    """One page of a column chunk."""

    kind: int
    start: int  # of its content, in the file
    packed_bytes: int
    unpacked_bytes: int
    values_count: int  # nulls and elements of lists included
    encoding: int


def pages(file: BinaryIO, start: int, size: int) -> Iterator[ParquetPage]:
    """The pages of the column chunk that begins at `start`; raises DamagedStruct."""
    if start < 0:
        raise DamagedStruct
    end = start + size
    while start < end:
        header, length = _read_header(file, start)
        kind, unpacked, packed = (integer(header, field) for field in (1, 2, 3))
        # Data pages, dictionary pages, data pages of version 2.
        about: Any = next((header[field] for field in (5, 7, 8) if field in header), {})
        if not isinstance(about, dict):
            raise DamagedStruct
        yield ParquetPage(
            kind=kind,
            start=start + length,
            packed_bytes=packed,
            unpacked_bytes=unpacked,
            values_count=integer(about, 1) if about else 0,
            encoding=integer(about, 4 if 8 in header else 2) if about else 0,
        )
        start += length + packed


def _read_header(file: BinaryIO, start: int) -> tuple[dict[int, Any], int]:
    size = _HEADER_BYTES
    while True:
        file.seek(start)
        data = file.read(size)
        try:
            reader = CompactReader(data)
            return reader.struct(), reader.place
        except IndexError:
            if len(data) < size or size >= _HEADER_BYTES_MAX:
                raise DamagedStruct from None
            size = _HEADER_BYTES_MAX
