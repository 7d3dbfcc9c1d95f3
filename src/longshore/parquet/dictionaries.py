"""How long the texts of a dictionary are: a page may refer to each of them a million times."""

import struct

from longshore.parquet.thrift import DamagedStruct

# Codecs by their numbers in parquet.thrift, as the library names them.
_CODECS = {0: "", 1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4_raw"}


def longest_text(data: bytes, unpacked_bytes: int, codec: int) -> int:
    """The length of the longest text of a dictionary page whose content this is; all of the page
    where nobody can tell.

    Raises DamagedStruct. Texts stand there with their length in front, in four bytes (Encodings.md
    of the format, PLAIN).
    """
    if codec not in _CODECS:
        return unpacked_bytes
    if _CODECS[codec]:
        data = _unpacked(data, unpacked_bytes, _CODECS[codec])
    longest = place = 0
    try:
        while place < len(data):
            (length,) = struct.unpack_from("<I", data, place)
            longest = max(longest, length)
            place += 4 + length
    except struct.error:
        raise DamagedStruct from None
    return longest


def _unpacked(data: bytes, size: int, codec: str) -> bytes:
    import pyarrow

    try:
        return bytes(pyarrow.Codec(codec).decompress(data, size, asbytes=True))
    except (pyarrow.ArrowException, OSError):
        raise DamagedStruct from None
