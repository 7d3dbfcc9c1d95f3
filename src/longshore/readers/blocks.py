"""Raw bytes in blocks: reading, gunzipping and regrouping them in bounded memory."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from longshore.readers.unreadable import UnreadableSource
from longshore.readers.zstd_frames import ZSTD_MAGIC, unpack_zstd

BLOCK_BYTES = 1 << 20
WINDOW_BYTES = 1 << 18  # rows of a quarter MiB at a time stay in the processor's cache
LONG_BYTES = 2 * WINDOW_BYTES  # a window larger than this had to grow for its first row
RECORD_BYTES_MAX = 32 << 20  # an unclosed quote must not swallow the file into memory

_UNPACKED_BYTES_MAX = 64 << 30
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW_BITS = 31  # zlib manual: 15 bits of window plus 16 for the gzip wrapper


def open_blocks(
    file: BinaryIO,
    block_bytes: int = BLOCK_BYTES,
    on_read: Callable[[int], None] | None = None,
) -> Iterator[bytes]:
    """The bytes of `file` in blocks of at most `block_bytes`, unpacked when they are gzip or zstd.

    `on_read` is told how many bytes of the file itself were read so far. Raises
    UnreadableSource for what is damaged, cut off, or larger than what may be read once it is
    unpacked.
    """
    raw = _read(file, block_bytes, on_read)
    head, raw = peek(raw, len(ZSTD_MAGIC))
    if head.startswith(_GZIP_MAGIC):
        return _bounded(_gunzip(raw, block_bytes))
    if head.startswith(ZSTD_MAGIC):
        return _bounded(unpack_zstd(raw, block_bytes))
    return raw


def peek(blocks: Iterable[bytes], least_bytes: int) -> tuple[bytes, Iterator[bytes]]:
    """The first `least_bytes` bytes or more (fewer only at the end), and all blocks again."""
    rest = iter(blocks)
    head: list[bytes] = []
    size = 0
    while size < least_bytes and (block := next(rest, None)) is not None:
        head.append(block)
        size += len(block)
    joined = b"".join(head)
    return joined, _again(joined, rest)


class Windows:
    """Blocks regrouped: each window is what was not yet used of the last one plus new bytes.

    The result of reading must not depend on how the bytes arrive, so readers only see windows.
    """

    def __init__(self, blocks: Iterable[bytes], window_bytes: int = WINDOW_BYTES) -> None:
        self._blocks = iter(blocks)
        self._window_bytes = window_bytes
        self._unread = b""
        self._unread_start = 0
        self._was_used = False
        self.data = b""
        self.has_ended = False  # no bytes follow `data`

    def grow(self) -> tuple[bytes, bool]:
        """`data` with new bytes added, and whether the source has ended: there were none.

        While nothing is used, because a record is larger than the window, the window doubles, or
        reading the record would take quadratic time. Once the record is read the window is
        small again, for the rows that follow it may be a million times smaller.
        """
        if self._was_used and len(self.data) > WINDOW_BYTES:
            self._unread = self.data + self._unread[self._unread_start :]
            self._unread_start = 0
            self.data = b""
        self._was_used = False
        wanted = self._window_bytes
        if len(self.data) > WINDOW_BYTES:
            wanted = max(wanted, min(len(self.data), RECORD_BYTES_MAX + 1 - len(self.data)))
        fresh = self._take(wanted)
        self.data += fresh
        self.has_ended = not fresh
        return self.data, self.has_ended

    def use(self, count: int) -> None:
        """Drop the first `count` bytes of `data`."""
        if count:
            self.data = self.data[count:]
            self._was_used = True

    def _take(self, wanted: int) -> bytes:
        end = self._unread_start + wanted
        pieces = []
        size = len(self._unread) - self._unread_start
        if size < wanted:
            pieces.append(self._unread[self._unread_start :])
            while size < wanted and (block := next(self._blocks, None)) is not None:
                pieces.append(block)
                size += len(block)
            self._unread = b"".join(pieces)
            self._unread_start = 0
            end = wanted
        taken = self._unread[self._unread_start : end]
        self._unread_start = end
        return taken


def skip(blocks: Iterable[bytes], count: int) -> Iterator[bytes]:
    """The blocks without their first `count` bytes."""
    for block in blocks:
        if count >= len(block):
            count -= len(block)
        elif count:
            yield block[count:]
            count = 0
        else:
            yield block


def _again(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from rest


def _read(
    file: BinaryIO, block_bytes: int, on_read: Callable[[int], None] | None
) -> Iterator[bytes]:
    total = 0
    while block := file.read(block_bytes):
        total += len(block)
        if on_read is not None:
            on_read(total)
        yield block


def _bounded(blocks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        if size > _UNPACKED_BYTES_MAX:
            raise UnreadableSource(
                f"the file has more than {_UNPACKED_BYTES_MAX:,} bytes once it is unpacked"
            )
        yield block


def _gunzip(blocks: Iterable[bytes], block_bytes: int) -> Iterator[bytes]:
    """RFC 1952: a gzip file is a series of members; zeros after the last one are padding."""
    member = zlib.decompressobj(_GZIP_WINDOW_BITS)
    between_members = False
    for block in blocks:
        data = block
        while data:
            if between_members:
                data = data.lstrip(b"\0")
                if not data:
                    break
                member = zlib.decompressobj(_GZIP_WINDOW_BITS)
                between_members = False
            out = _inflate(member, data, block_bytes)
            if out:
                yield out
            between_members = member.eof
            data = member.unused_data if member.eof else member.unconsumed_tail
    while not between_members:
        # Output may be left inside zlib when the input is used up.
        out = _inflate(member, b"", block_bytes)
        if not out:
            break
        yield out
        between_members = member.eof
    if not between_members:
        raise UnreadableSource(
            "the gzip data ends too early", hint="the file was cut off; copy it again"
        )


def _inflate(member: "zlib._Decompress", data: bytes, block_bytes: int) -> bytes:
    try:
        return member.decompress(data, block_bytes)
    except zlib.error as error:
        raise UnreadableSource(
            f"the gzip data is damaged: {error}", hint="compress the file again"
        ) from error
