"""Where the columns of a Parquet file are, as its footer says.

The library knows it as well, but ends the whole process where some of it is damaged.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from longshore.parquet.thrift import CompactReader, DamagedStruct, integer

_TAIL_BYTES = 8  # the length of the footer, and the magic
_FOOTER_BYTES_MAX = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChunk:
    """The values of a column in a row group."""

    codec: int  # a number of parquet.thrift
    start: int
    packed_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Rows that are kept together, column by column."""

    rows_count: int
    columns: Sequence[ColumnChunk]


def read_footer(file: BinaryIO) -> Sequence[RowGroup]:
    """The row groups of a file; raises DamagedStruct."""
    end = file.seek(0, 2) - _TAIL_BYTES
    if end < 0:
        raise DamagedStruct
    file.seek(end)
    (length,) = struct.unpack("<I4x", file.read(_TAIL_BYTES))
    if length > min(end, _FOOTER_BYTES_MAX):
        raise DamagedStruct
    file.seek(end - length)
    try:
        fields = CompactReader(file.read(length)).struct()
    except IndexError:
        raise DamagedStruct from None
    return [
        RowGroup(
            rows_count=integer(group, 3),
            columns=[_chunk(each.get(3)) for each in group.get(1) or ()],
        )
        for group in fields.get(4) or ()
    ]


def _chunk(fields: object) -> ColumnChunk:
    if not isinstance(fields, dict):
        raise DamagedStruct
    # A dictionary stands before the data; some writers give 0 where there is none.
    start = integer(fields, 9)
    dictionary = integer(fields, 11) if 11 in fields else 0
    return ColumnChunk(
        codec=integer(fields, 4),
        start=min(start, dictionary) if dictionary else start,
        packed_bytes=integer(fields, 7),
    )
