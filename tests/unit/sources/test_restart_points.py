"""A gzip member with restart points: what is written, what is read, what is refused."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator

import pytest

from longshore.readers import Position
from longshore.sources.restart_points import (
    POINT_BYTES,
    DamagedMember,
    MemberWriter,
    RestartPoint,
    nearest_point,
    read_member,
)

LINES = [b"SKU%06d,a name of some length\r\n" % number for number in range(100_000)]
RAW = b"".join(LINES)
SHORT = b"code,name\nA,One\n"


class ZlibWriter(MemberWriter):
    """Writes as the releases before 0.2 did."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self._compressor = zlib.compressobj(1, zlib.DEFLATED, 31)  # type: ignore[assignment]


Stored = tuple[bytes, list[RestartPoint]]


@pytest.fixture(scope="module", params=[MemberWriter, ZlibWriter], ids=["written", "of old"])
def stored(request: pytest.FixtureRequest) -> Stored:
    file = io.BytesIO()
    writer: MemberWriter = request.param(file)
    for number, line in enumerate(LINES, 1):
        writer.mark(number, number)
        writer.write(line)
    writer.finish()
    packed = file.getvalue()
    assert (writer.raw_bytes, writer.stored_bytes) == (len(RAW), len(packed))
    return packed, writer.points


def blocks_of(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def read(data: bytes, start: RestartPoint | None = None, offset: int = 0, size: int = 9) -> bytes:
    first = start.stored_offset if start is not None else 0
    return b"".join(read_member(blocks_of(data[first:], size), start, offset))


def written(data: bytes) -> bytes:
    file = io.BytesIO()
    writer = MemberWriter(file)
    writer.write(data)
    writer.finish()
    return file.getvalue()


def test_member_is_what_any_gunzip_takes(stored: Stored) -> None:
    packed, points = stored
    assert gzip.decompress(packed) == RAW
    member = zlib.decompressobj(31)
    assert member.decompress(packed) == RAW
    assert (member.eof, member.unused_data) == (True, b"")
    assert len(points) == len(RAW) // POINT_BYTES


def test_any_gunzip_can_start_at_a_restart_point(stored: Stored) -> None:
    packed, points = stored
    for point in points:
        inflator = zlib.decompressobj(-15)
        assert inflator.decompress(packed[point.stored_offset :]) == RAW[point.position.offset :]


@pytest.mark.parametrize("size", [1, 9, 10, 1 << 18])
def test_member_is_read_from_its_start_however_its_bytes_come(stored: Stored, size: int) -> None:
    assert read(stored[0], size=size) == RAW


@pytest.mark.parametrize("size", [1, 1 << 18])
def test_member_is_read_from_any_offset(stored: Stored, size: int) -> None:
    packed, points = stored
    second = points[1].position.offset
    for offset in (0, 1, POINT_BYTES, second - 1, second, second + 1, len(RAW) - 1, len(RAW)):
        start = nearest_point(points, offset)
        assert read(packed, start, offset, size) == RAW[offset:]


def test_what_is_read_comes_in_bounded_pieces() -> None:
    packed = written(b"\n" * (64 << 20))
    sizes = [len(block) for block in read_member(iter([packed]), None, 0)]
    assert sum(sizes) == 64 << 20
    assert max(sizes) <= 1 << 20


@pytest.mark.parametrize("write", [written, lambda data: gzip.compress(data, 1, mtime=0)])
def test_member_that_was_cut_off_anywhere_is_refused(write: Callable[[bytes], bytes]) -> None:
    packed = write(SHORT)
    for end in range(len(packed)):
        with pytest.raises(DamagedMember):
            read(packed[:end])


def test_member_of_which_one_bit_is_another_is_refused_where_zlib_refuses_it() -> None:
    packed = written(SHORT)
    for index in range(len(packed)):
        for bit in range(8):
            damaged = bytearray(packed)
            damaged[index] ^= 1 << bit
            try:
                is_whole = gzip.decompress(damaged) == SHORT
            except (OSError, EOFError, zlib.error):
                is_whole = False
            if is_whole and index != 3:  # flags, of which ours has none
                assert read(bytes(damaged)) == SHORT
            else:
                with pytest.raises(DamagedMember):
                    read(bytes(damaged))


def test_restart_inside_of_damaged_bytes_is_refused(stored: Stored) -> None:
    packed, points = stored
    start = points[0]
    damaged = packed[: start.stored_offset] + b"\xff" * 100 + packed[start.stored_offset + 100 :]
    with pytest.raises(DamagedMember):
        read(damaged, start, start.position.offset)


def test_position_of_a_restart_point_is_where_its_row_starts(stored: Stored) -> None:
    _, points = stored
    for point in points:
        row = point.position.row
        assert point.position == Position(row, row, (row - 1) * len(LINES[0]))
