"""Whether the cells of a table show that they are guarded against spreadsheets."""

import pytest

from longshore.readers import GuardEvidence


@pytest.mark.parametrize(
    ("rows", "count", "is_certain"),
    [
        ([["A", "'-5"], ["B", "'=1+1"], ["C", "plain"]], 2, True),
        ([["''=1", "'\tx", "'\rx", "'@x", "'+1"]], 5, True),
        ([["A", "plain"], ["B", ""]], 0, False),
        ([["A", "-5"], ["B", "=1"]], 0, False),
        ([["A", "'-5"], ["B", "-6"]], 1, False),  # one of two is no formula
        ([["A", "'-5"], ["B", "'tis"]], 1, False),  # people write apostrophes there
        ([["A", "'tis"]], 0, False),
        ([["A", "'-5'"]], 0, False),  # stands between two
        ([["A", "'-5'"], ["B", "'-6"]], 1, False),
    ],
)
def test_cells_are_guarded_where_nothing_else_can_be_meant(
    rows: list[list[str]], count: int, is_certain: bool
) -> None:
    found = GuardEvidence()
    for line, cells in enumerate(rows, 1):
        found.look(line, cells)
    assert (found.count, found.is_certain) == (count, is_certain)
