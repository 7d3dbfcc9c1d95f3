"""What the first pass over a source finds out."""

from dataclasses import dataclass

from longshore.notices import Notice
from longshore.readers.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A source that was read to its end and can be read again, from anywhere."""

    layout: Layout
    rows_count: int
    bytes_count: int  # of the raw source, after decompression
    notices: tuple[Notice, ...]
    reasons: tuple[str, ...] = ()  # why it is read as it is
