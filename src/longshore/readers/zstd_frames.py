"""Bytes that are compressed with zstd (RFC 8878), unpacked in bounded memory.

Python 3.14 has a decompressor; for older ones the same is in a package that is an extra.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from longshore.readers.unreadable import UnreadableSource

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def unpack_zstd(blocks: Iterable[bytes], block_bytes: int) -> Iterator[bytes]:
    """The content of all frames, in blocks of at most `block_bytes`; raises UnreadableSource.

    A frame that needs more than 128 MiB of what was before is refused: no program makes one that is
    not told to.
    """
    zstd = _library()
    frame = zstd.ZstdDecompressor()
    try:
        for block in blocks:
            data = block
            while True:
                if frame.eof:
                    data = frame.unused_data + data
                    if not data:
                        break
                    frame = zstd.ZstdDecompressor()
                if out := frame.decompress(data, block_bytes):
                    yield out
                data = b""
                if frame.needs_input:
                    break
    except zstd.ZstdError as error:
        raise UnreadableSource(
            f"the zstd data cannot be read: {error}", hint="compress the file again"
        ) from error
    if not frame.eof:
        raise UnreadableSource(
            "the zstd data ends too early", hint="the file was cut off; copy it again"
        )


def _library() -> Any:
    try:
        try:
            from compression import zstd
        except ImportError:
            from backports import zstd
    except ImportError as error:
        raise UnreadableSource(
            "the source is compressed with zstd, and what unpacks that is not installed",
            hint="install longshore with the extra zstd: pip install 'longshore[zstd]', or unpack "
            "the file",
        ) from error
    return zstd
