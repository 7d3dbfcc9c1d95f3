"""Ranges are the same rows, however these come from their source."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.engine.pins.ranges import cut_ranges
from longshore.readers import Rows


def rows_of(sizes: list[int], first: int = 1) -> Rows:
    """Rows of so many bytes, each on a line of its own."""
    offsets = [sum(sizes[:at]) for at in range(len(sizes))]
    return Rows(
        first=first,
        lines=list(range(first, first + len(sizes))),
        offsets=offsets,
        values=[[str(at)] for at in range(first, first + len(sizes))],
        end_line=first + len(sizes),
        end_offset=sum(sizes),
    )


def batches(rows: Rows, lengths: list[int]) -> Iterator[Rows]:
    begin = 0
    for length in lengths:
        if begin < len(rows):
            yield rows.slice(begin, begin + length)
        begin += length
    if begin < len(rows):
        yield rows.slice(begin, len(rows))


def cut(rows: Iterator[Rows], bytes_max: int = 1 << 20) -> list[tuple[int, int]]:
    return [(each.first, len(each)) for each in cut_ranges(rows, bytes_max, range_rows=4)]


@pytest.mark.parametrize(
    ("first", "count", "expected"),
    [
        (1, 0, []),
        (1, 4, [(1, 4)]),
        (1, 9, [(1, 4), (5, 4), (9, 1)]),
        (5, 5, [(5, 4), (9, 1)]),
        (6, 4, [(6, 3), (9, 1)]),  # of a source that begins within a range
    ],
)
def test_rows_are_cut_at_the_same_numbers(
    first: int, count: int, expected: list[tuple[int, int]]
) -> None:
    assert cut(iter([rows_of([10] * count, first)]) if count else iter([])) == expected


def test_a_range_of_many_bytes_comes_in_pieces() -> None:
    assert cut(iter([rows_of([50, 60, 500, 10, 10, 10])]), 100) == [(1, 2), (3, 1), (4, 1), (5, 2)]


@given(
    st.lists(st.integers(1, 200), min_size=1, max_size=20),
    st.lists(st.integers(1, 9), max_size=8),
    st.lists(st.integers(1, 9), max_size=8),
)
def test_batches_do_not_show(sizes: list[int], one: list[int], other: list[int]) -> None:
    rows = rows_of(sizes)
    expected = cut(batches(rows, one), 300)
    assert cut(batches(rows, other), 300) == expected
    assert sum(count for _, count in expected) == len(sizes)
