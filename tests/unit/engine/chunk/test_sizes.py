"""Rows as they were read, cut into chunks."""

from collections.abc import Iterator, Sequence

import pytest

from longshore.engine.chunk.sizes import ChunkSizes, Pace, cut
from longshore.readers import Rows
from longshore.settings import Settings

_ROW_BYTES = 10


def batches(*sizes: int) -> Iterator[Rows]:
    """Rows in batches of these sizes, each row of ten bytes on a line of its own."""
    first = 1
    for size in sizes:
        numbers = range(first, first + size)
        yield Rows(
            first=first,
            lines=[number + 1 for number in numbers],
            offsets=[number * _ROW_BYTES for number in numbers],
            values=[[str(number)] for number in numbers],
            end_line=first + size + 1,
            end_offset=(first + size) * _ROW_BYTES,
        )
        first += size


def sizes(rows_first: int, rows: int, bytes_: int = 1 << 20) -> ChunkSizes:
    return ChunkSizes(rows_first=rows_first, rows=rows, bytes=bytes_)


@pytest.mark.parametrize(
    ("read", "limits", "expected"),
    [
        ((), sizes(5, 10), []),
        ((3,), sizes(5, 10), [3]),
        ((5,), sizes(5, 10), [5]),
        ((25,), sizes(5, 10), [5, 10, 10]),
        ((26,), sizes(5, 10), [5, 10, 10, 1]),
        ((4, 4, 4, 4, 4, 4), sizes(5, 10), [5, 10, 9]),
        ((1, 1, 1), sizes(1, 2), [1, 2]),
        ((7, 7), sizes(100, 100), [14]),
        ((8, 8), sizes(16, 16, 40), [4, 4, 4, 4]),
        ((2, 2, 2), sizes(16, 16, 40), [4, 2]),
        ((3,), sizes(16, 16, 1), [1, 1, 1]),
    ],
)
def test_chunks_are_as_long_as_may_be_however_rows_were_read(
    read: Sequence[int], limits: ChunkSizes, expected: Sequence[int]
) -> None:
    chunks = list(cut(batches(*read), limits))
    assert [len(chunk) for chunk in chunks] == expected

    numbers = [number for chunk in chunks for number in chunk.numbers]
    assert numbers == list(range(1, sum(read) + 1))
    for chunk in chunks:
        assert chunk.values == [[str(number)] for number in chunk.numbers]
        assert list(chunk.lines) == [number + 1 for number in chunk.numbers]
        for index, number in enumerate((*chunk.numbers, chunk.numbers.stop)):
            position = chunk.position(index)
            assert (position.row, position.offset) == (number, number * _ROW_BYTES)


def test_no_more_is_read_than_a_chunk_needs() -> None:
    source = batches(4, 4, 4)
    chunks = cut(source, sizes(5, 10))
    assert len(next(chunks)) == 5
    assert next(source).first == 9


@pytest.mark.parametrize(
    ("settings", "is_embedded", "rows"),
    [
        (Settings(), True, (500, 2000)),
        (Settings(), False, (500, 5000)),
        (Settings(chunk_rows=7), True, (7, 7)),
        (Settings(chunk_rows=7), False, (7, 7)),
        (Settings(chunk_rows_first=3000), True, (2000, 2000)),
    ],
)
def test_the_database_decides_what_the_settings_leave_open(
    settings: Settings, is_embedded: bool, rows: tuple[int, int]
) -> None:
    found = ChunkSizes.of(settings, is_embedded=is_embedded)
    assert (found.rows_first, found.rows) == rows


def test_a_chunk_is_offered_about_what_the_one_before_could_take() -> None:
    pace = Pace()
    assert pace.offer(2000) == 2000
    pace.note(offered=2000, consumed=2000)
    assert pace.offer(2000) == 2000
    pace.note(offered=2000, consumed=80)
    assert pace.offer(1920) == 90
    pace.note(offered=90, consumed=90)
    assert pace.offer(1830) == 112
    assert pace.offer(50) == 50


def test_a_chunk_is_never_offered_so_little_that_the_offers_stop_growing() -> None:
    pace = Pace()
    pace.note(offered=2000, consumed=1)
    assert pace.offer(1999) == 16
    offers = []
    for _ in range(40):
        offers.append(pace.offer(10_000))
        pace.note(offered=offers[-1], consumed=offers[-1])
    assert offers == sorted(offers)
    assert offers[-1] == 10_000


def test_what_is_left_at_the_end_says_nothing_of_how_much_a_chunk_can_take() -> None:
    pace = Pace()
    pace.note(offered=2000, consumed=800)
    pace.note(offered=3, consumed=3)
    assert pace.offer(2000) >= 900
