"""The size of a change, and the order that follows from it."""

import pytest

from longshore.imports import (
    AMOUNT_CHANGE,
    LARGE_CHANGE,
    ChangeSizes,
    percent_changed,
    size_of_change,
)


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [
        (1000, 1000, 0),
        (1000, 1200, 20),
        (1000, 800, 20),
        (1000, 1201, 21),
        (1000, 799, 21),
        (1000, 0, 100),
        (-1000, 1000, 200),
        (3, 4, 34),
        (10**17, 10**17 + 1, 1),
        (0, 0, 0),
        (0, 1, 10_000),
        (None, 1000, None),
        (1000, None, None),
    ],
)
def test_an_amount_changes_by_so_many_per_cent_rounded_up(before, after, percent):
    assert percent_changed(before, after) == percent


def test_amounts_come_before_fields_and_more_before_less():
    percents = [1, 2, 20, 21, 99, 100, 101, 111, 1_000, 1_001, 1_101, 2_500]
    sizes = [
        *(size_of_change(fields=fields) for fields in (1, 2, 40)),
        *(size_of_change(percent=percent, fields=7) for percent in percents),
    ]
    assert sizes == sorted(set(sizes))
    assert size_of_change(fields=0) == size_of_change(fields=1) > 0
    assert size_of_change(fields=1_000) < AMOUNT_CHANGE == size_of_change(percent=1)
    assert size_of_change(percent=20) < LARGE_CHANGE == size_of_change(percent=21)
    assert size_of_change(percent=10**9) == size_of_change(percent=10_000) == 255


def test_the_largest_come_first_and_those_of_one_size_in_the_order_of_the_file():
    sizes = ChangeSizes([(1, bytes([1, 0, 9])), (1001, bytes([9, 9, 1])), (5001, bytes([200]))])
    ordered = [5001, 3, 1001, 1002, 1, 1003]
    assert sizes.count() == 6
    assert sizes.count(at_least=9) == 4
    for limit in range(1, 8):
        pages = [
            sizes.largest(offset=offset, limit=limit) for offset in range(0, len(ordered), limit)
        ]
        assert [row for page in pages for row in page] == ordered
    assert sizes.largest(at_least=9, offset=2, limit=9) == [1001, 1002]
    assert sizes.largest(offset=6, limit=9) == []
    assert ChangeSizes([]).largest(offset=0, limit=9) == []
