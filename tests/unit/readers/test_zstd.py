"""Bytes that are compressed with zstd are unpacked like gzip, and refused like it."""

import io
import sys
from typing import Any

import pytest

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from longshore.readers import UnreadableSource, open_blocks

TEXT = b"code,name\n" + b"".join(b"A%d,Mug\n" % number for number in range(20_000))


def unpacked(data: bytes, block_bytes: int = 1 << 20) -> bytes:
    return b"".join(open_blocks(io.BytesIO(data), block_bytes))


@pytest.mark.parametrize("block_bytes", [4, 7, 1000, 1 << 20])
@pytest.mark.parametrize("level", [1, 19])
def test_frames_are_unpacked_however_they_are_cut(block_bytes: int, level: int) -> None:
    text = TEXT[: 200 * block_bytes]
    half = len(text) // 2
    frames = zstd.compress(text[:half], level) + zstd.compress(text[half:], level)
    assert unpacked(frames, block_bytes) == text


def test_blocks_are_no_larger_than_asked_however_much_a_frame_holds() -> None:
    bomb = zstd.compress(bytes(64 << 20))
    assert len(bomb) < 10_000
    sizes = [len(block) for block in open_blocks(io.BytesIO(bomb), 1 << 16)]
    assert max(sizes) <= 1 << 16
    assert sum(sizes) == 64 << 20


def test_what_is_too_large_once_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["longshore.readers.blocks"], "_UNPACKED_BYTES_MAX", 1000)
    with pytest.raises(UnreadableSource, match="more than 1,000 bytes once it is unpacked"):
        unpacked(zstd.compress(bytes(5000)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (zstd.compress(TEXT)[:-1], "ends too early"),
        (zstd.compress(TEXT)[:20], "ends too early"),
        (zstd.compress(TEXT) + b"rest", "cannot be read"),
        (zstd.compress(TEXT)[:50] + b"\xff" * len(TEXT), "cannot be read"),
    ],
)
def test_damage_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableSource, match=message):
        unpacked(data)


def test_a_frame_that_needs_much_memory_is_refused() -> None:
    options: dict[Any, int] = {zstd.CompressionParameter.window_log: 28}
    compressor = zstd.ZstdCompressor(options=options)
    data = compressor.compress(TEXT) + compressor.flush()
    with pytest.raises(UnreadableSource, match="too much memory"):
        unpacked(data)


def test_without_the_extra_the_message_says_which_one(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zstd.compress(TEXT)
    for name in ("backports", "compression"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UnreadableSource, match="is not installed") as refused:
        unpacked(data)
    assert "longshore[zstd]" in str(refused.value.hint)
