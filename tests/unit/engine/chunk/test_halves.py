"""Halving: which rows are tried together, and how often."""

from hypothesis import given
from hypothesis import strategies as st

from longshore.engine.chunk.halves import Halves


def tries(count: int, refused: set[int], most: int) -> list[tuple[int, int]]:
    """What is tried of rows 1 to `count`, of which some are refused; chunks have `most` rows."""
    halves = Halves()
    tried = []
    first = 1
    while first <= count:
        of_chunk = min(most - (first - 1) % most, count + 1 - first)
        offered = halves.offer(first, of_chunk)
        tried.append((first, offered))
        if offered > 1 and not refused.isdisjoint(range(first, first + offered)):
            halves.refused(first, offered)
        else:
            first += offered
    return tried


def test_first_half_is_gone_through_before_the_second() -> None:
    assert tries(8, {3}, 8) == [(1, 8), (1, 4), (1, 2), (3, 2), (3, 1), (4, 1), (5, 4)]


def test_nothing_is_halved_where_nothing_is_refused() -> None:
    assert tries(10, set(), 4) == [(1, 4), (5, 4), (9, 2)]


@given(st.integers(1, 300), st.sets(st.integers(1, 300), max_size=8), st.integers(1, 300))
def test_each_row_is_passed_once_and_tried_few_times(
    count: int, refused: set[int], most: int
) -> None:
    refused = {row for row in refused if row <= count}
    tried = tries(count, refused, most)
    chunks = -(-count // most)
    assert len(tried) <= chunks + 2 * len(refused) * most.bit_length()
    for row in range(1, count + 1):
        assert sum(first <= row < first + rows for first, rows in tried) <= most.bit_length() + 1
